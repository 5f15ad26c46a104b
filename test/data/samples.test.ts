import { describe, expect, it } from "vitest";
import { oneHot } from "../../src/data/labels";
import { type Samples, takeRows, takeSamples } from "../../src/data/samples";
import { Matrix } from "../../src/matrix";

const X = Matrix.fromRows([
  [1, 2],
  [3, 4],
  [5, 6],
]);

describe("takeRows", () => {
  it("takes rows in the given order, also twice, and copies them", () => {
    const taken = takeRows(X, [2, 0, 2]);
    expect(taken.toRows()).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
    ]);
    taken.data[0] = 9;
    expect(X.get(2, 0)).toBe(5);
  });

  it("refuses rows that are not there", () => {
    expect(() => takeRows(X, [0, 3])).toThrow("takeRows: rows[1] is 3; expected a row number from 0 to 2");
    expect(() => takeRows(X, [0.5])).toThrow("takeRows: rows[0] is 0.5");
    expect(() => takeRows(X, [])).toThrow("takeRows: rows is empty");
  });

  it("refuses what is no matrix, and no row numbers", () => {
    expect(() => takeRows(undefined as unknown as Matrix, [0])).toThrow(
      new TypeError("takeRows: A is undefined; expected a Matrix"),
    );
    expect(() => takeRows(X, 1 as unknown as number[])).toThrow(
      new TypeError("takeRows: rows is a number; expected an array of row numbers"),
    );
    expect(() => takeRows(X, null as unknown as number[])).toThrow("takeRows: rows is null; expected");
  });
});

describe("takeSamples", () => {
  it("takes the same rows of X and Y", () => {
    const taken = takeSamples({ X, Y: oneHot([2, 0, 1], 3) }, [1, 2]);
    expect(taken.X.toRows()).toEqual([
      [3, 4],
      [5, 6],
    ]);
    expect(taken.Y).toEqual(oneHot([0, 1], 3));
  });

  it("refuses what are no samples", () => {
    expect(() => takeSamples({ X } as unknown as Samples, [0])).toThrow(
      new TypeError("takeSamples: samples.Y is undefined; expected { X, Y }, each a Matrix"),
    );
  });
});
