/** How a training run went, epoch by epoch: what `train` recorded, as lines. */
import { kindOf } from "../../matrix";
import type { EpochRecord, History } from "../../train";
import { checkHistory } from "./arguments";
import { type Chart, spoken } from "./chart";
import { lines } from "./lines";
import { colours } from "./theme";

const SCALES = ["linear", "log"] as const;

/**
 * The loss of the training and the test samples over the epochs.
 *
 * @param history from `train`
 * @param options `scale: "log"` shows small losses apart
 * @throws if the history is empty or no array of records, or the scale is neither of the two:
 *   `lossCurve: scale is "ln"; expected one of "linear", "log"`
 */
export function lossCurve(history: History, { scale = "linear" }: { scale?: "linear" | "log" } = {}): Chart {
  if (!SCALES.includes(scale)) {
    const known = SCALES.map((name) => `"${name}"`).join(", ");
    const got = typeof scale === "string" ? JSON.stringify(scale) : kindOf(scale);
    throw new RangeError(`lossCurve: scale is ${got}; expected one of ${known}`);
  }
  const [first, last] = ends("lossCurve", history);
  const hasTest = last.test !== undefined;
  const classes = first.weights?.b2.length;
  return lines({
    title: "Loss over the epochs",
    subtitle: hasTest
      ? "Training falls as long as the network learns; test says whether it learned what others share."
      : "It falls as long as the network learns.",
    description: `Loss over ${epochs(last)}: training goes from ${spoken(first.training.loss)} to ${spoken(last.training.loss)}${
      first.test && last.test ? `, test from ${spoken(first.test.loss)} to ${spoken(last.test.loss)}` : ""
    }.`,
    rows: history.map(({ epoch, training, test }) => ({
      epoch,
      training: training.loss,
      ...(test && { test: test.loss }),
    })),
    x: epochAxis,
    y: { title: "loss (mean cross-entropy, in nats)", log: scale === "log" },
    series: trainingAndTest(hasTest),
    guides: classes === undefined ? [] : [{ y: Math.log(classes), label: `ln ${classes}: no better than a guess` }],
  });
}

/**
 * The share of samples that the network gets right, over the epochs.
 *
 * @param history from `train`
 * @throws if the history is empty or no array of records
 */
export function accuracyCurve(history: History): Chart {
  const [first, last] = ends("accuracyCurve", history);
  const hasTest = last.test !== undefined;
  return lines({
    title: "Accuracy over the epochs",
    subtitle: "The share of samples whose most probable class is the true one.",
    description: `Accuracy over ${epochs(last)}: training goes from ${percent(first.training.accuracy)} to ${percent(last.training.accuracy)}${
      first.test && last.test ? `, test from ${percent(first.test.accuracy)} to ${percent(last.test.accuracy)}` : ""
    }.`,
    rows: history.map(({ epoch, training, test }) => ({
      epoch,
      training: training.accuracy,
      ...(test && { test: test.accuracy }),
    })),
    x: epochAxis,
    y: { title: "accuracy (share of samples)", domain: [0, 1], format: ".1~%" },
    series: trainingAndTest(hasTest),
  });
}

/**
 * The norms of the four gradients over the epochs, on a logarithmic axis.
 *
 * @param history from `train`, at least one epoch
 * @throws if there is no epoch after epoch 0, or the history is no array of records
 */
export function gradientNorms(history: History): Chart {
  const [, last] = ends("gradientNorms", history, 2);
  const trained = history.filter((record) => record.gradientNorms !== undefined);
  return lines({
    title: "Size of the gradients over the epochs",
    subtitle: "‖dW‖ is the root of the sum of squares, here the mean over an epoch's batches.",
    description: `Gradient norms over ${epochs(last)}: ${(["W1", "b1", "W2", "b2"] as const)
      .map((name) => `‖d${name}‖ ends at ${spoken(last.gradientNorms?.[name] ?? Number.NaN)}`)
      .join(", ")}.`,
    rows: trained.map(({ epoch, gradientNorms: norms }) => ({ epoch, ...norms })),
    x: epochAxis,
    y: { title: "gradient norm ‖∂loss/∂·‖", log: true },
    series: (["W1", "b1", "W2", "b2"] as const).map((field) => ({
      field,
      name: `‖d${field}‖`,
      colour: colours[field],
      dashed: field.startsWith("b"),
    })),
  });
}

/**
 * How far a step moves the weights relative to their size, log₁₀(‖η dW‖ / ‖W‖), over the epochs; about −3 is healthy.
 *
 * @param history from `train`, at least one epoch
 * @throws if there is no epoch after epoch 0, or the history is no array of records
 */
export function updateRatio(history: History): Chart {
  const [, last] = ends("updateRatio", history, 2);
  const log = (ratio: number | null | undefined) => (ratio ? Math.log10(ratio) : null);
  return lines({
    title: "Size of a step, relative to the weights",
    subtitle:
      "About −3, a thousandth of the weights' size in a step, is a good speed for small batches and many steps; much above, the weights are thrown about.",
    description: `Logarithm of the update-to-data ratio over ${epochs(last)}: W1 ends at ${spoken(log(last.updateRatios?.W1) ?? Number.NaN)}, W2 at ${spoken(log(last.updateRatios?.W2) ?? Number.NaN)}; the guide is at −3.`,
    rows: history
      .filter((record) => record.updateRatios !== undefined)
      .map(({ epoch, updateRatios }) => ({ epoch, W1: log(updateRatios?.W1), W2: log(updateRatios?.W2) })),
    x: epochAxis,
    y: { title: "log₁₀(‖η dW‖ / ‖W‖)", zero: false },
    series: [
      { field: "W1", name: "W1", colour: colours.W1 },
      { field: "W2", name: "W2", colour: colours.W2, dashed: true },
    ],
    guides: [{ y: -3, label: "−3: a thousandth" }],
  });
}

/**
 * The share of hidden units that are off on all training samples, over the epochs.
 *
 * @param history from `train`
 * @throws if the history is empty or no array of records
 */
export function deadUnits(history: History): Chart {
  const [first, last] = ends("deadUnits", history);
  return lines({
    title: "Dead hidden units over the epochs",
    subtitle: "A unit is dead if it is off (A1 = 0) on all training samples: it gets no gradient, and stays as it is.",
    description: `Share of dead hidden units over ${epochs(last)}: from ${percent(first.deadUnits)} to ${percent(last.deadUnits)}.`,
    rows: history.map(({ epoch, deadUnits: share }) => ({ epoch, dead: share })),
    x: epochAxis,
    y: { title: "dead units (share of H)", domain: [0, 1], format: ".1~%" },
    series: [{ field: "dead", name: "dead hidden units" }],
    height: 180,
  });
}

const epochAxis = { field: "epoch", title: "epoch (passes over the training samples)", whole: true } as const;

function trainingAndTest(hasTest: boolean) {
  const training = { field: "training", name: "training", colour: colours.training };
  return hasTest ? [training, { field: "test", name: "test", colour: colours.test, dashed: true }] : [training];
}

/** The first and the last record of a history that has at least `least` of them. */
function ends(fn: string, history: History, least = 1): [EpochRecord, EpochRecord] {
  checkHistory(fn, "history", history, least);
  return [history[0], history[history.length - 1]];
}

function epochs({ epoch }: EpochRecord): string {
  return epoch === 1 ? "1 epoch" : `${epoch} epochs`;
}

function percent(share: number): string {
  return `${spoken(100 * share)} %`;
}
