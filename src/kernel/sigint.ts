/**
 * A thread that does nothing but hear SIGINT: entry point of `sigint.cjs`.
 *
 * Node tells JavaScript of a signal when the main thread comes back to its event loop, which a loop in a cell keeps it
 * from. But a script that is run by {@link guard} is stopped by the signal itself: here one that waits for nothing.
 *
 * Of several such scripts, in all threads, the one that began last is stopped. While learners' code runs under a guard
 * on the main thread it shall be that one. So a waiting script, once stopped, is not started again at once: the next
 * signal goes to the main thread, or if there is no guard now, to the script around the pause. And without any such
 * script a signal would end the process, for which reason there is one more around it all.
 */
import { parentPort } from "node:worker_threads";
import { guard } from "./guard";

/** Longer than the time between two signals of the switchboard, in ms. */
const PAUSE = 50;

const nothing = new Int32Array(new SharedArrayBuffer(4));

function untilSignal(action: () => void): void {
  try {
    guard(action);
  } catch {
    parentPort?.postMessage("SIGINT");
  }
}

function forever(action: () => void): void {
  for (;;) {
    action();
  }
}

forever(() =>
  untilSignal(() =>
    forever(() =>
      untilSignal(() =>
        forever(() => {
          untilSignal(() => Atomics.wait(nothing, 0, 0));
          Atomics.wait(nothing, 0, 0, PAUSE);
        }),
      ),
    ),
  ),
);
