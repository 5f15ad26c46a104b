/** What happened when an implementation was called, for the diagnosis. */
import type { Matrix } from "../matrix";
import type { Outcome } from "./outcome";

/** One call of the implementation: what went in, what came back, what is right. */
export interface Trial {
  /** The situation's name. */
  readonly situation: string;
  readonly args: readonly Matrix[];
  /** Every matrix of the situation by its name; of a whole `backward`, the right gradients as well. */
  readonly symbols: Readonly<Record<string, Matrix>>;
  readonly outcome: Outcome;
  /** The right answer. */
  readonly right: Matrix;
  /** Whether every oracle accepts it. */
  readonly accepted: boolean;
  /** The places, counted row after row, of the entries that an oracle rejects; none if there is nothing to compare. */
  readonly rejected: readonly number[];
  /** The largest difference from it that rounding explains. */
  readonly slack: number;
  /** The letters of the shapes, as numbers: `{ N: 5, C: 3 }`. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** A trial that brought a matrix back. */
export interface Answered extends Trial {
  readonly got: Matrix;
}

/** The trials in which the implementation returned a matrix, of whatever shape. */
export function answered(trials: readonly Trial[]): Answered[] {
  return trials.flatMap((trial) => (trial.outcome.kind === "matrix" ? [{ ...trial, got: trial.outcome.value }] : []));
}

/** Whether an answer has the shape that it should have. */
export function fitsShape({ got, right }: Answered): boolean {
  return got.rows === right.rows && got.cols === right.cols;
}

/** A sentence on one trial, with its inputs' name unless these are the ones that the verdict tells of, the first wrong ones. */
export function toldOf(trial: Trial, trials: readonly Trial[], sentence: string): string {
  const isTheOneTold = trials.find(({ accepted }) => !accepted)?.args === trial.args;
  return isTheOneTold ? sentence : `On ${trial.situation}: ${sentence}`;
}
