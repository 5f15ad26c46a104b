/** The matrix product by WebAssembly SIMD, for matrices wherever they are. */
import type { Product, Strided } from "./strided";
import { WorkingMemory } from "./working-memory";

/** The most rows and columns of a block that is copied: three blocks are half of a second-level cache. */
const BLOCK = 256;

/**
 * A product that works in place where all three matrices are in one working memory, and otherwise copies block by block into
 * a small one of its own.
 *
 * @throws if this machine has no WebAssembly with SIMD, or no memory for it
 */
export function simdProduct(): Product {
  const memory = new WorkingMemory(3 * BLOCK * BLOCK, BLOCK);
  const [a, b, c] = [1, 2, 3].map(() => memory.take(BLOCK * BLOCK));

  function byBlocks(A: Strided, B: Strided, C: Float64Array): void {
    for (let j = 0; j < B.cols; j += BLOCK) {
      const p = Math.min(BLOCK, B.cols - j);
      for (let i = 0; i < A.rows; i += BLOCK) {
        const m = Math.min(BLOCK, A.rows - i);
        for (let k = 0; k < A.cols; k += BLOCK) {
          const n = Math.min(BLOCK, A.cols - k);
          memory.product(copyOfBlock(A, i, k, m, n, a), copyOfBlock(B, k, j, n, p, b), c, k > 0);
        }
        copyRows(c, 0, p, C, i * B.cols + j, B.cols, m, p);
      }
    }
  }

  return (A, B, C) => {
    const home = WorkingMemory.of(C);
    if (home !== undefined && home === WorkingMemory.of(A.data) && home === WorkingMemory.of(B.data)) {
      home.product(A, B, C, false);
    } else {
      byBlocks(A, B, C);
    }
  };
}

/** Copies the rows × cols entries of A from (i, j) on into `to`: a transposed view stays one. */
function copyOfBlock(A: Strided, i: number, j: number, rows: number, cols: number, to: Float64Array): Strided {
  const from = i * A.rowStep + j * A.colStep;
  if (A.colStep === 1) {
    copyRows(A.data, from, A.rowStep, to, 0, cols, rows, cols);
    return { rows, cols, data: to, rowStep: cols, colStep: 1 };
  }
  copyRows(A.data, from, A.colStep, to, 0, rows, cols, rows);
  return { rows, cols, data: to, rowStep: 1, colStep: rows };
}

/** Copies `rows` rows of so many numbers, of which the next begins `fromStep` and `toStep` numbers further on. */
function copyRows(
  source: Float64Array,
  from: number,
  fromStep: number,
  target: Float64Array,
  to: number,
  toStep: number,
  rows: number,
  length: number,
): void {
  if (length === fromStep && length === toStep) {
    target.set(source.subarray(from, from + rows * length), to);
    return;
  }
  for (let r = 0; r < rows; r++) {
    const start = from + r * fromStep;
    target.set(source.subarray(start, start + length), to + r * toStep);
  }
}
