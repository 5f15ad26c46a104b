import { describe, expect, it } from "vitest";
import { moons } from "../../../src/data/synthetic";
import { forward } from "../../../src/forward";
import { signalHistograms } from "../../../src/show/charts";
import { parametersOf } from "../../../src/train";
import { run } from "./gallery";
import { histogramsIn } from "./plotted";

describe("signalHistograms", () => {
  it("counts every entry of A1, dZ1 and dW1 after each snapshot, exact zeros in words", () => {
    const samples = moons({ perClass: 10 });
    const rows = histogramsIn(signalHistograms(run.history, samples));
    const size = { A1: 20 * 8, dZ1: 20 * 8, dW1: 2 * 8 };
    const names = Object.keys(size) as (keyof typeof size)[];
    expect(rows.map(({ epoch, panel }) => `${names[panel]} ${epoch}`)).toEqual(
      names.flatMap((name) => [0, 2, 4, 6].map((epoch) => `${name} ${epoch}`)),
    );
    for (const { panel, counts, label } of rows) {
      const all = size[names[panel]];
      const counted = counts.reduce((a, b) => a + b);
      const share = Number(((100 * (all - counted)) / all).toPrecision(3));
      expect(label.split("\n")[1]).toBe(`${share} % are 0`);
    }
    const { Z1 } = forward(samples.X, parametersOf(run.history[6]));
    const a1 = rows.find(({ panel, epoch }) => panel === 0 && epoch === 6)!;
    expect(a1.counts.reduce((a, b) => a + b)).toBe(Z1.data.filter((z) => z > 0).length);
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
