/** The product of matrices in ordinary arrays: WebAssembly gets them block by block. */
import type { Strided } from "../matrix";
import type { Memory, Placed } from "./memory";

/** The most rows and columns of a block that is copied: three blocks are half of a second-level cache. */
const BLOCK = 256;

/** Where there is room for a block of A, of B and of C, in the memory that was used last. */
let room: { readonly memory: Memory; readonly blocks: readonly Float64Array[] } | undefined;

/**
 * Writes A·B into C, by blocks that are copied into a memory and back.
 *
 * @param memory takes room for three blocks, once
 * @param A m×n
 * @param B n×p
 * @param C m·p numbers, row after row
 * @returns false if there was no room, and nothing was done
 */
export function productByBlocks(memory: Memory, A: Strided, B: Strided, C: Float64Array): boolean {
  if (room?.memory !== memory) {
    const at = memory.take(3 * BLOCK * BLOCK);
    if (at < 0) return false;
    const block = (k: number) => memory.numbers(at + 8 * k * BLOCK * BLOCK, BLOCK * BLOCK);
    room = { memory, blocks: [block(0), block(1), block(2)] };
  }
  const [a, b, c] = room.blocks;
  for (let j = 0; j < B.cols; j += BLOCK) {
    const p = Math.min(BLOCK, B.cols - j);
    for (let i = 0; i < A.rows; i += BLOCK) {
      const m = Math.min(BLOCK, A.rows - i);
      for (let k = 0; k < A.cols; k += BLOCK) {
        const n = Math.min(BLOCK, A.cols - k);
        const [left, right] = [copyOfBlock(A, i, k, m, n, a), copyOfBlock(B, k, j, n, p, b)];
        memory.product(left, right, c.byteOffset, k > 0);
      }
      copyRows(c, 0, p, C, i * B.cols + j, B.cols, m, p);
    }
  }
  return true;
}

/** Copies the rows × cols entries of A from (i, j) on into `to`: a transposed view stays one. */
function copyOfBlock(A: Strided, i: number, j: number, rows: number, cols: number, to: Float64Array): Placed {
  const from = i * A.rowStep + j * A.colStep;
  if (A.colStep === 1) {
    copyRows(A.numbers, from, A.rowStep, to, 0, cols, rows, cols);
    return { rows, cols, at: to.byteOffset, rowStep: 8 * cols, colStep: 8 };
  }
  copyRows(A.numbers, from, A.colStep, to, 0, rows, cols, rows);
  return { rows, cols, at: to.byteOffset, rowStep: 8, colStep: 8 * rows };
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
