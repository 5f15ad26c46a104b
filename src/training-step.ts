/**
 * One step of training, over and over: forward pass, backward pass and update on the next mini-batch; and the score on many
 * samples, as many at a time.
 *
 * The equations are those of `forward`, `backward` and `sgdStep`, in the same order and with the same bits. What differs is
 * where results go: into matrices that were made once, before the first step, and that every step overwrites. And nothing is
 * checked, because samples and parameters were checked before the first step and every other matrix is made here.
 */
import type { Gradients } from "./backward";
import type { Samples } from "./data/samples";
import { workingMemory } from "./engine/product";
import type { Cache, Parameters } from "./forward";
import {
  addAll,
  addRow,
  addRowThenRelu,
  columnSums,
  copyRows,
  countRight,
  descend,
  outputGradient,
  shareOfZeros,
  softmax,
  squares,
  throughRelu,
} from "./in-place";
import { Matrix } from "./matrix";
import { nonzeros, SparseBatch, SparseRows } from "./sparse-batch";

/** The matrices of a mini-batch of one size. Z1, Z2 and dA1 are never there for long: A1, A2 and dZ1 take their places. */
interface Batch extends Pick<Cache, "A1" | "A2">, Pick<Gradients, "dZ2" | "dZ1"> {
  readonly X: Matrix | SparseBatch;
  readonly Y: Matrix;
  /** The loss of each sample. */
  readonly losses: Matrix;
}

/** The gradients of the parameters. */
export type ParameterGradients = Pick<Gradients, "dW1" | "db1" | "dW2" | "db2">;

/** From this share of zeros on, it takes less time to skip what is multiplied with them: half of the pixels of digits are 0. */
const SPARSE = 0.45;

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
  /** The inputs without zeros, if zeros are skipped. */
  private readonly sparse = new Map<Matrix, SparseRows>();
  /** Room for a number for each hidden unit, and for one for each row of a matrix of parameters. */
  private readonly sums: { readonly units: Matrix; readonly rows: Matrix };
  /** Which samples are in the memory of the largest mini-batch: the first `count` of `rows`. */
  private readonly loaded: { samples?: Samples; count: number; readonly rows: Int32Array };

  /**
   * @param data where mini-batches are taken from; not to be changed while there are steps to come
   * @param parameters where the first step starts; copied
   * @param batchSize the most samples that a step will be given
   * @param test further samples that will be scored; not to be changed either
   */
  constructor(data: Samples, parameters: Parameters, batchSize: number, test?: Samples) {
    const [N, D, H, C] = [batchSize, data.X.cols, parameters.W1.cols, parameters.W2.cols];
    const inputs = shareOfZeros(data.X) < SPARSE ? [] : [...new Set([data.X, test?.X ?? data.X])];
    const counts = inputs.map(nonzeros);
    const size = { rows: N, cols: D, values: most(N, counts) };
    const [layers, batch, sums] = [2 * (D * H + H + H * C + C), N * (2 * H + 3 * C + 1), H + Math.max(D, H)];
    const sparse = counts.reduce((room, rows) => room + SparseRows.room(rows.reduce((a, b) => a + b, 0)), 0);
    const room = layers + batch + sums + (sparse > 0 ? sparse + SparseBatch.room(size) : N * D);
    const memory = workingMemory(room, Math.max(H, C));
    const numbers = (length: number) => memory?.take(length) ?? new Float64Array(length);
    const matrix = (rows: number, cols: number) => new Matrix(rows, cols, numbers(rows * cols));
    this.data = data;
    this.parameters = { W1: matrix(D, H), b1: matrix(1, H), W2: matrix(H, C), b2: matrix(1, C) };
    this.gradients = { dW1: matrix(D, H), db1: matrix(1, H), dW2: matrix(H, C), db2: matrix(1, C) };
    this.full = {
      X: memory && sparse > 0 ? new SparseBatch(memory, size) : matrix(N, D),
      Y: matrix(N, C),
      A1: matrix(N, H),
      A2: matrix(N, C),
      losses: matrix(N, 1),
      dZ2: matrix(N, C),
      dZ1: matrix(N, H),
    };
    this.sums = { units: matrix(1, H), rows: matrix(Math.max(D, H), 1) };
    this.loaded = { count: 0, rows: new Int32Array(N) };
    if (memory) for (const [k, X] of inputs.entries()) this.sparse.set(X, new SparseRows(memory, X, counts[k]));
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
    const batch = this.load(this.data, rows);
    const { X, Y, A1, A2, dZ2, dZ1 } = batch;
    const losses = this.forward(batch, 0);

    outputGradient(A2, Y, dZ2); // E10
    A1.T.times(dZ2, dW2); // E11
    columnSums(dZ2, db2); // E12
    throughRelu(dZ2.times(W2.T, dZ1), A1); // E13, E15
    X.T.times(dZ1, dW1); // E16
    columnSums(dZ1, db1); // E17

    descend(W1, dW1, learningRate);
    descend(b1, db1, learningRate);
    descend(W2, dW2, learningRate);
    descend(b2, db2, learningRate);
    return losses / rows.length;
  }

  /**
   * Loss and accuracy, and the share of hidden units that are on for none of the samples.
   *
   * @param samples `data` or `test`
   */
  score(samples: Samples): { loss: number; accuracy: number; deadUnits: number } {
    const N = samples.X.rows;
    const { units } = this.sums;
    const on = new Uint8Array(units.cols);
    let [losses, right] = [0, 0];
    for (let start = 0; start < N; start += this.full.Y.rows) {
      const rows = Int32Array.from({ length: Math.min(this.full.Y.rows, N - start) }, (_, i) => start + i);
      const batch = this.load(samples, rows);
      losses = this.forward(batch, losses);
      right += countRight(batch.A2, batch.Y);
      columnSums(batch.A1, units);
      for (let j = 0; j < on.length; j++) on[j] |= Number(units.data[j] > 0);
    }
    const dead = on.filter((unit) => unit === 0).length;
    return { loss: losses / N, accuracy: right / N, deadUnits: dead / on.length };
  }

  /** ‖A‖, the root of the sum of the squared entries (Frobenius), of parameters or their gradients. */
  norm(A: Matrix): number {
    const { rows } = this.sums;
    squares(A, rows);
    let sum = 0;
    for (let i = 0; i < A.rows; i++) sum += rows.data[i];
    return Math.sqrt(sum);
  }

  /** Fills A1 and A2, and returns `losses` with the losses of the batch added. */
  private forward({ X, Y, A1, A2, losses: each }: Batch, losses: number): number {
    const { W1, b1, W2, b2 } = this.parameters;
    addRowThenRelu(X.times(W1, A1), b1); // E1, E2
    addRow(A1.times(W2, A2), b2); // E3
    softmax(A2, Y, each); // E4, E6
    return addAll(each, losses);
  }

  /** The mini-batch of these samples: copied, unless they are those of the last step, as where every step takes all samples. */
  private load(samples: Samples, rows: ArrayLike<number>): Batch {
    const batch = this.batchOf(rows.length);
    const { loaded } = this;
    if (loaded.samples === samples && loaded.count === rows.length && sameStart(loaded.rows, rows)) {
      return batch;
    }
    loaded.samples = undefined;
    const sparse = this.sparse.get(samples.X);
    if (batch.X instanceof SparseBatch && sparse) batch.X.take(sparse, rows);
    else if (batch.X instanceof Matrix) copyRows(samples.X, rows, batch.X);
    else throw new RangeError("TrainingStep: these samples are neither `data` nor `test`");
    copyRows(samples.Y, rows, batch.Y);
    loaded.rows.set(rows);
    loaded.count = rows.length;
    loaded.samples = samples;
    return batch;
  }

  private batchOf(N: number): Batch {
    let batch = this.batches.get(N);
    if (batch === undefined) {
      const firstRows = ({ cols, data }: Matrix) => new Matrix(N, cols, data.subarray(0, N * cols));
      const { X, Y, A1, A2, losses, dZ2, dZ1 } = this.full;
      batch = {
        X: X instanceof SparseBatch ? X : firstRows(X),
        Y: firstRows(Y),
        A1: firstRows(A1),
        A2: firstRows(A2),
        losses: firstRows(losses),
        dZ2: firstRows(dZ2),
        dZ1: firstRows(dZ1),
      };
      this.batches.set(N, batch);
    }
    return batch;
  }
}

/** Whether the first of the rows that are loaded are these. */
function sameStart(loaded: Int32Array, rows: ArrayLike<number>): boolean {
  for (let i = 0; i < rows.length; i++) if (loaded[i] !== rows[i]) return false;
  return true;
}

/** How many values N rows have, at most, if rows have so many. */
function most(N: number, counts: readonly Int32Array[]): number {
  return N * counts.reduce((most, rows) => rows.reduce((a, b) => Math.max(a, b), most), 0);
}
