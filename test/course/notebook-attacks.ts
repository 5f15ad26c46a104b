/** Hostile notebooks: what is tampered with is not the code but the cells around it. F1 is wrong, F2 and F3 are right. */
import { type Cell, type Notebook, sourceOf } from "../../src/course/notebook";

/** A hostile notebook. */
export interface NotebookAttack {
  readonly cells: (cells: Cell[]) => Cell[];
  /** What is naive about the weakened grader on which it wins. */
  readonly naive: string;
  /** The points that the weakened grader gives. An honest notebook that is wrong in F1 gets 16. */
  readonly points: (notebook: Notebook) => number;
}

const isCheck = ({ metadata }: Cell) => metadata.nbgrader?.grade === true;

/** What becomes of a check when its cell is run, F1 being wrong. */
const passes = (cell: Cell) => !sourceOf(cell).startsWith('assertVerified("F1"');

const pointsOf = (cells: readonly Cell[]) =>
  cells.reduce((sum, { metadata }) => sum + (metadata.nbgrader?.points ?? 0), 0);

/** The points that the teacher gives for the checks. */
const known: Readonly<Record<string, number>> = { F1: 4, F2: 7, F3: 9 };

const idOf = ({ metadata }: Cell) => metadata.nbgrader?.grade_id ?? "";

/** The attacks by what they do. */
export const notebookAttacks: Readonly<Record<string, NotebookAttack>> = {
  "takes away the checks": {
    cells: (cells) => cells.filter((cell) => !isCheck(cell)),
    naive: "it takes away points for checks that fail",
    points: ({ cells }) =>
      cells.filter(isCheck).reduce((left, cell) => (passes(cell) ? left : left - known[idOf(cell)]), 20),
  },
  "writes checks of its own": {
    cells: (cells) => cells.map((cell) => (isCheck(cell) ? { ...cell, source: "4" } : cell)),
    naive: "it runs the notebook's own checks",
    points: ({ cells }) =>
      ["F1", "F2", "F3"]
        .filter((id) => cells.some((cell) => isCheck(cell) && idOf(cell) === id && passes(cell)))
        .reduce((sum, id) => sum + known[id], 0),
  },
  "says that its checks are worth more": {
    cells: (cells) =>
      cells.map((cell) =>
        isCheck(cell)
          ? { ...cell, metadata: { nbgrader: { ...cell.metadata.nbgrader, grade_id: idOf(cell), points: 1000 } } }
          : cell,
      ),
    naive: "it takes the points from the notebook",
    points: ({ cells }) => pointsOf(cells.filter((cell) => isCheck(cell) && passes(cell))),
  },
  "hands in its checks twice": {
    cells: (cells) => [...cells, ...cells.filter(isCheck)],
    naive: "it counts every check that passes",
    points: ({ cells }) =>
      cells.filter((cell) => isCheck(cell) && passes(cell)).reduce((sum, cell) => sum + known[idOf(cell)], 0),
  },
};
