import { describe, expect, it } from "vitest";
import { plainProduct } from "../../src/engine/plain";
import type { Strided } from "../../src/engine/strided";

/** Whole numbers, all different, which lie row after row or, seen transposed, column after column. */
function wholeNumbers(rows: number, cols: number, transposed: boolean): Strided {
  const data = Float64Array.from({ length: rows * cols }, (_, k) => ((7 * k * k + 3 * k) % 29) - 14);
  return transposed ? { rows, cols, data, rowStep: 1, colStep: rows } : { rows, cols, data, rowStep: cols, colStep: 1 };
}

function at({ data, rowStep, colStep }: Strided, i: number, j: number): number {
  return data[i * rowStep + j * colStep];
}

describe("the product by plain loops", () => {
  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])("is the sum of products (A transposed: %s, B transposed: %s), whatever was there before", (left, right) => {
    const sizes = [1, 2, 3, 4];
    for (const m of sizes) {
      for (const n of sizes) {
        for (const p of sizes) {
          const [A, B] = [wholeNumbers(m, n, left), wholeNumbers(n, p, right)];
          const C = new Float64Array(m * p).fill(99);
          plainProduct(A, B, C);
          for (let i = 0; i < m; i++) {
            for (let j = 0; j < p; j++) {
              let sum = 0;
              for (let k = 0; k < n; k++) sum += at(A, i, k) * at(B, k, j);
              // −0 and 0 are the same sum here.
              expect(C[i * p + j] + 0).toBe(sum + 0);
            }
          }
        }
      }
    }
  });
});
