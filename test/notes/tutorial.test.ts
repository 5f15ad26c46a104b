/** No formula that a learner sees goes unchecked: those of the notebooks and of the registry are read, and true. */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { equations } from "../../src/equations";
import { checkTexts } from "../../src/notes/document";
import { checkNotes } from "../../src/notes/open";

const folder = resolve(import.meta.dirname, "../../notebooks");
const inFolder = (name: string) => join(folder, name);
/** Where the forward pass is defined, and the loss of one sample. */
const before = ["00-start-here.ipynb", "01-forward-pass.ipynb"].map(inFolder);
const notebooks = readdirSync(folder).filter(
  (name) => name.endsWith(".ipynb") && name !== "the-notes.ipynb" && !name.startsWith("08"),
);

describe("every equation is true, or the text says that it is none, in", () => {
  it.each(notebooks)("%s", (name) => {
    const verdict = checkNotes(inFolder(name), before);
    expect(verdict.open).toEqual([]);
    expect(verdict.falseAlarms).toEqual([]);
  });
});

describe("the registry's formulas are true:", () => {
  it("all of them, beside the forward pass", () => {
    const verdict = checkTexts(equations.map(({ latex }) => `$$${latex}$$`));
    expect(verdict.open).toEqual([]);
    const judged = verdict.pieces.filter((piece) => typeof piece !== "string");
    expect(judged.length).toBe(equations.length);
    for (const { marks, latex } of judged) expect(marks.length, latex).toBeGreaterThan(0);
  });
});
