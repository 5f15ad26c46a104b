/** What verify asks: on each of these inputs, something that is right on all others is found wrong. */
import { describe, expect, it } from "vitest";
import { backward, type Cache, gradA1, gradW2, gradZ2, Matrix, type Parameters, softmax, verify } from "../../src";

describe("square matrices", () => {
  it("find out who transposes until the shapes fit", () => {
    const untilItFits = (A1: Matrix, dZ2: Matrix) => (A1.cols === dZ2.rows ? A1.times(dZ2) : A1.T.times(dZ2));
    const verdict = verify("E11", untilItFits);
    expect(verdict.misconception?.id).toBe("transpose-missing");
    expect(String(verdict)).toMatch(/on square matrices.*Where all sizes differ it is right: do the shapes decide/);
    expect(verify("E13", (dZ2: Matrix, W2: Matrix) => dZ2.times(dZ2.cols === W2.rows ? W2 : W2.T)).passed).toBe(false);
    expect(
      verify("E12", (dZ2: Matrix) => {
        const sums = dZ2.rows === dZ2.cols ? dZ2.rowSums() : dZ2.columnSums();
        return new Matrix(1, dZ2.cols, sums.data);
      }).passed,
    ).toBe(false);
  });

  it("find it out in a whole backward, too", () => {
    const untilItFits = (X: Matrix, Y: Matrix, parameters: Parameters, cache: Cache) => {
      const right = backward(X, Y, parameters, cache);
      const { A1 } = cache;
      return { ...right, dW2: A1.rows === A1.cols ? A1.times(right.dZ2) : right.dW2 };
    };
    expect(verify("backward", untilItFits)).toMatchObject({ passed: false, step: { name: "dW2" } });
  });

  it("come twice, so that what lives on between calls is seen", () => {
    const kept = new Map<string, Matrix>();
    const addedUp = (A1: Matrix, dZ2: Matrix) => {
      const sum = gradW2(A1, dZ2).plus(kept.get(`${A1.shape} ${dZ2.shape}`) ?? Matrix.zeros(A1.cols, dZ2.cols));
      kept.set(`${A1.shape} ${dZ2.shape}`, sum);
      return sum;
    };
    expect(String(verify("E11", addedUp))).toMatch(/depends on earlier calls/);
  });
});

describe("equal logits", () => {
  it("find out a softmax that counts the largest one once", () => {
    const once = (Z2: Matrix) =>
      Matrix.fromRows(
        Z2.toRows().map((z) => {
          const max = Math.max(...z);
          const others = z.filter((value) => value < max).map((value) => Math.exp(value - max));
          const sum = others.reduce((total, e) => total + e, 1);
          return z.map((value) => Math.exp(value - max) / sum);
        }),
      );
    expect(String(verify("E4", once))).toMatch(/✗ .*wrong on equal logits/);
  });

  it("find out a Jacobian that takes equal probabilities for one", () => {
    const byValue = (a: Matrix) =>
      Matrix.generate(a.cols, a.cols, (j, k) => a.data[j] * ((a.data[j] === a.data[k] ? 1 : 0) - a.data[k]));
    expect(String(verify("E8", byValue))).toMatch(/✗ .*equal logits/);
  });
});

describe("more than eight of everything", () => {
  it.each([1, 2, 3])("finds out who leaves out what comes after the eighth sample (seed %d)", (seed) => {
    const eight = (A1: Matrix, dZ2: Matrix) => {
      const first = (A: Matrix) => Matrix.generate(Math.min(8, A.rows), A.cols, (i, j) => A.get(i, j));
      return gradW2(first(A1), first(dZ2));
    };
    expect(verify("E11", eight, { seed }).passed).toBe(false);
  });

  it.each([1, 2, 3])("finds out who leaves out what comes after the eighth hidden unit (seed %d)", (seed) => {
    const eight = (dZ2: Matrix, W2: Matrix) => gradA1(dZ2, W2).map((d, _, h) => (h < 8 ? d : 0));
    expect(verify("E13", eight, { seed }).passed).toBe(false);
  });
});

describe("biases of ±1000", () => {
  it("find out a backward with a softmax that overflows", () => {
    const overflows = (X: Matrix, Y: Matrix, parameters: Parameters, cache: Cache) => {
      const exps = cache.Z2.map(Math.exp);
      const A2 = exps.map((e, i) => e / exps.row(i).sum());
      const dZ2 = A2.minus(Y).scale(1 / X.rows);
      return { ...backward(X, Y, parameters, cache), dZ2 };
    };
    expect(String(verify("backward", overflows))).toMatch(/first wrong step is dZ2.*is NaN.*biases of ±1000/);
  });

  it("do not trouble one that uses A2", () => {
    const right = (X: Matrix, Y: Matrix, parameters: Parameters, cache: Cache) => {
      const A2 = softmax(cache.Z2);
      return { ...backward(X, Y, parameters, cache), dZ2: gradZ2(A2, Y) };
    };
    expect(verify("backward", right).passed).toBe(true);
  });
});

it.each([617682, 1449177, 4846428])("a kink that hardly shows is no false alarm (seed %d)", (seed) => {
  expect(verify("backward", backward, { seed }).passed).toBe(true);
});
