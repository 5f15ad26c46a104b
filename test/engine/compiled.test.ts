import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compiledModules } from "../../src/engine/compile.mjs";

it("what is compiled is that of its sources (if not: node src/engine/compile.mjs)", () => {
  expect(compiledModules()).toBe(readFileSync("src/engine/compiled.ts", "utf8"));
});
