import { describe, expect, it } from "vitest";
import * as passBack from "../../../src/backward";
import { paperNetwork } from "../../../src/data/paper-network";
import { equations } from "../../../src/equations";
import * as passForward from "../../../src/forward";
import { dependencyChain, mapWalk } from "../../../src/show/charts";
import { stops } from "../../../src/show/charts/map-walk";
import { wordsIn } from "./plotted";

describe("the walk over the map", () => {
  const all = stops();

  it("stops at all 17 equations, in order", () => {
    expect(all.map(({ equation }) => equation)).toEqual(equations.map(({ id }) => id));
  });

  it("writes lines of code that run, and give the numbers shown", () => {
    const scope: Record<string, unknown> = { ...passForward, ...passBack, ...paperNetwork, ...paperNetwork.parameters };
    for (const { code, line } of all) {
      const [name, expression] = code.split(" = ");
      const value = new Function(...Object.keys(scope), `return ${expression}`)(...Object.values(scope));
      scope[name] = value;
      const [, shown] = line.at(-1) as readonly [string, { toRows(): number[][] }];
      const rows: number[][] = typeof value === "number" ? [[value]] : value.toRows();
      for (const [i, row] of shown.toRows().entries()) {
        for (const [j, x] of row.entries()) expect(x, code).toBeCloseTo(rows[i][j], 12);
      }
    }
  });

  it("shows one equation at a time", () => {
    const chart = mapWalk();
    const at = (stop: number) => wordsIn(chart, { stop }).join("\n");
    expect(at(0)).toContain("Z1 = affine(X, W1, b1)");
    expect(at(0)).not.toContain("gradW2");
    expect(at(10)).toContain("dW2 = gradW2(A1, dZ2)");
    expect(at(10)).toContain("0.67\u00a0−0.04\u00a0−0.62");
  });
});

describe("the map", () => {
  it("has all 17 equations, E5, E8 and E14 among them", () => {
    const words = wordsIn(dependencyChain({ N: 5, D: 3, H: 4, C: 2 })).join("\n");
    for (const { id } of equations) expect(words).toMatch(new RegExp(`^${id}\\b`, "m"));
  });

  it("ticks what is done", () => {
    const words = wordsIn(dependencyChain({ N: 5, D: 3, H: 4, C: 2, done: ["E8", "E10", "backward"] }));
    expect(words.filter((word) => word.startsWith("✓"))).toEqual(["✓ E8", expect.stringMatching(/^✓ E10/)]);
  });
});
