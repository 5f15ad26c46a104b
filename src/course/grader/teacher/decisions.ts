/** What the teacher has decided beside the checks, in files of theirs. */
import type { Notebook } from "../../notebook";
import type { Entry } from "../entries";
import { ClassList } from "./class-list";
import { type Deadlines, readDeadlines } from "./deadlines";
import { type Marks, readMarks } from "./marks";

/** Where the teacher's files are. */
export interface TeacherFiles {
  /** The marks by hand; see `readMarks`. */
  readonly marks?: string;
  /** The deadlines; see `readDeadlines`. */
  readonly deadlines?: string;
  /** Told of each row that is left out, before anything is graded. */
  readonly onProblem?: (sentence: string) => void;
}

/** What they say. */
export interface Decisions {
  readonly marks: Marks;
  readonly deadlines: Deadlines;
}

/**
 * Reads the teacher's files, or makes those that are named and not there.
 * @throws if one of them is no table with its columns
 */
export function decisionsIn(
  { marks, deadlines, onProblem }: TeacherFiles,
  entries: readonly Entry[],
  masters: ReadonlyMap<string, Notebook>,
): Decisions {
  const list = new ClassList(entries, masters);
  const decisions = { marks: readMarks(marks, list), deadlines: readDeadlines(deadlines, list) };
  for (const problem of [...decisions.marks.problems, ...decisions.deadlines.problems]) onProblem?.(problem);
  return decisions;
}
