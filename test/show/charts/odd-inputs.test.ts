/** Charts of what people really have: too little, too much, NaN, odd names. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { softmax } from "../../../src/forward";
import { Matrix } from "../../../src/matrix";
import type { Chart } from "../../../src/show/charts";
import * as charts from "../../../src/show/charts";
import { hasPlace } from "../../../src/show/charts/axis";
import { DISPLAY } from "../../../src/show/present";
import type { EpochRecord, History } from "../../../src/train";
import { run } from "./gallery";
import { drawn, wordsIn } from "./plotted";

/** Runs of a made-up network of 2 inputs, `hidden` units and 2 classes. */
function history(epochs: readonly number[], record: (epoch: number) => Partial<EpochRecord> = () => ({})): History {
  const weights = { W1: [1, 2, 3, 4], b1: [0, 0], W2: [1, -1, 2, -2], b2: [0, 0] };
  return epochs.map((epoch) => ({
    epoch,
    training: { loss: 1 / (epoch + 1), accuracy: 0.5 },
    ...(epoch > 0 && { gradientNorms: { W1: 1, b1: 1, W2: 1, b2: 1 }, updateRatios: { W1: 0.1, W2: 0.1 } }),
    deadUnits: 0,
    weights,
    ...record(epoch),
  }));
}

const upTo = (last: number) => Array.from({ length: last + 1 }, (_, epoch) => epoch);

/** The rows behind all marks of a kind. */
function rowsOf(chart: Chart, kind: string) {
  return drawn(chart)
    .filter((mark) => mark.kind === kind)
    .flatMap(({ rows }) => rows);
}

/** What the legend calls the lines. */
function legendWords(chart: Chart): string[] {
  const [, names] = /"labelExpr":"(\[.*?\])\[datum.value\]"/.exec(JSON.stringify(chart.spec)) ?? [];
  return JSON.parse(JSON.parse(`"${names}"`)).map((name: string) => name.replace("\u200a", ""));
}

/** Letters of everything that a notebook keeps of a chart. */
function size(chart: Chart): number {
  return JSON.stringify(chart[DISPLAY]()).length;
}

const dead = history(upTo(3), (epoch) => ({
  deadUnits: 1,
  ...(epoch > 0 && { gradientNorms: { W1: 0, b1: 0, W2: 0, b2: 0.1 }, updateRatios: { W1: null, W2: null } }),
}));
const odd = ["it's", 'say "hi"', "back\\slash", "__proto__", "constructor", "a.b[c]", "", "η = 1"];
const many = Array.from({ length: 60_000 }, (_, i) => Math.sin(i / 1000) + (i % 7) / 100);
const words = { title: "Some", value: "value", counted: "values" };

describe("too little", () => {
  it("one point of a line is a dot", () => {
    expect(rowsOf(charts.lineChart([3]), "symbol")).toMatchObject([{ x: 0, y: 3 }]);
    expect(charts.lineChart([3]).description).toBe("1 value: the line is 3.");
  });

  it("a run of epoch 0 alone is a dot for training", () => {
    expect(rowsOf(charts.lossCurve(history([0])), "symbol")).toMatchObject([{ x: 0, y: 1, series: 0 }]);
    expect(charts.lossCurve(history([0])).description).toBe("Loss over 0 epochs: training is 1.");
  });

  it.each([
    [1, [0, 1]],
    [2, [0, 1, 2]],
  ])("%s epochs have an axis of whole numbers, each once", (last, expected) => {
    const { layer } = charts.lossCurve(history(upTo(last))).spec as unknown as { layer: never[] };
    expect(JSON.stringify(layer)).toContain(`"values":${JSON.stringify(expected)}`);
  });

  it("a value between two gaps is a dot", () => {
    const chart = charts.lineChart([1, 2, Number.NaN, 5, Number.NaN, 7, 8]);
    expect(rowsOf(chart, "symbol")).toMatchObject([{ x: 3, y: 5 }]);
    expect(chart.description).toContain("Left out: 2 values that are NaN, infinite or beyond 10^±300.");
  });

  it("one dot, one bar", () => {
    expect(rowsOf(charts.scatter([[1, 2]]), "symbol")).toHaveLength(1);
    expect(charts.histogram([7]).description).toBe("Histogram. 1 value from 7 to 7, mean 7, standard deviation 0.");
  });

  it("nothing that can be drawn is said in the plot", () => {
    const chart = charts.lineChart([0, -1], { yScale: "log" });
    expect(wordsIn(chart)).toContain("There is no value that can be drawn.");
    expect(chart.description).toContain("the line has no value that can be drawn.");
  });
});

describe("epochs that are not evenly spaced", () => {
  const uneven = history([0, 1, 2, 5, 10, 100]);
  it("histograms open with the last snapshot, and go to each by its number", () => {
    const chart = charts.weightHistograms(uneven);
    expect(wordsIn(chart)).toEqual(["W1", "epoch 100", "W2", "epoch 100"]);
    expect(wordsIn(chart, { frame: 3 })).toEqual(["W1", "epoch 5", "W2", "epoch 5"]);
    expect(drawn(chart).filter(({ kind }) => kind === "rect")[0].rows.length).toBeGreaterThan(0);
  });

  it("columns of the heat map reach halfway to their neighbours", () => {
    const columns = rowsOf(charts.weightHeatMap(uneven), "rect").map(({ left, right }) => `${left} ${right}`);
    expect([...new Set(columns)]).toEqual(["-0.5 0.5", "0.5 1.5", "1.5 3.5", "3.5 7.5", "7.5 55", "55 145"]);
  });
});

describe("zeros and NaN on a logarithmic axis", () => {
  it("are left out and told, and all else is drawn", () => {
    const losses = [1, 0.1, 0, Number.NaN, 0.01];
    const chart = charts.lossCurve(
      history(upTo(4), (epoch) => ({ training: { loss: losses[epoch], accuracy: 0 } })),
      { scale: "log" },
    );
    expect(chart.description).toBe(
      "Loss over 4 epochs: training goes from 1 to 0.01. Left out: 1 value that is 0 or below, for which there is no logarithm; 1 value that is NaN, infinite or beyond 10^±300.",
    );
    expect(rowsOf(chart, "line").filter(({ value }) => value !== null)).toHaveLength(3);
  });

  it("so are they of dots, along both axes", () => {
    const chart = charts.scatter(
      [
        [1, 1],
        [0, 1],
        [1, Number.POSITIVE_INFINITY],
      ],
      { xScale: "log", yScale: "log" },
    );
    expect(rowsOf(chart, "symbol")).toHaveLength(1);
    expect(chart.description).toMatch(/1 value that is 0 or below.*1 value that is NaN, infinite or beyond 10/);
  });

  it("a histogram says how many it leaves out", () => {
    expect(charts.histogram([1, 2, Number.NaN, Number.NEGATIVE_INFINITY]).description).toContain(
      "Left out: 2 values that are NaN, infinite or beyond 10^±300.",
    );
  });
});

describe("a dead network", () => {
  it("is told in words", () => {
    expect(charts.gradientNorms(dead).description).toContain(
      "‖dW1‖ has no value that can be drawn, ‖db1‖ has no value that can be drawn, ‖dW2‖ has no value that can be drawn, ‖db2‖ goes from 0.1 to 0.1",
    );
    expect(charts.updateRatio(dead).description).toContain("W1 has no value that can be drawn, W2 has no value");
    expect(wordsIn(charts.updateRatio(dead))).toContain("There is no value that can be drawn.");
    expect(charts.deadUnits(dead).description).toContain("the share goes from 100 % to 100 %");
  });
});

describe("odd names", () => {
  it("are drawn and read as they are: lines, bars, dots", () => {
    const lists = Object.fromEntries(odd.map((name, k) => [name, [k, k + 1]]));
    expect(new Set(rowsOf(charts.lineChart(lists), "line").map(({ series }) => series))).toEqual(new Set(odd.keys()));
    for (const name of odd) expect(legendWords(charts.lineChart(lists))).toContain(name);
    expect(new Set(rowsOf(charts.histogram(lists), "area").map(({ name }) => name))).toEqual(new Set(odd));
    const dots = charts.scatter(
      odd.map((_, k) => [k, k]),
      { labels: odd },
    );
    expect(rowsOf(dots, "symbol").map(({ name }) => name)).toEqual(odd);
  });

  it("of matrices, runs and classes", () => {
    const values = Object.fromEntries(odd.map((name, k) => [name, [k, k + 1]]));
    for (const chart of [charts.histograms, charts.histogramHeatMap]) {
      expect(rowsOf(chart([{ epoch: 0, values }], words), "rect").length).toBeGreaterThan(odd.length);
    }
    const runs = Object.fromEntries(odd.map((name) => [name, history(upTo(2))]));
    expect(rowsOf(charts.lossCurve(runs), "line")).toHaveLength(3 * odd.length);
    const ids = odd.map((_, k) => k);
    expect(rowsOf(charts.confusionMatrix(ids, ids, odd), "rect").map(({ true: is }) => is)).toEqual(odd);
  });

  it("two of one name are refused", () => {
    expect(() => charts.confusionMatrix([0, 1], [0, 1], ["a", "a"])).toThrow('classNames has "a" at 0 and at 1');
    expect(() => charts.errorAgainstStep([1, 2].map((error) => ({ name: "x", points: [{ h: 1, error }] })))).toThrow(
      'series has "x" at 0 and at 1; expected different names',
    );
    const samples = {
      X: Matrix.fromRows([
        [0, 0],
        [1, 1],
      ]),
      Y: Matrix.fromRows([
        [1, 0],
        [0, 1],
      ]),
    };
    expect(() => charts.decisionBoundary(history([0]), samples, { classNames: ["a", "a"] })).toThrow(
      'decisionBoundary: classNames has "a" at 0 and at 1',
    );
  });
});

describe("values that differ by little", () => {
  const close = Array.from({ length: 20 }, (_, k) => 1e6 + k * 1e-6);
  it("are drawn from where they begin, and the axis says so", () => {
    const ys = rowsOf(charts.lineChart(close), "line").map(({ value }) => value as number);
    expect(ys[0]).toBe(0);
    expect(ys[19]).toBeCloseTo(1.9e-5, 9);
    expect(JSON.stringify(charts.lineChart(close).spec)).toContain("value, minus 1000000");
  });

  it("have bars that can be told apart", () => {
    for (const chart of [
      charts.histogram(close),
      charts.histograms([{ epoch: 0, values: { A: close } }], words),
      charts.histogramHeatMap([{ epoch: 0, values: { A: close } }], words),
    ]) {
      const widths = drawn(chart)
        .filter(({ kind }) => kind === "rect")
        .flatMap(({ items }) => items.map((item) => Math.abs((item.width as number) * (item.height as number))));
      expect(Math.max(...widths)).toBeGreaterThan(100);
      expect(JSON.stringify(chart.spec)).toContain("minus 1000000");
    }
  });

  it.each([1e-299, 1e299])("numbers of size %s are drawn", (unit) => {
    const chart = charts.histogram([-unit, 0, unit / 2, unit]);
    expect(rowsOf(chart, "area").reduce((sum, { counts }) => sum + (counts as number), 0)).toBe(4);
    expect(rowsOf(charts.lineChart([0, unit]), "line")).toHaveLength(2);
  });
});

describe("too much", () => {
  it("5,000 snapshots", () => {
    const long = history(upTo(4999));
    for (const chart of [charts.weightHistograms(long), charts.weightHeatMap(long)]) {
      expect(chart.description).toMatch(/, (40|100) of 5000 snapshots\./);
      expect(size(chart)).toBeLessThan(1e6);
    }
    expect(size(charts.lossCurve(long))).toBeLessThan(1e6);
  });

  it.each([
    ["60,000 points of a line", () => charts.lineChart(many), "of 60000 points are drawn"],
    ["60,000 dots", () => charts.scatter(many.map((y, x) => [x, y])), "2000 of 60000 dots are drawn"],
    ["60,000 values", () => charts.histogram(many), "60000 values from"],
    [
      "60,000 rows of a specification",
      () =>
        charts.chart({
          data: { values: many.map((y, x) => ({ x, y })) },
          mark: "point",
          encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
        }),
      "of 60000 rows are drawn, evenly chosen.",
    ],
    [
      "300 classes",
      () =>
        charts.confusionMatrix(
          many.map((_, i) => i % 300),
          many.map((_, i) => (i * i) % 300),
        ),
      "Confusion matrix of 60000 samples",
    ],
    [
      "60,000 samples in the plane",
      () =>
        charts.decisionBoundary(run.history, {
          X: Matrix.generate(60_000, 2, (i, j) => Math.cos(i * (j + 1))),
          Y: Matrix.generate(60_000, 2, (i, j) => (i % 2 === j ? 1 : 0)),
        }),
      "2000 of 60000 samples are drawn",
    ],
    [
      "1,000 pictures",
      () => charts.digitImages(Matrix.generate(1000, 64, (i, j) => (i * j) % 2)),
      "The first 60 of 1000",
    ],
    [
      "a hundred runs",
      () => charts.lossCurve(Object.fromEntries(many.slice(0, 100).map((_, k) => [`run ${k}`, history(upTo(500))]))),
      "points are drawn",
    ],
  ])("%s are at most a megabyte, and it is told", (_, chart, told) => {
    const made = chart();
    expect(size(made)).toBeLessThan(1e6);
    expect(made.description).toContain(told);
  });

  it("of a long line the highest and the lowest are kept", () => {
    const spiky = many.map((y, k) => (k === 31_234 ? 99 : k === 17 ? -99 : y));
    const values = rowsOf(charts.lineChart(spiky), "line").map(({ value }) => value as number);
    expect([Math.min(...values), Math.max(...values)]).toEqual([-99, 99]);
  });
});

describe("chart", () => {
  const bar = {
    data: { values: [{ a: "x", b: 28.123456789 }] },
    mark: "bar",
    encoding: { x: { field: "a", type: "nominal" }, y: { field: "b", type: "quantitative" } },
  };

  it("keeps a specification as it is, and adds theme, image and text", () => {
    const made = charts.chart({ title: "Mine", ...bar });
    expect(made.spec).toMatchObject(bar);
    expect(String(made)).toBe("Mine. Drawn as bar of a, b. 1 row.");
    expect(Object.keys(made[DISPLAY]())).toEqual([
      "application/vnd.vegalite.v5+json",
      "image/svg+xml",
      "image/png",
      "text/plain",
    ]);
    expect(charts.chart({ ...bar, description: "One bar" }).description).toBe("One bar.");
  });

  it.each([
    [{ ...bar, mark: "curve" }, 'spec.mark is "curve"; expected one of "'],
    [
      { ...bar, mark: { type: "bar", colour: "red" } },
      'spec.mark has the property "colour", which Vega-Lite does not know there',
    ],
    [{ ...bar, encodings: {} }, 'spec has the property "encodings", which Vega-Lite does not know there; expected'],
    [
      { ...bar, encoding: { x: { field: "a", type: "nominally" } } },
      'spec.encoding.x.type is "nominally"; expected one of "',
    ],
    [
      { ...bar, encoding: { xx: { field: "a" } } },
      'spec.encoding has the property "xx", which Vega-Lite does not know there',
    ],
    [{ data: bar.data, layer: [{ mark: "line" }, { mark: "lien" }] }, 'spec.layer[1].mark is "lien"; expected one of'],
    [{ ...bar, width: "wide" }, 'spec.width is "wide"; expected'],
    [{ data: bar.data, encoding: bar.encoding }, 'spec has no "mark"; expected one'],
    [{ ...bar, data: { url: "https://example.org/a.csv" } }, "nothing is loaded here, expected data: { values: […] }"],
  ])("says where a specification is wrong", (spec, message) => {
    expect(() => charts.chart(spec)).toThrow(`chart: ${message}`.replace("chart: nothing", "nothing"));
  });

  it.each([
    [undefined, "undefined"],
    ["bar", "a string"],
    [[bar], "an array"],
  ])("refuses %s", (spec, got) => {
    expect(() => charts.chart(spec as never)).toThrow(`chart: spec is ${got}; expected a Vega-Lite specification`);
  });
});

describe.each([
  ["", 1, []],
  [", many times", 20, ["slow"]],
] as const)("any numbers whatever%s", (_, times, tags) => {
  const number = fc.oneof(
    fc.double(),
    fc.constantFrom(0, -0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e-320, 1.7e308, -1.7e308),
    fc.integer({ min: -5, max: 5 }),
  );
  const name = fc.oneof(fc.string(), fc.constantFrom(...odd));
  const scale = fc.constantFrom("linear" as const, "log" as const);

  /** Draws without an error or a NaN in the picture, and tells no nonsense. */
  function holds(chart: Chart): void {
    const forms = chart[DISPLAY]();
    const svg = String(forms["image/svg+xml"])
      .replace(/aria-label="[^"]*"/, "")
      .replace(/>[^<]*</g, "><");
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(chart.description).not.toMatch(/undefined|\[object|null/);
    expect(JSON.stringify(forms).length).toBeLessThan(1e6);
  }

  it("lines: the text says the first and last value that are drawn", { tags: [...tags] }, () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.array(number, { minLength: 1, maxLength: 12 }), { minKeys: 1, maxKeys: 4 }),
        scale,
        (lists, yScale) => {
          const chart = charts.lineChart(lists, { yScale });
          holds(chart);
          const there = Object.values(lists).map((list) => list.filter((y) => hasPlace(y, { log: yScale === "log" })));
          const rows = rowsOf(chart, "line").filter(({ value }) => value !== null);
          expect(rows).toHaveLength(there.flat().length);
          const empty = there.filter((list) => list.length === 0).length;
          expect(chart.description.split("has no value that can be drawn").length - 1).toBeGreaterThanOrEqual(empty);
        },
      ),
      { numRuns: 6 * times, seed: 1 },
    );
  });

  it("histograms: every finite value is counted", { tags: [...tags] }, () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 30 }), (list) => {
        const finite = list.filter((y) => hasPlace(y, {}));
        if (finite.length === 0) return;
        const chart = charts.histogram(list);
        holds(chart);
        const counted = rowsOf(chart, "area").reduce((sum, { counts }) => sum + (counts as number), 0);
        expect(counted).toBe(finite.length);
        expect(chart.description).toContain(`${finite.length} value`);
      }),
      { numRuns: 6 * times, seed: 1 },
    );
  });

  it("dots: as many as the text says", { tags: [...tags] }, () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 12 }),
        scale,
        scale,
        (pairs, xScale, yScale) => {
          const chart = charts.scatter(pairs, { xScale, yScale });
          holds(chart);
          const said = Number(/^(\d+) dots?/.exec(chart.description)?.[1] ?? 0);
          expect(rowsOf(chart, "symbol")).toHaveLength(said);
        },
      ),
      { numRuns: 6 * times, seed: 1 },
    );
  });

  it("runs: every chart of a history", { tags: [...tags] }, () => {
    const record = fc.record({
      loss: number,
      accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
      norm: number,
      ratio: fc.oneof(number, fc.constant(null)),
      dead: fc.constantFrom(0, 0.03, 1),
    });
    const epochs = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(epochs, fc.array(record, { minLength: 9, maxLength: 9 }), scale, (list, records, lossScale) => {
        const sorted = [0, ...list.sort((a, b) => a - b)];
        const made = history(sorted, (epoch) => {
          const { loss, accuracy, norm, ratio, dead: deadUnits } = records[sorted.indexOf(epoch)];
          return {
            training: { loss, accuracy },
            deadUnits,
            ...(epoch > 0 && {
              gradientNorms: { W1: norm, b1: Math.abs(norm), W2: 1, b2: 0 },
              updateRatios: { W1: ratio, W2: ratio === null ? null : Math.abs(ratio) },
            }),
          };
        });
        holds(charts.lossCurve({ one: made, other: made }, { scale: lossScale }));
        for (const chart of [charts.accuracyCurve, charts.gradientNorms, charts.updateRatio, charts.deadUnits])
          holds(chart(made));
        holds(charts.weightHistograms(made));
        holds(charts.weightHeatMap(made));
      }),
      { numRuns: 2 * times, seed: 1 },
    );
  });

  it("frames of odd matrices", { tags: [...tags] }, () => {
    const finite = fc.oneof(
      fc.double({ min: -1e299, max: 1e299, noNaN: true }),
      fc.constantFrom(0, 1, 1e299, -1e299, 1e-320),
    );
    fc.assert(
      fc.property(
        name,
        fc.array(fc.array(finite, { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 4 }),
        (matrix, lists) => {
          const frames = lists.map((values, k) => ({ epoch: k * k, values: { [matrix]: values } }));
          for (const leaveOutZeros of [false, true]) holds(charts.histograms(frames, { ...words, leaveOutZeros }));
          holds(charts.histogramHeatMap(frames, words));
        },
      ),
      { numRuns: 3 * times, seed: 1 },
    );
  });

  it("matrices, pictures, classes and samples", { tags: [...tags] }, () => {
    const finite = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constantFrom(0, -0, 1, 1e-320, 1e-9, 123_456_789),
    );
    const four = fc.array(finite, { minLength: 4, maxLength: 4 });
    const ids = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(fc.array(four, { minLength: 1, maxLength: 5 }), ids, name, (rows, labels, text) => {
        const A = Matrix.fromRows(rows);
        const names = [text, "b", "b", "__proto__"];
        holds(charts.matrixHeatMap(A, { title: "A matrix", colNames: names, rowTitle: text, rowSums: true }));
        holds(charts.digitImages(A, { labels: rows.map((_, i) => i) }));
        holds(charts.weightImages(A.T.toMatrix()));
        holds(charts.confusionMatrix(labels, [...labels].reverse()));
        holds(charts.mentalModel({ logits: rows[0].map((z) => Math.max(-100, Math.min(z, 100))), trueClass: 1 }));
        const samples = {
          X: Matrix.generate(A.rows, 2, (i, j) => A.get(i, j)),
          Y: Matrix.generate(A.rows, 2, (i, j) => (i % 2 === j ? 1 : 0)),
        };
        const made = history([0, 3]);
        if (!text.includes("b")) holds(charts.decisionBoundary(made, samples, { classNames: [text, "b"] }));
        holds(charts.signalHistograms(made, samples));
      }),
      { numRuns: 2 * times, seed: 1 },
    );
  });

  it("pictures of equations", { tags: [...tags] }, () => {
    const size = fc.integer({ min: 1, max: 300 });
    const logits = fc.array(fc.double({ min: -300, max: 300, noNaN: true }), { minLength: 2, maxLength: 6 });
    const error = fc.record({ h: fc.double({ min: 1e-300, max: 1, noNaN: true }), error: number });
    fc.assert(
      fc.property(
        fc.record({ N: size, D: size, H: size, C: size }),
        logits,
        fc.double({ min: 1e-300, max: 1, noNaN: true }),
        fc.array(error, { minLength: 1, maxLength: 9 }),
        name,
        (sizes, Z2, p, points, text) => {
          const A2 = softmax(Matrix.fromRows([Z2]));
          holds(charts.networkDiagram(sizes));
          holds(charts.dependencyChain({ ...sizes, done: [text, "E8"] }));
          holds(charts.negativeLog(p));
          holds(charts.errorAgainstStep([{ name: text, points }]));
          holds(charts.jacobianSigns(A2));
          holds(charts.mentalModel({ logits: Z2, trueClass: 1 }));
          holds(charts.worstMistakes(Matrix.fromRows([[0, p, 1, Z2[0]]]), [1], A2));
          holds(charts.circuit("relu(x * y) + exp(x) * x", { x: Z2[0] / 100, y: p }));
          holds(charts.initialisationComparison({ he: history([0, 3]), zeros: dead }));
        },
      ),
      { numRuns: 2 * times, seed: 1 },
    );
  });
});
