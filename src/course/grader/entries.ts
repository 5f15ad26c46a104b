/** What is graded: for each student and assignment one notebook, found among the submissions. */
import { gradeIdOf, NotANotebook, type Notebook, parseNotebook } from "../notebook";
import { type Submission, submissionsIn } from "./submissions";

/** A submission, which assignment it is, and what was read in it. */
export interface Entry {
  readonly submission: Submission;
  readonly assignment: string;
  /** The notebook, if the file is one. */
  readonly notebook?: Notebook;
  /** Why it is none, as a sentence. */
  readonly problem?: string;
}

/** The entries of a class, and what the teacher should know of the files. */
export interface Entries {
  readonly entries: readonly Entry[];
  readonly problems: readonly string[];
}

/**
 * Reads the submissions.
 *
 * @param path a folder, a zip or a notebook
 * @param masters the instructor's notebooks by the names of their assignments
 * @param student whose all of them are; told by the files' names when left out
 * @throws if there is no such file or folder
 */
export function entriesIn(path: string, masters: ReadonlyMap<string, Notebook>, student?: string): Entries {
  const { submissions, problems } = submissionsIn(path);
  const read = submissions.map((found) => {
    const submission = student === undefined ? found : { ...found, student, owner: student };
    return { submission, ...readSubmission(submission, masters) };
  });
  const graded = withoutOthers(read, problems);
  const usual = mostCommon(graded.flatMap(({ assignment }) => assignment ?? [])) ?? [...masters.keys()][0];
  const entries = oneForEach(graded, usual, problems);
  return { entries, problems };
}

type Read = Omit<Entry, "assignment"> &
  Partial<Pick<Entry, "assignment">> & {
    /** Whether grade ids in it say which assignment it is. */
    readonly sure: boolean;
  };

/** The notebook of a submission, and which assignment it is. */
function readSubmission({ path, data }: Submission, masters: ReadonlyMap<string, Notebook>): Omit<Read, "submission"> {
  const byName = [...masters.keys()].find((name) => path.toLowerCase().includes(name));
  try {
    const notebook = parseNotebook(Buffer.from(data).toString("utf8"));
    const own = new Set(notebook.cells.flatMap((cell) => gradeIdOf(cell) ?? []));
    const shared = [...masters].map(([name, { cells }]) => ({
      name,
      count: cells.filter((cell) => own.has(gradeIdOf(cell) ?? "")).length,
    }));
    const best = shared.reduce((a, b) => (b.count > a.count ? b : a));
    const sure = best.count > 0;
    return { notebook, sure, assignment: sure ? best.name : byName };
  } catch (error) {
    if (!(error instanceof NotANotebook)) throw error;
    return { problem: error.message, sure: false, assignment: byName };
  }
}

/**
 * What students hand in beside their assignments, like the course's other notebooks, is not graded: where notebooks of theirs
 * have grade ids, those without, and files that neither can be read nor have an assignment's name. The teacher is told.
 */
function withoutOthers(read: readonly Read[], problems: string[]): Read[] {
  const known = new Set(read.flatMap(({ submission, sure }) => (sure ? ownerOf(submission) : [])));
  const others = new Map<string, Submission[]>();
  const kept = read.filter(({ submission, sure, assignment, notebook }) => {
    const owner = ownerOf(submission);
    const cutOff = notebook === undefined && assignment !== undefined;
    if (sure || cutOff || !known.has(owner)) return true;
    others.set(owner, [...(others.get(owner) ?? []), submission]);
    return false;
  });
  for (const submissions of others.values()) {
    const paths = submissions.map(({ path }) => path).join(", ");
    problems.push(
      `${submissions[0].student} handed in more than assignments; not graded, since no grade ids of an assignment are in it: ${paths}`,
    );
  }
  return kept;
}

function mostCommon(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

/**
 * Of several notebooks of one student for one assignment one is graded, and the teacher is told: one with grade ids; that in
 * the fewest folders, since what lies deeper is more likely a copy; and then the last by its name. Notebooks of several owners
 * who have one name are all graded.
 */
function oneForEach(read: readonly Read[], usual: string, problems: string[]): Entry[] {
  const chosen = new Map<string, Entry & Read>();
  for (const entry of read) {
    const assignment = entry.assignment ?? usual;
    const { student } = entry.submission;
    const key = `${ownerOf(entry.submission)}\0${assignment}`;
    const before = chosen.get(key);
    const after = { ...entry, assignment };
    const stays = before && (before.sure === after.sure ? depthOf(before) < depthOf(after) : before.sure);
    const [taken, other] = stays ? [before, after] : [after, before];
    if (other) {
      problems.push(
        `${student} handed in more than one notebook for ${assignment}: ${taken.submission.path} was graded, ${other.submission.path} was not.`,
      );
    }
    chosen.set(key, taken);
  }
  return namesakesApart([...chosen.values()], problems);
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
      `${submission.path} is one of several that ${submission.student} may have handed in; all are graded.`,
    );
    return { ...entry, submission: { ...submission, student } };
  });
}

/** Tells apart whose submissions are, also where two have one name. */
function ownerOf({ student, owner }: Submission): string {
  return `${student}\0${owner}`;
}

function depthOf({ submission }: Entry): number {
  return submission.path.split("/").length;
}
