import { describe, expect, it } from "vitest";
import {
  backward,
  gradA1,
  gradA2,
  gradB1,
  gradB2,
  gradW1,
  gradW2,
  gradZ1,
  gradZ2,
  gradZ2ByChainRule,
  reluPrime,
  softmaxJacobian,
} from "../src/backward";
import { forward, type Parameters, softmax } from "../src/forward";
import { Matrix } from "../src/matrix";

const { fromRows, zeros } = Matrix;

/** N = 2, C = 3; all probabilities are powers of 2, so that every result is exact. */
const A2 = fromRows([
  [1 / 2, 1 / 4, 1 / 4],
  [1 / 8, 1 / 8, 3 / 4],
]);
const Y = fromRows([
  [0, 1, 0],
  [1, 0, 0],
]);

/** As rows, with −0 as 0: which zero it is does not matter. */
function rowsOf(A: Matrix): number[][] {
  return A.map((x) => x + 0).toRows();
}

/** Whether two matrices agree to `tolerance`, entry by entry. */
function expectWithin(got: Matrix, expected: Matrix, tolerance: number): void {
  expect(got.shape).toBe(expected.shape);
  for (const difference of got.minus(expected).data) expect(Math.abs(difference)).toBeLessThanOrEqual(tolerance);
}

/** A matrix with NaN, which `fromRows` would not let in. */
function notANumber(rows: number, cols: number): Matrix {
  const result = zeros(rows, cols);
  result.data[0] = Number.NaN;
  return result;
}

describe("gradA2 (E7)", () => {
  it("is −1/A2 for the true class, over N, and 0 elsewhere", () => {
    expect(rowsOf(gradA2(A2, Y))).toEqual([
      [0, -2, 0],
      [-4, 0, 0],
    ]);
  });

  it("is the notes' −y/A for a single sample", () => {
    expect(rowsOf(gradA2(A2.row(0), Y.row(0)))).toEqual([[0, -4, 0]]);
  });

  it("is 0, not NaN, where y is 0 and A2 has underflowed to 0", () => {
    expect(rowsOf(gradA2(fromRows([[0, 1]]), fromRows([[0, 1]])))).toEqual([[0, -1]]);
  });

  it("works down to 1e-300 and refuses a true class below", () => {
    expect(gradA2(fromRows([[2e-300, 1]]), fromRows([[1, 0]])).data[0]).toBe(-1 / 2e-300);
    for (const p of [1e-300, 1e-310, 0]) {
      expect(() =>
        gradA2(
          fromRows([
            [1, 0],
            [p, 1],
          ]),
          fromRows([
            [1, 0],
            [1, 0],
          ]),
        ),
      ).toThrow(
        new RangeError(
          `gradA2: A2 is ${p} for the true class of row 1; −y / A2 needs more than 1e-300. E10, gradZ2, has no such limit`,
        ),
      );
    }
  });
});

describe("softmaxJacobian (E8)", () => {
  it("is a_j (1 − a_j) on the diagonal and −a_j a_k off it", () => {
    expect(softmaxJacobian(A2.row(0)).toRows()).toEqual([
      [1 / 4, -1 / 8, -1 / 8],
      [-1 / 8, 3 / 16, -1 / 16],
      [-1 / 8, -1 / 16, 3 / 16],
    ]);
  });

  it("has rows and columns that sum to 0", () => {
    const J = softmaxJacobian(A2.row(1));
    expect(rowsOf(J.rowSums())).toEqual([[0], [0], [0]]);
    expect(rowsOf(J.columnSums())).toEqual([[0, 0, 0]]);
  });

  it("is 0 when the softmax is sure of itself, and when there is one class only", () => {
    expect(rowsOf(softmaxJacobian(fromRows([[0, 1, 0]])))).toEqual(zeros(3, 3).toRows());
    expect(rowsOf(softmaxJacobian(fromRows([[1]])))).toEqual([[0]]);
  });

  it("keeps the sign of a derivative that is tiny", () => {
    expect(softmaxJacobian(fromRows([[1e-200, 0.5, 0.5]])).toRows()[0]).toEqual([1e-200, -5e-201, -5e-201]);
  });

  it("refuses more than one sample, and what are no probabilities", () => {
    expect(() => softmaxJacobian(A2)).toThrow(new RangeError("softmaxJacobian: a is 2×3; expected 1×C, with 1 row"));
    expect(() => softmaxJacobian(fromRows([[0.5, 1.5]]))).toThrow(
      new RangeError("softmaxJacobian: a has 1.5 at row 0, column 1; expected probabilities from 0 to 1"),
    );
    expect(() => softmaxJacobian(notANumber(1, 2))).toThrow(
      new RangeError("softmaxJacobian: a has NaN at row 0, column 0; expected finite numbers"),
    );
  });
});

describe("gradZ2ByChainRule (E9) and gradZ2 (E10)", () => {
  const expected = [
    [1 / 4, -3 / 8, 1 / 8],
    [-7 / 16, 1 / 16, 3 / 8],
  ];

  it("are both (A2 − Y)/N", () => {
    expect(gradZ2(A2, Y).toRows()).toEqual(expected);
    expect(gradZ2ByChainRule(A2, Y).toRows()).toEqual(expected);
  });

  it("are A2 − Y for a single sample", () => {
    expect(gradZ2(A2.row(0), Y.row(0)).toRows()).toEqual([[1 / 2, -3 / 4, 1 / 4]]);
    expect(gradZ2ByChainRule(A2.row(0), Y.row(0)).toRows()).toEqual([[1 / 2, -3 / 4, 1 / 4]]);
  });

  it("have two opposite columns for two classes", () => {
    const [A, y] = [fromRows([[0.25, 0.75]]), fromRows([[0, 1]])];
    expect(gradZ2(A, y).toRows()).toEqual([[0.25, -0.25]]);
    expect(gradZ2ByChainRule(A, y).toRows()).toEqual([[0.25, -0.25]]);
  });

  it("differ where the true class has underflowed: E10 goes on, E9 says that it cannot", () => {
    const [A, y] = [softmax(fromRows([[-1000, 1000, 0]])), fromRows([[1, 0, 0]])];
    expect(gradZ2(A, y).toRows()).toEqual([[-1, 1, 0]]);
    expect(() => gradZ2ByChainRule(A, y)).toThrow(
      new RangeError(
        "gradZ2ByChainRule: A2 is 0 for the true class of row 0; −y / A2 needs more than 1e-300. E10, gradZ2, has no such limit",
      ),
    );
  });

  it("vanish where the network is sure and right", () => {
    expect(rowsOf(gradZ2(Y, Y))).toEqual(zeros(2, 3).toRows());
    expect(rowsOf(gradZ2ByChainRule(Y, Y))).toEqual(zeros(2, 3).toRows());
  });
});

describe.each([
  ["gradA2", gradA2],
  ["gradZ2ByChainRule", gradZ2ByChainRule],
  ["gradZ2", gradZ2],
] as const)("%s", (name, gradient) => {
  it("refuses bad input under its own name", () => {
    expect(() => gradient(A2, Y.row(0))).toThrow(
      new RangeError(`${name}: A2 is 2×3 and Y is 1×3; both need one row per sample`),
    );
    expect(() => gradient(A2.scale(-1), Y)).toThrow(
      new RangeError(`${name}: A2 has -0.5 at row 0, column 0; expected probabilities from 0 to 1`),
    );
    expect(() => gradient(A2, zeros(2, 3))).toThrow(
      new RangeError(`${name}: row 0 of Y is [0, 0, 0]; expected one-hot: a single 1, all else 0`),
    );
    expect(() => gradient(undefined as unknown as Matrix, Y)).toThrow(
      new TypeError(`${name}: A2 is undefined; expected a Matrix of shape N×C`),
    );
  });
});

/** N = 2, H = 3, C = 2. */
const dZ2 = fromRows([
  [1, -2],
  [3, 4],
]);
const A1 = fromRows([
  [1, 0, 2],
  [0, 5, 3],
]);
const W2 = fromRows([
  [1, 2],
  [-1, 0],
  [3, 1],
]);

describe("gradW2 (E11)", () => {
  it("is A1ᵀ dZ2: the sum of the samples' outer products", () => {
    expect(gradW2(A1, dZ2).toRows()).toEqual([
      [1, -2],
      [15, 20],
      [11, 8],
    ]);
    const outer = (i: number) => A1.row(i).T.times(dZ2.row(i));
    expect(gradW2(A1, dZ2)).toEqual(outer(0).plus(outer(1)));
  });

  it("refuses shapes that do not fit: both need one row per sample", () => {
    expect(() => gradW2(zeros(5, 4), zeros(6, 3))).toThrow(
      new RangeError("gradW2: A1 is 5×4 and dZ2 is 6×3; both need one row per sample"),
    );
    expect(() => gradW2(A1, notANumber(2, 2))).toThrow(
      new RangeError("gradW2: dZ2 has NaN at row 0, column 0; expected finite numbers"),
    );
  });
});

describe("gradB2 (E12)", () => {
  it("is the sum over the samples, 1×C", () => {
    expect(gradB2(dZ2).toRows()).toEqual([[4, 2]]);
    expect(gradB2(dZ2.row(1)).toRows()).toEqual([[3, 4]]);
  });

  it("refuses NaN", () => {
    expect(() => gradB2(notANumber(2, 2))).toThrow(
      new RangeError("gradB2: dZ2 has NaN at row 0, column 0; expected finite numbers"),
    );
  });
});

describe("gradA1 (E13)", () => {
  it("is dZ2 W2ᵀ", () => {
    expect(gradA1(dZ2, W2).toRows()).toEqual([
      [-3, -1, 1],
      [11, -3, 13],
    ]);
  });

  it("refuses shapes that do not fit: both need one column per class", () => {
    expect(() => gradA1(dZ2, W2.T.toMatrix())).toThrow(
      new RangeError("gradA1: dZ2 is 2×2 and W2 is 2×3; both need one column per class"),
    );
    expect(() => gradA1(dZ2, 1 as unknown as Matrix)).toThrow(
      new TypeError("gradA1: W2 is a number; expected a Matrix of shape H×C"),
    );
  });
});

/** Above 0, below 0, and exactly 0. */
const Z1 = fromRows([
  [1, 0, -2],
  [-1e-300, 5, 1e-300],
]);

describe("reluPrime (E14)", () => {
  it("is 1 above 0, 0 below 0, and 0 at exactly 0", () => {
    expect(reluPrime(Z1).toRows()).toStrictEqual([
      [1, 0, 0],
      [0, 1, 1],
    ]);
    expect(reluPrime(fromRows([[0, -0]])).toRows()).toStrictEqual([[0, 0]]);
  });

  it("refuses NaN", () => {
    expect(() => reluPrime(notANumber(1, 1))).toThrow(
      new RangeError("reluPrime: Z1 has NaN at row 0, column 0; expected finite numbers"),
    );
  });
});

describe("gradZ1 (E15)", () => {
  it("is dZ2 W2ᵀ where the unit is on, and 0 where it is off or at exactly 0", () => {
    expect(rowsOf(gradZ1(dZ2, W2, Z1))).toEqual([
      [-3, 0, 0],
      [0, -3, 13],
    ]);
  });

  it("refuses shapes that do not fit", () => {
    expect(() => gradZ1(dZ2, W2, Z1.row(0))).toThrow(
      new RangeError("gradZ1: dZ2 is 2×2 and Z1 is 1×3; both need one row per sample"),
    );
    expect(() => gradZ1(dZ2, W2, zeros(2, 4))).toThrow(
      new RangeError("gradZ1: W2 is 3×2 and Z1 is 2×4; W2 needs one row and Z1 one column per hidden unit"),
    );
    expect(() => gradZ1(dZ2, W2, notANumber(2, 3))).toThrow(
      new RangeError("gradZ1: Z1 has NaN at row 0, column 0; expected finite numbers"),
    );
  });
});

/** N = 2, D = 4, H = 3. */
const X = fromRows([
  [1, 2, 3, 4],
  [-1, 0, 2, 5],
]);
const dZ1 = fromRows([
  [1, 0, -1],
  [2, 3, 0],
]);

describe("gradW1 (E16)", () => {
  it("is Xᵀ dZ1", () => {
    expect(gradW1(X, dZ1).toRows()).toEqual([
      [-1, -3, -1],
      [2, 0, -2],
      [7, 6, -3],
      [14, 15, -4],
    ]);
  });

  it("refuses shapes that do not fit: both need one row per sample", () => {
    expect(() => gradW1(X.T.toMatrix(), dZ1)).toThrow(
      new RangeError("gradW1: X is 4×2 and dZ1 is 2×3; both need one row per sample"),
    );
    expect(() => gradW1(notANumber(2, 4), dZ1)).toThrow(
      new RangeError("gradW1: X has NaN at row 0, column 0; expected finite numbers"),
    );
  });
});

describe("gradB1 (E17)", () => {
  it("is the sum over the samples, 1×H", () => {
    expect(gradB1(dZ1).toRows()).toEqual([[3, 3, -1]]);
  });

  it("refuses NaN", () => {
    expect(() => gradB1(notANumber(1, 2))).toThrow(
      new RangeError("gradB1: dZ1 has NaN at row 0, column 0; expected finite numbers"),
    );
  });
});

describe("backward (E10–E17)", () => {
  /** N = 2, D = 1, H = 3, C = 2: the logits of both samples are equal, so that A2 is ½ everywhere. */
  const X = fromRows([[1], [2]]);
  const Y = fromRows([
    [1, 0],
    [0, 1],
  ]);
  const parameters: Parameters = {
    W1: fromRows([[1, -1, 2]]),
    b1: fromRows([[-1, 0, 0]]),
    W2: fromRows([
      [4, 4],
      [3, 1],
      [2, 2],
    ]),
    b2: fromRows([[5, 5]]),
  };
  const cache = forward(X, parameters);

  it("is each equation in turn, on numbers worked out by hand", () => {
    expect(cache.Z1.toRows()).toEqual([
      [0, -1, 2],
      [1, -2, 4],
    ]);
    const { dZ2, dW2, db2, dA1, dZ1, dW1, db1 } = backward(X, Y, parameters, cache);
    expect(rowsOf(dZ2)).toEqual([
      [-1 / 4, 1 / 4],
      [1 / 4, -1 / 4],
    ]);
    expect(rowsOf(dW2)).toEqual([
      [1 / 4, -1 / 4],
      [0, 0],
      [1 / 2, -1 / 2],
    ]);
    expect(rowsOf(db2)).toEqual([[0, 0]]);
    expect(rowsOf(dA1)).toEqual([
      [0, -1 / 2, 0],
      [0, 1 / 2, 0],
    ]);
    // Unit 1 is off for both samples, and the others have no part in the difference of the logits.
    expect(rowsOf(dZ1)).toEqual(zeros(2, 3).toRows());
    expect(rowsOf(dW1)).toEqual([[0, 0, 0]]);
    expect(rowsOf(db1)).toEqual([[0, 0, 0]]);
  });

  it("lets through what reaches a unit that is on", () => {
    const turned = {
      ...parameters,
      W2: fromRows([
        [0, 0],
        [0, 0],
        [1, 3],
      ]),
      b2: fromRows([[4, 0]]),
    };
    // Z2 = (6, 6) and (8, 12): the second sample is sure, up to e⁻⁴.
    const { A2, Z1, ...rest } = forward(X, turned);
    const q = 1 / (1 + Math.exp(4));
    const { dZ1, dW1, db1 } = backward(X, Y, turned, { A2, Z1, ...rest });
    expectWithin(
      dZ1,
      fromRows([
        [0, 0, 1 / 2],
        [0, 0, -q],
      ]),
      1e-16,
    );
    expectWithin(dW1, fromRows([[0, 0, 1 / 2 - 2 * q]]), 1e-15);
    expectWithin(db1, fromRows([[0, 0, 1 / 2 - q]]), 1e-15);
  });

  it("gives every gradient the shape of what it is the gradient of", () => {
    const gradients = backward(X, Y, parameters, cache);
    const { W1, b1, W2, b2 } = parameters;
    const { Z1, A1, Z2 } = cache;
    expect(Object.entries(gradients).map(([name, M]) => `${name} ${M.shape}`)).toEqual(
      Object.entries({ dZ2: Z2, dW2: W2, db2: b2, dA1: A1, dZ1: Z1, dW1: W1, db1: b1 }).map(
        ([name, M]) => `${name} ${M.shape}`,
      ),
    );
  });

  it("leaves its arguments as they are and returns matrices of their own", () => {
    const matrices = [X, Y, ...Object.values(parameters), ...Object.values(cache)] as Matrix[];
    const before = matrices.map((M) => M.copy());
    for (const M of Object.values(backward(X, Y, parameters, cache)) as Matrix[]) M.data.fill(99);
    expect(matrices).toEqual(before);
  });

  it("refuses labels that are not one-hot, and a cache of other samples", () => {
    expect(() => backward(X, zeros(2, 2), parameters, cache)).toThrow(
      new RangeError("gradZ2: row 0 of Y is [0, 0]; expected one-hot: a single 1, all else 0"),
    );
    expect(() => backward(X.row(0), Y, parameters, cache)).toThrow(
      new RangeError("gradW1: X is 1×1 and dZ1 is 2×3; both need one row per sample"),
    );
    expect(() => backward(X.row(0), Y.row(0), parameters, cache)).toThrow(
      new RangeError("gradZ2: A2 is 2×2 and Y is 1×2; both need one row per sample"),
    );
  });

  it("refuses a Z1 that does not belong to A1", () => {
    expect(() => backward(X, Y, parameters, { ...cache, Z1: zeros(2, 5) })).toThrow(
      new RangeError("backward: Z1 is 2×5 and A1 is 2×3; both need one column per hidden unit"),
    );
  });

  it("says which part of the parameters or of the cache is missing", () => {
    const without = (name: string) => ({ ...cache, [name]: undefined });
    for (const name of ["Z1", "A1", "A2"]) {
      expect(() => backward(X, Y, parameters, without(name) as unknown as typeof cache)).toThrow(
        new TypeError(`backward: cache.${name} is undefined; expected { Z1, A1, A2 }, each a Matrix`),
      );
    }
    expect(() => backward(X, Y, {} as Parameters, cache)).toThrow(
      new TypeError("backward: parameters.W2 is undefined; expected { W2 }, each a Matrix"),
    );
  });
});

describe("every gradient", () => {
  it("leaves its arguments as they are and returns a matrix of its own", () => {
    const calls: [(...args: Matrix[]) => Matrix, Matrix[]][] = [
      [gradA2, [A2, Y]],
      [softmaxJacobian, [A2.row(0)]],
      [gradZ2ByChainRule, [A2, Y]],
      [gradZ2, [A2, Y]],
      [gradW2, [A1, dZ2]],
      [gradB2, [dZ2.row(0)]],
      [gradA1, [dZ2, W2]],
      [reluPrime, [Z1]],
      [gradZ1, [dZ2, W2, Z1]],
      [gradW1, [X, dZ1]],
      [gradB1, [dZ1.row(0)]],
    ];
    for (const [gradient, args] of calls) {
      const given = args.map((M) => M.copy());
      gradient(...given).data.fill(99);
      expect(given).toEqual(args);
    }
  });
});
