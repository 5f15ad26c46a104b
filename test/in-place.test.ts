import { describe, expect, it } from "vitest";
import { oneHot } from "../src/data/labels";
import { takeRows } from "../src/data/samples";
import { WorkingMemory } from "../src/engine/working-memory";
import {
  addAll,
  addRow,
  addRowThenRelu,
  columnSums,
  copyRows,
  descend,
  outputGradient,
  shareOfZeros,
  softmax,
  squares,
  throughRelu,
} from "../src/in-place";
import { Matrix } from "../src/matrix";
import { Random } from "../src/random";
import { firstDifference } from "./engine/matrices";

const random = new Random(1);

/** Gives away so many numbers of a working memory. */
function inMemory(count: number, columns: number): (length: number) => Float64Array {
  const memory = new WorkingMemory(count, columns);
  return (length) => memory.take(length);
}

/** The same matrix twice: in an ordinary array, where loops work on it, and in a working memory. */
function twice(rows: number, cols: number, inside: (count: number) => Float64Array): [plain: Matrix, simd: Matrix] {
  const plain = random.normalMatrix(rows, cols);
  if (rows * cols > 3) plain.data.set([0, -0, Number.NaN, Number.NEGATIVE_INFINITY]);
  const simd = new Matrix(rows, cols, inside(rows * cols));
  simd.data.set(plain.data);
  return [plain, simd];
}

describe("in a working memory every entry gets the bits of the plain loops, for all sizes up to 9×20", () => {
  const operations: [string, (A: Matrix, sameShape: Matrix, row: Matrix, column: Matrix) => void][] = [
    ["addRow", (A, _, row) => addRow(A, row)],
    ["addRowThenRelu", (A, _, row) => addRowThenRelu(A, row)],
    ["throughRelu", (A, B) => throughRelu(A, B)],
    ["outputGradient", (A, B) => outputGradient(A, B, B)],
    ["columnSums", (A, _, row) => columnSums(A, row)],
    ["squares", (A, _, __, column) => squares(A, column)],
    ["descend", (A, B) => descend(A, B, 0.3)],
  ];

  it.each(operations)("%s", (_, operation) => {
    for (let rows = 1; rows <= 9; rows++) {
      for (let cols = 1; cols <= 20; cols++) {
        const inside = inMemory(2 * rows * cols + cols + rows + 1, cols);
        const [A, B, row] = [twice(rows, cols, inside), twice(rows, cols, inside), twice(1, cols, inside)];
        const column = twice(rows, 1, inside);
        const behind = inside(1);
        operation(A[0], B[0], row[0], column[0]);
        operation(A[1], B[1], row[1], column[1]);
        for (const [plain, simd] of [A, B, row, column]) {
          if (firstDifference(plain.data, simd.data) !== -1) expect.fail(`${rows}×${cols}: ${plain} and ${simd}`);
        }
        expect(behind[0]).toBe(0);
      }
    }
  });
});

describe("softmax and losses in a working memory have the bits of the plain loops", () => {
  const special = [0, -0, 5e-324, -1e-9, 1, 709, -709, -746, 1e308, -1e308, Number.POSITIVE_INFINITY, Number.NaN];
  const logits: [string, () => number][] = [
    ["near each other", () => random.normal()],
    ["far apart", () => 300 * random.normal()],
    ["special, too", () => (random.uniform() < 0.1 ? special[random.integer(0, special.length - 1)] : random.normal())],
  ];

  it.each(logits)("of logits that are %s, for all sizes up to 12×12", (_, logit) => {
    for (let rows = 1; rows <= 12; rows++) {
      for (let cols = 1; cols <= 12; cols++) {
        const inside = inMemory(2 * rows * cols + rows + 1, cols);
        const labels = Array.from({ length: rows }, () => random.integer(0, cols - 1));
        const Y = oneHot(labels, cols);
        const plain = Matrix.generate(rows, cols, logit);
        const [simd, simdY] = [plain, Y].map(() => new Matrix(rows, cols, inside(rows * cols)));
        simd.data.set(plain.data);
        simdY.data.set(Y.data);
        const losses = [Matrix.zeros(rows, 1), new Matrix(rows, 1, inside(rows))];
        const behind = inside(1);
        softmax(plain, Y, losses[0]);
        softmax(simd, simdY, losses[1]);
        if (firstDifference(losses[0].data, losses[1].data) !== -1) expect.fail(`${losses[0]} and ${losses[1]}`);
        if (firstDifference(plain.data, simd.data) !== -1) expect.fail(`${rows}×${cols}: ${plain} and ${simd}`);
        expect(behind[0]).toBe(0);
      }
    }
  });
});

describe("what the operations do", () => {
  const A = () =>
    Matrix.fromRows([
      [1, -2],
      [-3, 4],
    ]);
  const row = Matrix.fromRows([[1, 1]]);

  it.each([
    [
      "addRow",
      (Z: Matrix) => addRow(Z, row),
      [
        [2, -1],
        [-2, 5],
      ],
    ],
    [
      "addRowThenRelu",
      (Z: Matrix) => addRowThenRelu(Z, row),
      [
        [2, 0],
        [0, 5],
      ],
    ],
    [
      "throughRelu",
      (Z: Matrix) =>
        throughRelu(
          Z,
          Matrix.fromRows([
            [5, 5],
            [0, 0],
          ]),
        ),
      [
        [1, -2],
        [-0, 0],
      ],
    ],
    [
      "descend",
      (Z: Matrix) => descend(Z, A(), 0.5),
      [
        [0.5, -1],
        [-1.5, 2],
      ],
    ],
  ] as const)("%s", (_, operation, expected) => {
    const Z = A();
    operation(Z);
    expect(Z.toRows()).toEqual(expected);
  });

  it("shareOfZeros, of either sign", () => {
    expect(shareOfZeros(Matrix.fromRows([[0, -0, 1, 1e-300]]))).toBe(0.5);
  });

  it("squares: of every row, the sum", () => {
    const sums = Matrix.zeros(2, 1);
    squares(
      Matrix.generate(2, 19, (i, j) => (i + 1) * (j - 5)),
      sums,
    );
    const expected = Array.from({ length: 19 }, (_, j) => (j - 5) ** 2).reduce((a, b) => a + b);
    expect(sums.toRows()).toEqual([[expected], [4 * expected]]);
  });

  it("addAll", () => {
    expect(addAll(A(), 0.5)).toBe(0.5);
    expect(addAll(Matrix.fromRows([[1], [2]]), 0.5)).toBe(3.5);
  });

  it("columnSums", () => {
    const sums = Matrix.fromRows([[9, 9]]);
    columnSums(A(), sums);
    expect(sums.toRows()).toEqual([[-2, 2]]);
  });

  it.each([3, 300])("copyRows takes rows in any order, also some that follow each other; %d columns", (cols) => {
    const source = random.normalMatrix(8, cols);
    for (const rows of [[5], [0, 1, 2, 3, 4, 5, 6, 7], [7, 6, 5], [2, 3, 0, 4, 5, 6, 6, 1]]) {
      const into = Matrix.zeros(rows.length, cols);
      copyRows(source, rows, into);
      expect(into.data).toEqual(takeRows(source, rows).data);
    }
  });
});
