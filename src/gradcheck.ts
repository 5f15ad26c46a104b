/**
 * Central differences: the slope of a function from its values alone, with an estimate of how far off it may be, and
 * with an eye for kinks, where a function has a different slope on either side.
 */

import type { Matrix } from "./matrix";
import { numberOrKind } from "./matrix";
import { checkShapes } from "./shapes";

/** What central differences tell about a function at one point. */
export interface Slope {
  /** (f(x+h) − f(x−h)) / 2h. */
  readonly central: number;
  /** The slope to the left of x, (f(x) − f(x−h)) / h. */
  readonly left: number;
  /** The slope to the right of x, (f(x+h) − f(x)) / h. */
  readonly right: number;
  /** An estimate of |central − f′(x)|: what halving h changes, what a small kink may do, and rounding in the terms that change. */
  readonly error: number;
  /** An estimate of how far `left` and `right` are off, which is far more: their truncation error is ∝ h, not ∝ h². */
  readonly sideError: number;
  /** Whether f has a kink at x, or so close (about h/5) that it shows. Then f′(x), if there is one, lies between `left` and `right`. */
  readonly kink: boolean;
  /** The step h that was used. */
  readonly step: number;
}

/** The ratio of h to the scale of x that balances truncation, ∝ h², against rounding, ∝ ε/h: ∛ε ≈ 6e-6. */
export const RELATIVE_STEP = Math.cbrt(Number.EPSILON);

/**
 * The slope of f at x by central differences.
 *
 * @param f a function of one number. It may return the terms of a sum instead of the sum; the terms that do not change
 *   with x then cancel exactly and add no rounding error.
 * @param x where
 * @param step the step h; by default ∛ε · max(1, |x|)
 * @returns the slope at x and on either side, how far off they may be, and whether there is a kink
 * @throws if x or the step is not finite, or the step not positive
 */
export function centralDifference(
  f: (x: number) => number | readonly number[],
  x: number,
  step: number = RELATIVE_STEP * Math.max(1, Math.abs(x)),
): Slope {
  if (!Number.isFinite(x)) throw new RangeError(`centralDifference: x is ${x}; expected a finite number`);
  if (!(step > 0) || !Number.isFinite(step)) {
    throw new RangeError(`centralDifference: step is ${step}; expected a positive number`);
  }
  const terms = (at: number) => [f(at)].flat();
  const here = terms(x);
  const at = (h: number) => {
    // What x + h and x − h really are once they are rounded: that distance counts, not h.
    const [up, down] = [x + h, x - h];
    const [above, below] = [terms(up), terms(down)];
    return {
      central: difference(above, below) / (up - down),
      left: difference(here, below) / (x - down),
      right: difference(above, here) / (up - x),
      rounding: (Number.EPSILON * moving(above, below)) / (up - down),
    };
  };
  const whole = at(step);
  const half = at(step / 2);
  const jump = Math.abs(half.right - half.left);
  // Curvature makes the two sides differ in proportion to h; a kink by the same amount however small h is.
  const noise = 16 * (whole.rounding + half.rounding) + 1e-9 * (Math.abs(half.left) + Math.abs(half.right));
  const rounding = 4 * (whole.rounding + half.rounding);
  const kink = jump > noise && jump > 0.75 * Math.abs(whole.right - whole.left);
  // A kink too small to be told from curvature shifts `central` by half of what the slope jumps there.
  const unnoticed = Math.abs(2 * (half.right - half.left) - (whole.right - whole.left)) / 2;
  return {
    central: whole.central,
    left: whole.left,
    right: whole.right,
    // The error is ∝ h², so halving h takes away three quarters of it.
    error: (4 / 3) * Math.abs(whole.central - half.central) + unnoticed + rounding,
    sideError: 2 * Math.max(Math.abs(whole.left - half.left), Math.abs(whole.right - half.right)) + rounding,
    kink,
    step,
  };
}

/**
 * The gradient of a function of a matrix, entry by entry, by central differences.
 *
 * @param f a function of a matrix, like the loss as a function of W1; it must not keep or change its argument
 * @param at where; any shape
 * @param step the step h, the same for every entry; by default ∛ε · max(1, |entry|)
 * @returns the gradient, shaped as `at`
 * @throws if `at` is no Matrix, an entry is NaN or infinite, the step is not a positive number, or f returns no finite number
 */
export function numericalGradient(f: (at: Matrix) => number, at: Matrix, step?: number): Matrix {
  checkShapes("numericalGradient(at: rows×cols)", at);
  return at.map((x, row, col) => {
    const along = (moved: number) => {
      const value = f(at.map((entry, i, j) => (i === row && j === col ? moved : entry)));
      if (Number.isFinite(value)) return value;
      throw new RangeError(
        `numericalGradient: f returns ${numberOrKind(value)} where entry (${row}, ${col}) is ${moved}; expected a finite number`,
      );
    };
    return centralDifference(along, x, step).central;
  });
}

/**
 * The relative error |a − b| / max(|a|, |b|), and 0 where both are 0.
 *
 * @param a a number, such as an entry of a gradient
 * @param b what it is compared with, in the same unit
 * @returns a number without a unit: 0 if they are equal, at most 1 if they have one sign, at most 2 if not; Infinity where
 *   a − b overflows; NaN if either is NaN or an infinity that the other is not
 */
export function relativeError(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
}

/** Σ (a − b), term by term. */
function difference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, k) => total + (value - b[k]), 0);
}

/** Σ (|a| + |b|) over the terms that differ: what rounding errors are proportional to. */
function moving(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, k) => (value === b[k] ? total : total + Math.abs(value) + Math.abs(b[k])), 0);
}
