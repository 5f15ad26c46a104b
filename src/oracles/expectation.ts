/**
 * What an oracle says an answer must be: a value for every entry, and an interval around it that rounding explains.
 */
import { centralDifference, RELATIVE_STEP, type Slope } from "../gradcheck";
import { Matrix } from "../matrix";
import { type Arithmetic, decimal30, float64 } from "./arithmetic";
import { dual, variable } from "./dual";
import { lift, type Rows } from "./scalar-network";

/** The verdict of one oracle on one set of inputs. */
export interface Expectation {
  /** Who says so. */
  readonly oracle: "dual numbers" | "central differences" | "30-digit arithmetic" | "rational numbers" | "PyTorch";
  /** The answer, entry by entry. */
  readonly expected: Matrix;
  /** The smallest and largest number that is accepted for each entry. */
  readonly low: Matrix;
  readonly high: Matrix;
}

/** ε of float64: the distance from 1 to the next number. */
const EPSILON = Number.EPSILON;

/** How many times K·ε·Σ|terms| an entry may be off, K being the number of terms in a sum. */
export const ROUNDING_FACTOR = 8;

/** Allowed on top of that: what is lost where numbers underflow. */
export const ABSOLUTE_TOLERANCE = 1e-300;

/**
 * Accepts |Δ| ≤ atol + c · K · ε · Σ|terms|.
 *
 * @param expected the exact answer, rounded to float64
 * @param terms Σ|terms| of each entry
 * @param count K, the largest number of terms that any entry sums
 */
export function withinRounding(
  oracle: Expectation["oracle"],
  expected: Matrix,
  terms: Matrix,
  count: number,
): Expectation {
  const tolerance = terms.map((t, i, j) =>
    Number.isFinite(expected.get(i, j)) ? ABSOLUTE_TOLERANCE + ROUNDING_FACTOR * count * EPSILON * t : 0,
  );
  return { oracle, expected, low: expected.minus(tolerance), high: expected.plus(tolerance) };
}

/** For every kind of number, a function of a matrix: the terms whose sum is to be differentiated. */
export type Objective = <T>(ar: Arithmetic<T>) => (at: Rows<T>) => T[];

/** A function from a row of numbers to a row of numbers, of any kind. */
export type RowMap = <T>(ar: Arithmetic<T>, at: readonly T[]) => T[];

/** How large a step central differences take at x, before it is made smaller by ∛ε. */
export type StepScale = (x: number) => number;

/** Steps for functions that change over distances of about 1, or of x itself where that is larger. */
export const unitScale: StepScale = (x) => Math.max(1, Math.abs(x));

/** Steps for functions such as ln x, that change over distances in proportion to x. */
export const ownScale: StepScale = (x) => Math.max(Math.abs(x), 1e-290);

/**
 * The gradient of an objective by dual numbers and by central differences.
 *
 * @param objective the terms of the function, which is run on both kinds of number
 * @param at where the gradient is taken
 * @param count K, the largest number of terms that an entry of the gradient sums
 * @param scale the scale of the steps
 */
export function gradientExpectations(
  objective: Objective,
  at: Matrix,
  count: number,
  scale: StepScale = unitScale,
): Expectation[] {
  const rows = at.toRows();
  const fixed = lift(dual, rows);
  const onDuals = objective(dual);
  const onNumbers = objective(float64);
  const derivatives = rows.map((row, i) =>
    row.map((x, j) => {
      const moved = fixed.map((r, ii) => (ii === i ? r.map((d, jj) => (jj === j ? variable(x) : d)) : r));
      const terms = onDuals(moved);
      // What rounding in the terms that depend on x does to a difference of values over a step.
      const rounding = terms.reduce((total, t) => total + (t.terms === 0 ? 0 : t.rounding), 0);
      return { ...terms.reduce(dual.plus), noise: (EPSILON * rounding) / (RELATIVE_STEP * scale(x)) };
    }),
  );
  const slopes = rows.map((row, i) =>
    row.map((x, j) => {
      const along = (xx: number) =>
        onNumbers(rows.map((r, ii) => (ii === i ? r.map((v, jj) => (jj === j ? xx : v)) : r)));
      return centralDifference(along, x, RELATIVE_STEP * scale(x));
    }),
  );
  const expected = at.map((_, i, j) => derivatives[i][j].du);
  const terms = at.map((_, i, j) => derivatives[i][j].terms);
  const noise = at.map((_, i, j) => derivatives[i][j].noise);
  return [withinRounding("dual numbers", expected, terms, count), betweenSlopes(slopes, terms, noise)];
}

/**
 * The Jacobian ∂out_j/∂in_k of a map from rows to rows, by dual numbers and by central differences.
 *
 * @param f the map
 * @param at 1×C, where
 * @param count K, the largest number of terms that an entry sums
 */
export function jacobianExpectations(f: RowMap, at: Matrix, count: number): Expectation[] {
  const rows = Array.from({ length: at.cols }, (_, j) =>
    gradientExpectations(
      <T>(ar: Arithmetic<T>) =>
        (z: Rows<T>) => [f(ar, z[0])[j]],
      at,
      count,
    ),
  );
  const stack = (pick: (row: Expectation) => Matrix, oracle: number) =>
    Matrix.generate(at.cols, at.cols, (j, k) => pick(rows[j][oracle]).data[k]);
  return rows[0].map(({ oracle }, o) => ({
    oracle,
    expected: stack((row) => row.expected, o),
    low: stack((row) => row.low, o),
    high: stack((row) => row.high, o),
  }));
}

/**
 * The values of a function, computed with 30 digits and rounded once.
 *
 * @param compute the function, which is run on numbers of 30 digits
 * @param termsOf Σ|terms| of each entry, which may depend on the values
 * @param count K, the largest number of terms that an entry sums
 */
export function valueExpectation(
  compute: <T>(ar: Arithmetic<T>) => Rows<T>,
  termsOf: (values: Matrix) => Matrix,
  count: number,
): Expectation {
  const rows = compute(decimal30);
  const values = Matrix.generate(rows.length, rows[0].length, (i, j) => rows[i][j].toNumber());
  return withinRounding("30-digit arithmetic", values, termsOf(values), count);
}

/** Accepts what central differences cannot tell from the slope, and at a kink all that lies between the two sides. */
function betweenSlopes(slopes: readonly (readonly Slope[])[], terms: Matrix, noise: Matrix): Expectation {
  const tolerance = (i: number, j: number) => {
    const { kink, error, sideError } = slopes[i][j];
    return ABSOLUTE_TOLERANCE + 4 * ((kink ? sideError : error) + noise.get(i, j)) + 1e-9 * terms.get(i, j);
  };
  return {
    oracle: "central differences",
    expected: terms.map((_, i, j) => slopes[i][j].central),
    low: terms.map((_, i, j) => {
      const { central, left, right, kink } = slopes[i][j];
      return (kink ? Math.min(left, right) : central) - tolerance(i, j);
    }),
    high: terms.map((_, i, j) => {
      const { central, left, right, kink } = slopes[i][j];
      return (kink ? Math.max(left, right) : central) + tolerance(i, j);
    }),
  };
}
