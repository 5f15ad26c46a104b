import { describe, expect, it } from "vitest";
import { Matrix } from "../src/matrix";
import { checkRandom, Random } from "../src/random";

// Every stream here is fixed by its seed, so these tests always see the same numbers. The bounds are those that a
// sound generator misses less than once in a million tries (5 standard deviations).

function draws(n: number, draw: () => number): number[] {
  return Array.from({ length: n }, draw);
}

function mean(values: readonly number[]): number {
  return values.reduce((total, x) => total + x, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const m = mean(values);
  return mean(values.map((x) => (x - m) ** 2));
}

/** Pearson's χ² of counts that should all be equal, as a number of standard deviations (Wilson and Hilferty, 1931). */
function unevenness(counts: readonly number[]): number {
  const expected = mean(counts);
  const chiSquare = counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
  const spread = 2 / (9 * (counts.length - 1));
  return (Math.cbrt(chiSquare / (counts.length - 1)) - (1 - spread)) / Math.sqrt(spread);
}

/** The largest distance between the values' distribution and `cdf`, times √n (Kolmogorov and Smirnov). */
function distance(values: readonly number[], cdf: (x: number) => number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const gaps = sorted.map((x, i) => Math.max(Math.abs(cdf(x) - i / n), Math.abs(cdf(x) - (i + 1) / n)));
  return gaps.reduce((largest, gap) => Math.max(largest, gap)) * Math.sqrt(n);
}

/** The chance that `distance` is larger than this is 1e-6. */
const KOLMOGOROV_BOUND = Math.sqrt(-Math.log(1e-6 / 2) / 2);

/** Φ(x) = ½ + φ(x) (x + x³/3 + x⁵/15 + …). */
function normalCdf(x: number): number {
  let term = x;
  let sum = 0;
  for (let k = 3; Math.abs(term) > 1e-17; k += 2) {
    sum += term;
    term *= (x * x) / k;
  }
  return 0.5 + (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}

describe("a stream of random numbers", () => {
  it("is that of NumPy's RandomState, which is made from the same bits in the same way", () => {
    const [one, fortyTwo] = [new Random(1), new Random(42)];
    expect(draws(3, () => one.uniform())).toEqual([0.417022004702574, 0.7203244934421581, 0.00011437481734488664]);
    expect(draws(3, () => fortyTwo.uniform())).toEqual([0.3745401188473625, 0.9507143064099162, 0.7319939418114051]);
  });

  it("is the same for the same seed, on every machine and in every version", () => {
    const random = new Random(1);
    // The last digit of a logarithm or a cosine is the engine's to choose.
    const [first, second] = draws(2, () => random.normal());
    expect(first).toBeCloseTo(-0.1925803402108228, 14);
    expect(second).toBeCloseTo(-0.0048841638912387455, 14);
    expect([random.integer(0, 1_000_000), random.integer(-3, 3)]).toEqual([792630, 2]);
    expect(random.permutation(8)).toEqual([2, 5, 3, 4, 6, 7, 1, 0]);
  });

  it("starts anew with every object", () => {
    const [a, b] = [new Random(5), new Random(5)];
    const fromA = draws(10, () => a.uniform());
    expect(draws(10, () => b.uniform())).toEqual(fromA);
    expect(draws(10, () => a.uniform())).not.toEqual(fromA);
  });

  it("is another one for another seed, also for 0, negative and large seeds", () => {
    const seeds = [0, 1, 2, -1, 2 ** 31 - 1, -(2 ** 31)];
    const streams = seeds.map((seed) => {
      const random = new Random(seed);
      return draws(4, () => random.uniform()).join();
    });
    expect(new Set(streams).size).toBe(seeds.length);
  });

  it("refuses seeds of more than 32 bits, which would repeat others", () => {
    for (const seed of [2 ** 31, 1 + 2 ** 32, -(2 ** 31) - 1]) {
      expect(() => new Random(seed)).toThrow("at most 32 bits");
    }
  });

  it("begins with numbers that vary from seed to seed as they do within a stream", () => {
    const streams = Array.from({ length: 2000 }, (_, seed) => {
      const random = new Random(seed);
      return draws(4, () => random.uniform());
    });
    for (const place of [0, 1, 2, 3]) {
      const values = streams.map((stream) => stream[place]);
      expect(distance(values, (x) => x)).toBeLessThan(KOLMOGOROV_BOUND);
    }
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("refuses the seed %d", (seed) => {
    expect(() => new Random(seed)).toThrow(
      new RangeError(`Random: seed is ${seed}; expected a whole number of at most 32 bits, like 1`),
    );
  });

  it("refuses a seed that is missing or no number", () => {
    expect(() => new Random(undefined as unknown as number)).toThrow("Random: seed is undefined;");
    expect(() => new Random("1" as unknown as number)).toThrow("Random: seed is 1;");
  });
});

describe("uniform", () => {
  const random = new Random(11);
  const values = draws(40_000, () => random.uniform());

  it("lies in [0, 1) and is spread evenly", () => {
    expect(values.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(distance(values, (x) => x)).toBeLessThan(KOLMOGOROV_BOUND);
    expect(Math.abs(mean(values) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / values.length));
  });

  it("is a multiple of 2⁻⁵³ whose 53 bits are each set half of the time", () => {
    const wholes = values.map((x) => BigInt(x * 2 ** 53));
    expect(wholes.map((whole) => Number(whole) / 2 ** 53)).toEqual(values);
    for (let bit = 0n; bit < 53n; bit++) {
      const set = wholes.filter((whole) => (whole >> bit) & 1n).length;
      expect(Math.abs(set - values.length / 2), `bit ${bit}`).toBeLessThan(5 * Math.sqrt(values.length / 4));
    }
  });

  it("does not depend on the number before it", () => {
    const products = values.slice(1).map((x, i) => (x - 1 / 2) * (values[i] - 1 / 2));
    expect(Math.abs(mean(products))).toBeLessThan(5 * Math.sqrt(1 / 144 / products.length));
  });
});

describe("normal", () => {
  const random = new Random(12);
  const values = draws(40_000, () => random.normal());
  const n = values.length;

  it("has mean 0, variance 1, no skew and the tails of a normal distribution", () => {
    expect(Math.abs(mean(values))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(variance(values) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(mean(values.map((x) => x ** 3)))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(mean(values.map((x) => x ** 4)) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  it("follows the normal distribution function", () => {
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 12);
    expect(distance(values, normalCdf)).toBeLessThan(KOLMOGOROV_BOUND);
  });

  it("does not depend on the number before it", () => {
    const products = values.slice(1).map((x, i) => x * values[i]);
    expect(Math.abs(mean(products))).toBeLessThan(5 * Math.sqrt(1 / n));
  });
});

describe("normalMatrix", () => {
  it("holds the stream's normal numbers, row after row, times the standard deviation", () => {
    const [a, b] = [new Random(3), new Random(3)];
    const expected = draws(6, () => 0.25 * b.normal());
    const M = a.normalMatrix(2, 3, 0.25);
    expect(M).toBeInstanceOf(Matrix);
    expect([M.shape, ...M.data]).toEqual(["2×3", ...expected]);
  });

  it("has standard deviation 1 by default", () => {
    const [a, b] = [new Random(4), new Random(4)];
    expect(a.normalMatrix(1, 3)).toEqual(b.normalMatrix(1, 3, 1));
  });
});

describe("integer", () => {
  it.each([
    [0, 1],
    [-2, 4],
    [10, 19],
  ])("draws every whole number from %d to %d, each as often", (low, high) => {
    const random = new Random(13);
    const counts = new Array<number>(high - low + 1).fill(0);
    for (const value of draws(10_000, () => random.integer(low, high))) {
      expect(Number.isInteger(value) && value >= low && value <= high).toBe(true);
      counts[value - low] += 1;
    }
    expect(unevenness(counts)).toBeLessThan(5);
  });

  it("has no choice when both bounds are the same", () => {
    const random = new Random(14);
    expect(draws(20, () => random.integer(7, 7))).toEqual(Array(20).fill(7));
    expect(random.integer(0, 0)).toBe(0);
  });

  it("works over all whole numbers that float64 can count", () => {
    const random = new Random(15);
    const [low, high] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
    const values = draws(1000, () => random.integer(low, high));
    expect(values.every(Number.isSafeInteger)).toBe(true);
    expect(distance(values, (x) => 0.5 + x / 2 ** 54)).toBeLessThan(KOLMOGOROV_BOUND);
  });

  it.each([
    [2, 1],
    [0.5, 3],
    [0, 3.5],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
    [-(2 ** 53), 0],
  ])("refuses the bounds %d and %d", (low, high) => {
    expect(() => new Random(1).integer(low, high)).toThrow(
      new RangeError(`Random.integer: low is ${low} and high is ${high}; expected whole numbers, low ≤ high`),
    );
  });
});

describe("normalMatrix of a standard deviation", () => {
  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuses a standard deviation of %d", (standardDeviation) => {
    expect(() => new Random(1).normalMatrix(1, 2, standardDeviation)).toThrow(
      new RangeError(`Random.normalMatrix: standardDeviation is ${standardDeviation}; expected a number of at least 0`),
    );
  });

  it("of standard deviation 0 is 0", () => {
    expect(new Random(1).normalMatrix(1, 2, 0).data.map(Math.abs)).toEqual(new Float64Array(2));
  });
});

describe("checkRandom", () => {
  it.each([
    [undefined, "undefined"],
    [null, "null"],
    [{}, "an object"],
    [Math, "an object"],
    [{ permutation: () => [] }, "an object"],
    [{ normalMatrix: () => [] }, "an object"],
  ])("refuses %s", (random, kind) => {
    expect(() => checkRandom("train", random as unknown as Random)).toThrow(
      new TypeError(`train: random is ${kind}; expected a Random, like new Random(1)`),
    );
  });

  it("has nothing against a Random", () => {
    expect(() => checkRandom("train", new Random(1))).not.toThrow();
  });
});

describe("permutation", () => {
  it.each([0, 1, 2, 5, 50])("holds each of the numbers 0 … n−1 once, for n = %d", (n) => {
    const random = new Random(16);
    for (let k = 0; k < 20; k++) {
      expect(random.permutation(n).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }
  });

  it("draws no number where there is no choice", () => {
    const [random, untouched] = [new Random(18), new Random(18)];
    random.permutation(1);
    random.permutation(0);
    expect(random.uniform()).toBe(untouched.uniform());
  });

  it("comes in all 24 orders of four numbers, each as often", () => {
    const random = new Random(17);
    const counts = new Map<string, number>();
    for (let k = 0; k < 12_000; k++) {
      const order = random.permutation(4).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(unevenness([...counts.values()])).toBeLessThan(5);
  });

  it.each([2.5, -1, Number.NaN])("refuses n = %d", (n) => {
    expect(() => new Random(1).permutation(n)).toThrow(
      new RangeError(`Random.permutation: n is ${n}; expected a whole number of at least 0`),
    );
  });
});
