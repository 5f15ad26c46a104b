import { describe, expect, it } from "vitest";
import { accuracy, oneHot, predict } from "../../src/data/labels";
import { Matrix } from "../../src/matrix";

describe("oneHot", () => {
  it("puts a single 1 into each row, in the column of the class", () => {
    expect(oneHot([2, 0, 2], 4).toRows()).toEqual([
      [0, 0, 1, 0],
      [1, 0, 0, 0],
      [0, 0, 1, 0],
    ]);
  });

  it.each([
    [[0, 1, 2, 12], 10, "oneHot: labels[3] is 12; expected a class id from 0 to 9"],
    [[0, -1], 3, "oneHot: labels[1] is -1; expected a class id from 0 to 2"],
    [[0.5], 3, "oneHot: labels[0] is 0.5; expected a class id from 0 to 2"],
    [["1"], 3, "oneHot: labels[0] is 1; expected a class id from 0 to 2"],
    [[], 3, "oneHot: labels is empty; expected at least one class id"],
    [[0], 0, "oneHot: classes is 0; expected a whole number of at least 1"],
    [undefined, 3, "oneHot: labels is undefined; expected an array of class ids"],
    [null, 3, "oneHot: labels is null; expected an array of class ids"],
  ])("refuses labels %j of %j classes", (labels, classes, message) => {
    expect(() => oneHot(labels as unknown as number[], classes)).toThrow(message);
  });
});

describe("predict and accuracy", () => {
  const A2 = Matrix.fromRows([
    [0.2, 0.5, 0.3],
    [0.6, 0.3, 0.1],
    [0.4, 0.2, 0.4],
    [0.1, 0.1, 0.8],
  ]);

  it("take the most probable class, the first of equal ones", () => {
    expect(predict(A2)).toEqual([1, 0, 0, 2]);
  });

  it("count the share of right ones", () => {
    expect(accuracy(A2, oneHot([1, 0, 2, 2], 3))).toBe(3 / 4);
    expect(accuracy(A2, oneHot([0, 1, 1, 0], 3))).toBe(0);
  });

  it("predict gives back what oneHot was given", () => {
    expect(predict(oneHot([3, 1, 0, 2], 4))).toEqual([3, 1, 0, 2]);
  });

  it("refuse shapes that do not fit and labels that are not one-hot", () => {
    expect(() => accuracy(A2, oneHot([1, 0], 3))).toThrow("accuracy: A2 is 4×3 and Y is 2×3");
    expect(() => accuracy(A2, A2)).toThrow("accuracy: row 0 of Y is [0.2, 0.5, 0.3]; expected one-hot");
  });
});
