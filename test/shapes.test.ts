import { describe, expect, it } from "vitest";
import { Matrix } from "../src/matrix";
import {
  checkFinite,
  checkMatrices,
  checkOneHot,
  checkPrediction,
  checkProbabilities,
  checkShapes,
  finite,
} from "../src/shapes";

const { zeros, fromRows } = Matrix;

/** A matrix that holds `value` in one place and zeros elsewhere; `fromRows` would not let NaN in. */
function withEntry(rows: number, cols: number, [i, j]: [number, number], value: number): Matrix {
  return Matrix.generate(rows, cols, (ii, jj) => (ii === i && jj === j ? value : 0));
}

describe("checkShapes", () => {
  it("accepts shapes that fit", () => {
    expect(
      checkShapes("f(X: N×D, W1: D×H, b1: 1×H, dZ1: N×H)", zeros(5, 4), zeros(4, 6), zeros(1, 6), zeros(5, 6)),
    ).toBeUndefined();
  });

  it("accepts equal sizes under different letters", () => {
    expect(() => checkShapes("f(X: N×D, W1: D×H)", zeros(2, 2), zeros(2, 2))).not.toThrow();
  });

  it.each([
    ["N", "sample"],
    ["D", "input"],
    ["H", "hidden unit"],
    ["C", "class"],
    ["inputs", "input"],
    ["units", "unit"],
    ["K", "K"],
  ])("names what there is one row or column of: %s stands for “%s”", (letter, what) => {
    expect(() => checkShapes(`f(P: ${letter}×a, Q: ${letter}×b)`, zeros(5, 4), zeros(6, 3))).toThrow(
      new RangeError(`f: P is 5×4 and Q is 6×3; both need one row per ${what}`),
    );
    expect(() => checkShapes(`f(P: a×${letter}, Q: b×${letter})`, zeros(4, 5), zeros(3, 6))).toThrow(
      new RangeError(`f: P is 4×5 and Q is 3×6; both need one column per ${what}`),
    );
    expect(() => checkShapes(`f(P: a×${letter}, Q: ${letter}×b)`, zeros(4, 5), zeros(6, 3))).toThrow(
      new RangeError(`f: P is 4×5 and Q is 6×3; P needs one column and Q one row per ${what}`),
    );
    expect(() => checkShapes(`f(P: ${letter}×a, Q: b×${letter})`, zeros(5, 4), zeros(3, 6))).toThrow(
      new RangeError(`f: P is 5×4 and Q is 3×6; P needs one row and Q one column per ${what}`),
    );
  });

  it("names the first argument that had the letter, not the one before", () => {
    expect(() => checkShapes("f(first: N×D, second: N×H, third: N×C)", zeros(5, 4), zeros(5, 3), zeros(7, 2))).toThrow(
      "f: first is 5×4 and third is 7×2; both need one row per sample",
    );
  });

  it("says that a matrix with one letter twice must be square", () => {
    expect(() => checkShapes("f(J: C×C)", zeros(3, 3))).not.toThrow();
    expect(() => checkShapes("f(J: C×C)", zeros(3, 2))).toThrow(new RangeError("f: J is 3×2; it must be square"));
  });

  it("says which fixed number of rows or columns is expected", () => {
    expect(() => checkShapes("affine(b: 1×units)", zeros(2, 3))).toThrow(
      new RangeError("affine: b is 2×3; expected 1×units, with 1 row"),
    );
    expect(() => checkShapes("f(b: 2×units)", zeros(1, 3))).toThrow("f: b is 1×3; expected 2×units, with 2 rows");
    expect(() => checkShapes("f(L: N×1)", zeros(4, 2))).toThrow("f: L is 4×2; expected N×1, with 1 column");
    expect(() => checkShapes("f(L: N×3)", zeros(4, 2))).toThrow("f: L is 4×2; expected N×3, with 3 columns");
    expect(() => checkShapes("f(b: 1×3)", zeros(1, 3))).not.toThrow();
  });

  it("checks the columns also where the number of rows is fixed", () => {
    expect(() => checkShapes("f(W: D×H, b: 1×H)", zeros(2, 3), zeros(1, 4))).toThrow(
      "f: W is 2×3 and b is 1×4; both need one column per hidden unit",
    );
  });

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [[[1, 2]], "an array"],
    [5, "a number"],
    ["A", "a string"],
    [{ rows: 2, cols: 2 }, "an object"],
    [zeros(2, 2).T, "an object"],
  ])("says what it got instead of a matrix: %o", (value, got) => {
    expect(() => checkShapes("gradW2(A1: N×H)", value as Matrix)).toThrow(
      new TypeError(`gradW2: A1 is ${got}; expected a Matrix of shape N×H`),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("refuses an entry of %d", (value) => {
    expect(() => checkShapes("relu(Z: N×H)", withEntry(3, 4, [2, 1], value))).toThrow(
      new RangeError(`relu: Z has ${value} at row 2, column 1; expected finite numbers`),
    );
  });
});

describe("a signature", () => {
  it("means the notes' matrices by their names, and all of them have their shapes", () => {
    expect(() => checkShapes("gradW2(A1, dZ2)", zeros(5, 4), zeros(6, 3))).toThrow(
      "gradW2: A1 is 5×4 and dZ2 is 6×3; both need one row per sample",
    );
    expect(() => checkShapes("f(W1, b1)", zeros(4, 6), zeros(2, 6))).toThrow("f: b1 is 2×6; expected 1×H, with 1 row");
    expect(() => checkShapes("f(W2: rows×4)", zeros(5, 3))).toThrow("f: W2 is 5×3; expected rows×4, with 4 columns");
  });
});

describe("checkMatrices", () => {
  const expected = "expected { W1, b1 }, each a Matrix";

  it("accepts an object that holds the matrices, and others beside them", () => {
    const parameters = { W1: zeros(1, 1), b1: zeros(1, 1), note: "x" };
    expect(checkMatrices("forward", "parameters", parameters, ["W1", "b1"])).toBeUndefined();
  });

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [5, "a number"],
    ["W1", "a string"],
  ])("says that it got %o instead of an object", (value, got) => {
    expect(() => checkMatrices("forward", "parameters", value as unknown as object, ["W1", "b1"])).toThrow(
      new TypeError(`forward: parameters is ${got}; ${expected}`),
    );
  });

  it("refuses a function, even one that carries matrices", () => {
    const carrier = Object.assign(() => 0, { W1: zeros(1, 1), b1: zeros(1, 1) });
    expect(() => checkMatrices("forward", "parameters", carrier, ["W1", "b1"])).toThrow(
      `forward: parameters is a function; ${expected}`,
    );
  });

  it("names the first one that is missing or no matrix", () => {
    const refused = (value: object) => () => checkMatrices("forward", "parameters", value, ["W1", "b1"]);
    expect(refused({})).toThrow(new TypeError(`forward: parameters.W1 is undefined; ${expected}`));
    expect(refused({ W1: zeros(1, 1) })).toThrow(new TypeError(`forward: parameters.b1 is undefined; ${expected}`));
    expect(refused({ W1: zeros(1, 1), b1: 3 })).toThrow(
      new TypeError(`forward: parameters.b1 is a number; ${expected}`),
    );
  });
});

describe("finite", () => {
  const [A, B] = [zeros(2, 3), withEntry(2, 3, [1, 0], Number.NaN)];

  it("lets a finite result pass, without a look at the arguments", () => {
    expect(finite("f(B: N×D)", A, B)).toBe(A);
  });

  it("finds the argument that is to blame, the first of several", () => {
    expect(() =>
      finite("f(A: N×D, B: N×D, C: N×D)", B, A, B, withEntry(1, 1, [0, 0], Number.POSITIVE_INFINITY)),
    ).toThrow(new RangeError("f: B has NaN at row 1, column 0; expected finite numbers"));
  });

  it("lets a result pass that is infinite because finite numbers were too large", () => {
    const large = withEntry(1, 1, [0, 0], 1e200);
    const product = large.times(large);
    expect(finite("f(large: N×D)", product, large)).toBe(product);
  });
});

describe("checkFinite", () => {
  it("accepts finite numbers and returns nothing", () => {
    expect(checkFinite("f", "A", fromRows([[0, -1e308, 5e-324]]))).toBeUndefined();
  });

  it("names the first entry that is not finite, by row and column", () => {
    const A = zeros(2, 3);
    A.data[4] = Number.NEGATIVE_INFINITY;
    A.data[5] = Number.NaN;
    expect(() => checkFinite("f", "A", A)).toThrow("f: A has -Infinity at row 1, column 1; expected finite numbers");
    A.data[0] = Number.NaN;
    expect(() => checkFinite("f", "A", A)).toThrow("f: A has NaN at row 0, column 0; expected finite numbers");
  });
});

describe("checkProbabilities", () => {
  it("accepts 0, 1, what lies between, and the rounding error of a sum", () => {
    expect(() => checkProbabilities("f", "A2", fromRows([[0, -0, 0.5, 1, 1 + 2 ** -52, 1 + 1e-12]]))).not.toThrow();
  });

  it.each([-1e-300, -0.5, 1.0000001, 1 + 2e-12, 2])("refuses %d and says where it is", (value) => {
    expect(() => checkProbabilities("gradA2", "A2", withEntry(2, 3, [1, 2], value))).toThrow(
      new RangeError(`gradA2: A2 has ${value} at row 1, column 2; expected probabilities from 0 to 1`),
    );
    expect(() => checkProbabilities("gradA2", "A2", withEntry(2, 3, [0, 0], value))).toThrow("row 0, column 0");
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d, also when it comes first", (value) => {
    expect(() => checkPrediction("f(A2, Y)", withEntry(1, 2, [0, 0], value), fromRows([[1, 0]]))).toThrow(RangeError);
  });
});

describe("checkOneHot", () => {
  it("accepts rows with a single 1, wherever it is", () => {
    expect(() =>
      checkOneHot(
        "f",
        "Y",
        fromRows([
          [1, 0, 0],
          [0, 0, 1],
          [0, 1, 0],
        ]),
      ),
    ).not.toThrow();
    expect(() => checkOneHot("f", "Y", fromRows([[1]]))).not.toThrow();
    expect(() => checkOneHot("f", "Y", fromRows([[-0, 1]]))).not.toThrow();
  });

  it.each([
    [[0, 0, 0]],
    [[1, 1, 0]],
    [[2, 0, 0]],
    [[1, 2, 0]],
    [[0.5, 0.5, 0]],
    [[1, -1, 1]],
    [[1, 1e-9, 0]],
    [[0, 0, -1]],
  ])("refuses the row %j", (row) => {
    const wording = `crossEntropy: row 1 of Y is [${row.join(", ")}]; expected one-hot: a single 1, all else 0`;
    expect(() => checkOneHot("crossEntropy", "Y", fromRows([[1, 0, 0], row, [5, 5, 5]]))).toThrow(
      new RangeError(wording),
    );
  });
});

describe("checkPrediction", () => {
  const A2 = fromRows([
    [0.5, 0.25, 0.25],
    [0, 1, 0],
  ]);
  const Y = fromRows([
    [0, 0, 1],
    [1, 0, 0],
  ]);

  it("accepts probabilities with one-hot labels of the same shape", () => {
    expect(checkPrediction("f(A2, Y)", A2, Y)).toBeUndefined();
  });

  it("looks at shapes, then probabilities, then labels", () => {
    expect(() => checkPrediction("f(A2, Y)", A2, zeros(3, 3))).toThrow(
      "f: A2 is 2×3 and Y is 3×3; both need one row per sample",
    );
    expect(() => checkPrediction("f(A2, Y)", A2, zeros(2, 4))).toThrow(
      "f: A2 is 2×3 and Y is 2×4; both need one column per class",
    );
    expect(() => checkPrediction("f(A2, Y)", A2.scale(2), Y.scale(2))).toThrow(
      "f: A2 has 2 at row 1, column 1; expected probabilities from 0 to 1",
    );
    expect(() => checkPrediction("f(A2, Y)", A2, Y.scale(2))).toThrow("f: row 0 of Y is [0, 0, 2]; expected one-hot");
  });
});
