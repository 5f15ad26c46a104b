/**
 * Kinds of number that a formula is evaluated on. It is written once, and is then run on float64, on numbers with 30 digits,
 * on dual numbers, on fractions, and on numbers that know how far rounding may have taken them.
 */
import { Decimal } from "decimal.js";

/** What a formula asks of a kind of number. */
export interface Arithmetic<T> {
  /** The float64 number x as a T, to all its digits. */
  of(x: number): T;
  plus(a: T, b: T): T;
  minus(a: T, b: T): T;
  times(a: T, b: T): T;
  over(a: T, b: T): T;
  exp(a: T): T;
  ln(a: T): T;
  /** Whether a > b; of dual numbers, whether the real parts are so. */
  greater(a: T, b: T): boolean;
  /** Whether a is the constant 0, which makes a product 0 whatever it meets: y ln A with y = 0, say. */
  isZero(a: T): boolean;
}

/** Ordinary float64 numbers. */
export const float64: Arithmetic<number> = {
  of: (x) => x,
  plus: (a, b) => a + b,
  minus: (a, b) => a - b,
  times: (a, b) => a * b,
  over: (a, b) => a / b,
  exp: Math.exp,
  ln: Math.log,
  greater: (a, b) => a > b,
  isZero: (a) => a === 0,
};

/** A `Decimal` class of its own, so that nobody's settings reach it: 30 significant digits, all exponents. */
const Decimal30 = Decimal.clone({ precision: 30, minE: -9e15, maxE: 9e15, defaults: true });

/** Numbers of 30 significant digits (package `decimal.js`), with exponents far beyond float64's. */
export const decimal30: Arithmetic<Decimal> = {
  // `new Decimal(0.1)` is one tenth; the float64 number 0.1 is a little more, and its 60 digits say so.
  of: (x) => new Decimal30(x.toPrecision(60)),
  plus: (a, b) => a.plus(b),
  minus: (a, b) => a.minus(b),
  times: (a, b) => a.times(b),
  over: (a, b) => a.div(b),
  exp: (a) => a.exp(),
  ln: (a) => a.ln(),
  greater: (a, b) => a.gt(b),
  isZero: (a) => a.isZero(),
};
