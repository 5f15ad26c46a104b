/** One of every chart, for the checks that all of them must pass. */

import { moons } from "../../../src/data/synthetic";
import { softmax } from "../../../src/forward";
import { initialise } from "../../../src/initialise";
import { Matrix } from "../../../src/matrix";
import { Random } from "../../../src/random";
import type { Chart } from "../../../src/show/charts";
import * as charts from "../../../src/show/charts";
import { train } from "../../../src/train";

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

/** Five pictures of 4×4 pixels, their classes and some probabilities. */
export const pictures = Matrix.generate(5, 16, (i, j) => ((i + 1) * j) % 17).scale(1 / 16);
export const labels = [0, 1, 2, 0, 1];
export const A2 = softmax(new Random(3).normalMatrix(5, 3));

/** Every chart by name. */
export const gallery: Readonly<Record<string, Chart>> = {
  lossCurve: charts.lossCurve(run.history),
  "lossCurve on a log scale": charts.lossCurve(run.history, { scale: "log" }),
  "lossCurve without test": charts.lossCurve(run.history.map(({ test: _, ...record }) => record)),
  "lossCurve of epoch 0 alone": charts.lossCurve(run.history.slice(0, 1)),
  "lossCurve of two runs": charts.lossCurve({ "η = 0.1": run.history, "η = 1": run.history.slice(0, 3) }),
  accuracyCurve: charts.accuracyCurve(run.history),
  gradientNorms: charts.gradientNorms(run.history),
  updateRatio: charts.updateRatio(run.history),
  deadUnits: charts.deadUnits(run.history),
  weightHistograms: charts.weightHistograms(run.history),
  "weightHistograms of epoch 0 alone": charts.weightHistograms(run.history.slice(0, 1)),
  weightHeatMap: charts.weightHeatMap(run.history),
  signalHistograms: charts.signalHistograms(run.history, moons({ perClass: 20 })),
  initialisationComparison: charts.initialisationComparison({ he: run.history, zeros: run.history.slice(0, 3) }),
  decisionBoundary: charts.decisionBoundary(run.history, moons()),
  digitImages: charts.digitImages(pictures),
  "digitImages with labels and probabilities": charts.digitImages(pictures, { labels, A2 }),
  worstMistakes: charts.worstMistakes(pictures, labels, A2, { count: 3 }),
  weightImages: charts.weightImages(random.normalMatrix(64, 32)),
  confusionMatrix: charts.confusionMatrix(labels, [0, 1, 1, 0, 2]),
  negativeLog: charts.negativeLog(0.2),
  "negativeLog of 1": charts.negativeLog(1),
  errorAgainstStep: charts.errorAgainstStep([
    { name: "one-sided", points: [1e-8, 1e-4, 1e-2].map((h) => ({ h, error: h + 1e-16 / h })) },
    { name: "central", points: [1e-8, 1e-4].map((h) => ({ h, error: h * h + 1e-16 / h })) },
  ]),
  matrixHeatMap: charts.matrixHeatMap(Matrix.fromRows([[0.5, -2, 0]]), { title: "A matrix", rowSums: true }),
  jacobianSigns: charts.jacobianSigns(Matrix.fromRows([[0.7, 0.2, 0.1]])),
  mentalModel: charts.mentalModel({ logits: [2, 1, 0.1], trueClass: 0 }),
  "mentalModel of 6 classes": charts.mentalModel({ logits: [2, 1, 0.1, -9, 30, 0], trueClass: 3 }),
  networkDiagram: charts.networkDiagram({ D: 64, H: 32, C: 10 }),
  "networkDiagram of few units": charts.networkDiagram({ D: 1, H: 3, C: 2 }),
  dependencyChain: charts.dependencyChain({ N: 5, D: 3, H: 4, C: 2 }),
  "dependencyChain with ticks": charts.dependencyChain({ N: 5, D: 3, H: 4, C: 2, done: ["E1", "E8", "E10"] }),
  mapWalk: charts.mapWalk(),
  circuit: charts.circuit("(x + y) * z", { x: 2, y: -1, z: 3 }),
  "circuit of a neuron": charts.circuit("-ln(sigma(relu(w * x + b)))", { w: 1.5, x: 2, b: -1 }),
  histogram: charts.histogram([1, 2, 2.5, 3, 7]),
  "histogram of two": charts.histogram({ W1: run.parameters.W1, W2: run.parameters.W2 }, { value: "weight" }),
  lineChart: charts.lineChart({ mine: [1, 2, 3], theirs: [3, 2, 4] }, { yTitle: "loss" }),
  scatter: charts.scatter(moons().X, { labels: moons().labels }),
  chart: charts.chart({
    data: { values: [{ learningRate: 0.1, accuracy: 0.9 }] },
    mark: "bar",
    encoding: { x: { field: "learningRate", type: "nominal" }, y: { field: "accuracy", type: "quantitative" } },
  }),
};
