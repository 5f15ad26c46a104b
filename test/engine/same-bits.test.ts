import { expect, it } from "vitest";
import { productsInBase64 } from "../../src/engine/compiled";
import type { WebAssemblyApi } from "../../src/engine/operations";
import { sameBits } from "../../src/engine/same-bits";

const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
const bytes = Buffer.from(productsInBase64, "base64");
const module = new WebAssembly.Module(bytes);

/** Instructions on two lanes, as they are written in a module, and others that can take their place. */
const instructions = {
  "f64x2.add": [0xf0, 0x01],
  "f64x2.mul": [0xf2, 0x01],
} as const;

/** Every place where the module has this instruction. */
function placesOf(code: readonly number[]): number[] {
  const places = [];
  const pattern = Buffer.from([0xfd, ...code]);
  for (let at = bytes.indexOf(pattern); at >= 0; at = bytes.indexOf(pattern, at + 1)) places.push(at);
  return places;
}

it("a module gives the bits of itself", () => {
  expect(sameBits(module, module)).toBe(true);
});

it.each([
  ["f64x2.add", "f64x2.mul"],
  ["f64x2.mul", "f64x2.add"],
] as const)("wherever it has %s, another that has %s there gives other bits", (one, other) => {
  const places = placesOf(instructions[one]);
  expect(places.length).toBeGreaterThan(0);
  for (const place of places) {
    const changed = Buffer.from(bytes);
    changed.set(instructions[other], place + 1);
    if (sameBits(module, new WebAssembly.Module(changed))) expect.fail(`${one} at ${place}`);
  }
});
