import { describe, expect, it } from "vitest";
import { initialisationComparison } from "../../../src/show/charts";
import { run } from "./gallery";
import { drawn } from "./plotted";

describe("initialisationComparison", () => {
  it("draws the training loss of each run over its epochs", () => {
    const { history } = run;
    const lines = drawn(initialisationComparison({ large: history.slice(0, 2), he: history })).filter(
      ({ kind }) => kind === "line",
    );
    const lengths = lines.map(({ rows }) => [rows[0].series, rows.length]);
    expect(lengths.sort()).toEqual([
      [0, history.length],
      [1, 2],
    ]);
    for (const { x, value } of lines[0].rows as { x: number; value: number }[]) {
      expect(value).toBeCloseTo(history[x].training.loss, 4);
    }
  });

  it("refuses no runs at all", () => {
    expect(() => initialisationComparison({})).toThrow(
      "initialisationComparison: runs is empty; expected histories by scheme",
    );
    expect(() => initialisationComparison(undefined as never)).toThrow(
      "initialisationComparison: runs is undefined; expected histories by scheme",
    );
  });

  it("names a scheme that there is not, and a run without records", () => {
    expect(() => initialisationComparison({ he: run.history, He: run.history } as never)).toThrow(
      'initialisationComparison: runs has "He"; expected schemes among zeros, small, he, large',
    );
    expect(() => initialisationComparison({ he: run.history, zeros: [] })).toThrow(
      "initialisationComparison: runs.zeros has 0 records; expected that of a run, at least 1 records",
    );
  });
});
