/** What can have become of an argument before it was used: other places, another scale, some of it lost. */
import { Matrix } from "../matrix";
import type { Claimed, Explanation } from "./claimed";
import type { Answers } from "./matching";
import type { Answered } from "./trial";

/** One thing that may have become of an argument. */
interface InputChange {
  readonly id: string;
  readonly said: (name: string) => string;
  readonly cost: number;
  readonly made: (M: Matrix) => Matrix;
  /** Whether the rules on formulas find it as well, so that it is tried only where there is no formula. */
  readonly byRule?: true;
}

const columnMeans = (M: Matrix) => M.columnSums().scale(1 / M.rows).data;
const keep = (M: Matrix, kept: (i: number, j: number) => boolean) => M.map((x, i, j) => (kept(i, j) ? x : 0));
const decimals = (d: number) => (M: Matrix) => M.map((x) => Number(x.toFixed(d)));

const inputChanges: readonly InputChange[] = [
  {
    id: "read-column-after-column",
    said: (M) =>
      `${M}'s numbers are read in another order: its shape is right, and what lies column after column is taken row after row.`,
    cost: 4,
    made: (M) => new Matrix(M.rows, M.cols, M.T.toMatrix().data),
  },
  {
    id: "rows-reversed",
    said: (M) => `The rows of ${M} are in reverse order.`,
    cost: 4,
    made: (M) => M.map((_, i, j) => M.get(M.rows - 1 - i, j)),
  },
  {
    id: "columns-reversed",
    said: (M) => `The columns of ${M} are in reverse order.`,
    cost: 4,
    made: (M) => M.map((_, i, j) => M.get(i, M.cols - 1 - j)),
  },
  {
    id: "centred",
    said: (M) => `The mean of each column of ${M} is subtracted before it is used.`,
    cost: 4,
    made: (M) => M.map((x, _, j) => x - columnMeans(M)[j]),
  },
  {
    id: "length-1",
    said: (M) => `${M} is divided by its length, the root of the sum of its squares, before it is used.`,
    cost: 4,
    made: (M) => M.scale(1 / M.norm()),
  },
  {
    id: "largest-1",
    said: (M) => `${M} is divided by its largest entry in size before it is used.`,
    cost: 4,
    made: (M) => M.scale(1 / M.data.reduce((max, x) => Math.max(max, Math.abs(x)), 0)),
  },
  {
    id: "every-second",
    said: (M) => `Every second row of ${M} is left out.`,
    cost: 4,
    made: (M) => keep(M, (i) => i % 2 === 0),
  },
  { id: "row-0-lost", said: (M) => `Row 0 of ${M} counts as 0.`, cost: 4, made: (M) => keep(M, (i) => i > 0) },
  {
    id: "last-row-lost",
    said: (M) => `The last row of ${M} counts as 0.`,
    cost: 4,
    made: (M) => keep(M, (i) => i < M.rows - 1),
  },
  { id: "column-0-lost", said: (M) => `Column 0 of ${M} counts as 0.`, cost: 4, made: (M) => keep(M, (_, j) => j > 0) },
  {
    id: "last-column-lost",
    said: (M) => `The last column of ${M} counts as 0.`,
    cost: 4,
    made: (M) => keep(M, (_, j) => j < M.cols - 1),
  },
  {
    id: "on-in-row-0",
    said: (M) => `Only the columns of ${M} count whose entry in row 0 is above 0.`,
    cost: 5,
    made: (M) => keep(M, (_, j) => M.get(0, j) > 0),
  },
  ...[0, 1, 2, 3, 4].map((d) => ({
    id: `rounded-to-${d}`,
    said: (M: string) => `${M} is rounded to ${d === 0 ? "whole numbers" : `${d} decimals`} before it is used.`,
    cost: 4,
    made: decimals(d),
  })),
  {
    id: "single-precision",
    said: (M) => `${M} is in single precision, with about 7 digits.`,
    cost: 4,
    made: (M) => M.map(Math.fround),
  },
  { id: "negated", said: (M) => `The sign of ${M} is the wrong way round.`, cost: 3, made: (M) => M.scale(-1) },
  { id: "doubled", said: (M) => `The same as with twice ${M}.`, cost: 3, made: (M) => M.scale(2), byRule: true },
  {
    id: "absolute",
    said: (M) => `The absolute value of ${M} stands where ${M} itself belongs.`,
    cost: 3,
    made: (M) => M.map(Math.abs),
    byRule: true,
  },
  {
    id: "squared",
    said: (M) => `The square of ${M} stands where ${M} itself belongs.`,
    cost: 3,
    made: (M) => M.map((x) => x * x),
    byRule: true,
  },
  {
    id: "cut",
    said: (M) => `ReLU of ${M} stands where ${M} itself belongs.`,
    cost: 3,
    made: (M) => M.map((x) => Math.max(0, x)),
    byRule: true,
  },
  {
    id: "sign",
    said: (M) => `The sign of ${M} stands where ${M} itself belongs.`,
    cost: 3,
    made: (M) => M.map(Math.sign),
    byRule: true,
  },
  { id: "transposed", said: (M) => `${M} is transposed.`, cost: 3, made: (M) => M.T.toMatrix(), byRule: true },
  {
    id: "rows-one-on",
    said: (M) => `${M} is read one row further on.`,
    cost: 3,
    made: (M) => M.map((_, i, j) => M.get((i + 1) % M.rows, j)),
    byRule: true,
  },
  {
    id: "columns-one-on",
    said: (M) => `${M} is read one column further on.`,
    cost: 3,
    made: (M) => M.map((_, i, j) => M.get(i, (j + 1) % M.cols)),
    byRule: true,
  },
];

/**
 * The arguments that may have been something else, with the right function of what they then were.
 *
 * @param answers of the calls that brought numbers
 */
export function changedInputs(answers: Answers, { formulas, rightOf, scope }: Claimed): Explanation[] {
  const [formula] = formulas;
  const right =
    rightOf ??
    (formula && ((symbols: Answered["symbols"], trial: Answered) => answers.whole(formula, { ...trial, symbols })));
  const [first] = answers.all;
  if (right === undefined || first === undefined) return [];
  const found: Explanation[] = [];
  const look = (
    id: string,
    said: string,
    hint: string,
    cost: number,
    made: (symbols: Answered["symbols"]) => Matrix,
    name: string,
  ) => {
    const explains = answers.explainedBy((trial) => right({ ...trial.symbols, [name]: made(trial.symbols) }, trial));
    if (explains) found.push({ id, said, hint, cost });
  };
  for (const name of scope) {
    const before = first.symbols[name];
    if (before === undefined || before.data.length === 1) continue;
    for (const { id, said, cost, made, byRule } of inputChanges) {
      if (byRule && formula !== undefined) continue;
      look(
        `${name}-${id}`,
        said(name),
        `What is done to ${name} before it is used?`,
        cost,
        (symbols) => made(symbols[name]),
        name,
      );
    }
    if (formula !== undefined) continue;
    for (const other of scope) {
      if (other === name || first.symbols[other]?.shape !== before.shape) continue;
      look(
        `${other}-instead-of-${name}`,
        `${other} stands where ${name} belongs.`,
        `Which matrix is asked for there?`,
        2,
        (symbols) => symbols[other],
        name,
      );
    }
  }
  return found;
}
