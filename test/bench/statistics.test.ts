import { describe, expect, it } from "vitest";
import { floatingPointOperations, median, medianRatio, rotated } from "./statistics.mjs";

describe("median", () => {
  it("is the middle value, or the mean of the two in the middle, whatever the order", () => {
    expect(median([3])).toBe(3);
    expect(median([10, 1, 2])).toBe(2);
    expect(median([10, 1, 2, 4])).toBe(3);
  });

  it("leaves the values as they were", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it("refuses no values", () => {
    expect(() => median([])).toThrow(new RangeError("median: there are no values"));
  });
});

describe("medianRatio", () => {
  it("compares round by round, so that a slow round of both changes nothing", () => {
    expect(medianRatio([1, 100, 2], [2, 200, 4])).toBe(0.5);
    expect(median([1, 100, 2]) / median([2, 4, 200])).toBe(0.5);
    expect(medianRatio([1, 30, 2], [2, 10, 8])).toBe(0.5);
  });

  it("refuses another number of rounds", () => {
    expect(() => medianRatio([1], [1, 2])).toThrow("medianRatio: 1 and 2 rounds");
  });
});

it("everyone is first in turn", () => {
  expect([0, 1, 2, 3].map((round) => rotated(["a", "b", "c"], round).join(""))).toEqual(["abc", "bca", "cab", "abc"]);
  expect(rotated([], 2)).toEqual([]);
});

it("the operations of a step are those of its five products", () => {
  const [N, D, H, C] = [2, 3, 5, 7];
  const products = [N * D * H, N * H * C, N * H * C, N * C * H, N * D * H];
  expect(floatingPointOperations({ N, D, H, C })).toBe(2 * products.reduce((sum, count) => sum + count));
});
