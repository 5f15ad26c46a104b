/** What is graded: for each student and assignment one notebook, found among the submissions. */
import { createHash } from "node:crypto";
import { exercises } from "../exercises";
import { gradeIdOf, type Notebook, sourceOf } from "../notebook";
import type { FileContents } from "./read-process";
import { shown } from "./shown";
import { type Missing, reasonOf, type Submission, submissionsIn } from "./submissions";

/** A submission, and which assignment it is. What is in it is read again when it is graded. */
export interface Entry {
  readonly submission: Submission;
  readonly assignment: string;
  /** A digest of the file. */
  readonly digest: string;
  /** Why the file is no notebook, as a sentence. */
  readonly problem?: string;
  /** What the student should know of the file, beside what is in it: sentences. */
  readonly notes: readonly string[];
}

/** The entries of a class, and what the teacher should know of the files. */
export interface Entries {
  readonly entries: readonly Entry[];
  readonly missing: readonly Missing[];
  readonly problems: readonly string[];
}

/** Reads files in a process of its own; one after the other, so that one alone is in memory. */
export type ReadFile = (bytes: Uint8Array) => Promise<FileContents>;

/** Where entries are looked for. */
export interface Delivery {
  /** A folder, a zip or a notebook. */
  readonly submissions: string;
  /** The instructor's notebooks by the names of their assignments. */
  readonly masters: ReadonlyMap<string, Notebook>;
  /** Whose all of them are; told by the files' names when left out. */
  readonly student?: string;
  readonly readFile: ReadFile;
}

/**
 * Reads the submissions, one after the other.
 *
 * @throws if there is no such file or folder
 */
export async function entriesIn({ submissions: path, masters, student, readFile }: Delivery): Promise<Entries> {
  const { submissions, missing, problems } = await submissionsIn(path);
  const told = [...problems];
  const read: Read[] = [];
  for (const found of submissions) {
    const submission = student === undefined ? found : { ...found, student, owner: student };
    read.push({ submission, ...(await readSubmission(submission, masters, readFile)) });
  }
  const usual = mostCommon(read.flatMap(({ assignment }) => assignment ?? [])) ?? [...masters.keys()][0];
  const { graded, without } = withoutOthers(read, usual, told);
  const entries = oneForEach(graded, told);
  return {
    entries,
    missing: [...missing, ...without].sort((a, b) => (a.student < b.student ? -1 : 1)),
    problems: told,
  };
}

interface Read extends Omit<Entry, "assignment"> {
  readonly assignment?: string;
  /** Whether what is in it says which assignment it is, rather than its name. */
  readonly sure: boolean;
}

/** What of a submission tells which assignment it is. */
async function readSubmission(
  { path, read }: Submission,
  masters: ReadonlyMap<string, Notebook>,
  readFile: ReadFile,
): Promise<Omit<Read, "submission">> {
  const words = path.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const byName = [...masters.keys()].find((name) => words.includes(name));
  let bytes: Buffer;
  try {
    bytes = await read();
  } catch (error) {
    return { problem: reasonOf(error), digest: "", sure: false, assignment: byName, notes: [] };
  }
  const digest = createHash("sha256").update(bytes).digest("hex");
  const contents = await readFile(bytes);
  if ("problem" in contents) return { problem: contents.problem, digest, sure: false, assignment: byName, notes: [] };
  const assignment = byGradeIds(contents.notebook, masters) ?? byFunctions(contents.notebook, [...masters.keys()]);
  const another = assignment !== undefined && byName !== undefined && byName !== assignment;
  const notes = another
    ? [`By its cells, this is the notebook of ${assignment}, although its name says ${byName}.`]
    : [];
  return { digest, sure: assignment !== undefined, assignment: assignment ?? byName, notes };
}

function byGradeIds({ cells }: Notebook, masters: ReadonlyMap<string, Notebook>): string | undefined {
  const own = new Set(cells.flatMap((cell) => gradeIdOf(cell) ?? []));
  return mostOf([...masters], (master) => master.cells.filter((cell) => own.has(gradeIdOf(cell) ?? "")).length);
}

/** The assignment whose functions are declared in a notebook, if grade ids have been lost on the way. */
function byFunctions({ cells }: Notebook, assignments: readonly string[]): string | undefined {
  const code = cells
    .filter(({ cell_type }) => cell_type === "code")
    .map(sourceOf)
    .join("\n");
  const declared = new Set([...code.matchAll(/\b(?:function|const|let|var)\s+(\w+)/g)].map(([, name]) => name));
  const functions = assignments.map((name) => {
    const own = exercises.filter(({ assignment }) => assignment === name).map(({ functionName }) => functionName);
    return [name, own] as const;
  });
  return mostOf(functions, (own) => own.filter((name) => declared.has(name)).length);
}

function mostOf<T>(list: readonly (readonly [string, T])[], count: (of: T) => number): string | undefined {
  const counts = list.map(([name, of]) => ({ name, count: count(of) }));
  const best = counts.reduce((a, b) => (b.count > a.count ? b : a));
  return best.count > 0 ? best.name : undefined;
}

/**
 * What students hand in beside their assignments, like the course's other notebooks, is not graded: where notebooks of theirs
 * say by what is in them which assignment they are, those that don't, but for files that can't be read and have an
 * assignment's name. A file that can't be read and says nothing is taken for the usual assignment, a notebook that is none
 * of them for nothing. The teacher is told.
 */
function withoutOthers(read: readonly Read[], usual: string, problems: string[]) {
  const known = new Set(read.flatMap(({ submission, sure }) => (sure ? ownerOf(submission) : [])));
  const others = new Map<string, Submission[]>();
  const graded = read.flatMap((one): (Read & Pick<Entry, "assignment">)[] => {
    const { submission, sure, problem } = one;
    const assignment = one.assignment ?? (problem === undefined ? undefined : usual);
    const owner = ownerOf(submission);
    const isNamed = one.assignment !== undefined && (problem !== undefined || !known.has(owner));
    if (assignment !== undefined && (sure || isNamed || !known.has(owner))) return [{ ...one, assignment }];
    others.set(owner, [...(others.get(owner) ?? []), submission]);
    return [];
  });
  const without: Missing[] = [];
  const owners = new Set(graded.map(({ submission }) => ownerOf(submission)));
  for (const [owner, submissions] of others) {
    const paths = submissions.map(({ path }) => shown(path)).join(", ");
    const { student } = submissions[0];
    if (owners.has(owner)) {
      problems.push(
        `${shown(student)} handed in more than assignments; not graded, since no cells of an assignment are in it: ${paths}`,
      );
    } else without.push({ student, why: `No cells, no functions and no name of an assignment are in ${paths}.` });
  }
  return { graded, without };
}

function mostCommon(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

/** Of several notebooks of one student for one assignment one is graded, the `later` one; student and teacher are told. */
function oneForEach(read: readonly (Read & Pick<Entry, "assignment">)[], problems: string[]): Entry[] {
  const groups = new Map<string, (Read & Pick<Entry, "assignment">)[]>();
  for (const entry of read) {
    const key = `${ownerOf(entry.submission)}\0${entry.assignment}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const chosen = [...groups.values()].map((group): Entry => {
    const [taken, ...others] = [...group].sort((a, b) => (isLater(a, b) ? -1 : 1));
    if (others.length === 0) return taken;
    const { student, path } = taken.submission;
    const left = others.map(({ submission }) => shown(submission.path)).join(", ");
    const which = `${shown(path)} was graded, ${left} ${others.length === 1 ? "was" : "were"} not`;
    problems.push(`${shown(student)} handed in more than one notebook for ${taken.assignment}: ${which}.`);
    return { ...taken, notes: [...taken.notes, `More than one notebook was handed in: ${which}.`] };
  });
  return namesakesApart(chosen, problems);
}

/**
 * Which of two notebooks counts: one that says by what is in it which assignment it is; one with the larger number or time of
 * the LMS; that in fewer folders, since what lies deeper is more likely an old copy; the copy with the larger number, since a
 * second download or upload is named so; one with the assignment's exact name; the last by its name.
 */
function isLater(a: Read, b: Read): boolean {
  const [x, y] = [a, b].map(({ sure, assignment, submission: { path, order = 0 } }) => {
    const name = path.split("/").at(-1) ?? "";
    return [
      Number(sure),
      order,
      -path.split("/").length,
      copyNumber(name),
      Number(name === `${assignment}.ipynb`),
      path,
    ];
  });
  const k = x.findIndex((value, place) => value !== y[place]);
  return k >= 0 && x[k] > y[k];
}

/** Which copy a file is, by the names that browsers, LMSs and systems give: `a (1)`, `a-1`, `a-Copy1`, `Copy of a`. */
function copyNumber(name: string): number {
  const plain = name.replace(/(\.[a-z]+)+$/i, "");
  const found =
    / \((\d+)\)$|-(\d+)$|-Copy(\d*)$|^Copy of |^(?:.* )?(?:Copy|copy)(?: (\d+))?$| - Copy(?: \((\d+)\))?$/.exec(plain);
  return found ? Number(found.slice(1).find((digits) => digits) ?? 1) : 0;
}

/** Of entries of different owners with one name and one assignment each gets a name of its own. */
function namesakesApart(entries: readonly Entry[], problems: string[]): Entry[] {
  const titleOf = ({ submission: { student }, assignment }: Entry) => `${student}\0${assignment}`;
  const counts = new Map<string, number>();
  for (const entry of entries) counts.set(titleOf(entry), (counts.get(titleOf(entry)) ?? 0) + 1);
  return entries.map((entry) => {
    if (counts.get(titleOf(entry)) === 1) return entry;
    const { submission } = entry;
    const student = `${submission.student} (${submission.path})`;
    problems.push(
      `${shown(submission.path)} is one of several that ${shown(submission.student)} may have handed in; all are graded.`,
    );
    return { ...entry, submission: { ...submission, student } };
  });
}

/** Tells apart whose submissions are, also where two have one name. */
function ownerOf({ student, owner }: Submission): string {
  return `${student}\0${owner}`;
}
