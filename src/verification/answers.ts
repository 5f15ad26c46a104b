/** What can become of a right answer afterwards: other places, a factor, a missing row, a cut, other digits. */
import { Matrix } from "../matrix";
import type { Claimed, Explanation } from "./claimed";
import type { Answers } from "./matching";
import { figure } from "./number-text";
import { recognised } from "./recognise";
import type { Answered } from "./trial";

/** One thing that may have become of the right answer. */
interface AnswerChange {
  readonly id: string;
  readonly said: string;
  readonly hint: string;
  readonly cost: number;
  readonly apply: (right: Matrix, trial: Answered) => Matrix;
}

/**
 * What the answers are, seen from the right ones.
 *
 * @param claimed what is looked through: its scope and its result
 */
export function answerChanges(answers: Answers, { result, scope }: Claimed): Explanation[] {
  const found: Explanation[] = [];
  for (const change of fixedChanges) {
    // What is divided by something small shows the rounding of what it was made of.
    const divides = change.id.startsWith("normalised");
    const value = (trial: Answered) => (divides && isTiny(trial) ? trial.got : change.apply(trial.right, trial));
    if (answers.explainedBy(value)) found.push(change);
  }
  return [...found, ...factorOf(answers), ...cuts(answers), ...added(answers, scope), ...strides(answers, result)];
}

/** Whether a row of the right answer has hardly a digit of its own. */
function isTiny({ right, slack }: Answered): boolean {
  return right.toRows().some((row) => Math.max(...row.map(Math.abs)) < 1e4 * slack + 1e-9);
}

const keepRow = (keep: (i: number, rows: number) => boolean) => (M: Matrix) =>
  M.map((x, i) => (keep(i, M.rows) ? x : 0));
const keepColumn = (keep: (j: number, cols: number) => boolean) => (M: Matrix) =>
  M.map((x, _, j) => (keep(j, M.cols) ? x : 0));
const isFlat = "Where in data does entry [1, 0] belong?";
const ends = "Where does your loop start, and where does it end?";
const sumOf = (M: Matrix) => M.data.reduce((total, x) => total + x, 0);

const fixedChanges: readonly AnswerChange[] = [
  {
    id: "result-transposed",
    said: "The numbers are right and lie the wrong way: the result is transposed.",
    hint: "A gradient has the shape of what it is the gradient of; one row of a result is one sample.",
    cost: 1,
    apply: (M) => M.T.toMatrix(),
  },
  {
    id: "result-flat-transposed",
    said: "The numbers are right and lie in the wrong places: they are written column after column.",
    hint: isFlat,
    cost: 3,
    apply: (M) => new Matrix(M.rows, M.cols, M.T.toMatrix().data),
  },
  {
    id: "result-reshaped",
    said: "The numbers are right, in the right order, and the shape is turned: reshaped, not transposed.",
    hint: "Which shape should the result have?",
    cost: 3,
    apply: (M) => new Matrix(M.cols, M.rows, M.data.slice()),
  },
  {
    id: "row-0-missing",
    said: "Row 0 is 0 and the rest is right: where does the loop start?",
    hint: ends,
    cost: 2,
    apply: keepRow((i) => i > 0),
  },
  {
    id: "last-row-missing",
    said: "The last row is 0 and the rest is right: does the loop end too early?",
    hint: ends,
    cost: 2,
    apply: keepRow((i, rows) => i < rows - 1),
  },
  {
    id: "first-row-only",
    said: "Row 0 is right and all others are 0: does the loop end too early?",
    hint: "A `return` or `break` inside a loop ends it.",
    cost: 2,
    apply: keepRow((i) => i === 0),
  },
  {
    id: "last-row-only",
    said: "The last row is right and all others are 0.",
    hint: "Is each row written into its own place?",
    cost: 3,
    apply: keepRow((i, rows) => i === rows - 1),
  },
  {
    id: "column-0-missing",
    said: "Column 0 is 0 and the rest is right: where does the inner loop start?",
    hint: ends,
    cost: 2,
    apply: keepColumn((j) => j > 0),
  },
  {
    id: "last-column-missing",
    said: "The last column is 0 and the rest is right: does the inner loop end too early?",
    hint: ends,
    cost: 2,
    apply: keepColumn((j, cols) => j < cols - 1),
  },
  {
    id: "first-column-only",
    said: "Column 0 is right and all others are 0: does the inner loop end too early?",
    hint: "A `return` or `break` inside a loop ends it.",
    cost: 2,
    apply: keepColumn((j) => j === 0),
  },
  {
    id: "first-entry-only",
    said: "Entry [0, 0] is right and all others are 0.",
    hint: "A `return` or `break` inside a loop ends it.",
    cost: 2,
    apply: (M) => M.map((x, i, j) => (i + j === 0 ? x : 0)),
  },
  {
    id: "row-0-everywhere",
    said: "Row 0 is right, and every other row is the same.",
    hint: "Does the index of the row move with your loop?",
    cost: 3,
    apply: (M) => M.map((_, __, j) => M.get(0, j)),
  },
  {
    id: "last-row-everywhere",
    said: "The last row is right, and every other row is the same.",
    hint: "Do all rows share one array?",
    cost: 3,
    apply: (M) => M.map((_, __, j) => M.get(M.rows - 1, j)),
  },
  {
    id: "rows-one-on",
    said: "Each row holds the answer of the next one.",
    hint: "Which row does your loop write to?",
    cost: 3,
    apply: (M) => M.map((_, i, j) => M.get((i + 1) % M.rows, j)),
  },
  {
    id: "rows-one-back",
    said: "Each row holds the answer of the one before.",
    hint: "Which row does your loop write to?",
    cost: 3,
    apply: (M) => M.map((_, i, j) => M.get((i + M.rows - 1) % M.rows, j)),
  },
  {
    id: "rows-reversed",
    said: "The rows are right and in reverse order.",
    hint: "Which row does your loop write to?",
    cost: 3,
    apply: (M) => M.map((_, i, j) => M.get(M.rows - 1 - i, j)),
  },
  {
    id: "columns-one-on",
    said: "Each column holds the answer of the next one.",
    hint: "Which column does your loop write to?",
    cost: 3,
    apply: (M) => M.map((_, i, j) => M.get(i, (j + 1) % M.cols)),
  },
  {
    id: "columns-reversed",
    said: "The columns are right and in reverse order.",
    hint: "Which column does your loop write to?",
    cost: 3,
    apply: (M) => M.map((_, i, j) => M.get(i, M.cols - 1 - j)),
  },
  {
    id: "running-sum",
    said: "Each number has the ones before it added to it: a sum runs on from entry to entry.",
    hint: "Where is your sum set back to 0?",
    cost: 2,
    apply: (M) => running(M, () => false),
  },
  {
    id: "running-sum-in-rows",
    said: "Each number has the ones before it in its row added to it: a sum runs on along the row.",
    hint: "Where is your sum set back to 0?",
    cost: 2,
    apply: (M) => running(M, (k) => k % M.cols === 0),
  },
  {
    id: "running-sum-in-columns",
    said: "Each number has the ones above it added to it: a sum runs on down the columns.",
    hint: "Where is your sum set back to 0?",
    cost: 2,
    apply: (M) => running(M.T.toMatrix(), (k) => k % M.rows === 0).T.toMatrix(),
  },
  {
    id: "absolute",
    said: "The sizes are right, and nothing is negative: the same as the absolute value of the right answer.",
    hint: "Which sign should an entry have, and where does yours lose it?",
    cost: 2,
    apply: (M) => M.map(Math.abs),
  },
  {
    id: "negative-cut",
    said: "What should be negative is 0: the same as ReLU of the right answer.",
    hint: "May the result be negative?",
    cost: 2,
    apply: (M) => M.map((x) => Math.max(0, x)),
  },
  {
    id: "positive-cut",
    said: "What should be positive is 0, and the rest is right.",
    hint: "May the result be positive?",
    cost: 2,
    apply: (M) => M.map((x) => Math.min(0, x)),
  },
  {
    id: "squared",
    said: "The same as the square of the right answer.",
    hint: "What is done to the result at the end?",
    cost: 2,
    apply: (M) => M.map((x) => x * x),
  },
  {
    id: "sign-only",
    said: "Only the sign of the right answer is left.",
    hint: "How large should the numbers be?",
    cost: 2,
    apply: (M) => M.map(Math.sign),
  },
  {
    id: "diagonal-only",
    said: "Only the diagonal is there, and it is right.",
    hint: "What belongs in the entries with j ≠ k?",
    cost: 2,
    apply: (M) => M.map((x, i, j) => (i === j ? x : 0)),
  },
  {
    id: "diagonal-missing",
    said: "The diagonal is 0 and the rest is right.",
    hint: "What belongs in the entries with j = k?",
    cost: 2,
    apply: (M) => M.map((x, i, j) => (i === j ? 0 : x)),
  },
  {
    id: "plus-off-the-diagonal",
    said: "The diagonal is right, and the sign off it is the wrong way round.",
    hint: "What should the columns sum to?",
    cost: 2,
    apply: (M) => M.map((x, i, j) => (i === j ? x : -x)),
  },
  {
    id: "sums-over-rows",
    said: "The same as the right answer with its rows added up.",
    hint: "Which shape should the result have?",
    cost: 3,
    apply: (M) => M.columnSums(),
  },
  {
    id: "sums-over-columns",
    said: "The same as the right answer with each row added up.",
    hint: "Which shape should the result have?",
    cost: 3,
    apply: (M) => M.rowSums(),
  },
  {
    id: "normalised-by-sum",
    said: "The same as the right answer divided by the sum of its entries.",
    hint: "What is done to the result at the end?",
    cost: 3,
    apply: (M) => M.scale(1 / sumOf(M)),
  },
  {
    id: "normalised-rows-by-sum",
    said: "The same as the right answer with each row divided by its sum.",
    hint: "What is done to the result at the end?",
    cost: 3,
    apply: (M) => M.map((x, i) => x / sumOf(M.row(i))),
  },
  {
    id: "normalised-by-length",
    said: "The same as the right answer divided by its length, the root of the sum of squares.",
    hint: "What is done to the result at the end?",
    cost: 3,
    apply: (M) => M.scale(1 / Math.sqrt(sumOf(M.map((x) => x * x)))),
  },
  {
    id: "normalised-rows-by-length",
    said: "The same as the right answer with each row divided by its length.",
    hint: "What is done to the result at the end?",
    cost: 3,
    apply: (M) => M.map((x, i) => x / Math.sqrt(sumOf(M.row(i).map((y) => y * y)))),
  },
  {
    id: "normalised-by-maximum",
    said: "The same as the right answer divided by its largest entry in size.",
    hint: "What is done to the result at the end?",
    cost: 3,
    apply: (M) => M.scale(1 / M.data.reduce((max, x) => Math.max(max, Math.abs(x)), 0)),
  },
  {
    id: "mean-subtracted",
    said: "The same as the right answer with its mean subtracted.",
    hint: "What is done to the result at the end?",
    cost: 3,
    apply: (M) => M.map((x) => x - sumOf(M) / M.data.length),
  },
  {
    id: "true-class-only",
    said: "Only the true class has a number, and that is right.",
    hint: "What belongs in the entries of the other classes?",
    cost: 2,
    apply: (M, { symbols }) => M.hadamard(symbols.Y),
  },
  {
    id: "true-class-missing",
    said: "The true class is 0, and the others are right.",
    hint: "What belongs in the entry of the true class?",
    cost: 2,
    apply: (M, { symbols }) => M.map((x, i, j) => (symbols.Y.get(i, j) === 1 ? 0 : x)),
  },
  {
    id: "others-sign",
    said: "The true class is right, and the other classes have the wrong sign.",
    hint: "What does each row sum to, and what should it?",
    cost: 2,
    apply: (M, { symbols }) => M.map((x, i, j) => (symbols.Y.get(i, j) === 1 ? x : -x)),
  },
  {
    id: "exponential",
    said: "The same as the exponential of the right answer.",
    hint: "What is done to the result at the end?",
    cost: 3,
    apply: (M) => M.map(Math.exp),
  },
  {
    id: "logarithm",
    said: "The same as the logarithm of the right answer.",
    hint: "What is done to the result at the end?",
    cost: 3,
    apply: (M) => M.map(Math.log),
  },
  {
    id: "reciprocal",
    said: "The same as 1 over the right answer.",
    hint: "Is a fraction upside down?",
    cost: 3,
    apply: (M) => M.map((x) => 1 / x),
  },
  {
    id: "root",
    said: "The same as the square root of the right answer.",
    hint: "What is done to the result at the end?",
    cost: 3,
    apply: (M) => M.map(Math.sqrt),
  },
];

/** Sums that run on, set back where it is said. */
function running(M: Matrix, starts: (k: number) => boolean): Matrix {
  let sum = 0;
  const data = M.data.map((x, k) => {
    if (starts(k)) sum = 0;
    sum += x;
    return sum;
  });
  return new Matrix(M.rows, M.cols, data);
}

/** Every entry by one factor. */
function factorOf(answers: Answers): Explanation[] {
  const telling = answers.all.filter(
    ({ right, got, slack }) => got.data.every(Number.isFinite) && right.data.some((x) => Math.abs(x) > 1000 * slack),
  );
  const factors = telling.map((trial) => answers.factorBetween(trial, trial.right));
  if (telling.length === 0 || factors.some((factor) => factor === undefined)) return [];
  const text = recognised(factors as number[], telling);
  if (text === undefined || text === "1") return [];
  const { sizes } = answers.first ?? telling[0];
  const known = Object.keys(sizes).filter((letter) => text.includes(letter));
  const there =
    known.length === 0
      ? "whatever the inputs"
      : known.map((letter) => `${letter} is ${sizes[letter]} there`).join(", ");
  const said =
    text === "−1"
      ? "Every entry has the right size and the wrong sign."
      : text.startsWith("−")
        ? `Every entry is ${text.slice(1)} times the right one (${there}), and its sign is the wrong way round.`
        : `Every entry is ${text} times the right one (${there}).`;
  const id = text === "−1" ? "sign-flipped" : `times-${text}`;
  return [
    {
      id,
      said,
      hint:
        text === "−1"
          ? "If this variable grows a little, does the loss grow or shrink?"
          : `Where does a factor of ${text.replace(/^−/, "")} come in?`,
      cost: 1,
    },
  ];
}

/** No number beyond a bound, and what stands at it should lie beyond. */
function cuts(answers: Answers): Explanation[] {
  const found: Explanation[] = [];
  for (const side of ["above", "below"] as const) {
    const end = (M: Matrix) =>
      M.data.reduce(
        (best, x) => (side === "above" ? Math.max(best, x) : Math.min(best, x)),
        side === "above" ? -Infinity : Infinity,
      );
    const bounds = answers.telling.map(({ got }) => end(got));
    const bound = bounds[0];
    if (bound === undefined || bound === 0 || bounds.some((b) => Math.abs(b - bound) > 1e-12 * Math.abs(bound)))
      continue;
    const cut = (x: number) => (side === "above" ? Math.min(x, bound) : Math.max(x, bound));
    if (answers.explainedBy(({ right }) => right.map(cut))) {
      found.push({
        id: "cut",
        said: `No number is ${side} ${figure(bound)}; what should be is cut off there.`,
        hint: "How large may the result become?",
        cost: 2,
      });
    }
    if (
      answers.explainedBy(({ right }) => right.map((x) => Math.min(Math.abs(bound), Math.max(-Math.abs(bound), x))))
    ) {
      found.push({
        id: "cut",
        said: `No number is above ${figure(Math.abs(bound))} or below −${figure(Math.abs(bound))}; what should be is cut off there.`,
        hint: "How large may the result become?",
        cost: 1.9,
      });
    }
  }
  return found.slice(0, 1);
}

/** A multiple of some matrix, or a number, added to the right answer. */
function added(answers: Answers, scope: readonly string[]): Explanation[] {
  const [first] = answers.telling;
  if (first === undefined || first.got.rows !== first.right.rows || first.got.cols !== first.right.cols) return [];
  const candidates = scope.filter((name) => first.symbols[name]?.shape === first.right.shape);
  const found: Explanation[] = [];
  const one = (trial: Answered) => trial.right.map(() => 1);
  for (const name of [...candidates, undefined]) {
    const basis = (trial: Answered) => (name === undefined ? one(trial) : trial.symbols[name]);
    const factors = answers.telling.map((trial) => multiple(trial, basis(trial)));
    if (factors.some((f) => f === undefined)) continue;
    const text = recognised(factors as number[], answers.telling);
    if (text === undefined || text === "0") continue;
    const what = name === undefined ? text : text === "1" ? name : text === "−1" ? `−${name}` : `${text} · ${name}`;
    found.push({
      id: name === undefined ? "number-added" : `${name}-added`,
      said: `The same as the right answer plus ${what}.`,
      hint: `What is added at the end, and should it be?`,
      cost: 2.5,
    });
  }
  return found;
}

/** λ with got = right + λ · basis in every entry. */
function multiple({ got, right, slack }: Answered, basis: Matrix | undefined): number | undefined {
  if (basis === undefined || basis.data.length !== right.data.length) return undefined;
  let largest = 0;
  basis.data.forEach((x, k) => {
    if (Math.abs(x) > Math.abs(basis.data[largest])) largest = k;
  });
  const factor = (got.data[largest] - right.data[largest]) / basis.data[largest];
  if (!Number.isFinite(factor)) return undefined;
  const size = right.data.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  const fits = right.data.every(
    (x, k) =>
      Math.abs(x + factor * basis.data[k] - got.data[k]) <=
      1e-9 * (Math.abs(factor * basis.data[k]) + 1e-3 * size) + 16 * slack,
  );
  return fits ? factor : undefined;
}

/** Right numbers that were written to data[row · size + column], the size being another one than the number of columns. */
function strides(answers: Answers, result: string): Explanation[] {
  const [first] = answers.wrong;
  if (first === undefined || first.right.data.length < 2) return [];
  for (const letter of Object.keys(first.sizes)) {
    if (answers.wrong.some(({ sizes, right }) => sizes[letter] === right.cols)) continue;
    for (const write of [(_: number, entry: number) => entry, (before: number, entry: number) => before + entry]) {
      const written = ({ right, sizes }: Answered) => {
        const M = Matrix.zeros(right.rows, right.cols);
        right.data.forEach((entry, k) => {
          const place = Math.floor(k / right.cols) * sizes[letter] + (k % right.cols);
          if (place < M.data.length) M.data[place] = write(M.data[place], entry);
        });
        return M;
      };
      if (!answers.explainedBy(written)) continue;
      return [
        {
          id: "stride",
          said: `The numbers are right and lie in the wrong places: the factor in M.data[i * … + j] must be the number of columns of the result, ${(answers.first ?? first).right.cols}.`,
          hint: `How many numbers lie between one row of ${result} and the next?`,
          cost: 2,
        },
      ];
    }
  }
  return [];
}
