/**
 * Looks at the memory of a Hub and all its learners, on a thread of its own: with a hundred processes a look takes seconds,
 * during which the learners' clients would not answer.
 */
import { once } from "node:events";
import { freemem, totalmem } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { familyOf, proportionalMemory } from "./processes.mjs";

/**
 * Memory when most was in use, in bytes.
 *
 * @typedef {object} Peak
 * @property {number} total
 * @property {number} hub the Hub and its proxy
 * @property {number[]} servers
 * @property {number[]} kernels
 */

/** Looks must not be what the machine is busy with: after each comes a pause of at least so many times its length. */
const pauses = 9;

export class MemoryWatch {
  #worker;

  /** @param {number} pid the Hub's */
  constructor(pid) {
    this.#worker = new Worker(new URL(import.meta.url), { workerData: { pid } });
  }

  /** Ends it. @returns {Promise<{ peak: Peak, leastFree: number }>} and the machine's free memory at its least */
  async stop() {
    this.#worker.postMessage("stop");
    const [seen] = await once(this.#worker, "message");
    await this.#worker.terminate();
    return seen;
  }
}

/** @param {number} pid @returns {Peak} */
function memoryOf(pid) {
  const all = familyOf(pid).map((process) => ({ ...process, memory: proportionalMemory(process.pid) }));
  /** @param {(process: typeof all[number]) => boolean} which */
  const of = (which) => all.filter(which).map(({ memory }) => memory);
  const sum = (/** @type {number[]} */ numbers) => numbers.reduce((total, number) => total + number, 0);
  return {
    total: sum(of(() => true)),
    hub: sum(of(({ learner }) => learner === undefined)),
    servers: of(({ kind }) => kind === "server"),
    kernels: of(({ kind }) => kind === "kernel"),
  };
}

/** @param {number} pid */
function watch(pid) {
  /** @type {Peak} */
  let peak = { total: 0, hub: 0, servers: [], kernels: [] };
  let leastFree = totalmem();
  const look = () => {
    const started = performance.now();
    const now = memoryOf(pid);
    if (now.total > peak.total) peak = now;
    leastFree = Math.min(leastFree, freemem());
    setTimeout(look, Math.max(1000, pauses * (performance.now() - started)));
  };
  look();
  parentPort?.once("message", () => parentPort?.postMessage({ peak, leastFree }));
}

// Tests may run on threads, too.
if (!isMainThread && typeof workerData?.pid === "number") watch(workerData.pid);
