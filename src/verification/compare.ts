/** Holds an answer against what the oracles expect, entry by entry. */
import type { Matrix } from "../matrix";
import type { Expectation } from "../oracles/expectation";

/** How one answer compares with one set of expectations. */
export interface Comparison {
  /** Whether every oracle accepts every entry. */
  readonly accepted: boolean;
  /** The largest |got − expected|, measured against the most exact oracle. */
  readonly maxAbsError: number;
  /** The largest |got − expected| / |expected|; 0 where both are 0, infinite where only the expected value is. */
  readonly maxRelError: number;
  /** The closest call: the largest error as a share of what rounding explains in its entry; 1 is the most. */
  readonly share: number;
  /** That error, absolute, and what was expected there. */
  readonly error: number;
  readonly of: number;
  /** The most that rounding explains: the largest absolute tolerance, and the largest relative to |expected|. */
  readonly tolerance: { readonly absolute: number; readonly relative: number };
  /** The entry that is furthest from acceptable, if one is not accepted. */
  readonly worst?: Entry;
  /** The oracles that do not accept the answer. */
  readonly rejectedBy: readonly Expectation["oracle"][];
}

/** One entry, with what it should be and how far off it may be. */
export interface Entry {
  readonly row: number;
  readonly col: number;
  readonly expected: number;
  readonly got: number;
  readonly tolerance: number;
}

/**
 * @param got the answer, shaped like the expectations
 * @param expectations what each oracle says, the most exact one first
 */
export function compare(got: Matrix, expectations: readonly Expectation[]): Comparison {
  const [exact] = expectations;
  let [maxAbsError, maxRelError, absolute, relative] = [0, 0, 0, 0];
  let closest = { share: 0, error: 0, of: 0 };
  let worst: (Entry & { excess: number }) | undefined;
  const rejectedBy = new Set<Expectation["oracle"]>();
  for (let k = 0; k < got.data.length; k++) {
    const [value, expected] = [got.data[k], exact.expected.data[k]];
    const off = distance(value, expected);
    maxAbsError = Math.max(maxAbsError, off);
    maxRelError = Math.max(maxRelError, off === 0 ? 0 : off / Math.abs(expected));
    const tolerance = (exact.high.data[k] - exact.low.data[k]) / 2;
    if (off / tolerance > closest.share) closest = { share: off / tolerance, error: off, of: expected };
    if (Number.isFinite(tolerance)) {
      absolute = Math.max(absolute, tolerance);
      if (expected !== 0) relative = Math.max(relative, tolerance / Math.abs(expected));
    }
    const against = expectations.filter(({ low, high }) => !(value >= low.data[k] && value <= high.data[k]));
    for (const { oracle } of against) rejectedBy.add(oracle);
    if (against.length === 0) continue;
    const said = against[0].expected.data[k];
    const excess = distance(value, said);
    if (worst === undefined || excess > worst.excess) {
      worst = { row: Math.floor(k / got.cols), col: k % got.cols, expected: said, got: value, tolerance, excess };
    }
  }
  const { excess: _, ...entry } = worst ?? { excess: 0 };
  return {
    accepted: worst === undefined,
    maxAbsError,
    maxRelError,
    ...closest,
    tolerance: { absolute, relative },
    worst: worst === undefined ? undefined : (entry as Entry),
    rejectedBy: [...rejectedBy],
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
export function differing(a: Matrix, b: Matrix, slack: number): number[] {
  const scale = b.data.reduce((max, x) => (Number.isFinite(x) ? Math.max(max, Math.abs(x)) : max), 0);
  return Array.from(a.data.keys()).filter((k) => {
    const [x, y] = [a.data[k], b.data[k]];
    return !(Object.is(x, y) || x === y || Math.abs(x - y) <= 1e-9 * Math.abs(y) + 1e-12 * scale + 16 * slack);
  });
}
