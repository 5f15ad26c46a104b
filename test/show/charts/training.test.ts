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
import { run } from "./gallery";

const { history } = run;

function rowsOf(chart: Chart): Record<string, number>[] {
  return (chart.spec as unknown as { data: { values: Record<string, number>[] } }).data.values;
}

function plotted(value: number): number {
  return Number(value.toPrecision(6));
}

describe("the curves plot the history", () => {
  it("lossCurve: the losses of training and test", () => {
    expect(rowsOf(lossCurve(history))).toEqual(
      history.map((r) => ({ epoch: r.epoch, training: plotted(r.training.loss), test: plotted(r.test!.loss) })),
    );
  });

  it("accuracyCurve: the accuracies of training and test", () => {
    expect(rowsOf(accuracyCurve(history))).toEqual(
      history.map((r) => ({ epoch: r.epoch, training: plotted(r.training.accuracy), test: plotted(r.test!.accuracy) })),
    );
  });

  it("gradientNorms: the four norms, from epoch 1 on", () => {
    expect(rowsOf(gradientNorms(history))).toEqual(
      history.slice(1).map(({ epoch, gradientNorms: norms }) => ({
        epoch,
        W1: plotted(norms!.W1),
        b1: plotted(norms!.b1),
        W2: plotted(norms!.W2),
        b2: plotted(norms!.b2),
      })),
    );
  });

  it("updateRatio: the decimal logarithms of the two ratios, none where the weights were 0", () => {
    const rows = rowsOf(updateRatio(history));
    expect(rows[2].W1).toBeCloseTo(Math.log10(history[3].updateRatios!.W1!), 5);
    expect(rows[2].W2).toBeCloseTo(Math.log10(history[3].updateRatios!.W2!), 5);
    const atZero = history.map((record) => ({ ...record, updateRatios: { W1: null, W2: 0.001 } }));
    expect(rowsOf(updateRatio(atZero))[0]).toEqual({ epoch: 0, W1: null, W2: -3 });
  });

  it("deadUnits: the share of dead units", () => {
    const some = history.map((record) => ({ ...record, deadUnits: record.epoch / 8 }));
    expect(rowsOf(deadUnits(some))).toEqual(some.map(({ epoch }) => ({ epoch, dead: epoch / 8 })));
  });
});

describe("lossCurve", () => {
  it("draws a guide at ln C, the loss of a guess", () => {
    expect(JSON.stringify(lossCurve(history).spec)).toContain(`{"y":${plotted(Math.log(2))},"label":"ln 2`);
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
    expect(() => curve({} as never)).toThrow(/^\w+: history is an object; expected that of a run, at least 1 records$/);
    expect(() => curve(undefined as never)).toThrow(/^\w+: history is undefined; expected that of a run/);
  });

  it.each([gradientNorms, updateRatio])("is refused if nothing was trained", (curve) => {
    expect(() => curve(history.slice(0, 1))).toThrow("history has 1 records; expected that of a run, at least 2");
  });
});
