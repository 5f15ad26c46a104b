import { describe, expect, it } from "vitest";
import { centralDifference } from "../../../src/gradcheck";
import { circuit } from "../../../src/show/charts";
import { wordsIn } from "./plotted";

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const last = (words: readonly string[]) => words.at(-1);

describe("circuit", () => {
  it.each([
    ["(x + y) * z", { x: 2, y: -1, z: 3 }, ({ x, y, z }) => (x + y) * z],
    [
      "-ln(sigma(relu(w * x + b)))",
      { w: 1.5, x: 2, b: -1 },
      ({ w, x, b }) => -Math.log(sigmoid(Math.max(0, w * x + b))),
    ],
    ["x * x + x", { x: 3 }, ({ x }) => x * x + x],
    ["-x - 2 * exp(y)", { x: 0.5, y: -0.3 }, ({ x, y }) => -x - 2 * Math.exp(y)],
    ["ln(x) · (y − x)", { x: 2, y: 5 }, ({ x, y }) => Math.log(x) * (y - x)],
  ] as [string, Record<string, number>, (at: Record<string, number>) => number][])(
    "%s: its slopes are those that central differences measure",
    (formula, inputs, f) => {
      const { description } = circuit(formula, inputs);
      const said = Object.fromEntries(
        [...description.matchAll(/([−\d.e]+) for (\w+)/g)].map(([, slope, name]) => [
          name,
          Number(slope.replaceAll("−", "-")),
        ]),
      );
      expect(Object.keys(said).sort()).toEqual(Object.keys(inputs).sort());
      for (const [name, value] of Object.entries(inputs)) {
        const { central } = centralDifference((x) => f({ ...inputs, [name]: x }), value);
        expect(said[name]).toBeCloseTo(central, 2);
      }
    },
  );

  it("shows nothing but the inputs at first, then a gate a step, forward and back", () => {
    const chart = circuit("(x + y) * z", { x: 2, y: -1, z: 3 });
    const words = (step: number) => wordsIn(chart, { step });
    expect(words(0)).toEqual(expect.arrayContaining(["x", "y", "z", "+", "×", "2", "−1", "3"]));
    expect(words(0)).not.toContain("1");
    expect(last(words(1))).toBe("Forward through +:  2 + (−1) = 1");
    expect(last(words(2))).toBe("Forward through ×:  1 × 3 = 3");
    expect(last(words(3))).toMatch(/^Turn around/);
    expect(last(words(4))).toBe("Back through ×:  1 arrives.\nx + y gets 1 · 3 = 3;  z gets 1 · 1 = 1");
    expect(last(words(5))).toBe("Back through +:  3 arrives.\nx gets 3 · 1 = 3;  y gets 3 · 1 = 3");
  });

  it("adds what comes back by several ways", () => {
    expect(circuit("x * x + x", { x: 3 }).toString()).toContain("Its slopes: 7 for x.");
  });

  it.each([
    ["x +", { x: 1 }, "circuit: x + can't be read at its end"],
    ["(x + y", { x: 1, y: 2 }, "circuit: (x + y can't be read at its end"],
    ["x + / y", { x: 1, y: 2 }, "circuit: x + / y can't be read at “/”"],
    ["x y", { x: 1, y: 2 }, "circuit: x y can't be read at “y”"],
    ["x", { x: 1 }, "circuit: x has 0 gates; expected 1 to 8"],
    ["x + y", { x: 1 }, "circuit: y is undefined; expected a finite number for each variable of x + y"],
  ] as [string, Record<string, number>, string][])("refuses %s", (formula, inputs, message) => {
    expect(() => circuit(formula, inputs)).toThrow(message);
  });
});
