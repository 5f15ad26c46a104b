import { describe, expect, it } from "vitest";
import { backward } from "../src/backward";
import { accuracy, oneHot } from "../src/data/labels";
import { type Samples, takeSamples } from "../src/data/samples";
import { crossEntropyFromLogits, forward, type Parameters } from "../src/forward";
import { initialise } from "../src/initialise";
import { Matrix } from "../src/matrix";
import { Random } from "../src/random";
import { sgdStep } from "../src/train";
import { TrainingStep } from "../src/training-step";

/** N samples of D numbers and a network for them. */
function network(N: number, D: number, H: number, C: number) {
  const random = new Random(N + D + H + C);
  const labels = Array.from({ length: N }, () => random.integer(0, C - 1));
  const data = { X: random.normalMatrix(N, D), Y: oneHot(labels, C) };
  return { data, parameters: initialise({ inputs: D, hidden: H, classes: C, random }) };
}

describe("a training step has the bits of forward, backward and sgdStep", () => {
  it.each([
    [1, 1, 1, 1],
    [7, 3, 4, 2],
    [33, 65, 31, 10],
    [20, 300, 70, 5],
  ])("%d samples, %d inputs, %d hidden units, %d classes", (N, D, H, C) => {
    const { data, parameters } = network(N, D, H, C);
    const step = new TrainingStep(data, parameters, N);
    let expected: Parameters = parameters;
    const order = new Random(5).permutation(N);
    for (const rows of [order, order.slice(0, Math.ceil(N / 3)), order.slice(Math.floor(N / 2)), order]) {
      const { X, Y } = takeSamples(data, rows);
      const cache = forward(X, expected);
      const gradients = backward(X, Y, expected, cache);
      expected = sgdStep(expected, gradients, 0.3);
      expect(step.run(rows, 0.3)).toBe(crossEntropyFromLogits(cache.Z2, Y));
      for (const name of ["W1", "b1", "W2", "b2"] as const) {
        expect(step.parameters[name].data).toEqual(expected[name].data);
        expect(step.gradients[`d${name}`].data).toEqual(gradients[`d${name}`].data);
      }
    }
  });
});

it("has the same bits where most inputs are zeros, which are skipped", () => {
  const { data, parameters } = network(33, 65, 31, 10);
  const random = new Random(7);
  const X = data.X.map((x) => (random.uniform() < 0.8 ? 0 : x));
  const step = new TrainingStep({ X, Y: data.Y }, parameters, 33);
  let expected: Parameters = parameters;
  for (let k = 0; k < 5; k++) {
    step.run(new Random(k).permutation(33), 0.3);
    const order = new Random(k).permutation(33);
    const batch = takeSamples({ X, Y: data.Y }, order);
    expected = sgdStep(expected, backward(batch.X, batch.Y, expected, forward(batch.X, expected)), 0.3);
    expect(step.parameters.W1.data).toEqual(expected.W1.data);
    expect(step.parameters.b2.data).toEqual(expected.b2.data);
  }
});

describe.each([0, 0.8])("steps on the same samples again and again, which are not copied anew (zeros: %s)", (zeros) => {
  it("have the same bits, also with scores and other batches in between", () => {
    const { data: dense, parameters } = network(20, 12, 7, 4);
    const random = new Random(2);
    const sparse = ({ X, Y }: Samples) => ({ X: X.map((x) => (random.uniform() < zeros ? 0 : x)), Y });
    const [data, test] = [sparse(dense), sparse({ X: random.normalMatrix(20, 12), Y: dense.Y })];
    const step = new TrainingStep(data, parameters, 20, test);
    let expected: Parameters = parameters;
    const all = Array.from({ length: 20 }, (_, i) => i);
    const firstFive = all.slice(0, 5);
    for (const rows of [all, all, firstFive, all, firstFive, [...all].reverse(), all]) {
      for (const samples of [test, data]) {
        const { Z2 } = forward(samples.X, expected);
        expect(step.score(samples).loss).toBe(crossEntropyFromLogits(Z2, samples.Y));
      }
      for (let time = 0; time < 2; time++) {
        const { X, Y } = takeSamples(data, rows);
        expected = sgdStep(expected, backward(X, Y, expected, forward(X, expected)), 0.3);
        step.run(rows, 0.3);
        expect(step.parameters.W1.data).toEqual(expected.W1.data);
        expect(step.parameters.b2.data).toEqual(expected.b2.data);
      }
    }
  });
});

describe("the score has the bits of forward, loss and accuracy", () => {
  it.each([1, 2, 5, 13, 20])("taken so many samples at a time: %d", (batchSize) => {
    const { data, parameters } = network(13, 3, 6, 4);
    const step = new TrainingStep(data, parameters, batchSize);
    const { A1, Z2, A2 } = forward(data.X, parameters);
    const dead = A1.columnSums().data.filter((sum) => sum === 0).length;
    expect(step.score(data)).toEqual({
      loss: crossEntropyFromLogits(Z2, data.Y),
      accuracy: accuracy(A2, data.Y),
      deadUnits: dead / 6,
    });
  });

  it("counts the first of equal probabilities, and dead units only if they are off for all samples", () => {
    const { data, parameters } = network(13, 3, 6, 4);
    const off = { ...parameters, b1: Matrix.fromRows([[-100, 0, 0, 0, -100, 0]]), W2: Matrix.zeros(6, 4) };
    const { accuracy: right, deadUnits } = new TrainingStep(data, off, 5).score(data);
    expect(right).toBe(data.Y.toRows().filter(([first]) => first === 1).length / 13);
    expect(deadUnits).toBeGreaterThanOrEqual(2 / 6);
  });
});

describe("a training step", () => {
  it("leaves samples and parameters as they were", () => {
    const { data, parameters } = network(5, 3, 4, 2);
    const before = JSON.stringify([data, parameters]);
    const step = new TrainingStep(data, parameters, 5);
    step.run([0, 4, 2], 0.1);
    expect(JSON.stringify([data, parameters])).toBe(before);
    expect(step.parameters.W1.data).not.toEqual(parameters.W1.data);
  });

  it("starts again where it is told to", () => {
    const { data, parameters } = network(5, 3, 4, 2);
    const step = new TrainingStep(data, parameters, 5);
    const first = step.run([0, 1], 0.1);
    step.start(parameters);
    for (const name of ["W1", "b1", "W2", "b2"] as const) {
      expect(step.parameters[name].data).toEqual(parameters[name].data);
    }
    expect(step.run([0, 1], 0.1)).toBe(first);
  });

  it("makes no new matrices, however often it runs", () => {
    const { data, parameters } = network(64, 20, 16, 4);
    const step = new TrainingStep(data, parameters, 32);
    const rows = Int32Array.from({ length: 32 }, (_, i) => 2 * i);
    const { W1 } = step.parameters;
    const { buffer } = W1.data;
    for (let k = 0; k < 100; k++) step.run(rows, 0.1);
    expect(step.parameters.W1).toBe(W1);
    expect(W1.data.buffer).toBe(buffer);
    expect(step.gradients.db1.data.buffer).toBe(buffer);
  });
});
