/**
 * The operations of forward pass, backward pass and update, written into matrices that are there already, and what is counted in them. Nothing is checked:
 * `TrainingStep` knows what it passes. The bits are those of the functions that learners call, by plain loops and by
 * WebAssembly, which works on matrices that are all in one working memory.
 */
import type { Matrix } from "./matrix";
import type { Work } from "./product/parts";
import { WorkingMemory } from "./product/working-memory";

/** About how many nanoseconds the compiled operations take for a number. */
const NANOSECONDS = { entry: 0.5, sum: 0.3, softmax: 8 } as const;

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
 * Adds b to every row of Z, and has max(0, Z) take its place, as (Z + |Z|) / 2: the same number and five times as fast, since
 * it has no branch that no processor could predict.
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

/** Has the probabilities take the place of the logits Z, each row's maximum subtracted first, and writes the rows' losses: ln Σ_k exp(Z_k) − Z_true. */
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

/** `total` and all numbers of a matrix, added one after the other. */
export function addAll({ data }: Matrix, total: number): number {
  let sum = total;
  for (let k = 0; k < data.length; k++) sum += data[k];
  return sum;
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

/** (A2 − Y) / N. */
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

/** Writes the sum of each column. */
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
 * Writes the sum of the squares of each row: every eighth number is added to the same of eight sums, and they to each other.
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

/** Has dA ⊙ ReLU′(Z) take the place of dA. ReLU′ is 1 where A = ReLU(Z) is above 0. */
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

/** W ← W − η dW. */
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

/** The share of zeros among a matrix's first million entries. */
export function shareOfZeros({ data }: Matrix): number {
  const count = Math.min(data.length, 1e6);
  let zeros = 0;
  for (let k = 0; k < count; k++) zeros += Number(data[k] === 0);
  return zeros / count;
}
