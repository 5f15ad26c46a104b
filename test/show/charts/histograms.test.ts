import { describe, expect, it } from "vitest";
import { histogramHeatMap, histograms, weightHeatMap, weightHistograms } from "../../../src/show/charts";
import { run } from "./gallery";
import { histogramsIn } from "./plotted";

describe.each([
  ["histograms", histograms],
  ["histogramHeatMap", histogramHeatMap],
] as const)("%s", (name, chart) => {
  const words = { title: "Some values", value: "value", counted: "values" };

  it("refuses no frames, a NaN and missing words under its own name", () => {
    const frames = [{ epoch: 3, values: { A: [1, Number.NaN] } }];
    expect(() => chart([], words)).toThrow(`${name}: frames is empty; expected at least one`);
    expect(() => chart(frames, words)).toThrow(`${name}: frames[0].values.A has NaN at entry 1`);
    expect(() => chart(frames, undefined as never)).toThrow(
      `${name}: words is undefined; expected { title, value, counted }, each a text`,
    );
    expect(() => chart(frames, { ...words, counted: 3 as never })).toThrow(`${name}: words.counted is a number`);
  });
});

describe.each([
  ["weightHistograms", weightHistograms],
  ["weightHeatMap", weightHeatMap],
] as const)("%s", (name, chart) => {
  const rows = histogramsIn(chart(run.history));

  it("counts every weight of every snapshot once, in the bin in which it lies", () => {
    const snapshots = run.history.filter((record) => record.weights);
    expect(rows).toHaveLength(2 * snapshots.length);
    for (const { epoch, weights } of snapshots) {
      for (const matrix of ["W1", "W2"] as const) {
        const row = rows.find((r) => r.epoch === epoch && r.panel === ["W1", "W2"].indexOf(matrix))!;
        expect(row.counts.reduce((a, b) => a + b)).toBe(weights![matrix].length);
        const bin = row.counts.findIndex((count) => count > 0);
        const least = Math.min(...weights![matrix]);
        expect(least).toBeGreaterThanOrEqual(row.start + bin * row.width - 1e-5);
        expect(least).toBeLessThan(row.start + (bin + 1) * row.width + 1e-5);
      }
    }
  });

  it.each(["W1", "W2"] as const)("says where an entry of %s is NaN in a snapshot", (matrix) => {
    const weights = { ...run.history[2].weights! };
    weights[matrix] = weights[matrix].map((weight, k) => (k === 3 ? Number.NaN : weight));
    const history = run.history.map((record, k) => (k === 2 ? { ...record, weights } : record));
    expect(() => chart(history)).toThrow(
      `${name}: history[2].weights.${matrix} has NaN at entry 3; expected finite numbers`,
    );
  });

  it("asks for snapshots where there are none", () => {
    const bare = run.history.map(({ weights: _, ...record }) => record);
    expect(() => chart(bare)).toThrow(
      `${name}: no record of history has weights; expected a run with snapshotEvery: 1`,
    );
  });
});
