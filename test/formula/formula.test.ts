import { describe, expect, it } from "vitest";
import { equations } from "../../src/equations";
import { pytorch } from "../../src/equations/situations";
import { float64 } from "../../src/formula/arithmetic";
import { bind, computed, Misfit, terms } from "../../src/formula/evaluate";
import { notes } from "../../src/formula/notes";
import { formula } from "../../src/formula/parse";
import { Matrix } from "../../src/matrix";
import { Random } from "../../src/random";

const shapes = { X: ["N", "D"], W: ["D", "H"], b: ["1", "H"], s: ["1", "1"] } as const;
const X = Matrix.fromRows([
  [1, 2],
  [3, 4],
]);
const W = Matrix.fromRows([
  [1, 0, 5],
  [10, 1, -5],
]);
const b = Matrix.fromRows([[100, 200, 300]]);
const s = Matrix.fromRows([[2]]);
const value = (...lines: string[]) => computed(formula(lines, shapes), { X, W, b, s }).toRows();

describe("a formula", () => {
  it("is a sum over an index, up to the next + or −", () => {
    expect(value("Z[i,h] = Σ_k X[i,k] · W[k,h] + b[h]")).toEqual([
      [121, 202, 295],
      [143, 204, 295],
    ]);
  });

  it("has steps, squares, functions, sizes, plain numbers, and brackets that compare indices", () => {
    expect(value("m[i] = max_k X[i,k]", "Y[i,k] = (X[i,k] − m[i])² · s / N")).toEqual([
      [1, 0],
      [1, 0],
    ]);
    expect(value("Y[i,k] = ReLU(X[i,k] − 2) + [i = i] · D")).toEqual([
      [2, 2],
      [3, 4],
    ]);
    expect(value("t = Σ_i Σ_k −X[i,k]")).toEqual([[-10]]);
    expect(value("t[i] = mean_k X[i,k]")).toEqual([[1.5], [3.5]]);
  });

  it("counts 0 · ∞ and 0 / 0 as 0, unless it is told not to", () => {
    const [zero, infinite] = [Matrix.fromRows([[0]]), new Matrix(1, 1, Float64Array.of(Infinity))];
    const of = (line: string) =>
      computed(formula([line], { z: ["1", "1"], y: ["1", "1"] }), { z: zero, y: infinite }).data[0];
    expect([of("f = z · y"), of("f = y · z"), of("f = z / z")]).toEqual([0, 0, 0]);
    expect([of("f = z × y"), of("f = z : z")]).toEqual([NaN, NaN]);
  });

  it("gives the terms of its outermost sums one by one", () => {
    const sum = formula(["t = Σ_i Σ_k X[i,k] · 2 + Σ_h b[h]"], shapes);
    expect(terms(sum, float64, { X, b })()).toEqual([2, 4, 6, 8, 100, 200, 300]);
  });

  it("does not fit where an index runs beyond a matrix", () => {
    const transposed = formula(["Z[i,h] = Σ_k X[i,k] · W[h,k]"], { X: ["N", "D"], W: ["H", "D"] });
    expect(() => bind(transposed, float64, { X, W }).entry(0, 0)).not.toThrow();
    expect(() => bind(transposed, float64, { X, W: b }).entry(0, 1)).toThrow(Misfit);
  });

  it.each([
    ["Z[i] = ", "expected more, got “the end”"],
    ["Z[i] = V[i]", "expected a matrix, a number or a size, got “V”"],
    ["Z[i] = X[i]", "X is N×D and has 1 indices"],
    ["Z[i] = X[i,k] · W[i,k]", "i runs through N and through D"],
    ["Z[q] = s", "nothing says how far q runs"],
    ["Z = s ? s", "cannot read “ ? s”"],
    ["Z = cos(s)", "expected a function, got “cos”"],
  ])("“%s” is no formula: %s", (line, message) => {
    expect(() => formula([line], shapes)).toThrow(message);
  });
});

/** The formula and the textbook's function give the same numbers, to rounding. */
function agree(seeds: number) {
  for (const equation of equations) {
    for (let seed = 1; seed <= seeds; seed++) {
      const random = new Random(seed);
      const situation = [...equation.situations, ...pytorch][seed % (equation.situations.length + pytorch.length)];
      const symbols = situation.draw(random);
      const args = equation.parameters.map(({ name }) => symbols[name]);
      const said = equation.reference(...args);
      const textbook = typeof said === "number" ? Matrix.fromRows([[0]]).map(() => said) : (said as Matrix);
      for (const [k, spelling] of equation.formulas.entries()) {
        const stated = computed(spelling, symbols);
        expect(stated.shape).toBe(textbook.shape);
        const largest = textbook.data.reduce((max, x) => Math.max(max, Number.isFinite(x) ? Math.abs(x) : 0), 1e-300);
        for (const [place, x] of stated.data.entries()) {
          const y = textbook.data[place];
          // Probabilities of logits near 1000 know no more than ε · 1000 of themselves.
          if (x !== y && !(Math.abs(x - y) <= 2e-12 * largest)) {
            expect.fail(`${equation.id}, spelling ${k}, seed ${seed}, on ${situation.name}: ${x} is not ${y}`);
          }
        }
      }
    }
  }
}

it("formulas and the textbook's functions agree on 50 seeds", { timeout: 60_000 }, () => agree(50));
it("formulas and the textbook's functions agree on 2,000 seeds", { tags: ["slow"], timeout: 300_000 }, () =>
  agree(2000),
);

it("every equation of the registry is stated in the notes' formulas", () => {
  for (const { id, formulas } of equations) expect(formulas).toBe(notes[id as keyof typeof notes]);
});
