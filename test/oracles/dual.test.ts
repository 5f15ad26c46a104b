import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import { type Arithmetic, float64 } from "../../src/formula/arithmetic";
import { type Dual, dual, variable } from "../../src/oracles/dual";
import { Random } from "../../src/random";

const { abs, exp, log } = Math;
const { EPSILON } = Number;
const { of, plus, minus, times, over, greater } = dual;

describe("the rules of differentiation", () => {
  it("start from constants, whose derivative is 0, and the variable, whose derivative is 1", () => {
    expect(of(-3)).toEqual({ re: -3, du: 0, terms: 0, rounding: 0 });
    expect(variable(-3)).toEqual({ re: -3, du: 1, terms: 1, rounding: 3 });
  });

  // Two numbers that both depend on the variable, with everything different.
  const a: Dual = { re: 3, du: -2, terms: 5, rounding: 7 };
  const b: Dual = { re: -4, du: 0.5, terms: 11, rounding: 13 };

  it("(a + b)′ = a′ + b′", () => {
    expect(plus(a, b)).toEqual({ re: -1, du: -1.5, terms: 16, rounding: 21 });
  });

  it("(a − b)′ = a′ − b′, while terms and rounding errors still add up", () => {
    expect(minus(a, b)).toEqual({ re: 7, du: -2.5, terms: 16, rounding: 27 });
  });

  it("(a b)′ = a′ b + a b′", () => {
    expect(times(a, b)).toEqual({ re: -12, du: 8 + 1.5, terms: 5 * 4 + 3 * 11, rounding: 7 * 4 + 3 * 13 + 12 });
  });

  it("(a / b)′ = a′/b − (a/b) b′/b", () => {
    expect(over(a, b)).toEqual({
      re: -0.75,
      du: 0.5 - 0.09375,
      terms: (5 + 0.75 * 11) / 4,
      rounding: (7 + 0.75 * 13) / 4 + 0.75,
    });
  });

  it("(exp a)′ = exp a · a′", () => {
    const e = exp(3);
    expect(dual.exp(a)).toEqual({ re: e, du: e * -2, terms: e * 5, rounding: e * 8 });
  });

  it("(ln a)′ = a′/a", () => {
    expect(dual.ln(a)).toEqual({ re: log(3), du: -2 / 3, terms: 5 / 3, rounding: 7 / 3 + log(3) });
    const half: Dual = { re: 0.5, du: 1, terms: 1, rounding: 1 };
    expect(dual.ln(half)).toEqual({ re: -Math.LN2, du: 2, terms: 2, rounding: 2 + Math.LN2 });
  });

  it("compare values only", () => {
    expect([greater(a, b), greater(b, a), greater(a, { ...a, du: 100 })]).toEqual([true, false, false]);
  });
});

/** Functions written once for every kind of number, and their derivatives from a table. */
const functions: [name: string, f: <T>(ar: Arithmetic<T>, x: T) => T, slope: (x: number) => number][] = [
  ["x³ − 2x", (ar, x) => ar.minus(ar.times(x, ar.times(x, x)), ar.times(ar.of(2), x)), (x) => 3 * x * x - 2],
  ["exp(−x²)", (ar, x) => ar.exp(ar.minus(ar.of(0), ar.times(x, x))), (x) => -2 * x * exp(-x * x)],
  ["1/(1 + exp(−x))", (ar, x) => sigmoid(ar, x), (x) => exp(-x) / (1 + exp(-x)) ** 2],
  ["ln(1 + x²)", (ar, x) => ar.ln(ar.plus(ar.of(1), ar.times(x, x))), (x) => (2 * x) / (1 + x * x)],
  ["x/(x² + 1)", (ar, x) => ar.over(x, ar.plus(ar.times(x, x), ar.of(1))), (x) => (1 - x * x) / (1 + x * x) ** 2],
  ["ln(exp x + exp 2x)", (ar, x) => logSum(ar, x), (x) => 2 - 1 / (1 + exp(x))],
];

function sigmoid<T>(ar: Arithmetic<T>, x: T): T {
  return ar.over(ar.of(1), ar.plus(ar.of(1), ar.exp(ar.minus(ar.of(0), x))));
}

function logSum<T>(ar: Arithmetic<T>, x: T): T {
  return ar.ln(ar.plus(ar.exp(x), ar.exp(ar.plus(x, x))));
}

/** Numbers of 60 digits, enough to hold what was x in float64 and to tell f(x + 1e-18) from f(x − 1e-18). */
const Decimal60 = Decimal.clone({ precision: 60 });
const decimal60: Arithmetic<Decimal> = {
  of: (x) => new Decimal60(x.toPrecision(60)),
  plus: (a, b) => a.plus(b),
  minus: (a, b) => a.minus(b),
  times: (a, b) => a.times(b),
  over: (a, b) => a.div(b),
  exp: (a) => a.exp(),
  ln: (a) => a.ln(),
  greater: (a, b) => a.gt(b),
  isZero: (a) => a.isZero(),
};

/** The derivative by central differences on numbers of 60 digits: good to more than 30 of them. */
function slopeWith60Digits(f: <T>(ar: Arithmetic<T>, x: T) => T, x: number): Decimal {
  const h = new Decimal60("1e-18");
  const [up, down] = [f(decimal60, decimal60.of(x).plus(h)), f(decimal60, decimal60.of(x).minus(h))];
  return up.minus(down).div(h.times(2));
}

const points = [-3.7, -1, -0.1, 0, 0.3, 1, 2.9];

describe.each(functions)("the derivative of %s", (_, f, slope) => {
  it("is the one in the table, to rounding", () => {
    for (const x of points) {
      const { re, du, terms } = f(dual, variable(x));
      expect(re).toBe(f(float64, x));
      expect(abs(du - slope(x)), `at ${x}`).toBeLessThanOrEqual(16 * EPSILON * (terms + abs(slope(x))));
    }
  });

  it("agrees with differences of 60-digit numbers within 8 ε Σ|terms|", () => {
    for (const x of points) {
      const { du, terms } = f(dual, variable(x));
      const off = slopeWith60Digits(f, x).minus(du).abs().toNumber();
      expect(off, `at ${x}`).toBeLessThanOrEqual(8 * EPSILON * terms + 1e-30);
    }
  });

  it("comes with a value whose rounding error is within the bound it carries", () => {
    for (const x of points) {
      // x itself is exact here, so it is not counted as an error: what is left is the rounding of the operations.
      const { re, rounding } = f(dual, { ...variable(x), rounding: 0 });
      const off = f(decimal60, decimal60.of(x)).minus(re).abs().toNumber();
      expect(off, `at ${x}`).toBeLessThanOrEqual(EPSILON * rounding);
    }
  });
});

describe("random expressions", () => {
  /** One of the operations after the other on two numbers, kept away from poles and overflow. */
  function expression<T>(ar: Arithmetic<T>, x: T, choices: readonly number[]): T {
    let [a, b] = [x, ar.plus(ar.times(x, x), ar.of(1))];
    for (const choice of choices) {
      const positive = ar.plus(ar.times(a, a), ar.of(0.5));
      const next = [
        () => ar.plus(a, b),
        () => ar.minus(a, b),
        () => ar.times(ar.over(a, positive), b),
        () => ar.over(b, positive),
        () => ar.exp(ar.over(a, positive)),
        () => ar.ln(positive),
      ][choice]();
      [a, b] = [next, a];
    }
    return a;
  }

  it("have derivatives and values within the bounds that they carry", () => {
    const random = new Random(5);
    for (let n = 0; n < 100; n++) {
      const choices = Array.from({ length: 6 }, () => random.integer(0, 5));
      const x = 2 * random.normal();
      const f = <T>(ar: Arithmetic<T>, at: T) => expression(ar, at, choices);
      const { re, du, terms, rounding } = f(dual, variable(x));
      const offValue = f(decimal60, decimal60.of(x)).minus(re).abs().toNumber();
      expect(offValue, `value of ${choices}`).toBeLessThanOrEqual(EPSILON * rounding);
      // Every step hands its rounding error on to the next, which Σ|terms| and the count of steps bound together.
      const offSlope = slopeWith60Digits(f, x).minus(du).abs().toNumber();
      expect(offSlope, `slope of ${choices}`).toBeLessThanOrEqual(64 * EPSILON * terms + 1e-25);
    }
  });
});
