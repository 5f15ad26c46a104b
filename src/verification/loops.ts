/** Recognises what goes wrong in the loops that fill a matrix: a factor in an index, or where a loop starts or ends. */
import { Matrix } from "../matrix";
import { alike } from "./compare";
import { type Answered, answered, fitsShape, type Trial, toldOf } from "./trial";

/** A sentence on the loops, if the answers are what such a loop leaves behind. */
export function describeLoops(trials: readonly Trial[]): string | undefined {
  const told = answered(trials).filter(fitsShape);
  const wrongOnes = told.filter(({ accepted }) => !accepted);
  if (wrongOnes.length === 0) return undefined;
  return describeStride(told, wrongOnes, trials) ?? describeEmptyRows(wrongOnes, trials);
}

/** Ways to write into an entry: over what was there, or on top of it, as a sum does. */
const WRITING: readonly ((before: number, entry: number) => number)[] = [
  (_, entry) => entry,
  (before, entry) => before + entry,
];

/** Right numbers that were written to `data[i * size + j]`, the size being another one than the number of columns. */
function describeStride(
  told: readonly Answered[],
  wrongOnes: readonly Answered[],
  trials: readonly Trial[],
): string | undefined {
  const isExplainedBy = (letter: string) =>
    WRITING.some((write) =>
      told.every(({ got, right, sizes, slack }) => alike(got, withStride(right, sizes[letter], write), slack)),
    );
  const [first] = wrongOnes;
  const isAnother = (letter: string) => wrongOnes.every(({ right, sizes }) => sizes[letter] !== right.cols);
  if (!Object.keys(first.sizes).filter(isAnother).some(isExplainedBy)) return undefined;
  const sentence = `The numbers are right and lie in the wrong places: the factor in M.data[i * … + j] must be the number of columns of the result, ${first.right.cols}.`;
  return toldOf(first, trials, sentence);
}

/** What is left of a matrix that is written with a wrong factor; a Float64Array ignores what lies beyond its end. */
function withStride(right: Matrix, stride: number, write: (before: number, entry: number) => number): Matrix {
  const written = Matrix.zeros(right.rows, right.cols);
  right.data.forEach((entry, k) => {
    const place = Math.floor(k / right.cols) * stride + (k % right.cols);
    if (place < written.data.length) written.data[place] = write(written.data[place], entry);
  });
  return written;
}

/** Rows of zeros at the beginning or at the end, where everything else is right. */
function describeEmptyRows(wrongOnes: readonly Answered[], trials: readonly Trial[]): string | undefined {
  const severalRows = wrongOnes.find(({ right }) => right.rows > 1);
  if (severalRows === undefined) return undefined;
  if (wrongOnes.every((trial) => lastWrongRow(trial) === 0 && isEmptyFrom(trial, 0, 1))) {
    return toldOf(severalRows, trials, "Row 0 is 0 and the rest is right: where does the loop start?");
  }
  const cutShort = wrongOnes.find((trial) => firstWrongRow(trial) > 0);
  if (cutShort === undefined || !wrongOnes.every((trial) => isEmptyFrom(trial, firstWrongRow(trial)))) return undefined;
  const [first, last] = [firstWrongRow(cutShort), cutShort.right.rows - 1];
  const rows = first === last ? `Row ${last} is 0` : `Rows ${first} to ${last} are 0`;
  return toldOf(cutShort, trials, `${rows} and the rest is right: does the loop end too early?`);
}

function firstWrongRow({ rejected, right }: Answered): number {
  return Math.floor(rejected[0] / right.cols);
}

function lastWrongRow({ rejected, right }: Answered): number {
  return Math.floor(rejected[rejected.length - 1] / right.cols);
}

/** Whether the rows from `first` on, up to `end`, which is not among them, are all zeros. */
function isEmptyFrom({ got }: Answered, first: number, end = got.rows): boolean {
  return got.data.subarray(first * got.cols, end * got.cols).every((x) => x === 0);
}
