import { afterEach, describe, expect, it, vi } from "vitest";
import { backward } from "../src/backward";
import { loadDigits } from "../src/data/digits";
import { accuracy, oneHot } from "../src/data/labels";
import { type Samples, takeRows } from "../src/data/samples";
import { moons } from "../src/data/synthetic";
import { crossEntropy, forward, type Parameters } from "../src/forward";
import { initialise } from "../src/initialise";
import { Matrix } from "../src/matrix";
import { Random } from "../src/random";
import {
  evaluate,
  parametersOf,
  sgdStep,
  Training,
  type TrainingOptions,
  type TrainOptions,
  train,
  trainingDefaults,
} from "../src/train";

afterEach(() => vi.restoreAllMocks());

/** 7 samples, 3 inputs, 4 hidden units, 2 classes: four different numbers. */
function tiny(seed = 1): TrainingOptions & { parameters: Parameters } {
  const random = new Random(seed);
  const data = { X: random.normalMatrix(7, 3), Y: oneHot([0, 1, 1, 0, 1, 0, 1], 2) };
  const test = { X: random.normalMatrix(5, 3), Y: oneHot([1, 0, 0, 1, 1], 2) };
  const parameters = initialise({ inputs: 3, hidden: 4, classes: 2, random });
  return { data, test, parameters, random, batchSize: 3, learningRate: 0.1 };
}

function norm(A: Matrix): number {
  return Math.sqrt(A.hadamard(A).sum());
}

describe("sgdStep", () => {
  it("moves each parameter by −η times its own gradient and leaves the old ones alone", () => {
    const { data, parameters } = tiny();
    const before = Object.values(parameters).map((A: Matrix) => A.copy());
    const gradients = backward(data.X, data.Y, parameters, forward(data.X, parameters));
    const after = sgdStep(parameters, gradients, 0.5);
    for (const name of ["W1", "b1", "W2", "b2"] as const) {
      const moved = after[name].minus(parameters[name]).plus(gradients[`d${name}`].scale(0.5));
      expect(norm(moved)).toBeLessThan(1e-15);
      expect(norm(gradients[`d${name}`])).toBeGreaterThan(0);
    }
    Object.values(parameters).forEach((A: Matrix, k) => {
      expect(A.data).toEqual(before[k].data);
    });
  });
});

describe("sgdStep refuses", () => {
  const { data, parameters } = tiny();
  const gradients = backward(data.X, data.Y, parameters, forward(data.X, parameters));
  const wrong = (changes: object) => () => {
    const given = { parameters, gradients, learningRate: 0.1, ...changes };
    return sgdStep(given.parameters, given.gradients, given.learningRate);
  };

  it("gradients of other shapes, by their names", () => {
    for (const [name, parameter, shape, of] of [
      ["dW1", "W1", "3×5", "3×4"],
      ["dW2", "W2", "5×2", "4×2"],
    ] as const) {
      const [rows, cols] = shape.split("×").map(Number);
      const changed = { ...gradients, [name]: Matrix.zeros(rows, cols) };
      expect(wrong({ gradients: changed })).toThrow(`sgdStep: ${parameter} is ${of} and ${name} is ${shape}`);
    }
    expect(wrong({ gradients: { ...gradients, db1: Matrix.zeros(1, 5) } })).toThrow(
      "sgdStep: W1 is 3×4 and db1 is 1×5",
    );
    expect(wrong({ gradients: { ...gradients, db2: Matrix.zeros(1, 5) } })).toThrow(
      "sgdStep: W2 is 4×2 and db2 is 1×5",
    );
    expect(wrong({ parameters: { ...parameters, b1: Matrix.zeros(1, 5) } })).toThrow(
      "sgdStep: W1 is 3×4 and b1 is 1×5",
    );
    expect(wrong({ parameters: { ...parameters, b2: Matrix.zeros(1, 5) } })).toThrow(
      "sgdStep: W2 is 4×2 and b2 is 1×5",
    );
  });

  it("what is not there, and a learning rate that is none", () => {
    expect(wrong({ parameters: undefined })).toThrow("sgdStep: parameters is undefined; expected { W1, b1, W2, b2 }");
    expect(wrong({ gradients: {} })).toThrow("sgdStep: gradients.dW1 is undefined; expected { dW1, db1, dW2, db2 }");
    for (const learningRate of [undefined, Number.NaN, "0.1"]) {
      expect(wrong({ learningRate })).toThrow(
        new RangeError(`sgdStep: learningRate is ${learningRate}; expected a finite number`),
      );
    }
  });

  it("no negative learning rate: it goes uphill, which one may want to see", () => {
    expect(evaluate(data, wrong({ learningRate: -0.1 })()).loss).toBeGreaterThan(evaluate(data, parameters).loss);
  });
});

describe("evaluate and parametersOf", () => {
  it("refuse what is not there", () => {
    const nothing = undefined as never;
    expect(() => evaluate(nothing, tiny().parameters)).toThrow(
      new TypeError("evaluate: samples is undefined; expected { X, Y }, each a Matrix"),
    );
    expect(() => parametersOf(nothing)).toThrow(
      new TypeError("parametersOf: record is undefined; expected one of a run's history"),
    );
  });
});

describe("train", () => {
  it("with one batch of all samples is plain gradient descent, epoch by epoch", () => {
    const options = { ...tiny(), batchSize: 7 };
    let expected = options.parameters;
    const { parameters, history } = train({ ...options, epochs: 3 });
    for (let epoch = 1; epoch <= 3; epoch++) {
      const gradients = backward(options.data.X, options.data.Y, expected, forward(options.data.X, expected));
      expect(history[epoch].gradientNorms?.W1).toBeCloseTo(norm(gradients.dW1), 12);
      expect(history[epoch].gradientNorms?.b1).toBeCloseTo(norm(gradients.db1), 12);
      expect(history[epoch].gradientNorms?.W2).toBeCloseTo(norm(gradients.dW2), 12);
      expect(history[epoch].gradientNorms?.b2).toBeCloseTo(norm(gradients.db2), 12);
      expect(history[epoch].updateRatios?.W1).toBeCloseTo((0.1 * norm(gradients.dW1)) / norm(expected.W1), 12);
      expect(history[epoch].updateRatios?.W2).toBeCloseTo((0.1 * norm(gradients.dW2)) / norm(expected.W2), 12);
      expected = sgdStep(expected, gradients, 0.1);
    }
    for (const name of ["W1", "b1", "W2", "b2"] as const) {
      expect(norm(parameters[name].minus(expected[name]))).toBeLessThan(1e-13);
    }
  });

  it("goes over every sample once an epoch, in batches, in the random order", () => {
    const options = tiny();
    const order = new Random(9).permutation(7);
    let expected = options.parameters;
    for (const rows of [order.slice(0, 3), order.slice(3, 6), order.slice(6)]) {
      const [X, Y] = [takeRows(options.data.X, rows), takeRows(options.data.Y, rows)];
      expected = sgdStep(expected, backward(X, Y, expected, forward(X, expected)), 0.1);
    }
    const { parameters } = train({ ...options, random: new Random(9), epochs: 1 });
    expect(parameters.W1.data).toEqual(expected.W1.data);
    expect(parameters.b2.data).toEqual(expected.b2.data);
  });

  it("records loss and accuracy on all samples, before the first step and after each epoch", () => {
    const options = tiny();
    const { parameters, history } = train({ ...options, epochs: 4 });
    expect(history.map((record) => record.epoch)).toEqual([0, 1, 2, 3, 4]);
    const scores = (start: Parameters) =>
      [options.data, options.test!].map(({ X, Y }) => {
        const { A2 } = forward(X, start);
        return { loss: crossEntropy(A2, Y), accuracy: accuracy(A2, Y) };
      });
    for (const [record, start] of [
      [history[0], options.parameters],
      [history[4], parameters],
    ] as const) {
      const [training, test] = scores(start);
      expect(record.training.loss).toBeCloseTo(training.loss, 12);
      expect(record.training.accuracy).toBe(training.accuracy);
      expect(record.test?.loss).toBeCloseTo(test.loss, 12);
      expect(record.test?.accuracy).toBe(test.accuracy);
    }
    expect(history[0].gradientNorms).toBeUndefined();
    expect(evaluate(options.data, parameters)).toEqual(history[4].training);
  });

  it("leaves the parameters it was given as they were", () => {
    const options = tiny();
    const before = options.parameters.W1.copy();
    const { parameters } = train({ ...options, epochs: 2 });
    expect(options.parameters.W1.data).toEqual(before.data);
    expect(parameters.W1.data).not.toEqual(before.data);
  });

  it("gives the same run for the same seed, and another for another", () => {
    const run = (seed: number) => JSON.stringify(train({ ...tiny(seed), epochs: 3 }).history);
    expect(run(1)).toBe(run(1));
    expect(run(1)).not.toBe(run(2));
  });

  it("returns a history that survives JSON", () => {
    const { history } = train({ ...tiny(), epochs: 2 });
    expect(JSON.parse(JSON.stringify(history))).toEqual(history);
  });

  it("takes weight snapshots as often as asked, from which the parameters come back", () => {
    const options = tiny();
    const { parameters, history } = train({ ...options, epochs: 4, snapshotEvery: 2 });
    expect(history.filter((record) => record.weights).map((record) => record.epoch)).toEqual([0, 2, 4]);
    const back = parametersOf(history[4]);
    for (const name of ["W1", "b1", "W2", "b2"] as const) expect(back[name]).toEqual(parameters[name]);
    expect(parametersOf(history[0]).W1).toEqual(options.parameters.W1);
    expect(() => parametersOf(history[1])).toThrow(
      "parametersOf: epoch 1 has no weight snapshot; train with snapshotEvery: 1",
    );
    expect(train({ ...options, epochs: 1, snapshotEvery: 0 }).history[0].weights).toBeUndefined();
  });

  it("counts a unit as dead only if it is off on all training samples", () => {
    const options = tiny();
    const { W1, W2, b2 } = options.parameters;
    // unit 0 is off everywhere, unit 1 is on for the one sample with the largest Z1, units 2 and 3 are on everywhere
    const Z1 = options.data.X.times(W1).toRows();
    const [first, second] = Z1.map((row) => row[1]).sort((a, b) => b - a);
    const b1 = Matrix.fromRows([[-100, -(first + second) / 2, 100, 100]]);
    const { history } = train({ ...options, parameters: { W1, b1, W2, b2 }, epochs: 0 });
    expect(history[0].deadUnits).toBe(1 / 4);
  });

  it("calls onEpoch with each record, epoch 0 included", () => {
    const seen: number[] = [];
    const { history } = train({
      ...tiny(),
      epochs: 2,
      onEpoch: (record, soFar) => {
        expect(soFar[soFar.length - 1]).toBe(record);
        seen.push(record.epoch);
      },
    });
    expect(seen).toEqual([0, 1, 2]);
    expect(history).toHaveLength(3);
  });

  it("separates the two moons, which no straight line does", () => {
    const data = moons();
    const random = new Random(2);
    const parameters = initialise({ inputs: 2, hidden: 16, classes: 2, random });
    const { history } = train({ data, parameters, random, epochs: 60 });
    expect(history[60].training.accuracy).toBeGreaterThan(0.97);
    expect(history[60].test).toBeUndefined();
  });

  it("reads 19 of 20 digits that it has never seen, with the defaults", { timeout: 60_000 }, () => {
    const { training: data, test, classes } = loadDigits();
    const random = new Random(1);
    const parameters = initialise({ inputs: 64, hidden: trainingDefaults.hidden, classes, random });
    const { history } = train({ data, test, parameters, random, snapshotEvery: 0 });
    expect(history[0].training.loss).toBeGreaterThan(2);
    expect(history[0].training.loss).toBeLessThan(3);
    expect(history[history.length - 1].test?.accuracy).toBeGreaterThan(0.95);
  });

  it("stops a diverging run with a sentence and keeps what was reached before", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const options = { ...tiny(), learningRate: 1e30 };
    const { history, parameters, stopped } = train({ ...options, epochs: 50 });
    expect(stopped).toMatch(/^train: the weights grew beyond all bounds in epoch \d+, step \d+, .*below 1e\+30$/);
    expect(warn).toHaveBeenCalledWith(stopped);
    expect(history.length).toBeGreaterThan(0);
    expect(history.length).toBeLessThan(50);
    expect(parametersOf(history[history.length - 1])).toEqual(parameters);
  });

  it.each([
    [{ learningRate: -1 }, "train: learningRate is -1; expected a positive number"],
    [{ learningRate: Number.NaN }, "train: learningRate is NaN; expected a positive number"],
    [{ batchSize: 0 }, "train: batchSize is 0; expected a whole number of at least 1"],
    [{ epochs: 2.5 }, "train: epochs is 2.5; expected a whole number of at least 0"],
    [{ snapshotEvery: -1 }, "train: snapshotEvery is -1; expected a whole number of at least 0"],
    [{ random: 5 as unknown as Random }, "train: random is a number; expected a Random, like new Random(1)"],
    [{ parameters: undefined }, "train: parameters is undefined; expected { W1, b1, W2, b2 }, each a Matrix"],
    [{ data: undefined }, "train: data is undefined; expected { X, Y }, each a Matrix"],
    [{ test: {} as Samples }, "train: test.X is undefined; expected { X, Y }, each a Matrix"],
    [{ data: { X: Matrix.zeros(7, 9), Y: Matrix.zeros(7, 2) } }, "train: data.X is 7×9 and W1 is 3×4"],
    [{ data: { X: Matrix.zeros(7, 3), Y: Matrix.zeros(7, 2) } }, "train: row 0 of data.Y is [0, 0]; expected one-hot"],
    [{ test: { X: Matrix.zeros(5, 3), Y: Matrix.zeros(4, 2) } }, "train: test.X is 5×3 and test.Y is 4×2"],
    [
      { data: { X: [[1]] as unknown as Matrix, Y: Matrix.zeros(7, 2) } },
      "train: data.X is an array; expected { X, Y }, each a Matrix",
    ],
  ])("refuses %j", (wrong, message) => {
    expect(() => train({ ...tiny(), epochs: 1, ...wrong } as TrainOptions)).toThrow(message);
  });
});

describe("Training", () => {
  it("run in two parts is the same as in one", () => {
    const whole = train({ ...tiny(), epochs: 5 });
    const training = new Training(tiny()).run(2).run(3);
    expect(training.history).toEqual(whole.history);
    expect(training.parameters).toEqual(whole.parameters);
  });

  it("run live is the same, and lets other things happen after each epoch", async () => {
    const training = new Training(tiny());
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const turnsSeen: number[] = [];
    await training.runLive(4, () => {
      const end = performance.now() + 3;
      while (performance.now() < end);
      turnsSeen.push(turns);
    });
    clearInterval(timer);
    expect(training.history).toEqual(train({ ...tiny(), epochs: 4 }).history);
    expect(turnsSeen[3]).toBeGreaterThan(turnsSeen[0]);
  });

  it("interrupted in the middle of an epoch stands where the epoch before ended, and goes on from there", () => {
    const options = tiny();
    const training = new Training(options).run(2);
    const { parameters } = training;
    const before = parameters.W1.copy();
    let steps = 0;
    const broken = vi.spyOn(Matrix.prototype, "exp").mockImplementation(function (this: Matrix) {
      steps += 1;
      if (steps === 2) throw new Error("Interrupted");
      return this.map(Math.exp);
    });
    expect(() => training.run(5)).toThrow("Interrupted");
    broken.mockRestore();
    expect(training.parameters).toBe(parameters);
    expect(training.parameters.W1.data).toEqual(before.data);
    expect(training.history).toHaveLength(3);
    expect(training.run(1).history).toHaveLength(4);
  });

  it("takes an option that is undefined for one left out", () => {
    const { history } = new Training({ ...tiny(), batchSize: undefined, learningRate: undefined }).run(1);
    expect(history).toHaveLength(2);
  });
});
