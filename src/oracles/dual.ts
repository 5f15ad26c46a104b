/**
 * Forward-mode differentiation: numbers that carry their derivative along (Clifford, 1873).
 *
 * A dual number is re + du·ε with ε² = 0. Every operation applies its own differentiation rule, so what comes out is
 * the derivative itself, exact but for rounding: no step size, no limit. Two more numbers keep account of the rounding.
 */
import type { Arithmetic } from "../formula/arithmetic";

/** A value, its derivative, and how large rounding errors in each may be. */
export interface Dual {
  /** The value. */
  readonly re: number;
  /** Its derivative with respect to the one number that was seeded with `variable`. */
  readonly du: number;
  /** Σ|terms| of `du`: its rounding error is a small multiple of ε times this, however much cancels. */
  readonly terms: number;
  /** A bound on the rounding error of `re`, in units of ε. */
  readonly rounding: number;
}

/** The number x as the variable that derivatives are taken with respect to: its own derivative is 1. */
export function variable(x: number): Dual {
  return { re: x, du: 1, terms: 1, rounding: Math.abs(x) };
}

const { abs, exp, log } = Math;

/** The rules of differentiation. Comparisons look at the values only. */
export const dual: Arithmetic<Dual> = {
  of: (x) => ({ re: x, du: 0, terms: 0, rounding: 0 }),
  plus: (a, b) => sum(a, b, a.re + b.re, a.du + b.du),
  minus: (a, b) => sum(a, b, a.re - b.re, a.du - b.du),
  times: (a, b) => {
    const re = a.re * b.re;
    return {
      re,
      du: a.du * b.re + a.re * b.du,
      terms: a.terms * abs(b.re) + abs(a.re) * b.terms,
      rounding: a.rounding * abs(b.re) + abs(a.re) * b.rounding + abs(re),
    };
  },
  over: (a, b) => {
    const re = a.re / b.re;
    return {
      re,
      du: a.du / b.re - (re * b.du) / b.re,
      terms: (a.terms + abs(re) * b.terms) / abs(b.re),
      rounding: (a.rounding + abs(re) * b.rounding) / abs(b.re) + abs(re),
    };
  },
  exp: (a) => {
    const re = exp(a.re);
    return { re, du: re * a.du, terms: re * a.terms, rounding: re * (a.rounding + 1) };
  },
  ln: (a) => {
    const re = log(a.re);
    return { re, du: a.du / a.re, terms: a.terms / abs(a.re), rounding: a.rounding / abs(a.re) + abs(re) };
  },
  greater: (a, b) => a.re > b.re,
  isZero: ({ re, du, terms }) => re === 0 && du === 0 && terms === 0,
};

/** a ± b, whose derivative's terms and rounding errors add up either way. */
function sum(a: Dual, b: Dual, re: number, du: number): Dual {
  return { re, du, terms: a.terms + b.terms, rounding: a.rounding + b.rounding + abs(re) };
}
