/** The README's promises of the first minutes, kept by notebook 00 as it is committed. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");

it("the third cell gives the first ✓, and the one after it the first ✗", () => {
  const { cells } = JSON.parse(readFileSync(join(root, "notebooks/00-start-here.ipynb"), "utf8"));
  const code = cells.filter(({ cell_type }: { cell_type: string }) => cell_type === "code");
  const shown = code.map(({ outputs }: { outputs: unknown[] }) => JSON.stringify(outputs));
  const first = (mark: string) => shown.findIndex((text: string) => text.includes(mark));
  expect([first("✓"), first("✗")]).toEqual([2, 3]);
  const [, cell] = /its third cell, `(.*)`, gives you the first ✓, and the one after it the first ✗/.exec(readme) ?? [];
  expect([code[2].source].flat().join("")).toBe(cell);
});

it("the first screen has the two commands, and nothing to decide before them", () => {
  const screen = readme.split("\n").slice(0, 30).join("\n");
  for (const command of ["npm run lab", "npm test"]) expect(screen).toContain(command);
  expect(readme.indexOf("npm run lab")).toBeLessThan(readme.indexOf("!["));
});

it("what was not run anywhere is said to be untested", () => {
  expect(readme).toMatch(/untested: macOS and Windows/);
});
