/** The misconceptions of the assignment on hidden layers. Most of them spoil the right answer, whatever it is. */
import type { Misconception } from "../../equations/equation";
import { meanFactors, signFlipped } from "../../equations/mistakes";
import type { Matrix } from "../../matrix";

/** How steep the tanh is. */
function steepness(z: number): number {
  return 1 / Math.cosh(z) ** 2;
}

/** The right derivative replaced by another function of the pre-activation. */
function instead(right: Matrix, Z: Matrix, derivative: (z: number) => number, other: (z: number) => number): Matrix {
  return right.map((d, i, j) => (d / derivative(Z.get(i, j))) * other(Z.get(i, j)));
}

/** What can go wrong at a tanh. `at` says which arguments hold its pre-activations and the gradient that comes in. */
function tanhMistakes(at: { Z: number; upstream: number }): Misconception[] {
  const replaced =
    (other: (z: number) => number) =>
    (right: Matrix, ...args: Matrix[]) =>
      instead(right, args[at.Z], steepness, other);
  return [
    {
      id: "derivative-missing",
      name: "the derivative of tanh is missing",
      hint: "Between the activations and the pre-activations there is the tanh. How fast does it change where it is flat?",
      wrong: (_, ...args) => args[at.upstream].copy(),
    },
    {
      id: "tanh-itself",
      name: "multiplied by tanh instead of its derivative",
      hint: "The chain rule multiplies by how fast the activation changes, not by the activation.",
      wrong: replaced(Math.tanh),
    },
    {
      id: "square-missing",
      name: "1 − tanh, where a square is missing",
      hint: "tanh is an odd function, so it is as steep at −2 as it is at 2. Is your factor the same at both?",
      wrong: replaced((z) => 1 - Math.tanh(z)),
    },
    {
      id: "Z-instead-of-tanh",
      name: "1 − Z², where the activation should be squared",
      hint: "The formula with a square is made of the activation, not of the pre-activation. Yours can become negative.",
      wrong: replaced((z) => 1 - z * z),
    },
    {
      id: "tanh-of-tanh",
      name: "the tanh is taken twice",
      hint: "What do you apply the tanh to: to Z, or to something that has been through the tanh already?",
      wrong: replaced((z) => 1 - Math.tanh(Math.tanh(z)) ** 2),
    },
    {
      id: "relu-mask",
      name: "the derivative of ReLU instead of tanh's",
      hint: "A tanh has no off and on: it is steep around 0 and flat far from it, on both sides.",
      wrong: (_, ...args) => args[at.upstream].map((d, i, j) => (args[at.Z].get(i, j) > 0 ? d : 0)),
    },
    {
      id: "sigmoid-prime",
      name: "the derivative of the sigmoid instead of tanh's",
      hint: "a(1 − a) belongs to the sigmoid, which lies between 0 and 1. At 0 the tanh has slope 1.",
      wrong: replaced((z) => {
        const a = 1 / (1 + Math.exp(-z));
        return a * (1 - a);
      }),
    },
    {
      id: "a-times-1-minus-a",
      name: "tanh · (1 − tanh)",
      hint: "That is the sigmoid's formula with the tanh put in. Derive the tanh's own from its exponentials.",
      wrong: replaced((z) => Math.tanh(z) * (1 - Math.tanh(z))),
    },
  ];
}

/** What can go wrong at a leaky ReLU. */
function leakyMistakes(at: { Z: number; upstream: number; slope: number }): Misconception[] {
  const masked =
    (mask: (z: number, slope: number, d: number) => number) =>
    (_: Matrix, ...args: Matrix[]) =>
      args[at.upstream].map((d, i, j) => d * mask(args[at.Z].get(i, j), args[at.slope].data[0], d));
  return [
    {
      id: "derivative-missing",
      name: "the derivative of the leaky ReLU is missing",
      hint: "Between the activations and the pre-activations there is the leaky ReLU. What does it let back where z is below 0?",
      wrong: masked(() => 1),
    },
    {
      id: "plain-relu-mask",
      name: "nothing is passed back below 0: that is the plain ReLU",
      hint: "What leaks forwards leaks backwards too.",
      wrong: masked((z) => (z > 0 ? 1 : 0)),
    },
    {
      id: "sides-swapped",
      name: "the two sides have changed places",
      hint: "Which side has slope 1?",
      wrong: masked((z, slope) => (z > 0 ? slope : 1)),
    },
    {
      id: "mask-on-the-gradient",
      name: "the mask looks at the gradient instead of Z",
      hint: "How much is passed back was decided in the forward pass, by the sign of the pre-activation.",
      wrong: masked((_, slope, d) => (d > 0 ? 1 : slope)),
    },
    {
      id: "activation-instead",
      name: "multiplied by the leaky ReLU itself instead of its derivative",
      hint: "The chain rule multiplies by how fast the activation changes, not by the activation.",
      wrong: masked((z, slope) => (z > 0 ? z : slope * z)),
    },
    {
      id: "slope-everywhere",
      name: "multiplied by the slope everywhere",
      hint: "Above 0 a leaky ReLU is the identity. How steep is that?",
      wrong: masked((_, slope) => slope),
    },
    {
      id: "minus-slope",
      name: "−slope below 0",
      hint: "The line below 0 rises as well, only less steeply.",
      wrong: masked((z, slope) => (z > 0 ? 1 : -slope)),
    },
  ];
}

/** Of `gradThroughTanh(dA, Z)`. */
export const gradThroughTanhMistakes: readonly Misconception[] = [
  ...tanhMistakes({ upstream: 0, Z: 1 }),
  {
    id: "upstream-missing",
    name: "∂loss/∂A is missing: this is the derivative of tanh alone",
    hint: "The chain rule multiplies what comes from behind with what happens here.",
    wrong: (_, __, Z) => Z.map(steepness),
  },
  signFlipped,
];

/** Of `gradThroughLeakyRelu(dA, Z, slope)`. */
export const gradThroughLeakyReluMistakes: readonly Misconception[] = [
  {
    id: "1-at-0",
    name: "1 at exactly 0, from Z ≥ 0",
    hint: "Everywhere else you are right. At exactly 0 a convention decides, and here, as in PyTorch, it is the slope below 0.",
    wrong: (_, dA, Z, slope) => dA.map((d, i, j) => d * (Z.get(i, j) >= 0 ? 1 : slope.data[0])),
  },
  ...leakyMistakes({ upstream: 0, Z: 1, slope: 2 }),
  {
    id: "upstream-missing",
    name: "∂loss/∂A is missing: this is the derivative of the leaky ReLU alone",
    hint: "The chain rule multiplies what comes from behind with what happens here.",
    wrong: (_, __, Z, slope) => Z.map((z) => (z > 0 ? 1 : slope.data[0])),
  },
  signFlipped,
];

/** ∂loss/∂Z3 of `backward`, from A3 and Y. */
export const logitMistakes: readonly Misconception[] = [
  ...meanFactors("It comes in once, at the first step back."),
  signFlipped,
  {
    id: "y-missing",
    name: "Y is missing",
    hint: "If the network is sure and right, the gradient should vanish. Does yours?",
    wrong: (_, A) => A.scale(1 / A.rows),
  },
];

/** ∂loss/∂W of `backward`, from the layer's input, ∂loss/∂Z, and what may have been taken for either. */
export function weightMistakes(others: {
  input: string;
  wrongInput?: string;
  wrongUpstream?: string;
}): readonly Misconception[] {
  const { input, wrongInput, wrongUpstream } = others;
  const list: Misconception[] = [
    {
      id: "1/N-again",
      name: "divided by N once more",
      hint: "The mean's 1/N came in with the logits' gradient, and is in everything behind it.",
      wrong: (right, A) => right.scale(1 / A.rows),
      onTopOfOthers: true,
    },
    signFlipped,
    {
      id: "result-transposed",
      name: "the result is transposed",
      hint: "The numbers are right and lie the wrong way. A gradient has the shape of what it is the gradient of.",
      wrong: (right) => right.T.toMatrix(),
      onTopOfOthers: true,
    },
    {
      id: "transpose-missing",
      name: "no factor is transposed",
      hint: `${input} and the gradient both have one row per sample. The sum runs over the samples, so these rows must meet.`,
      wrong: (_, A, dZ) => A.times(dZ),
      square: true,
    },
    {
      id: "other-factor-transposed",
      name: "the transpose is on the other factor",
      hint: `As it stands, the sum runs over columns. It has to run over the samples: where are they in ${input}?`,
      wrong: (_, A, dZ) => A.times(dZ.T),
      square: true,
    },
  ];
  if (wrongInput !== undefined) {
    list.push({
      id: `${wrongInput}-instead-of-${input}`,
      name: `${wrongInput} stands where ${input} belongs`,
      hint: "The weights multiply what comes out of the activation function, not what goes into it.",
      wrong: (_, __, dZ, other) => other.T.times(dZ),
    });
  }
  if (wrongUpstream !== undefined) {
    list.push({
      id: `${wrongUpstream}-taken`,
      name: `${wrongUpstream} is taken, from the wrong side of the activation function`,
      hint: "Between the activations and the pre-activations there is a derivative. Which gradient reaches the weights before it?",
      wrong: (_, A, ...rest) => A.T.times(rest[rest.length - 1]),
    });
  }
  return list;
}

/** ∂loss/∂b of `backward`, from ∂loss/∂Z. */
export const biasMistakes: readonly Misconception[] = [
  {
    id: "mean-instead-of-sum",
    name: "the mean over the samples instead of the sum",
    hint: "The mean's 1/N came in with the logits' gradient. The samples' shares are added up.",
    wrong: (right, dZ) => right.scale(1 / dZ.rows),
    onTopOfOthers: true,
  },
  {
    id: "not-summed",
    name: "the samples are not added up",
    hint: "A bias is one row, and a gradient has the shape of what it is the gradient of.",
    wrong: (_, dZ) => dZ.copy(),
  },
  {
    id: "first-sample-only",
    name: "only the first sample counts",
    hint: "One bias is added to every sample, so every sample has a say in its gradient.",
    wrong: (_, dZ) => dZ.row(0),
  },
  signFlipped,
];

/** ∂loss/∂A of `backward`, from ∂loss/∂Z of the next layer and its weights. */
export const activationMistakes: readonly Misconception[] = [
  {
    id: "weights-not-transposed",
    name: "the weights are not transposed",
    hint: "A row of weights holds the arrows that leave one unit. Going back, along which index do you sum?",
    wrong: (_, dZ, W) => dZ.times(W),
    square: true,
  },
  {
    id: "factors-swapped",
    name: "the factors are swapped",
    hint: "Write the shapes below the factors: which order gives one row per sample?",
    wrong: (_, dZ, W) => W.times(dZ.T),
  },
  signFlipped,
];

/** ∂loss/∂Z2 of `backward`, from ∂loss/∂A2, Z2 and the slope. */
export const secondLayerMistakes: readonly Misconception[] = [
  ...leakyMistakes({ upstream: 0, Z: 1, slope: 2 }),
  {
    id: "other-layers-derivative",
    name: "the derivative of tanh at the leaky ReLU's layer",
    hint: "Each layer has its own activation function. Which one is between Z2 and A2?",
    wrong: (_, dA, Z) => dA.map((d, i, j) => d * steepness(Z.get(i, j))),
  },
  signFlipped,
];

/** ∂loss/∂Z1 of `backward`, from ∂loss/∂A1, Z1 and the slope. */
export const firstLayerMistakes: readonly Misconception[] = [
  ...tanhMistakes({ upstream: 0, Z: 1 }),
  {
    id: "other-layers-derivative",
    name: "the derivative of the leaky ReLU at the tanh's layer",
    hint: "Each layer has its own activation function. Which one is between Z1 and A1?",
    wrong: (_, dA, Z, slope) => dA.map((d, i, j) => d * (Z.get(i, j) > 0 ? 1 : slope.data[0])),
  },
  signFlipped,
];
