/** The misconceptions of the assignment on training. */
import type { Misconception } from "../../equations/equation";
import type { Matrix } from "../../matrix";

/** Of `findWrongEntries(loss, W, gradient)`; `true` is the gradient as it should be. */
export const gradientCheckMistakes: readonly Misconception[] = [
  {
    id: "never-complains",
    name: "no entry is ever marked",
    hint: "Several of the gradients that were handed to you are wrong on purpose. What makes your comparison say that they are fine?",
    wrong: (right) => right.map(() => 0),
  },
  {
    id: "marks-everything",
    name: "every entry is marked",
    hint: "Two numbers that were found in different ways are never exactly equal. How large a difference should count?",
    wrong: (right) => right.map(() => 1),
  },
  {
    id: "marks-inverted",
    name: "the right entries are marked",
    hint: "1 stands for a wrong entry, 0 for a right one.",
    wrong: (right) => right.map((mark) => 1 - mark),
  },
  {
    id: "all-or-nothing",
    name: "if one entry is wrong, all are marked",
    hint: "Compare entry by entry: whoever looks for the bug wants to know where it is.",
    wrong: (right) => right.map(() => (right.sum() > 0 ? 1 : 0)),
  },
  {
    id: "stops-at-the-first",
    name: "only the first wrong entry is marked",
    hint: "After one wrong entry there may be more. Does something end your loop early?",
    wrong: (right) => {
      const first = right.data.indexOf(1);
      return right.map((mark, i, j) => (i * right.cols + j === first ? mark : 0));
    },
  },
  {
    id: "absolute-difference",
    twins: ["too-generous"],
    name: "absolute differences are compared, so that small entries can be wrong by much",
    hint: "0.001 is a large error in 0.02 and none in 2000. What should the difference be measured against?",
    wrong: (right, _, handed, truth) =>
      right.map((__, i, j) => (Math.abs(handed.get(i, j) - truth.get(i, j)) > 0.1 ? 1 : 0)),
  },
  {
    id: "sign-ignored",
    name: "an entry with the wrong sign is not noticed",
    hint: "Where do you take the absolute value: of each number, or of their difference?",
    wrong: (right, _, handed, truth) =>
      right.map((mark, i, j) =>
        mark === 1 && Math.abs(handed.get(i, j) + truth.get(i, j)) < 1e-9 && handed.get(i, j) !== 0 ? 0 : mark,
      ),
  },
  {
    id: "too-generous",
    twins: ["absolute-difference"],
    name: "an error of a few per cent is let pass",
    hint: "A central difference is good to many digits. An error of one per cent is a bug, not rounding.",
    wrong: (right, _, handed, truth) =>
      right.map((__, i, j) => {
        const [a, b] = [handed.get(i, j), truth.get(i, j)];
        return a !== b && Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b)) > 0.1 ? 1 : 0;
      }),
  },
  {
    id: "zero-never-wrong",
    name: "an entry that should be 0 is never marked",
    hint: "If one of two numbers is 0 and the other is not, how large is their relative error?",
    wrong: (right, _, __, truth) => right.map((mark, i, j) => (truth.get(i, j) === 0 ? 0 : mark)),
  },
];

/** The arguments of a step: W, V, dW, learningRate, momentum. */
type Step = [W: Matrix, V: Matrix, dW: Matrix, learningRate: Matrix, momentum: Matrix];

/** The new velocity of `momentumStep`. */
export const velocityMistakes: readonly Misconception[] = [
  {
    id: "no-momentum",
    name: "the old velocity is forgotten: this is the gradient",
    hint: "A share of the old velocity stays. How large a share?",
    wrong: (_, ...[, , dW]: Step) => dW.copy(),
  },
  {
    id: "damped",
    name: "the gradient is multiplied by 1 − μ",
    hint: "That is a running mean, as in Adam. Here the gradient comes in whole.",
    wrong: (right, ...[, , dW, , momentum]: Step) => right.minus(dW.scale(momentum.data[0])),
  },
  {
    id: "learning-rate-in-the-velocity",
    name: "the learning rate is in the velocity already",
    hint: "Here the velocity is made of gradients, and η comes in where the weights move.",
    wrong: (right, ...[, , dW, learningRate]: Step) => right.minus(dW.scale(1 - learningRate.data[0])),
  },
  {
    id: "gradient-subtracted",
    name: "the gradient is subtracted from the velocity",
    hint: "Here the velocity points uphill, like the gradient; the weights go against it. One minus is enough.",
    wrong: (right, ...[, , dW]: Step) => right.minus(dW.scale(2)),
  },
  {
    id: "full-momentum",
    name: "the old velocity is kept whole",
    hint: "Without friction the velocity grows and grows. What does μ multiply?",
    wrong: (right, ...[, V, , , momentum]: Step) => right.plus(V.scale(1 - momentum.data[0])),
  },
  {
    id: "unchanged",
    name: "the velocity stays as it was",
    hint: "What does each step add to the velocity?",
    wrong: (_, ...[, V]: Step) => V.copy(),
  },
];

/** The new weights of `momentumStep`. */
export const weightStepMistakes: readonly Misconception[] = [
  {
    id: "uphill",
    name: "the step goes uphill",
    hint: "The gradient points to where the loss grows. Which way do you want to go?",
    wrong: (right, ...[W]: Step) => W.scale(2).minus(right),
  },
  {
    id: "plain-gradient-descent",
    name: "the step follows the gradient, not the velocity",
    hint: "The velocity is computed and then not used. What should the weights follow?",
    wrong: (_, ...[W, , dW, learningRate]: Step) => W.minus(dW.scale(learningRate.data[0])),
  },
  {
    id: "old-velocity",
    name: "the step follows the old velocity",
    hint: "First the velocity takes in the gradient, then the weights follow it.",
    wrong: (_, ...[W, V, , learningRate]: Step) => W.minus(V.scale(learningRate.data[0])),
  },
  {
    id: "learning-rate-missing",
    name: "the learning rate is missing",
    hint: "How far along the velocity does one step go?",
    wrong: (right, ...[W, , , learningRate]: Step) => W.plus(right.minus(W).scale(1 / learningRate.data[0])),
  },
  {
    id: "nesterov",
    name: "this is Nesterov's variant, which looks one step ahead",
    hint: "A fine method, but another one: here the weights follow the new velocity itself.",
    wrong: (right, ...[W, , dW, learningRate, momentum]: Step) =>
      W.plus(right.minus(W).scale(momentum.data[0])).minus(dW.scale(learningRate.data[0])),
  },
  {
    id: "unchanged",
    name: "the weights stay as they were",
    hint: "What becomes of the weights in a step?",
    wrong: (_, ...[W]: Step) => W.copy(),
  },
];
