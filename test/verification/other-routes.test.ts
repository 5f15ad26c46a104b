/** What verify accepts although it is done another way, and what it rejects although it is almost right. */
import { describe, expect, it } from "vitest";
import { gradW2, gradZ2, Matrix, relu, softmaxJacobian } from "../../src";
import { verify } from "../../src/verify";

describe("right answers by another route are accepted", () => {
  it("E11 as a sum of outer products, one sample at a time", () => {
    const byOuterProducts = (A1: Matrix, dZ2: Matrix) => {
      const dW2 = Matrix.zeros(A1.cols, dZ2.cols);
      for (let i = 0; i < A1.rows; i++) {
        for (let h = 0; h < A1.cols; h++) {
          for (let c = 0; c < dZ2.cols; c++) dW2.data[h * dZ2.cols + c] += A1.get(i, h) * dZ2.get(i, c);
        }
      }
      return dW2;
    };
    expect(verify("E11", byOuterProducts).passed).toBe(true);
  });

  it("E11 summed from the last sample to the first", () => {
    const backwards = (A1: Matrix, dZ2: Matrix) => {
      const reversed = (M: Matrix) => Matrix.fromRows(M.toRows().reverse());
      return reversed(A1).T.times(reversed(dZ2));
    };
    for (let seed = 1; seed <= 50; seed++) expect(verify("E11", backwards, { seed }).passed).toBe(true);
  });

  it("E4 through the logarithm of the sum of exponentials", () => {
    const viaLogSum = (Z: Matrix) => {
      const rows = Z.toRows().map((z) => {
        const max = Math.max(...z);
        const logSum = max + Math.log(z.reduce((sum, x) => sum + Math.exp(x - max), 0));
        return z.map((x) => Math.exp(x - logSum));
      });
      return Matrix.fromRows(rows);
    };
    for (let seed = 1; seed <= 50; seed++) expect(verify("E4", viaLogSum, { seed }).passed).toBe(true);
  });

  it("E15 with the mask taken from A1 > 0, which is the same as Z1 > 0", () => {
    const maskFromA1 = (dZ2: Matrix, W2: Matrix, Z1: Matrix) => {
      const A1 = Z1.map((z) => Math.max(0, z));
      return dZ2.times(W2.T).hadamard(A1.map((a) => (a > 0 ? 1 : 0)));
    };
    expect(verify("E15", maskFromA1).passed).toBe(true);
  });

  it("a transposed view counts as the matrix that it shows", () => {
    expect(verify("E11", (A1: Matrix, dZ2: Matrix) => dZ2.T.times(A1).T).passed).toBe(true);
  });
});

describe("right answers, more of them", () => {
  const trueClass = (Y: Matrix, i: number) => Y.toRows()[i].indexOf(1);

  it("E5 as ln(1/a), which near a = 1 is off by what a itself is", () => {
    const inverted = (A2: Matrix, Y: Matrix) =>
      Matrix.fromRows(A2.toRows().map((a, i) => [Math.log(1 / a[trueClass(Y, i)])]));
    for (let seed = 1; seed <= 30; seed++) expect(verify("E5", inverted, { seed }).passed).toBe(true);
  });

  it("E9 and E10 with the 1/N on either side of the bracket", () => {
    const inside = (A2: Matrix, Y: Matrix) => A2.scale(1 / A2.rows).minus(Y.scale(1 / A2.rows));
    for (let seed = 1; seed <= 30; seed++) expect(verify("E10", inside, { seed }).passed).toBe(true);
  });
});

describe("wrong answers that are right almost everywhere", () => {
  it("a threshold that is almost 0 is not 0", () => {
    for (const threshold of [1e-6, 1e-8, 1e-10]) {
      const mask = (Z: Matrix) => Z.map((z) => (z > threshold ? 1 : 0));
      const cut = (Z: Matrix) => Z.map((z) => (z > threshold ? z : 0));
      expect(verify("E14", mask).passed, `E14 above ${threshold}`).toBe(false);
      expect(verify("E2", cut).passed, `E2 above ${threshold}`).toBe(false);
    }
  });

  it("more than seven inputs are asked for, too", () => {
    const firstSeven = (X: Matrix, W: Matrix, b: Matrix) =>
      X.map((x, _, d) => (d < 7 ? x : 0))
        .times(W)
        .plusRow(b);
    const verdicts = [1, 2, 3, 4, 5].map((seed) => verify("E1", firstSeven, { seed }).passed);
    expect(verdicts).toContain(false);
  });

  it("single precision is told as such", () => {
    const rounded = (A1: Matrix, dZ2: Matrix) => gradW2(A1, dZ2).map(Math.fround);
    expect(verify("E11", rounded).explanation).toContain("single precision");
  });

  it("single precision is told as such also where some numbers are too small for it, or exact in it", () => {
    const rounding =
      (f: (...args: Matrix[]) => Matrix) =>
      (...args: Matrix[]) =>
        f(...args).map(Math.fround);
    const told = (id: string, f: (...args: Matrix[]) => Matrix) => verify(id, rounding(f)).explanation;
    expect(told("E2", relu)).toContain("single precision");
    expect(told("E8", softmaxJacobian)).toContain("single precision");
    expect(told("E10", gradZ2)).toContain("single precision");
    expect(verify("E10", (A2: Matrix, Y: Matrix) => gradZ2(A2, Y).map((d) => d + 1e-12)).explanation).not.toContain(
      "single precision",
    );
  });
});
