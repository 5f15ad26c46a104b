import { describe, expect, it } from "vitest";
import type { Products } from "../../src/engine/operations";
import { rowsOfSlice, runPart, takePart, type Work } from "../../src/engine/parts-of-work";
import { Random } from "../../src/random";

const work = (count: number, cost: number): Work => ({ operation: "multiply", count, args: [], steps: [], cost });

describe("slices", () => {
  it.each([1, 7, 8, 9, 100, 1797, 100_352, 3e7])("are at most 64, of a multiple of eight rows (of %d)", (count) => {
    for (const cost of [0, 0.01, 0.5, 30, 1e6]) {
      const rows = rowsOfSlice(work(count, cost));
      expect(rows % 8).toBe(0);
      expect(rows).toBeGreaterThan(0);
      expect(Math.ceil(count / rows)).toBeLessThanOrEqual(64);
    }
  });

  it("have more rows where a row takes less time", () => {
    expect(rowsOfSlice(work(1000, 0.5))).toBeGreaterThan(rowsOfSlice(work(1000, 500)));
  });
});

describe("two threads that take parts", () => {
  const at = { taken: 0, count: 1, rows: 2 };

  it("treat every row once, one from the front and one from the back, in parts that become smaller", () => {
    const random = new Random(1);
    for (let round = 0; round < 300; round++) {
      const [count, rows] = [random.integer(1, 2000), 8 * random.integer(4, 40)];
      const words = Int32Array.of(0, count, rows);
      const times = new Uint8Array(count);
      let [front, back] = [0, count];
      const sizes: number[] = [];
      for (;;) {
        const fromBack = random.uniform() < 0.5;
        const part = takePart(words, at, fromBack);
        if (part === undefined) break;
        sizes.push(part.rows);
        times.fill(1, part.start, part.start + part.rows);
        if (fromBack) back -= part.rows;
        else front += part.rows;
        expect(part.start).toBe(fromBack ? back : front - part.rows);
      }
      expect(front).toBe(back);
      expect(times).not.toContain(0);
      const slices = sizes.map((size) => Math.ceil(size / rows));
      expect(slices).toEqual([...slices].sort((a, b) => b - a));
      expect(takePart(words, at, true)).toBeUndefined();
    }
  });

  it("take nothing of work that is closed", () => {
    expect(takePart(Int32Array.of(0xffff, 500, 8), at, false)).toBeUndefined();
    expect(takePart(Int32Array.of(0xffff, 500, 8), at, true)).toBeUndefined();
  });
});

it("a part is run with its number of rows and with arguments that begin at its first row", () => {
  const calls: number[][] = [];
  const operations = { multiply: (...args: number[]) => calls.push(args) } as unknown as Products;
  runPart(operations, { operation: "multiply", count: 50, args: [3, 1000], steps: [0, 24], cost: 1 }, 16, 8);
  expect(calls).toEqual([[8, 3, 1384]]);
});
