/**
 * The operations of forward pass, backward pass and update, written into matrices that are there already. Nothing is checked:
 * `TrainingStep` knows what it passes. The bits are those of the functions that learners call.
 */
import type { Matrix } from "./matrix";

/** Writes the given rows of a matrix into `into`, in the given order. */
export function copyRows({ data, cols }: Matrix, rows: ArrayLike<number>, { data: into }: Matrix): void {
  let to = 0;
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i] * cols;
    for (let k = start; k < start + cols; k++) into[to++] = data[k];
  }
}

/** Adds b to every row of Z. */
export function addRow({ rows, cols, data: z }: Matrix, { data: b }: Matrix): void {
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, k++) z[k] += b[j];
  }
}

/** max(0, Z) as (Z + |Z|) / 2, which is the same number and five times as fast: no branch that nobody can predict. */
export function relu({ data: z }: Matrix, { data: a }: Matrix): void {
  for (let k = 0; k < z.length; k++) a[k] = (z[k] + Math.abs(z[k])) * 0.5;
}

/**
 * Writes the probabilities into A, each row's maximum subtracted first.
 *
 * @returns `total` and the losses of the rows, added one after the other: ln Σ_k exp(Z_k) − Z_true
 */
export function softmax(
  { rows, cols, data: z }: Matrix,
  { data: y }: Matrix,
  { data: a }: Matrix,
  total: number,
): number {
  let loss = total;
  for (let start = 0; start < rows * cols; start += cols) {
    const end = start + cols;
    let max = z[start];
    for (let k = start + 1; k < end; k++) if (z[k] > max) max = z[k];
    let sum = 0;
    let trueLogit = 0;
    for (let k = start; k < end; k++) {
      a[k] = Math.exp(z[k] - max);
      sum += a[k];
      if (y[k] === 1) trueLogit = z[k] - max;
    }
    for (let k = start; k < end; k++) a[k] /= sum;
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
  for (let k = 0; k < a.length; k++) dz[k] = (a[k] - y[k]) * share;
}

/** Writes the sum of each column. */
export function columnSums({ rows, cols, data: a }: Matrix, { data: sums }: Matrix): void {
  sums.fill(0);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, k++) sums[j] += a[k];
  }
}

/** dA ⊙ ReLU′(Z). */
export function throughRelu({ data: da }: Matrix, { data: z }: Matrix, { data: dz }: Matrix): void {
  for (let k = 0; k < z.length; k++) dz[k] = da[k] * Number(z[k] > 0);
}

/** W ← W − η dW. */
export function descend({ data: w }: Matrix, { data: dw }: Matrix, learningRate: number): void {
  for (let k = 0; k < w.length; k++) w[k] -= dw[k] * learningRate;
}
