import { describe, expect, it } from "vitest";
import { softmaxJacobian } from "../../src/backward";
import { notes } from "../../src/formula/notes";
import { formula } from "../../src/formula/parse";
import type { Shape } from "../../src/formula/tree";
import { softmax } from "../../src/forward";
import { centralDifference, RELATIVE_STEP } from "../../src/gradcheck";
import { Matrix } from "../../src/matrix";
import {
  ABSOLUTE_TOLERANCE,
  type Expectation,
  gradientExpectations,
  jacobianExpectations,
  ownScale,
  ROUNDING_FACTOR,
  roundingErrors,
  valueExpectation,
  withinRounding,
} from "../../src/oracles/expectation";

const { fromRows } = Matrix;
const { EPSILON } = Number;

/** Whether an expectation accepts an answer. */
function accepts({ low, high }: Expectation, answer: Matrix): boolean {
  return answer.data.every((x, k) => low.data[k] <= x && x <= high.data[k]);
}

/** The largest distance from `expected` that an expectation accepts, entry by entry. */
function tolerances({ expected, low, high }: Expectation): number[] {
  return Array.from(expected.data, (x, k) => Math.max(x - low.data[k], high.data[k] - x));
}

/** A formula of x, which is a matrix of that shape in letters. */
function of(shape: Shape, ...lines: string[]) {
  return formula(lines, { x: shape });
}

describe("withinRounding", () => {
  it("accepts atol + 8 ε times the error on either side, and nothing more", () => {
    expect([ROUNDING_FACTOR, ABSOLUTE_TOLERANCE]).toEqual([8, 1e-300]);
    const { oracle, expected, low, high } = withinRounding("PyTorch", fromRows([[0, 0]]), fromRows([[6, 0]]));
    expect(oracle).toBe("PyTorch");
    expect(expected.toRows()).toEqual([[0, 0]]);
    expect(high.toRows()).toEqual([[48 * EPSILON, 1e-300]]);
    expect(low.toRows()).toEqual([[-48 * EPSILON, -1e-300]]);
  });

  it("accepts nothing but infinity where that is the answer", () => {
    const infinite = new Matrix(1, 1, Float64Array.of(Number.POSITIVE_INFINITY));
    for (const errors of [fromRows([[5]]), infinite]) {
      const { low, high } = withinRounding("30-digit arithmetic", infinite, errors);
      expect([low.data[0], high.data[0]]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    }
  });
});

describe("gradientExpectations", () => {
  const at = fromRows([
    [1, -2, 0.5],
    [3, 0.25, -1],
  ]);
  const none = at.map(() => 0);
  const weights = fromRows([
    [1, 3, 5],
    [2, 4, 6],
  ]);

  /** Σ_ij w_ij x_ij², beside a constant that must not matter. */
  const objective = formula(["f = Σ_i Σ_j w[i,j] · x[i,j]² + 1000000000000"], { x: ["N", "C"], w: ["N", "C"] });
  const found = () => gradientExpectations({ objective, variable: "x" }, { x: at, w: weights }, none);
  const slopes = at.map((x, i, j) => 2 * weights.get(i, j) * x);

  it("are those of dual numbers first, then those of central differences", () => {
    expect(found().map(({ oracle }) => oracle)).toEqual(["dual numbers", "central differences"]);
  });

  it("hold the gradient with its own shape, and accept it", () => {
    for (const expectation of found()) {
      expect(expectation.expected.shape).toBe("2×3");
      expect(accepts(expectation, slopes)).toBe(true);
    }
  });

  it("reject an answer with any one entry off by a millionth", () => {
    for (const expectation of found()) {
      for (const off of [1 + 1e-6, 1 - 1e-6]) {
        for (let k = 0; k < at.data.length; k++) {
          const wrong = slopes.copy();
          wrong.data[k] *= off;
          expect(accepts(expectation, wrong), expectation.oracle).toBe(false);
        }
      }
    }
  });

  it("by dual numbers are exact to rounding: 8 ε times Σ|terms| and the errors of the right spellings", () => {
    const errors = at.map(() => 3);
    const [dualNumbers] = gradientExpectations({ objective, variable: "x" }, { x: at, w: weights }, errors);
    expect(dualNumbers.expected.toRows()).toEqual(slopes.toRows());
    tolerances(dualNumbers).forEach((tolerance, k) => {
      const bound = 8 * EPSILON * (Math.abs(slopes.data[k]) + 3);
      expect(Math.abs(tolerance - bound)).toBeLessThanOrEqual(EPSILON * Math.abs(slopes.data[k]));
    });
  });

  it("by central differences allow for their error, for rounding inside the terms that move, and little else", () => {
    const square = of(["1", "1"], "f = x · x + 1000000 · 1000000");
    for (const [x, scale, step] of [
      [3, undefined, 3],
      [0.25, undefined, 1],
      [0.25, ownScale, 0.25],
    ] as const) {
      const one = fromRows([[x]]);
      const [, differences] = gradientExpectations(
        { objective: square, variable: "x", scale },
        { x: one },
        one.scale(0),
      );
      const slope = centralDifference((moved) => moved * moved, x, RELATIVE_STEP * step);
      expect(differences.expected.data[0]).toBe(slope.central);
      // x·x carries x's rounding error twice and its own: 3 x² ε, over the step; and 2x is its Σ|terms|.
      const noise = (EPSILON * 3 * x * x) / (RELATIVE_STEP * step);
      const bound = 1e-300 + 4 * (slope.error + noise) + 1e-9 * (2 * x);
      for (const tolerance of [slope.central - differences.low.data[0], differences.high.data[0] - slope.central]) {
        expect(Math.abs(tolerance - bound)).toBeLessThanOrEqual(2 * EPSILON * slope.central);
      }
    }
  });

  it("by central differences accept at a kink all that lies between the two sides, and nothing beyond", () => {
    const x = fromRows([[0, 2, -2]]);
    const bent = of(["1", "C"], "f = Σ_j −3 · ReLU(x[j])");
    const [dualNumbers, differences] = gradientExpectations({ objective: bent, variable: "x" }, { x }, x.scale(0));
    expect(dualNumbers.expected.map((d) => d + 0).toRows()).toEqual([[0, -3, 0]]);
    const answer = (atKink: number) => fromRows([[atKink, -3, 0]]);
    for (const slope of [0, -1.5, -3]) expect(accepts(differences, answer(slope))).toBe(true);
    for (const slope of [0.001, -3.001, 3]) expect(accepts(differences, answer(slope))).toBe(false);
    // The convention decides: 0, which dual numbers know.
    expect(accepts(dualNumbers, answer(0))).toBe(true);
    expect(accepts(dualNumbers, answer(-1.5))).toBe(false);
  });

  it("by central differences accept the slope beside a kink also where curvature pulls the two sides away from it", () => {
    // Slope −3 to the left of 0, and −1 to the right; it falls on either side, so that both differences miss it.
    const x = fromRows([[0]]);
    const falling = of(["1", "C"], "f = Σ_j (2 · ReLU(x[j]) − exp(3 · x[j]))");
    const [, differences] = gradientExpectations({ objective: falling, variable: "x" }, { x }, x);
    for (const slope of [-3, -2, -1]) expect(accepts(differences, fromRows([[slope]])), `${slope}`).toBe(true);
    for (const slope of [-3.001, -0.999]) expect(accepts(differences, fromRows([[slope]])), `${slope}`).toBe(false);
  });
});

describe("jacobianExpectations", () => {
  it("have ∂out_j/∂in_k in row j and column k, also for a map that is not symmetric", () => {
    const x = fromRows([[0.5, -1, 2]]);
    const own = of(["1", "C"], "out[j] = Σ_k ([j = k] + 2) · x[k]² · x[j]");
    const [dualNumbers] = jacobianExpectations(own, "x", { x }, Matrix.zeros(3, 3));
    const slope = (j: number, k: number) => {
      const [a, b] = [x.data[j], x.data[k]];
      const sum = x.data.reduce((total, v, l) => total + (l === j ? 3 : 2) * v * v, 0);
      return (j === k ? 6 : 4) * b * a + (j === k ? sum : 0);
    };
    for (let j = 0; j < 3; j++)
      for (let k = 0; k < 3; k++) expect(dualNumbers.expected.get(j, k)).toBeCloseTo(slope(j, k), 12);
  });

  it("of the softmax accept E8, and reject the plus sign off the diagonal", () => {
    const Z2 = fromRows([[0.3, -1, 2, 0]]);
    const a = softmax(Z2);
    const expectations = jacobianExpectations(notes.E4[0], "Z2", { Z2 }, roundingErrors(notes.E8, { a }));
    expect(expectations.map(({ oracle }) => oracle)).toEqual(["dual numbers", "central differences"]);
    for (const expectation of expectations) {
      expect(accepts(expectation, softmaxJacobian(a))).toBe(true);
      expect(accepts(expectation, softmaxJacobian(a).map(Math.abs))).toBe(false);
    }
  });
});

describe("valueExpectation", () => {
  it("is computed with 30 digits and rounded once", () => {
    // (x + 1) − 1 with x = 1e-20, of which float64 keeps nothing.
    const lost = of(["1", "1"], "f = x + 1 − 1");
    const { oracle, expected } = valueExpectation([lost], { x: fromRows([[1e-20]]) });
    expect(oracle).toBe("30-digit arithmetic");
    expect(Math.abs(expected.data[0] / 1e-20 - 1)).toBeLessThan(1e-9);
    expect(valueExpectation([of(["1", "1"], "f = 1 / x")], { x: fromRows([[3]]) }).expected.data[0]).toBe(1 / 3);
  });

  it("takes its tolerance from whichever right spelling rounds most", () => {
    const short = of(["1", "1"], "f = 2 · x");
    const long = of(["1", "1"], "f = 1000 · x − 998 · x");
    const x = fromRows([[1]]);
    const [narrow] = tolerances(valueExpectation([short], { x }));
    const [wide] = tolerances(valueExpectation([short, long], { x }));
    expect(narrow).toBeLessThan(100 * EPSILON);
    expect(wide).toBeGreaterThan(1000 * EPSILON);
  });
});
