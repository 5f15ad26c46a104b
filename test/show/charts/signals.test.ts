import { describe, expect, it } from "vitest";
import { moons } from "../../../src/data/synthetic";
import { signalHistograms } from "../../../src/show/charts";
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

  it("refuses under its own name samples that are none", () => {
    const { X, Y } = moons({ perClass: 10 });
    const signals = (samples: unknown) => () => signalHistograms(run.history, samples as never);
    expect(signals(undefined)).toThrow("signalHistograms: samples is undefined; expected { X, Y }, each a Matrix");
    expect(signals({ X })).toThrow("signalHistograms: samples.Y is undefined; expected { X, Y }, each a Matrix");
    expect(signals({ X, Y: moons({ perClass: 11 }).Y })).toThrow(
      "signalHistograms: X is 20×2 and Y is 22×2; both need",
    );
    expect(signals({ X, Y: Y.scale(0.5) })).toThrow("signalHistograms: row 0 of Y is [0.5, 0]; expected one-hot");
  });
});
