import { describe, expect, it } from "vitest";
import { decimal30, float64 } from "../../src/oracles/arithmetic";
import { dual, variable } from "../../src/oracles/dual";
import golden from "../../src/oracles/golden.json";
import {
  affineRows,
  crossEntropyTerms,
  crossEntropyTermsFromLogits,
  lift,
  reluRows,
  softmaxRow,
  sum,
  trueClasses,
  upstreamTerms,
} from "../../src/oracles/scalar-network";

const { EPSILON } = Number;

function expectRowsWithin(got: readonly (readonly number[])[], expected: readonly (readonly number[])[], size: number) {
  expect(got.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  got.forEach((row, i) => {
    row.forEach((x, j) => {
      expect(Math.abs(x - expected[i][j]), `row ${i}, column ${j}`).toBeLessThanOrEqual(8 * EPSILON * size);
    });
  });
}

describe.each(golden.networks)("the scalar network on PyTorch's network “$name”", ({ symbols }) => {
  const { X, W1, b1, W2, b2, Y } = symbols;
  const classes = trueClasses(Y);
  const largest = (rows: number[][]) => rows.flat().reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  // No sum of products has more terms than 8 or larger ones than this.
  const size1 = 8 * (largest(X) * largest(W1) + largest(b1));
  const size2 = 8 * (largest(symbols.A1) * largest(W2) + largest(b2)) + size1 * 8 * largest(W2);

  it.each([
    ["float64", float64, (x: number) => x],
    ["dual", dual, (x: { re: number }) => x.re],
    ["decimal30", decimal30, (x: { toNumber(): number }) => x.toNumber()],
  ] as const)("finds PyTorch's values on %s numbers", (_, arithmetic, toNumber) => {
    // The three arithmetics have three types; each is used with its own conversion.
    const ar = arithmetic as typeof float64;
    const numbers = (rows: number[][]) => rows.map((row) => row.map(toNumber as (x: number) => number));
    const Z1 = affineRows(ar, lift(ar, X), lift(ar, W1), lift(ar, b1)[0]);
    expectRowsWithin(numbers(Z1), symbols.Z1, size1);
    const A1 = reluRows(ar, Z1);
    expectRowsWithin(numbers(A1), symbols.A1, size1);
    const Z2 = affineRows(ar, A1, lift(ar, W2), lift(ar, b2)[0]);
    expectRowsWithin(numbers(Z2), symbols.Z2, size2);
    const A2 = Z2.map((z) => softmaxRow(ar, z));
    expectRowsWithin(numbers(A2), symbols.A2, 4 * size2);
    const N = X.length;
    const [L] = numbers([crossEntropyTerms(ar, lift(ar, symbols.A2), classes)]);
    expectRowsWithin(
      L.map((l) => [l * N]),
      symbols.L,
      1 + largest(symbols.L),
    );
    const [fromLogits] = numbers([crossEntropyTermsFromLogits(ar, lift(ar, symbols.Z2), classes)]);
    const loss = (terms: number[]) => terms.reduce((total, l) => total + l, 0);
    expectRowsWithin([[loss(L)], [loss(fromLogits)]], [symbols.loss[0], symbols.loss[0]], size2);
  });
});

describe("the pieces of the scalar network", () => {
  it("lift takes numbers row by row", () => {
    expect(lift(dual, [[1], [2]])).toEqual([[dual.of(1)], [dual.of(2)]]);
  });

  it("sum adds a list up, and is 0 for an empty one", () => {
    expect(sum(float64, [1, 2, 4])).toBe(7);
    expect(sum(float64, [])).toBe(0);
  });

  it("affineRows is X W + b", () => {
    expect(
      affineRows(
        float64,
        [
          [1, 2],
          [3, 4],
        ],
        [
          [1, 0, 5],
          [10, 1, -5],
        ],
        [100, 200, 300],
      ),
    ).toEqual([
      [121, 202, 295],
      [143, 204, 295],
    ]);
  });

  it("reluRows has derivative 1 above 0 and 0 below and at exactly 0", () => {
    const [[above, at, below]] = reluRows(dual, [[variable(2), variable(0), variable(-2)]]);
    expect([above.re, at.re, below.re]).toEqual([2, 0, 0]);
    expect([above.du, at.du, below.du]).toEqual([1, 0, 0]);
  });

  it("softmaxRow and the losses do not overflow", () => {
    expect(softmaxRow(float64, [1000, -1000, 1000])).toEqual([0.5, 0, 0.5]);
    expect(softmaxRow(float64, [-1000, -1000])).toEqual([0.5, 0.5]);
    expect(crossEntropyTermsFromLogits(float64, [[1000, -1000]], [1])).toEqual([2000]);
    expect(crossEntropyTermsFromLogits(float64, [[-1000, 1000]], [1])[0] + 0).toBe(0);
  });

  it("the losses are one term per sample, each over N", () => {
    const A = [
      [0.25, 0.75],
      [0.5, 0.5],
    ];
    expect(crossEntropyTerms(float64, A, [0, 1])).toEqual([Math.LN2, Math.LN2 / 2]);
    const Z = [
      [0, Math.log(3)],
      [7, 7],
    ];
    const terms = crossEntropyTermsFromLogits(float64, Z, [0, 1]);
    expect(terms[0]).toBeCloseTo(Math.LN2, 15);
    expect(terms[1]).toBeCloseTo(Math.LN2 / 2, 15);
  });

  it("upstreamTerms are the products of an inner product, one per entry", () => {
    const G = [
      [1, 2],
      [3, 4],
    ];
    const out = [
      [10, 20],
      [30, 40],
    ];
    expect(upstreamTerms(float64, G, out)).toEqual([10, 40, 90, 160]);
  });

  it("trueClasses says where each row's 1 is", () => {
    expect(
      trueClasses([
        [0, 0, 1],
        [1, 0, 0],
        [0, 1, 0],
      ]),
    ).toEqual([2, 0, 1]);
  });
});
