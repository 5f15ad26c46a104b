import { describe, expect, it } from "vitest";
import {
  addRow,
  addRowThenRelu,
  columnSums,
  copyRows,
  descend,
  outputGradient,
  shareOfZeros,
  softmax,
  throughRelu,
} from "../src/in-place";
import { oneHot } from "../src/labels";
import { Matrix } from "../src/matrix";
import { workingArrays } from "../src/product/product";
import { Random } from "../src/random";
import { takeRows } from "../src/samples";
import { firstDifference } from "./product/matrices";

const random = new Random(1);

/** The same matrix twice: in an ordinary array, where loops work on it, and in a working memory. */
function twice(rows: number, cols: number, inside: (count: number) => Float64Array): [plain: Matrix, simd: Matrix] {
  const plain = random.normalMatrix(rows, cols);
  if (rows * cols > 3) plain.data.set([0, -0, Number.NaN, Number.NEGATIVE_INFINITY]);
  const simd = new Matrix(rows, cols, inside(rows * cols));
  simd.data.set(plain.data);
  return [plain, simd];
}

describe("in a working memory every entry gets the bits of the plain loops, for all sizes up to 9×9", () => {
  const operations: [string, (A: Matrix, sameShape: Matrix, row: Matrix) => void][] = [
    ["addRow", (A, _, row) => addRow(A, row)],
    ["addRowThenRelu", (A, _, row) => addRowThenRelu(A, row)],
    ["throughRelu", (A, B) => throughRelu(A, B)],
    ["outputGradient", (A, B) => outputGradient(A, B, B)],
    ["columnSums", (A, _, row) => columnSums(A, row)],
    ["descend", (A, B) => descend(A, B, 0.3)],
  ];

  it.each(operations)("%s", (_, operation) => {
    for (let rows = 1; rows <= 9; rows++) {
      for (let cols = 1; cols <= 9; cols++) {
        const inside = workingArrays(2 * rows * cols + cols + 1, cols);
        const [A, B, row] = [twice(rows, cols, inside), twice(rows, cols, inside), twice(1, cols, inside)];
        const behind = inside(1);
        operation(A[0], B[0], row[0]);
        operation(A[1], B[1], row[1]);
        for (const [plain, simd] of [A, B, row]) {
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
        const inside = workingArrays(2 * rows * cols + 1, cols);
        const labels = Array.from({ length: rows }, () => random.integer(0, cols - 1));
        const Y = oneHot(labels, cols);
        const plain = Matrix.generate(rows, cols, logit);
        const [simd, simdY] = [plain, Y].map(() => new Matrix(rows, cols, inside(rows * cols)));
        simd.data.set(plain.data);
        simdY.data.set(Y.data);
        const behind = inside(1);
        const losses = [softmax(plain, Y, 0.5), softmax(simd, simdY, 0.5)];
        expect(losses[1]).toBe(losses[0]);
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
