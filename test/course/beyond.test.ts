/** Functions that are right only where the notebook shows that they are: hidden inputs go further, and so do the notebook's checks. */
import { describe, expect, it } from "vitest";
import { verify } from "../../src/course";
import { exerciseOf, exercises } from "../../src/course/exercises";
import type { Argument } from "../../src/course/plain-data";
import { attempt } from "../../src/course/plain-data";
import type { Matrix } from "../../src/matrix";
import { solutionOf } from "./solutions";

const seeds = [1, 2, 3];
const argumentsOf = (id: string) => seeds.flatMap((seed) => exerciseOf(id).questions(seed));
const matricesIn = (arg: Argument): Matrix[] => {
  if (arg.kind === "matrix") return [arg.value];
  if (arg.kind === "record") return Object.values(arg.fields);
  return arg.kind === "loss" ? [arg.X, arg.Y] : [];
};

describe("what functions are asked", () => {
  it.each(exercises.filter(({ id }) => !/^T/.test(id)).map(({ id }) => id))("%s: sizes to 40", (id) => {
    const sizes = argumentsOf(id)
      .flat()
      .flatMap(matricesIn)
      .flatMap(({ rows, cols }) => [rows, cols]);
    expect(Math.max(...sizes)).toBeGreaterThan(30);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(40);
  });

  it.each([
    ["F1", 1],
    ["H2", 2],
    ["H3", 4],
  ])("%s: slopes below 1 and above", (id, place) => {
    const slopes = argumentsOf(id).map((args) => (args[place] as { value: number }).value);
    expect(Math.min(...slopes)).toBeLessThan(0.1);
    expect(Math.max(...slopes)).toBeGreaterThan(2);
  });

  it("F3: shares of smoothing far above those that anybody would choose", () => {
    const shares = argumentsOf("F3").map(([, , epsilon]) => (epsilon as { value: number }).value);
    expect(Math.max(...shares)).toBeGreaterThan(0.6);
    expect(Math.max(...shares)).toBeLessThan(1);
  });

  it("T1: three losses", () => {
    const losses = argumentsOf("T1").map(([loss]) => (loss as { penalty: number }).penalty);
    expect([...new Set(losses)].sort()).toEqual([0, 1, 2]);
  });
});

/** T1 by a formula of the loss that one has guessed from calls at three places; `loss` itself is not differentiated. */
function knowsOneLoss(loss: (W: Matrix) => number, W: Matrix, gradient: Matrix): Matrix {
  // A polynomial of the fourth degree: its slope from five values far from W.
  return gradient.map((handed, i, j) => {
    const at = (step: number) => loss(W.map((w, ii, jj) => (ii === i && jj === j ? w + step : w)));
    const slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / 12;
    const scale = Math.max(Math.abs(slope), Math.abs(handed));
    return scale > 1e-8 && Math.abs(handed - slope) > 1e-3 * scale ? 1 : 0;
  });
}

describe("no points for what is right within some range alone", () => {
  const smooth = solutionOf(exerciseOf("F3"));
  it.each<[string, string, (...args: never[]) => unknown]>([
    ["F1", "a maximum", (Z: Matrix, s: number) => Z.map((z) => Math.max(z, s * z))],
    ["F1", "a slope of at most 0.4", (Z: Matrix, s: number) => Z.map((z) => (z > 0 ? z : Math.min(s, 0.4) * z))],
    ["F1", "twelve columns", (Z: Matrix, s: number) => Z.map((z, _, j) => (z > 0 || j > 12 ? z : s * z))],
    ["F3", "a share of at most 0.3", (Z: Matrix, Y: Matrix, e: number) => smooth(Z, Y, Math.min(e, 0.3))],
    [
      "H2",
      "a maximum's slope",
      (A: Matrix, Z: Matrix, s: number) => A.map((a, i, j) => (Math.max(1, s) === s ? a : Z.get(i, j) > 0 ? a : s * a)),
    ],
    ["T1", "one kind of loss", knowsOneLoss],
  ])("%s: %s", (id, _, f) => {
    for (const seed of seeds) expect(verify(id, f as never, { seed }).passed, `seed ${seed}`).toBe(false);
  });

  it("the solution of T1 that knows one loss is right for that one", () => {
    const questions = argumentsOf("T1").filter(([loss]) => (loss as { penalty: number }).penalty === 0);
    const right = solutionOf(exerciseOf("T1"));
    for (const question of questions) expect(attempt(knowsOneLoss, question)).toEqual(attempt(right, question));
  });
});

describe("right answers of any shape pass on every seed:", () => {
  const more: [string, string, (...args: never[]) => unknown][] = [
    ["F1", "with an absolute value", (Z: Matrix, s: number) => Z.map((z) => ((1 + s) * z + (1 - s) * Math.abs(z)) / 2)],
    [
      "F1",
      "as what is above 0 and what is below",
      (Z: Matrix, s: number) => Z.map((z) => Math.max(z, 0) + s * Math.min(z, 0)),
    ],
    ["F1", "with a sign", (Z: Matrix, s: number) => Z.map((z) => z * (z > 0 ? 1 : 0) + s * z * (z <= 0 ? 1 : 0))],
    ["F1", "as z minus what is lost", (Z: Matrix, s: number) => Z.map((z) => z - (1 - s) * Math.min(z, 0))],
    [
      "H2",
      "with a sign",
      (A: Matrix, Z: Matrix, s: number) => A.map((a, i, j) => (a * (1 + s + (1 - s) * (Z.get(i, j) > 0 ? 1 : -1))) / 2),
    ],
    [
      "H1",
      "by exponentials",
      (A: Matrix, Z: Matrix) => A.map((a, i, j) => (4 * a) / (Math.exp(Z.get(i, j)) + Math.exp(-Z.get(i, j))) ** 2),
    ],
    ["T1", "with a step of 1e-4", withStep(1e-4)],
    ["T1", "with a step of 1e-6", withStep(1e-6)],
  ];
  it.each(more)("%s %s", (id, _, f) => {
    for (let seed = 1; seed <= 15; seed++) {
      const verdict = verify(id, f as never, { seed });
      if (!verdict.passed) expect.fail(`seed ${seed}: ${verdict}`);
    }
  });
});

function withStep(h: number) {
  return (loss: (W: Matrix) => number, W: Matrix, gradient: Matrix) =>
    gradient.map((handed, i, j) => {
      const at = (step: number) => loss(W.map((w, ii, jj) => (ii === i && jj === j ? w + step : w)));
      const slope = (at(h) - at(-h)) / (2 * h);
      const scale = Math.max(Math.abs(slope), Math.abs(handed));
      return scale > 1e-8 && Math.abs(handed - slope) > 1e-3 * scale ? 1 : 0;
    });
}
