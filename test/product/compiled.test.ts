import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compiledModule } from "../../src/product/compile.mjs";

it("what is compiled is that of its sources (if not: node src/product/compile.mjs)", () => {
  expect(compiledModule()).toBe(readFileSync("src/product/compiled.ts", "utf8"));
});
