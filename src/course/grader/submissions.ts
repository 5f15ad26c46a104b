/** Finds the submissions in a folder or zip: one notebook a student, a folder a student, or as Moodle, Canvas and Gradescope name them. */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { NotAZip, readZip, zipLimits } from "../zip";
import { ownersOf, type Route } from "./owners";

/** One notebook that was handed in. */
export interface Submission {
  /** Whose it is, as far as names of folders and files tell. */
  readonly student: string;
  /** Tells students apart who have the same name. */
  readonly owner: string;
  /** Whether Canvas says that it came late. */
  readonly late: boolean;
  /** Where it is, for the teacher. */
  readonly path: string;
  readonly data: Uint8Array;
  /** When the file was last changed, in milliseconds of Unix time; archives do not say it in a way that could be relied on. */
  readonly modified?: number;
}

/** The largest file that is read, in bytes. */
const LARGEST = 50e6;

/**
 * All notebooks below a folder or in a zip, sorted by their paths; zips in a folder are looked into.
 *
 * @throws if there is no such file or folder
 */
export function submissionsIn(path: string): { submissions: Submission[]; problems: string[] } {
  const problems: string[] = [];
  const files = filesIn(path, problems);
  const notebooks = files.filter(({ path: name }) => name.endsWith(".ipynb") && !/(^|\/)(\.|__MACOSX)/.test(name));
  const owners = ownersOf(
    notebooks.map(({ route }) => route),
    path.endsWith(".zip"),
  );
  const submissions = notebooks.map(({ route: _, ...file }, k): Submission => {
    const { name: student, key: owner, late } = owners[k];
    return { student, owner, late, ...file };
  });
  submissions.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { submissions, problems };
}

type File = Omit<Submission, "student" | "owner" | "late"> & {
  /** Where it lies, with the archives' own names. */
  readonly route: Route;
};

/** What the archive of a single student may unpack to, in bytes. */
const LARGEST_OF_ONE = 200e6;

function filesIn(path: string, problems: string[]): File[] {
  if (!lstatSync(path).isDirectory()) {
    return path.endsWith(".zip") ? unpacked(path, problems) : [fileAt([basename(path)], readFileSync(path))];
  }
  const found: File[] = [];
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    const full = join(entry.parentPath ?? entry.path, entry.name);
    const name = relative(path, full).split(sep).join("/").normalize("NFC");
    if (entry.isSymbolicLink()) problems.push(`${name} is a symbolic link and was left out.`);
    if (!entry.isFile()) continue;
    const { size, mtimeMs: modified } = lstatSync(full);
    if (size > LARGEST) problems.push(`${name} is larger than ${LARGEST / 1e6} MB and was left out.`);
    else if (name.endsWith(".zip")) found.push(...unpacked(full, problems, name));
    else if (name.endsWith(".ipynb")) found.push({ ...fileAt(name.split("/"), readFileSync(full)), modified });
  }
  return found;
}

/** The notebooks in an archive; `name` is its path, if it lies in a folder of submissions. */
function unpacked(path: string, problems: string[], name?: string): File[] {
  const ofOne = name?.includes("/") ?? false;
  const around = name?.split("/") ?? [];
  const prefix = name === undefined ? "" : `${name.slice(0, -4)}/`;
  try {
    const entries = readZip(readFileSync(path), {
      wanted: (inside) => inside.endsWith(".ipynb"),
      onLeftOut: (inside, why) => problems.push(`${prefix}${inside} ${why} and was left out.`),
      ...(ofOne && { limits: { ...zipLimits, bytes: LARGEST_OF_ONE } }),
    });
    return entries.flatMap(({ path: inside, data }) => {
      if (data.length <= LARGEST) return [fileAt([...around, ...inside.split("/")], data)];
      problems.push(`${prefix}${inside} is larger than ${LARGEST / 1e6} MB and was left out.`);
      return [];
    });
  } catch (error) {
    if (!(error instanceof NotAZip)) throw error;
    problems.push(`${name ?? basename(path)}: ${error.message}`);
    return [];
  }
}

function fileAt(route: Route, data: Uint8Array): File {
  const path = route.map((part, k) => (k < route.length - 1 ? part.replace(/\.zip$/, "") : part)).join("/");
  return { route, path, data };
}
