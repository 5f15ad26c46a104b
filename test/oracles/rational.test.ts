import Fraction from "fraction.js";
import { describe, expect, it } from "vitest";
import { softmaxJacobian } from "../../src/backward";
import { Matrix } from "../../src/matrix";
import { rationalGradZ2, rationalJacobian } from "../../src/oracles/rational";
import { Random } from "../../src/random";

const POINTS = 1000;

/** N rows of C whole numbers from 1 to 1000, and a true class for each row. */
function randomPoint(random: Random): { t: number[][]; trueClass: number[] } {
  const [N, C] = [random.integer(1, 4), random.integer(2, 6)];
  return {
    t: Array.from({ length: N }, () => Array.from({ length: C }, () => random.integer(1, 1000))),
    trueClass: Array.from({ length: N }, () => random.integer(0, C - 1)),
  };
}

function probabilities(t: readonly number[]): Fraction[] {
  const total = t.reduce((a, b) => a + b);
  return t.map((x) => new Fraction(x, total));
}

function sum(list: readonly Fraction[]): Fraction {
  return list.reduce((a, b) => a.add(b), new Fraction(0));
}

describe(`on ${POINTS} random points, with no rounding at all`, () => {
  it("every row and every column of the softmax Jacobian sums to 0", () => {
    const random = new Random(31);
    for (let n = 0; n < POINTS; n++) {
      const J = rationalJacobian(randomPoint(random).t[0]);
      for (const row of J) expect(sum(row).equals(0)).toBe(true);
      for (const k of J.keys()) expect(sum(J.map((row) => row[k])).equals(0)).toBe(true);
    }
  });

  it("the quotient rule gives A_j (δ_jk − A_k), entry by entry", () => {
    const random = new Random(32);
    for (let n = 0; n < POINTS; n++) {
      const [t] = randomPoint(random).t;
      const A = probabilities(t);
      const J = rationalJacobian(t);
      expect(J.length).toBe(A.length);
      for (const [j, row] of J.entries()) {
        expect(row.length).toBe(A.length);
        for (const [k, entry] of row.entries()) {
          expect(entry.equals(A[j].mul(new Fraction(j === k ? 1 : 0).sub(A[k])))).toBe(true);
        }
      }
    }
  });

  it("the long chain rule is (A − y)/N", () => {
    const random = new Random(33);
    for (let n = 0; n < POINTS; n++) {
      const { t, trueClass } = randomPoint(random);
      const gradient = rationalGradZ2(t, trueClass);
      expect(gradient.length).toBe(t.length);
      for (const [i, row] of gradient.entries()) {
        const expected = probabilities(t[i]).map((a, k) => a.sub(k === trueClass[i] ? 1 : 0).div(t.length));
        expect(row.length).toBe(expected.length);
        for (const [k, entry] of row.entries()) expect(entry.equals(expected[k])).toBe(true);
      }
    }
  });

  it("a plus sign off the diagonal still gives ∂L/∂Z for the true class, and for no other", () => {
    const random = new Random(34);
    for (let n = 0; n < POINTS; n++) {
      const { t, trueClass } = randomPoint(random);
      const right = rationalGradZ2(t, trueClass)[0];
      const [A, y] = [probabilities(t[0]), trueClass[0]];
      for (const [k, entry] of right.entries()) {
        // −1/A_y times the entry (y, k) of the wrong Jacobian, over N.
        const wrongJacobian = k === y ? A[y].mul(new Fraction(1).sub(A[y])) : A[y].mul(A[k]);
        const wrong = wrongJacobian.div(A[y]).neg().div(t.length);
        expect(wrong.equals(entry)).toBe(k === y);
      }
    }
  });

  it("float64's Jacobian is the exact one, to rounding", () => {
    const random = new Random(35);
    for (let n = 0; n < POINTS; n++) {
      const [t] = randomPoint(random).t;
      const A = probabilities(t).map((a) => a.valueOf());
      const exact = rationalJacobian(t);
      const J = softmaxJacobian(Matrix.fromRows([A]));
      for (const [j, row] of exact.entries()) {
        for (const [k, entry] of row.entries()) {
          const terms = A[j] * ((j === k ? 1 : 0) + A[k]);
          expect(Math.abs(J.get(j, k) - entry.valueOf())).toBeLessThanOrEqual(8 * Number.EPSILON * terms);
        }
      }
    }
  });
});

describe("by hand", () => {
  const shown = (rows: Fraction[][]) => rows.map((row) => row.map((entry) => entry.toFraction()));

  it("the Jacobian at probabilities ¼ and ¾, and at ½, ¼, ¼", () => {
    expect(shown(rationalJacobian([1, 3]))).toEqual([
      ["3/16", "-3/16"],
      ["-3/16", "3/16"],
    ]);
    expect(shown(rationalJacobian([2, 1, 1]))).toEqual([
      ["1/4", "-1/8", "-1/8"],
      ["-1/8", "3/16", "-1/16"],
      ["-1/8", "-1/16", "3/16"],
    ]);
  });

  it("the gradient of two samples: half of A − y each", () => {
    const gradient = rationalGradZ2(
      [
        [1, 3],
        [1, 1],
      ],
      [1, 0],
    );
    expect(shown(gradient)).toEqual([
      ["1/8", "-1/8"],
      ["-1/4", "1/4"],
    ]);
  });
});
