import { describe, expect, it } from "vitest";
import { moons } from "../../../src/data/synthetic";
import {
  accuracyCurve,
  type Chart,
  deadUnits,
  decisionBoundary,
  gradientNorms,
  lossCurve,
  signalHistograms,
  updateRatio,
  weightHeatMap,
  weightHistograms,
} from "../../../src/show/charts";
import type { Part } from "../../../src/show/charts/chart";
import { run } from "./gallery";

const { history } = run;

/** What is drawn of each line: its points, by its name. */
function linesIn(chart: Chart): Record<string, [x: number, y: number][]> {
  const { data, layer } = chart.spec as unknown as { data: { values: Record<string, number>[] }; layer: Part[] };
  const legend = layer
    .map((part) => (part as { encoding?: Encoding }).encoding?.color?.legend)
    .find((l) => l !== undefined);
  const names: string[] = legend === null ? ["the share"] : JSON.parse(legend!.labelExpr.replace("[datum.value]", ""));
  return Object.fromEntries(
    names.map((name, k) => [
      name,
      data.values.filter((row) => `s${k}` in row).map((row): [number, number] => [row.x, row[`s${k}`]]),
    ]),
  );
}

interface Encoding {
  color?: { legend: { labelExpr: string } | null };
}

function plotted(value: number): number {
  return Number(value.toPrecision(6));
}

describe("the curves plot the history", () => {
  it.each([
    ["lossCurve", lossCurve(history), "loss"],
    ["accuracyCurve", accuracyCurve(history), "accuracy"],
  ] as const)("%s: training and test", (_, chart, score) => {
    expect(linesIn(chart)).toEqual({
      training: history.map((r) => [r.epoch, plotted(r.training[score])]),
      test: history.map((r) => [r.epoch, plotted(r.test![score])]),
    });
  });

  it("gradientNorms: the four norms, from epoch 1 on", () => {
    const trained = history.slice(1);
    expect(linesIn(gradientNorms(history))).toEqual(
      Object.fromEntries(
        (["W1", "b1", "W2", "b2"] as const).map((name) => [
          `‖d${name}‖`,
          trained.map((r) => [r.epoch, plotted(r.gradientNorms![name])]),
        ]),
      ),
    );
  });

  it("updateRatio: the decimal logarithms of the two ratios, none where the weights were 0", () => {
    const lines = linesIn(updateRatio(history));
    expect(lines.W1[2][1]).toBeCloseTo(Math.log10(history[3].updateRatios!.W1!), 5);
    expect(lines.W2[2][1]).toBeCloseTo(Math.log10(history[3].updateRatios!.W2!), 5);
    const atZero = history.map((record) => ({ ...record, updateRatios: { W1: null, W2: 0.001 } }));
    const chart = updateRatio(atZero);
    expect(linesIn(chart).W2[0]).toEqual([0, -3]);
    expect(chart.description).toContain("W1 has no value that can be drawn, W2 goes from −3 to −3");
  });

  it("deadUnits: the share of dead units, as high as it gets", () => {
    const some = history.map((record) => ({ ...record, deadUnits: record.epoch / 80 }));
    expect(linesIn(deadUnits(some))["the share"]).toEqual(some.map(({ epoch }) => [epoch, epoch / 80]));
    expect(JSON.stringify(deadUnits(some).spec)).toContain('"domain":[0,0.1]');
    expect(JSON.stringify(deadUnits(history.map((r) => ({ ...r, deadUnits: 1 }))).spec)).toContain('"domain":[0,1]');
  });
});

describe("several runs by name", () => {
  const runs = { "η = 0.1": history, "η = 1": history.slice(0, 3).map(({ test: _, ...record }) => record) };

  it.each([
    ["lossCurve", lossCurve(runs)],
    ["accuracyCurve", accuracyCurve(runs)],
  ])("share %s", (_, chart) => {
    const lines = linesIn(chart);
    expect(Object.keys(lines)).toEqual(["η = 0.1 · training", "η = 0.1 · test", "η = 1 · training"]);
    expect(lines["η = 1 · training"]).toEqual(lines["η = 0.1 · training"].slice(0, 3));
  });

  it("share the charts of norms, ratios and dead units", () => {
    expect(Object.keys(linesIn(gradientNorms(runs)))).toEqual([
      "η = 0.1 · ‖dW1‖",
      "η = 0.1 · ‖dW2‖",
      "η = 1 · ‖dW1‖",
      "η = 1 · ‖dW2‖",
    ]);
    expect(Object.keys(linesIn(updateRatio(runs)))).toHaveLength(4);
    expect(Object.keys(linesIn(deadUnits(runs)))).toEqual(["η = 0.1", "η = 1"]);
  });

  it("are refused if one is no history or there is none", () => {
    expect(() => lossCurve({})).toThrow("lossCurve: history is an object without a run; expected a history, or");
    expect(() => lossCurve({ a: history, b: [] })).toThrow('lossCurve: history["b"] has 0 records; expected that of');
  });
});

describe("lossCurve", () => {
  it("draws a guide at ln C, the loss of a guess", () => {
    expect(JSON.stringify(lossCurve(history).spec)).toContain(`{"y":${plotted(Math.log(2))},"words":"ln 2`);
  });

  it("says first and last losses in its alternative text", () => {
    const last = history[history.length - 1];
    expect(lossCurve(history).description).toContain(`to ${Number(last.training.loss.toPrecision(3))}`);
  });
});

describe("lossCurve with a scale that is none", () => {
  it.each([
    ["ln", '"ln"'],
    ["", '""'],
    ["Log", '"Log"'],
    [null, "null"],
    [true, "a boolean"],
  ])("names %s and the two that there are", (scale, got) => {
    expect(() => lossCurve(history, { scale: scale as never })).toThrow(
      `lossCurve: scale is ${got}; expected one of "linear", "log"`,
    );
  });
});

describe("a history that is none", () => {
  it.each([
    ["decisionBoundary", () => decisionBoundary(undefined as never, moons())],
    ["signalHistograms", () => signalHistograms(undefined as never, moons())],
    ["weightHistograms", () => weightHistograms(undefined as never)],
    ["weightHeatMap", () => weightHeatMap(undefined as never)],
  ])("is named by %s", (name, chart) => {
    expect(chart).toThrow(`${name}: history is undefined; expected that of a run, at least 1 records`);
  });

  it.each([lossCurve, accuracyCurve, deadUnits])("is refused", (curve) => {
    expect(() => curve([])).toThrow(/^\w+: history has 0 records; expected that of a run, at least 1 records$/);
    expect(() => curve("history" as never)).toThrow(/^\w+: history is a string; expected that of a run, at least 1/);
    expect(() => curve(undefined as never)).toThrow(/^\w+: history is undefined; expected that of a run/);
  });

  it.each([gradientNorms, updateRatio])("is refused if nothing was trained", (curve) => {
    expect(() => curve(history.slice(0, 1))).toThrow("history has 1 records; expected that of a run, at least 2");
  });
});
