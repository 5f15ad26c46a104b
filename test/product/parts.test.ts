import { expect, it } from "vitest";
import { MOST_PARTS, type Multiplication, partsOf } from "../../src/product/parts";

/** A product of matrices that lie row after row, one behind the other. */
function whole(m: number, n: number, p: number, sparse: boolean): Multiplication {
  const [b, c] = [8 * m * n, 8 * (m * n + n * p)];
  return { m, n, p, a: 0, aRow: 8 * n, aCol: 8, b, bRow: 8 * p, bCol: 8, c, cRow: 8 * p, add: false, sparse };
}

it.each([false, true])("each entry of C is in one part, of which there are few (sparse: %s)", (sparse) => {
  for (let m = 1; m <= 40; m++) {
    for (let p = 1; p <= 40; p++) {
      const product = whole(m, 3, p, sparse);
      const parts = partsOf(product);
      expect(parts.length).toBeLessThanOrEqual(MOST_PARTS);
      const times = new Uint8Array(m * p);
      for (const part of parts) {
        const [first, i, j] = [(part.c - product.c) / 8, (part.a - product.a) / part.aRow, (part.b - product.b) / 8];
        expect(first).toBe(i * p + j);
        expect(part.n).toBe(3);
        for (let r = 0; r < part.m; r++) for (let s = 0; s < part.p; s++) times[first + r * p + s]++;
      }
      expect(times.every((count) => count === 1)).toBe(true);
    }
  }
});

it("a tall product and one that skips zeros are divided by rows, and any other by columns", () => {
  expect(partsOf(whole(100, 3, 40, false)).map(({ m, p }) => [m, p])).toEqual([
    [28, 40],
    [28, 40],
    [28, 40],
    [16, 40],
  ]);
  expect(partsOf(whole(20, 3, 20, true)).map(({ m, p }) => [m, p])).toEqual([
    [8, 20],
    [8, 20],
    [4, 20],
  ]);
  expect(partsOf(whole(20, 3, 20, false)).map(({ m, p }) => [m, p])).toEqual([
    [20, 8],
    [20, 8],
    [20, 4],
  ]);
});
