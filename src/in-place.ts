/**
 * The operations of forward pass, backward pass and update, written into matrices that are there already, and what is counted in them. Nothing is checked:
 * `TrainingStep` knows what it passes. The bits are those of the functions that learners call, by plain loops and by
 * WebAssembly, which works on matrices that are all in one working memory.
 */
import type { Matrix } from "./matrix";
import { WorkingMemory } from "./product/working-memory";

/** Writes the given rows of a matrix into `into`, in the given order. Rows that follow each other are copied at once. */
export function copyRows({ data, cols }: Matrix, rows: ArrayLike<number>, { data: into }: Matrix): void {
  for (let i = 0, end = 0; i < rows.length; i = end) {
    end = i + 1;
    while (end < rows.length && rows[end] === rows[end - 1] + 1) end++;
    if (end > i + 1 || cols > 200) {
      into.set(data.subarray(rows[i] * cols, (rows[end - 1] + 1) * cols), i * cols);
    } else {
      // Short rows are copied before a subarray of them is made.
      for (let k = rows[i] * cols, to = i * cols; to < end * cols; k++, to++) into[to] = data[k];
    }
  }
}

/** Adds b to every row of Z. */
export function addRow({ rows, cols, data: z }: Matrix, { data: b }: Matrix): void {
  const simd = WorkingMemory.of(z)?.operations;
  if (simd) {
    simd.addRow(rows, cols, z.byteOffset, b.byteOffset);
    return;
  }
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, k++) z[k] += b[j];
  }
}

/**
 * Adds b to every row of Z, and has max(0, Z) take its place, as (Z + |Z|) / 2: the same number and five times as fast, since
 * it has no branch that no processor could predict.
 */
export function addRowThenRelu({ rows, cols, data: z }: Matrix, { data: b }: Matrix): void {
  const simd = WorkingMemory.of(z)?.operations;
  if (simd) {
    simd.addRowThenRelu(rows, cols, z.byteOffset, b.byteOffset);
    return;
  }
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, k++) {
      const sum = z[k] + b[j];
      z[k] = (sum + Math.abs(sum)) * 0.5;
    }
  }
}

/**
 * Has the probabilities take the place of the logits Z, each row's maximum subtracted first.
 *
 * @returns `total` and the losses of the rows, added one after the other: ln Σ_k exp(Z_k) − Z_true
 */
export function softmax({ rows, cols, data: z }: Matrix, { data: y }: Matrix, total: number): number {
  const memory = WorkingMemory.of(z);
  if (memory?.sameExponentials) {
    return memory.operations.softmax(rows, cols, z.byteOffset, y.byteOffset, total);
  }
  let loss = total;
  for (let start = 0; start < rows * cols; start += cols) {
    const end = start + cols;
    let max = z[start];
    for (let k = start + 1; k < end; k++) if (z[k] > max) max = z[k];
    let sum = 0;
    let trueLogit = 0;
    for (let k = start; k < end; k++) {
      const shifted = z[k] - max;
      if (y[k] === 1) trueLogit = shifted;
      z[k] = Math.exp(shifted);
      sum += z[k];
    }
    for (let k = start; k < end; k++) z[k] /= sum;
    loss += Math.log(sum) - trueLogit;
  }
  return loss;
}

/** How many rows have their largest entry where Y has its 1; of equal ones the first counts. */
export function countRight({ rows, cols, data: a }: Matrix, { data: y }: Matrix): number {
  let right = 0;
  for (let start = 0; start < rows * cols; start += cols) {
    let best = start;
    for (let k = start + 1; k < start + cols; k++) if (a[k] > a[best]) best = k;
    right += y[best];
  }
  return right;
}

/** Sets `on[j]` to 1 if column j has an entry above 0. */
export function markPositive({ rows, cols, data: a }: Matrix, on: Uint8Array): void {
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, k++) on[j] |= Number(a[k] > 0);
  }
}

/** (A2 − Y) / N. */
export function outputGradient({ rows, data: a }: Matrix, { data: y }: Matrix, { data: dz }: Matrix): void {
  const share = 1 / rows;
  const simd = WorkingMemory.of(a)?.operations;
  if (simd) {
    simd.outputGradient(a.length, a.byteOffset, y.byteOffset, dz.byteOffset, share);
    return;
  }
  for (let k = 0; k < a.length; k++) dz[k] = (a[k] - y[k]) * share;
}

/** Writes the sum of each column. */
export function columnSums({ rows, cols, data: a }: Matrix, { data: sums }: Matrix): void {
  const simd = WorkingMemory.of(a)?.operations;
  if (simd) {
    simd.columnSums(rows, cols, a.byteOffset, sums.byteOffset);
    return;
  }
  sums.fill(0);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, k++) sums[j] += a[k];
  }
}

/** Has dA ⊙ ReLU′(Z) take the place of dA. ReLU′ is 1 where A = ReLU(Z) is above 0. */
export function throughRelu({ data: da }: Matrix, { data: a }: Matrix): void {
  const simd = WorkingMemory.of(da)?.operations;
  if (simd) {
    simd.throughRelu(da.length, da.byteOffset, a.byteOffset);
    return;
  }
  for (let k = 0; k < a.length; k++) da[k] *= Number(a[k] > 0);
}

/** W ← W − η dW. */
export function descend({ data: w }: Matrix, { data: dw }: Matrix, learningRate: number): void {
  const simd = WorkingMemory.of(w)?.operations;
  if (simd) {
    simd.descend(w.length, w.byteOffset, dw.byteOffset, learningRate);
    return;
  }
  for (let k = 0; k < w.length; k++) w[k] -= dw[k] * learningRate;
}

/** The share of zeros among a matrix's first million entries. */
export function shareOfZeros({ data }: Matrix): number {
  const count = Math.min(data.length, 1e6);
  let zeros = 0;
  for (let k = 0; k < count; k++) zeros += Number(data[k] === 0);
  return zeros / count;
}
