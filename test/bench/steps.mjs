import { join } from "node:path";
import { label } from "./contestants.mjs";
import { converse } from "./conversation.mjs";
import { writeProblem } from "./problem.mjs";
import { rotated } from "./statistics.mjs";

/** The sizes that the tables name. */
export const sizes = {
  S: { N: 32, D: 64, H: 32, C: 10 },
  M: { N: 128, D: 784, H: 128, C: 10 },
  F: { N: 1797, D: 64, H: 32, C: 10, inputs: /** @type {const} */ ("digits") },
  R: { N: 1797, D: 64, H: 32, C: 10 },
};

const LEARNING_RATE = 0.1;

/** Everyone's first steps are not counted, for so many seconds. */
const WARM_UP = 1;

/** The losses before the first four steps may differ by so much, relative to the loss. */
const TOLERANCE = { float64: 1e-10, float32: 2e-5 };

/**
 * One contestant at one size.
 *
 * @typedef {object} Series
 * @property {string} name
 * @property {string} precision
 * @property {number} threads
 * @property {import("./problem.mjs").Size} size
 * @property {number[]} microseconds a step, round by round
 * @property {number} [bytes] how much the process's resident memory has grown
 */

/**
 * Has the contestants take steps in turn, after each was seen to compute the same losses as the first.
 *
 * @param {object} options
 * @param {readonly import("./contestants.mjs").Contestant[]} options.contestants
 * @param {readonly import("./problem.mjs").Size[]} options.sizes
 * @param {number} options.rounds
 * @param {number} options.seconds of every turn
 * @param {string} options.folder where the problems are put
 * @param {import("./problem.mjs").Digits} options.digits
 * @param {import("../../src/random").Random} options.random
 * @param {(line: string) => void} options.say
 * @returns {Promise<Series[]>}
 * @throws {Error} if one computes another loss
 */
export async function measureSteps({ contestants, sizes, rounds, seconds, folder, digits, random, say }) {
  /** @type {Series[]} */
  const results = [];
  for (const size of sizes) {
    const written = Object.entries(size).map(([name, value]) => `${name}=${value}`);
    say(`Training steps, ${written.join(" ")}: ${rounds} rounds`);
    const file = join(folder, "problem.bin");
    writeProblem(size, file, random, digits);
    const running = contestants.map((contestant) => ({
      contestant,
      conversation: converse(label(contestant), contestant.command, contestant.env),
      series: /** @type {Series} */ ({
        ...{ name: contestant.name, precision: contestant.precision, threads: contestant.threads },
        ...{ size, microseconds: /** @type {number[]} */ ([]) },
      }),
    }));
    try {
      await warmUp(running, { do: "load", ...size, file, learningRate: LEARNING_RATE });
      for (let round = 0; round < rounds; round++) {
        for (const { conversation, series } of rotated(running, round)) {
          series.microseconds.push((await conversation.ask({ do: "time", seconds })).microseconds);
        }
      }
    } finally {
      for (const { conversation } of running) conversation.end();
    }
    results.push(...running.map(({ series }) => series));
  }
  return results;
}

/**
 * Has everyone load the problem and take steps for a second (or a few, if they take longer), so that compilers have done their work.
 *
 * @param {readonly { contestant: import("./contestants.mjs").Contestant, conversation: import("./conversation.mjs").Conversation, series: Series }[]} running
 * @param {object} request
 */
async function warmUp(running, request) {
  /** @type {number[] | undefined} */
  let expected;
  for (const { contestant, conversation, series } of running) {
    const before = await conversation.ask({ do: "memory" });
    const { losses } = await conversation.ask(request);
    expected ??= losses;
    checkLosses(contestant, losses, /** @type {number[]} */ (expected));
    await conversation.ask({ do: "time", seconds: WARM_UP });
    series.bytes = (await conversation.ask({ do: "memory" })).bytes - before.bytes;
  }
}

/**
 * @param {import("./contestants.mjs").Contestant} contestant
 * @param {number[]} losses
 * @param {number[]} expected
 */
function checkLosses(contestant, losses, expected) {
  const tolerance = TOLERANCE[contestant.precision];
  const same =
    losses.length === expected.length && losses.every((loss, k) => Math.abs(loss / expected[k] - 1) < tolerance);
  if (!same) {
    throw new Error(`${label(contestant)} computes the losses ${losses.join(", ")}; expected ${expected.join(", ")}`);
  }
}
