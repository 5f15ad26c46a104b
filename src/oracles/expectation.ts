/**
 * What an oracle says an answer must be: a value for every entry, and an interval around it that rounding explains.
 */

import { type Arithmetic, decimal30, float64 } from "../formula/arithmetic";
import { evaluate, type Grid, lifted, terms } from "../formula/evaluate";
import { type Formula, namesIn, type Step } from "../formula/tree";
import { centralDifference, RELATIVE_STEP, type Slope } from "../gradcheck";
import { Matrix } from "../matrix";
import { dual, variable as seeded } from "./dual";
import { rounding } from "./rounding";

/** Matrices by the names of the notes. */
type Symbols = Readonly<Record<string, Matrix>>;

/** The verdict of one oracle on one set of inputs. */
export interface Expectation {
  /** Who says so. */
  readonly oracle:
    | "dual numbers"
    | "central differences"
    | "30-digit arithmetic"
    | "rational numbers"
    | "PyTorch"
    | "reference";
  /** The answer, entry by entry. */
  readonly expected: Matrix;
  /** The smallest and largest number that is accepted for each entry. */
  readonly low: Matrix;
  readonly high: Matrix;
}

/** ε of float64: the distance from 1 to the next number. */
const EPSILON = Number.EPSILON;

/** How many times the error bound of a right spelling an entry may be off, in units of ε. */
export const ROUNDING_FACTOR = 8;

/** Allowed on top of that: what is lost where numbers underflow. */
export const ABSOLUTE_TOLERANCE = 1e-300;

/**
 * Accepts |Δ| ≤ atol + c · ε · error.
 *
 * @param expected the exact answer, rounded to float64
 * @param errors how far rounding may take each entry, in units of ε
 */
export function withinRounding(oracle: Expectation["oracle"], expected: Matrix, errors: Matrix): Expectation {
  const tolerance = errors.map((error, i, j) =>
    Number.isFinite(expected.get(i, j)) ? ABSOLUTE_TOLERANCE + ROUNDING_FACTOR * EPSILON * error : 0,
  );
  return { oracle, expected, low: expected.minus(tolerance), high: expected.plus(tolerance) };
}

/**
 * How far rounding may take each entry, in units of ε, by whichever right spelling it is found.
 *
 * @param spellings the right formulas, all of one result
 * @param symbols what they are computed from
 */
export function roundingErrors(spellings: readonly Formula[], symbols: Symbols): Matrix {
  const known = liftedSymbols(rounding, symbols, ...spellings);
  const found = spellings.map((spelling) => evaluate(spelling, rounding, known));
  const { rows, cols } = found[0];
  return Matrix.generate(rows, cols, (i, j) => Math.max(...found.map(({ data }) => finite(data[i * cols + j].error))));
}

/**
 * The values of a formula, computed with 30 digits and rounded once.
 *
 * @param spellings the formula, and other right ways to write it, which count for the tolerance
 */
export function valueExpectation(spellings: readonly Formula[], symbols: Symbols): Expectation {
  const { rows, cols, data } = evaluate(spellings[0], decimal30, liftedSymbols(decimal30, symbols, spellings[0]));
  const values = Matrix.generate(rows, cols, (i, j) => data[i * cols + j].toNumber());
  return withinRounding("30-digit arithmetic", values, roundingErrors(spellings, symbols));
}

/** What somebody else's right function returns, with as much rounding as nine digits leave. */
export function referenceExpectation(returned: Matrix | number): Expectation {
  const expected = typeof returned === "number" ? new Matrix(1, 1, Float64Array.of(returned)) : returned;
  const largest = expected.data.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  const tolerance = expected.map((x) => 1e-9 * Math.abs(x) + 1e-12 * largest);
  return { oracle: "reference", expected, low: expected.minus(tolerance), high: expected.plus(tolerance) };
}

/** What is differentiated, and with respect to which symbol. */
export interface Derivative {
  /** A formula whose result is one number, like the loss. */
  readonly objective: Formula;
  /** The symbol that it is differentiated with respect to. */
  readonly variable: string;
  /** How large a step central differences take at x, before it is made smaller by ∛ε. */
  readonly scale?: (x: number) => number;
}

/** Steps for functions that change over distances of about 1, or of x itself where that is larger. */
const unitScale = (x: number) => Math.max(1, Math.abs(x));

/** Steps for functions such as ln x, that change over distances in proportion to x. */
export const ownScale = (x: number) => Math.max(Math.abs(x), 1e-290);

/**
 * A gradient by dual numbers and by central differences.
 *
 * @param errors how far rounding may take each entry of it, in units of ε
 */
export function gradientExpectations(
  { objective, variable, scale = unitScale }: Derivative,
  symbols: Symbols,
  errors: Matrix,
): Expectation[] {
  const at = symbols[variable];
  const derivatives = whileMoving(dual, objective, symbols, variable, (move) => (x, k) => {
    const found = move(k, seeded(x));
    // What rounding in the terms that depend on x does to a difference of values over a step.
    const noise = found.reduce((total, term) => total + (term.terms === 0 ? 0 : term.rounding), 0);
    return { ...found.reduce(dual.plus), noise: (EPSILON * noise) / (RELATIVE_STEP * scale(x)) };
  });
  const slopes = whileMoving(
    float64,
    objective,
    symbols,
    variable,
    (move) => (x, k) => centralDifference((xx) => move(k, xx), x, RELATIVE_STEP * scale(x)),
  );
  const matrixOf = (entry: (k: number) => number) => at.map((_, i, j) => entry(i * at.cols + j));
  const sizes = matrixOf((k) => derivatives[k].terms);
  const both = matrixOf((k) => derivatives[k].terms + errors.data[k]);
  return [
    withinRounding(
      "dual numbers",
      matrixOf((k) => derivatives[k].du),
      both,
    ),
    betweenSlopes(
      at,
      slopes,
      sizes,
      matrixOf((k) => derivatives[k].noise),
    ),
  ];
}

/**
 * The Jacobian ∂out_j/∂in_k of a formula from a row to a row, by dual numbers and by central differences.
 *
 * @param of its result is a row, or has rows of which the first is looked at
 * @param variable the symbol whose first row is moved
 * @param errors how far rounding may take each entry, in units of ε
 */
export function jacobianExpectations(of: Formula, variable: string, symbols: Symbols, errors: Matrix): Expectation[] {
  const C = errors.rows;
  const { name } = of.steps[of.steps.length - 1];
  // Of a single sample: nothing else says how many there are.
  const read = of.steps.flatMap(({ body }) => [...namesIn(body)]).filter((symbol) => symbols[symbol] !== undefined);
  const first = Object.fromEntries(read.map((symbol) => [symbol, symbols[symbol].row(0)]));
  const rows = Array.from({ length: C }, (_, j) => {
    const one: Step = {
      name: "one",
      at: [undefined, undefined],
      shape: ["1", "1"],
      ranges: {},
      body: { kind: "entry", name, at: [{ fixed: 0 }, { fixed: j }] },
    };
    const objective = { steps: [...of.steps, one], shapes: of.shapes };
    return gradientExpectations({ objective, variable }, first, errors.row(j));
  });
  const stack = (pick: (row: Expectation) => Matrix, oracle: number) =>
    Matrix.generate(C, C, (j, k) => pick(rows[j][oracle]).data[k]);
  return rows[0].map(({ oracle }, o) => ({
    oracle,
    expected: stack((row) => row.expected, o),
    low: stack((row) => row.low, o),
    high: stack((row) => row.high, o),
  }));
}

/** The symbols that a formula reads, as numbers of another kind. */
function liftedSymbols<T>(
  ar: Arithmetic<T>,
  symbols: Symbols,
  ...formulas: readonly Formula[]
): Record<string, Grid<T>> {
  const names = new Set(formulas.flatMap(({ steps }) => steps.flatMap(({ body }) => [...namesIn(body)])));
  const read = [...names].filter((name) => symbols[name] !== undefined);
  return Object.fromEntries(read.map((name) => [name, lifted(ar, symbols[name])]));
}

/** For each entry of a symbol, what comes of moving it: `move` gives an objective's terms with another number at that place. */
function whileMoving<T, R>(
  ar: Arithmetic<T>,
  objective: Formula,
  symbols: Symbols,
  variable: string,
  found: (move: (place: number, to: T) => T[]) => (x: number, place: number) => R,
): R[] {
  const known = liftedSymbols(ar, symbols, objective);
  const data = known[variable].data as T[];
  const termsOf = terms(objective, ar, known);
  const move = (place: number, to: T) => {
    const before = data[place];
    data[place] = to;
    const moved = termsOf();
    data[place] = before;
    return moved;
  };
  return Array.from(symbols[variable].data, found(move));
}

function finite(x: number): number {
  return Number.isFinite(x) ? x : 0;
}

/** Accepts what central differences cannot tell from the slope, and at a kink all that lies between the two sides. */
function betweenSlopes(at: Matrix, slopes: readonly Slope[], sizes: Matrix, noise: Matrix): Expectation {
  const tolerance = (k: number) => {
    const { kink, error, sideError } = slopes[k];
    return ABSOLUTE_TOLERANCE + 4 * ((kink ? sideError : error) + noise.data[k]) + 1e-9 * sizes.data[k];
  };
  const matrixOf = (entry: (slope: Slope, k: number) => number) =>
    at.map((_, i, j) => entry(slopes[i * at.cols + j], i * at.cols + j));
  return {
    oracle: "central differences",
    expected: matrixOf(({ central }) => central),
    low: matrixOf(({ central, left, right, kink }, k) => (kink ? Math.min(left, right) : central) - tolerance(k)),
    high: matrixOf(({ central, left, right, kink }, k) => (kink ? Math.max(left, right) : central) + tolerance(k)),
  };
}
