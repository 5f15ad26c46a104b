/** How training runs went, epoch by epoch: what `train` recorded, as lines. Several runs go into one chart, by name. */
import { kindOf } from "../../matrix";
import { type Chart, spoken } from "./chart";
import { type LinesParts, lineChartOf } from "./lines";
import { epochsOf, linesOf, type Measure, type NamedRun, namedRuns, type Runs } from "./runs";
import { colours } from "./theme";

const SCALES = ["linear", "log"] as const;

/** The scale of an axis. */
export type Scale = (typeof SCALES)[number];

/**
 * Checks the scale of an axis.
 *
 * @param fn the function's name, for the message
 * @param scale "linear" or "log"
 * @throws RangeError `lossCurve: scale is "ln"; expected one of "linear", "log"`
 */
export function checkScale(fn: string, scale: Scale): void {
  if (SCALES.includes(scale)) return;
  const got = typeof scale === "string" ? JSON.stringify(scale) : kindOf(scale);
  throw new RangeError(`${fn}: scale is ${got}; expected one of ${SCALES.map((name) => `"${name}"`).join(", ")}`);
}

/**
 * The loss of the training and the test samples over the epochs.
 *
 * @param history from `train`; several by name share a chart: `{ "η = 0.1": a.history, "η = 1": b.history }`
 * @param options `scale: "log"` shows small losses apart
 * @throws if a history is empty or no array of records, or the scale is neither of the two:
 *   `lossCurve: scale is "ln"; expected one of "linear", "log"`
 */
export function lossCurve(history: Runs, { scale = "linear" }: { scale?: Scale } = {}): Chart {
  checkScale("lossCurve", scale);
  const runs = namedRuns("lossCurve", history);
  const classes = runs[0].history[0].weights?.b2.length;
  return lineChartOf({
    title: "Loss over the epochs",
    subtitle: hasTest(runs)
      ? "Training falls as long as the network learns; test says whether it learned what others share."
      : "It falls as long as the network learns.",
    what: `Loss over ${epochsOf(runs)}`,
    x: epochAxis,
    y: { title: "loss (mean cross-entropy, in nats)", log: scale === "log", zero: true },
    lines: linesOf(runs, trainingAndTest("loss")),
    guides: classes === undefined ? [] : [{ y: Math.log(classes), label: `ln ${classes}: no better than a guess` }],
  });
}

/**
 * The share of samples that the network gets right, over the epochs.
 *
 * @param history from `train`; several by name share a chart
 * @throws if a history is empty or no array of records
 */
export function accuracyCurve(history: Runs): Chart {
  const runs = namedRuns("accuracyCurve", history);
  return lineChartOf({
    title: "Accuracy over the epochs",
    subtitle: "The share of samples whose most probable class is the true one.",
    what: `Accuracy over ${epochsOf(runs)}`,
    x: epochAxis,
    y: { title: "accuracy (share of samples)", domain: [0, 1], format: ".1~%" },
    lines: linesOf(runs, trainingAndTest("accuracy")),
    say: percent,
  });
}

/**
 * The norms of the four gradients over the epochs, on a logarithmic axis; of several runs, those of the weights.
 *
 * @param history from `train`, at least one epoch; several by name share a chart
 * @throws if there is no epoch after epoch 0, or a history is no array of records
 */
export function gradientNorms(history: Runs): Chart {
  const runs = namedRuns("gradientNorms", history, 2);
  const names = runs.length > 1 ? (["W1", "W2"] as const) : (["W1", "b1", "W2", "b2"] as const);
  return lineChartOf({
    title: "Size of the gradients over the epochs",
    subtitle: "‖dW‖ is the root of the sum of squares, here the mean over an epoch’s batches.",
    what: `Gradient norms over ${epochsOf(runs)}`,
    x: epochAxis,
    y: { title: "gradient norm ‖∂loss/∂·‖", log: true },
    lines: linesOf(
      runs,
      names.map((name) => ({
        name: `‖d${name}‖`,
        of: (record) => record.gradientNorms?.[name],
        colour: colours[name],
        dashed: runs.length > 1 ? name === "W2" : name.startsWith("b"),
      })),
    ),
  });
}

/**
 * How far a step moves the weights relative to their size, log₁₀(‖η dW‖ / ‖W‖), over the epochs; about −3 is healthy.
 *
 * @param history from `train`, at least one epoch; several by name share a chart
 * @throws if there is no epoch after epoch 0, or a history is no array of records
 */
export function updateRatio(history: Runs): Chart {
  const runs = namedRuns("updateRatio", history, 2);
  const log = (ratio: number | null | undefined) =>
    ratio === undefined ? undefined : ratio ? Math.log10(ratio) : null;
  return lineChartOf({
    title: "Size of a step, relative to the weights",
    subtitle:
      "About −3, a thousandth of the weights’ size in a step, is a good speed for small batches and many steps; much above, the weights are thrown about.",
    what: `Logarithm of the update-to-data ratio over ${epochsOf(runs)}, with a guide at −3`,
    x: epochAxis,
    y: { title: "log₁₀(‖η dW‖ / ‖W‖)" },
    lines: linesOf(
      runs,
      (["W1", "W2"] as const).map((name) => ({
        name,
        of: (record) => log(record.updateRatios?.[name]),
        colour: colours[name],
        dashed: name === "W2",
      })),
    ),
    guides: [{ y: -3, label: "−3: a thousandth" }],
  });
}

/**
 * The share of hidden units that are off on all training samples, over the epochs.
 *
 * @param history from `train`; several by name share a chart
 * @throws if a history is empty or no array of records
 */
export function deadUnits(history: Runs): Chart {
  const runs = namedRuns("deadUnits", history);
  const most = runs.reduce((high, run) => run.history.reduce((a, b) => Math.max(a, b.deadUnits), high), 0);
  return lineChartOf({
    title: "Dead hidden units over the epochs",
    subtitle: "A unit is dead if it is off (A1 = 0) on all training samples: it gets no gradient, and stays as it is.",
    what: `Share of dead hidden units over ${epochsOf(runs)}`,
    x: epochAxis,
    // as high as it gets, in steps that one knows
    y: {
      title: "dead units (share of H)",
      domain: [0, [0.05, 0.1, 0.2, 0.5].find((top) => most <= 0.9 * top) ?? 1],
      format: ".1~%",
    },
    lines: linesOf(runs, [{ name: runs.length > 1 ? "" : "the share", of: (record) => record.deadUnits }]),
    say: percent,
    height: 180,
  });
}

const epochAxis: LinesParts["x"] = { title: "epoch (passes over the training samples)", whole: true };

function trainingAndTest(score: "loss" | "accuracy"): Measure[] {
  return [
    { name: "training", of: ({ training }) => training[score], colour: colours.training },
    { name: "test", of: ({ test }) => test?.[score], colour: colours.test, dashed: true },
  ];
}

function hasTest(runs: readonly NamedRun[]): boolean {
  return runs.some(({ history }) => history.some(({ test }) => test !== undefined));
}

function percent(share: number): string {
  return `${spoken(100 * share)} %`;
}
