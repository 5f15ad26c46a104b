/** Finds the notebooks that were handed in, in folders and zips, as students and LMSs name them. Reads none of them yet. */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { type ArchivedFile, type Contents, listZip, NotAZip } from "../archive";
import { decoded } from "../encoding";
import { shown } from "./shown";
import { isArchive, isNotebook, type Owner, type Owners, ownersOf, type Route } from "./submitters";

/** One notebook that was handed in. */
export interface Submission extends Pick<Owner, "late" | "order"> {
  /** Whose it is, as far as names of folders and files tell. */
  readonly student: string;
  /** Tells students apart who have the same name. */
  readonly owner: string;
  /** Where it is, for the teacher. */
  readonly path: string;
  /** When the file was last changed, in milliseconds of Unix time; archives do not say it in a way that could be relied on. */
  readonly modified?: number;
  /**
   * The file's contents; read anew each time, so that they need not be kept.
   * @throws NotAZip if it can't be unpacked, and Node's own errors if it can't be read
   */
  readonly read: () => Promise<Buffer>;
}

/** A student of whom nothing can be graded. */
export interface Missing {
  readonly student: string;
  /** A sentence. */
  readonly why: string;
}

/** What was found. */
export interface Submissions {
  /** Sorted by their paths. */
  readonly submissions: readonly Submission[];
  readonly missing: readonly Missing[];
  /** What the teacher should know of the files, as sentences. */
  readonly problems: readonly string[];
}

/** The largest file that is read, in bytes. */
const LARGEST = 50e6;

/** What is unpacked and read of one student, in bytes. */
const LARGEST_OF_ONE = 200e6;

/** How many files an archive may hold; who packs the whole course with its packages has some 40,000. */
const MOST_FILES = 200_000;

/** How many archives, and how many notebooks, are looked at of one student. */
const MOST_OF_ONE = 300;

/**
 * All notebooks below a folder or in a zip. Zips are looked into, and zips in them. What one student hands in is bounded by
 * itself, and costs nobody else anything.
 *
 * @throws if there is no such file or folder
 */
export async function submissionsIn(path: string): Promise<Submissions> {
  const found = new Finds();
  const name = basename(path);
  if (lstatSync(path).isDirectory()) await found.lookIntoFolder(Buffer.from(path), []);
  else if (isArchive(path)) await found.lookIntoZip(() => listZip({ file: path }, MOST_FILES), [], name);
  else if (isNotebook(path)) found.notebooks.push({ route: [name], size: 0, read: async () => readFileSync(path) });
  const isOneArchive = isArchive(path);
  await found.lookIntoInnerArchives(isOneArchive);
  const { owners, without, problems } = found.owners(isOneArchive);
  const submissions = found.notebooks.map(({ route, modified, read }, k): Submission => {
    const { name: student, key: owner, late, order } = owners[k];
    return { student, owner, late, order, path: pathOf(route), modified, read };
  });
  submissions.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const { kept, leftOut } = withinBounds(submissions, new Map(found.notebooks.map(({ read, size }) => [read, size])));
  const missing = without.map(({ name: student, place }) => ({
    student,
    why: `There is no notebook in ${shown(place)}. Ask for the assignment's file, whose name ends with .ipynb.`,
  }));
  missing.sort((a, b) => (a.student < b.student ? -1 : 1));
  return { submissions: kept, missing, problems: [...found.problems, ...leftOut, ...problems] };
}

/** A file that may be read. */
interface File {
  readonly route: Route;
  readonly size: number;
  readonly modified?: number;
  readonly read: () => Promise<Buffer>;
}

/** What was found so far, in no order. */
class Finds {
  readonly notebooks: File[] = [];
  /** Archives in archives. */
  readonly inner: File[] = [];
  /** Files that are no notebooks, and folders and archives, which end with an empty name. */
  readonly others: Route[] = [];
  readonly problems: string[] = [];

  /** Whose the notebooks are; archives that were not looked into yet count as notebooks. */
  owners(inArchive: boolean): Owners {
    const notebooks = [...this.notebooks, ...this.inner.map(({ route }) => ({ route: [...route, ".ipynb"] }))];
    return ownersOf(
      notebooks.map(({ route }) => route),
      this.others,
      inArchive,
    );
  }

  /** @param path as the disk has it, which need not be text */
  async lookIntoFolder(path: Buffer, around: Route): Promise<void> {
    const entries = await this.#tried(pathOf(around), () =>
      readdirSync(path, { withFileTypes: true, encoding: "buffer" as "utf8" }),
    );
    const names = new Set<string>();
    for (const entry of entries ?? []) {
      const bytes = entry.name as unknown as Buffer;
      const full = Buffer.concat([path, Buffer.from("/"), bytes]);
      const name = unusedName(decoded(bytes), names);
      const route = [...around, name];
      if (isHidden(name)) {
        if (entry.isDirectory()) this.others.push([...around, ""]);
      } else if (entry.isSymbolicLink()) this.#tell(route, "is a symbolic link and was left out");
      else if (entry.isDirectory()) {
        this.others.push([...route, ""]);
        await this.lookIntoFolder(full, route);
      } else if (entry.isFile() && isArchive(name)) {
        this.others.push([...route, ""]);
        await this.lookIntoZip(() => listZip({ file: full }, MOST_FILES), route);
      } else if (entry.isFile()) {
        await this.#tried(pathOf(route), () => {
          const { size, mtimeMs: modified } = lstatSync(full);
          this.#add({ route, size, modified, read: async () => readFileSync(full) });
        });
      }
    }
  }

  /**
   * @param name what the teacher is told that it is; its path when left out
   * @param inner reads it anew, if it lies in another
   */
  async lookIntoZip(
    list: () => Promise<Contents>,
    around: Route,
    name = pathOf(around),
    inner?: () => Promise<Buffer>,
  ): Promise<void> {
    const contents = await this.#tried(name, list);
    const routeOf = (path: string) => [...around, ...path.split("/")];
    for (const { path, why } of contents?.leftOut ?? []) {
      if (!routeOf(path).some(isHidden)) this.#tell(routeOf(path), `${why} and was left out`);
    }
    for (const { path, size, read } of contents?.files ?? []) {
      const route = routeOf(path);
      if (route.some(isHidden)) this.others.push([...route.slice(0, route.findIndex(isHidden)), ""]);
      else if (!isArchive(path)) this.#add({ route, size, read: inner ? () => fromInner(inner, path) : read });
      else if (inner) this.#tell(route, "is a zip in a zip in a zip and was left out");
      else {
        this.others.push([...route, ""]);
        this.inner.push({ route, size, read });
      }
    }
  }

  /** Looks into archives that lie in others, within bounds for each student's. */
  async lookIntoInnerArchives(inArchive: boolean): Promise<void> {
    const { owners } = this.owners(inArchive);
    const ofInner = owners.slice(this.notebooks.length);
    const budgets = new Budgets();
    for (const [k, { route, size, read }] of this.inner.splice(0).entries()) {
      const { key, name } = ofInner[k];
      if (!budgets.allow(key, size) || size > LARGEST) this.#tell(route, tooMuch(name, size));
      else await this.lookIntoZip(async () => listZip(await read(), MOST_FILES), route, pathOf(route), read);
    }
  }

  #add(file: File): void {
    if (!isNotebook(file.route[file.route.length - 1])) this.others.push(file.route);
    else if (file.size > LARGEST) {
      this.others.push(file.route);
      this.#tell(file.route, `is larger than ${LARGEST / 1e6} MB and was left out`);
    } else this.notebooks.push(file);
  }

  #tell(route: Route, what: string): void {
    this.problems.push(`${shown(pathOf(route))} ${what}.`);
  }

  /** What could be read, or nothing, after the teacher has been told. */
  async #tried<T>(name: string, read: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      this.problems.push(`${shown(name)}: ${reasonOf(error)}`);
      return undefined;
    }
  }
}

/** Why a file can't be read, as a sentence. */
export function reasonOf(error: unknown): string {
  if (error instanceof NotAZip) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return `It can't be read (${code}).`;
}

/** The archive in an archive that was read last; its files are read one after the other. */
let last: { read: () => Promise<Buffer>; files: Promise<readonly ArchivedFile[]> } | undefined;

async function fromInner(read: () => Promise<Buffer>, path: string): Promise<Buffer> {
  if (last?.read !== read) last = { read, files: read().then(async (b) => (await listZip(b, MOST_FILES)).files) };
  const file = (await last.files).find((one) => one.path === path);
  if (file === undefined) throw new NotAZip("The archive is damaged.");
  return file.read();
}

/** What may still be looked at of each student. */
class Budgets {
  readonly #left = new Map<string, { bytes: number; files: number }>();

  /** Whether one more file is within its owner's bounds. */
  allow(owner: string, size: number): boolean {
    const { bytes, files } = this.#left.get(owner) ?? { bytes: LARGEST_OF_ONE, files: MOST_OF_ONE };
    this.#left.set(owner, { bytes: bytes - size, files: files - 1 });
    return bytes >= size && files >= 1;
  }
}

/** Of each student as much as one may hand in, the smallest files first. */
function withinBounds(submissions: readonly Submission[], sizes: ReadonlyMap<unknown, number>) {
  const sizeOf = ({ read }: Submission) => sizes.get(read) ?? 0;
  const budgets = new Budgets();
  const bySize = [...submissions].sort((a, b) => sizeOf(a) - sizeOf(b));
  const refused = new Set(bySize.filter((one) => !budgets.allow(one.owner, sizeOf(one))));
  return {
    kept: submissions.filter((submission) => !refused.has(submission)),
    leftOut: [...refused].map((one) => `${shown(one.path)} ${tooMuch(one.student, sizeOf(one))}.`).sort(),
  };
}

function tooMuch(student: string, size: number): string {
  if (size > LARGEST) return `is larger than ${LARGEST / 1e6} MB and was left out`;
  return `was left out: all that is looked at of one student, here ${shown(student)}, are ${LARGEST_OF_ONE / 1e6} MB and ${MOST_OF_ONE} files`;
}

/** Names that differ on the disk differ here as well. */
function unusedName(name: string, used: Set<string>): string {
  for (let k = 1; ; k++) {
    const own = k === 1 ? name : `${name} (${k})`;
    if (used.has(own)) continue;
    used.add(own);
    return own;
  }
}

/** Where something lies, for the teacher: archives look like folders. */
function pathOf(route: Route): string {
  return route.map((part, k) => (k < route.length - 1 ? part.replace(/\.zip$/i, "") : part)).join("/");
}

/** Whether a name is one of systems and programs, whose files nobody has handed in. */
function isHidden(name: string): boolean {
  return /^(\.(?!\.$)|__MACOSX)/.test(name);
}
