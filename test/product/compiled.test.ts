import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compiledModule } from "../../src/product/compile.mjs";

it("the compiled product is that of its source (if not: node src/product/compile.mjs)", () => {
  expect(compiledModule()).toBe(readFileSync("src/product/multiply-wasm.ts", "utf8"));
});
