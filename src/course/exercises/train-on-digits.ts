/**
 * The exercise of training on the digits: judged by what the network can do with digits that it has never seen.
 *
 * Pixels and classes come in an order that depends on the seed, so that weights from elsewhere are worth nothing as they
 * are. Who works out the order from the training data (the pixels' sums tell) can still use them; what is judged is the
 * network that comes back, not how it came to be.
 */

import { loadDigits } from "../../data/digits";
import { accuracy, predict } from "../../data/labels";
import type { Samples } from "../../data/samples";
import type { Dataset } from "../../data/split";
import { forward } from "../../forward";
import { Matrix } from "../../matrix";
import { Random } from "../../random";
import { Verdict } from "../../verification/verdict";
import type { Answer } from "../plain-data";
import type { Exercise } from "./exercise";

const PARAMETERS = ["W1", "b1", "W2", "b2"] as const;

/** The share of unseen digits that must be right. */
const WANTED = 0.95;

/** Which digits are held back. It is the same ones for every seed, so that a network that is good enough stays so. */
const SPLIT = 7;

const entry = {
  id: "T3",
  assignment: "train-it",
  title: "Train on the digits",
  latex: "\\text{accuracy on unseen digits} \\ge 95\\,\\%",
  functionName: "trainNetwork",
  points: 8,
  seconds: 90,
  oneDrawForAll: true,
} as const;

/** The ways in which training fails, and how they show; the first that holds is told. */
const failures: readonly {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly shows: (trained: Trained) => boolean;
}[] = [
  {
    id: "diverged",
    name: "the weights grew beyond all bounds",
    hint: "Weights that are NaN or infinite come from steps that are too long, or that go uphill. Which sign and which size has your step?",
    shows: ({ weights }) => weights.some((M) => M.data.some((w) => !(Math.abs(w) < 1e100))),
  },
  {
    id: "started-from-zeros",
    name: "the weights are all 0",
    hint: "From W1 = 0 and W2 = 0 no gradient ever reaches the weights. Where should they start?",
    shows: ({ weights: [W1, , W2] }) => [W1, W2].every((W) => W.data.every((w) => w === 0)),
  },
  {
    id: "hidden-units-alike",
    name: "all hidden units are the same",
    hint: "Units that start alike get the same gradients and stay alike: many units work as one. What breaks the symmetry?",
    shows: ({ weights: [W1] }) =>
      W1.cols > 1 && W1.data.every((w, k) => Math.abs(w - W1.data[k - (k % W1.cols)]) <= 1e-9),
  },
  {
    id: "all-units-off",
    name: "all hidden units are off for every digit",
    hint: "If no unit is on, nothing but b2 can learn. A step that is far too long can switch them all off.",
    shows: ({ activations }) => activations.data.every((a) => a === 0),
  },
  {
    id: "one-class-for-all",
    name: "every digit is taken for the same class",
    hint: "Look at b2, and at the size of the weights: does the input have any say in the answer?",
    shows: ({ predictions }) => predictions.every((k) => k === predictions[0]),
  },
  {
    id: "labels-one-on",
    name: "most digits are taken for the class one further on, or one back",
    hint: "Column k of Y is class k, counted from 0. From where do you count?",
    shows: ({ shifted }) => shifted > 0.5,
  },
  {
    id: "uphill",
    name: "the network has learned to be wrong",
    hint: "It is worse than guessing. Which way do your steps go?",
    shows: ({ share }) => share < 0.03,
  },
  {
    id: "no-better-than-guessing",
    name: "the network is no better than guessing",
    hint: "A batch takes the same rows of X and of Y. Are yours still together after shuffling, and do the steps change the weights?",
    shows: ({ share }) => share < 0.25,
  },
  {
    id: "stopped-too-early",
    name: "the network is on its way, and not there yet",
    hint: "Try more epochs, a larger learning rate, or smaller batches. Does the momentum help you along?",
    shows: () => true,
  },
];

/** Those that leave open what went wrong: short trainings are looked at, too. */
const VAGUE = new Set<string | undefined>(["uphill", "no-better-than-guessing", "stopped-too-early"]);

/** A trained network and what it does with digits it has not seen. */
interface Trained {
  /** W1, b1, W2, b2. */
  readonly weights: readonly Matrix[];
  readonly activations: Matrix;
  readonly predictions: readonly number[];
  readonly share: number;
  /** The share that would be right if every class were one further on, or one back. */
  readonly shifted: number;
}

/** How many samples a short training has. */
const FEW = 64;

/** trainNetwork(X, Y). */
export const T3: Exercise = {
  ...entry,
  misconceptions: failures,
  questions: (seed) => {
    const { training } = shuffled(seed);
    return [training, ...fewOf(training)].map(({ X, Y }) => [
      { kind: "matrix", value: X },
      { kind: "matrix", value: Y },
    ]);
  },
  judge: (seed, answer) => {
    const trained = evaluated(answer(0), shuffled(seed).test);
    if (typeof trained === "string") return verdict(seed, false, trained);
    const share = `${(100 * trained.share).toFixed(1)} % of the unseen digits are right`;
    if (trained.share >= WANTED) return verdict(seed, true, `${share}; ${100 * WANTED} % were asked for.`);
    const failure = failures.find(({ shows }) => shows(trained));
    const fixed = VAGUE.has(failure?.id) ? whatNeverChanges([1, 2, 3].map(answer)) : undefined;
    if (fixed !== undefined) {
      const explanation = `${share}; ${100 * WANTED} % are asked for. ${fixed.said}`;
      return verdict(seed, false, explanation, fixed);
    }
    const explanation = `${share}; ${100 * WANTED} % are asked for. This looks like: ${failure?.name}.`;
    return verdict(seed, false, explanation, failure);
  },
};

/** Three short trainings: on some samples, on others, and on the first half of those with another second half. */
function fewOf({ X, Y }: Samples): Samples[] {
  const rows = (from: number, count: number) => Array.from({ length: count }, (_, k) => from + k);
  const taken = (which: readonly number[]): Samples => ({ X: X.takeRows(which), Y: Y.takeRows(which) });
  const half = FEW / 2;
  return [rows(0, FEW), rows(FEW, FEW), [...rows(0, half), ...rows(FEW, half)]].map(taken);
}

/** What short trainings on different samples have in common, where steps that learn would have changed it. */
function whatNeverChanges(answers: readonly Answer[]) {
  const [one, other, half] = answers.map((answer) => (answer.kind === "record" ? answer.fields : {}));
  const isSame = (name: string, a: typeof one, b: typeof one) => {
    const [P, Q] = [a[name], b[name]];
    return Matrix.isMatrix(P) && Matrix.isMatrix(Q) && P.shape === Q.shape && P.data.every((x, k) => x === Q.data[k]);
  };
  const same = (a: typeof one, b: typeof one) => PARAMETERS.filter((name) => isSame(name, a, b));
  const never = same(one, other);
  if (never.length === PARAMETERS.length) {
    return {
      id: "nothing-learned",
      said: "Trained on other samples, it is the same network: nothing of the samples reaches it.",
      hint: "Which of your steps changes the parameters that you return?",
    };
  }
  if (never.length > 0) {
    const names = never.join(" and ");
    return {
      id: "never-changed",
      said: `${names} ${never.length === 1 ? "is" : "are"} the same whatever the samples are: no step changes ${never.length === 1 ? "it" : "them"}.`,
      hint: "A step changes W1, b1, W2 and b2. Which of them does yours leave out?",
    };
  }
  if (same(one, half).length === PARAMETERS.length) {
    return {
      id: "same-batch-always",
      said: `Trained on ${FEW} samples, it is the same network whatever the last ${FEW / 2} of them are.`,
      hint: "Which rows does each batch take? Does the place where it begins move on?",
    };
  }
  return undefined;
}

/** Plain samples of one seed, which are asked for again and again. */
let last: { readonly seed: number; readonly training: Samples; readonly test: Samples } | undefined;

function shuffled(seed: number) {
  if (last?.seed === seed) return last;
  const random = new Random(seed);
  const digits: Dataset = loadDigits({ seed: SPLIT });
  const pixels = random.permutation(digits.training.X.cols);
  const classes = random.permutation(digits.classes);
  const reordered = ({ X, Y }: Samples): Samples => ({
    X: X.map((_, i, j) => X.get(i, pixels[j])),
    Y: Y.map((_, i, j) => Y.get(i, classes[j])),
  });
  last = { seed, training: reordered(digits.training), test: reordered(digits.test) };
  return last;
}

/** The network on the unseen digits, or a sentence that says why it is none. */
function evaluated(answer: Answer, { X, Y }: Samples): Trained | string {
  if (answer.kind === "failure") return answer.why;
  if (answer.kind !== "record") return `Your function returned a ${answer.kind}; expected { W1, b1, W2, b2 }.`;
  const weights: Matrix[] = [];
  for (const name of PARAMETERS) {
    const M = Object.hasOwn(answer.fields, name) ? answer.fields[name] : undefined;
    if (!Matrix.isMatrix(M)) return `Your function returned no Matrix named ${name}; expected { W1, b1, W2, b2 }.`;
    weights.push(M);
  }
  const [W1, b1, W2, b2] = weights;
  const expected = [`${X.cols}×H`, "1×H", `H×${Y.cols}`, `1×${Y.cols}`];
  const fits = [
    W1.rows === X.cols,
    b1.rows === 1 && b1.cols === W1.cols,
    W2.rows === W1.cols && W2.cols === Y.cols,
    b2.rows === 1 && b2.cols === Y.cols,
  ];
  if (fits.includes(false)) {
    const got = weights.map((M) => M.shape).join(", ");
    return `Your function returned W1, b1, W2 and b2 of the shapes ${got}; expected ${expected.join(", ")} with one H.`;
  }
  const unbounded: Trained = { weights, activations: W1, predictions: [], share: 0, shifted: 0 };
  if (failures[0].shows(unbounded)) return unbounded;
  const { A1, A2 } = forward(X, { W1, b1, W2, b2 });
  const further = (by: number) => Y.map((_, i, j) => Y.get(i, (j + Y.cols - by) % Y.cols));
  const shifted = Math.max(accuracy(A2, further(1)), accuracy(A2, further(-1)));
  return { weights, activations: A1, predictions: predict(A2), share: accuracy(A2, Y), shifted };
}

function verdict(
  seed: number,
  passed: boolean,
  explanation: string,
  misconception?: { readonly id: string; readonly hint: string },
): Verdict {
  return new Verdict({
    passed,
    equation: entry.id,
    functionName: entry.functionName,
    latex: entry.latex,
    maxAbsError: passed ? 0 : Infinity,
    maxRelError: passed ? 0 : Infinity,
    tolerance: { absolute: 0, relative: 0 },
    oracles: [],
    inputs: 1,
    seed,
    misconception: misconception && { id: misconception.id, hint: misconception.hint },
    explanation,
  });
}
