import { describe, expect, it } from "vitest";
import { softmaxJacobian } from "../../../src/backward";
import { Matrix } from "../../../src/matrix";
import { jacobianSigns, matrixHeatMap } from "../../../src/show/charts";
import { drawn } from "./plotted";

describe("matrixHeatMap", () => {
  const A = Matrix.fromRows([
    [1, -2, 3],
    [0, 0.5, -0.5],
  ]);

  it("puts each entry at its row and column, with its number", () => {
    const marks = drawn(matrixHeatMap(A, { title: "A" }));
    const squares = marks.find(({ kind }) => kind === "rect")!.rows;
    expect(squares.map(({ row, col, value }) => [row, col, value])).toEqual(
      A.toRows().flatMap((row, i) => row.map((value, j) => [i, j, value])),
    );
    expect(marks.find(({ kind }) => kind === "text")!.items.map(({ text }) => text)).toEqual([
      "1",
      "−2",
      "3",
      "0",
      "0.5",
      "−0.5",
    ]);
  });

  it("gives opposite entries opposite colours, and 0 white", () => {
    const fills = drawn(matrixHeatMap(A, { title: "A" }))
      .find(({ kind }) => kind === "rect")!
      .items.map(({ fill }) => fill);
    expect(fills[3]).toBe("rgb(255, 255, 255)");
    expect(fills[4]).not.toBe(fills[5]);
  });

  it("writes the row sums beside the rows if asked", () => {
    const marks = drawn(matrixHeatMap(A, { title: "A", rowSums: true })).filter(({ kind }) => kind === "text");
    expect(marks[1].items.map(({ text }) => text)).toEqual(["2", "0"]);
  });

  it("refuses a matrix too large for numbers", () => {
    expect(() => matrixHeatMap(Matrix.zeros(30, 30), { title: "A" })).toThrow(
      "matrixHeatMap: A is 30×30; expected at most 400",
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("says where an entry is %s", (bad) => {
    expect(() => matrixHeatMap(new Matrix(2, 2, Float64Array.of(1, 2, 3, bad)), { title: "A" })).toThrow(
      `matrixHeatMap: A has ${bad} at row 1, column 1; expected finite numbers`,
    );
  });

  it("names what is no Matrix, and a title that is missing", () => {
    const heatMap =
      (...args: unknown[]) =>
      () =>
        matrixHeatMap(...(args as Parameters<typeof matrixHeatMap>));
    expect(heatMap()).toThrow("matrixHeatMap: A is undefined; expected a Matrix");
    expect(heatMap([[1, 2]], { title: "A" })).toThrow("matrixHeatMap: A is an array; expected a Matrix");
    expect(heatMap(A)).toThrow("matrixHeatMap: options is undefined; expected { title }, each a text");
    expect(heatMap(A, { rowSums: true })).toThrow("matrixHeatMap: options.title is undefined; expected { title }");
  });

  it("refuses names that are not one per row or column", () => {
    expect(() => matrixHeatMap(A, { title: "A", rowNames: ["a"] })).toThrow(
      "matrixHeatMap: rowNames has 1 entries; expected 2, one per row",
    );
    expect(() => matrixHeatMap(A, { title: "A", colNames: ["a", "b", "c", "d"] })).toThrow(
      "matrixHeatMap: colNames has 4 entries; expected 3, one per column",
    );
    expect(() => matrixHeatMap(A, { title: "A", colNames: "abc" as never })).toThrow(
      "matrixHeatMap: colNames is a string; expected 3, one per column",
    );
    expect(() => matrixHeatMap(A, { title: "A", rowNames: ["a", "a"], colNames: ["b", "c", "d"] })).not.toThrow();
  });
});

describe("jacobianSigns", () => {
  const a = Matrix.fromRows([[0.5, 0.3, 0.2]]);

  it("shows the Jacobian with its minus sign, and beside it the same with plus signs off the diagonal", () => {
    const [plus, minus] = drawn(jacobianSigns(a)).filter(({ kind }) => kind === "rect");
    const J = softmaxJacobian(a);
    minus.rows.forEach(({ row, col, value }) => {
      expect(value).toBeCloseTo(J.get(row as number, col as number), 6);
    });
    plus.rows.forEach(({ value }, k) => {
      expect(value).toBe(Math.abs(minus.rows[k].value as number));
    });
  });

  it("writes row sums that are 0 for minus and not for plus", () => {
    const sums = drawn(jacobianSigns(a)).filter(({ kind, rows }) => kind === "text" && "zero" in rows[0]);
    expect(sums.map(({ items }) => items.map(({ text }) => text))).toEqual([
      ["0.5", "0.42", "0.32"],
      ["0", "0", "0"],
    ]);
  });

  it("refuses what are no probabilities, and too many", () => {
    expect(() => jacobianSigns(Matrix.fromRows([[2, -1]]))).toThrow("expected probabilities");
    expect(() => jacobianSigns(Matrix.generate(1, 9, () => 1 / 9))).toThrow(
      "jacobianSigns: a is 1×9; expected at most 8",
    );
  });

  it("names under its own name what is no Matrix, no single row and no probability, and names that are too few", () => {
    expect(() => jacobianSigns(undefined as never)).toThrow(
      "jacobianSigns: a is undefined; expected a Matrix of shape 1×C",
    );
    expect(() => jacobianSigns(Matrix.zeros(2, 2))).toThrow("jacobianSigns: a is 2×2; expected 1×C");
    expect(() => jacobianSigns(Matrix.fromRows([[2, -1]]))).toThrow("jacobianSigns: a has 2 at row 0, column 0");
    expect(() => jacobianSigns(a, ["x", "y"])).toThrow(
      "jacobianSigns: classNames has 2 entries; expected 3, one per class",
    );
  });
});
