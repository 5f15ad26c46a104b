import { describe, expect, it } from "vitest";
import * as src from "../../src";
import { equations } from "../../src/equations";

describe("the registry", () => {
  it("holds E1 … E17 in the order of the notes", () => {
    expect(equations.map(({ id }) => id)).toEqual(Array.from({ length: 17 }, (_, k) => `E${k + 1}`));
  });

  it.each(equations)("$id has a title, LaTeX, and a function that `src` exports under its name", (equation) => {
    expect(equation.title).not.toBe("");
    expect(equation.latex).not.toMatch(/\$/);
    expect((src as Record<string, unknown>)[equation.functionName]).toBe(equation.reference);
    // E15's takes E13's result as well, if somebody has it already.
    expect(equation.reference.length).toBe(equation.parameters.length + (equation.id === "E15" ? 1 : 0));
  });

  it("titles are unique, since they are headings that links point to", () => {
    expect(new Set(equations.map(({ title }) => title)).size).toBe(equations.length);
  });

  it.each(equations)("$id knows several misconceptions, each with an id of its own, a name and a hint", (equation) => {
    const ids = equation.misconceptions.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(8);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, hint, twins } of equation.misconceptions) {
      expect(name).toMatch(/\w/);
      expect(hint).toMatch(/[.?]$/);
      for (const twin of twins ?? []) expect(ids).toContain(twin);
    }
  });

  it.each(equations)("no hint of $id gives the code of the answer away", (equation) => {
    for (const { hint } of equation.misconceptions) {
      expect(hint).not.toMatch(/\.(times|hadamard|minus|columnSums|scale|map)\(|\.T\b/);
    }
  });
});
