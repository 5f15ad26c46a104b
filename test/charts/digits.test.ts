import { describe, expect, it } from "vitest";
import { digitImages, weightImages, worstMistakes } from "../../src/charts";
import { Matrix } from "../../src/matrix";
import { Random } from "../../src/random";
import { drawn, wordsIn } from "./plotted";

/** Two pictures of 2×2 pixels. */
const X = Matrix.fromRows([
  [0.25, 0.5, 0.75, 1],
  [1, 0, 0, 0.5],
]);

type Pixel = { tile: number; value: number; left: number; top: number; x: number; y: number };

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
    expect(() => digitImages(X, { A2: Matrix.zeros(3, 2) })).toThrow("digitImages: X is 2×4 and A2 is 3×2");
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
    const { spec } = weightImages(W1);
    const domain = JSON.stringify(spec).match(/"domain":\[(-[\d.]+),([\d.]+)\],"range":\["#a34700"/)!;
    expect(Number(domain[1])).toBe(-Number(domain[2]));
  });

  it("shows no more units than asked, and refuses what is no square picture", () => {
    expect(wordsIn(weightImages(Matrix.zeros(4, 9), { count: 2 }))).toEqual(["unit 0", "unit 1"]);
    expect(() => weightImages(Matrix.zeros(5, 2))).toThrow(
      "weightImages: W1 is 5×2; expected a square number of pixels",
    );
  });
});
