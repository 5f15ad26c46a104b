import { afterEach, describe, expect, it, vi } from "vitest";
import { Matrix, scope, Transpose } from "../src/matrix";

/** 2×3, with a different number everywhere. */
const A = Matrix.fromRows([
  [1, 2, 3],
  [4, 5, 6],
]);

/** A matrix of numbers that are whole, so that sums of products are exact in any order, and all different. */
function wholeNumbers(rows: number, cols: number, seed: number): Matrix {
  return Matrix.generate(rows, cols, (i, j) => ((seed + 7 * i + 11 * j * j + 5 * i * j) % 23) - 11);
}

describe("new Matrix", () => {
  it("has rows, columns and row-major data, zeros by default", () => {
    const zeros = new Matrix(2, 3);
    expect([zeros.rows, zeros.cols]).toEqual([2, 3]);
    expect(zeros.data).toEqual(new Float64Array(6));
    const given = new Matrix(2, 3, Float64Array.of(1, 2, 3, 4, 5, 6));
    expect(given.toRows()).toEqual(A.toRows());
  });

  it("takes the data as it is, without a copy", () => {
    const data = Float64Array.of(1, 2);
    const M = new Matrix(1, 2, data);
    data[1] = 9;
    expect(M.get(0, 1)).toBe(9);
    expect(M.data).toBe(data);
  });

  it.each([
    [0, 1],
    [1, 0],
    [-1, 2],
    [2, -1],
    [1.5, 2],
    [2, 1.5],
    [Number.NaN, 1],
    [1, Number.POSITIVE_INFINITY],
  ])("refuses %d rows and %d columns", (rows, cols) => {
    expect(() => new Matrix(rows, cols)).toThrow(
      new RangeError(`Matrix: rows is ${rows} and cols is ${cols}; both must be whole numbers of at least 1`),
    );
  });

  it("has no shape without rows: 1×1 is the smallest", () => {
    expect(new Matrix(1, 1).data).toEqual(Float64Array.of(0));
  });

  it("refuses data of another kind or length", () => {
    expect(() => new Matrix(1, 2, [1, 2] as unknown as Float64Array)).toThrow(
      new TypeError("Matrix: data is an array; expected a Float64Array (for an array of rows use Matrix.fromRows)"),
    );
    expect(() => new Matrix(1, 2, new Float32Array(2) as unknown as Float64Array)).toThrow(
      "Matrix: data is an object; expected a Float64Array",
    );
    expect(() => new Matrix(2, 2, new Float64Array(5))).toThrow(
      new RangeError("Matrix: data has 5 numbers; 2×2 needs 4"),
    );
    expect(() => new Matrix(2, 2, new Float64Array(3))).toThrow("Matrix: data has 3 numbers; 2×2 needs 4");
  });
});

describe("Matrix.fromRows", () => {
  it("puts row after row into data", () => {
    expect(A.shape).toBe("2×3");
    expect(A.data).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6));
  });

  it("copies the rows", () => {
    const rows = [[1, 2]];
    const M = Matrix.fromRows(rows);
    rows[0][0] = 9;
    expect(M.get(0, 0)).toBe(1);
  });

  it("keeps every bit of a number: −0, the smallest, the largest", () => {
    const row = [-0, Number.MIN_VALUE, -Number.MAX_VALUE, 0.1];
    expect(Matrix.fromRows([row]).toRows()).toStrictEqual([row]);
  });

  it.each([
    ["no rows", [], "rows is empty"],
    ["an empty row", [[]], "rows[0] is empty"],
    ["a flat array", [1, 2], "rows[0] is a number"],
    ["nothing", undefined, "rows is undefined"],
    ["null", null, "rows is null"],
  ])("refuses %s", (_, rows, got) => {
    expect(() => Matrix.fromRows(rows as number[][])).toThrow(
      new TypeError(`Matrix.fromRows: ${got}; expected rows of numbers, at least one of each, like [[1, 2], [3, 4]]`),
    );
  });

  it("refuses something that only looks like an array of rows", () => {
    expect(() => Matrix.fromRows({ 0: [1], length: 1 } as unknown as number[][])).toThrow(TypeError);
    expect(() => Matrix.fromRows("12" as unknown as number[][])).toThrow(TypeError);
  });

  it("refuses rows of different length and names the row", () => {
    expect(() => Matrix.fromRows([[1, 2], [3, 4], [5]])).toThrow(
      new RangeError("Matrix.fromRows: row 2 has 1 numbers; row 0 has 2"),
    );
    expect(() => Matrix.fromRows([[1], [2, 3]])).toThrow("Matrix.fromRows: row 1 has 2 numbers; row 0 has 1");
    expect(() => Matrix.fromRows([[1], 2] as number[][])).toThrow(
      new RangeError("Matrix.fromRows: row 1 is not an array; row 0 has 1"),
    );
  });

  it.each([
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
    ["5", "5"],
    [null, "null"],
    [undefined, "undefined"],
    [1n, "1"],
    [true, "true"],
    [Symbol.iterator, "Symbol(Symbol.iterator)"],
  ])("refuses %s as an entry and says where it is", (value, shown) => {
    const rows = [
      [1, 2, 3],
      [4, 5, value],
    ] as number[][];
    expect(() => Matrix.fromRows(rows)).toThrow(
      new TypeError(`Matrix.fromRows: row 1, column 2 is ${shown}; expected a finite number`),
    );
  });

  it("refuses a hole in a row", () => {
    // biome-ignore lint/suspicious/noSparseArray: that is what the test is about
    const holed = [[1, , 3]] as number[][];
    expect(() => Matrix.fromRows(holed)).toThrow(TypeError);
  });
});

describe("Matrix.zeros and Matrix.generate", () => {
  it("are what they say", () => {
    expect(Matrix.zeros(2, 1).toRows()).toEqual([[0], [0]]);
    expect(Matrix.generate(2, 3, (i, j) => 10 * i + j).toRows()).toEqual([
      [0, 1, 2],
      [10, 11, 12],
    ]);
  });

  it("ask for the entries once each, row after row", () => {
    const asked: string[] = [];
    Matrix.generate(2, 2, (i, j) => asked.push(`${i}${j}`));
    expect(asked).toEqual(["00", "01", "10", "11"]);
  });
});

describe("reading a matrix", () => {
  it("get gives entry (row, column), counted from 0", () => {
    expect([A.get(0, 0), A.get(0, 2), A.get(1, 0), A.get(1, 2)]).toEqual([1, 3, 4, 6]);
  });

  it.each([
    [2, 0],
    [0, 3],
    [-1, 0],
    [0, -1],
    [0.5, 0],
    [0, 0.5],
    [Number.NaN, 0],
  ])("get refuses (%d, %d) of a 2×3 matrix", (i, j) => {
    expect(() => A.get(i, j)).toThrow(
      new RangeError(`Matrix.get: a 2×3 matrix has no entry (${i}, ${j}); both count from 0`),
    );
  });

  it("row gives a 1×cols copy", () => {
    const row = A.row(1);
    expect([row.shape, ...row.data]).toEqual(["1×3", 4, 5, 6]);
    row.data[0] = 99;
    expect(A.get(1, 0)).toBe(4);
  });

  it.each([2, -1, 0.5])("row refuses row %d of a 2×3 matrix", (i) => {
    expect(() => A.row(i)).toThrow(new RangeError(`Matrix.row: a 2×3 matrix has no row ${i}; rows count from 0`));
  });

  it("toRows and copy share nothing with the matrix", () => {
    const rows = A.toRows();
    rows[0][0] = 99;
    const copy = A.copy();
    copy.data[0] = 99;
    expect(copy.toRows()).toEqual([
      [99, 2, 3],
      [4, 5, 6],
    ]);
    expect(A.get(0, 0)).toBe(1);
  });

  it("toString shows shape and entries, and beyond 60 entries the shape alone", () => {
    expect(`${A}`).toBe("Matrix 2×3 [[1, 2, 3], [4, 5, 6]]");
    expect(`${Matrix.zeros(6, 10)}`).toBe(
      `Matrix 6×10 [${Array(6)
        .fill(`[${Array(10).fill(0).join(", ")}]`)
        .join(", ")}]`,
    );
    expect(`${Matrix.zeros(1, 61)}`).toBe("Matrix 1×61");
  });
});

describe("entry by entry", () => {
  const B = Matrix.fromRows([
    [10, 20, 30],
    [-40, 0.5, 0],
  ]);

  it("plus, minus and hadamard combine matrices of one shape", () => {
    expect(A.plus(B).toRows()).toEqual([
      [11, 22, 33],
      [-36, 5.5, 6],
    ]);
    expect(A.minus(B).toRows()).toEqual([
      [-9, -18, -27],
      [44, 4.5, 6],
    ]);
    expect(A.hadamard(B).toRows()).toEqual([
      [10, 40, 90],
      [-160, 2.5, 0],
    ]);
  });

  it("plusRow adds a row to every row", () => {
    expect(A.plusRow(Matrix.fromRows([[10, 20, 30]])).toRows()).toEqual([
      [11, 22, 33],
      [14, 25, 36],
    ]);
  });

  it("scale refuses what is no number", () => {
    expect(() => A.scale(undefined as unknown as number)).toThrow(
      new TypeError("Matrix.scale: factor is undefined; expected a number"),
    );
    expect(() => A.scale(A as unknown as number)).toThrow("Matrix.scale: factor is a Matrix; expected a number");
  });

  it("scale and map go through every entry, map with its place", () => {
    expect(A.scale(-2).toRows()).toEqual([
      [-2, -4, -6],
      [-8, -10, -12],
    ]);
    expect(A.map((value, i, j) => 100 * value + 10 * i + j).toRows()).toEqual([
      [100, 201, 302],
      [410, 511, 612],
    ]);
  });

  it("sums go over columns, rows and everything", () => {
    expect(A.columnSums().toRows()).toEqual([[5, 7, 9]]);
    expect(A.rowSums().toRows()).toEqual([[6], [15]]);
    expect(A.sum()).toBe(21);
  });

  it("none of them changes its operands", () => {
    const [a, b] = [A.copy(), B.copy()];
    const row = Matrix.fromRows([[1, 1, 1]]);
    for (const result of [
      a.plus(b),
      a.minus(b),
      a.hadamard(b),
      a.plusRow(row),
      a.scale(2),
      a.map((x) => x),
      a.copy(),
    ]) {
      result.data.fill(99);
    }
    a.columnSums().data.fill(99);
    a.rowSums().data.fill(99);
    expect([a.toRows(), b.toRows(), row.toRows()]).toEqual([A.toRows(), B.toRows(), [[1, 1, 1]]]);
  });

  it.each(["plus", "minus", "hadamard"] as const)("%s refuses another shape, and what is no matrix", (method) => {
    const refused = (B: unknown) => () => A[method](B as Matrix);
    for (const [rows, cols] of [
      [3, 2],
      [2, 2],
      [1, 3],
    ]) {
      expect(refused(Matrix.zeros(rows, cols))).toThrow(
        new RangeError(`Matrix.${method}: got 2×3 and ${rows}×${cols}; both need one shape`),
      );
    }
    expect(refused(5)).toThrow(`Matrix.${method}: got 2×3 and a number, not a Matrix; both need one shape`);
    expect(refused(null)).toThrow(`Matrix.${method}: got 2×3 and null, not a Matrix; both need one shape`);
    expect(refused(A.T.T.toRows())).toThrow(
      `Matrix.${method}: got 2×3 and an array, not a Matrix; both need one shape`,
    );
    expect(refused(Matrix.zeros(3, 2).T)).toThrow(RangeError);
  });

  it("plusRow refuses what is no 1×cols row", () => {
    expect(() => A.plusRow(Matrix.zeros(1, 2))).toThrow(
      new RangeError("Matrix.plusRow: got 1×2; a 2×3 matrix needs a 1×3 row"),
    );
    expect(() => A.plusRow(Matrix.zeros(2, 3))).toThrow("Matrix.plusRow: got 2×3; a 2×3 matrix needs a 1×3 row");
    expect(() => A.plusRow(7 as unknown as Matrix)).toThrow(
      "Matrix.plusRow: got a number, not a Matrix; a 2×3 matrix needs a 1×3 row",
    );
  });
});

describe("the matrix product", () => {
  const sizes = [1, 2, 3, 4, 5, 6];

  /** Σ_k a_ik b_kj, on arrays of rows. */
  function tripleLoop(a: number[][], b: number[][]): number[][] {
    const result: number[][] = [];
    for (let i = 0; i < a.length; i++) {
      result.push([]);
      for (let j = 0; j < b[0].length; j++) {
        let sum = 0;
        for (let k = 0; k < b.length; k++) sum += a[i][k] * b[k][j];
        result[i].push(sum);
      }
    }
    return result;
  }

  function transposed(rows: number[][]): number[][] {
    return rows[0].map((_, j) => rows.map((row) => row[j]));
  }

  it.each([
    ["A·B", false, false],
    ["Aᵀ·B", true, false],
    ["A·Bᵀ", false, true],
    ["Aᵀ·Bᵀ", true, true],
  ])("%s is the sum of products, for all sizes up to 6×6×6", (_, transposeA, transposeB) => {
    for (const m of sizes) {
      for (const n of sizes) {
        for (const p of sizes) {
          const left = transposeA ? wholeNumbers(n, m, 1) : wholeNumbers(m, n, 1);
          const right = transposeB ? wholeNumbers(p, n, 2) : wholeNumbers(n, p, 2);
          const [l, r] = [left.toRows(), right.toRows()];
          const expected = tripleLoop(transposeA ? transposed(l) : l, transposeB ? transposed(r) : r);
          const got = (transposeA ? left.T : left).times(transposeB ? right.T : right);
          // −0 and 0 are the same sum here.
          expect(got.map((x) => x + 0).toRows()).toEqual(expected.map((row) => row.map((x) => x + 0)));
          expect([left.toRows(), right.toRows()]).toEqual([l, r]);
        }
      }
    }
  });

  it("refuses inner sizes that differ, in all four combinations", () => {
    const B = Matrix.zeros(4, 5);
    const wording = (left: string, right: string, a: number, b: number) =>
      new RangeError(`Matrix.times: ${left} times ${right}; the inner sizes ${a} and ${b} must be equal`);
    expect(() => A.times(B)).toThrow(wording("2×3", "4×5", 3, 4));
    expect(() => A.T.times(B)).toThrow(wording("3×2", "4×5", 2, 4));
    expect(() => A.times(B.T)).toThrow(wording("2×3", "5×4", 3, 5));
    expect(() => A.T.times(B.T)).toThrow(wording("3×2", "5×4", 2, 5));
  });

  it.each([
    [5, "a number"],
    [null, "null"],
    [undefined, "undefined"],
    [[[1], [2], [3]], "an array"],
    ["ab", "a string"],
  ])("refuses to multiply by %j", (value, got) => {
    const refusal = `Matrix.times: got ${got}, not a Matrix; expected a Matrix with`;
    expect(() => A.times(value as unknown as Matrix)).toThrow(new TypeError(`${refusal} 3 rows`));
    expect(() => A.T.times(value as unknown as Matrix)).toThrow(new TypeError(`${refusal} 2 rows`));
  });

  it("lets NaN and infinities through: they come from somewhere and must be seen", () => {
    const row = new Matrix(1, 2, Float64Array.of(0, 1));
    const column = new Matrix(2, 1, Float64Array.of(Number.POSITIVE_INFINITY, 1));
    expect(row.times(column).data[0]).toBeNaN();
  });
});

describe("the transposed view", () => {
  it("has the shape, the entries and the matrix turned round", () => {
    expect(A.T).toBeInstanceOf(Transpose);
    expect(() => new Transpose(5 as unknown as Matrix)).toThrow(
      new TypeError("Transpose: got a number; expected a Matrix"),
    );
    expect([A.T.rows, A.T.cols, A.T.shape]).toEqual([3, 2, "3×2"]);
    const rows = [
      [1, 4],
      [2, 5],
      [3, 6],
    ];
    expect(A.T.toRows()).toEqual(rows);
    expect(A.T.toMatrix().toRows()).toEqual(rows);
    expect(A.T.toMatrix()).toBeInstanceOf(Matrix);
    expect(A.T.T).toBe(A);
  });

  it("copies nothing: it shows what the matrix holds later", () => {
    const M = A.copy();
    const view = M.T;
    M.data[1] = 20;
    expect(view.of).toBe(M);
    expect(view.toRows()[1]).toEqual([20, 5]);
    expect(
      Matrix.fromRows([[1, 0]])
        .times(M.T.T)
        .toRows(),
    ).toEqual([[1, 20, 3]]);
    expect(view.times(Matrix.fromRows([[1], [0]])).toRows()).toEqual([[1], [20], [3]]);
  });

  it("is copied by toMatrix and toRows", () => {
    const M = A.copy();
    M.T.toMatrix().data.fill(9);
    M.T.toRows()[0][0] = 9;
    expect(M.toRows()).toEqual(A.toRows());
  });
});

describe("telling what is a matrix", () => {
  afterEach(() => vi.resetModules());

  it("takes matrices and views for themselves, and nothing else for them", () => {
    expect([Matrix.isMatrix(A), Transpose.isTranspose(A)]).toEqual([true, false]);
    expect([Matrix.isMatrix(A.T), Transpose.isTranspose(A.T)]).toEqual([false, true]);
    const lookalike = { rows: 2, cols: 3, data: A.data, of: A };
    for (const value of [null, undefined, 0, "A", [[1]], lookalike, () => A, Matrix, Transpose]) {
      expect([Matrix.isMatrix(value), Transpose.isTranspose(value)]).toEqual([false, false]);
    }
  });

  it("asks for a mark that says true, not for any mark", () => {
    const unsure = { [Symbol.for("backprop.Matrix")]: 1, [Symbol.for("backprop.Transpose")]: 1 };
    expect([Matrix.isMatrix(unsure), Transpose.isTranspose(unsure)]).toEqual([false, false]);
  });

  it("knows matrices of a class that was loaded before src was edited, and computes with them", async () => {
    vi.resetModules();
    const reloaded = await import("../src/matrix");
    expect(reloaded.Matrix).not.toBe(Matrix);
    const older = A;
    const newer = reloaded.Matrix.fromRows([
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
    expect(older).not.toBeInstanceOf(reloaded.Matrix);
    expect([reloaded.Matrix.isMatrix(older), Matrix.isMatrix(newer)]).toEqual([true, true]);
    expect([reloaded.Transpose.isTranspose(older.T), Transpose.isTranspose(newer.T)]).toEqual([true, true]);
    expect(older.times(newer).toRows()).toEqual([
      [4, 5],
      [10, 11],
    ]);
    expect(newer.T.times(older.T).toRows()).toEqual([
      [4, 10],
      [5, 11],
    ]);
    expect(older.plus(reloaded.Matrix.zeros(2, 3)).toRows()).toEqual(A.toRows());
    expect(older.plusRow(reloaded.Matrix.zeros(1, 3)).toRows()).toEqual(A.toRows());
  });
});

describe("operations as NumPy has them", () => {
  const A = Matrix.fromRows([
    [1, -2, 3],
    [-4, 5, -6],
  ]);
  const c = Matrix.fromRows([[2], [-4]]);
  const NaNs = new Matrix(1, 3, Float64Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY));

  it("maximum: the larger one of each entry and a number; −0 counts as less than 0, NaN stays", () => {
    expect(A.maximum(0).toRows()).toEqual([
      [1, 0, 3],
      [0, 5, 0],
    ]);
    expect(A.maximum(2).row(0).toRows()).toEqual([[2, 2, 3]]);
    expect(
      Object.is(
        Matrix.fromRows([[-0]])
          .maximum(0)
          .get(0, 0),
        0,
      ),
    ).toBe(true);
    expect([...NaNs.maximum(0).data]).toEqual([Number.NaN, 1, Number.POSITIVE_INFINITY]);
  });

  it("greater: 1 where an entry is greater than a number, 0 where it is equal, less or NaN", () => {
    expect(A.greater(-2).toRows()).toEqual([
      [1, 0, 1],
      [0, 1, 0],
    ]);
    expect([...NaNs.greater(0).data]).toEqual([0, 1, 1]);
  });

  it("exp and log, entry by entry", () => {
    expect(A.exp().toRows()).toEqual(A.toRows().map((row) => row.map((x) => Math.exp(x))));
    expect(A.exp().log().get(1, 2)).toBeCloseTo(-6, 14);
    expect([...Matrix.fromRows([[1, 0, -1]]).log().data]).toEqual([0, Number.NEGATIVE_INFINITY, Number.NaN]);
  });

  it("rowMaxima: the largest entry of each row, NaN if there is one", () => {
    expect(A.rowMaxima().toRows()).toEqual([[3], [5]]);
    expect(A.scale(-1).rowMaxima().toRows()).toEqual([[2], [6]]);
    expect(NaNs.rowMaxima().data[0]).toBeNaN();
  });

  it("minusColumn and overColumn: each row with its own number", () => {
    expect(A.minusColumn(c).toRows()).toEqual([
      [-1, -4, 1],
      [0, 9, -2],
    ]);
    expect(A.overColumn(c).toRows()).toEqual([
      [0.5, -1, 1.5],
      [1, -1.25, 1.5],
    ]);
  });

  it("norm: the root of the sum of the squares", () => {
    expect(Matrix.fromRows([[3], [4]]).norm()).toBe(5);
    expect(A.norm()).toBeCloseTo(Math.sqrt(91), 14);
    const long = Matrix.generate(3, 7, (i, j) => 7 * i + j);
    expect(long.norm()).toBe(Math.sqrt(2870));
  });

  it("isFinite: whether all entries are", () => {
    expect(A.isFinite()).toBe(true);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (let k = 0; k < 6; k++) {
        const B = A.copy();
        B.data[k] = bad;
        expect(B.isFinite()).toBe(false);
      }
    }
  });

  it("set writes an entry, into the matrix itself", () => {
    const B = A.copy();
    expect(B.set(1, 0, 7)).toBeUndefined();
    expect(B.toRows()).toEqual([
      [1, -2, 3],
      [7, 5, -6],
    ]);
    expect(() => B.set(2, 0, 1)).toThrow(
      new RangeError("Matrix.set: a 2×3 matrix has no entry (2, 0); both count from 0"),
    );
    expect(() => B.set(0, 3, 1)).toThrow("has no entry (0, 3)");
    expect(() => B.set(0, 0, "1" as never)).toThrow(new TypeError("Matrix.set: value is a string; expected a number"));
  });

  it("for…of goes over the rows", () => {
    expect([...A]).toEqual(A.toRows());
    expect(A).toEqual(A.copy());
    expect(A).not.toEqual(A.plus(A));
  });

  it("refuse what does not fit", () => {
    expect(() => A.minusColumn(c.row(0))).toThrow(
      new RangeError("Matrix.minusColumn: got 1×1; a 2×3 matrix needs a 2×1 column"),
    );
    expect(() => A.overColumn(A)).toThrow("Matrix.overColumn: got 2×3; a 2×3 matrix needs a 2×1 column");
    expect(() => A.overColumn(3 as never)).toThrow("Matrix.overColumn: got a number, not a Matrix;");
    expect(() => A.maximum(A as never)).toThrow(new TypeError("Matrix.maximum: least is a Matrix; expected a number"));
    expect(() => A.greater(undefined as never)).toThrow(
      new TypeError("Matrix.greater: bound is undefined; expected a number"),
    );
  });

  it("a scope without an engine is a call of its work", () => {
    expect(scope((B) => B.plus(B), A)).toEqual(A.scale(2));
    expect(() => scope(async () => A)).toThrow("scope: work returned a promise");
  });
});
