import { readFileSync, writeFileSync } from "node:fs";

/**
 * N samples, D inputs, H hidden units, C classes.
 *
 * @typedef {{ N: number, D: number, H: number, C: number }} Size
 */

/**
 * What every contestant is given, row after row.
 *
 * @typedef {Size & { learningRate: number } & Record<"X" | "Y" | "W1" | "b1" | "W2" | "b2", Float64Array>} Problem
 */

/**
 * Samples and first parameters of a size, written to a file of float64 numbers: X, Y, W1, b1, W2, b2.
 *
 * @param {Size} size
 * @param {string} file
 * @param {import("../../src/random").Random} random
 */
export function writeProblem({ N, D, H, C }, file, random) {
  const normal = (/** @type {number} */ count, /** @type {number} */ deviation) =>
    Array.from({ length: count }, () => deviation * random.normal());
  const Y = new Array(N * C).fill(0);
  for (let i = 0; i < N; i++) Y[i * C + random.integer(0, C - 1)] = 1;
  const W1 = normal(D * H, Math.sqrt(2 / D));
  const W2 = normal(H * C, Math.sqrt(2 / H));
  const numbers = [normal(N * D, 1), Y, W1, new Array(H).fill(0), W2, new Array(C).fill(0)].flat();
  writeFileSync(file, new Uint8Array(Float64Array.from(numbers).buffer));
}

/**
 * @param {Size & { learningRate: number, file: string }} request
 * @returns {Problem}
 */
export function readProblem({ N, D, H, C, learningRate, file }) {
  const bytes = readFileSync(file);
  const numbers = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  let taken = 0;
  const next = (/** @type {number} */ count) => {
    taken += count;
    return numbers.slice(taken - count, taken);
  };
  const [X, Y, W1, b1, W2, b2] = [N * D, N * C, D * H, H, H * C, C].map(next);
  return { N, D, H, C, learningRate, X, Y, W1, b1, W2, b2 };
}
