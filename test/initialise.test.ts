import { describe, expect, it } from "vitest";
import { initialisationSchemes, initialise } from "../src/initialise";
import type { Matrix } from "../src/matrix";
import { Random } from "../src/random";

function deviation(A: Matrix): number {
  return Math.sqrt(A.hadamard(A).sum() / A.data.length);
}

describe("initialise", () => {
  const sizes = { inputs: 200, hidden: 300, classes: 50 };

  it("draws W1 with variance 2/D and W2 with variance 2/H, and starts the biases at 0", () => {
    const { W1, b1, W2, b2 } = initialise({ ...sizes, random: new Random(1) });
    expect([W1, b1, W2, b2].map((A) => A.shape)).toEqual(["200×300", "1×300", "300×50", "1×50"]);
    expect(deviation(W1) / Math.sqrt(2 / 200)).toBeCloseTo(1, 1);
    expect(deviation(W2) / Math.sqrt(2 / 300)).toBeCloseTo(1, 1);
    expect(deviation(b1) + deviation(b2)).toBe(0);
  });

  it("scales the same draws for the other schemes", () => {
    const [zeros, small, he, large] = initialisationSchemes.map((scheme) =>
      initialise({ ...sizes, scheme, random: new Random(1) }),
    );
    expect(initialisationSchemes).toEqual(["zeros", "small", "he", "large"]);
    expect(deviation(zeros.W1)).toBe(0);
    expect(deviation(small.W2.scale(100).minus(he.W2))).toBeLessThan(1e-15);
    expect(deviation(large.W1.scale(0.1).minus(he.W1))).toBeLessThan(1e-15);
  });

  it("refuses sizes that are not whole numbers, an unknown scheme and a missing source of randomness", () => {
    const random = new Random(1);
    expect(() => initialise({ ...sizes, hidden: 0, random })).toThrow(
      "initialise: hidden is 0; expected a whole number of at least 1",
    );
    expect(() => initialise({ ...sizes, random, scheme: "xavier" as "he" })).toThrow(
      'initialise: scheme is "xavier"; expected one of "zeros", "small", "he", "large"',
    );
    expect(() => initialise(sizes as Parameters<typeof initialise>[0])).toThrow(
      "initialise: random is undefined; expected a Random",
    );
  });
});
