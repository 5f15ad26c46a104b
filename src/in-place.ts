/**
 * The operations of forward pass, backward pass and update, written into matrices that are there already, and what is
 * counted in them. Nothing is checked: `TrainingStep` knows what it passes. The bits are those of the functions that
 * learners call, by plain loops and by WebAssembly, which works on matrices that are all in one working memory.
 *
 * Shapes: N samples, D inputs, H hidden units, C classes, as in the notes; m×n where any shape will do.
 */

import type { Work } from "./engine/parts";
import { WorkingMemory } from "./engine/working-memory";
import type { Matrix } from "./matrix";

/** About how many nanoseconds the compiled operations take for a number. */
const NANOSECONDS = { entry: 0.5, sum: 0.3, softmax: 8 } as const;

/**
 * Writes the given rows of a matrix into `into`, in the given order: the samples of a mini-batch. Rows that follow each
 * other are copied at once.
 *
 * @param from m×n: all samples, one a row
 * @param rows N row numbers of `from`, counted from 0; they may repeat
 * @param into N×n, overwritten; not `from`
 */
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

/**
 * The bias of E3, Z2 = A1 W2 + b2: Z ← Z + b, row by row.
 *
 * @param Z N×C, the product A1 W2; the sum, which is Z2, takes its place
 * @param b 1×C
 */
export function addRow({ rows, cols, data: z }: Matrix, { data: b }: Matrix): void {
  const memory = WorkingMemory.of(z);
  if (memory) {
    memory.run(onRows("addRow", rows, cols, z, b));
    return;
  }
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, k++) z[k] += b[j];
  }
}

/**
 * The bias of E1, Z1 = X W1 + b1, and E2, A1 = max(0, Z1): Z ← max(0, Z + b), row by row.
 *
 * The maximum is taken as (z + |z|) / 2: the same number for every z from minus the largest float64 to half of it, and
 * five times as fast, since it has no branch that no processor could predict.
 *
 * @param Z N×H, the product X W1; A1 takes its place
 * @param b 1×H
 */
export function addRowThenRelu({ rows, cols, data: z }: Matrix, { data: b }: Matrix): void {
  const memory = WorkingMemory.of(z);
  if (memory) {
    memory.run(onRows("addRowThenRelu", rows, cols, z, b));
    return;
  }
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, k++) {
      const sum = z[k] + b[j];
      z[k] = (sum + Math.abs(sum)) * 0.5;
    }
  }
}

/** What adds b to the rows of Z. */
function onRows(
  operation: "addRow" | "addRowThenRelu",
  rows: number,
  cols: number,
  z: Float64Array,
  b: Float64Array,
): Work {
  const args = [cols, z.byteOffset, b.byteOffset];
  return { operation, count: rows, args, steps: [0, 8 * cols, 0], cost: NANOSECONDS.entry * cols };
}

/**
 * E4, A2 = softmax(Z2), row by row, and each sample's loss (E5) from the logits: ln Σ_k exp(Z2_k) − Z2_true. Each row's
 * maximum is subtracted first.
 *
 * @param Z N×C, the logits Z2; the probabilities A2 take their place
 * @param Y N×C, one-hot
 * @param losses N×1, overwritten: the samples' losses, in nats
 */
export function softmax({ rows, cols, data: z }: Matrix, { data: y }: Matrix, { data: losses }: Matrix): void {
  const memory = WorkingMemory.of(z);
  if (memory?.sameExponentials) {
    memory.run({
      operation: "softmax",
      count: rows,
      args: [cols, z.byteOffset, y.byteOffset, losses.byteOffset],
      steps: [0, 8 * cols, 8 * cols, 8],
      cost: NANOSECONDS.softmax * cols,
    });
    return;
  }
  for (let i = 0, start = 0; i < rows; i++, start += cols) {
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
    losses[i] = Math.log(sum) - trueLogit;
  }
}

/**
 * `total` and all numbers of a matrix, added one after the other, row after row. Of the samples' losses (E5) that is the
 * sum in E6, before it is divided by N.
 *
 * @param A m×n; the losses are N×1, in nats
 * @param total where the sum starts
 * @returns total + Σ A_ij, in the unit of A's entries
 */
export function addAll({ data }: Matrix, total: number): number {
  let sum = total;
  for (let k = 0; k < data.length; k++) sum += data[k];
  return sum;
}

/**
 * How many samples have their true class as the most probable one, as `predict` finds it; of equal ones the first counts.
 *
 * @param A2 N×C, probabilities
 * @param Y N×C, one-hot
 * @returns a whole number from 0 to N; divided by N it is the accuracy
 */
export function countRight({ rows, cols, data: a }: Matrix, { data: y }: Matrix): number {
  let right = 0;
  for (let start = 0; start < rows * cols; start += cols) {
    let best = start;
    for (let k = start + 1; k < start + cols; k++) if (a[k] > a[best]) best = k;
    right += y[best];
  }
  return right;
}

/**
 * E10: dZ2 = (A2 − Y) / N, the gradient of the mean loss at the logits.
 *
 * @param A2 N×C, probabilities
 * @param Y N×C, one-hot
 * @param dZ2 N×C, overwritten
 */
export function outputGradient({ rows, data: a }: Matrix, { data: y }: Matrix, { data: dz }: Matrix): void {
  const share = 1 / rows;
  const memory = WorkingMemory.of(a);
  if (memory) {
    memory.run({
      operation: "outputGradient",
      count: a.length,
      args: [a.byteOffset, y.byteOffset, dz.byteOffset, share],
      steps: [8, 8, 8, 0],
      cost: NANOSECONDS.entry,
    });
    return;
  }
  for (let k = 0; k < a.length; k++) dz[k] = (a[k] - y[k]) * share;
}

/**
 * E12: db2 = Σ_samples dZ2, and E17: db1 = Σ_samples dZ1: the sum of each column.
 *
 * @param A N×C (E17: N×H)
 * @param sums 1×C (E17: 1×H), overwritten; in the unit of A's entries
 */
export function columnSums({ rows, cols, data: a }: Matrix, { data: sums }: Matrix): void {
  const memory = WorkingMemory.of(a);
  if (memory) {
    memory.run({
      operation: "columnSums",
      count: cols,
      args: [rows, a.byteOffset, 8 * cols, sums.byteOffset],
      steps: [0, 8, 0, 8],
      cost: NANOSECONDS.sum * rows,
    });
    return;
  }
  sums.fill(0);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, k++) sums[j] += a[k];
  }
}

/**
 * The sum of the squares of each row, of which the norm ‖A‖ is made: every eighth number is added to the same of eight
 * sums, and they to each other; the up to seven numbers that are left at a row's end come last.
 *
 * @param A m×n, parameters or their gradients
 * @param sums m×1 or longer; the first m numbers are overwritten, with the sums of A_ij² over j
 */
export function squares({ rows, cols, data: a }: Matrix, { data: sums }: Matrix): void {
  const memory = WorkingMemory.of(a);
  if (memory) {
    memory.run({
      operation: "squares",
      count: rows,
      args: [cols, a.byteOffset, sums.byteOffset],
      steps: [0, 8 * cols, 8],
      cost: NANOSECONDS.sum * cols,
    });
    return;
  }
  const eight = new Float64Array(8);
  for (let i = 0, k = 0; i < rows; i++) {
    const end = k + cols;
    eight.fill(0);
    for (; k <= end - 8; k += 8) for (let l = 0; l < 8; l++) eight[l] += a[k + l] * a[k + l];
    const [s0, s1, s2, s3, s4, s5, s6, s7] = eight;
    let sum = s0 + s2 + (s4 + s6) + (s1 + s3 + (s5 + s7));
    for (; k < end; k++) sum += a[k] * a[k];
    sums[i] = sum;
  }
}

/**
 * E14 and E15: dZ1 = dA1 ⊙ ReLU′(Z1), entry by entry. ReLU′(Z1) is 1 where A1 = ReLU(Z1) is above 0, which is where Z1
 * is, and 0 elsewhere, so Z1 itself is not needed.
 *
 * @param dA N×H, ∂L/∂A1 (E13); dZ1 takes its place
 * @param A N×H, the activations A1
 */
export function throughRelu({ data: da }: Matrix, { data: a }: Matrix): void {
  const memory = WorkingMemory.of(da);
  if (memory) {
    memory.run({
      operation: "throughRelu",
      count: da.length,
      args: [da.byteOffset, a.byteOffset],
      steps: [8, 8],
      cost: NANOSECONDS.entry,
    });
    return;
  }
  for (let k = 0; k < a.length; k++) da[k] *= Number(a[k] > 0);
}

/**
 * One step of gradient descent for one matrix: W ← W − η dW, entry by entry, as in `sgdStep`.
 *
 * @param W m×n: W1, b1, W2 or b2; overwritten
 * @param dW m×n, the gradient of the mean loss with respect to W
 * @param learningRate η
 */
export function descend({ data: w }: Matrix, { data: dw }: Matrix, learningRate: number): void {
  const memory = WorkingMemory.of(w);
  if (memory) {
    memory.run({
      operation: "descend",
      count: w.length,
      args: [w.byteOffset, dw.byteOffset, learningRate],
      steps: [8, 8, 0],
      cost: NANOSECONDS.entry,
    });
    return;
  }
  for (let k = 0; k < w.length; k++) w[k] -= dw[k] * learningRate;
}

/**
 * The share of zeros, of either sign, among a matrix's first million entries.
 *
 * @param A m×n
 * @returns a number from 0 to 1
 */
export function shareOfZeros({ data }: Matrix): number {
  const count = Math.min(data.length, 1e6);
  let zeros = 0;
  for (let k = 0; k < count; k++) zeros += Number(data[k] === 0);
  return zeros / count;
}
