import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { equations } from "../../src/equations";
import { coverageTable, withoutPipes } from "../../src/show/coverage";
import { DISPLAY } from "../../src/show/present";

const table = coverageTable();
const [header, rule, ...rows] = table.toString().trimEnd().split("\n");
const cells = (row: string) =>
  row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

describe("coverageTable", () => {
  it("has one row per equation, in order, as wide as the header", () => {
    expect(rows.map((row) => cells(row)[0].match(/^\[(E\d+) · /)?.[1])).toEqual(equations.map(({ id }) => id));
    for (const line of [rule, ...rows]) expect(cells(line)).toHaveLength(cells(header).length);
  });

  it("says everything of an equation: formula, function, shapes, mistakes, oracles and a verdict", () => {
    const [, formula, code, shapes, mistakes, oracles, verdict] = cells(rows[10]);
    expect(formula).toBe(`$${equations[10].latex}$`);
    expect(code).toBe("`gradW2`");
    expect(shapes).toBe("A1: N×H, dZ2: N×C → H×C");
    expect(mistakes).toBe(String(equations[10].misconceptions.length));
    expect(oracles).toBe("dual numbers, central differences, PyTorch");
    expect(verdict).toBe("✓");
    expect(cells(rows[5])[3]).toBe("A2: N×C, Y: N×C → a number");
  });

  it("links to the equation's heading", () => {
    expect(cells(rows[7])[0]).toBe("[E8 · The softmax Jacobian](02-softmax-and-cross-entropy.ipynb#cell-id=E8)");
    expect(cells(coverageTable({ notebooks: "notebooks/" }).toString().split("\n")[2])[0]).toContain(
      "](notebooks/01-forward-pass.ipynb#cell-id=E1)",
    );
  });

  it.each(equations.map(({ id, title, notebook }) => [`${id} · ${title}`, notebook]))(
    "%s is a heading of %s",
    (heading, notebook) => {
      const text = readFileSync(resolve(import.meta.dirname, `../../notebooks/${notebook}.ipynb`), "utf8");
      const sources = (JSON.parse(text).cells as { source: string[] }[]).map(({ source }) => source.join(""));
      expect(sources.some((source) => source.split("\n").includes(`## ${heading}`))).toBe(true);
    },
  );

  it("shows itself in a notebook as Markdown", () => {
    expect(table[DISPLAY]()).toEqual({ "text/markdown": table.markdown, "text/plain": table.markdown });
  });

  it("writes LaTeX without pipes, which would end a cell", () => {
    expect(withoutPipes("|x| + \\|W\\|")).toBe("\\vert x\\vert  + \\Vert W\\Vert ");
  });
});

describe("the README", () => {
  const readme = readFileSync(resolve(import.meta.dirname, "../../README.md"), "utf8");

  it("shows the table as it is made today", () => {
    expect(readme).toContain(`\n${coverageTable({ notebooks: "notebooks/" })}\n<!-- /coverage -->`);
  });
});
