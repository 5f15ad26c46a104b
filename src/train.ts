/**
 * Training: gradient descent in small steps, a few samples at a time, and a record of how it went.
 *
 * `Training` is a run that can be stopped, looked at and continued; `train` is one from start to end.
 */
import { backward, type Gradients } from "./backward";
import { accuracy } from "./data/labels";
import { type Samples, takeSamples } from "./data/samples";
import { type Activation, crossEntropyFromLogits, forward, type Network, type Parameters } from "./forward";
import { kindOf, Matrix, scope } from "./matrix";
import { checkRandom, type Random } from "./random";
import { checkFit, checkMatrices, checkOneHot, checkPositive, checkShapes, checkWhole, finite } from "./shapes";

/** What is used where nothing is said: with them the digits reach 96 % in a few seconds. */
export const trainingDefaults = { hidden: 32, epochs: 30, batchSize: 32, learningRate: 0.3 } as const;

/** One number for each of the parameters. */
export interface PerParameter {
  readonly W1: number;
  readonly b1: number;
  readonly W2: number;
  readonly b2: number;
}

/** How well the network does on some samples. */
export interface Score {
  /** E6, in nats. */
  readonly loss: number;
  /** The share of samples whose most probable class is the true one, from 0 to 1. */
  readonly accuracy: number;
}

/** All parameters as plain arrays, row after row. */
export interface WeightSnapshot {
  /** D·H numbers: W1_ij is `W1[i * H + j]`. */
  readonly W1: readonly number[];
  /** H numbers. */
  readonly b1: readonly number[];
  /** H·C numbers: W2_ij is `W2[i * C + j]`. */
  readonly W2: readonly number[];
  /** C numbers. */
  readonly b2: readonly number[];
  /** That of the parameters, if they name one. */
  readonly activation?: Activation;
}

/** What is known after an epoch, which is one pass over the training samples. Plain data: it can be written as JSON. */
export interface EpochRecord {
  /** 0 before the first step, then 1, 2, … */
  readonly epoch: number;
  /** On all training samples, after the epoch. */
  readonly training: Score;
  /** On the test samples, if there are any. */
  readonly test?: Score;
  /** ‖dW1‖, ‖db1‖, ‖dW2‖, ‖db2‖: the root of the sum of squares, the mean over the epoch's batches. Not for epoch 0. */
  readonly gradientNorms?: PerParameter;
  /**
   * How far a step moves the weights, relative to their size (‖η dW‖ / ‖W‖ for `sgdStep`), the mean over the epoch's batches. Not for epoch 0;
   * null where the weights are all 0.
   */
  readonly updateRatios?: { readonly W1: number | null; readonly W2: number | null };
  /** The share of hidden units that are off (A1 = 0) on **all** training samples: they get no gradient any more. */
  readonly deadUnits: number;
  /** The parameters after the epoch, every `snapshotEvery` epochs. */
  readonly weights?: WeightSnapshot;
}

/** A run, epoch by epoch: plain data. */
export type History = readonly EpochRecord[];

/** What a run needs. */
export interface TrainingOptions {
  /** The samples to learn from. They are not to be changed while the run goes on, and nor are the test samples. */
  readonly data: Samples;
  /** Samples that are only measured on. */
  readonly test?: Samples;
  /** Where to start, from `initialise`; not changed. Beside them, `activation` may name what the hidden units do. */
  readonly parameters: Network;
  /** Samples per step; the last batch of an epoch may be smaller. */
  readonly batchSize?: number;
  /** η, the length of a step relative to the gradient. */
  readonly learningRate?: number;
  /** How a step is taken: `sgdStep` when left out. */
  readonly step?: Step;
  /** Where the order of the samples is drawn from, anew for each epoch. */
  readonly random: Random;
  /** Weight snapshots every so many epochs, 1 by default; 0 for none. */
  readonly snapshotEvery?: number;
}

/** What `train` needs. */
export interface TrainOptions extends TrainingOptions {
  /** How many times to go over the training samples. */
  readonly epochs?: number;
  /** Called after each epoch, and with epoch 0 before the first. */
  readonly onEpoch?: (record: EpochRecord, history: History) => void;
}

/** What `train` returns. */
export interface TrainingResult {
  /** The parameters after the last epoch. */
  readonly parameters: Parameters;
  /** One record per epoch, epoch 0 included. */
  readonly history: History;
  /** Why the run ended early, if it did. */
  readonly stopped?: string;
}

/**
 * A way to go downhill: new parameters from the ones before, their gradients and η. What it has to remember of earlier steps, such as
 * Adam's moments, it returns among the parameters, under a name of its own, and finds it there the next time.
 *
 *     const momentum: Step = (parameters, gradients, learningRate) => { … return { ...parameters, W1, b1, W2, b2, velocity } };
 */
export type Step = (parameters: Parameters, gradients: Gradients, learningRate: number) => Parameters;

/**
 * One step of gradient descent: W1 ← W1 − η dW1, and so for b1, W2 and b2.
 *
 * @param parameters W1 D×H, b1 1×H, W2 H×C, b2 1×C; not changed
 * @param gradients of the loss with respect to the parameters, of their shapes, from `backward`
 * @param learningRate η
 * @returns the new parameters
 * @throws if a shape does not fit, an entry is NaN or infinite, or the learning rate is not a finite number
 */
export function sgdStep(parameters: Parameters, gradients: Gradients, learningRate: number): Parameters {
  checkMatrices("sgdStep", "parameters", parameters, ["W1", "b1", "W2", "b2"]);
  checkMatrices("sgdStep", "gradients", gradients, ["dW1", "db1", "dW2", "db2"]);
  const { W1, b1, W2, b2 } = parameters;
  const { dW1, db1, dW2, db2 } = gradients;
  checkFit("sgdStep(W1, b1, dW1, db1)", W1, b1, dW1, db1);
  checkFit("sgdStep(W2, b2, dW2, db2, b1)", W2, b2, dW2, db2, b1);
  if (!Number.isFinite(learningRate)) {
    throw new RangeError(`sgdStep: learningRate is ${String(learningRate)}; expected a finite number`);
  }
  return {
    ...parameters,
    W1: finite("sgdStep(W1, dW1)", W1.minus(dW1.scale(learningRate)), W1, dW1),
    b1: finite("sgdStep(b1, db1)", b1.minus(db1.scale(learningRate)), b1, db1),
    W2: finite("sgdStep(W2, dW2)", W2.minus(dW2.scale(learningRate)), W2, dW2),
    b2: finite("sgdStep(b2, db2)", b2.minus(db2.scale(learningRate)), b2, db2),
  };
}

/**
 * One step of training, on one mini-batch: forward pass, backward pass, and a little way downhill.
 *
 * @param batch X N×D, Y N×C one-hot
 * @param parameters W1 D×H, b1 1×H, W2 H×C, b2 1×C; not changed
 * @param learningRate η
 * @param step how the last of the three is done
 * @returns the new parameters, and the gradients that led there
 */
export function trainingStep({ X, Y }: Samples, parameters: Parameters, learningRate: number, step: Step = sgdStep) {
  const cache = forward(X, parameters);
  const gradients = backward(X, Y, parameters, cache);
  return { parameters: step(parameters, gradients, learningRate), gradients };
}

/** So many samples are evaluated at a time: what is computed of them then fits into a processor's cache. */
const TOGETHER = 256;

/**
 * Loss and accuracy of the network on some samples.
 *
 * @param samples X N×D, Y N×C one-hot
 * @param parameters W1 D×H, b1 1×H, W2 H×C, b2 1×C
 * @throws if shapes do not fit or Y is not one-hot
 */
export function evaluate(samples: Samples, parameters: Parameters): Score {
  checkMatrices("evaluate", "samples", samples, ["X", "Y"]);
  const { loss, accuracy } = measure(samples, parameters);
  return { loss, accuracy };
}

/** Loss and accuracy, and the share of hidden units that are off for all samples. */
function measure(samples: Samples, parameters: Parameters): Score & { readonly deadUnits: number } {
  const N = samples.X.rows;
  let [losses, right] = [0, 0];
  const on = new Set<number>();
  for (let start = 0; start < N; start += TOGETHER) {
    const rows = Int32Array.from({ length: Math.min(TOGETHER, N - start) }, (_, i) => start + i);
    scope(() => {
      const { X, Y } = takeSamples(samples, rows);
      const { A1, Z2, A2 } = forward(X, parameters);
      losses += crossEntropyFromLogits(Z2, Y) * rows.length;
      // A whole number, but for rounding.
      right += Math.round(accuracy(A2, Y) * rows.length);
      for (const [unit, sum] of A1.columnSums().toRows()[0].entries()) if (sum !== 0) on.add(unit);
    });
  }
  const units = parameters.b1.cols;
  return { loss: losses / N, accuracy: right / N, deadUnits: (units - on.size) / units };
}

/** Weights beyond this are on their way to infinity; below it no sum of products in the two passes overflows. */
const BOUND = 1e100;

/** How long the steps of an epoch are: what shows that a learning rate is too small, about right, or far too large. */
class StepSizes {
  /** How many steps there were. */
  steps = 0;
  readonly #gradientSums = { W1: 0, b1: 0, W2: 0, b2: 0 };
  readonly #ratios = { W1: { sum: 0, count: 0 }, W2: { sum: 0, count: 0 } };
  /** Those of the parameters, after the last step. */
  #norms: PerParameter;

  constructor(parameters: Parameters) {
    this.#norms = norms(parameters);
  }

  /** Records a step: its gradients, where it led, and how far it moved the weights. */
  record(
    { dW1, db1, dW2, db2 }: Gradients,
    parameters: Parameters,
    moved: (name: "W1" | "W2", gradient: number) => number,
  ): void {
    const sizes = norms({ W1: dW1, b1: db1, W2: dW2, b2: db2 });
    this.steps += 1;
    for (const name of ["W1", "b1", "W2", "b2"] as const) this.#gradientSums[name] += sizes[name];
    for (const name of ["W1", "W2"] as const) {
      if (this.#norms[name] === 0) continue;
      this.#ratios[name].sum += moved(name, sizes[name]) / this.#norms[name];
      this.#ratios[name].count += 1;
    }
    this.#norms = norms(parameters);
  }

  /** Whether the parameters are within bounds. */
  areSound(): boolean {
    const { W1, b1, W2, b2 } = this.#norms;
    return W1 < BOUND && b1 < BOUND && W2 < BOUND && b2 < BOUND;
  }

  /** The means over all steps. */
  means(): Required<Pick<EpochRecord, "gradientNorms" | "updateRatios">> {
    const { W1, b1, W2, b2 } = this.#gradientSums;
    const { steps } = this;
    const ratio = ({ sum, count }: { sum: number; count: number }) => (count === 0 ? null : sum / count);
    return {
      gradientNorms: { W1: W1 / steps, b1: b1 / steps, W2: W2 / steps, b2: b2 / steps },
      updateRatios: { W1: ratio(this.#ratios.W1), W2: ratio(this.#ratios.W2) },
    };
  }
}

function norms({ W1, b1, W2, b2 }: Parameters): PerParameter {
  return { W1: W1.norm(), b1: b1.norm(), W2: W2.norm(), b2: b2.norm() };
}

/**
 * A training run, one epoch after another.
 *
 * Each finished epoch is committed to `parameters` and `history` at once. Interrupted in the middle of an epoch, a run stands
 * where the epoch before ended, and can go on from there: make it in one cell, call `run` in another.
 */
export class Training {
  /** The parameters after the last finished epoch. */
  parameters: Parameters;
  /** One record per finished epoch, epoch 0 (before the first step) included. */
  readonly history: EpochRecord[];
  /** Why the run has ended for good, if it has: a sentence. */
  stopped?: string;

  readonly #options: Required<Omit<TrainingOptions, "parameters" | "test">> & Pick<TrainingOptions, "test">;

  /**
   * Measures the untrained network: that is epoch 0.
   *
   * @throws if shapes do not fit, Y is not one-hot, or a number is out of range:
   *   `train: learningRate is -1; expected a positive number`
   */
  constructor(options: TrainingOptions) {
    const { batchSize, learningRate } = trainingDefaults;
    this.#options = { batchSize, learningRate, step: sgdStep, snapshotEvery: 1, ...withoutUndefined(options) };
    checkOptions(this.#options, options.parameters);
    this.parameters = options.parameters;
    this.history = [this.#record(0, this.parameters)];
  }

  /**
   * One epoch: goes over all training samples once, in random order, a batch at a time; each batch is one step.
   *
   * @returns whether the run goes on; false if it has diverged, and then the epoch leaves no trace but `stopped`
   */
  epoch(): boolean {
    if (this.stopped !== undefined) return false;
    const { data, batchSize, learningRate, random, step } = this.#options;
    const epoch = this.history.length;
    const order = Int32Array.from(random.permutation(data.X.rows));
    const sizes = new StepSizes(this.parameters);
    const parameters = scope(() => {
      let current = this.parameters;
      for (let start = 0; start < order.length && sizes.areSound(); start += batchSize) {
        current = scope((before) => {
          const batch = takeSamples(data, order.subarray(start, start + batchSize));
          const { parameters, gradients } = trainingStep(batch, before, learningRate, step);
          sizes.record(gradients, parameters, (name, gradient) =>
            step === sgdStep ? learningRate * gradient : parameters[name].minus(before[name]).norm(),
          );
          return parameters;
        }, current);
      }
      return current;
    });
    if (!sizes.areSound()) {
      this.stopped = `train: the weights grew beyond all bounds in epoch ${epoch}, step ${sizes.steps}, so the loss is no longer a number; the run has diverged and stands where epoch ${epoch - 1} ended. Try a learning rate below ${learningRate}`;
      console.warn(this.stopped);
      return false;
    }
    const record = this.#record(epoch, parameters, sizes);
    this.parameters = parameters;
    this.history.push(record);
    return true;
  }

  /**
   * Trains for some more epochs.
   *
   * @param epochs a whole number
   * @param onEpoch called after each epoch
   * @returns this run
   */
  run(epochs: number, onEpoch?: (record: EpochRecord, history: History) => void): this {
    checkWhole("train", "epochs", epochs, 0);
    for (let i = 0; i < epochs && this.epoch(); i++) onEpoch?.(this.history[this.history.length - 1], this.history);
    return this;
  }

  /**
   * Trains for some more epochs, with a pause after each in which the kernel can send what `onEpoch` shows and hear an interrupt.
   *
   * @param epochs a whole number
   * @param onEpoch called after each epoch
   * @returns this run
   */
  async runLive(epochs: number, onEpoch?: (record: EpochRecord, history: History) => void): Promise<this> {
    checkWhole("train", "epochs", epochs, 0);
    for (let i = 0; i < epochs && this.stopped === undefined; i++) {
      this.run(1, onEpoch);
      await new Promise((resume) => setImmediate(resume));
    }
    return this;
  }

  /** What is known of these parameters. */
  #record(epoch: number, parameters: Parameters, sizes?: StepSizes): EpochRecord {
    const { data, test, snapshotEvery } = this.#options;
    const { loss, accuracy, deadUnits } = measure(data, parameters);
    return {
      epoch,
      training: { loss, accuracy },
      ...(test && { test: evaluate(test, parameters) }),
      ...sizes?.means(),
      deadUnits,
      ...(snapshotEvery > 0 && epoch % snapshotEvery === 0 && { weights: snapshot(parameters) }),
    };
  }
}

/**
 * Trains the network by mini-batch stochastic gradient descent on the mean loss (E6), for a fixed number of epochs.
 *
 * A run whose weights grow beyond all bounds ends early with a warning; what was reached before is returned.
 *
 * @throws if shapes do not fit, Y is not one-hot, or a number is out of range
 */
export function train({ epochs = trainingDefaults.epochs, onEpoch, ...options }: TrainOptions): TrainingResult {
  checkWhole("train", "epochs", epochs, 0);
  const training = new Training(options);
  onEpoch?.(training.history[0], training.history);
  training.run(epochs, onEpoch);
  const { parameters, history, stopped } = training;
  return { parameters, history, ...(stopped !== undefined && { stopped }) };
}

/**
 * The parameters that a record's weight snapshot holds.
 *
 * @throws if the record has no snapshot
 */
export function parametersOf(record: EpochRecord): Parameters {
  if (typeof record !== "object" || record === null) {
    throw new TypeError(`parametersOf: record is ${kindOf(record)}; expected one of a run's history`);
  }
  const { weights } = record;
  if (weights === undefined) {
    throw new RangeError(`parametersOf: epoch ${record.epoch} has no weight snapshot; train with snapshotEvery: 1`);
  }
  const hidden = weights.b1.length;
  const classes = weights.b2.length;
  return {
    W1: new Matrix(weights.W1.length / hidden, hidden, Float64Array.from(weights.W1)),
    b1: new Matrix(1, hidden, Float64Array.from(weights.b1)),
    W2: new Matrix(hidden, classes, Float64Array.from(weights.W2)),
    b2: new Matrix(1, classes, Float64Array.from(weights.b2)),
    ...(weights.activation && { activation: weights.activation }),
  };
}

function snapshot({ W1, b1, W2, b2, activation }: Network): WeightSnapshot {
  const [weights1, biases1, weights2, biases2] = [W1, b1, W2, b2].map((A) => Array.from(A.data));
  return { W1: weights1, b1: biases1, W2: weights2, b2: biases2, ...(activation && { activation }) };
}

function checkOptions(options: Omit<TrainingOptions, "parameters">, parameters: Parameters): void {
  const { data, test, batchSize, learningRate, step, random, snapshotEvery } = options;
  checkMatrices("train", "data", data, ["X", "Y"]);
  if (test !== undefined) checkMatrices("train", "test", test, ["X", "Y"]);
  checkMatrices("train", "parameters", parameters, ["W1", "b1", "W2", "b2"]);
  const { W1, b1, W2, b2 } = parameters;
  checkShapes("train(data.X: N×D, data.Y: N×C, W1, b1, W2, b2)", data.X, data.Y, W1, b1, W2, b2);
  checkOneHot("train", "data.Y", data.Y);
  if (test !== undefined) {
    checkShapes("train(test.X: N×D, test.Y: N×C, W1, b1, W2, b2)", test.X, test.Y, W1, b1, W2, b2);
    checkOneHot("train", "test.Y", test.Y);
  }
  checkWhole("train", "batchSize", batchSize ?? 1, 1);
  checkPositive("train", "learningRate", learningRate ?? 1);
  checkWhole("train", "snapshotEvery", snapshotEvery ?? 1, 0);
  checkRandom("train", random);
  if (typeof step !== "function")
    throw new TypeError(`train: step is ${kindOf(step)}; expected a function like sgdStep`);
}

/** A left-out option and one that is `undefined` are the same. */
function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
