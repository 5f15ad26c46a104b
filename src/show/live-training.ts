/** Training that shows its progress while it runs. */

import type { EpochRecord, Training } from "../train";
import { lossCurve } from "./charts/training";
import { liveDisplay } from "./display";

/** A chart more often than this would take time from training. */
const PAUSE = 250;

/**
 * Trains for so many epochs more, while the loss curve grows in place and a line says epoch, loss and the time that is left.
 *
 * Interrupt it (■ in JupyterLab) and `training` keeps every finished epoch: make `training` in one cell, and call this in the next.
 *
 * @param training a run; its `history` and `parameters` grow
 * @param epochs how many epochs more, a whole number
 * @param options `scale: "log"` for the loss axis
 */
export async function trainLive(
  training: Training,
  epochs: number,
  options: { scale?: "linear" | "log" } = {},
): Promise<void> {
  const chart = liveDisplay();
  const line = liveDisplay();
  const start = performance.now();
  const before = training.history.length;
  let shownAt = Number.NEGATIVE_INFINITY;
  const show = (words: string) => {
    chart.update(lossCurve(training.history, options));
    line.update(words);
    shownAt = performance.now();
  };
  show(progress(training.history[before - 1], "starting"));
  await training.runLive(epochs, (record) => {
    if (performance.now() - shownAt < PAUSE) return;
    const done = training.history.length - before;
    const left = ((performance.now() - start) / done) * (epochs - done);
    show(progress(record, `${Math.ceil(left / 1000)} s left`));
  });
  show(progress(training.history[training.history.length - 1], training.stopped ?? "done"));
}

function progress({ epoch, training, test }: EpochRecord, state: string): string {
  const score = (name: string, { loss, accuracy }: { loss: number; accuracy: number }) =>
    `${name} loss ${loss.toFixed(4)}, accuracy ${(100 * accuracy).toFixed(1)} %`;
  return [`epoch ${epoch}`, score("training", training), ...(test ? [score("test", test)] : []), state].join(" · ");
}
