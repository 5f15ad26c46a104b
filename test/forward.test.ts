import { describe, expect, it } from "vitest";
import {
  affine,
  crossEntropy,
  crossEntropyFromLogits,
  crossEntropyPerSample,
  forward,
  type Parameters,
  relu,
  softmax,
} from "../src/forward";
import { Matrix } from "../src/matrix";

const { fromRows } = Matrix;
const { log, exp, LN2 } = Math;
const ln = log;

/** Within a few roundings of `expected`, which is computed on another path. */
function expectClose(got: Matrix, expected: number[][]): void {
  expect(got.shape).toBe(fromRows(expected).shape);
  got.toRows().forEach((row, i) => {
    row.forEach((x, j) => {
      expect(Math.abs(x - expected[i][j])).toBeLessThanOrEqual(4 * Number.EPSILON * Math.abs(expected[i][j]));
    });
  });
}

/** A matrix with NaN, which `fromRows` would not let in. */
const notANumber = new Matrix(1, 2, Float64Array.of(0, Number.NaN));

describe("affine (E1, E3)", () => {
  const X = fromRows([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const W = fromRows([
    [1, 0, -1, 2],
    [0, 1, 2, -2],
    [3, -1, 0, 1],
  ]);
  const b = fromRows([[100, 200, 300, 400]]);

  it("is X W with the bias added to every row", () => {
    expect(affine(X, W, b).toRows()).toEqual([
      [110, 199, 303, 401],
      [122, 199, 306, 404],
    ]);
  });

  it("works on a single sample, a single input and a single unit", () => {
    expect(affine(fromRows([[3]]), fromRows([[5]]), fromRows([[7]])).toRows()).toEqual([[22]]);
  });

  it("refuses shapes that do not fit, and says which", () => {
    expect(() => affine(X, W.T.toMatrix(), b)).toThrow(
      new RangeError("affine: X is 2×3 and W is 4×3; X needs one column and W one row per input"),
    );
    expect(() => affine(X, W, Matrix.zeros(1, 3))).toThrow(
      new RangeError("affine: W is 3×4 and b is 1×3; both need one column per unit"),
    );
    expect(() => affine(X, W, Matrix.zeros(2, 4))).toThrow(
      new RangeError("affine: b is 2×4; expected 1×units, with 1 row"),
    );
  });

  it("refuses what is no matrix and what is not finite", () => {
    expect(() => affine([[1, 2, 3]] as unknown as Matrix, W, b)).toThrow(
      new TypeError("affine: X is an array; expected a Matrix of shape N×inputs"),
    );
    expect(() => affine(notANumber, Matrix.zeros(2, 3), Matrix.zeros(1, 3))).toThrow(
      new RangeError("affine: X has NaN at row 0, column 1; expected finite numbers"),
    );
    expect(() => affine(X, X.T.toMatrix(), notANumber)).toThrow("affine: b has NaN at row 0, column 1");
  });
});

describe("relu (E2)", () => {
  it("keeps what is above 0 and turns the rest into 0", () => {
    const Z = fromRows([
      [-1, 2],
      [0.5, -1e-300],
      [1e300, Number.MIN_VALUE],
    ]);
    expect(relu(Z).toRows()).toStrictEqual([
      [0, 2],
      [0.5, 0],
      [1e300, Number.MIN_VALUE],
    ]);
  });

  it("is 0 at exactly 0, and a plain 0 at −0", () => {
    expect(relu(fromRows([[0, -0]])).toRows()).toStrictEqual([[0, 0]]);
  });

  it("refuses NaN", () => {
    expect(() => relu(notANumber)).toThrow(
      new RangeError("relu: Z has NaN at row 0, column 1; expected finite numbers"),
    );
  });
});

describe("softmax (E4)", () => {
  it("is exp over the sum of exps, row by row", () => {
    const Z = fromRows([
      [0, ln(2), ln(5)],
      [ln(3), ln(3), ln(3)],
      [-ln(2), 0, ln(2)],
    ]);
    expectClose(softmax(Z), [
      [1 / 8, 2 / 8, 5 / 8],
      [1 / 3, 1 / 3, 1 / 3],
      [1 / 7, 2 / 7, 4 / 7],
    ]);
  });

  it("does not overflow or underflow at logits of ±1000: each row subtracts its own maximum", () => {
    const Z = fromRows([
      [1000, 1000, -1000],
      [-1000, -1000, -1000],
      [-1000, 1000, 1000 - ln(3)],
    ]);
    const A2 = softmax(Z);
    expect(A2.row(0).toRows()).toEqual([[0.5, 0.5, 0]]);
    expect(A2.row(1).toRows()).toEqual([[1 / 3, 1 / 3, 1 / 3]]);
    // 1000 − ln 3 is rounded by up to 6e-14.
    expect(A2.get(2, 0)).toBe(0);
    expect(A2.get(2, 1)).toBeCloseTo(3 / 4, 12);
    expect(A2.get(2, 2)).toBeCloseTo(1 / 4, 12);
  });

  it("works with the largest numbers there are", () => {
    const M = Number.MAX_VALUE;
    expect(softmax(fromRows([[M, -M]])).toRows()).toEqual([[1, 0]]);
    expect(softmax(fromRows([[M, M]])).toRows()).toEqual([[0.5, 0.5]]);
  });

  it("gives the only class probability 1, and small probabilities to their last digits", () => {
    expect(softmax(fromRows([[-7], [123]])).toRows()).toEqual([[1], [1]]);
    expectClose(softmax(fromRows([[0, -700]])), [[1 / (1 + exp(-700)), exp(-700)]]);
  });

  it("refuses NaN", () => {
    expect(() => softmax(notANumber)).toThrow(
      new RangeError("softmax: Z has NaN at row 0, column 1; expected finite numbers"),
    );
  });
});

describe("crossEntropyPerSample (E5) and crossEntropy (E6)", () => {
  const A2 = fromRows([
    [1 / 2, 1 / 4, 1 / 4],
    [1 / 8, 3 / 4, 1 / 8],
    [0, 0, 1],
    [1 / 16, 15 / 16, 0],
  ]);
  const Y = fromRows([
    [0, 1, 0],
    [1, 0, 0],
    [0, 0, 1],
    [1, 0, 0],
  ]);

  it("is −ln of the true class's probability, one number per sample", () => {
    const L = crossEntropyPerSample(A2, Y);
    expectClose(L, [[2 * LN2], [3 * LN2], [0], [4 * LN2]]);
  });

  it("averages over the samples, not over the classes and not at all the sum", () => {
    expect(crossEntropy(A2, Y)).toBeCloseTo((9 / 4) * LN2, 14);
    expect(crossEntropy(A2.row(1), Y.row(1))).toBeCloseTo(3 * LN2, 14);
  });

  it("counts 0 · ln 0 as 0: what has y = 0 does not matter, also where A2 is 0", () => {
    const [A, y] = [fromRows([[0, 1]]), fromRows([[0, 1]])];
    expect(crossEntropyPerSample(A, y).data[0] + 0).toBe(0);
    expect(crossEntropy(A, y) + 0).toBe(0);
  });

  it("is infinite where the true class has probability 0, and only there", () => {
    const [A, y] = [
      fromRows([
        [0, 1],
        [0.5, 0.5],
      ]),
      fromRows([
        [1, 0],
        [1, 0],
      ]),
    ];
    expect(crossEntropyPerSample(A, y).toRows()).toEqual([[Number.POSITIVE_INFINITY], [LN2]]);
    expect(crossEntropy(A, y)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ["crossEntropyPerSample", crossEntropyPerSample],
    ["crossEntropy", crossEntropy],
  ] as const)("%s refuses bad input under its own name", (name, loss) => {
    expect(() => loss(A2, Y.row(0))).toThrow(
      new RangeError(`${name}: A2 is 4×3 and Y is 1×3; both need one row per sample`),
    );
    expect(() => loss(A2.scale(2), Y)).toThrow(
      new RangeError(`${name}: A2 has 1.5 at row 1, column 1; expected probabilities from 0 to 1`),
    );
    expect(() => loss(A2, A2)).toThrow(
      new RangeError(`${name}: row 0 of Y is [0.5, 0.25, 0.25]; expected one-hot: a single 1, all else 0`),
    );
    expect(() => loss(A2, 3 as unknown as Matrix)).toThrow(
      new TypeError(`${name}: Y is a number; expected a Matrix of shape N×C`),
    );
  });
});

describe("crossEntropyFromLogits (E6)", () => {
  const Y = fromRows([
    [0, 1, 0],
    [1, 0, 0],
  ]);

  it("is the mean of ln Σ exp(Z2) − Z2_true", () => {
    const Z2 = fromRows([
      [0, ln(2), ln(5)],
      [ln(3), 0, 0],
    ]);
    // Probabilities 2/8 and 3/5.
    expect(crossEntropyFromLogits(Z2, Y)).toBeCloseTo((ln(4) + ln(5 / 3)) / 2, 14);
  });

  it("is finite where the probability of the true class has underflowed to 0", () => {
    const Z2 = fromRows([
      [1000, -1000, 0],
      [-1000, 1000, 1000],
    ]);
    expect(crossEntropy(softmax(Z2), Y)).toBe(Number.POSITIVE_INFINITY);
    expect(crossEntropyFromLogits(Z2, Y)).toBeCloseTo((2000 + 2000 + LN2) / 2, 11);
  });

  it("is ln C for equal logits", () => {
    expect(crossEntropyFromLogits(Matrix.zeros(2, 3), Y)).toBe(ln(3));
    expect(
      crossEntropyFromLogits(
        Matrix.zeros(2, 3).map(() => -7),
        Y,
      ),
    ).toBeCloseTo(ln(3), 14);
  });

  it("loses no digits to logits that are large and close together", () => {
    const Z2 = fromRows([[1e6, 1e6 - 1, 1e6 - 2]]);
    const shifted = fromRows([[2, 1, 0]]);
    const y = Y.row(0);
    const expected = crossEntropyFromLogits(shifted, y);
    expect(Math.abs(crossEntropyFromLogits(Z2, y) - expected)).toBeLessThanOrEqual(8 * Number.EPSILON * expected);
  });

  it("refuses bad input under its own name", () => {
    expect(() => crossEntropyFromLogits(Matrix.zeros(2, 4), Y)).toThrow(
      new RangeError("crossEntropyFromLogits: Z2 is 2×4 and Y is 2×3; both need one column per class"),
    );
    expect(() => crossEntropyFromLogits(Y, Matrix.zeros(2, 3))).toThrow(
      new RangeError("crossEntropyFromLogits: row 0 of Y is [0, 0, 0]; expected one-hot: a single 1, all else 0"),
    );
    expect(() => crossEntropyFromLogits(notANumber, fromRows([[1, 0]]))).toThrow(
      new RangeError("crossEntropyFromLogits: Z2 has NaN at row 0, column 1; expected finite numbers"),
    );
  });
});

describe("forward (E1–E4)", () => {
  /** N = 2, D = 3, H = 4, C = 2 — by hand: unit 3 is off for both samples, unit 1 exactly 0 for the first. */
  const X = fromRows([
    [1, 0, -1],
    [2, 1, 0],
  ]);
  const parameters: Parameters = {
    W1: fromRows([
      [1, 1, 0, -1],
      [0, 2, 1, 0],
      [1, 0, 1, 2],
    ]),
    b1: fromRows([[0.5, -1, 2, 1]]),
    W2: fromRows([
      [2, 0],
      [1, 1],
      [0, 1],
      [5, 7],
    ]),
    b2: fromRows([[0.25, -0.75]]),
  };

  it("is each equation in turn", () => {
    const { Z1, A1, Z2, A2 } = forward(X, parameters);
    expect(Z1.toRows()).toEqual([
      [0.5, 0, 1, -2],
      [2.5, 3, 3, -1],
    ]);
    expect(A1.toRows()).toEqual([
      [0.5, 0, 1, 0],
      [2.5, 3, 3, 0],
    ]);
    expect(Z2.toRows()).toEqual([
      [1.25, 0.25],
      [8.25, 5.25],
    ]);
    expectClose(A2, [
      [1 / (1 + exp(-1)), exp(-1) / (1 + exp(-1))],
      [1 / (1 + exp(-3)), exp(-3) / (1 + exp(-3))],
    ]);
  });

  it("treats each sample by itself", () => {
    const whole = forward(X, parameters);
    const second = forward(X.row(1), parameters);
    for (const name of ["Z1", "A1", "Z2", "A2"] as const) expect(second[name]).toEqual(whole[name].row(1));
  });

  it("leaves its arguments as they are and returns matrices of their own", () => {
    const { W1, b1, W2, b2 } = parameters;
    const before = [X, W1, b1, W2, b2].map((M) => M.copy());
    for (const M of Object.values(forward(X, parameters)) as Matrix[]) M.data.fill(99);
    expect([X, W1, b1, W2, b2]).toEqual(before);
  });

  it("refuses shapes that do not fit, under the names of the notes", () => {
    const refused = (X: Matrix, changed: Partial<Parameters>) => () => forward(X, { ...parameters, ...changed });
    expect(refused(Matrix.zeros(2, 4), {})).toThrow(
      new RangeError("forward: X is 2×4 and W1 is 3×4; X needs one column and W1 one row per input"),
    );
    expect(refused(X, { b1: Matrix.zeros(1, 3) })).toThrow(
      new RangeError("forward: W1 is 3×4 and b1 is 1×3; both need one column per hidden unit"),
    );
    expect(refused(X, { b1: Matrix.zeros(4, 4) })).toThrow(
      new RangeError("forward: b1 is 4×4; expected 1×H, with 1 row"),
    );
    expect(refused(X, { W2: Matrix.zeros(2, 4) })).toThrow(
      new RangeError("forward: W1 is 3×4 and W2 is 2×4; W1 needs one column and W2 one row per hidden unit"),
    );
    expect(refused(X, { b2: Matrix.zeros(1, 3) })).toThrow(
      new RangeError("forward: W2 is 4×2 and b2 is 1×3; both need one column per class"),
    );
    expect(refused(X, { b2: Matrix.zeros(2, 2) })).toThrow(
      new RangeError("forward: b2 is 2×2; expected 1×C, with 1 row"),
    );
    expect(refused(X, { W2: undefined as unknown as Matrix })).toThrow(
      new TypeError("forward: parameters.W2 is undefined; expected { W1, b1, W2, b2 }, each a Matrix"),
    );
  });
});
