/**
 * A thread that does nothing but hear SIGINT: entry point of `sigint.cjs`.
 *
 * Node tells JavaScript of a signal when the main thread comes back to its event loop, which a loop in a cell keeps it
 * from. But a script started with `breakOnSigint` is stopped by the signal itself: here one that waits for nothing.
 * (While a cell's code is running on the main thread, the signal goes to the script there, which began later.)
 */
import { Script } from "node:vm";
import { parentPort } from "node:worker_threads";

const wait = new Script("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)");
for (;;) {
  try {
    wait.runInThisContext({ breakOnSigint: true });
  } catch {
    parentPort?.postMessage("SIGINT");
  }
}
