/** Samples with their classes, and how to pick some of them. */
import { kindOf, Matrix } from "../matrix";
import { checkMatrices } from "../shapes";

/** N samples and what each one is. */
export interface Samples {
  /** N×D: one sample a row. */
  readonly X: Matrix;
  /** N×C, one-hot: row i says of which class sample i is. */
  readonly Y: Matrix;
}

/**
 * The given rows of a matrix, in the given order, as a new matrix: a mini-batch is `takeRows(X, [3, 0, 7])`.
 *
 * @param A N×D
 * @param rows row numbers, counted from 0; one may come twice
 * @returns rows.length×D
 * @throws if A is no Matrix, there are no rows, or A has no such row
 */
export function takeRows(A: Matrix, rows: ArrayLike<number>): Matrix {
  if (!Matrix.isMatrix(A)) throw new TypeError(`takeRows: A is ${kindOf(A)}; expected a Matrix`);
  return A.takeRows(rows);
}

/**
 * The given samples: the same rows of X and of Y.
 *
 * @param samples X N×D, Y N×C
 * @param rows row numbers, counted from 0
 * @throws if there are no samples, and as `takeRows`
 */
export function takeSamples(samples: Samples, rows: ArrayLike<number>): Samples {
  checkMatrices("takeSamples", "samples", samples, ["X", "Y"]);
  return { X: takeRows(samples.X, rows), Y: takeRows(samples.Y, rows) };
}
