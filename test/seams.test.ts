/** Where another activation or another optimiser goes in, tried: CONTRIBUTING.md says how. */
import { describe, expect, it } from "vitest";
import {
  type Activation,
  activations,
  backward,
  forward,
  type Gradients,
  initialise,
  Matrix,
  type Network,
  type Parameters,
} from "../src";
import { oneHot } from "../src/data/labels";
import { crossEntropyFromLogits } from "../src/forward";
import { Random } from "../src/random";
import { evaluate, parametersOf, type Step, sgdStep, Training, train, trainingStep } from "../src/train";

const weightNames = ["W1", "b1", "W2", "b2"] as const;

function problem(activation?: Activation) {
  const random = new Random(3);
  const labels = Array.from({ length: 20 }, () => random.integer(0, 3));
  const data = { X: random.normalMatrix(20, 3), Y: oneHot(labels, 4) };
  const drawn = initialise({ inputs: 3, hidden: 5, classes: 4, random });
  return { data, random, parameters: { ...drawn, b1: random.normalMatrix(1, 5), ...(activation && { activation }) } };
}

/** The parameters with one entry moved. */
function moved(parameters: Network, name: (typeof weightNames)[number], k: number, by: number): Network {
  const A = parameters[name];
  return { ...parameters, [name]: A.map((a, i, j) => (i * A.cols + j === k ? a + by : a)) };
}

describe.each(Object.keys(activations) as Activation[])("%s", (activation) => {
  const { data, parameters, random } = problem(activation);
  const loss = (p: Network) => crossEntropyFromLogits(forward(data.X, p).Z2, data.Y);

  it("backward agrees with central differences, entry by entry", () => {
    const gradients = backward(data.X, data.Y, parameters, forward(data.X, parameters));
    const h = 1e-5;
    for (const name of weightNames) {
      const gradient = gradients[`d${name}` as keyof Gradients];
      for (let k = 0; k < gradient.data.length; k++) {
        const slope = (loss(moved(parameters, name, k, h)) - loss(moved(parameters, name, k, -h))) / (2 * h);
        expect(Math.abs(gradient.data[k] - slope), `d${name}, entry ${k}`).toBeLessThan(1e-9);
      }
    }
  });

  it("stays with the network: while it trains, where it is measured, and in a run's history", () => {
    const { parameters: after, history } = train({ data, parameters, random, epochs: 3, batchSize: 7 });
    expect(after).toHaveProperty("activation", activation);
    const last = JSON.parse(JSON.stringify(history[3]));
    expect(forward(data.X, parametersOf(last)).A2).toEqual(forward(data.X, after).A2);
    expect(evaluate(data, after).loss).toBeCloseTo(history[3].training.loss, 12);
    expect(history[3].deadUnits).toBe(0);
  });
});

it("what is no activation is refused with those that there are", () => {
  const { data, parameters } = problem();
  const wrong = { ...parameters, activation: "stairs" as Activation };
  expect(() => forward(data.X, wrong)).toThrow(
    `forward: parameters.activation is "stairs"; expected one of ${Object.keys(activations)
      .map((name) => `"${name}"`)
      .join(", ")}`,
  );
  expect(() => backward(data.X, data.Y, wrong, forward(data.X, parameters))).toThrow("backward: parameters.activation");
});

interface Moments {
  readonly steps: number;
  readonly mean: Readonly<Record<string, Matrix>>;
  readonly square: Readonly<Record<string, Matrix>>;
}

/** Adam (Kingma and Ba, 2015), as somebody would write it in a notebook: its moments travel with the parameters. */
const adam: Step = (parameters: Parameters & { moments?: Moments }, gradients, learningRate) => {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
  const { moments } = parameters;
  const steps = (moments?.steps ?? 0) + 1;
  const [mean, square, next]: Record<string, Matrix>[] = [{}, {}, {}];
  for (const name of weightNames) {
    const g = gradients[`d${name}`];
    const [m, v] = [moments?.mean[name], moments?.square[name]].map((A) => A ?? Matrix.zeros(g.rows, g.cols));
    mean[name] = m.scale(beta1).plus(g.scale(1 - beta1));
    square[name] = v.scale(beta2).plus(g.hadamard(g).scale(1 - beta2));
    const roots = square[name].map((s) => 1 / (Math.sqrt(s / (1 - beta2 ** steps)) + epsilon));
    next[name] = parameters[name].minus(mean[name].scale(learningRate / (1 - beta1 ** steps)).hadamard(roots));
  }
  return { ...parameters, ...next, moments: { steps, mean, square } } as Parameters;
};

describe("another step than sgdStep", () => {
  it("is the one that trains, and finds what it has left among the parameters", () => {
    const { data, parameters, random } = problem();
    const run = new Training({ data, parameters, random, batchSize: 5, learningRate: 0.05, step: adam }).run(60);
    expect((run.parameters as { moments?: Moments }).moments?.steps).toBe(60 * 4);
    expect(run.history[60].training.loss).toBeLessThan(0.5 * run.history[0].training.loss);
  });

  it("moves each weight by η at Adam's first step, whatever the gradient's size", () => {
    const { data, parameters } = problem();
    const { parameters: after } = trainingStep(data, parameters, 0.01, adam);
    for (const move of after.W2.minus(parameters.W2).data) expect(Math.abs(move)).toBeCloseTo(0.01, 5);
  });

  it("how far it moves the weights is measured, not taken to be η dW", () => {
    const { data, parameters, random } = problem();
    const still: Step = (before) => before;
    const { history } = train({ data, parameters, random, epochs: 1, step: still });
    expect(history[1].updateRatios).toEqual({ W1: 0, W2: 0 });
    const same: Step = (...given) => sgdStep(...given);
    const ratios = (step?: Step) => {
      const again = problem();
      return train({ ...again, epochs: 2, batchSize: 6, ...(step && { step }) }).history[2].updateRatios;
    };
    expect(ratios(same)?.W1).toBeCloseTo(ratios()?.W1 as number, 12);
  });

  it("is refused where it is no function", () => {
    const { data, parameters, random } = problem();
    expect(() => train({ data, parameters, random, step: "adam" as never })).toThrow(
      "train: step is a string; expected a function like sgdStep",
    );
  });
});
