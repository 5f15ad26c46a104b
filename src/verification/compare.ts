/** Holds an answer against what the oracles expect, entry by entry. */
import type { Matrix } from "../matrix";
import type { Expectation } from "../oracles/expectation";

/** How one answer compares with one set of expectations. */
export interface Comparison {
  /** Whether every oracle accepts every entry. */
  readonly accepted: boolean;
  /** The largest |got − expected|, measured against the most exact oracle. */
  readonly maxAbsError: number;
  /**
   * The largest |got − expected| / |expected|, infinite where only the expected value is 0. An accepted entry that is no
   * larger than its own tolerance does not count: rounding leaves it no digit to be compared.
   */
  readonly maxRelError: number;
  /** The accepted entry that comes closest to its tolerance; none if all are exact. */
  readonly closest?: Entry;
  /** The entry that is furthest off among those that are not accepted. */
  readonly worst?: Entry;
  /** The places, counted row after row, of the entries that are not accepted. */
  readonly rejected: readonly number[];
}

/** One entry, with what one oracle says it should be and how far off it may be. */
export interface Entry {
  /** Whose words these are: the most exact oracle's, unless only another one rejects the entry. */
  readonly oracle: Expectation["oracle"];
  readonly row: number;
  readonly col: number;
  readonly expected: number;
  readonly got: number;
  /** |got − expected|. */
  readonly error: number;
  /** The largest error that this oracle lets pass: what rounding explains, and its own error where it has one. */
  readonly tolerance: number;
}

/**
 * @param got the answer, shaped like the expectations
 * @param expectations what each oracle says, the most exact one first
 */
export function compare(got: Matrix, expectations: readonly Expectation[]): Comparison {
  const [exact] = expectations;
  let [maxAbsError, maxRelError] = [0, 0];
  let closest: Entry | undefined;
  let worst: Entry | undefined;
  const rejected: number[] = [];
  for (let k = 0; k < got.data.length; k++) {
    const against = expectations.find(({ low, high }) => !(got.data[k] >= low.data[k] && got.data[k] <= high.data[k]));
    const entry = entryOf(got, against ?? exact, k);
    const error = distance(got.data[k], exact.expected.data[k]);
    const size = Math.abs(exact.expected.data[k]);
    maxAbsError = Math.max(maxAbsError, error);
    if (error !== 0 && (against !== undefined || entry.tolerance < size))
      maxRelError = Math.max(maxRelError, relative(error, size));
    if (against !== undefined) {
      rejected.push(k);
      worst = worst === undefined || entry.error > worst.error ? entry : worst;
    } else if (entry.error !== 0) {
      closest = closest === undefined || share(entry) > share(closest) ? entry : closest;
    }
  }
  return { accepted: worst === undefined, maxAbsError, maxRelError, closest, worst, rejected };
}

/** The error of an entry as a share of what rounding explains. */
export function share({ error, tolerance }: Entry): number {
  return error / tolerance;
}

/** An error as a share of a number's size; ∞ where the number is infinite and the answer is not the same. */
function relative(error: number, size: number): number {
  return error === Infinity ? Infinity : error / size;
}

function entryOf(got: Matrix, { oracle, expected, low, high }: Expectation, k: number): Entry {
  return {
    oracle,
    row: Math.floor(k / got.cols),
    col: k % got.cols,
    expected: expected.data[k],
    got: got.data[k],
    error: distance(got.data[k], expected.data[k]),
    tolerance: Number.isFinite(expected.data[k]) ? (high.data[k] - low.data[k]) / 2 : 0,
  };
}

/** |a − b|, 0 for equal infinities, infinite for NaN. */
function distance(a: number, b: number): number {
  if (a === b) return 0;
  return Number.isNaN(a - b) ? Infinity : Math.abs(a - b);
}

/**
 * Whether two answers are the same but for rounding. NaN is like NaN, ∞ like ∞.
 *
 * @param slack an absolute difference that rounding explains in the right answer; several times that is let pass
 */
export function alike(a: Matrix, b: Matrix, slack: number): boolean {
  return a.rows === b.rows && a.cols === b.cols && differing(a, b, slack).length === 0;
}

/** The places, counted row after row, in which two answers of one shape differ by more than rounding. */
function differing(a: Matrix, b: Matrix, slack: number): number[] {
  const scale = b.data.reduce((max, x) => (Number.isFinite(x) ? Math.max(max, Math.abs(x)) : max), 0);
  return Array.from(a.data.keys()).filter((k) => {
    const [x, y] = [a.data[k], b.data[k]];
    if (Object.is(x, y) || x === y) return false;
    // ∞ is no more like a number than any other is.
    return !Number.isFinite(y) || !(Math.abs(x - y) <= 1e-9 * Math.abs(y) + 1e-12 * scale + 16 * slack);
  });
}
