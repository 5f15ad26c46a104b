/** One of every chart, for the checks that all of them must pass. */
import type { Chart } from "../../src/charts";
import * as charts from "../../src/charts";
import { initialise } from "../../src/initialise";
import { Random } from "../../src/random";
import { moons } from "../../src/synthetic";
import { train } from "../../src/train";

const random = new Random(1);

/** A short run on the two moons. */
export const run = train({
  data: moons(),
  test: moons({ seed: 2 }),
  parameters: initialise({ inputs: 2, hidden: 8, classes: 2, random }),
  random,
  epochs: 6,
  snapshotEvery: 2,
});

/** Every chart by name. */
export const gallery: Readonly<Record<string, Chart>> = {
  lossCurve: charts.lossCurve(run.history),
  "lossCurve on a log scale": charts.lossCurve(run.history, { scale: "log" }),
  "lossCurve without test": charts.lossCurve(run.history.map(({ test: _, ...record }) => record)),
  "lossCurve of epoch 0 alone": charts.lossCurve(run.history.slice(0, 1)),
  accuracyCurve: charts.accuracyCurve(run.history),
  gradientNorms: charts.gradientNorms(run.history),
  updateRatio: charts.updateRatio(run.history),
  deadUnits: charts.deadUnits(run.history),
  weightHistograms: charts.weightHistograms(run.history),
  "weightHistograms of epoch 0 alone": charts.weightHistograms(run.history.slice(0, 1)),
  weightHeatMap: charts.weightHeatMap(run.history),
};
