/** How activations and gradients are spread while a network learns. */
import { backward } from "../../backward";
import type { Samples } from "../../data/samples";
import { forward } from "../../forward";
import { checkMatrices, checkOneHot, checkShapes } from "../../shapes";
import { type History, parametersOf } from "../../train";
import type { Chart } from "./chart";
import { histograms } from "./histograms";
import { evenly, snapshotsIn } from "./snapshots";

/** More would take long to compute and make notebooks large. */
const MOST_FRAMES = 16;

/**
 * Histograms of A1, dZ1 and dW1 on some samples, with a slider for the epoch: what goes forward, what comes back, and what moves W1.
 * Exact zeros are left out, and their share is written in each plot: what remains is seen to shrink or to grow.
 *
 * @param history from `train`, with weight snapshots
 * @param samples X N×D and Y N×C; a hundred are enough
 * @throws if history is no array of records or none has a weight snapshot, X or Y is not a Matrix or has an entry that is NaN or
 *   infinite, Y is not one-hot, or shapes do not fit
 */
export function signalHistograms(history: History, samples: Samples): Chart {
  const snapshots = snapshotsIn("signalHistograms", history);
  checkMatrices("signalHistograms", "samples", samples, ["X", "Y"]);
  const { X, Y } = samples;
  checkShapes("signalHistograms(X, Y)", X, Y);
  checkOneHot("signalHistograms", "Y", Y);
  const frames = evenly(snapshots, MOST_FRAMES).map((record) => {
    const parameters = parametersOf(record);
    const cache = forward(X, parameters);
    const { dZ1, dW1 } = backward(X, Y, parameters, cache);
    return { epoch: record.epoch, values: { A1: cache.A1, dZ1, dW1 } };
  });
  return histograms(frames, {
    title: "What goes forward and what comes back",
    subtitle:
      "Activations A1, gradients dZ1 and dW1, without exact zeros. Blue: after the epoch of the slider. Grey outline: at first.",
    value: "value",
    counted: "entries",
    leaveOutZeros: true,
  });
}
