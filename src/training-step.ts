/**
 * One step of training, over and over: forward pass, backward pass and update on the next mini-batch; and the score on many
 * samples, as many at a time.
 *
 * The equations are those of `forward`, `backward` and `sgdStep`, in the same order and with the same bits. What differs is
 * where results go: into matrices that were made once, before the first step, and that every step overwrites. And nothing is
 * checked, because samples and parameters were checked before the first step and every other matrix is made here.
 */
import type { Gradients } from "./backward";
import type { Cache, Parameters } from "./forward";
import {
  addRow,
  addRowThenRelu,
  columnSums,
  copyRows,
  countRight,
  descend,
  markPositive,
  outputGradient,
  shareOfZeros,
  softmax,
  throughRelu,
} from "./in-place";
import { Matrix } from "./matrix";
import { workingArrays } from "./product/product";
import { WorkingMemory } from "./product/working-memory";
import type { Samples } from "./samples";

/** The matrices of a mini-batch of one size. Z1, Z2 and dA1 are never there for long: A1, A2 and dZ1 take their places. */
type Batch = Samples & Pick<Cache, "A1" | "A2"> & Pick<Gradients, "dZ2" | "dZ1">;

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

  /**
   * @param data where mini-batches are taken from
   * @param parameters where the first step starts; copied
   * @param batchSize the most samples that a step will be given
   */
  constructor(data: Samples, parameters: Parameters, batchSize: number) {
    const [N, D, H, C] = [batchSize, data.X.cols, parameters.W1.cols, parameters.W2.cols];
    const layers = 2 * (D * H + H + H * C + C);
    const numbers = workingArrays(layers + N * (D + 2 * H + 3 * C), Math.max(H, C));
    const matrix = (rows: number, cols: number) => new Matrix(rows, cols, numbers(rows * cols));
    this.data = data;
    this.parameters = { W1: matrix(D, H), b1: matrix(1, H), W2: matrix(H, C), b2: matrix(1, C) };
    this.gradients = { dW1: matrix(D, H), db1: matrix(1, H), dW2: matrix(H, C), db2: matrix(1, C) };
    this.full = {
      X: matrix(N, D),
      Y: matrix(N, C),
      A1: matrix(N, H),
      A2: matrix(N, C),
      dZ2: matrix(N, C),
      dZ1: matrix(N, H),
    };
    if (shareOfZeros(data.X) >= SPARSE) WorkingMemory.of(this.full.X.data)?.skipZerosOf(this.full.X.data);
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
    const batch = this.batchOf(rows.length);
    const { X, Y, A1, A2, dZ2, dZ1 } = batch;
    copyRows(this.data.X, rows, X);
    copyRows(this.data.Y, rows, Y);
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

  /** Loss and accuracy on samples that have been checked, and the share of hidden units that are on for none of them. */
  score({ X, Y }: Samples): { loss: number; accuracy: number; deadUnits: number } {
    const on = new Uint8Array(this.parameters.W1.cols);
    let [losses, right] = [0, 0];
    for (let start = 0; start < X.rows; start += this.full.X.rows) {
      const end = Math.min(start + this.full.X.rows, X.rows);
      const batch = this.batchOf(end - start);
      batch.X.data.set(X.data.subarray(start * X.cols, end * X.cols));
      batch.Y.data.set(Y.data.subarray(start * Y.cols, end * Y.cols));
      losses = this.forward(batch, losses);
      right += countRight(batch.A2, batch.Y);
      markPositive(batch.A1, on);
    }
    const dead = on.filter((unit) => unit === 0).length;
    return { loss: losses / X.rows, accuracy: right / X.rows, deadUnits: dead / on.length };
  }

  /** Fills A1 and A2, and returns `losses` with the losses of the batch added. */
  private forward({ X, Y, A1, A2 }: Batch, losses: number): number {
    const { W1, b1, W2, b2 } = this.parameters;
    addRowThenRelu(X.times(W1, A1), b1); // E1, E2
    addRow(A1.times(W2, A2), b2); // E3
    return softmax(A2, Y, losses); // E4, E6
  }

  private batchOf(N: number): Batch {
    let batch = this.batches.get(N);
    if (batch === undefined) {
      const firstRows = ({ cols, data }: Matrix) => new Matrix(N, cols, data.subarray(0, N * cols));
      const { X, Y, A1, A2, dZ2, dZ1 } = this.full;
      batch = {
        X: firstRows(X),
        Y: firstRows(Y),
        A1: firstRows(A1),
        A2: firstRows(A2),
        dZ2: firstRows(dZ2),
        dZ1: firstRows(dZ1),
      };
      this.batches.set(N, batch);
    }
    return batch;
  }
}
