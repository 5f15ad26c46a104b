import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import type { History } from "../src/train";

/** What is broken: in which chapter, which piece of it, and what stands there instead. */
const sabotage: readonly (readonly [what: string, chapter: string, from: string, to: string])[] = [
  ["E1 and E3, the bias", "forward", "plusRow(b)", "plusRow(b.scale(2))"],
  ["E1 and E3, the product", "forward", "X.times(W)", "X.times(W).scale(2)"],
  ["E1 in forward", "forward", "affine(X, W1, b1)", "affine(X, W1, b1.scale(2))"],
  ["E3 in forward", "forward", "affine(A1, W2, b2)", "affine(A1, W2, b2.scale(2))"],
  ["E2", "forward", "Z.maximum(0)", "Z.maximum(-1)"],
  ["E4", "forward", "exps.overColumn(exps.rowSums())", "exps.overColumn(exps.rowSums().scale(2))"],
  ["E10, the sign", "backward", "A2.minus(Y)", "Y.minus(A2)"],
  ["E10, the mean", "backward", "scale(1 / N)", "scale(1)"],
  ["E11", "backward", "A1.T.times(dZ2)", "A1.T.times(dZ2).scale(-1)"],
  ["E12", "backward", "dZ2.columnSums()", "dZ2.columnSums().scale(1 / dZ2.rows)"],
  ["E13", "backward", "dZ2.times(W2.T)", "dZ2.times(W2.T).scale(-1)"],
  ["E14", "backward", "Z1.greater(0)", "Z1.greater(-1)"],
  ["E15", "backward", ".hadamard(reluPrime(Z1))", ".hadamard(reluPrime(Z1).scale(2))"],
  ["E16", "backward", "X.T.times(dZ1)", "X.T.times(dZ1).scale(-1)"],
  ["E17", "backward", "dZ1.columnSums()", "dZ1.columnSums().scale(2)"],
  ["the update of W1", "train", "W1.minus(dW1", "W1.plus(dW1"],
  ["the update of b1", "train", "b1.minus(db1", "b1.plus(db1"],
  ["the update of W2", "train", "W2.minus(dW2", "W2.plus(dW2"],
  ["the update of b2", "train", "b2.minus(db2", "b2.plus(db2"],
];

/** A run on 20 samples of 3 numbers, with 5 hidden units and 4 classes. */
const run = `
  import { oneHot } from "./src/data/labels";
  import { engine } from "./src/engine/engine";
  import { initialise } from "./src/initialise";
  import { plainLoops, useEngine } from "./src/matrix";
  import { Random } from "./src/random";
  import { train } from "./src/train";

  export function historyWith(isFast) {
    useEngine(isFast ? engine : plainLoops);
    const random = new Random(3);
    const labels = Array.from({ length: 20 }, () => random.integer(0, 3));
    const data = { X: random.normalMatrix(20, 3), Y: oneHot(labels, 4) };
    const parameters = initialise({ inputs: 3, hidden: 5, classes: 4, random });
    return train({ data, parameters, random, epochs: 4, batchSize: 7 }).history;
  }`;

/** The history of a run by `src` in which one piece of a chapter is another. */
async function history(isFast: boolean, chapter?: string, from = "", to = ""): Promise<History> {
  const { outputFiles } = await build({
    stdin: { contents: run, resolveDir: process.cwd(), loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
    plugins: [
      {
        name: "sabotage",
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const text = readFileSync(path, "utf8");
            if (path !== resolve(join("src", `${chapter}.ts`))) return { contents: text, loader: "ts" };
            const pieces = text.split(from);
            expect(pieces, `${from} in ${chapter}.ts`).toHaveLength(2);
            return { contents: pieces.join(to), loader: "ts" };
          });
        },
      },
    ],
  });
  const source = Buffer.from(outputFiles[0].text).toString("base64");
  const { historyWith } = await import(/* @vite-ignore */ `data:text/javascript;base64,${source}`);
  return historyWith(isFast);
}

describe.each(["plain loops", "the engine"])("with %s, training goes another way when this is broken:", (beneath) => {
  const isFast = beneath === "the engine";
  let right: History;
  beforeAll(async () => {
    right = await history(isFast);
    expect(right[4].training.loss).toBeLessThan(right[0].training.loss);
  });

  it.each(sabotage)("%s", async (_, chapter, from, to) => {
    const wrong = await history(isFast, chapter, from, to);
    // Another loss, and not in the last digits.
    const difference = Math.abs(wrong[wrong.length - 1].training.loss - right[4].training.loss);
    expect(difference).toBeGreaterThan(1e-6);
  });
});
