import { cachedDataVersionTag } from "node:v8";
import { expect, it } from "vitest";
import { wasmInBase64 } from "../../src/product/compiled";
import { canJoin, compile, operationsModule } from "../../src/product/lanes";

const bytes = Buffer.from(wasmInBase64, "base64");
const joins = canJoin(process.versions.node, process.arch);

it("there are four lanes in the Nodes in which they were tried, on x64, and two in all others", () => {
  expect(["24.0.0", "24.21.0", "26.10.0"].map((node) => canJoin(node, "x64"))).toEqual([true, true, true]);
  expect(["20.19.0", "22.23.3", "25.9.0", "27.0.0", "124.0.0"].some((node) => canJoin(node, "x64"))).toBe(false);
  expect(canJoin("24.21.0", "arm64")).toBe(false);
});

it("this Node has as many lanes as are said", () => {
  expect(operationsModule().lanes).toBe(joins ? 4 : 2);
  expect(operationsModule()).toBe(operationsModule());
});

it("where four lanes are not wanted, there are two", () => {
  expect(compile(bytes, false).lanes).toBe(2);
});

it("what is no module is no module with four lanes either", () => {
  expect(() => compile(bytes.subarray(0, 100), true)).toThrow("WebAssembly.Module()");
});

it("V8's flags are then as they were", () => {
  const before = cachedDataVersionTag();
  compile(bytes, joins);
  expect(cachedDataVersionTag()).toBe(before);
});
