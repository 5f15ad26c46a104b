/**
 * One step of training, over and over: forward pass, backward pass and update on the next mini-batch.
 *
 * The equations are those of `forward`, `backward` and `sgdStep`, in the same order and with the same bits. What differs is
 * where results go: into matrices that were made once, before the first step, and that every step overwrites. And nothing is
 * checked, because samples and parameters were checked before the first step and every other matrix is made here.
 */
import type { Gradients } from "./backward";
import type { Cache, Parameters } from "./forward";
import { Matrix } from "./matrix";
import { workingArrays } from "./product/product";
import type { Samples } from "./samples";

/** The matrices of a mini-batch of one size. */
type Batch = Samples & Cache & Pick<Gradients, "dZ2" | "dA1" | "dZ1">;

/** The gradients of the parameters. */
export type ParameterGradients = Pick<Gradients, "dW1" | "db1" | "dW2" | "db2">;

/** Steps of one network on the mini-batches of some samples. */
export class TrainingStep {
  /** Changed by every step. */
  readonly parameters: Parameters;
  /** Those of the last step. */
  readonly gradients: ParameterGradients;

  private readonly data: Samples;
  /** The matrices of the largest mini-batch. */
  private readonly full: Batch;
  /** By the number of samples: all of them share the memory of the largest. */
  private readonly batches = new Map<number, Batch>();

  /**
   * @param data where mini-batches are taken from
   * @param parameters where the first step starts; copied
   * @param batchSize the most samples that a step will be given
   */
  constructor(data: Samples, parameters: Parameters, batchSize: number) {
    const [N, D, H, C] = [batchSize, data.X.cols, parameters.W1.cols, parameters.W2.cols];
    const layers = 2 * (D * H + H + H * C + C);
    const numbers = workingArrays(layers + N * (D + 4 * H + 4 * C), Math.max(H, C));
    const matrix = (rows: number, cols: number) => new Matrix(rows, cols, numbers(rows * cols));
    this.data = data;
    this.parameters = { W1: matrix(D, H), b1: matrix(1, H), W2: matrix(H, C), b2: matrix(1, C) };
    this.gradients = { dW1: matrix(D, H), db1: matrix(1, H), dW2: matrix(H, C), db2: matrix(1, C) };
    this.full = {
      X: matrix(N, D),
      Y: matrix(N, C),
      Z1: matrix(N, H),
      A1: matrix(N, H),
      Z2: matrix(N, C),
      A2: matrix(N, C),
      dZ2: matrix(N, C),
      dA1: matrix(N, H),
      dZ1: matrix(N, H),
    };
    this.start(parameters);
  }

  /** Copies the parameters: the next step starts there. */
  start({ W1, b1, W2, b2 }: Parameters): void {
    this.parameters.W1.data.set(W1.data);
    this.parameters.b1.data.set(b1.data);
    this.parameters.W2.data.set(W2.data);
    this.parameters.b2.data.set(b2.data);
  }

  /**
   * One step.
   *
   * @param rows the samples of the mini-batch: row numbers of the data
   * @param learningRate η
   * @returns the loss on the mini-batch (E6, from the logits), before the update
   */
  run(rows: ArrayLike<number>, learningRate: number): number {
    const { W1, b1, W2, b2 } = this.parameters;
    const { dW1, db1, dW2, db2 } = this.gradients;
    const { X, Y, Z1, A1, Z2, A2, dZ2, dA1, dZ1 } = this.batchOf(rows.length);
    copyRows(this.data.X, rows, X);
    copyRows(this.data.Y, rows, Y);

    addRow(X.times(W1, Z1), b1); // E1
    relu(Z1, A1); // E2
    addRow(A1.times(W2, Z2), b2); // E3
    const loss = softmax(Z2, Y, A2); // E4, E6

    outputGradient(A2, Y, dZ2); // E10
    A1.T.times(dZ2, dW2); // E11
    columnSums(dZ2, db2); // E12
    dZ2.times(W2.T, dA1); // E13
    throughRelu(dA1, Z1, dZ1); // E15
    X.T.times(dZ1, dW1); // E16
    columnSums(dZ1, db1); // E17

    descend(W1, dW1, learningRate);
    descend(b1, db1, learningRate);
    descend(W2, dW2, learningRate);
    descend(b2, db2, learningRate);
    return loss;
  }

  private batchOf(N: number): Batch {
    let batch = this.batches.get(N);
    if (batch === undefined) {
      const firstRows = ({ cols, data }: Matrix) => new Matrix(N, cols, data.subarray(0, N * cols));
      const { X, Y, Z1, A1, Z2, A2, dZ2, dA1, dZ1 } = this.full;
      batch = {
        X: firstRows(X),
        Y: firstRows(Y),
        Z1: firstRows(Z1),
        A1: firstRows(A1),
        Z2: firstRows(Z2),
        A2: firstRows(A2),
        dZ2: firstRows(dZ2),
        dA1: firstRows(dA1),
        dZ1: firstRows(dZ1),
      };
      this.batches.set(N, batch);
    }
    return batch;
  }
}

function copyRows({ data, cols }: Matrix, rows: ArrayLike<number>, { data: into }: Matrix): void {
  let to = 0;
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i] * cols;
    for (let k = start; k < start + cols; k++) into[to++] = data[k];
  }
}

/** Adds b to every row of Z. */
function addRow({ rows, cols, data: z }: Matrix, { data: b }: Matrix): void {
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, k++) z[k] += b[j];
  }
}

/** max(0, Z) as (Z + |Z|) / 2, which is the same number and five times as fast: no branch that nobody can predict. */
function relu({ data: z }: Matrix, { data: a }: Matrix): void {
  for (let k = 0; k < z.length; k++) a[k] = (z[k] + Math.abs(z[k])) * 0.5;
}

/** Writes the probabilities, and returns the mean of ln Σ_k exp(Z_k) − Z_true, each row's maximum subtracted from Z. */
function softmax({ rows, cols, data: z }: Matrix, { data: y }: Matrix, { data: a }: Matrix): number {
  let loss = 0;
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
  return loss / rows;
}

/** (A2 − Y) / N. */
function outputGradient({ rows, data: a }: Matrix, { data: y }: Matrix, { data: dz }: Matrix): void {
  const share = 1 / rows;
  for (let k = 0; k < a.length; k++) dz[k] = (a[k] - y[k]) * share;
}

function columnSums({ rows, cols, data: a }: Matrix, { data: sums }: Matrix): void {
  sums.fill(0);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, k++) sums[j] += a[k];
  }
}

/** dA ⊙ ReLU′(Z). */
function throughRelu({ data: da }: Matrix, { data: z }: Matrix, { data: dz }: Matrix): void {
  for (let k = 0; k < z.length; k++) dz[k] = da[k] * Number(z[k] > 0);
}

/** W ← W − η dW. */
function descend({ data: w }: Matrix, { data: dw }: Matrix, learningRate: number): void {
  for (let k = 0; k < w.length; k++) w[k] -= dw[k] * learningRate;
}
