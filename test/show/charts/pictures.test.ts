import { describe, expect, it } from "vitest";
import { Matrix } from "../../../src/matrix";
import { Random } from "../../../src/random";
import { digitImages, weightImages, worstMistakes } from "../../../src/show/charts";
import { drawn, wordsIn } from "./plotted";

/** Two pictures of 2×2 pixels. */
const X = Matrix.fromRows([
  [0.25, 0.5, 0.75, 1],
  [1, 0, 0, 0.5],
]);

type Pixel = { tile: number; value: number; left: number; top: number; x: number; y: number };

/** No whole numbers of at least 1. */
const noCounts = [0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY, null, "2"] as number[];

function pixelsOf(marks: ReturnType<typeof drawn>): Pixel[] {
  return marks.flatMap(({ rows }) => rows).filter((row) => "pixel" in row) as unknown as Pixel[];
}

describe("digitImages", () => {
  it("draws each pixel that is not 0 at its place, row after row", () => {
    const pixels = pixelsOf(drawn(digitImages(X)));
    const places = pixels.map(({ tile, value, left, top, x, y }) => [tile, top - y, left - x, value]);
    expect(places).toEqual([
      [0, 0, 0, 0.25],
      [0, 0, 1, 0.5],
      [0, 1, 0, 0.75],
      [0, 1, 1, 1],
      [1, 0, 0, 1],
      [1, 1, 1, 0.5],
    ]);
  });

  it("says what each picture is and what it was read as", () => {
    const A2 = Matrix.fromRows([
      [0.1, 0.9],
      [0.8, 0.2],
    ]);
    const captions = wordsIn(digitImages(X, { labels: [1, 1], A2 }));
    expect(captions.slice(0, 2)).toEqual(["is 1", "is 1, read 0"]);
    expect(wordsIn(digitImages(X, { A2 })).slice(0, 2)).toEqual(["read 1", "read 0"]);
    expect(wordsIn(digitImages(X))).toEqual(["row 0", "row 1"]);
  });

  it("draws a bar of the right height for each class's probability", () => {
    const A2 = Matrix.fromRows([
      [0.25, 0.75],
      [0.5, 0.5],
    ]);
    const bars = drawn(digitImages(X, { labels: [0, 1], A2 }))
      .filter(({ kind }) => kind === "rect")
      .flatMap(({ items }) => items)
      .filter(({ datum }) => "probability" in (datum as object)) as unknown as {
      height: number;
      datum: { probability: number; kind: string };
    }[];
    expect(bars.map(({ datum }) => datum.probability)).toEqual([0.25, 0.75, 0.5, 0.5]);
    expect(bars.map(({ datum }) => datum.kind)).toEqual(["true", "read", "read", "true"]);
    for (const { height, datum } of bars) expect(height / bars[0].height).toBeCloseTo(datum.probability / 0.25, 6);
  });

  it("refuses what is no square picture, and labels or probabilities of another number", () => {
    expect(() => digitImages(Matrix.zeros(2, 5))).toThrow("digitImages: X is 2×5; expected a square number of pixels");
    expect(() => digitImages(X, { labels: [1] })).toThrow("digitImages: labels has 1 entries and X 2 rows");
    expect(() => digitImages(X, { labels: [] })).toThrow("digitImages: labels has 0 entries and X 2 rows");
    expect(() => digitImages(X, { A2: Matrix.zeros(3, 2) })).toThrow("digitImages: X is 2×4 and A2 is 3×2");
  });

  it("takes labels from any list of class ids, and without probabilities any class", () => {
    expect(wordsIn(digitImages(X, { labels: Uint8Array.of(7, 0) }))).toEqual(["is 7", "is 0"]);
  });

  it("refuses labels that are no class ids, or not among the classes of the probabilities", () => {
    const labelled = (labels: unknown, A2?: Matrix) => () => digitImages(X, { labels: labels as number[], A2 });
    expect(labelled("01")).toThrow("digitImages: labels is a string; expected an array of class ids");
    expect(labelled(null)).toThrow("digitImages: labels is null; expected an array of class ids");
    expect(labelled(1)).toThrow("digitImages: labels is a number; expected an array of class ids");
    expect(labelled({ length: "2" })).toThrow("digitImages: labels is an object; expected an array of class ids");
    expect(labelled(["0", "1"])).toThrow("digitImages: labels[0] is a string; expected a whole number of at least 0");
    expect(labelled([0, 0.5])).toThrow("digitImages: labels[1] is 0.5; expected a whole number of at least 0");
    expect(labelled([0, -1])).toThrow("digitImages: labels[1] is -1; expected a whole number of at least 0");
    expect(labelled([0, undefined])).toThrow("digitImages: labels[1] is undefined; expected a whole number");
    const A2 = Matrix.fromRows([
      [0.1, 0.9],
      [0.8, 0.2],
    ]);
    expect(labelled([1, 2], A2)).toThrow("digitImages: labels[1] is 2; expected a class id from 0 to 1");
    expect(labelled([1, 1], A2)).not.toThrow();
  });

  it.each(noCounts)("refuses %s columns", (columns) => {
    expect(() => digitImages(X, { columns })).toThrow(
      `digitImages: columns is ${columns}; expected a whole number of at least 1`,
    );
  });

  it("names pictures and probabilities that are no Matrix, and entries that are no numbers", () => {
    expect(() => digitImages(undefined as never)).toThrow(
      "digitImages: X is undefined; expected a Matrix of shape N×D",
    );
    expect(() => digitImages([[1, 2, 3, 4]] as never)).toThrow("digitImages: X is an array; expected a Matrix");
    expect(() => digitImages(X, { A2: null as never })).toThrow("digitImages: A2 is null; expected a Matrix");
    expect(() => digitImages(new Matrix(1, 4, Float64Array.of(0, 1, Number.NaN, 0)))).toThrow(
      "digitImages: X has NaN at row 0, column 2; expected finite numbers",
    );
    expect(() => digitImages(X, { A2: Matrix.fromRows([[0.5], [2]]) })).toThrow(
      "digitImages: A2 has 2 at row 1, column 0; expected probabilities from 0 to 1",
    );
  });
});

describe("worstMistakes", () => {
  it("shows the samples with the smallest probability of the true class, worst first", () => {
    const pictures = Matrix.generate(4, 4, (i) => (i + 1) / 4);
    const A2 = Matrix.fromRows([
      [0.6, 0.4],
      [0.1, 0.9],
      [0.7, 0.3],
      [0.99, 0.01],
    ]);
    const chart = worstMistakes(pictures, [0, 0, 1, 1], A2, { count: 3 });
    const shown = [...new Set(pixelsOf(drawn(chart)).map(({ value }) => value))];
    expect(shown).toEqual([4 / 4, 2 / 4, 3 / 4]);
    expect(chart.description).toContain("true classes: 1, 0, 1; most probable classes: 0, 1, 0");
  });

  const A2 = Matrix.fromRows([
    [0.6, 0.4],
    [0.1, 0.9],
  ]);

  it("refuses labels that are not one class id per row", () => {
    const labelled = (labels: unknown) => () => worstMistakes(X, labels as number[], A2);
    expect(labelled([0])).toThrow("worstMistakes: labels has 1 entries and X 2 rows; expected one per row");
    expect(labelled([0, 1, 1])).toThrow("worstMistakes: labels has 3 entries and X 2 rows; expected one per row");
    expect(labelled([7, 0])).toThrow("worstMistakes: labels[0] is 7; expected a class id from 0 to 1");
    expect(labelled([0, 2])).toThrow("worstMistakes: labels[1] is 2; expected a class id from 0 to 1");
    expect(labelled([0, -1])).toThrow("worstMistakes: labels[1] is -1; expected a class id from 0 to 1");
    expect(labelled([0, 0.5])).toThrow("worstMistakes: labels[1] is 0.5; expected a class id from 0 to 1");
    expect(labelled([0, "1"])).toThrow("worstMistakes: labels[1] is a string; expected a class id from 0 to 1");
    expect(labelled(undefined)).toThrow("worstMistakes: labels is undefined; expected an array of class ids");
  });

  it.each(noCounts)("refuses a count of %s and as many columns", (count) => {
    expect(() => worstMistakes(X, [0, 1], A2, { count })).toThrow(
      `worstMistakes: count is ${count}; expected a whole number of at least 1`,
    );
    expect(() => worstMistakes(X, [0, 1], A2, { columns: count })).toThrow(
      `worstMistakes: columns is ${count}; expected a whole number of at least 1`,
    );
  });

  it("names what is no Matrix, no square picture and no probability, also in rows that it would not show", () => {
    expect(() => worstMistakes(undefined as never, [0, 1], A2)).toThrow("worstMistakes: X is undefined; expected a");
    expect(() => worstMistakes(X, [0, 1], {} as never)).toThrow("worstMistakes: A2 is an object; expected a Matrix");
    expect(() => worstMistakes(Matrix.zeros(2, 5), [0, 1], A2)).toThrow("worstMistakes: X is 2×5; expected a square");
    expect(() =>
      worstMistakes(X, [0, 1], Matrix.fromRows([[1.5], [0.1]]).times(Matrix.fromRows([[1, 1]])), { count: 1 }),
    ).toThrow("worstMistakes: A2 has 1.5 at row 0, column 0; expected probabilities from 0 to 1");
  });
});

describe("weightImages", () => {
  it("shows column h of W1 as picture h, on a scale with 0 in the middle", () => {
    const W1 = new Random(1).normalMatrix(9, 3);
    const marks = drawn(weightImages(W1));
    for (let h = 0; h < 3; h++) {
      const values = pixelsOf(marks)
        .filter(({ tile }) => tile === h)
        .map(({ value }) => value);
      values.forEach((value, i) => {
        expect(value).toBeCloseTo(W1.get(i, h), 2);
      });
      expect(values).toHaveLength(9);
    }
    const domain = /"domain":\[(-[\d.]+),([\d.]+)\],"range":\[\{"expr":"theme_diverging/.exec(
      JSON.stringify(weightImages(W1).spec),
    )!;
    expect(Number(domain[1])).toBe(-Number(domain[2]));
  });

  it("shows no more units than asked, and refuses what is no square picture", () => {
    expect(wordsIn(weightImages(Matrix.zeros(4, 9), { count: 2 }))).toEqual(["unit 0", "unit 1"]);
    expect(() => weightImages(Matrix.zeros(5, 2))).toThrow(
      "weightImages: W1 is 5×2; expected a square number of pixels",
    );
  });

  it.each(noCounts)("refuses a count of %s and as many columns", (count) => {
    const W1 = Matrix.zeros(4, 2);
    expect(() => weightImages(W1, { count })).toThrow(
      `weightImages: count is ${count}; expected a whole number of at least 1`,
    );
    expect(() => weightImages(W1, { columns: count })).toThrow(
      `weightImages: columns is ${count}; expected a whole number of at least 1`,
    );
  });

  it("names weights that are no Matrix, and a weight that is no number", () => {
    expect(() => weightImages(undefined as never)).toThrow(
      "weightImages: W1 is undefined; expected a Matrix of shape D×H",
    );
    expect(() => weightImages(new Matrix(1, 2, Float64Array.of(1, Number.POSITIVE_INFINITY)))).toThrow(
      "weightImages: W1 has Infinity at row 0, column 1; expected finite numbers",
    );
  });
});
