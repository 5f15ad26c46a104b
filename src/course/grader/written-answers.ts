/** What students have written in answer to the questions that a person reads. */
import { type Cell, gradeIdOf, type Notebook, sourceOf, writtenQuestions } from "../notebook";
import { WRITTEN_STUB } from "../student-version";

/** An answer that a person reads. */
export interface GivenAnswer {
  readonly id: string;
  readonly points: number;
  /** What the student wrote; empty if nothing. */
  readonly answer: string;
}

/** More of an answer than this is not shown. */
const LONGEST_ANSWER = 20_000;

/** The answers in a notebook, one for each question of the instructor's. */
export function writtenAnswers(notebook: Notebook | undefined, master: Notebook): GivenAnswer[] {
  const given = new Set(master.cells.map((cell) => textOf(cell)));
  return writtenQuestions(master).map(({ id, points }) => {
    const cells = notebook?.cells ?? [];
    const at = cells.findIndex((cell) => gradeIdOf(cell) === id);
    const own = at < 0 ? "" : textOf(cells[at]);
    const unanswered = at >= 0 && (own === "" || own === WRITTEN_STUB);
    const text = unanswered ? writtenBelow(cells.slice(at + 1), given) : own;
    return { id, points, answer: text.slice(0, LONGEST_ANSWER) };
  });
}

/** What stands in markdown cells up to the next that is given; some leave the answer's cell as it is and add their own. */
function writtenBelow(cells: readonly Cell[], given: ReadonlySet<string>): string {
  const end = cells.findIndex((cell) => gradeIdOf(cell) !== undefined || given.has(textOf(cell)));
  return cells
    .slice(0, end < 0 ? cells.length : end)
    .filter(({ cell_type }) => cell_type === "markdown")
    .map(textOf)
    .join("\n\n");
}

function textOf(cell: Cell): string {
  return sourceOf(cell).trim();
}
