import { Decimal } from "decimal.js";
import { afterEach, describe, expect, it, vi } from "vitest";

// The module is loaded inside the tests, after decimal.js has been given other settings; no other test of this file may load it.

const defaults = { precision: 20, rounding: Decimal.ROUND_HALF_UP, minE: -9e15, maxE: 9e15 };

async function twoThirds(): Promise<string> {
  const { decimal30 } = await import("../../src/formula/arithmetic");
  return decimal30.over(decimal30.of(2), decimal30.of(3)).toFixed();
}

describe("numbers of 30 digits are untouched by the settings that others make for decimal.js", () => {
  afterEach(() => {
    Decimal.set(defaults);
    vi.resetModules();
  });

  it("before they are loaded", async () => {
    Decimal.set({ precision: 3, rounding: Decimal.ROUND_DOWN, minE: -2, maxE: 2 });
    expect(await twoThirds()).toBe(`0.${"6".repeat(29)}7`);
    const { decimal30 } = await import("../../src/formula/arithmetic");
    expect(decimal30.exp(decimal30.of(-1e6)).gt(0)).toBe(true);
  });

  it("and after", async () => {
    await import("../../src/formula/arithmetic");
    Decimal.set({ precision: 3, rounding: Decimal.ROUND_DOWN, minE: -2, maxE: 2 });
    expect(await twoThirds()).toBe(`0.${"6".repeat(29)}7`);
  });
});
