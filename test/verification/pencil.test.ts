import { describe, expect, it } from "vitest";
import {
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
} from "../../src/backward";
import { paperNetwork } from "../../src/data/paper-network";
import { crossEntropy, crossEntropyPerSample, forward } from "../../src/forward";
import { Matrix } from "../../src/matrix";
import { pencil } from "../../src/verification/pencil";
import { pencilPages } from "../../src/verification/pencil-sums";

const { X, Y, parameters } = paperNetwork;
const { Z1, A1, Z2, A2 } = forward(X, parameters);
const dZ2 = gradZ2(A2, Y);
const dZ1 = gradZ1(dZ2, parameters.W2, Z1);

/** What `src` says, which the pencil's own sums know nothing of. */
const answers: Readonly<Record<string, Matrix>> = {
  E1: Z1,
  E2: A1,
  E3: Z2,
  E4: A2,
  E5: crossEntropyPerSample(A2, Y),
  E6: Matrix.fromRows([[crossEntropy(A2, Y)]]),
  E7: gradA2(A2, Y),
  E8: softmaxJacobian(A2.row(0)),
  E9: gradZ2ByChainRule(A2, Y),
  E10: dZ2,
  E11: gradW2(A1, dZ2),
  E12: gradB2(dZ2),
  E13: gradA1(dZ2, parameters.W2),
  E14: reluPrime(Z1),
  E15: dZ1,
  E16: gradW1(X, dZ1),
  E17: gradB1(dZ1),
};

const add = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

it("knows all 17 equations", () => {
  expect(Object.keys(pencilPages)).toEqual(Object.keys(answers));
});

describe.each(Object.entries(answers))("%s", (id, answer) => {
  const places = Array.from({ length: answer.rows * answer.cols }, (_, k) => ({
    row: Math.floor(k / answer.cols),
    col: k % answer.cols,
  }));

  it("takes every entry that src computes, also rounded to three decimals", () => {
    for (const place of places) {
      const right = answer.get(place.row, place.col);
      expect(pencil(id, place, right).toString()).toMatch(new RegExp(`^✓ ${id} .*right\\.`));
      expect(pencil(id, place, Number(right.toFixed(3))).passed).toBe(true);
    }
  });

  it("refuses numbers that are off by 3 % of what is added up, or have the wrong sign", () => {
    for (const place of places) {
      const { terms, finish } = pencilPages[id].sum(place.row, place.col);
      const right = answer.get(place.row, place.col);
      const size = Math.abs(finish(add(terms.map(({ value }) => Math.abs(value)))));
      for (const wrong of [right + 0.03 * size + 0.02, right - 0.03 * size - 0.02]) {
        expect(pencil(id, place, wrong).passed, `${id} ${place.row} ${place.col} ${wrong}`).toBe(false);
      }
      if (Math.abs(right) > 0.02 * size && right !== 0) {
        expect(pencil(id, place, -right).passed, `sign of ${place.row}, ${place.col}`).toBe(false);
      }
    }
  });

  it("names the term that was left out, or two that are equal", () => {
    for (const place of places) {
      const { terms, finish, slips = [] } = pencilPages[id].sum(place.row, place.col);
      const right = finish(add(terms.map(({ value }) => value)));
      if (terms.filter(({ value }) => value !== 0).length < 2) continue;
      for (const term of terms) {
        const wrong = finish(add(terms.map(({ value }) => value)) - term.value);
        if (Math.abs(wrong - right) < 0.02 || slips.some(([other]) => Math.abs(other - wrong) < 0.02)) continue;
        const { message } = pencil(id, place, wrong);
        expect(message).toMatch(/^the term .* was left out\.$/);
        expect(message).toContain(term.name);
      }
    }
  });

  it("says nothing of a number as long as there is none", () => {
    const verdict = pencil(id, { row: 0, col: 0 }, "?");
    expect(verdict.passed).toBeUndefined();
    expect(verdict.toString()).toMatch(new RegExp(`^✎ ${id} `));
  });
});

describe("what a wrong number looks like", () => {
  it.each([
    ["E11", 0, 1, 0.3333, "the term A1[0, 0] · dZ2[0, 1] was left out."],
    ["E11", 0, 1, -0.3776, "the term A1[1, 0] · dZ2[1, 1] was left out."],
    ["E1", 0, 2, 2.5, "the term X[0, 3] · W1[3, 2] or b1[0, 2] was left out."],
    ["E4", 0, 0, 7.389, "that is the exponential. What is it divided by?"],
    ["E6", 0, 0, 1.408, "that is the term L[0, 0] alone. What else is added?"],
    ["E6", 0, 0, 2.507, "that is without the mean's 1/N, and N is 2 here."],
    ["E10", 0, 0, 0.665, "that is without the mean's 1/N, and N is 2 here."],
    ["E8", 0, 1, 0.163, "right but for the sign."],
    ["E12", 0, 2, -0.144, "that is half the right number. Has 1/N, which is ½ here, come in twice?"],
    ["E13", 1, 0, 0.25 / 3 + 0.5 / 3, "right but for the sign."],
    ["E14", 0, 3, 0.5, "that is what a central difference sees at 0. What does the convention say?"],
    ["E15", 0, 3, -0.166, "that is dA1[0, 3]. Is the unit on for this sample?"],
    ["E16", 0, 1, 0.883, "that is dW1[1, 0]. Rows come first, and both count from 0."],
  ])("%s[%i, %i] = %f", (id, row, col, value, message) => {
    expect(pencil(id, { row, col }, value).message).toBe(message);
  });

  it("does not guess where no term explains it", () => {
    expect(pencil("E1", { row: 0, col: 0 }, 17).message).toMatch(/^not this number, and no single term explains it/);
    expect(pencil("E1", { row: 0, col: 0 }, Number.NaN).message).toBe("expected a number, got the number NaN.");
    expect(pencil("E1", { row: 0, col: 0 }, "2" as never).message).toBe("expected a number, got the string 2.");
  });
});

it("refuses places and equations that are not there", () => {
  expect(() => pencil("E18", { row: 0, col: 0 }, 1)).toThrow('pencil: there is no equation "E18"; expected E1 … E17');
  expect(() => pencil("E11", { row: 4, col: 0 }, 1)).toThrow("pencil: E11 has no entry in row 4, column 0; dW2 is 4×3");
  expect(() => pencil("E11", { row: 0, col: 0.5 }, 1)).toThrow("pencil: col is 0.5; expected a whole number");
  expect(() => pencil("E11", undefined as never, 1)).toThrow("pencil: row is undefined; expected a whole number");
});
