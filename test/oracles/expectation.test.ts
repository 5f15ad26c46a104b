import { describe, expect, it } from "vitest";
import { softmaxJacobian } from "../../src/backward";
import { softmax } from "../../src/forward";
import { centralDifference, RELATIVE_STEP } from "../../src/gradcheck";
import { Matrix } from "../../src/matrix";
import type { Arithmetic } from "../../src/oracles/arithmetic";
import {
  ABSOLUTE_TOLERANCE,
  type Expectation,
  gradientExpectations,
  jacobianExpectations,
  type Objective,
  ownScale,
  ROUNDING_FACTOR,
  unitScale,
  valueExpectation,
  withinRounding,
} from "../../src/oracles/expectation";
import { reluRows, softmaxRow, sum } from "../../src/oracles/scalar-network";

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

describe("withinRounding", () => {
  it("accepts atol + 8 K ε Σ|terms| on either side, and nothing more", () => {
    expect([ROUNDING_FACTOR, ABSOLUTE_TOLERANCE]).toEqual([8, 1e-300]);
    const terms = fromRows([[2, 0]]);
    const { oracle, expected, low, high } = withinRounding("PyTorch", fromRows([[0, 0]]), terms, 3);
    expect(oracle).toBe("PyTorch");
    expect(expected.toRows()).toEqual([[0, 0]]);
    expect(high.toRows()).toEqual([[48 * EPSILON, 1e-300]]);
    expect(low.toRows()).toEqual([[-48 * EPSILON, -1e-300]]);
  });

  it("accepts nothing but infinity where that is the answer", () => {
    const infinite = new Matrix(1, 1, Float64Array.of(Number.POSITIVE_INFINITY));
    const { low, high } = withinRounding("30-digit arithmetic", infinite, fromRows([[5]]), 1);
    expect([low.data[0], high.data[0]]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    const infinitely = withinRounding("30-digit arithmetic", infinite, infinite, 1);
    expect([infinitely.low.data[0], infinitely.high.data[0]]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

describe("the scales of the steps", () => {
  it("are 1 or |x|, whichever is larger, and |x| alone", () => {
    expect([0, 0.5, -3].map(unitScale)).toEqual([1, 1, 3]);
    expect([0, 0.5, -3].map(ownScale)).toEqual([1e-290, 0.5, 3]);
  });
});

describe("gradientExpectations", () => {
  const at = fromRows([
    [1, -2, 0.5],
    [3, 0.25, -1],
  ]);

  /** Σ_ij (i + 2j + 1) x_ij², as terms, beside a constant that must not matter. */
  const objective: Objective = (ar) => (rows) => {
    const squares = rows.flatMap((row, i) => row.map((x, j) => ar.times(ar.of(i + 2 * j + 1), ar.times(x, x))));
    return [...squares, ar.of(1e12)];
  };

  const slopes = at.map((x, i, j) => 2 * (i + 2 * j + 1) * x);

  it("are those of dual numbers first, then those of central differences", () => {
    expect(gradientExpectations(objective, at, 1).map(({ oracle }) => oracle)).toEqual([
      "dual numbers",
      "central differences",
    ]);
  });

  it("hold the gradient with its own shape, and accept it", () => {
    for (const expectation of gradientExpectations(objective, at, 1)) {
      expect(expectation.expected.shape).toBe("2×3");
      expect(accepts(expectation, slopes)).toBe(true);
    }
  });

  it("reject an answer with any one entry off by a millionth", () => {
    for (const expectation of gradientExpectations(objective, at, 1)) {
      for (const off of [1 + 1e-6, 1 - 1e-6]) {
        for (let k = 0; k < at.data.length; k++) {
          const wrong = slopes.copy();
          wrong.data[k] *= off;
          expect(accepts(expectation, wrong), expectation.oracle).toBe(false);
        }
      }
    }
  });

  it("by dual numbers are exact to rounding: 8 K ε Σ|terms|", () => {
    const [dualNumbers] = gradientExpectations(objective, at, 5);
    expect(dualNumbers.expected.toRows()).toEqual(slopes.toRows());
    tolerances(dualNumbers).forEach((tolerance, k) => {
      const bound = 8 * 5 * EPSILON * Math.abs(slopes.data[k]);
      expect(Math.abs(tolerance - bound)).toBeLessThanOrEqual(EPSILON * Math.abs(slopes.data[k]));
    });
  });

  it("by central differences allow for their error, for rounding inside the terms that move, and little else", () => {
    const f: Objective = (ar) => (rows) => [ar.times(rows[0][0], rows[0][0]), ar.times(ar.of(1e6), ar.of(1e6))];
    for (const [x, scale, step] of [
      [3, unitScale, 3],
      [0.25, unitScale, 1],
      [0.25, ownScale, 0.25],
    ] as const) {
      const [, differences] = gradientExpectations(f, fromRows([[x]]), 1, scale);
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
    const f: Objective = (ar) => (rows) => reluRows(ar, rows)[0].map((x) => ar.times(ar.of(-3), x));
    const [dualNumbers, differences] = gradientExpectations(f, fromRows([[0, 2, -2]]), 1);
    expect(dualNumbers.expected.map((x) => x + 0).toRows()).toEqual([[0, -3, 0]]);
    const answer = (atKink: number) => fromRows([[atKink, -3, 0]]);
    for (const slope of [0, -1.5, -3]) expect(accepts(differences, answer(slope))).toBe(true);
    for (const slope of [0.001, -3.001, 3]) expect(accepts(differences, answer(slope))).toBe(false);
    // The convention decides: 0, which dual numbers know.
    expect(accepts(dualNumbers, answer(0))).toBe(true);
    expect(accepts(dualNumbers, answer(-1.5))).toBe(false);
  });

  it("by central differences accept the slope beside a kink also where curvature pulls the two sides away from it", () => {
    // Slope −3 to the left of 0, and −1 to the right; it falls on either side, so that both differences miss it.
    const falling: Objective = (ar) => (rows) =>
      rows[0].map((x) => {
        const bend = ar.times(ar.of(2), reluRows(ar, [[x]])[0][0]);
        return ar.minus(bend, ar.exp(ar.times(ar.of(3), x)));
      });
    const [, differences] = gradientExpectations(falling, fromRows([[0]]), 1);
    for (const slope of [-3, -2, -1]) expect(accepts(differences, fromRows([[slope]])), `${slope}`).toBe(true);
    for (const slope of [-3.001, -0.999]) expect(accepts(differences, fromRows([[slope]])), `${slope}`).toBe(false);
  });
});

describe("jacobianExpectations", () => {
  it("have ∂out_j/∂in_k in row j and column k, also for a map that is not symmetric", () => {
    // out_j = Σ_k (j + 1)(k + 1)² x_k² …
    const map = <T>(ar: Arithmetic<T>, x: readonly T[]) =>
      x.map((_, j) =>
        sum(
          ar,
          x.map((value, k) => ar.times(ar.of((j + 1) * (k + 1) ** 2), ar.times(value, value))),
        ),
      );
    const at = fromRows([[0.5, -1, 2]]);
    const expected = Matrix.generate(3, 3, (j, k) => 2 * (j + 1) * (k + 1) ** 2 * at.data[k]);
    const expectations = jacobianExpectations(map, at, 3);
    expect(expectations.map(({ oracle }) => oracle)).toEqual(["dual numbers", "central differences"]);
    expect(expectations[0].expected.toRows()).toEqual(expected.toRows());
    for (const expectation of expectations) {
      expect(accepts(expectation, expected)).toBe(true);
      expect(accepts(expectation, expected.T.toMatrix())).toBe(false);
      for (let k = 0; k < 9; k++) {
        const wrong = expected.copy();
        wrong.data[k] *= 1 + 1e-6;
        expect(accepts(expectation, wrong)).toBe(false);
      }
    }
  });

  it("of the softmax accept E8, and reject the plus sign off the diagonal", () => {
    const Z = fromRows([[0.3, -1, 2, 0]]);
    const a = softmax(Z);
    for (const expectation of jacobianExpectations(softmaxRow, Z, 4)) {
      expect(accepts(expectation, softmaxJacobian(a))).toBe(true);
      expect(accepts(expectation, softmaxJacobian(a).map(Math.abs))).toBe(false);
    }
  });
});

describe("valueExpectation", () => {
  it("is computed with 30 digits and rounded once", () => {
    // (1 + 1e-20) − 1, of which float64 keeps nothing; and one third.
    const compute = <T>(ar: Arithmetic<T>) => [
      [ar.minus(ar.plus(ar.of(1), ar.of(1e-20)), ar.of(1)), ar.over(ar.of(1), ar.of(3))],
    ];
    let seen: Matrix | undefined;
    const expectation = valueExpectation(
      compute,
      (values) => {
        seen = values;
        return values.map(() => 2);
      },
      3,
    );
    expect(expectation.oracle).toBe("30-digit arithmetic");
    const [tiny, third] = expectation.expected.data;
    expect(Math.abs(tiny / 1e-20 - 1)).toBeLessThan(1e-9);
    expect(third).toBe(1 / 3);
    expect(seen).toEqual(expectation.expected);
    for (const tolerance of tolerances(expectation)) expect(tolerance).toBeCloseTo(48 * EPSILON, 15);
  });
});
