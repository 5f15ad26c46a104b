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
    const submission = student === undefined ? found : { ...found, student };
    return { submission, ...readSubmission(submission, masters) };
  });
  const usual = mostCommon(read.flatMap(({ assignment }) => assignment ?? [])) ?? [...masters.keys()][0];
  const entries = oneForEach(read, usual, problems);
  return { entries, problems };
}

type Read = Omit<Entry, "assignment"> & Partial<Pick<Entry, "assignment">>;

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
    return { notebook, assignment: best.count > 0 ? best.name : byName };
  } catch (error) {
    if (!(error instanceof NotANotebook)) throw error;
    return { problem: error.message, assignment: byName };
  }
}

function mostCommon(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

/**
 * Of several notebooks of one student for one assignment one is graded, and the teacher is told: that in the fewest folders,
 * since nobody shall take another's place by giving a folder of their own that name; and then the last by its name.
 */
function oneForEach(read: readonly Read[], usual: string, problems: string[]): Entry[] {
  const chosen = new Map<string, Entry>();
  for (const entry of read) {
    const assignment = entry.assignment ?? usual;
    const key = `${entry.submission.student}\0${assignment}`;
    const before = chosen.get(key);
    const after = { ...entry, assignment };
    const [taken, other] = before && depthOf(before) < depthOf(after) ? [before, after] : [after, before];
    if (other) {
      problems.push(
        `${entry.submission.student} handed in more than one notebook for ${assignment}: ${taken.submission.path} was graded, ${other.submission.path} was not.`,
      );
    }
    chosen.set(key, taken);
  }
  return [...chosen.values()];
}

function depthOf({ submission }: Entry): number {
  return submission.path.split("/").length;
}
