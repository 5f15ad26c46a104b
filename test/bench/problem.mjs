import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/**
 * N samples, D inputs, H hidden units, C classes. The inputs are random numbers, or the pixels of all digits.
 *
 * @typedef {{ N: number, D: number, H: number, C: number, inputs?: "digits" }} Size
 */

/**
 * Pixels from 0 to 16, row after row, and labels.
 *
 * @typedef {{ pixels: number[][], labels: number[] }} Digits
 */

/**
 * The project's digits.
 *
 * @param {string} root the project's
 * @returns {Digits}
 */
export function readDigits(root) {
  const text = gunzipSync(readFileSync(join(root, "data", "digits.csv.gz"))).toString("ascii");
  const rows = text
    .trim()
    .split("\n")
    .map((line) => line.split(",").map(Number));
  return { pixels: rows.map((row) => row.slice(0, 64)), labels: rows.map((row) => row[64]) };
}

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
 * @param {Digits} digits
 */
export function writeProblem({ N, D, H, C, inputs }, file, random, { pixels, labels }) {
  const normal = (/** @type {number} */ count, /** @type {number} */ deviation) =>
    Array.from({ length: count }, () => deviation * random.normal());
  const Y = new Array(N * C).fill(0);
  for (let i = 0; i < N; i++) Y[i * C + (inputs === "digits" ? labels[i] : random.integer(0, C - 1))] = 1;
  const X = inputs === "digits" ? pixels.slice(0, N).flatMap((row) => row.map((ink) => ink / 16)) : normal(N * D, 1);
  const W1 = normal(D * H, Math.sqrt(2 / D));
  const W2 = normal(H * C, Math.sqrt(2 / H));
  const numbers = [X, Y, W1, new Array(H).fill(0), W2, new Array(C).fill(0)].flat();
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
