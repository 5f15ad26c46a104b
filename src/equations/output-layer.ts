/** E7–E12: the registry's entries from the loss back to W2 and b2. */
import { gradA2, gradB2, gradW2, gradZ2, gradZ2ByChainRule, softmaxJacobian } from "../backward";
import { lossFromLogits, notes } from "../formula/notes";
import { Matrix } from "../matrix";
import {
  type Expectation,
  jacobianExpectations,
  ownScale,
  roundingErrors,
  withinRounding,
} from "../oracles/expectation";
import { rationalGradZ2, rationalJacobian } from "../oracles/rational";
import { type Equation, gradientOf, type Misconception } from "./equation";
import { biasGradient, throughOutputLayer, weightGradient } from "./layer-gradients";
import { meanFactors, signFlipped } from "./mistakes";
import {
  equalLogits,
  hugeLogits,
  lostTrueClass,
  ordinaryOfAllSizes,
  probabilities,
  rationalProbabilities,
  type Symbols,
  saturated,
  twoClasses,
} from "./situations";

const prediction = [
  { name: "A2", rows: "N", cols: "C" },
  { name: "Y", rows: "N", cols: "C" },
] as const;

/** E7. */
export const E7: Equation = {
  id: "E7",
  title: "From the loss to the probabilities",
  latex: "\\frac{\\partial\\,\\text{loss}}{\\partial A_2} = -\\frac{1}{N} \\frac{Y}{A_2}",
  functionName: "gradA2",
  notebook: "02-softmax-and-cross-entropy",
  parameters: prediction,
  result: { name: "dA2", rows: "N", cols: "C" },
  reference: gradA2,
  situations: [...probabilities, hugeLogits],
  ...gradientOf({ objective: notes.E6[0], variable: "A2", scale: ownScale }, notes.E7),
  misconceptions: [
    ...meanFactors("It comes in here, at the first step back."),
    { ...signFlipped, hint: "The loss is a minus times a logarithm. What became of the minus?" },
    {
      id: "without-y",
      name: "y is missing: every class gets −1/A",
      hint: "Which probabilities does the loss of a sample look at, when y is one-hot?",
      wrong: (_, A) => A.map((a) => -1 / a / A.rows),
    },
    {
      id: "times-instead-of-over",
      name: "y is multiplied by A",
      hint: "How steep is the logarithm where its argument is small? Your slope is flat there.",
      wrong: (_, A, Y) => Y.hadamard(A).scale(-1 / A.rows),
    },
    {
      id: "not-differentiated",
      name: "this is the loss of each entry, not its derivative",
      hint: "−y ln A is what you started from. How does it change when A does?",
      wrong: (_, A, Y) => Y.map((y, i, j) => (y === 0 ? 0 : (-y * Math.log(A.get(i, j))) / A.rows)),
    },
    {
      id: "with-respect-to-Z2",
      name: "this is the derivative with respect to Z2",
      hint: "A2 − Y is where the next steps lead. Here the variable is the probability itself, before the softmax comes in.",
      wrong: (_, A, Y) => A.minus(Y).scale(1 / A.rows),
    },
    {
      id: "zero-over-zero",
      name: "0/0, or 0 · ∞, became NaN",
      hint: "Where y is 0 the loss does not look at A at all. Its derivative there is 0, even if A has underflowed to 0.",
      wrong: (_, A, Y) => Y.map((y, i, j) => -y / A.get(i, j) / A.rows),
    },
    {
      id: "squared",
      name: "A is squared",
      hint: "−1/x² is the derivative of something else. Which function does the loss take of A?",
      wrong: (_, A, Y) => Y.map((y, i, j) => (y === 0 ? 0 : -y / A.get(i, j) ** 2 / A.rows)),
    },
    {
      id: "shifted",
      name: "a small number is added to A",
      hint: "It keeps the quotient finite, and quietly changes it. E7 is only asked where A is above 0, and where y is 0 it is 0.",
      wrong: shiftedBy(1e-12),
      variants: [1e-15, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, Number.EPSILON].map(shiftedBy),
    },
    {
      id: "1-minus-y-term",
      name: "a term (1−y)/(1−A) has come in",
      hint: "That belongs to the loss of a yes/no question for each class. Here only the true class's probability is in the loss.",
      wrong: (right, A, Y) => right.map((d, i, j) => (Y.get(i, j) === 1 ? d : 1 / (1 - A.get(i, j)) / A.rows)),
    },
  ],
};

const jacobianSituations = [
  ...ordinaryOfAllSizes,
  twoClasses,
  equalLogits,
  saturated,
  hugeLogits,
  rationalProbabilities,
];

/** E8. */
export const E8: Equation = {
  id: "E8",
  title: "The softmax Jacobian",
  latex: "\\frac{\\partial A_{2j}}{\\partial Z_{2k}} = A_{2j}\\,(\\delta_{jk} - A_{2k})",
  functionName: "softmaxJacobian",
  notebook: "02-softmax-and-cross-entropy",
  parameters: [{ name: "a", rows: "1", cols: "C" }],
  result: { name: "J", rows: "C", cols: "C" },
  reference: softmaxJacobian,
  situations: jacobianSituations,
  formulas: notes.E8,
  expectations: (symbols) => {
    const errors = roundingErrors(notes.E8, symbols);
    const expectations = jacobianExpectations(notes.E4[0], "Z2", symbols, errors);
    return symbols.counts === undefined ? expectations : [exactJacobian(symbols), ...expectations];
  },
  misconceptions: [
    {
      id: "plus-off-the-diagonal",
      name: "the sign off the diagonal is plus",
      hint: "The probabilities always sum to 1. If one of them grows, what must happen to the others, and what does a column sum to?",
      wrong: (right, a) => right.map((d, j, k) => (j === k ? d : a.data[j] * a.data[k])),
    },
    {
      id: "diagonal-only",
      name: "only the diagonal is there",
      hint: "Every logit is in the denominator of every probability. What does that say about the entries with j ≠ k?",
      wrong: (right) => right.map((d, j, k) => (j === k ? d : 0)),
    },
    signFlipped,
    {
      id: "factor-A_j-missing",
      name: "the factor A_j is missing: this is the derivative of ln A_j",
      hint: "δ − A_k is how the logarithm of a probability changes. How do you get from there to the probability?",
      wrong: (_, a) => square(a, (j, k) => (j === k ? 1 : 0) - a.data[k]),
    },
    {
      id: "factor-A_k-missing",
      name: "δ − A_j, with the indices exchanged and a factor missing",
      hint: "Which probability stands in front of the bracket, and whose logit is inside?",
      wrong: (_, a) => square(a, (j, k) => (j === k ? 1 : 0) - a.data[j]),
    },
    {
      id: "outer-product-only",
      name: "δ is missing: this is −A_j A_k everywhere",
      hint: "On the diagonal the numerator depends on the logit as well as the denominator.",
      wrong: (_, a) => square(a, (j, k) => -a.data[j] * a.data[k]),
    },
    {
      id: "diagonal-without-1-minus-A",
      name: "the diagonal is A_j",
      hint: "The denominator contains e^{Z_j} too. What does the quotient rule make of it?",
      wrong: (right, a) => right.map((d, j, k) => (j === k ? a.data[j] : d)),
    },
    {
      id: "same-everywhere",
      name: "A_j (1 − A_k) in every entry",
      hint: "On which of the two, diagonal or off it, does the numerator depend on the logit at all? Use the quotient rule for each.",
      wrong: (_, a) => square(a, (j, k) => a.data[j] * (1 - a.data[k])),
    },
    {
      id: "diagonal-squared",
      name: "A_j² on the diagonal",
      hint: "Does your derivative of e^{Z_j} / Σ with respect to Z_j treat the numerator as a constant?",
      wrong: (right, a) => right.map((d, j, k) => (j === k ? a.data[j] ** 2 : d)),
    },
  ],
};

const chainSituations = [...probabilities, rationalProbabilities];

/** E9 and E10 are one gradient by two routes: the oracles start from the logits. */
function logitGradient(formulas: Equation["formulas"]): Pick<Equation, "formulas" | "expectations"> {
  const { expectations } = gradientOf({ objective: lossFromLogits, variable: "Z2" }, formulas, [notes.E4[0]]);
  return {
    formulas,
    expectations: (symbols) =>
      symbols.counts === undefined ? expectations(symbols) : [exactLogitGradient(symbols), ...expectations(symbols)],
  };
}

const logitGradientMistakes: Misconception[] = [
  ...meanFactors("It comes in once, with E7, at the first step back."),
  {
    ...signFlipped,
    hint: "Raising the logit of the true class makes the loss smaller. What sign must its gradient have?",
  },
];

/** E9. */
export const E9: Equation = {
  id: "E9",
  title: "The chain rule, summed over all paths",
  latex:
    "\\frac{\\partial\\,\\text{loss}}{\\partial Z_{2,ik}} = \\sum_j \\frac{\\partial\\,\\text{loss}}{\\partial A_{2,ij}} \\frac{\\partial A_{2,ij}}{\\partial Z_{2,ik}}",
  functionName: "gradZ2ByChainRule",
  notebook: "02-softmax-and-cross-entropy",
  parameters: prediction,
  result: { name: "dZ2", rows: "N", cols: "C" },
  reference: gradZ2ByChainRule,
  situations: chainSituations,
  ...logitGradient(notes.E9),
  misconceptions: [
    ...logitGradientMistakes,
    {
      id: "plus-off-the-diagonal",
      name: "the Jacobian's sign off the diagonal is plus",
      hint: "Right for the true class and wrong for all others: look at the entries of E8 with j ≠ k.",
      wrong: (right, A, Y) => right.map((d, i, k) => (Y.get(i, k) === 1 ? d : -A.get(i, k) / A.rows)),
    },
    {
      id: "diagonal-only",
      name: "only the path j = k is counted",
      hint: "Z2_k reaches the loss through every A2_j, not only through its own. Add up all paths.",
      wrong: (right, _, Y) => right.map((d, i, k) => (Y.get(i, k) === 1 ? d : 0)),
    },
    {
      id: "one-jacobian-for-all",
      name: "the first sample's Jacobian is used for every sample",
      hint: "The Jacobian depends on the probabilities, and these differ from sample to sample.",
      wrong: (_, A, Y) => {
        const first = A.row(0).data;
        return Y.map((_, i, k) => {
          const y = Y.toRows()[i].indexOf(1);
          return (-first[y] * ((y === k ? 1 : 0) - first[k])) / A.get(i, y) / A.rows;
        });
      },
    },
    {
      id: "jacobian-only",
      name: "∂loss/∂A2 is missing: these are the true class's Jacobian rows",
      hint: "Each arrow of the path has its weight. The last arrow, from A2_j to the loss, is not there.",
      wrong: (right, A, Y) => right.map((d, i) => d * -A.get(i, Y.toRows()[i].indexOf(1))),
    },
    {
      id: "jacobian-missing",
      name: "∂loss/∂A2 is handed on as it is",
      hint: "The gradient has to pass the softmax. Which matrix says how the probabilities answer to the logits?",
      wrong: (_, A, Y) => Y.map((y, i, j) => (y === 0 ? 0 : -y / A.get(i, j) / A.rows)),
    },
  ],
};

/** E10. */
export const E10: Equation = {
  id: "E10",
  title: "The collapsed gradient of the logits",
  latex: "\\frac{\\partial\\,\\text{loss}}{\\partial Z_2} = \\frac{1}{N} (A_2 - Y)",
  functionName: "gradZ2",
  notebook: "02-softmax-and-cross-entropy",
  parameters: prediction,
  result: { name: "dZ2", rows: "N", cols: "C" },
  reference: gradZ2,
  situations: [...chainSituations, hugeLogits, lostTrueClass],
  ...logitGradient(notes.E10),
  misconceptions: [
    ...logitGradientMistakes,
    {
      id: "with-respect-to-A2",
      name: "this is the derivative with respect to A2",
      hint: "−Y/A2 is one step back from the loss. Z2 is two steps back.",
      wrong: (_, A, Y) => Y.map((y, i, j) => (y === 0 ? 0 : -y / A.get(i, j) / A.rows)),
    },
    {
      id: "true-class-only",
      name: "only the true class has a gradient",
      hint: "Raising any other logit takes probability away from the true class. So what is its gradient?",
      wrong: (right, _, Y) => right.hadamard(Y),
    },
    {
      id: "plus-off-the-diagonal",
      name: "the other classes have the wrong sign",
      hint: "This is what the plus sign off the Jacobian's diagonal leads to. What does each row of ∂loss/∂Z2 sum to?",
      wrong: (right, A, Y) => right.map((d, i, k) => (Y.get(i, k) === 1 ? d : -A.get(i, k) / A.rows)),
    },
    {
      id: "only-Y-over-N",
      name: "only Y is divided by N",
      hint: "The 1/N belongs to the whole difference. Are there brackets around it?",
      wrong: (_, A, Y) => A.minus(Y.scale(1 / A.rows)),
    },
    {
      id: "extra-derivative",
      name: "multiplied by A2(1 − A2) once more",
      hint: "The softmax's derivative is already inside A2 − Y. Which habit brought it in again: the squared error?",
      wrong: (right, A) => right.map((d, i, j) => d * A.get(i, j) * (1 - A.get(i, j))),
    },
    {
      id: "twice",
      name: "twice as large",
      hint: "A 2 comes from squaring something. Is anything squared in the cross-entropy?",
      wrong: (right) => right.scale(2),
      onTopOfOthers: true,
    },
    {
      id: "minus-1-everywhere",
      name: "1 is subtracted from every class",
      hint: "Only the true class has y = 1. What does one-hot mean for the others?",
      wrong: (_, A) => A.map((a) => (a - 1) / A.rows),
    },
    {
      id: "y-missing",
      name: "Y is missing: this is A2",
      hint: "If the network is sure and right, the gradient should vanish. Does yours?",
      wrong: (_, A) => A.scale(1 / A.rows),
    },
  ],
};

/** E11. */
export const E11 = weightGradient(
  {
    id: "E11",
    formulas: notes.E11,
    title: "The gradient of W2",
    latex:
      "\\frac{\\partial\\,\\text{loss}}{\\partial W_2} = A_1^{\\top} \\cdot \\frac{\\partial\\,\\text{loss}}{\\partial Z_2}",
    functionName: "gradW2",
    notebook: "03-output-layer",
    reference: gradW2,
  },
  { input: "A1", upstream: "dZ2", result: "dW2", inputs: "H", units: "C", objective: throughOutputLayer },
);

/** E12. */
export const E12 = biasGradient(
  {
    id: "E12",
    formulas: notes.E12,
    title: "The gradient of b2",
    latex:
      "\\frac{\\partial\\,\\text{loss}}{\\partial b_2} = \\sum_{\\text{samples}} \\frac{\\partial\\,\\text{loss}}{\\partial Z_2}",
    functionName: "gradB2",
    notebook: "03-output-layer",
    reference: gradB2,
  },
  { upstream: "dZ2", result: "db2", units: "C", objective: throughOutputLayer },
);

/** −y / (A + small) / N. */
function shiftedBy(small: number): Misconception["wrong"] {
  return (_, A, Y) => Y.map((y, i, j) => -y / (A.get(i, j) + small) / A.rows);
}

/** A C×C matrix of f(j, k). */
function square(a: Matrix, f: (j: number, k: number) => number): Matrix {
  return Matrix.generate(a.cols, a.cols, f);
}

function exactJacobian({ counts, a }: Symbols): Expectation {
  const J = rationalJacobian(Array.from(counts.row(0).data));
  const terms = square(a, (j, k) => a.data[j] * ((j === k ? 1 : 0) + a.data[k]));
  return withinRounding(
    "rational numbers",
    square(a, (j, k) => J[j][k].valueOf()),
    terms,
  );
}

function exactLogitGradient({ counts, A2, Y }: Symbols): Expectation {
  const gradient = rationalGradZ2(
    counts.toRows(),
    Y.toRows().map((row) => row.indexOf(1)),
  );
  const terms = A2.plus(Y).scale(1 / A2.rows);
  return withinRounding(
    "rational numbers",
    terms.map((_, i, k) => gradient[i][k].valueOf()),
    terms,
  );
}
