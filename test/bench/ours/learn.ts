/** A whole training run by `Training`, until so many of the test samples are right. */
import { readFileSync } from "node:fs";
import { oneHot } from "../../../src/data/labels";
import type { Samples } from "../../../src/data/samples";
import { initialise } from "../../../src/initialise";
import { Matrix } from "../../../src/matrix";
import { Random } from "../../../src/random";
import { Training } from "../../../src/train";

/** Where the bytes of some samples are: `inputs` pixels each, and a label each. */
export interface SampleFiles {
  readonly pixels: string;
  readonly labels: string;
  /** So many bytes at the beginning of the files are no samples. */
  readonly skip: readonly [pixels: number, labels: number];
}

/** What is to be learned, and how. */
export interface LearnRequest {
  readonly training: SampleFiles;
  readonly test: SampleFiles;
  readonly inputs: number;
  /** The byte of a pixel that is all ink. */
  readonly ink: number;
  readonly hidden: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly accuracy: number;
  readonly epochs: number;
  readonly seed: number;
}

let loaded: { key: string; training: Samples; test: Samples } | undefined;

/** Trains, at most for `epochs`, and says how long it took, from untrained weights on; data are read before. */
export function learn(request: LearnRequest): { seconds: number; epochs: number; accuracy: number } {
  const key = request.training.pixels;
  if (loaded?.key !== key) {
    loaded = { key, training: samples(request.training, request), test: samples(request.test, request) };
  }
  const { training: data, test } = loaded;
  const start = performance.now();
  const random = new Random(request.seed);
  const parameters = initialise({ inputs: request.inputs, hidden: request.hidden, classes: 10, random });
  const { batchSize, learningRate } = request;
  const run = new Training({ data, test, parameters, random, batchSize, learningRate, snapshotEvery: 0 });
  const reached = () => run.history[run.history.length - 1].test?.accuracy ?? 0;
  while (reached() < request.accuracy && run.history.length <= request.epochs) run.run(1);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, epochs: run.history.length - 1, accuracy: reached() };
}

function samples({ pixels, labels, skip }: SampleFiles, { inputs, ink }: LearnRequest): Samples {
  const ids = readFileSync(labels).subarray(skip[1]);
  const bytes = readFileSync(pixels).subarray(skip[0]);
  const X = new Matrix(
    ids.length,
    inputs,
    Float64Array.from(bytes, (byte) => byte / ink),
  );
  return { X, Y: oneHot(ids, 10) };
}
