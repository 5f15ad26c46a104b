import { describe, expect, it } from "vitest";
import { signalHistograms } from "../../src/charts";
import { moons } from "../../src/synthetic";
import { run } from "./gallery";
import { histogramsIn } from "./plotted";

describe("signalHistograms", () => {
  it("counts every entry of A1, dZ1 and dW1 after each snapshot", () => {
    const samples = moons({ perClass: 10 });
    const rows = histogramsIn(signalHistograms(run.history, samples));
    const size = { A1: 20 * 8, dZ1: 20 * 8, dW1: 2 * 8 };
    expect(rows.map(({ epoch, name }) => `${name} ${epoch}`)).toEqual(
      Object.keys(size).flatMap((name) => [0, 2, 4, 6].map((epoch) => `${name} ${epoch}`)),
    );
    for (const { name, counts } of rows) expect(counts.reduce((a, b) => a + b)).toBe(size[name as keyof typeof size]);
  });
});
