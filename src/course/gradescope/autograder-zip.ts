/** Makes the autograder that Gradescope runs: one zip with all that grading needs, and without a solution. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { type ArchiveEntry, writeZip } from "../archive";
import { buildHarness } from "../grader";
import { parseNotebook } from "../notebook";
import { projectFiles } from "../release";
import { processFiles } from "../sandbox/sandbox";
import { notebookText, studentVersion } from "../student-version";

/** Files that go into the zip as they are, by their names there. */
const COPIED: Readonly<Record<string, string>> = {
  "setup.sh": "src/course/gradescope/setup.sh",
  run_autograder: "src/course/gradescope/run_autograder",
  "node-requirements.txt": "src/course/gradescope/node-requirements.txt",
  "another-user.py": "src/course/sandbox/another-user.py",
  "data/digits.csv.gz": "data/digits.csv.gz",
  "package.json": "package.json",
  "package-lock.json": "package-lock.json",
};

/**
 * The bytes of the autograder.
 *
 * @param root the project's folder
 * @param assignments the names of those that it grades
 * @param secret what the hidden inputs are drawn from; it goes into the zip
 */
export async function autograderZip(root: string, assignments: readonly string[], secret: string): Promise<Buffer> {
  const read = (path: string): Buffer => readFileSync(join(root, path));
  const harness = await buildHarness(root, join(root, ".build/gradescope"));
  const entries: ArchiveEntry[] = [
    ...Object.entries(COPIED).map(([path, from]) => ({
      path,
      data: read(from),
      executable: path === "setup.sh" || path === "run_autograder",
    })),
    { path: "grader.mjs", data: await grader(root) },
    ...Object.values(processFiles).map((path) => ({ path, data: readFileSync(join(dirname(harness), path)) })),
    { path: "secret", data: Buffer.from(`${secret}\n`) },
    // Students' notebooks are checked against the types of what they import.
    ...projectFiles(root)
      .filter((path) => /^src\/.*\.(ts|json)$/.test(path))
      .map((path) => ({ path, data: read(path) })),
    // The given cells are those of the students' versions, so nobody needs the solutions there.
    ...assignments.map((name) => {
      const notebook = studentVersion(parseNotebook(read(`notebooks/instructor/${name}.ipynb`).toString()));
      return { path: `assignments/${name}.ipynb`, data: Buffer.from(notebookText(notebook)) };
    }),
  ];
  return writeZip(entries.sort((a, b) => (a.path < b.path ? -1 : 1)));
}

/** The program that grades, with the packages in it that are not installed there. */
async function grader(root: string): Promise<Uint8Array> {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: object };
  const { outputFiles } = await build({
    entryPoints: ["src/course/gradescope/autograde.ts"],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    external: [...Object.keys(dependencies), "esbuild"],
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "silent",
  });
  return outputFiles[0].contents;
}
