import { describe, expect, it } from "vitest";
import { weightHeatMap, weightHistograms } from "../../src/charts";
import { binFrames } from "../../src/charts/histograms";
import { Matrix } from "../../src/matrix";
import { run } from "./gallery";
import { histogramsIn } from "./plotted";

describe("binFrames", () => {
  it("counts by hand-made numbers, with the same bins in all frames", () => {
    const frames = [
      { epoch: 0, values: { A: Matrix.fromRows([[0, 1, 1.5, 4]]) } },
      { epoch: 5, values: { A: [2, 2.1, 3.9] } },
    ];
    expect(binFrames("f", frames, 4)).toEqual([
      { epoch: 0, name: "A", start: 0, width: 1, counts: [1, 2, 0, 1] },
      { epoch: 5, name: "A", start: 0, width: 1, counts: [0, 0, 2, 1] },
    ]);
  });

  it("puts values that are all the same into one bin", () => {
    const [{ counts, start, width }] = binFrames("f", [{ epoch: 0, values: { A: [7, 7, 7] } }], 5);
    expect(counts.reduce((a, b) => a + b)).toBe(3);
    expect(counts.filter((count) => count > 0)).toEqual([3]);
    const bin = counts.indexOf(3);
    expect(start + bin * width).toBeLessThanOrEqual(7);
    expect(start + (bin + 1) * width).toBeGreaterThan(7);
  });

  it("refuses no frames at all", () => {
    expect(() => binFrames("histograms", [], 5)).toThrow("histograms: frames is empty; expected at least one");
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
        const row = rows.find((r) => r.epoch === epoch && r.name === matrix)!;
        expect(row.counts.reduce((a, b) => a + b)).toBe(weights![matrix].length);
        const bin = row.counts.findIndex((count) => count > 0);
        const least = Math.min(...weights![matrix]);
        expect(least).toBeGreaterThanOrEqual(row.start + bin * row.width - 1e-5);
        expect(least).toBeLessThan(row.start + (bin + 1) * row.width + 1e-5);
      }
    }
  });

  it("asks for snapshots where there are none", () => {
    const bare = run.history.map(({ weights: _, ...record }) => record);
    expect(() => chart(bare)).toThrow(
      `${name}: no record of history has weights; expected a run with snapshotEvery: 1`,
    );
  });
});
