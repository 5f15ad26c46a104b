/** Node's timers, which become the cell's that sets them. */
import type { TimerOptions } from "node:timers";
import timersPromises from "node:timers/promises";
import { promisify } from "node:util";
import type { Cells } from "../core/cell";

/** Replaces Node's timers by ones that belong to the cell that sets them. */
export function installTimers(cells: Cells): void {
  cells.installTimer("setTimeout", clearTimeout, false);
  cells.installTimer("setInterval", clearInterval, true);
  cells.installTimer("setImmediate", clearImmediate, false);
  cells.installTask(globalThis, "queueMicrotask");
  cells.installTask(process, "nextTick");
  const { setTimeout, setImmediate } = globalThis;
  Object.assign(setTimeout, {
    [promisify.custom]: (ms: number, value: unknown) => new Promise((done) => setTimeout(done, ms, value)),
  });
  Object.assign(setImmediate, {
    [promisify.custom]: (value: unknown) => new Promise((done) => setImmediate(done, value)),
  });
  const { setTimeout: wait } = timersPromises;
  // A promise of Node's own, and then a timer of the cell's, so that a loop of these can be stopped.
  timersPromises.setTimeout = async <T = void>(ms?: number, value?: T, options?: TimerOptions): Promise<T> => {
    const cell = cells.current;
    await wait(ms, undefined, options);
    const again = (done: (value: T) => void) => setImmediate(done, value as T);
    return new Promise((done) => (cell ? cells.within(cell, () => again(done)) : again(done)));
  };
}
