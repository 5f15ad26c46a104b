/** Finds the submissions in a folder or zip: one notebook a student, a folder a student, or as Moodle, Canvas and Gradescope name them. */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { NotAZip, readZip, zipLimits } from "../zip";
import { isArchive, isNotebook, ownersOf, type Route } from "./submitters";

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

/** What a student's archives may unpack to, in bytes. */
const LARGEST_OF_ONE = 200e6;

/**
 * All notebooks below a folder or in a zip, sorted by their paths. Zips are looked into, and zips in them. Of students in whose
 * folder or zip no notebook is, the problems tell.
 *
 * @throws if there is no such file or folder
 */
export function submissionsIn(path: string): { submissions: Submission[]; problems: string[] } {
  const found: Found = { notebooks: [], others: [], problems: [] };
  if (lstatSync(path).isDirectory()) lookIntoFolder(path, found);
  else if (isArchive(path)) lookIntoArchive(readFileSync(path), [], found, { name: basename(path) });
  else if (isNotebook(path)) found.notebooks.push({ route: [basename(path)], data: readFileSync(path) });
  const notebooks = found.notebooks.filter(({ route }) => !isHidden(route));
  const others = found.others.filter((route) => !isHidden(route));
  const { owners, without } = ownersOf(
    notebooks.map(({ route }) => route),
    others,
    isArchive(path),
  );
  const submissions = notebooks.map(({ route, ...file }, k): Submission => {
    const { name: student, key: owner, late } = owners[k];
    return { student, owner, late, path: pathOf(route), ...file };
  });
  submissions.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const missing = without.map(
    ({ name, place }) =>
      `${name} handed in no notebook: there is none in ${place}. Ask for the assignment's file, whose name ends with .ipynb.`,
  );
  return { submissions, problems: [...found.problems, ...missing.sort()] };
}

/** What was found, in no order. */
interface Found {
  readonly notebooks: { readonly route: Route; readonly data: Uint8Array; readonly modified?: number }[];
  /** Files that are no notebooks, and folders and archives, which end with an empty name. */
  readonly others: Route[];
  readonly problems: string[];
}

function lookIntoFolder(path: string, found: Found): void {
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    const full = join(entry.parentPath ?? entry.path, entry.name);
    const name = relative(path, full).split(sep).join("/").normalize("NFC");
    const route = name.split("/");
    if (entry.isSymbolicLink()) found.problems.push(`${name} is a symbolic link and was left out.`);
    if (entry.isDirectory()) found.others.push([...route, ""]);
    if (!entry.isFile()) continue;
    const { size, mtimeMs: modified } = lstatSync(full);
    if (size > LARGEST) found.problems.push(`${name} is larger than ${LARGEST / 1e6} MB and was left out.`);
    else if (isArchive(name)) lookIntoArchive(readFileSync(full), route, found);
    else if (isNotebook(name)) found.notebooks.push({ route, data: readFileSync(full), modified });
    if (size > LARGEST || !isNotebook(name)) found.others.push(isArchive(name) ? [...route, ""] : route);
  }
}

/** How an archive is looked into. */
interface Archive {
  /** What the teacher is told that it is; its path when left out. */
  readonly name?: string;
  /** What it may unpack to; that of a class when left out, and of one student if it lies in a folder. */
  readonly bytes?: number;
  /** Whether it lies in another archive: archives in it are not looked into. */
  readonly inner?: boolean;
}

/**
 * Looks into an archive, and then into those in it, one after the other: what lies in one costs the others nothing.
 *
 * @param around where it lies, with its own name; nothing if it is all that was handed in
 * @returns how many bytes were unpacked
 */
function lookIntoArchive(archive: Buffer, around: Route, found: Found, { name, bytes, inner }: Archive = {}): number {
  const { notebooks, others, problems } = found;
  const most = bytes ?? (around.length > 1 ? LARGEST_OF_ONE : zipLimits.bytes);
  let left = most;
  const routeOf = (inside: string) => [...around, ...inside.split("/")];
  const onLeftOut = (inside: string, why: string) =>
    problems.push(`${pathOf(routeOf(inside))} ${why} and was left out.`);
  const archives = new Set<string>();
  const wanted = (inside: string) => {
    if (isNotebook(inside)) return true;
    others.push(isArchive(inside) ? [...routeOf(inside), ""] : routeOf(inside));
    if (isArchive(inside) && !isHidden(routeOf(inside))) archives.add(inside);
    return false;
  };
  orTold(name ?? around.join("/"), problems, () => {
    for (const { path, data } of readZip(archive, { wanted, onLeftOut, limits: { ...zipLimits, bytes: most } })) {
      left -= data.length;
      if (data.length > LARGEST) onLeftOut(path, `is larger than ${LARGEST / 1e6} MB`);
      else notebooks.push({ route: routeOf(path), data });
    }
  });
  for (const path of archives) {
    if (inner) onLeftOut(path, "is a zip in a zip in a zip");
    else {
      orTold(routeOf(path).join("/"), problems, () => {
        const limits = { ...zipLimits, bytes: LARGEST };
        for (const { data } of readZip(archive, { wanted: (other) => other === path, onLeftOut, limits })) {
          const own = { bytes: Math.min(left, LARGEST_OF_ONE), inner: true };
          left -= lookIntoArchive(Buffer.from(data), routeOf(path), found, own);
        }
      });
    }
  }
  return most - left;
}

/** Reads an archive, or says that it can't be read. */
function orTold(name: string, problems: string[], read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof NotAZip)) throw error;
    problems.push(`${name}: ${error.message}`);
  }
}

/** Where something lies, for the teacher: archives look like folders. */
function pathOf(route: Route): string {
  return route.map((part, k) => (k < route.length - 1 ? part.replace(/\.zip$/i, "") : part)).join("/");
}

/** Files of systems and programs, which nobody has handed in. */
function isHidden(route: Route): boolean {
  return route.some((part) => /^(\.|__MACOSX)/.test(part));
}
