/** E1–E6: the registry's entries of the forward pass. Their oracles compute the values with 30 digits. */

import { notes, onPaper } from "../formula/notes";
import type { Formula } from "../formula/tree";
import { affine, crossEntropy, crossEntropyPerSample, relu, softmax } from "../forward";
import { Matrix } from "../matrix";
import { type Equation, type Misconception, statedValue } from "./equation";
import { meanFactors, signFlipped } from "./mistakes";
import {
  exactZeros,
  hugeLogits,
  lostTrueClass,
  oneSample,
  ordinaryOfAllSizes,
  probabilities,
  twoClasses,
  wideMagnitudes,
} from "./situations";
import { exponentials, logSoftmax, maximum, normalised, rowMaximum, stableSoftmax } from "./softmax-pieces";

const notebook = "01-forward-pass";

/** What people add to a probability, or clip it to, to keep the logarithm finite. */
const SMALL_NUMBERS = [
  1e-12,
  1e-15,
  1e-10,
  1e-9,
  1e-8,
  1e-7,
  1e-6,
  1e-5,
  1e-4,
  1e-3,
  1e-14,
  1e-16,
  1e-20,
  1e-30,
  Number.EPSILON,
  1e-100,
  1e-300,
  Number.MIN_VALUE,
];

function affineEquation(
  entry: Pick<Equation, "id" | "title" | "latex">,
  formulas: readonly Formula[],
  [input, weights, bias]: [string, string, string],
  [result, inputs, units]: [string, string, string],
): Equation {
  return {
    ...entry,
    functionName: "affine",
    notebook,
    parameters: [
      { name: input, rows: "N", cols: inputs },
      { name: weights, rows: inputs, cols: units },
      { name: bias, rows: "1", cols: units },
    ],
    result: { name: result, rows: "N", cols: units },
    reference: affine,
    situations: [...ordinaryOfAllSizes, oneSample, twoClasses, wideMagnitudes],
    ...statedValue(formulas),
    misconceptions: affineMistakes(input, weights, bias),
  };
}

function affineMistakes(input: string, weights: string, bias: string): Misconception[] {
  return [
    {
      id: "bias-missing",
      name: "the product alone",
      hint: `The product ${input}·${weights} is right. What else does a unit add to what it hears?`,
      wrong: (_, X, W) => X.times(W),
    },
    {
      id: "bias-subtracted",
      name: `${bias} is subtracted`,
      hint: "Look at the sign between the product and the bias.",
      wrong: (_, X, W, b) => X.times(W).plusRow(b.scale(-1)),
    },
    {
      id: "bias-on-the-first-row-only",
      name: `${bias} is added to the first sample only`,
      hint: "The same bias belongs to every sample, that is to every row.",
      wrong: (_, X, W, b) => X.times(W).map((z, i, j) => (i === 0 ? z + b.data[j] : z)),
    },
    {
      id: "result-transposed",
      name: "the result is transposed",
      hint: "One row per sample, one column per unit: which way do yours lie?",
      wrong: (right) => right.T.toMatrix(),
      onTopOfOthers: true,
    },
    {
      id: "factors-swapped",
      name: "the factors are swapped",
      hint: `Write the shapes below ${input} and ${weights}: the inner sizes must be equal, and the outer ones remain.`,
      wrong: (_, X, W, b) => W.times(X).plusRow(b),
      square: true,
    },
    {
      id: "weights-transposed",
      name: `${weights} is transposed`,
      hint: `Each column of ${weights} belongs to one unit. Which sum does your product form?`,
      wrong: (_, X, W, b) => X.times(W.T).plusRow(b),
      square: true,
    },
    {
      id: "input-transposed",
      name: `${input} is transposed`,
      hint: `Each row of ${input} is one sample, and each row of the result too.`,
      wrong: (_, X, W, b) => X.T.times(W).plusRow(b),
      square: true,
    },
    {
      id: "element-wise",
      name: "an element-wise product where a matrix product belongs",
      hint: "Every unit looks at every input. That is a sum of products, not one product per entry.",
      wrong: (_, X, W, b) => X.hadamard(W).plusRow(b),
      square: true,
    },
    {
      id: "bias-down-the-columns",
      name: `${bias} is added along the wrong axis`,
      hint: "There is one bias per column. Yours changes from row to row.",
      wrong: (_, X, W, b) => X.times(W).map((z, i) => z + b.data[i]),
    },
  ];
}

/** E1. */
export const E1 = affineEquation(
  { id: "E1", title: "Pre-activations of the hidden layer", latex: "Z_1 = X W_1 + b_1" },
  notes.E1,
  ["X", "W1", "b1"],
  ["Z1", "D", "H"],
);

/** E2. */
export const E2: Equation = {
  id: "E2",
  title: "ReLU",
  latex: "A_1 = \\mathrm{ReLU}(Z_1) = \\max(0, Z_1)",
  functionName: "relu",
  notebook,
  parameters: [{ name: "Z1", rows: "N", cols: "H" }],
  result: { name: "A1", rows: "N", cols: "H" },
  reference: relu,
  situations: [...ordinaryOfAllSizes, oneSample, wideMagnitudes, exactZeros],
  ...statedValue(notes.E2),
  misconceptions: [
    {
      id: "nothing-cut-off",
      name: "negative pre-activations pass through",
      hint: "What should come out where the pre-activation is below 0?",
      wrong: (_, Z) => Z.copy(),
    },
    {
      id: "absolute-value",
      name: "the absolute value instead of the maximum with 0",
      hint: "A pre-activation of −3 does not become 3.",
      wrong: (_, Z) => Z.map(Math.abs),
    },
    {
      id: "derivative-instead",
      name: "this is ReLU's derivative, not ReLU",
      hint: "Where a unit is on, its activation is the pre-activation itself, not 1.",
      wrong: (_, Z) => Z.map((z) => (z > 0 ? 1 : 0)),
    },
    {
      id: "minimum",
      name: "the minimum with 0 instead of the maximum",
      hint: "Which half passes through: the numbers above 0 or those below?",
      wrong: (_, Z) => Z.map((z) => Math.min(0, z)),
    },
    {
      id: "leaky",
      name: "a leaky ReLU with slope 0.01",
      hint: "This ReLU lets nothing through below 0, not even a hundredth.",
      wrong: (_, Z) => Z.map((z) => (z > 0 ? z : 0.01 * z)),
    },
    {
      id: "capped-at-1",
      name: "cut off at 1 as well",
      hint: "ReLU has a floor and no ceiling.",
      wrong: (_, Z) => Z.map((z) => Math.min(1, Math.max(0, z))),
    },
    {
      id: "sigmoid",
      name: "the sigmoid instead of ReLU",
      hint: "Your numbers all lie between 0 and 1. ReLU is simpler than that.",
      wrong: (_, Z) => Z.map((z) => 1 / (1 + Math.exp(-z))),
    },
    {
      id: "softplus",
      name: "the softplus instead of ReLU",
      hint: "ln(1 + e^z) is a smooth cousin of ReLU. ReLU itself has a corner at 0.",
      wrong: (_, Z) => Z.map((z) => Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z)))),
    },
  ],
};

/** E3. */
export const E3 = affineEquation(
  { id: "E3", title: "Logits", latex: "Z_2 = A_1 W_2 + b_2" },
  notes.E3,
  ["A1", "W2", "b2"],
  ["Z2", "H", "C"],
);

const OVERFLOWS =
  "On logits of ±1000 something overflows or becomes 0/0: either nothing is subtracted before the exponential, or something other than each row's own maximum.";

/** E4. */
export const E4: Equation = {
  id: "E4",
  title: "Softmax",
  latex: "A_{2j} = \\mathrm{softmax}(Z_2)_j = \\frac{e^{Z_{2j}}}{\\sum_k e^{Z_{2k}}}",
  functionName: "softmax",
  notebook,
  parameters: [{ name: "Z2", rows: "N", cols: "C" }],
  result: { name: "A2", rows: "N", cols: "C" },
  reference: softmax,
  situations: [...probabilities, hugeLogits],
  ...statedValue(notes.E4),
  onPaper: onPaper.E4,
  misconceptions: [
    {
      id: "over-the-columns",
      name: "normalised over the samples instead of the classes",
      hint: "Your columns sum to 1. Which sum should be 1 for one sample?",
      wrong: (_, Z) => stableSoftmax(Z.T.toMatrix()).T.toMatrix(),
    },
    {
      id: "over-the-whole-matrix",
      name: "normalised over the whole matrix",
      hint: "All your entries together sum to 1. One sample's probabilities should do so by themselves.",
      wrong: (_, Z) => {
        const max = maximum(Z);
        const exps = Z.map((z) => Math.exp(z - max));
        return exps.scale(1 / exps.sum());
      },
    },
    {
      id: "no-maximum-subtracted",
      name: "nothing is subtracted before the exponential",
      hint: "The formula is right, but e^1000 is infinite here and ∞/∞ is NaN. What may you subtract from a row without changing its softmax?",
      whereRefused: OVERFLOWS,
      wrong: (_, Z) => normalised(Z.map(Math.exp)),
    },
    {
      id: "global-maximum",
      name: "what is subtracted is not each row's own maximum, but that of the whole matrix, say",
      hint: "A row far below what is subtracted underflows to 0/0. Whose maximum should a row use, and does yours start at 0?",
      whereRefused: OVERFLOWS,
      wrong: (_, Z) => {
        const max = maximum(Z);
        return normalised(Z.map((z) => Math.exp(z - max)));
      },
    },
    {
      id: "maximum-above-the-bar-only",
      name: "the maximum is subtracted above the fraction bar only",
      hint: "Do your rows sum to 1? What is subtracted in one exponent has to be subtracted in all of them.",
      wrong: (_, Z) => {
        const sums = Z.map(Math.exp).rowSums();
        return exponentials(Z).map((e, i) => e / sums.data[i]);
      },
    },
    {
      id: "maximum-outside-the-exponent",
      name: "the maximum is subtracted from the exponential, not in the exponent",
      hint: "e^(z − m) and e^z − m are two things. Which one cancels above and below the fraction bar?",
      wrong: (_, Z) => normalised(Z.map((z, i) => Math.exp(z) - rowMaximum(Z, i))),
    },
    {
      id: "not-normalised",
      name: "the exponentials are not divided by their sum",
      hint: "Probabilities sum to 1. What do your rows sum to?",
      wrong: (_, Z) => Z.map(Math.exp),
    },
    {
      id: "not-normalised-shifted",
      name: "the shifted exponentials are not divided by their sum",
      hint: "The largest entry of each row is 1. What do the rows sum to, and what should they?",
      wrong: (_, Z) => exponentials(Z),
    },
    {
      id: "no-exponential",
      name: "the logits themselves are divided by their sum",
      hint: "Logits may be negative, and so may your results. What makes every number positive first?",
      wrong: (_, Z) => normalised(Z),
    },
    {
      id: "log-softmax",
      name: "this is the logarithm of the softmax",
      hint: "All your numbers are below 0. The logarithm comes later, in the loss.",
      wrong: (_, Z) => logSoftmax(Z),
    },
    {
      id: "base-2",
      name: "powers of 2 instead of e",
      hint: "The softmax is made of e^z. Which base is yours?",
      wrong: (_, Z) => stableSoftmax(Z.scale(Math.LN2)),
    },
    {
      id: "sigmoid",
      name: "a sigmoid of each logit by itself",
      hint: "Each of your entries looks at its own logit only. In a softmax the classes compete.",
      wrong: (_, Z) => Z.map((z) => 1 / (1 + Math.exp(-z))),
    },
    {
      id: "sign-of-the-logits",
      name: "the exponent has the wrong sign",
      hint: "Your most likely class is the one with the smallest logit.",
      wrong: (_, Z) => stableSoftmax(Z.scale(-1)),
    },
    {
      id: "hard-maximum",
      name: "all or nothing: 1 for the largest logit, 0 elsewhere",
      hint: "That is the arg max. The softmax leaves something for the others.",
      wrong: (_, Z) => Z.map((z, i) => (z === Math.max(...Z.row(i).data) ? 1 : 0)),
    },
  ],
};

const prediction = [
  { name: "A2", rows: "N", cols: "C" },
  { name: "Y", rows: "N", cols: "C" },
] as const;

const lossSituations = [...probabilities, hugeLogits, lostTrueClass];

/** E5. */
export const E5: Equation = {
  id: "E5",
  title: "Cross-entropy of one sample",
  latex: "L_i = -\\sum_j y_{ij} \\ln A_{2,ij}",
  functionName: "crossEntropyPerSample",
  notebook,
  parameters: prediction,
  result: { name: "L", rows: "N", cols: "1" },
  reference: crossEntropyPerSample,
  situations: lossSituations.filter((situation) => situation !== lostTrueClass),
  ...statedValue(notes.E5),
  misconceptions: [
    ...logarithmMistakes((Y, logs) => Y.map((y, i, j) => (y === 0 ? 0 : -y * logs.get(i, j))).rowSums()),
    { ...signFlipped, hint: "A logarithm of a probability is negative; a loss should not be." },
    {
      id: "all-classes",
      name: "the logarithms of all classes are summed",
      hint: "What does multiplying by y do, when y is one-hot?",
      wrong: (_, A) => A.map((a) => -Math.log(a)).rowSums(),
    },
    {
      id: "1-minus-y-term",
      name: "a term −(1−y) ln(1−A) has come in",
      hint: "That is the loss of a yes/no question for each class. Here the classes share one softmax, and only the true one counts.",
      wrong: (right, A, Y) => right.plus(A.map((a, i, j) => (Y.get(i, j) === 1 ? 0 : -Math.log(1 - a))).rowSums()),
    },
    {
      id: "zero-times-infinity",
      name: "0 · ln 0 became NaN",
      hint: "Where y is 0 the term counts as 0, whatever the logarithm is. Floating point disagrees: 0 · ∞ is NaN.",
      wrong: (_, A, Y) => Y.map((y, i, j) => -y * Math.log(A.get(i, j))).rowSums(),
    },
    {
      id: "no-sum",
      name: "the classes are not summed",
      hint: "A sample has one loss, not one per class.",
      wrong: (_, A, Y) => Y.map((y, i, j) => (y === 0 ? 0 : -y * Math.log(A.get(i, j)))),
    },
    {
      id: "already-averaged",
      name: "divided by N",
      hint: "This is still the loss of each sample by itself. The mean comes with the next equation.",
      wrong: (right, A) => right.scale(1 / A.rows),
      onTopOfOthers: true,
    },
    {
      id: "averaged-over-classes",
      name: "divided by the number of classes",
      hint: "The sum over j is a sum, not a mean.",
      wrong: (right, A) => right.scale(1 / A.cols),
      onTopOfOthers: true,
    },
    ...noLogarithm((M) => M.rowSums()),
  ],
};

/** E6. */
export const E6: Equation = {
  id: "E6",
  title: "The loss",
  latex: "\\text{loss} = -\\frac{1}{N} \\sum_i \\sum_j y_{ij} \\ln A_{2,ij}",
  functionName: "crossEntropy",
  notebook,
  parameters: prediction,
  result: { name: "loss", rows: "1", cols: "1", number: true },
  reference: crossEntropy,
  situations: lossSituations,
  ...statedValue(notes.E6),
  misconceptions: [
    {
      id: "summed-instead-of-averaged",
      name: "the samples' losses are summed instead of averaged",
      hint: "Twice as much data should not double the loss. What stands in front of the sums?",
      wrong: (right, A) => right.scale(A.rows),
      onTopOfOthers: true,
    },
    ...meanFactors("It stands in front of the sum over the samples.").filter(({ id }) => id !== "missing-1/N"),
    ...logarithmMistakes((Y, logs) => meanOver(Y, logs)),
    { ...signFlipped, hint: "A logarithm of a probability is negative; a loss should not be." },
    {
      id: "all-classes",
      name: "the logarithms of all classes are summed",
      hint: "What does multiplying by y do, when y is one-hot?",
      wrong: (_, A) => scalar(-A.map(Math.log).sum() / A.rows),
    },
    {
      id: "1-minus-y-term",
      name: "a term −(1−y) ln(1−A) has come in",
      hint: "That is the loss of a yes/no question for each class. Here the classes share one softmax, and only the true one counts.",
      wrong: (right, A, Y) =>
        right.plus(scalar(-A.map((a, i, j) => (Y.get(i, j) === 1 ? 0 : Math.log(1 - a))).sum() / A.rows)),
    },
    {
      id: "zero-times-infinity",
      name: "0 · ln 0 became NaN",
      hint: "Where y is 0 the term counts as 0, whatever the logarithm is. Floating point disagrees: 0 · ∞ is NaN.",
      wrong: (_, A, Y) => scalar(-Y.hadamard(A.map(Math.log)).sum() / A.rows),
    },
    ...noLogarithm((M) => scalar(M.sum() / M.rows)),
  ],
};

/** A number as a 1×1 matrix. */
function scalar(value: number): Matrix {
  return Matrix.zeros(1, 1).map(() => value);
}

/** −(1/N) Σ y · logs, with 0 · ∞ counted as 0. */
function meanOver(Y: Matrix, logs: Matrix): Matrix {
  return scalar(Y.map((y, i, j) => (y === 0 ? 0 : -y * logs.get(i, j))).sum() / Y.rows);
}

/** Another logarithm, or a logarithm of something other than the probability. `collect` sums −y · logs up. */
function logarithmMistakes(collect: (Y: Matrix, logs: Matrix) => Matrix): Misconception[] {
  const [first, ...others] = SMALL_NUMBERS;
  /** The mistake with the first of the small numbers, and its variants with the others. */
  const forEach = (log: (small: number) => (a: number) => number) => {
    const wrong = (small: number) => (_: Matrix, A: Matrix, Y: Matrix) => collect(Y, A.map(log(small)));
    return { wrong: wrong(first), variants: others.map(wrong) };
  };
  const kept =
    "It keeps the loss finite, and quietly changes it and its gradient. There is a better way: start from the logits.";
  return [
    {
      id: "base-2",
      name: "the logarithm to base 2",
      hint: "ln is the logarithm whose derivative is 1/x. Yours counts bits.",
      wrong: (_, A, Y) => collect(Y, A.map(Math.log2)),
    },
    {
      id: "base-10",
      name: "the logarithm to base 10",
      hint: "ln is the logarithm whose derivative is 1/x. Yours counts decimal places.",
      wrong: (_, A, Y) => collect(Y, A.map(Math.log10)),
    },
    {
      id: "clipped",
      name: "probabilities are clipped from below before the logarithm",
      hint: kept,
      ...forEach((small) => (a) => Math.log(Math.max(a, small))),
      twins: ["clipped-both-ways", "shifted"],
    },
    {
      id: "clipped-both-ways",
      name: "probabilities are clipped from below and from above before the logarithm",
      hint: kept,
      ...forEach((small) => (a) => Math.log(Math.min(Math.max(a, small), 1 - small))),
      twins: ["clipped", "shifted"],
    },
    {
      id: "shifted",
      name: "a small number is added before the logarithm",
      hint: kept,
      ...forEach((small) => (a) => Math.log(a + small)),
      twins: ["clipped", "clipped-both-ways"],
    },
  ];
}

/** A loss without the logarithm. */
function noLogarithm(collect: (M: Matrix) => Matrix): Misconception[] {
  return [
    {
      id: "no-logarithm",
      name: "the logarithm is missing",
      hint: "−y · A is never below −1, however wrong the answer. What makes being sure and wrong expensive?",
      wrong: (_, A, Y) => collect(Y.hadamard(A).scale(-1)),
    },
    {
      id: "squared-error",
      name: "the squared error instead of the cross-entropy",
      hint: "(A − y)² is another loss. This one takes a logarithm.",
      wrong: (_, A, Y) => collect(A.minus(Y).map((d) => d * d)),
    },
  ];
}
