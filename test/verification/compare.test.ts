import { describe, expect, it } from "vitest";
import { E11 } from "../../src/equations/output-layer";
import { gradW2, Matrix } from "../../src/index";
import type { Expectation } from "../../src/oracles/expectation";
import { compare } from "../../src/verification/compare";
import { verifyEquation } from "../../src/verification/equation";

/** An oracle that accepts what is at most `tolerance` off. */
function within(oracle: Expectation["oracle"], row: number[], tolerance: number): Expectation {
  const expected = rowOf(row);
  return { oracle, expected, low: expected.map((x) => x - tolerance), high: expected.map((x) => x + tolerance) };
}

/** One row, of any numbers: `Matrix.fromRows` would refuse ∞. */
function rowOf(row: number[]): Matrix {
  return new Matrix(1, row.length, Float64Array.from(row));
}

describe("an entry that only a weaker oracle rejects", () => {
  const exact = within("dual numbers", [1, 2], 1e-12);
  const weaker = within("central differences", [1, 2.5], 0.25);

  it("is told with this oracle's name, value and tolerance", () => {
    const { accepted, worst, rejected } = compare(rowOf([1, 2]), [exact, weaker]);
    expect(accepted).toBe(false);
    expect(rejected).toEqual([1]);
    expect(worst).toEqual({
      oracle: "central differences",
      row: 0,
      col: 1,
      expected: 2.5,
      got: 2,
      error: 0.5,
      tolerance: 0.25,
    });
  });

  it("is told with the most exact oracle's, where that one rejects it as well", () => {
    const { worst } = compare(rowOf([1, 4]), [exact, weaker]);
    expect(worst).toMatchObject({ oracle: "dual numbers", expected: 2, error: 2 });
    expect(worst?.tolerance).toBeCloseTo(1e-12, 15);
  });

  it("is not said to be off by what rounding does not explain", () => {
    const disagreeing = {
      ...E11,
      expectations: (symbols: Parameters<typeof E11.expectations>[0]) => {
        const [exact, central] = E11.expectations(symbols);
        const up = (M: Matrix) => M.map((x) => x + 1);
        return [exact, { ...central, expected: up(central.expected), low: up(central.low), high: up(central.high) }];
      },
    };
    expect(verifyEquation(disagreeing, gradW2, 1).explanation).toMatch(
      /off by 1 where the errors of central differences explain/,
    );
    expect(verifyEquation(E11, () => Matrix.zeros(1, 1), 1).explanation).not.toContain("central");
  });
});

it("the relative error is infinite, and never NaN, where only one of two numbers is infinite", () => {
  const infinite = within("30-digit arithmetic", [Infinity], 0);
  expect(compare(rowOf([700]), [infinite]).maxRelError).toBe(Infinity);
  expect(compare(rowOf([-Infinity]), [infinite]).maxRelError).toBe(Infinity);
  expect(compare(rowOf([Infinity]), [infinite])).toMatchObject({ accepted: true, maxRelError: 0 });
  expect(compare(rowOf([NaN]), [within("30-digit arithmetic", [1], 0)]).maxRelError).toBe(Infinity);
});
