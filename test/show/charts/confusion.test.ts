import { describe, expect, it } from "vitest";
import { confusionMatrix } from "../../../src/show/charts";
import { drawn, wordsIn } from "./plotted";

describe("confusionMatrix", () => {
  it("counts true class against predicted class", () => {
    const chart = confusionMatrix([0, 0, 0, 1, 2], [0, 0, 1, 1, 0], ["ant", "bee", "cat"]);
    const squares = drawn(chart).find(({ kind }) => kind === "rect")!.rows;
    expect(squares.map(({ true: is, predicted, count }) => [is, predicted, count]).sort()).toEqual([
      ["ant", "ant", 2],
      ["ant", "bee", 1],
      ["bee", "bee", 1],
      ["cat", "ant", 1],
    ]);
    expect(wordsIn(chart).sort()).toEqual(["0", "0", "0", "0", "0", "1", "1", "1", "2"]);
    expect(chart.description).toContain("3 right (60 %)");
  });

  it("colours by the share of the true class, and leaves empty cells white", () => {
    const squares = drawn(confusionMatrix([0, 0, 0, 1], [0, 0, 1, 1])).find(({ kind }) => kind === "rect")!.rows;
    expect(squares.map(({ share }) => share)).toEqual([0.666667, 0.333333, 1]);
  });

  it("names the most common mistake, and none where all is right", () => {
    expect(confusionMatrix([1, 1, 1, 0], [0, 0, 1, 0]).description).toContain("most often 1 is taken for 0, 2 times");
    expect(confusionMatrix([0, 1], [0, 1]).description).not.toContain("most often");
  });

  it("refuses lists that do not fit and ids that are no classes", () => {
    expect(() => confusionMatrix([0, 1], [0])).toThrow("confusionMatrix: labels has 2 entries and predicted 1");
    expect(() => confusionMatrix([], [])).toThrow("labels has 0 entries and predicted 0");
    expect(() => confusionMatrix([0, 1], [0, 7], ["a", "b"])).toThrow(
      "confusionMatrix: predicted[1] is 7; expected a class id from 0 to 1",
    );
    expect(() => confusionMatrix([0.5], [0])).toThrow("confusionMatrix: labels[0] is 0.5; expected a whole number");
    expect(() => confusionMatrix([0], [-1])).toThrow("confusionMatrix: predicted[0] is -1; expected a whole number");
  });

  it("names lists that are none, and ids of another kind", () => {
    const matrix =
      (...args: unknown[]) =>
      () =>
        confusionMatrix(...(args as Parameters<typeof confusionMatrix>));
    expect(matrix()).toThrow("confusionMatrix: labels is undefined; expected an array of class ids");
    expect(matrix([0])).toThrow("confusionMatrix: predicted is undefined; expected an array of class ids");
    expect(matrix("01", "01")).toThrow("confusionMatrix: labels is a string; expected an array of class ids");
    expect(matrix([0], ["0"])).toThrow("confusionMatrix: predicted[0] is a string; expected a whole number");
    expect(matrix([0, null], [0, 0], ["a", "b"])).toThrow(
      "confusionMatrix: labels[1] is null; expected a class id from 0 to 1",
    );
    expect(matrix([0], [0], "ab")).toThrow("confusionMatrix: classNames is a string; expected an array, a name per");
    expect(matrix([0], [0], [])).toThrow("confusionMatrix: classNames is empty; expected a name per class");
  });

  it("refuses two classes of one name", () => {
    expect(() => confusionMatrix([0, 2], [0, 1], ["a", "b", "a"])).toThrow(
      'confusionMatrix: classNames has "a" at 0 and at 2; expected different names',
    );
  });

  it("counts the samples of a large data set, in typed arrays, too", () => {
    const ids = Uint8Array.from({ length: 200_000 }, (_, i) => i % 10);
    expect(confusionMatrix(ids, ids).description).toContain("200000 samples: 200000 right");
  });
});
