/** Matrices for products, in ordinary arrays or in given ones. */
import type { Product, Strided } from "../../src/engine/strided";
import { Matrix, plainLoops, type Transpose } from "../../src/matrix";
import { Random } from "../../src/random";

const random = new Random(1);

/** A rows×cols matrix of normal numbers, stored row after row or, if `transposed`, column after column. */
export function normal(
  rows: number,
  cols: number,
  transposed: boolean,
  data: Float64Array = new Float64Array(rows * cols),
): Strided {
  for (let k = 0; k < rows * cols; k++) data[k] = random.normal();
  return transposed ? { rows, cols, data, rowStep: 1, colStep: rows } : { rows, cols, data, rowStep: cols, colStep: 1 };
}

/** Where two arrays differ: the first index, or −1. The bits count: −0 is not 0, and NaN is NaN. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let k = 0; k < Math.max(a.length, b.length); k++) if (!Object.is(a[k], b[k])) return k;
  return -1;
}

/** Whether `product` gives the bits of the plain loops. What C held before must not matter. */
export function agrees(
  product: Product,
  A: Strided,
  B: Strided,
  C: Float64Array = new Float64Array(A.rows * B.cols),
): boolean {
  const expected = Matrix.zeros(A.rows, B.cols);
  plainLoops.times(matrixOf(A), matrixOf(B), expected);
  C.fill(Number.NaN);
  product(A, B, C);
  return firstDifference(C, expected.data) === -1;
}

function matrixOf({ rows, cols, data, colStep }: Strided): Matrix | Transpose {
  return colStep === 1 ? new Matrix(rows, cols, data.slice()) : new Matrix(cols, rows, data.slice()).T;
}

/** Both orders in which each of two matrices can be stored. */
export const layouts = [false, true].flatMap((ofA) => [false, true].map((ofB) => [ofA, ofB] as const));
