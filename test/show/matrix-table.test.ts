import { describe, expect, it } from "vitest";
import { Matrix } from "../../src/matrix";
import { matrixHtml, matrixText } from "../../src/show/matrix-table";

describe("matrixText", () => {
  it("writes whole numbers without decimals, in columns that line up", () => {
    expect(
      matrixText(
        Matrix.fromRows([
          [1, -20, 3],
          [400, 5, 0],
        ]),
      ),
    ).toBe(["Matrix 2×3", "    1  −20  3", "  400    5  0"].join("\n"));
  });

  it("gives the largest entry four digits and all entries the same decimals", () => {
    expect(
      matrixText(
        Matrix.fromRows([
          [0.123456, 1.5],
          [-0.00123456, 2],
        ]),
      ),
    ).toBe(["Matrix 2×2", "   0.123  1.500", "  −0.001  2.000"].join("\n"));
    expect(matrixText(Matrix.fromRows([[1234.5678, 0.5]]))).toBe("Matrix 1×2\n  1234.6  0.5");
    expect(matrixText(Matrix.fromRows([[0.0123456]]))).toBe("Matrix 1×1\n  0.01235");
  });

  it("lets only a zero look like one", () => {
    expect(matrixText(Matrix.fromRows([[0.5, 1e-9, 0]]))).toBe("Matrix 1×3\n  0.5000  1.00e−9  0");
  });

  it("writes very large, very small and infinite entries so that they can be read", () => {
    expect(matrixText(Matrix.fromRows([[1e12, 3.5]]))).toContain("1.00e+12  3.50e+0");
    expect(matrixText(Matrix.fromRows([[2e-7]]))).toContain("2.00e−7");
    const odd = new Matrix(1, 3, Float64Array.from([Number.NaN, Number.POSITIVE_INFINITY, -Infinity]));
    expect(matrixText(odd)).toBe("Matrix 1×3\n  NaN  ∞  −∞");
  });

  it("abridges what is too long, and keeps the first and the last rows and columns", () => {
    const A = Matrix.generate(100, 50, (i, j) => 100 * i + j);
    const rows = matrixText(A).split("\n");
    expect(rows[0]).toBe("Matrix 100×50");
    expect(rows).toHaveLength(1 + 12);
    expect(rows[1].trim().split(/ +/)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "…", "48", "49"]);
    expect(rows[12].trim().split(/ +/)[0]).toBe("9900");
    expect(rows[10]).toContain("⋮");
    expect(matrixText(Matrix.zeros(12, 12))).not.toContain("…");
  });
});

describe("matrixHtml", () => {
  it("has one cell per entry and says the shape, in colours of the page", () => {
    const html = matrixHtml(
      Matrix.fromRows([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
    expect(html.match(/<tr>/g)).toHaveLength(2);
    expect(html.match(/<td/g)).toHaveLength(6);
    expect(html).toContain("Matrix 2×3 (rows × columns)");
    expect(html).not.toMatch(/color:|background/);
  });

  it("can be given a name", () => {
    expect(matrixHtml(Matrix.zeros(1, 1), "dW2")).toContain("dW2 1×1");
  });
});
