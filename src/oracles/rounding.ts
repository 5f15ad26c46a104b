/**
 * Numbers that know how far rounding may have taken them. A formula that is evaluated on them says what tolerance its answer
 * deserves: every way to add up its terms stays within a small multiple of it.
 */
import type { Arithmetic } from "../formula/arithmetic";

/** A float64 number and its account of rounding. */
export interface Rounded {
  readonly value: number;
  /** Σ|terms|: what the number would be if nothing cancelled. */
  readonly size: number;
  /** A bound on its rounding error, in units of ε. What came in counts as rounded once. */
  readonly error: number;
}

const { abs, exp, log } = Math;

const sum = (a: Rounded, b: Rounded, value: number): Rounded => {
  const size = a.size + b.size;
  return { value, size, error: a.error + b.error + size };
};

/** Arithmetic that adds up the errors of its operations. */
export const rounding: Arithmetic<Rounded> = {
  of: (x) => ({ value: x, size: abs(x), error: abs(x) }),
  plus: (a, b) => sum(a, b, a.value + b.value),
  minus: (a, b) => sum(a, b, a.value - b.value),
  times: (a, b) => {
    const size = a.size * b.size;
    return { value: a.value * b.value, size, error: a.error * b.size + a.size * b.error + size };
  },
  over: (a, b) => {
    const size = a.size / abs(b.value);
    return { value: a.value / b.value, size, error: (a.error + size * b.error) / abs(b.value) + size };
  },
  exp: (a) => {
    const value = exp(a.value);
    return { value, size: value, error: value * (a.error + 1) };
  },
  ln: (a) => {
    const value = log(a.value);
    return { value, size: abs(value), error: a.error / abs(a.value) + abs(value) };
  },
  greater: (a, b) => a.value > b.value,
  isZero: ({ value, size }) => value === 0 && size === 0,
};
