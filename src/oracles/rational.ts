/**
 * The softmax and its derivatives on fractions, with no rounding at all.
 *
 * Write t_k for e^{Z_k}. Where the t_k are whole numbers, A_j = t_j / Σt is a fraction, and since dt_k/dZ_k = t_k its
 * derivatives are fractions again. So the algebra that cancels can be done exactly (package `fraction.js`).
 */
import Fraction from "fraction.js";
import type { Arithmetic } from "../formula/arithmetic";
import { bind, type Grid } from "../formula/evaluate";
import { notes } from "../formula/notes";
import { formula } from "../formula/parse";
import type { Formula } from "../formula/tree";
import { shapes } from "../shapes";

/** A fraction and its derivative, both exact. */
interface ExactDual {
  readonly re: Fraction;
  readonly du: Fraction;
}

const zero = new Fraction(0);

/** Dual numbers of fractions. The logarithm's own value is no fraction; only its derivative, a′/a, is kept. */
const exactDual: Arithmetic<ExactDual> = {
  of: (x) => ({ re: new Fraction(x), du: zero }),
  plus: (a, b) => ({ re: a.re.add(b.re), du: a.du.add(b.du) }),
  minus: (a, b) => ({ re: a.re.sub(b.re), du: a.du.sub(b.du) }),
  times: (a, b) => ({ re: a.re.mul(b.re), du: a.du.mul(b.re).add(a.re.mul(b.du)) }),
  over: (a, b) => {
    const re = a.re.div(b.re);
    return { re, du: a.du.sub(re.mul(b.du)).div(b.re) };
  },
  exp: () => {
    throw new RangeError("exactDual.exp: no power of e is a fraction");
  },
  ln: (a) => ({ re: zero, du: a.du.div(a.re) }),
  greater: (a, b) => a.re.compare(b.re) > 0,
  isZero: (a) => a.re.equals(0) && a.du.equals(0),
};

const softmax = "A2[i,j] = t[i,j] / Σ_k t[i,k]";
const withExponentials = { ...shapes, t: ["N", "C"] as const };
const probabilities = formula([softmax], withExponentials);
const loss: Formula = { ...probabilities, steps: [...probabilities.steps, ...notes.E6[0].steps] };

/** Row j, column k: ∂A_j/∂Z_k, at the whole numbers t_k = e^{Z_k}. */
export function rationalJacobian(t: readonly number[]): Fraction[][] {
  const columns = t.map((_, k) => {
    const { entry } = bind(probabilities, exactDual, { t: exponentials([t], 0, k) });
    return t.map((__, j) => entry(0, j).du);
  });
  return t.map((_, j) => columns.map((column) => column[j]));
}

/**
 * ∂loss/∂Z_k for every sample: E6 of the softmax, differentiated.
 *
 * @param t N rows of whole numbers e^{Z_k}
 * @param trueClass each row's true class
 */
export function rationalGradZ2(t: readonly (readonly number[])[], trueClass: readonly number[]): Fraction[][] {
  const labels = t.flatMap((row, i) => row.map((_, k) => exactDual.of(trueClass[i] === k ? 1 : 0)));
  const Y = { rows: t.length, cols: t[0].length, data: labels };
  return t.map((row, i) => row.map((_, k) => bind(loss, exactDual, { t: exponentials(t, i, k), Y }).entry(0, 0).du));
}

/** The exponentials, one of which moves with its own logit: dt/dZ = t. */
function exponentials(t: readonly (readonly number[])[], row: number, col: number): Grid<ExactDual> {
  const data = t.flatMap((numbers, i) =>
    numbers.map((x, k) => ({ re: new Fraction(x), du: i === row && k === col ? new Fraction(x) : zero })),
  );
  return { rows: t.length, cols: t[0].length, data };
}
