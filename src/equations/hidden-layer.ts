/** E13–E17: the registry's entries from the logits back through the hidden layer to W1 and b1. */
import { gradA1, gradB1, gradW1, gradZ1, reluPrime } from "../backward";
import { chain, inNotes, notes } from "../formula/notes";
import { Matrix } from "../matrix";
import { type Equation, gradientOf, type Misconception } from "./equation";
import {
  biasGradient,
  linearSituations,
  throughHiddenLayer,
  throughOutputLayer,
  weightGradient,
} from "./layer-gradients";
import { signFlipped } from "./mistakes";
import { exactZeros, oneSample, ordinaryOfAllSizes, twoClasses, wideMagnitudes } from "./situations";

const notebook = "04-hidden-layer";

/** E13. */
export const E13: Equation = {
  id: "E13",
  title: "Back through W2 to the activations",
  latex:
    "\\frac{\\partial\\,\\text{loss}}{\\partial A_1} = \\frac{\\partial\\,\\text{loss}}{\\partial Z_2} \\cdot W_2^{\\top}",
  functionName: "gradA1",
  notebook,
  parameters: [
    { name: "dZ2", rows: "N", cols: "C" },
    { name: "W2", rows: "H", cols: "C" },
  ],
  result: { name: "dA1", rows: "N", cols: "H" },
  reference: gradA1,
  situations: linearSituations,
  ...gradientOf({ objective: throughOutputLayer, variable: "A1" }, notes.E13),
  misconceptions: [
    {
      id: "W2-not-transposed",
      name: "W2 is used as it is",
      hint: "Row h of W2 holds the arrows that leave unit h. Going back, along which index do you sum?",
      wrong: (_, dZ2, W2) => dZ2.times(W2),
      square: true,
    },
    {
      id: "result-transposed",
      name: "the result is transposed",
      hint: "A gradient has the shape of what it is the gradient of: A1 is N×H.",
      wrong: (right) => right.T.toMatrix(),
      onTopOfOthers: true,
      twins: ["factors-swapped"],
    },
    {
      id: "factors-swapped",
      name: "the factors are swapped",
      hint: "Write the shapes below dZ2 and W2: which order gives one row per sample?",
      wrong: (_, dZ2, W2) => W2.times(dZ2.T),
      twins: ["result-transposed"],
    },
    {
      id: "upstream-transposed",
      name: "dZ2 is transposed",
      hint: "Each row of dZ2 is one sample, and each row of the result too. Which factor has to be turned?",
      wrong: (_, dZ2, W2) => dZ2.T.times(W2),
      square: true,
    },
    {
      id: "swapped-without-transpose",
      name: "the factors are swapped, and none is transposed",
      hint: "Write the shapes below dZ2 and W2. The sum runs over the classes: where is C in each?",
      wrong: (_, dZ2, W2) => W2.times(dZ2),
      square: true,
    },
    {
      id: "element-wise",
      name: "an element-wise product where a matrix product belongs",
      hint: "Each unit reaches every logit. Its gradient is a sum over all of them.",
      wrong: (_, dZ2, W2) => dZ2.hadamard(W2),
      square: true,
    },
    {
      id: "element-wise-transposed",
      name: "an element-wise product with W2ᵀ where a matrix product belongs",
      hint: "Each unit reaches every logit. Its gradient is a sum over all of them.",
      wrong: (_, dZ2, W2) => dZ2.hadamard(W2.T.toMatrix()),
      square: true,
    },
    lastClassOnly((dZ2, W2) => lastPath(dZ2, W2)),
    {
      id: "1/N-again",
      name: "divided by N once more",
      hint: "dZ2 already carries the mean's 1/N, and passing it on needs no other.",
      wrong: (right, dZ2) => right.scale(1 / dZ2.rows),
      onTopOfOthers: true,
    },
    {
      id: "averaged-over-classes",
      name: "the mean over the classes instead of the sum",
      hint: "The chain rule adds up the paths through all logits. It does not average them.",
      wrong: (right, _, W2) => right.scale(1 / W2.cols),
      onTopOfOthers: true,
    },
    signFlipped,
  ],
};

/** E14. */
export const E14: Equation = {
  id: "E14",
  title: "The derivative of ReLU",
  latex:
    "\\frac{\\partial A_1}{\\partial Z_1} = \\mathrm{ReLU}'(Z_1) = \\begin{cases} 1 & Z_1 > 0 \\\\ 0 & Z_1 \\le 0 \\end{cases}",
  functionName: "reluPrime",
  notebook,
  parameters: [{ name: "Z1", rows: "N", cols: "H" }],
  result: { name: "reluPrime", rows: "N", cols: "H" },
  reference: reluPrime,
  situations: [...ordinaryOfAllSizes, oneSample, wideMagnitudes, exactZeros],
  ...gradientOf({ objective: chain(notes.E2[0], inNotes("passed = Σ_i Σ_h A1[i,h]")), variable: "Z1" }, notes.E14),
  misconceptions: [
    {
      id: "1-at-0",
      name: "1 at exactly 0, from Z1 ≥ 0",
      hint: "Everywhere else you are right. At exactly 0 ReLU has no derivative; the convention here, and in PyTorch, is 0.",
      wrong: (_, Z) => Z.map((z) => (z >= 0 ? 1 : 0)),
    },
    {
      id: "half-at-0",
      name: "½ at exactly 0",
      hint: "A central difference sees ½ there, the mean of both sides. The convention here, and in PyTorch, is 0.",
      wrong: (_, Z) => Z.map((z) => (z > 0 ? 1 : z === 0 ? 0.5 : 0)),
    },
    {
      id: "relu-itself",
      name: "this is ReLU, not its derivative",
      hint: "Where a unit is on, its activation grows exactly as fast as its pre-activation, however large that is.",
      wrong: (_, Z) => Z.map((z) => Math.max(0, z)),
    },
    {
      id: "always-1",
      name: "1 everywhere",
      hint: "What happens to the activation of a unit that is off, if its pre-activation moves a little?",
      wrong: (_, Z) => Z.map(() => 1),
    },
    {
      id: "sign",
      name: "−1 where the pre-activation is negative",
      hint: "That is the derivative of |z|. ReLU is flat below 0.",
      wrong: (_, Z) => Z.map((z) => (z > 0 ? 1 : z < 0 ? -1 : 0)),
    },
    {
      id: "upside-down",
      name: "1 where the unit is off, 0 where it is on",
      hint: "Which units let a change through?",
      wrong: (_, Z) => Z.map((z) => (z > 0 ? 0 : 1)),
    },
    {
      id: "leaky",
      name: "0.01 below 0, as in a leaky ReLU",
      hint: "This ReLU is flat below 0.",
      wrong: (_, Z) => Z.map((z) => (z > 0 ? 1 : 0.01)),
    },
    {
      id: "sigmoid-prime",
      name: "the sigmoid's derivative",
      hint: "The notes write σ′, but the σ here is ReLU.",
      wrong: (_, Z) => Z.map((z) => Math.exp(-Math.abs(z)) / (1 + Math.exp(-Math.abs(z))) ** 2),
    },
  ],
};

/** E15. */
export const E15: Equation = {
  id: "E15",
  title: "The gradient of the pre-activations",
  latex:
    "\\frac{\\partial\\,\\text{loss}}{\\partial Z_1} = \\left( \\frac{\\partial\\,\\text{loss}}{\\partial Z_2} \\cdot W_2^{\\top} \\right) \\odot \\mathrm{ReLU}'(Z_1)",
  functionName: "gradZ1",
  notebook,
  parameters: [
    { name: "dZ2", rows: "N", cols: "C" },
    { name: "W2", rows: "H", cols: "C" },
    { name: "Z1", rows: "N", cols: "H" },
  ],
  result: { name: "dZ1", rows: "N", cols: "H" },
  reference: gradZ1,
  situations: [...ordinaryOfAllSizes, oneSample, twoClasses, wideMagnitudes, exactZeros],
  ...gradientOf({ objective: chain(notes.E2[0], throughOutputLayer), variable: "Z1" }, notes.E15),
  misconceptions: [
    {
      id: "mask-missing",
      name: "∂loss/∂A1 itself, as it comes",
      hint: "What does a unit that is off pass back?",
      wrong: (_, dZ2, W2) => dZ2.times(W2.T),
    },
    {
      id: "1-at-0",
      name: "the mask is 1 at exactly 0, from Z1 ≥ 0",
      hint: "Everywhere else you are right. At exactly 0 the convention decides, and here, as in PyTorch, ReLU′(0) is 0.",
      wrong: (_, dZ2, W2, Z1) => masked(dZ2.times(W2.T), Z1, (z) => (z >= 0 ? 1 : 0)),
    },
    {
      id: "half-at-0",
      name: "the mask is ½ at exactly 0",
      hint: "A central difference sees ½ there. The convention here, and in PyTorch, is ReLU′(0) = 0.",
      wrong: (_, dZ2, W2, Z1) => masked(dZ2.times(W2.T), Z1, (z) => (z > 0 ? 1 : z === 0 ? 0.5 : 0)),
    },
    {
      id: "relu-instead-of-its-derivative",
      name: "multiplied by ReLU(Z1), the activation",
      hint: "The chain rule multiplies by how fast A1 changes, not by A1.",
      wrong: (_, dZ2, W2, Z1) => masked(dZ2.times(W2.T), Z1, (z) => Math.max(0, z)),
    },
    {
      id: "Z1-instead-of-its-mask",
      name: "multiplied by Z1",
      hint: "The chain rule multiplies by how fast A1 changes with Z1. Is that Z1?",
      wrong: (_, dZ2, W2, Z1) => masked(dZ2.times(W2.T), Z1, (z) => z),
    },
    {
      id: "mask-on-the-gradient",
      name: "the mask looks at ∂loss/∂A1 instead of Z1",
      hint: "A unit passes its gradient back if it was on in the forward pass, whatever the sign of the gradient.",
      wrong: (_, dZ2, W2) => dZ2.times(W2.T).map(positivePart),
    },
    lastClassOnly((dZ2, W2, Z1) => masked(lastPath(dZ2, W2), Z1, (z) => (z > 0 ? 1 : 0))),
    {
      id: "mask-upside-down",
      name: "the mask is upside down",
      hint: "Which units let a change through: those that are on, or those that are off?",
      wrong: (_, dZ2, W2, Z1) => masked(dZ2.times(W2.T), Z1, (z) => (z > 0 ? 0 : 1)),
    },
    {
      id: "mask-on-W2",
      name: "ReLU′ is applied to W2 instead of the gradient",
      hint: "What is switched on or off is a unit for one sample, not a weight. Which matrix has one entry for each of these?",
      wrong: (_, dZ2, W2) => dZ2.times(W2.map(positivePart).T),
    },
    {
      id: "mask-on-dZ2",
      name: "ReLU′ is applied to dZ2 before the product",
      hint: "The ReLU sits between Z1 and A1. Going back, which do you meet first: W2 or the ReLU?",
      wrong: (_, dZ2, W2) => dZ2.map(positivePart).times(W2.T),
    },
    {
      id: "sign-of-the-mask",
      name: "multiplied by the sign of Z1",
      hint: "Below 0, ReLU is flat. It does not slope downwards.",
      wrong: (_, dZ2, W2, Z1) => masked(dZ2.times(W2.T), Z1, Math.sign),
    },
    {
      id: "W2-not-transposed",
      name: "W2 is used as it is",
      hint: "Row h of W2 holds the arrows that leave unit h. Going back, along which index do you sum?",
      wrong: (_, dZ2, W2, Z1) => masked(dZ2.times(W2), Z1, (z) => (z > 0 ? 1 : 0)),
      square: true,
    },
    {
      id: "element-wise-product-with-W2",
      name: "⊙ is used with the weights",
      hint: "· and ⊙ have changed places somewhere. Which step is a layer of weights, and which is a function entry by entry?",
      wrong: (_, dZ2, W2, Z1) => masked(dZ2.hadamard(W2.T.toMatrix()), Z1, (z) => (z > 0 ? 1 : 0)),
      square: true,
    },
    {
      id: "matrix-product-with-the-mask",
      name: "· is used with the mask",
      hint: "Each unit's Jacobian is diagonal: A1 of one unit depends on Z1 of the same unit only. What does a diagonal matrix do in a product?",
      wrong: (_, dZ2, W2, Z1) => dZ2.times(W2.T).times(Z1.map((z) => (z > 0 ? 1 : 0))),
      square: true,
    },
    {
      id: "result-transposed",
      name: "the result is transposed",
      hint: "A gradient has the shape of what it is the gradient of: Z1 is N×H.",
      wrong: (right) => right.T.toMatrix(),
      onTopOfOthers: true,
    },
    {
      id: "1/N-again",
      name: "divided by N once more",
      hint: "dZ2 already carries the mean's 1/N, and passing it on needs no other.",
      wrong: (right, dZ2) => right.scale(1 / dZ2.rows),
      onTopOfOthers: true,
    },
    signFlipped,
  ],
};

/** E16. */
export const E16 = weightGradient(
  {
    id: "E16",
    formulas: notes.E16,
    title: "The gradient of W1",
    latex:
      "\\frac{\\partial\\,\\text{loss}}{\\partial W_1} = X^{\\top} \\cdot \\frac{\\partial\\,\\text{loss}}{\\partial Z_1}",
    functionName: "gradW1",
    notebook,
    reference: gradW1,
  },
  { input: "X", upstream: "dZ1", result: "dW1", inputs: "D", units: "H", objective: throughHiddenLayer },
);

/** E17. */
export const E17 = biasGradient(
  {
    id: "E17",
    formulas: notes.E17,
    title: "The gradient of b1",
    latex:
      "\\frac{\\partial\\,\\text{loss}}{\\partial b_1} = \\sum_{\\text{samples}} \\frac{\\partial\\,\\text{loss}}{\\partial Z_1}",
    functionName: "gradB1",
    notebook,
    reference: gradB1,
  },
  { upstream: "dZ1", result: "db1", units: "H", objective: throughHiddenLayer },
);

function lastClassOnly(wrong: (dZ2: Matrix, W2: Matrix, Z1: Matrix) => Matrix): Misconception {
  return {
    id: "last-logit-only",
    name: "only the path through the last logit counts",
    hint: "Each unit reaches every logit. Does your loop add to the result, or write over it?",
    wrong: (_, ...args) => wrong(args[0], args[1], args[2]),
  };
}

/** dZ2 · W2ᵀ with nothing but the last term of each sum. */
function lastPath(dZ2: Matrix, W2: Matrix): Matrix {
  return Matrix.generate(dZ2.rows, W2.rows, (i, h) => dZ2.get(i, dZ2.cols - 1) * W2.get(h, W2.cols - 1));
}

function positivePart(x: number): number {
  return Math.max(0, x);
}

/** gradient ⊙ f(Z1). */
function masked(gradient: Matrix, Z1: Matrix, f: (z: number) => number): Matrix {
  return gradient.hadamard(Z1.map(f));
}
