import { describe, expect, it } from "vitest";
import { backward } from "../../../src/backward";
import { oneHot } from "../../../src/data/labels";
import { forward } from "../../../src/forward";
import { initialise } from "../../../src/initialise";
import type { Matrix } from "../../../src/matrix";
import { Random } from "../../../src/random";
import { dependencyChain, networkDiagram } from "../../../src/show/charts";
import { drawn, wordsIn } from "./plotted";

describe("networkDiagram", () => {
  it("draws every unit and every weight of a small network", () => {
    const chart = networkDiagram({ D: 3, H: 4, C: 2 });
    const words = wordsIn(chart);
    expect(words.filter((text) => /^\d+$/.test(text))).toEqual(["0", "1", "2", "0", "1", "2", "3", "0", "1"]);
    expect(words).toContain("3 inputs (D)");
    const [edges] = drawn(chart).filter(({ kind }) => kind === "rule");
    expect(edges.rows).toHaveLength(3 * 4 + 4 * 2);
    expect(words).toContain("W1 3×4, b1 1×4");
  });

  it("draws the first units and the last one of a large layer", () => {
    const words = wordsIn(networkDiagram({ D: 64, H: 32, C: 10 }));
    expect(words.filter((text) => /^\d\d$/.test(text))).toEqual(["63", "31"]);
    expect(words.filter((text) => text === "⋮")).toHaveLength(3);
  });

  it("refuses sizes that are not whole numbers", () => {
    expect(() => networkDiagram({ D: 0, H: 4, C: 2 })).toThrow("networkDiagram: D is 0; expected a whole number");
  });
});

describe("dependencyChain", () => {
  it("writes on each quantity the shape that it has in the code", () => {
    const random = new Random(1);
    const [N, D, H, C] = [5, 3, 4, 2];
    const X = random.normalMatrix(N, D);
    const parameters = initialise({ inputs: D, hidden: H, classes: C, random });
    const cache = forward(X, parameters);
    const gradients = backward(X, oneHot([0, 1, 0, 1, 1], C), parameters, cache);
    const words = wordsIn(dependencyChain({ N, D, H, C }));
    const all: Record<string, Matrix> = { X, ...parameters, ...cache, ...gradients };
    for (const [name, A] of Object.entries(all)) expect(words).toContain(`${name}\n${A.shape}`);
  });

  it("names the equation on each arrow", () => {
    const words = wordsIn(dependencyChain({ N: 5, D: 3, H: 4, C: 2 }));
    for (const id of ["E1", "E2", "E3", "E4", "E6", "E7", "E9", "E11", "E12", "E13", "E15", "E16", "E17"]) {
      expect(words).toContain(id);
    }
  });
});
