/** Matrices for products, in the engine's memory or in ordinary arrays. */
import type { Memory, Placed } from "../../src/engine/memory";
import { Matrix, plainLoops, type Transpose } from "../../src/matrix";
import { Random } from "../../src/random";

const random = new Random(1);

/** A rows×cols matrix of normal numbers, stored row after row or, if `transposed`, column after column. */
export function normal(rows: number, cols: number, transposed: boolean): Matrix | Transpose {
  return transposed ? random.normalMatrix(cols, rows).T : random.normalMatrix(rows, cols);
}

/** Where two arrays differ: the first index, or −1. The bits count: −0 is not 0, and NaN is NaN. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let k = 0; k < Math.max(a.length, b.length); k++) if (!Object.is(a[k], b[k])) return k;
  return -1;
}

/** Where the plain loops and another way to compute A·B differ: the first index, or −1. What C held before must not matter. */
export function differs(
  product: (A: Matrix | Transpose, B: Matrix | Transpose, C: Matrix) => void,
  A: Matrix | Transpose,
  B: Matrix | Transpose,
): number {
  const expected = Matrix.zeros(A.rows, B.cols);
  plainLoops.times(A, B, expected);
  const C = Matrix.generate(A.rows, B.cols, () => Number.NaN);
  product(A, B, C);
  return firstDifference(C.data, expected.data);
}

/** A copy of a matrix, or of what it is the view of, in the memory. */
export function place(memory: Memory, A: Matrix | Transpose): Placed {
  const [of, isView] = A instanceof Matrix ? [A, false] : [A.of, true];
  const at = memory.take(of.data.length);
  memory.numbers(at, of.data.length).set(of.data);
  const [rowStep, colStep] = isView ? [8, 8 * of.cols] : [8 * of.cols, 8];
  return { rows: A.rows, cols: A.cols, at, rowStep, colStep };
}

/** Computes products in a memory, which takes them all anew each time. */
export function inMemory(memory: Memory) {
  return (A: Matrix | Transpose, B: Matrix | Transpose, C: Matrix): void => {
    const size = C.data.length;
    const c = memory.take(size);
    memory.numbers(c, size).fill(Number.NaN);
    const [left, right] = [place(memory, A), place(memory, B)];
    memory.product(left, right, c);
    C.data.set(memory.numbers(c, size));
    memory.giveBack(c, size);
    for (const { rows, cols, at } of [left, right]) memory.giveBack(at, rows * cols);
  };
}

/** Both orders in which each of two matrices can be stored. */
export const layouts = [false, true].flatMap((ofA) => [false, true].map((ofB) => [ofA, ofB] as const));
