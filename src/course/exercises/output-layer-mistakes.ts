/** The misconceptions of the assignment on the output layer. Most of them spoil the right answer, whatever it is. */
import type { Misconception } from "../../equations/equation";
import { meanFactors, signFlipped } from "../../equations/mistakes";
import type { Matrix } from "../../matrix";

/** 1/T left out, upside down, or taken twice. `argument` says which argument T is, counted from 0. */
function temperatureFactors(argument: number): Misconception[] {
  const T = (args: readonly Matrix[]) => args[argument].data[0];
  return [
    {
      id: "missing-1/T",
      name: "the factor that the temperature brings is missing",
      hint: "Between Z2 and the probabilities lies the step Z2/T. The chain rule passes through it: with what derivative?",
      wrong: (right, ...args) => right.scale(T(args)),
      onTopOfOthers: true,
    },
    {
      id: "times-T",
      name: "multiplied by the temperature instead of divided",
      hint: "At a high temperature the probabilities hardly react to a logit. Should the derivative be large or small then?",
      wrong: (right, ...args) => right.scale(T(args) ** 2),
      onTopOfOthers: true,
    },
    {
      id: "1/T-twice",
      name: "divided by the temperature twice",
      hint: "There is one division by T between a logit and its probabilities, so the chain rule has one factor for it.",
      wrong: (right, ...args) => right.scale(1 / T(args)),
      onTopOfOthers: true,
    },
  ];
}

/** Of `temperatureJacobian(a, T)`. */
export const temperatureJacobianMistakes: readonly Misconception[] = [
  ...temperatureFactors(1),
  {
    id: "plus-off-the-diagonal",
    name: "the sign off the diagonal is plus",
    hint: "The probabilities sum to 1 at any temperature. If one of them grows, what must happen to the others?",
    wrong: (right) => right.map((d, j, k) => (j === k ? d : -d)),
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
    hint: "That is how the logarithm of a probability changes. How do you get from there to the probability?",
    wrong: (right, a) => right.map((d, j) => d / a.data[j]),
  },
  {
    id: "delta-missing",
    name: "δ is missing: the diagonal looks like the rest",
    hint: "On the diagonal the numerator depends on the logit as well as the denominator.",
    wrong: (right, a, T) => right.map((d, j, k) => (j === k ? -(a.data[j] ** 2) / T.data[0] : d)),
  },
  {
    id: "diagonal-without-1-minus-A",
    name: "the diagonal lacks its factor 1 − A_j",
    hint: "The denominator contains the exponential of this logit too. What does the quotient rule make of it?",
    wrong: (right, a, T) => right.map((d, j, k) => (j === k ? a.data[j] / T.data[0] : d)),
  },
];

/** Of `gradZ2WithTemperature(A2, Y, T)`. */
export const temperatureGradientMistakes: readonly Misconception[] = [
  ...temperatureFactors(2),
  ...meanFactors("It comes in once, at the first step back."),
  {
    ...signFlipped,
    hint: "Raising the logit of the true class makes the loss smaller. What sign must its gradient have?",
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
    hint: "This is what a plus sign off the Jacobian's diagonal leads to. What should each row of ∂loss/∂Z2 sum to?",
    wrong: (right, _, Y) => right.map((d, i, k) => (Y.get(i, k) === 1 ? d : -d)),
  },
  {
    id: "y-missing",
    name: "Y is missing",
    hint: "If the network is sure and right, the gradient should vanish. Does yours?",
    wrong: (_, A, __, T) => A.scale(1 / A.rows / T.data[0]),
  },
];

/** Of `gradZ2Weighted(A2, Y, epsilon, w)`. */
export const weightedGradientMistakes: readonly Misconception[] = [
  ...meanFactors("It comes in once, at the first step back."),
  {
    ...signFlipped,
    hint: "Raising the logit of the true class makes the loss smaller. What sign must its gradient have?",
  },
  {
    id: "weights-and-smoothing-ignored",
    name: "neither the weights nor the smoothing are there: this is E10",
    hint: "E10 belongs to another loss. Write this one down and differentiate it anew.",
    wrong: (_, A, Y) => A.minus(Y).scale(1 / A.rows),
  },
  {
    id: "weights-ignored",
    name: "the class weights are ignored",
    hint: "A class that weighs more should pull harder. Where do the w_j stand in the loss?",
    wrong: (_, A, Y, epsilon) => A.minus(targetsOf(Y, epsilon)).scale(1 / A.rows),
  },
  {
    id: "weights-on-the-columns",
    name: "E10 with smoothed labels, each column times its class's weight",
    hint: "A logit moves the probabilities of all classes, and each of them has its own weight. Which weights meet in column k?",
    wrong: (_, A, Y, epsilon, w) => A.minus(targetsOf(Y, epsilon)).map((d, __, k) => (d * w.data[k]) / A.rows),
  },
  {
    id: "weight-of-the-true-class",
    name: "E10 with smoothed labels, each row times the weight of its true class",
    hint: "That would be right for one-hot labels. With smoothed ones the other classes are in the loss too, with weights of their own.",
    wrong: (_, A, Y, epsilon, w) => {
      const own = Y.times(w.T).data;
      return A.minus(targetsOf(Y, epsilon)).map((d, i) => (d * own[i]) / A.rows);
    },
  },
  {
    id: "weighted-targets-taken-to-sum-to-1",
    name: "the weighted targets are taken to sum to 1",
    hint: "In E10 the factor of A2_k was Σ_j y_j, which is 1. What is that sum here?",
    wrong: (_, A, Y, epsilon, w) => A.minus(targetsOf(Y, epsilon).map((t, __, k) => t * w.data[k])).scale(1 / A.rows),
  },
  {
    id: "spread-over-the-others",
    name: "ε is shared among the other C − 1 classes only, and the weights are on the columns",
    hint: "Here ε is spread over all C classes, the true one too; and a column needs more than its own weight.",
    wrong: (_, A, Y, epsilon, w) =>
      A.map((a, i, k) => {
        const e = epsilon.data[0];
        return ((a - (Y.get(i, k) === 1 ? 1 - e : e / (Y.cols - 1))) * w.data[k]) / A.rows;
      }),
  },
];

/** The penalty of a gradient got wrong. `argument` says which argument is penalised; λ is the one after it. */
function penaltyMistakes(argument: number, letter: string): Misconception[] {
  const penalised = (args: readonly Matrix[], factor: (lambda: number) => number) =>
    args[argument].scale(factor(args[argument + 1].data[0]));
  return [
    {
      id: "penalty-missing",
      name: "the penalty has no part in it",
      hint: `The loss has a second term that depends on ${letter}. A sum is differentiated term by term.`,
      wrong: (right, ...args) => right.minus(penalised(args, (l) => l)),
    },
    {
      id: "penalty-subtracted",
      name: "the penalty's gradient is subtracted",
      hint: `Does a larger ${letter} make the penalty larger or smaller?`,
      wrong: (right, ...args) => right.minus(penalised(args, (l) => 2 * l)),
    },
    {
      id: "penalty-twice",
      name: "the penalty's gradient is twice as large",
      hint: "The ½ in the penalty is there for a reason: what does the square's derivative bring?",
      wrong: (right, ...args) => right.plus(penalised(args, (l) => l)),
    },
    {
      id: "half-the-penalty",
      name: "the penalty's gradient is half as large",
      hint: "½ λ w² has the derivative … The ½ does not survive.",
      wrong: (right, ...args) => right.minus(penalised(args, (l) => l / 2)),
    },
    {
      id: "penalty-over-N",
      name: "the penalty is divided by N",
      hint: "The mean over the samples is in the first term of the loss only. The penalty is added once, whatever N is.",
      wrong: (right, ...args) => right.minus(penalised(args, (l) => l)).plus(penalised(args, (l) => l / args[0].rows)),
    },
    {
      id: "penalty-for-every-sample",
      name: "the penalty is counted once for every sample",
      hint: "The mean over the samples is in the first term of the loss only. The penalty is added once, whatever N is.",
      wrong: (right, ...args) => right.minus(penalised(args, (l) => l)).plus(penalised(args, (l) => l * args[0].rows)),
    },
    {
      id: "lambda-alone",
      name: `λ is added without ${letter}`,
      hint: `The derivative of ½ λ w² still depends on w. Large weights should be pulled harder.`,
      wrong: (right, ...args) => right.minus(penalised(args, (l) => l)).map((d) => d + args[argument + 1].data[0]),
    },
    {
      id: "sign-of-the-weights",
      name: `λ times the sign of ${letter}`,
      hint: "That is the derivative of λ|w|, the L1 penalty. This one has squares.",
      wrong: (right, ...args) =>
        right
          .minus(penalised(args, (l) => l))
          .plus(args[argument].map((w) => args[argument + 1].data[0] * Math.sign(w))),
    },
    {
      id: "penalty-only",
      name: "only the penalty is there",
      hint: "The first term of the loss depends on it as well. Add its gradient.",
      wrong: (_, ...args) => penalised(args, (l) => l),
    },
  ];
}

/** Of `gradW2WithPenalty(A1, dZ2, W2, lambda)`. */
export const penalisedWeightMistakes: readonly Misconception[] = [
  ...penaltyMistakes(2, "W2"),
  {
    id: "1/N-again",
    name: "the first term is divided by N once more",
    hint: "dZ2 already carries the mean's 1/N.",
    wrong: (right, A, _, W, lambda) =>
      right
        .minus(W.scale(lambda.data[0]))
        .scale(1 / A.rows)
        .plus(W.scale(lambda.data[0])),
  },
  signFlipped,
];

/** Of `gradB2WithPenalty(dZ2, b2, lambda)`. */
export const penalisedBiasMistakes: readonly Misconception[] = [
  ...penaltyMistakes(1, "b2"),
  {
    id: "mean-instead-of-sum",
    name: "the mean over the samples instead of the sum",
    hint: "dZ2 already carries the mean's 1/N. The samples' shares are added up.",
    wrong: (right, dZ, b, lambda) =>
      right
        .minus(b.scale(lambda.data[0]))
        .scale(1 / dZ.rows)
        .plus(b.scale(lambda.data[0])),
  },
  {
    id: "not-summed",
    name: "the samples are not added up",
    hint: "b2 is one row, and a gradient has the shape of what it is the gradient of.",
    wrong: (_, dZ, b, lambda) => dZ.plusRow(b.scale(lambda.data[0])),
  },
  signFlipped,
];

/** The labels after smoothing. */
function targetsOf(Y: Matrix, epsilon: Matrix): Matrix {
  const e = epsilon.data[0];
  return Y.map((y) => (1 - e) * y + e / Y.cols);
}
