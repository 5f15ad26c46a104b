import { expect, it } from "vitest";
import { Memory } from "../../../src/engine/memory";
import { Random } from "../../../src/random";

const random = new Random(1);

/** A number next to `x`, above or below. */
const near = (x: number) => x * (1 + 1e-7 * (random.uniform() - 0.5));

it.each<[string, () => number]>([
  ["from −746 to 0", () => -746 * random.uniform()],
  ["from −2 to 0", () => -2 * random.uniform()],
  ["of all sizes", () => -(2 ** (-1074 * random.uniform()))],
  ["where ever smaller parts of ln 2 remain", () => near(-Math.LN2 * (random.integer(0, 1000) + 0.5))],
  ["where the method changes for small numbers", () => near(-(2 ** -28))],
  ["where results lose bits", () => -700 - 50 * random.uniform()],
  ["that are whole", () => -random.integer(0, 800)],
])("compiled exponentials have the bits of Math.exp for numbers %s", (_, draw) => {
  const memory = new Memory();
  const at = memory.take(100_001);
  const data = memory.numbers(at, 100_001);
  const numbers = Float64Array.from(data, draw);
  numbers.set([0, -0, Number.NaN, Number.NEGATIVE_INFINITY, -707, -Math.LN2 / 2, -1.5 * Math.LN2, 1, 710, Infinity]);
  data.set(numbers);
  memory.operations.exp(data.length, at, at);
  expect(memory.sameExponentials).toBe(true);
  const different = numbers.findIndex((x, k) => !Object.is(data[k], Math.exp(x)));
  expect(different, String(numbers[different])).toBe(-1);
});
