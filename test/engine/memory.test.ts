import { describe, expect, it } from "vitest";
import { COLUMNS, Memory } from "../../src/engine/memory";
import { productByBlocks } from "../../src/engine/product-by-blocks";
import { Matrix, strided, type Transpose } from "../../src/matrix";
import { Random } from "../../src/random";
import { differs, firstDifference, inMemory, layouts, normal, place } from "./matrices";

describe.each(["narrow", "wide"])(
  "the product in a memory gives the bits of the plain loops, with %s tiles",
  (tiles) => {
    const prepared = () => new Memory(undefined, tiles === "wide");
    const product = inMemory(prepared());

    it.each(layouts)("for all sizes up to 20×20×20 (A transposed: %s, B transposed: %s)", (ofA, ofB) => {
      for (let m = 1; m <= 20; m++) {
        for (let n = 1; n <= 20; n++) {
          for (let p = 1; p <= 20; p++) {
            if (differs(product, normal(m, n, ofA), normal(n, p, ofB)) >= 0) expect.fail(`${m}×${n} times ${n}×${p}`);
          }
        }
      }
    });

    it("for larger random sizes, where A and B are packed and k goes on in blocks", () => {
      const random = new Random(2);
      for (let round = 0; round < 12; round++) {
        const [m, n, p] = [random.integer(1, 150), random.integer(1, 900), random.integer(1, 300)];
        for (const [ofA, ofB] of layouts) {
          if (differs(product, normal(m, n, ofA), normal(n, p, ofB)) >= 0) {
            expect.fail(`${m}×${n} times ${n}×${p} ${ofA} ${ofB}`);
          }
        }
      }
    });

    it.each(layouts)("for more columns than there is room to pack (A transposed: %s, B transposed: %s)", (ofA, ofB) => {
      for (const p of [COLUMNS, COLUMNS + 1, 2 * COLUMNS + 3]) {
        expect(differs(product, normal(9, 30, ofA), normal(30, p, ofB))).toBe(-1);
      }
    });

    it("writes C and nothing beside it", () => {
      const memory = prepared();
      const [c, size] = [memory.take(43), 35];
      const around = memory.numbers(c, 43).fill(7);
      memory.product(place(memory, normal(5, 6, false)), place(memory, normal(6, 7, true)), c + 32);
      expect([...around.subarray(0, 4), ...around.subarray(4 + size)]).toEqual([7, 7, 7, 7, 7, 7, 7, 7]);
    });

    it("adds to C when asked", () => {
      const memory = prepared();
      const [A, B] = [place(memory, normal(5, 6, false)), place(memory, normal(6, 7, false))];
      const c = memory.take(35);
      const sums = memory.numbers(c, 35);
      memory.product(A, B, c);
      const once = sums.slice();
      memory.product(A, B, c, true);
      sums.forEach((sum, k) => {
        expect(sum).toBeCloseTo(2 * once[k], 12);
      });
    });

    it("treats infinities, NaN and the zeros as the plain loops do", () => {
      const special = [0, -0, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 5e-324, 1e308];
      const random = new Random(3);
      const matrix = (rows: number, cols: number) => Matrix.generate(rows, cols, () => special[random.integer(0, 8)]);
      for (let round = 0; round < 200; round++) expect(differs(product, matrix(5, 3), matrix(3, 6))).toBe(-1);
    });
  },
);

describe("a memory", () => {
  it("gives away no number twice, before it has it back", () => {
    const memory = new Memory();
    const random = new Random(4);
    const taken: { address: number; count: number; mark: number }[] = [];
    for (let mark = 1; mark < 3000; mark++) {
      if (taken.length > 50 || (taken.length > 0 && random.uniform() < 0.4)) {
        const [{ address, count, mark: expected }] = taken.splice(random.integer(0, taken.length - 1), 1);
        expect(memory.numbers(address, count).every((x) => x === expected)).toBe(true);
        memory.giveBack(address, count);
      } else {
        const count = random.integer(1, 2) === 1 ? random.integer(1, 40) : random.integer(1, 30_000);
        const address = memory.take(count);
        memory.numbers(address, count).fill(mark);
        taken.push({ address, count, mark });
      }
    }
  });

  it("grows no further for what was given back", () => {
    const memory = new Memory();
    memory.giveBack(memory.take(1e6), 1e6);
    const { size } = memory;
    for (let k = 0; k < 100; k++) memory.giveBack(memory.take(1e6 - k), 1e6 - k);
    expect(memory.size).toBe(size);
  });

  it("keeps the numbers of arrays that looked into it before it grew", () => {
    const memory = new Memory();
    const before = memory.numbers(memory.take(3), 3);
    before.set([1, 2, 3]);
    memory.take(1e7);
    expect([...before]).toEqual([1, 2, 3]);
  });

  it("says when there is no more", () => {
    const memory = new Memory();
    expect(memory.take(2 ** 27)).toBe(-1);
    expect(memory.take(10)).toBeGreaterThan(0);
  });
});

describe("the product of ordinary arrays, by blocks, gives the bits of the plain loops", () => {
  const memory = new Memory();
  const product = (A: Matrix | Transpose, B: Matrix | Transpose, C: Matrix) =>
    productByBlocks(memory, strided(A), strided(B), C.data);

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
      if (differs(product, normal(m, n, ofA), normal(n, p, ofB)) >= 0) expect.fail(`${m}×${n} times ${n}×${p}`);
    }
  });

  it("for random sizes", () => {
    const random = new Random(4);
    for (let round = 0; round < 24; round++) {
      const [m, n, p] = [1, 2, 3].map(() => random.integer(1, 330));
      const [ofA, ofB] = layouts[round % 4];
      if (differs(product, normal(m, n, ofA), normal(n, p, ofB)) >= 0) expect.fail(`${m}×${n} times ${n}×${p}`);
    }
  });

  it("gives the same result again, also in another memory", () => {
    const [A, B] = [normal(40, 50, false), normal(50, 60, false)];
    const [first, second, third] = [1, 2, 3].map(() => Matrix.zeros(40, 60));
    product(A, B, first);
    product(normal(300, 300, true), normal(300, 300, false), Matrix.zeros(300, 300));
    product(A, B, second);
    productByBlocks(new Memory(), strided(A), strided(B), third.data);
    expect(firstDifference(first.data, second.data)).toBe(-1);
    expect(firstDifference(first.data, third.data)).toBe(-1);
  });
});
