import { expect, it } from "vitest";
import { gradZ2, Matrix, verify } from "../../src";

const byMinus = (A2: Matrix, Y: Matrix) => A2.minus(Y).scale(1 / A2.rows);
const byLoops = (A2: Matrix, Y: Matrix) => {
  const dZ2 = Matrix.zeros(A2.rows, A2.cols);
  for (let i = 0; i < A2.rows; i++)
    for (let j = 0; j < A2.cols; j++) dZ2.data[i * A2.cols + j] = (A2.get(i, j) - Y.get(i, j)) / A2.rows;
  return dZ2;
};

it("a ✓ says which excluded road was taken, and nothing where none was", () => {
  const without = ["minus", "scale"] as const;
  expect(String(verify("E10", byMinus, { without }))).toMatch(
    /^✓ E10 gradZ2: right, but this was to be done without `minus` and `scale`\. The answers are equal up to rounding/,
  );
  expect(String(verify("E10", byLoops, { without }))).toMatch(/^✓ E10 gradZ2: (equal|exactly)/);
  expect(String(verify("E10", byMinus))).not.toMatch(/without/);
});

it("a property is a road, too", () => {
  const without = ["times", "T"] as const;
  const byProduct = (A1: Matrix, dZ2: Matrix) => A1.T.times(dZ2);
  expect(String(verify("E11", byProduct, { without }))).toMatch(/was to be done without `T`/);
});

it("a wrong answer is told why, whatever road it took, and the methods are themselves again", () => {
  const { minus } = Matrix.prototype;
  const verdict = verify("E10", (A2: Matrix, Y: Matrix) => A2.minus(Y), { without: ["minus"] });
  expect(verdict.misconception?.id).toBe("missing-1/N");
  expect(verdict.message).not.toMatch(/without/);
  verify(
    "E10",
    () => {
      throw new Error("stop");
    },
    { without: ["minus"] },
  );
  expect(Matrix.prototype.minus).toBe(minus);
  expect(verify("E10", gradZ2).passed).toBe(true);
});
