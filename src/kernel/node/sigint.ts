/**
 * A thread that does nothing but hear SIGINT: entry point of `sigint.cjs`.
 *
 * Node tells JavaScript of a signal when the main thread comes back to its event loop, which a loop in a cell keeps it
 * from. But a script that is run by {@link guard} is stopped by the signal itself: here one that waits for nothing.
 *
 * Of several such scripts, in all threads, the one that began last is stopped. While learners' code runs under a guard
 * on the main thread it shall be that one. So a waiting script, once stopped, is not started again before the cell is done:
 * the next signal goes to the main thread, or if there is no guard now, to the script around the pause. The last of these
 * begins again at once, inside one more that no signal gets to: without any a signal would end the process.
 */
import { parentPort, workerData } from "node:worker_threads";
import { CELL } from "../core/protocol";
import { guard } from "./guard";
import { RunState, type SigintData } from "./protocol";

/** Longer than the time between two signals of the switchboard, in ms. */
const PAUSE = 50;

const state = new RunState((workerData as SigintData).shared);
const nothing = new Int32Array(new SharedArrayBuffer(4));

function untilSignal(action: () => void): void {
  try {
    guard(action);
  } catch {
    parentPort?.postMessage("SIGINT");
  }
}

function pause(): void {
  do {
    Atomics.wait(nothing, 0, 0, PAUSE);
  } while (state.phase === CELL);
}

/** Does `action` until a signal stops it, and then, after `between`, again, for ever. */
function again(action: () => void, between: () => void): void {
  for (;;) {
    untilSignal(action);
    between();
  }
}

const atOnce = () => {};
const wait = () => Atomics.wait(nothing, 0, 0);
const waitAfterPause = () => {
  pause();
  again(() => again(wait, pause), pause);
};
again(() => again(waitAfterPause, atOnce), atOnce);
