/**
 * A contestant's side of the conversation, one line of JSON in, one line out:
 *
 *     {"do":"load", …}             → {"losses": […]}       before the first step and before each of the next
 *     {"do":"time","seconds":0.2}  → {"microseconds": …}   a step's median
 *     {"do":"memory"}              → {"bytes": …}          the process's resident memory
 *     {"do":"learn", …}            → {"seconds": …, …}     until so many of the test samples are right
 */
import { createInterface } from "node:readline";
import { readProblem } from "./problem.mjs";
import { median } from "./statistics.mjs";

/** So many losses are compared. */
const CHECKED = 4;

/** @typedef {(count: number) => number} Steps */

/**
 * Answers until standard input ends.
 *
 * @param {(problem: import("./problem.mjs").Problem) => Steps | Promise<Steps>} makeSteps makes what takes so many training steps,
 *   and returns the loss before the update of the last one
 * @param {(request: any) => object} [learn]
 */
export async function contest(makeSteps, learn) {
  /** @type {Steps} */
  let steps = () => Number.NaN;
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    let answer = {};
    if (request.do === "load") {
      steps = await makeSteps(readProblem(request));
      answer = { losses: Array.from({ length: CHECKED }, () => steps(1)) };
    }
    if (request.do === "time") answer = { microseconds: timed(steps, request.seconds) };
    if (request.do === "memory") answer = { bytes: process.memoryUsage.rss() };
    if (request.do === "learn") answer = learn?.(request) ?? {};
    console.log(JSON.stringify(answer));
  }
}

/**
 * The median time of a step, in microseconds: of some twenty batches of steps, each timed as a whole, so that a batch that
 * the machine interrupted does not count.
 *
 * @param {Steps} steps
 * @param {number} seconds at least so long
 */
function timed(steps, seconds) {
  const times = [];
  const start = performance.now();
  let [began, batch] = [start, 2];
  for (;;) {
    steps(batch);
    const now = performance.now();
    times.push((1000 * (now - began)) / batch);
    if (now - start >= 1000 * seconds) return median(times);
    if (now - began < 50 * seconds) {
      batch *= 2;
      times.length = 0;
    }
    began = performance.now();
  }
}

/**
 * Steps of which each is taken by a call.
 *
 * @param {() => number} step returns the loss before its update
 * @returns {Steps}
 */
export function oneByOne(step) {
  return (count) => {
    let loss = Number.NaN;
    for (let k = 0; k < count; k++) loss = step();
    return loss;
  };
}
