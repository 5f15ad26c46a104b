/** The pieces of a softmax, from which the wrong ones are put together. They share nothing with `softmax` in `src`. */
import type { Matrix } from "../matrix";

/** The largest entry of row i. */
export function rowMaximum(Z: Matrix, i: number): number {
  return Z.row(i).data.reduce((max, z) => Math.max(max, z));
}

/** The largest entry of the matrix. */
export function maximum(Z: Matrix): number {
  return Z.data.reduce((max, z) => Math.max(max, z));
}

/** exp(z − max), max being the row's largest entry. */
export function exponentials(Z: Matrix): Matrix {
  return Z.map((z, i) => Math.exp(z - rowMaximum(Z, i)));
}

/** Every row divided by its sum. */
export function normalised(M: Matrix): Matrix {
  const sums = M.rowSums();
  return M.map((x, i) => x / sums.data[i]);
}

/** The softmax of every row. */
export function stableSoftmax(Z: Matrix): Matrix {
  return normalised(exponentials(Z));
}

/** The logarithm of the softmax of every row. */
export function logSoftmax(Z: Matrix): Matrix {
  const sums = exponentials(Z).rowSums();
  return Z.map((z, i) => z - rowMaximum(Z, i) - Math.log(sums.data[i]));
}
