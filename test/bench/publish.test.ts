import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { FIGURES, publications } from "./publish.mjs";

const root = resolve(import.meta.dirname, "../..");
const figures = JSON.parse(readFileSync(join(root, FIGURES), "utf8"));
const files = publications(root, figures);

it.each([...files.keys()])("%s says what was measured last", (path) => {
  expect(readFileSync(join(root, path), "utf8")).toBe(files.get(path));
});

it("a figure that has changed changes every one of them", () => {
  const slower = structuredClone(figures);
  slower.steps.M[0].microseconds = slower.steps.M[0].microseconds.map((time: number) => 3 * time);
  for (const [path, text] of publications(root, slower)) expect(text, path).not.toBe(files.get(path));
});
