/** The misconceptions of the assignment on the forward pass. */
import type { Misconception } from "../../equations/equation";
import {
  exponentials,
  logSoftmax,
  maximum,
  normalised,
  rowMaximum,
  stableSoftmax,
} from "../../equations/softmax-pieces";
import type { Matrix } from "../../matrix";

/** Of `leakyRelu(Z1, slope)`. */
export const leakyReluMistakes: readonly Misconception[] = [
  {
    id: "plain-relu",
    name: "nothing passes below 0: this is the plain ReLU",
    hint: "A leaky ReLU lets a small share of a negative pre-activation through. Where does `slope` come in?",
    wrong: (right) => right.map((a) => Math.max(0, a)),
  },
  {
    id: "slope-on-both-sides",
    name: "the slope multiplies the positive side as well",
    hint: "On the right-hand side of 0 a leaky ReLU is the identity.",
    wrong: (_, Z, slope) => Z.scale(slope.data[0]),
  },
  {
    id: "sides-swapped",
    name: "the two sides have changed places",
    hint: "Which side should be damped: the numbers above 0 or those below?",
    wrong: (_, Z, slope) => Z.map((z) => (z > 0 ? slope.data[0] * z : z)),
  },
  {
    id: "turned-up",
    name: "negative pre-activations come out positive",
    hint: "The line below 0 goes on downwards, only less steeply. What sign has your result there?",
    wrong: (right) => right.map(Math.abs),
  },
  {
    id: "constant-below-0",
    name: "below 0 the result is the slope itself, not slope · z",
    hint: "A slope is multiplied with something. Your result below 0 does not depend on z.",
    wrong: (right, _, slope) => right.map((a) => (a < 0 ? slope.data[0] : a)),
  },
  {
    id: "constant-minus-slope",
    name: "below 0 the result is −slope, whatever z is",
    hint: "A slope is multiplied with something. Your result below 0 does not depend on z.",
    wrong: (right, _, slope) => right.map((a) => (a < 0 ? -slope.data[0] : a)),
  },
  {
    id: "derivative-instead",
    name: "this is the derivative, not the function",
    hint: "Your results are all 1 or `slope`. That is how steep the function is, not how high.",
    wrong: (_, Z, slope) => Z.map((z) => (z > 0 ? 1 : slope.data[0])),
  },
  {
    id: "slope-0.01",
    name: "the slope is always 0.01",
    hint: "0.01 is a popular choice. This function is told which slope to use.",
    wrong: (_, Z) => Z.map((z) => (z > 0 ? z : 0.01 * z)),
  },
  {
    id: "exponential",
    name: "an exponential tail, as in the ELU",
    hint: "slope · (e^z − 1) bends and levels off. A leaky ReLU is straight on both sides.",
    wrong: (right, Z, slope) => right.map((a, i, j) => (a < 0 ? slope.data[0] * Math.expm1(Z.get(i, j)) : a)),
  },
];

/** Of `softmaxWithTemperature(Z2, T)`. */
export const temperatureMistakes: readonly Misconception[] = [
  {
    id: "temperature-ignored",
    name: "the temperature is ignored",
    hint: "Your result is the ordinary softmax. A high temperature should make the probabilities more alike: where must T act for that?",
    wrong: (_, Z) => stableSoftmax(Z),
  },
  {
    id: "times-T",
    name: "the logits are multiplied by T",
    hint: "Which way should it go? A high temperature softens the softmax, and yours makes it harder.",
    wrong: (_, Z, T) => stableSoftmax(Z.scale(T.data[0])),
  },
  {
    id: "divided-afterwards",
    name: "the probabilities are divided by T, not the logits",
    hint: "Your rows sum to 1/T. The temperature acts before the exponential.",
    wrong: (_, Z, T) => stableSoftmax(Z).scale(1 / T.data[0]),
  },
  {
    id: "numerator-only",
    name: "T is in the numerator only",
    hint: "The sum below has to be the sum of just those numbers that stand above. What do your rows sum to?",
    wrong: (_, Z, T) => {
      const sums = exponentials(Z).rowSums().data;
      return exponentials(Z.scale(1 / T.data[0])).map((e, i) => e / sums[i]);
    },
  },
  {
    id: "denominator-only",
    name: "T is in the denominator only",
    hint: "The numbers above have to be those that the sum below is made of. What do your rows sum to?",
    wrong: (_, Z, T) => {
      const sums = exponentials(Z.scale(1 / T.data[0])).rowSums().data;
      return exponentials(Z).map((e, i) => e / sums[i]);
    },
  },
  {
    id: "temperature-on-the-exponentials",
    name: "the exponentials are divided by T",
    hint: "A factor on every exponential cancels. T has to act inside the exponent, or it does nothing.",
    wrong: (right, _, T) => right.map((a) => a / T.data[0]),
  },
  {
    id: "no-maximum-subtracted",
    name: "nothing is subtracted before the exponential",
    hint: "The formula is right, but e^1000 is infinite here and ∞/∞ is NaN. What may you subtract from a row without changing its softmax?",
    wrong: (_, Z, T) => normalised(Z.map((z) => Math.exp(z / T.data[0]))),
  },
  {
    id: "maximum-not-divided",
    name: "the maximum is subtracted without being divided by T",
    hint: "The formula is right, but at logits of ±1000 it overflows or underflows. The largest exponent of a row should be exactly 0: is it?",
    wrong: (_, Z, T) => normalised(Z.map((z, i) => Math.exp(z / T.data[0] - rowMaximum(Z, i)))),
  },
  {
    id: "global-maximum",
    name: "what is subtracted is not each row's own maximum, but that of the whole matrix, say",
    hint: "A row far below what is subtracted underflows to 0/0. Whose maximum should a row use, and does yours start at 0?",
    wrong: (_, Z, T) => {
      const largest = maximum(Z);
      return normalised(Z.map((z) => Math.exp((z - largest) / T.data[0])));
    },
  },
  {
    id: "over-the-columns",
    name: "normalised over the samples instead of the classes",
    hint: "Your columns sum to 1. Which sum should be 1 for one sample?",
    wrong: (_, Z, T) => stableSoftmax(Z.scale(1 / T.data[0]).T.toMatrix()).T.toMatrix(),
  },
  {
    id: "not-normalised",
    name: "the shifted exponentials are not divided by their sum",
    hint: "The largest entry of each row is 1. What do the rows sum to, and what should they?",
    wrong: (_, Z, T) => exponentials(Z.scale(1 / T.data[0])),
  },
  {
    id: "log-softmax",
    name: "this is the logarithm of the softmax",
    hint: "All your numbers are below 0. The logarithm comes later, in the loss.",
    wrong: (_, Z, T) => logSoftmax(Z.scale(1 / T.data[0])),
  },
];

/** Of `smoothedCrossEntropy(Z2, Y, epsilon)`, which returns a number. */
export const smoothingMistakes: readonly Misconception[] = [
  {
    id: "not-smoothed",
    name: "the labels are not smoothed",
    hint: "This is the plain cross-entropy. With smoothing every class has a share in the target: what becomes of y_ij?",
    wrong: lossWith(logSoftmax, (y) => y),
  },
  {
    id: "spread-over-the-others",
    name: "ε is shared among the other C − 1 classes only",
    hint: "Here ε is spread over all C classes, and the true one gets its part too. What is its target then?",
    wrong: lossWith(logSoftmax, (y, e, C) => (y === 1 ? 1 - e : e / (C - 1))),
  },
  {
    id: "true-class-short",
    name: "the true class's own share ε/C is missing",
    hint: "Your targets of one sample do not sum to 1. Which class has lost its part of ε?",
    wrong: lossWith(logSoftmax, (y, e, C) => (y === 1 ? 1 - e : e / C)),
  },
  {
    id: "added-without-taking",
    name: "ε/C is added to every class, and nothing is taken from the true one",
    hint: "The targets of one sample should sum to 1. Yours sum to 1 + ε.",
    wrong: lossWith(logSoftmax, (y, e, C) => y + e / C),
  },
  {
    id: "epsilon-to-every-class",
    name: "every class gets ε instead of ε/C",
    hint: "The targets of one sample should sum to 1: ε is to be shared among the classes.",
    wrong: lossWith(logSoftmax, (y, e) => (1 - e) * y + e),
  },
  {
    id: "epsilon-and-1-minus-epsilon-swapped",
    name: "ε and 1 − ε have changed places",
    hint: "ε is the small share that is spread out. How much should stay with the true class?",
    wrong: lossWith(logSoftmax, (y, e, C) => e * y + (1 - e) / C),
  },
  {
    id: "sum-instead-of-mean",
    name: "the sum over the samples instead of their mean",
    hint: "Twice as many samples of the same kind should give the same loss.",
    wrong: (right, Z) => right.scale(Z.rows),
    onTopOfOthers: true,
  },
  {
    id: "mean-over-all-entries",
    name: "divided by N·C, the number of entries, instead of N",
    hint: "The loss adds up the classes, and is a mean over the samples only.",
    wrong: (right, Z) => right.scale(1 / Z.cols),
    onTopOfOthers: true,
  },
  {
    id: "sign-flipped",
    name: "the sign is the wrong way round",
    hint: "A logarithm of a probability is below 0. A loss should be above it.",
    wrong: (right) => right.scale(-1),
    onTopOfOthers: true,
  },
  {
    id: "through-the-probabilities",
    name: "the logarithm is taken of probabilities that have underflowed to 0",
    hint: "The formula is right, but at logits of ±1000 a probability is 0 and its logarithm −∞. Can you get to ln A2 without A2?",
    wrong: lossWith((Z) => stableSoftmax(Z).map(Math.log), smoothed),
  },
  {
    id: "no-maximum-subtracted",
    name: "nothing is subtracted before the exponential",
    hint: "The formula is right, but e^1000 is infinite here. What may you subtract from a row of logits first?",
    wrong: lossWith((Z) => {
      const sums = Z.map(Math.exp).rowSums().data;
      return Z.map((z, i) => z - Math.log(sums[i]));
    }, smoothed),
  },
  {
    id: "logits-for-logarithms",
    name: "the normalising sum is missing: the logits stand where ln A2 belongs",
    hint: "ln A2 is the logit minus something that is the same for the whole row.",
    wrong: lossWith((Z) => Z, smoothed),
  },
];

/** What a class with label y gets of the target, with e spread over all C classes. */
function smoothed(y: number, e: number, C: number): number {
  return (1 - e) * y + e / C;
}

/** The mean loss with these logarithms of probabilities and this target, in the shape of the right answer. */
function lossWith(logarithms: (Z: Matrix) => Matrix, target: typeof smoothed): Misconception["wrong"] {
  return (right, Z, Y, epsilon) => {
    const logs = logarithms(Z);
    const terms = Y.map((y, i, j) => {
      const share = target(y, epsilon.data[0], Y.cols);
      return share === 0 ? 0 : share * logs.get(i, j);
    });
    return right.map(() => -terms.sum() / Y.rows);
  };
}
