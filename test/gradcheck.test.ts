import { describe, expect, it } from "vitest";
import { backward } from "../src/backward";
import { crossEntropyFromLogits, forward, type Parameters } from "../src/forward";
import { centralDifference, numericalGradient, RELATIVE_STEP, relativeError } from "../src/gradcheck";
import { Matrix } from "../src/matrix";
import { Random } from "../src/random";

const { abs, cosh, exp, log, max, sin, cos, tanh } = Math;
const { EPSILON } = Number;

/** Smooth functions whose derivative is known, and where they can be tried. */
const smooth: [name: string, f: (x: number) => number, slope: (x: number) => number, points: number[]][] = [
  ["3x + 1", (x) => 3 * x + 1, () => 3, [-1e6, -2, 0, 0.1, 7, 1e8]],
  ["x²", (x) => x * x, (x) => 2 * x, [-30, -1, 0, 0.3, 2, 1e4]],
  ["x³ − 5x", (x) => x ** 3 - 5 * x, (x) => 3 * x * x - 5, [-3, -1, 0, 1e-3, 2]],
  ["sin x", sin, cos, [-3, -1.5, 0, 0.7, 1.6, 3]],
  ["exp x", exp, exp, [-20, -1, 0, 1, 5, 20]],
  ["tanh x", tanh, (x) => 1 / cosh(x) ** 2, [-8, -1, 0, 0.2, 3]],
  ["ln x", log, (x) => 1 / x, [0.05, 0.5, 1, 2, 100]],
  ["1/x", (x) => 1 / x, (x) => -1 / x ** 2, [-2, -0.1, 0.1, 1, 50]],
  ["√x", Math.sqrt, (x) => 0.5 / Math.sqrt(x), [0.01, 1, 9]],
  ["ln(1 + exp x)", (x) => Math.log1p(exp(x)), (x) => 1 / (1 + exp(-x)), [-5, 0, 5]],
  ["exp 50x", (x) => exp(50 * x), (x) => 50 * exp(50 * x), [-0.1, 0, 0.1]],
  ["tanh 10⁴x", (x) => tanh(1e4 * x), (x) => 1e4 / cosh(1e4 * x) ** 2, [-1e-4, 0, 3e-5, 2e-4]],
  ["x¹⁰", (x) => x ** 10, (x) => 10 * x ** 9, [-2, 0, 0.5, 1, 3]],
];

describe("centralDifference", () => {
  it.each(smooth)("finds the slope of %s, and its error estimate covers what it is off", (_, f, slope, points) => {
    for (const x of points) {
      const { central, left, right, error } = centralDifference(f, x);
      const off = abs(central - slope(x));
      // The estimate leaves out what is of a higher order in h.
      expect(off, `at ${x}`).toBeLessThanOrEqual(1.02 * error);
      expect(error, `at ${x}`).toBeLessThanOrEqual(3e-3 * abs(slope(x)) + 2e-9 * max(1, abs(f(x))));
      expect(abs((left + right) / 2 - central)).toBeLessThanOrEqual(error);
    }
  });

  it.each(smooth)("does not take %s for a function with a kink", (_, f, __, points) => {
    for (const x of points) expect(centralDifference(f, x).kink, `at ${x}`).toBe(false);
  });

  it("covers its error for steps from far too small to far too large", () => {
    for (const [name, f, slope, points] of smooth.slice(0, 6)) {
      for (const x of points) {
        // Below about 1e-9 a flat function may not change at all, which no estimate from its values can tell.
        for (let step = 1e-9; step < 0.1; step *= 10) {
          const { central, error } = centralDifference(f, x, step * max(1, abs(x)));
          // Beyond the h² term there is an h⁴ term, which the largest steps begin to show.
          expect(abs(central - slope(x)), `${name} at ${x}, step ${step}`).toBeLessThanOrEqual(1.1 * error);
        }
      }
    }
  });

  it("is right to nine digits with the step it chooses", () => {
    expect(abs(centralDifference(sin, 1).central - cos(1))).toBeLessThan(1e-10);
    expect(abs(centralDifference(exp, 1).central - exp(1))).toBeLessThan(3e-10);
    expect(abs(centralDifference((x) => x ** 3, 1e4).central / 3e8 - 1)).toBeLessThan(1e-9);
  });

  it("steps by ∛ε, times |x| where that is above 1, unless told otherwise", () => {
    expect(RELATIVE_STEP).toBeCloseTo(6.055e-6, 9);
    expect(RELATIVE_STEP ** 3).toBeCloseTo(EPSILON, 25);
    for (const x of [0, 0.5, -1, 1]) expect(centralDifference(sin, x).step).toBe(RELATIVE_STEP);
    expect(centralDifference(sin, -200).step).toBe(RELATIVE_STEP * 200);
    expect(centralDifference(sin, 2, 0.125).step).toBe(0.125);
  });

  it("is (f(x+h) − f(x−h)) / 2h, between the slopes to the left and to the right", () => {
    // x³ at x = 2 with h = ½: 15.625, 8, 3.375.
    expect(centralDifference((x) => x ** 3, 2, 0.5)).toMatchObject({
      central: 12.25,
      left: 9.25,
      right: 15.25,
      step: 0.5,
    });
  });

  it("estimates its error by what halving h changes, and adds what rounding can do", () => {
    // x³ at 0 with h = 1 is 1, with h = ½ it is ¼; rounding ε·(1+1)/2 and ε·(⅛+⅛)/1, four times each.
    // The difference of the two, ¾, is three quarters of the error, which is 1.
    expect(centralDifference((x) => x ** 3, 0, 1).error).toBe(1 + 4 * (EPSILON + EPSILON / 4));
  });

  it("estimates the errors of the slopes on either side by what halving h changes, twice", () => {
    const rounding = 4 * (EPSILON + EPSILON / 4);
    expect(centralDifference((x) => x ** 3, 0, 1).sideError).toBe(1.5 + rounding);
    // On one side only: half the rounding, and as large an error.
    expect(centralDifference((x) => max(0, x) ** 3, 0, 1).sideError).toBe(1.5 + rounding / 2);
    expect(centralDifference((x) => max(0, -x) ** 3, 0, 1).sideError).toBe(1.5 + rounding / 2);
  });

  it.each(smooth)("covers what the slopes of %s on either side are off", (_, f, slope, points) => {
    for (const x of points) {
      const { left, right, sideError } = centralDifference(f, x);
      // Their truncation error halves with h, but for what is of a higher order.
      const bound = 1.1 * sideError;
      expect(max(abs(left - slope(x)), abs(right - slope(x))), `at ${x}`).toBeLessThanOrEqual(bound);
    }
  });

  it("covers what they are off at a kink, where curvature comes on top", () => {
    for (const curve of [exp, sin, (x: number) => 100 * x * x + x, (x: number) => -exp(3 * x)]) {
      const bend = (x: number) => curve(x) + 2 * max(0, x);
      const { left, right, sideError, kink } = centralDifference(bend, 0);
      const slope = centralDifference(curve, 0);
      expect(kink).toBe(true);
      expect(abs(left - slope.central)).toBeLessThanOrEqual(1.1 * sideError + slope.error);
      expect(abs(right - slope.central - 2)).toBeLessThanOrEqual(1.1 * sideError + slope.error);
      expect(sideError).toBeLessThan(1e-2);
    }
  });

  it("counts the distance that float64 really goes, not the step: a straight line is exact everywhere", () => {
    for (const x of [0.1, 1 / 3, 1e5 + 0.1, -12345.678, 1e15 + 1]) {
      const { central, left, right } = centralDifference((at) => at, x, 0.1 * max(1, abs(x) / 1e6));
      expect([central, left, right], `at ${x}`).toEqual([1, 1, 1]);
    }
  });

  it("cancels the terms of a sum that do not change, and adds no rounding error for them", () => {
    const terms = centralDifference((x) => [1e16, sin(x), -1e16, 7], 1);
    const alone = centralDifference(sin, 1);
    expect([terms.central, terms.left, terms.right, terms.error, terms.kink]).toEqual([
      alone.central,
      alone.left,
      alone.right,
      alone.error,
      alone.kink,
    ]);
    const summed = centralDifference((x) => 1e10 + sin(x), 1);
    expect(abs(summed.central - cos(1))).toBeGreaterThan(1e-3);
    expect(summed.error).toBeGreaterThan(abs(summed.central - cos(1)));
  });

  it("adds up the slopes of the terms that do change", () => {
    const { central, error } = centralDifference((x) => [x * x, 5, 3 * x, -exp(x)], 0.5);
    expect(abs(central - (1 + 3 - exp(0.5)))).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1e-8);
    const opposed = centralDifference((x) => [1e6 * x, -1e6 * x], 1);
    expect(opposed.central).toBe(0);
    expect(opposed.error).toBeGreaterThan(1e6 * EPSILON);
  });

  it("of a constant is exactly 0, with no error and no kink", () => {
    expect(centralDifference(() => 5, 3, 0.5)).toEqual({
      central: 0,
      left: 0,
      right: 0,
      error: 0,
      sideError: 0,
      kink: false,
      step: 0.5,
    });
  });

  it("does not take rounding noise for a kink", () => {
    for (let k = 0; k < 200; k++) expect(centralDifference((x) => 1e8 + sin(x), k / 7).kink).toBe(false);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("refuses x = %d", (x) => {
    expect(() => centralDifference(sin, x)).toThrow(
      new RangeError(`centralDifference: x is ${x}; expected a finite number`),
    );
  });

  it.each([0, -1e-6, Number.NaN, Number.POSITIVE_INFINITY])("refuses a step of %d", (step) => {
    expect(() => centralDifference(sin, 1, step)).toThrow(
      new RangeError(`centralDifference: step is ${step}; expected a positive number`),
    );
  });
});

describe("kinks", () => {
  const relu = (x: number) => max(0, x);

  it("counts a kink that is too small to be told from curvature in its error", () => {
    const { central, error, kink } = centralDifference((x) => Math.exp(x) + 1e-6 * relu(x), 0);
    expect(kink).toBe(false);
    // The slope jumps from 1 to 1 + 1e-6, and what is measured lies in the middle.
    expect(Math.abs(central - 1)).toBeGreaterThan(4e-7);
    expect(error).toBeGreaterThanOrEqual(Math.abs(central - 1));
    expect(error).toBeLessThan(1e-6);
  });

  it("shows the slopes on both sides of a kink, and the one in the middle between them", () => {
    expect(centralDifference(relu, 0)).toMatchObject({ left: 0, central: 0.5, right: 1, kink: true });
    expect(centralDifference(abs, 0)).toMatchObject({ left: -1, central: 0, right: 1, kink: true });
    expect(centralDifference((x) => -3 * relu(-x), 0)).toMatchObject({ left: 3, central: 1.5, right: 0, kink: true });
  });

  it.each([
    ["|x|", abs],
    ["ReLU", relu],
    ["a leaky ReLU", (x: number) => max(0.01 * x, x)],
    ["10⁶ ReLU", (x: number) => 1e6 * relu(x)],
    ["10⁻⁶ ReLU", (x: number) => 1e-6 * relu(x)],
    ["ReLU on a slope", (x: number) => relu(x) - 100 * x],
    ["ReLU on a curve", (x: number) => relu(x) + exp(3 * x) + x * x],
    ["ReLU − ReLU(−x)/2", (x: number) => relu(x) - relu(-x) / 2],
  ])("of %s are seen at 0, and up to a fifth of a step away from it", (_, f) => {
    for (const distance of [0, 0.05, -0.05, 0.1, -0.1, 0.19, -0.19]) {
      expect(centralDifference(f, distance * RELATIVE_STEP).kink, `${distance} h away`).toBe(true);
    }
    for (const distance of [1.01, -1.01, 2, -2, 1000, -1000]) {
      expect(centralDifference(f, distance * RELATIVE_STEP).kink, `${distance} h away`).toBe(false);
    }
  });

  it("anywhere within a step are either seen, or covered four times over by the error estimate", () => {
    for (let place = -1.2; place <= 1.2; place += 0.01) {
      const x = place * RELATIVE_STEP;
      const { central, left, right, error, kink } = centralDifference(relu, x);
      const slope = x > 0 ? 1 : 0;
      if (kink) expect(left - 1e-9 <= slope && slope <= right + 1e-9, `${place} h away`).toBe(true);
      else expect(abs(central - slope), `${place} h away`).toBeLessThanOrEqual(4 * error);
    }
  });

  it("are seen at other points than 0, whatever the scale of x", () => {
    for (const at of [1, -1, 1000, -12345.678]) {
      expect(centralDifference((x) => relu(x - at), at)).toMatchObject({ kink: true });
      expect(centralDifference((x) => relu(x - at), at * 1.001).kink).toBe(false);
    }
  });

  it("are counted from a billionth of the slopes on: what is smaller may be anything", () => {
    const bent = (bend: number) => centralDifference((x) => 1000 * x + bend * relu(x), 0).kink;
    expect([bent(1), bent(1e-5)]).toEqual([true, true]);
    expect([bent(1e-6), bent(1e-7)]).toEqual([false, false]);
  });

  /** The function that is 0 at 0 and below, and has the given values at ½, 1 and −1. */
  const tabled = (half: number, one: number, minusOne: number) => (x: number) =>
    x === 0.5 ? half : x === 1 ? one : x === -1 ? minusOne : 0;

  it("need a jump of more than ¾ of what it was with the whole step", () => {
    // With h = ½ the two slopes differ by twice the value at ½, with h = 1 by the sum of those at 1 and −1.
    expect(centralDifference(tabled(0.375, 1, 0), 0, 1).kink).toBe(false);
    expect(centralDifference(tabled(0.376, 1, 0), 0, 1).kink).toBe(true);
    expect(centralDifference(tabled(-0.376, 1, 0), 0, 1).kink).toBe(true);
    expect(centralDifference(tabled(0.376, 0.5, 0.5), 0, 1).kink).toBe(true);
  });

  it("need a jump of more than rounding explains", () => {
    // The slopes differ by 1 with h = ½ and not at all with h = 1; the values there are large, and so is the noise:
    // 16 ε (M + ½) + 1e-9, which is 1 for this M.
    const M = (1 - 1e-9) / 16 / EPSILON - 0.5;
    expect(16 * (EPSILON * M + EPSILON / 2) + 1e-9).toBe(1);
    expect(centralDifference(tabled(0.5, M, -M), 0, 1).kink).toBe(false);
    expect(centralDifference(tabled(0.5, M / 1.001, -M / 1.001), 0, 1).kink).toBe(true);
  });

  it("of one term among others are seen", () => {
    expect(centralDifference((x) => [5, relu(x), sin(x)], 0).kink).toBe(true);
  });
});

describe("numericalGradient", () => {
  it("is the gradient of a function of a matrix, entry by entry", () => {
    const at = Matrix.fromRows([
      [1, 2, -3],
      [0.5, 0, 4],
    ]);
    // Σ (10 i + j + 1) x_ij² has the gradient 2 (10 i + j + 1) x_ij.
    const f = (M: Matrix) => M.map((x, i, j) => (10 * i + j + 1) * x * x).sum();
    const gradient = numericalGradient(f, at);
    expect(gradient.shape).toBe("2×3");
    gradient.toRows().forEach((row, i) => {
      row.forEach((slope, j) => {
        expect(slope).toBeCloseTo(2 * (10 * i + j + 1) * at.get(i, j), 6);
      });
    });
  });

  it("takes its step for every entry, or one that suits the entry's size", () => {
    const at = Matrix.fromRows([[0, 1000]]);
    const seen = new Set<number>();
    const watch = (step?: number) => {
      seen.clear();
      numericalGradient((M) => seen.add(M.get(0, 1)).size, at, step);
      return [...seen].sort((a, b) => a - b);
    };
    expect(watch(0.5)).toEqual([999.5, 999.75, 1000, 1000.25, 1000.5]);
    const h = 1000 * RELATIVE_STEP;
    expect(watch()).toEqual([1000 - h, 1000 - h / 2, 1000, 1000 + h / 2, 1000 + h]);
  });

  it("leaves the matrix as it is", () => {
    const at = Matrix.fromRows([[1, 2]]);
    numericalGradient((M) => M.sum(), at);
    expect(at.toRows()).toEqual([[1, 2]]);
  });

  it("agrees with the whole backward pass, parameter by parameter", () => {
    const random = new Random(21);
    const [N, D, H, C] = [5, 4, 6, 3];
    const X = random.normalMatrix(N, D);
    const Y = Matrix.generate(N, C, (i, j) => (i % C === j ? 1 : 0));
    const parameters: Parameters = {
      W1: random.normalMatrix(D, H),
      b1: random.normalMatrix(1, H),
      W2: random.normalMatrix(H, C),
      b2: random.normalMatrix(1, C),
    };
    const { dW1, db1, dW2, db2 } = backward(X, Y, parameters, forward(X, parameters));
    for (const [name, analytic] of Object.entries({ W1: dW1, b1: db1, W2: dW2, b2: db2 })) {
      const loss = (at: Matrix) => crossEntropyFromLogits(forward(X, { ...parameters, [name]: at }).Z2, Y);
      const numerical = numericalGradient(loss, parameters[name as keyof Parameters]);
      expect(numerical.shape, name).toBe(analytic.shape);
      for (const off of numerical.minus(analytic).data) expect(abs(off), name).toBeLessThan(1e-9);
    }
  });

  it("refuses entries that are not finite, and steps that are none", () => {
    const at = new Matrix(1, 2, Float64Array.of(0, Number.NaN));
    expect(() => numericalGradient((M) => M.sum(), at)).toThrow(
      new RangeError("numericalGradient: at has NaN at row 0, column 1; expected finite numbers"),
    );
    expect(() => numericalGradient((M) => M.sum(), Matrix.zeros(1, 1), 0)).toThrow(
      "centralDifference: step is 0; expected a positive number",
    );
  });

  it("refuses what is no matrix, and a function that returns no number", () => {
    expect(() => numericalGradient((M) => M.sum(), [[1]] as unknown as Matrix)).toThrow(
      new TypeError("numericalGradient: at is an array; expected a Matrix of shape rows×cols"),
    );
    const at = new Matrix(1, 2, Float64Array.of(0, 3));
    const only = (value: unknown) => (M: Matrix) => (M.get(0, 1) === 3 ? 1 : value) as number;
    expect(() => numericalGradient(only(undefined), at, 0.5)).toThrow(
      new RangeError("numericalGradient: f returns undefined where entry (0, 1) is 3.5; expected a finite number"),
    );
    expect(() => numericalGradient(only(Number.NaN), at, 0.5)).toThrow("f returns NaN where entry (0, 1) is 3.5");
    expect(() => numericalGradient(only("5"), at, 0.5)).toThrow("f returns a string where entry (0, 1) is 3.5");
  });
});

describe("relativeError", () => {
  it("is |a − b| over the larger of |a| and |b|, whichever way round", () => {
    expect(relativeError(1, 2)).toBe(0.5);
    expect(relativeError(2, 1)).toBe(0.5);
    expect(relativeError(-4, -1)).toBe(0.75);
    expect(relativeError(1, -1)).toBe(2);
    expect(relativeError(0, 1e-300)).toBe(1);
    expect(relativeError(3, 3)).toBe(0);
  });

  it("is 0, not 0/0, where both are 0", () => {
    expect(relativeError(0, 0)).toBe(0);
    expect(relativeError(0, -0)).toBe(0);
  });
});
