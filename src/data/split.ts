/** Samples that are split: some to learn from, some to test on. */
import type { DataFrame } from "nodejs-polars";
import type { Matrix } from "../matrix";
import { Random } from "../random";
import { checkSeed, checkShare } from "../shapes";
import { oneHot } from "./labels";
import { type Samples, takeRows } from "./samples";

/** Samples that know where in the table they come from. */
export interface LabelledSamples extends Samples {
  /** N class ids: the columns of Y in which the ones are. */
  readonly labels: readonly number[];
  /** N row numbers of the table, counted from 0. */
  readonly rows: readonly number[];
}

/** A table made ready for the network, split into samples to learn from and samples to test on. */
export interface Dataset {
  /** The samples to learn from. */
  readonly training: LabelledSamples;
  /** The samples to test on; none of them is in `training`. */
  readonly test: LabelledSamples;
  /** C, the number of classes. */
  readonly classes: number;
  /** C names: class id k is `classNames[k]`. */
  readonly classNames: readonly string[];
  /** D names: column k of X is `features[k]`. */
  readonly features: readonly string[];
  /** The table as it was read. */
  readonly frame: DataFrame;
}

/** How a table is split. */
export interface SplitOptions {
  /** Which rows are drawn for the test part: the same seed, the same rows. 1 by default. */
  readonly seed?: number;
  /** The share of rows that are kept for the test, between 0 and 1; 0.2 by default. */
  readonly testShare?: number;
}

/** Row numbers of the two parts. */
export interface Split {
  readonly training: number[];
  readonly test: number[];
}

/**
 * Draws the test rows, the same share of every class, and returns both parts in random order.
 *
 * @param fn the function's name, for messages
 * @param labels N class ids
 * @param classNames C names
 * @param options seed and share
 * @throws if an option is out of range, a class would have no row left to learn from, or no row would be left to test on
 */
export function splitRows(
  fn: string,
  labels: readonly number[],
  classNames: readonly string[],
  { seed = 1, testShare = 0.2 }: SplitOptions,
): Split {
  checkShare(fn, "testShare", testShare);
  checkSeed(fn, seed);
  const random = new Random(seed);
  const order = random.permutation(labels.length);
  const isTest = new Set<number>();
  classNames.forEach((name, id) => {
    const rows = order.filter((row) => labels[row] === id);
    const kept = Math.round(testShare * rows.length);
    if (kept === rows.length) {
      throw new RangeError(
        `${fn}: class "${name}" has ${rows.length} rows; with a testShare of ${testShare} none is left to learn from`,
      );
    }
    for (const row of rows.slice(0, kept)) isTest.add(row);
  });
  if (isTest.size === 0) {
    throw new RangeError(
      `${fn}: the table has ${labels.length} rows of ${classNames.length} classes; expected enough for a testShare of ${testShare} of each class`,
    );
  }
  // The first rows of every class are gone to the test part, so what is left of `order` is no longer random.
  const mixed = random.permutation(labels.length);
  return { training: mixed.filter((row) => !isTest.has(row)), test: mixed.filter((row) => isTest.has(row)) };
}

/**
 * The samples of some rows.
 *
 * @param X N×D
 * @param labels N class ids
 * @param classes C
 * @param rows row numbers of X, counted from 0
 * @param origin what rows of the table the rows of X were, where that is not the same
 */
export function labelledSamples(
  X: Matrix,
  labels: readonly number[],
  classes: number,
  rows: readonly number[],
  origin?: readonly number[],
): LabelledSamples {
  const ofRows = rows.map((row) => labels[row]);
  return {
    X: takeRows(X, rows),
    Y: oneHot(ofRows, classes),
    labels: ofRows,
    rows: origin === undefined ? rows : rows.map((row) => origin[row]),
  };
}
