import { describe, expect, it } from "vitest";
import { simdProduct } from "../../src/engine/simd";
import type { Product } from "../../src/engine/strided";
import { WorkingMemory } from "../../src/engine/working-memory";
import { Random } from "../../src/random";
import { agrees, firstDifference, layouts, normal } from "./matrices";

describe.each(["narrow", "wide"])(
  "the product in a working memory gives the bits of the plain loops, with %s tiles",
  (tiles) => {
    const prepared = (count: number, columns: number) => {
      const memory = new WorkingMemory(count, columns);
      memory.operations.prepare(8 * count, tiles === "wide");
      return memory;
    };
    const memory = prepared(3 * 400, 20);
    const [a, b, c] = [1, 2, 3].map(() => memory.take(400));
    const inPlace: Product = (A, B, C) => memory.product(A, B, C, false);

    it.each(layouts)("for all sizes up to 20×20×20 (A transposed: %s, B transposed: %s)", (ofA, ofB) => {
      for (let m = 1; m <= 20; m++) {
        for (let n = 1; n <= 20; n++) {
          for (let p = 1; p <= 20; p++) {
            const [A, B] = [normal(m, n, ofA, a.subarray(0, m * n)), normal(n, p, ofB, b.subarray(0, n * p))];
            if (!agrees(inPlace, A, B, c.subarray(0, m * p))) expect.fail(`${m}×${n} times ${n}×${p}`);
          }
        }
      }
    });

    it("for larger random sizes, where A and B are packed and k goes on in blocks", () => {
      const large = prepared(2e6, 300);
      const [a, b, c] = [8e5, 8e5, 3e5].map((count) => large.take(count));
      const random = new Random(2);
      for (let round = 0; round < 12; round++) {
        const [m, n, p] = [random.integer(1, 150), random.integer(1, 900), random.integer(1, 300)];
        for (const [ofA, ofB] of layouts) {
          const [A, B] = [normal(m, n, ofA, a.subarray(0, m * n)), normal(n, p, ofB, b.subarray(0, n * p))];
          const product: Product = (...operands) => large.product(...operands, false);
          if (!agrees(product, A, B, c.subarray(0, m * p))) expect.fail(`${m}×${n} times ${n}×${p} ${ofA} ${ofB}`);
        }
      }
    });

    it("writes C and nothing beside it", () => {
      const memory = prepared(1000, 7);
      const [a, before, c, after, b] = [30, 4, 35, 4, 42].map((count) => memory.take(count));
      before.fill(7);
      after.fill(8);
      memory.product(normal(5, 6, false, a), normal(6, 7, true, b), c, false);
      expect([...before, ...after]).toEqual([7, 7, 7, 7, 8, 8, 8, 8]);
    });

    it("adds to C when asked", () => {
      const [A, B] = [normal(5, 6, false, a.subarray(0, 30)), normal(6, 7, false, b.subarray(0, 42))];
      const sums = c.subarray(0, 35);
      memory.product(A, B, sums, false);
      const once = sums.slice();
      memory.product(A, B, sums, true);
      sums.forEach((sum, k) => {
        expect(sum).toBeCloseTo(2 * once[k], 12);
      });
    });

    it("treats infinities, NaN and the zeros as the plain loops do", () => {
      const special = [0, -0, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 5e-324, 1e308];
      const random = new Random(3);
      for (let round = 0; round < 200; round++) {
        const [A, B] = [normal(5, 3, false, a.subarray(0, 15)), normal(3, 6, false, b.subarray(0, 18))];
        for (const { data } of [A, B]) data.set(Float64Array.from(data, () => special[random.integer(0, 8)]));
        expect(agrees(inPlace, A, B, c.subarray(0, 30))).toBe(true);
      }
    });
  },
);

it("a working memory gives away numbers once, and no more than there are", () => {
  const memory = new WorkingMemory(10, 1);
  const first = memory.take(6);
  first.fill(1);
  expect([...memory.take(4)]).toEqual([0, 0, 0, 0]);
  expect(() => memory.take(1)).toThrow("WorkingMemory: 11 numbers are too many");
});

describe("the product of ordinary arrays gives the bits of the plain loops", () => {
  const product = simdProduct();

  it.each(layouts)("across the edges of blocks (A transposed: %s, B transposed: %s)", (ofA, ofB) => {
    for (const [m, n, p] of [
      [1, 1, 1],
      [5, 8, 4],
      [6, 8, 5],
      [255, 3, 256],
      [256, 256, 4],
      [257, 513, 5],
      [2, 700, 1],
      [3, 2, 600],
      [260, 300, 270],
      [513, 1, 2],
    ]) {
      if (!agrees(product, normal(m, n, ofA), normal(n, p, ofB))) expect.fail(`${m}×${n} times ${n}×${p}`);
    }
  });

  it("for random sizes", () => {
    const random = new Random(4);
    for (let round = 0; round < 24; round++) {
      const [m, n, p] = [1, 2, 3].map(() => random.integer(1, 330));
      const [ofA, ofB] = layouts[round % 4];
      if (!agrees(product, normal(m, n, ofA), normal(n, p, ofB))) expect.fail(`${m}×${n} times ${n}×${p}`);
    }
  });

  it("also if only some of them are in a working memory", () => {
    const memory = new WorkingMemory(1e5, 30);
    const inside = (count: number) => memory.take(count);
    const [m, n, p] = [21, 40, 30];
    for (const [A, B, C] of [
      [normal(m, n, false, inside(m * n)), normal(n, p, false), inside(m * p)],
      [normal(m, n, false), normal(n, p, false, inside(n * p)), inside(m * p)],
      [normal(m, n, true, inside(m * n)), normal(n, p, true, inside(n * p)), new Float64Array(m * p)],
      [normal(m, n, false, inside(m * n)), normal(n, p, false, new WorkingMemory(n * p, p).take(n * p)), inside(m * p)],
    ] as const) {
      expect(agrees(product, A, B, C)).toBe(true);
    }
  });

  it("gives the same result again", () => {
    const [A, B] = [normal(40, 50, false), normal(50, 60, false)];
    const [first, second] = [new Float64Array(2400), new Float64Array(2400)];
    product(A, B, first);
    product(normal(300, 300, true), normal(300, 300, false), new Float64Array(90000));
    product(A, B, second);
    expect(firstDifference(first, second)).toBe(-1);
  });
});
