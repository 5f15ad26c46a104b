/** `npm run release`: the students' notebooks, and the project as students get it. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../setup/whole-file.mjs";
import { writeZip } from "./archive";
import { parseNotebook } from "./notebook";
import { notebookText, studentVersion } from "./student-version";

/** Where the one source of the assignments is, and where the students' versions go. */
export const folders = { instructor: "notebooks/instructor", assignments: "notebooks/assignments" } as const;

/** What students do not get: the solutions, and the tests that have them. */
const WITHHELD = [`${folders.instructor}/`, "test/course/", "test/hub/"];

/** Where the students' zip goes. */
export const studentZip = ".build/students/backprop-by-hand.zip";

/**
 * The text of each student version, by its path from the project's root.
 *
 * @param root the project's folder
 * @throws if the instructor's notebooks can't be read, one of them is no notebook, or `studentVersion` can't tell its solutions
 */
export function studentNotebooks(root: string): Map<string, string> {
  const names = readdirSync(join(root, folders.instructor)).filter((name) => name.endsWith(".ipynb"));
  return new Map(
    names.sort().map((name) => {
      const notebook = parseNotebook(readFileSync(join(root, folders.instructor, name), "utf8"));
      return [`${folders.assignments}/${name}`, notebookText(studentVersion(notebook))];
    }),
  );
}

/**
 * Writes the students' notebooks and zip.
 *
 * @param root the project's folder
 * @returns a line for each file that was written
 * @throws as `studentNotebooks` and `projectFiles`, and if a file can't be written
 */
export async function release(root: string): Promise<string[]> {
  const notebooks = studentNotebooks(root);
  for (const [path, text] of notebooks) writeWhole(join(root, path), text);
  const files = projectFiles(root).filter((path) => !WITHHELD.some((folder) => path.startsWith(folder)));
  const entries = [...new Set([...files, ...notebooks.keys()])].sort().map((path) => ({
    path: `backprop-by-hand/${path}`,
    data: readFileSync(join(root, path)),
    executable: (statSync(join(root, path)).mode & 0o100) !== 0,
  }));
  writeWhole(join(root, studentZip), await writeZip(entries));
  return [...notebooks.keys(), `${studentZip} (${entries.length} files)`];
}

/**
 * The project's own files: those that git knows or would take.
 *
 * @param root the project's folder
 * @returns their paths from there
 * @throws if git is not installed, or `root` is not in a git repository
 */
export function projectFiles(root: string): string[] {
  const git = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  if (git.status !== 0) throw new Error(`release: git could not list the project's files: ${git.stderr}`);
  return git.stdout.split("\0").filter((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile());
}
