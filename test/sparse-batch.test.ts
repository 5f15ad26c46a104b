import { describe, expect, it } from "vitest";
import { takeRows } from "../src/data/samples";
import { SecondThread } from "../src/engine/second-thread";
import { WorkingMemory } from "../src/engine/working-memory";
import { Matrix } from "../src/matrix";
import { Random } from "../src/random";
import { nonzeros, SparseBatch, SparseRows } from "../src/sparse-batch";
import { firstDifference } from "./engine/matrices";

const random = new Random(1);

/** A matrix with such a share of zeros, some of which are −0. */
function withZeros(rows: number, cols: number, share: number): Matrix {
  return Matrix.generate(rows, cols, () => {
    if (random.uniform() < share) return random.uniform() < 0.2 ? -0 : 0;
    return random.normal();
  });
}

/** The matrix without zeros, and a batch of as many rows, in a working memory with room for two more matrices. */
function sparse(A: Matrix, batchRows: number, others: number, helper?: SecondThread) {
  const counts = nonzeros(A);
  const total = counts.reduce((a, b) => a + b, 0);
  const size = { rows: batchRows, cols: A.cols, values: batchRows * Math.max(...counts) };
  const memory = new WorkingMemory(SparseRows.room(total) + SparseBatch.room(size) + others, 60, helper);
  return { memory, rows: new SparseRows(memory, A, counts), batch: new SparseBatch(memory, size) };
}

describe.each([undefined, new SecondThread(0)])("a batch has the products of the whole rows, bit for bit", (helper) => {
  it(`on ${helper ? "two threads" : "one thread"}, in any order and again and again`, () => {
    for (let round = 0; round < 120; round++) {
      const [N, D, H] = [random.integer(1, round % 4 === 0 ? 600 : 40), random.integer(1, 70), random.integer(1, 50)];
      const A = withZeros(N, D, [0, 0.3, 0.8, 1][round % 4]);
      const { memory, rows, batch } = sparse(A, N, D * H + N * H + N * H + D * H, helper);
      const matrix = (m: number, n: number) => new Matrix(m, n, memory.take(m * n));
      const [W, Z, dZ, dW] = [matrix(D, H), matrix(N, H), matrix(N, H), matrix(D, H)];
      for (const some of [N, Math.ceil(N / 2), N]) {
        const order = Array.from({ length: some }, () => random.integer(0, N - 1));
        const X = takeRows(A, order);
        const first = (M: Matrix) => new Matrix(some, H, M.data.subarray(0, some * H));
        W.data.forEach((_, k) => {
          W.data[k] = random.normal();
        });
        dZ.data.forEach((_, k) => {
          dZ.data[k] = random.normal();
        });
        Z.data.fill(Number.NaN);
        dW.data.fill(Number.NaN);
        batch.take(rows, order);
        batch.times(W, first(Z));
        expect(firstDifference(first(Z).data, X.times(W).data)).toBe(-1);
        for (let time = 0; time < 2; time++) {
          batch.T.times(first(dZ), dW);
          expect(firstDifference(dW.data, X.T.times(first(dZ)).data)).toBe(-1);
        }
      }
    }
  });
});

it("a batch that has taken no rows says so", () => {
  const { memory, batch } = sparse(Matrix.fromRows([[0, 1]]), 1, 3);
  const [W, Z] = [new Matrix(2, 1, memory.take(2)), new Matrix(1, 1, memory.take(1))];
  expect(() => batch.times(W, Z)).toThrow("SparseBatch: it has no rows; take some first");
  expect(() => batch.T.times(Z, W)).toThrow("SparseBatch: it has no rows; take some first");
});

it("nonzeros counts what is not 0 in each row, of either sign", () => {
  const A = Matrix.fromRows([
    [0, -0, 1e-300],
    [1, 2, -3],
    [0, 0, 0],
  ]);
  expect([...nonzeros(A)]).toEqual([1, 3, 0]);
});

it("rows are kept in their order, with their columns", () => {
  const { rows } = sparse(
    Matrix.fromRows([
      [0, 5, 0, 6],
      [0, 0, 0, 0],
      [7, 0, 0, 0],
    ]),
    1,
    0,
  );
  expect([...rows.ends]).toEqual([0, 2, 2, 3]);
  expect([...rows.values.subarray(0, 3)]).toEqual([5, 6, 7]);
  expect([...rows.columns.subarray(0, 3)]).toEqual([1, 3, 0]);
});
