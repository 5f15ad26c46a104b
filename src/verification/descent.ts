/** Checks a step of gradient descent, and a whole step that trains: forward, backward, and down. */
import type { Implementation } from "../equations/equation";
import { exactZeros, oneSample, ordinaryOfAllSizes, type Symbols, twoClasses } from "../equations/situations";
import { backwardExpectations, consistentNetwork } from "../equations/whole-backward";
import { computed } from "../formula/evaluate";
import { notes } from "../formula/notes";
import type { Formula } from "../formula/tree";
import { Matrix } from "../matrix";
import { type Expectation, ROUNDING_FACTOR } from "../oracles/expectation";
import { Random } from "../random";
import { figure, figures } from "./number-text";
import { describe, type Outcome, plainData, run } from "./outcome";
import { notAFunction, nothingToCompare } from "./report";
import { Verdict } from "./verdict";

/** What can be checked here. */
export type DescentId = "sgdStep" | "trainingStep";

const PARAMETERS = ["W1", "b1", "W2", "b2"] as const;
type Name = (typeof PARAMETERS)[number];
type PerName = Readonly<Record<Name, Matrix>>;

const LATEX = "W \\leftarrow W - \\eta\\, \\frac{\\partial\\,\\text{loss}}{\\partial W}";
const SITUATIONS = [...ordinaryOfAllSizes, oneSample, twoClasses, exactZeros];

/** One call: what went in, what should have come out and to what it may differ, and what came. */
interface Trial {
  readonly situation: string;
  readonly N: number;
  readonly network: Symbols;
  readonly eta: number;
  readonly from: PerName;
  readonly gradients: PerName;
  readonly slack: PerName;
  readonly outcomes: Readonly<Record<Name, Outcome>>;
}

/** A mistake that people make: what comes out, and a hint. */
interface Slip {
  readonly id: string;
  readonly hint: string;
  readonly wrong: (p: Matrix, d: Matrix, eta: number, N: number) => Matrix;
  /** Whether it can be made only where the gradient is computed as well. */
  readonly whole?: true;
}

const SLIPS: readonly Slip[] = [
  { id: "nothing-moved", hint: "Nothing has moved: minus and scale return a new matrix.", wrong: (p) => p },
  { id: "uphill", hint: "The step goes uphill: which sign?", wrong: (p, d, eta) => p.plus(d.scale(eta)) },
  { id: "no-rate", hint: "Where is the learning rate?", wrong: (p, d) => p.minus(d) },
  { id: "step-alone", hint: "This is the step alone: where does it start from?", wrong: (_, d, eta) => d.scale(-eta) },
  { id: "step-alone", hint: "This is the step alone: where does it start from?", wrong: (_, d, eta) => d.scale(eta) },
  {
    id: "rate-on-all",
    hint: "The learning rate is for the gradient only.",
    wrong: (p, d, eta) => p.minus(d).scale(eta),
  },
  {
    id: "sum-of-samples",
    hint: "The step is N times too long: the loss is a mean over the samples.",
    wrong: (p, d, eta, N) => p.minus(d.scale(eta * N)),
    whole: true,
  },
  {
    id: "divided-twice",
    hint: "The step is N times too short: where does 1/N come in, and where again?",
    wrong: (p, d, eta, N) => p.minus(d.scale(eta / N)),
    whole: true,
  },
  {
    id: "two-steps",
    hint: "The step is twice as long as it should be.",
    wrong: (p, d, eta) => p.minus(d.scale(2 * eta)),
  },
];

/** A loop that learns from something else than it should: the network as it sees it, or the parameters on its way back. */
interface Loop {
  readonly id: string;
  readonly said: string;
  readonly hint: string;
  readonly gradients: (network: Symbols, eta: number) => PerName;
}

const rowsOf = (M: Matrix, from: (i: number) => number) => M.map((_, i, j) => M.get(from(i), j));
const columnsOf = (M: Matrix, from: (j: number) => number) => M.map((_, i, j) => M.get(i, from(j)));
const apart = "A sample and its label are one row of X and the same row of Y. What keeps them together?";
const counted = "Column k of Y is class k, counted from 0.";

const LOOPS: readonly Loop[] = [
  {
    id: "labels-one-on",
    said: "The same as with every label one class further on.",
    hint: counted,
    gradients: (network) =>
      found({ ...network, Y: columnsOf(network.Y, (j) => (j + network.Y.cols - 1) % network.Y.cols) }),
  },
  {
    id: "labels-one-back",
    said: "The same as with every label one class before.",
    hint: counted,
    gradients: (network) => found({ ...network, Y: columnsOf(network.Y, (j) => (j + 1) % network.Y.cols) }),
  },
  {
    id: "labels-apart",
    said: "The same as with each sample's label taken from the next one.",
    hint: apart,
    gradients: (network) => found({ ...network, Y: rowsOf(network.Y, (i) => (i + 1) % network.Y.rows) }),
  },
  {
    id: "labels-reversed",
    said: "The same as with the labels in reverse order, and the samples not.",
    hint: apart,
    gradients: (network) => found({ ...network, Y: rowsOf(network.Y, (i) => network.Y.rows - 1 - i) }),
  },
  {
    id: "first-sample-only",
    said: "The same as with the first sample alone.",
    hint: "Which rows does your batch take?",
    gradients: ({ X, Y, ...rest }) => found({ ...rest, X: X.row(0), Y: Y.row(0) }),
  },
  {
    id: "last-sample-missing",
    said: "The same as without the last sample.",
    hint: "Which rows does your batch take?",
    gradients: ({ X, Y, ...rest }) => {
      const rows = Array.from({ length: Math.max(1, X.rows - 1) }, (_, i) => i);
      return found({ ...rest, X: X.takeRows(rows), Y: Y.takeRows(rows) });
    },
  },
  {
    id: "updated-before-backward",
    said: "W1 and b1 follow a W2 that has been stepped already.",
    hint: "The backward pass goes through the W2 that the forward pass used. When do your steps come?",
    gradients: (network, eta) => {
      const { W2 } = found(network);
      return found(network, network.W2.minus(W2.scale(eta)));
    },
  },
  {
    id: "forward-again-in-between",
    said: "W1 and b1 follow the loss after W2 and b2 have been stepped.",
    hint: "All four gradients belong to the same forward pass. When do your steps come?",
    gradients: (network, eta) => {
      const before = found(network);
      const [W2, b2] = [network.W2.minus(before.W2.scale(eta)), network.b2.minus(before.b2.scale(eta))];
      return { ...found({ ...network, W2, b2 }), W2: before.W2, b2: before.b2 };
    },
  },
  {
    id: "ReLU-forgotten-on-the-way-back",
    said: "W1 and b1 follow ∂loss/∂A1, before the ReLU.",
    hint: "Between A1 and Z1 there is the ReLU.",
    gradients: (network) => found({ ...network, mask: network.Z1.map(() => 1) }),
  },
];

/** The four gradients of a network, found with the formulas of the notes; on the way back perhaps through another W2. */
function found(network: Symbols, backThrough = network.W2): PerName {
  const known: Record<string, Matrix> = { ...network };
  const compute = (formula: Formula) => {
    known[formula.steps[formula.steps.length - 1].name] = computed(formula, known);
  };
  for (const id of ["E1", "E2", "E3", "E4", "E10", "E11", "E12"] as const) compute(notes[id][0]);
  known.dA1 = computed(notes.E13[0], { ...known, W2: backThrough });
  known.dZ1 = known.dA1.hadamard(network.mask ?? known.Z1.map((z) => (z > 0 ? 1 : 0)));
  for (const id of ["E16", "E17"] as const) compute(notes[id][0]);
  return pick((name) => known[`d${name}`]);
}

/**
 * The verdict on a step of gradient descent.
 *
 * @param id "sgdStep" for `(parameters, gradients, learningRate)`, "trainingStep" for `({ X, Y }, parameters, learningRate)`, which
 *   finds the gradients itself; both return the new parameters (a training step perhaps as `{ parameters }`) and leave the old ones alone
 * @param seed a whole number of at most 32 bits, for the random inputs
 */
export function verifyDescent(id: DescentId, implementation: Implementation, seed: number): Verdict {
  const about = { equation: id, functionName: id, latex: LATEX, seed };
  if (typeof implementation !== "function") return notAFunction(about, implementation);
  const random = new Random(seed);
  const trials = SITUATIONS.map((situation) =>
    attempt(id, implementation, situation.name, consistentNetwork(situation.draw(random)), random),
  );
  const failures = trials.map((trial) =>
    PARAMETERS.map((name) => trial.outcomes[name]).find(({ kind }) => kind === "failure"),
  );
  if (failures.every((failure) => failure?.kind === "failure" && failure.notWritten)) {
    return nothingToCompare(about, "It is not written yet.");
  }
  const stopped = failures.findIndex((failure) => failure !== undefined);
  const failure = failures[stopped];
  if (failure?.kind === "failure") return nothingToCompare(about, `${failure.why} (on ${trials[stopped].situation}).`);

  const calls = trials.flatMap((trial) => PARAMETERS.map((name) => compare(trial, name, step(trial, name))));
  const wrong = calls.filter(({ off }) => off);
  const largest = Math.max(...calls.map(({ error }) => error));
  const common = {
    ...about,
    maxAbsError: largest,
    maxRelError: Math.max(...calls.map(({ relative }) => relative)),
    tolerance: { absolute: 0, relative: 0 },
    oracles: id === "trainingStep" ? (["dual numbers"] as const) : [],
    inputs: trials.length,
  };
  if (wrong.length === 0) {
    const against = id === "trainingStep" ? "dual numbers" : "plain arithmetic, number by number";
    const equal = largest === 0 ? "exactly equal" : "equal up to rounding";
    return new Verdict({
      ...common,
      passed: true,
      explanation: `${equal} on ${trials.length} sets of inputs. Checked against: ${against}.`,
    });
  }
  const { trial, name, row, col, expected, got } = wrong[0];
  const [should, is] = figures(expected, got);
  const names = [...new Set(wrong.map((call) => call.name))];
  const right = PARAMETERS.filter((parameter) => !names.includes(parameter));
  const rest = right.length === 0 ? "" : ` ${right.join(", ")} ${right.length === 1 ? "is" : "are"} right.`;
  const hint = SLIPS.filter(({ whole }) => id === "trainingStep" || !whole).find((slip) =>
    trials.every((each) =>
      names.every((parameter) => {
        const other = slip.wrong(each.from[parameter], each.gradients[parameter], each.eta, each.N);
        return !compare(each, parameter, other).off;
      }),
    ),
  );
  const loop = hint === undefined && id === "trainingStep" ? changedLoop(trials) : undefined;
  const said = loop === undefined ? "" : ` ${loop.said}`;
  const told = hint ?? loop;
  return new Verdict({
    ...common,
    passed: false,
    worst: undefined,
    misconception: told && { id: told.id, hint: told.hint },
    explanation: `${name}[${row}, ${col}] should be ${should} and is ${is} (on ${trial.situation}, learning rate ${figure(trial.eta)}).${rest}${said}`,
  });
}

/** The loop that makes the very steps that came back. */
function changedLoop(trials: readonly Trial[]): Loop | undefined {
  return LOOPS.find((loop) =>
    trials.every((trial) => {
      const others = loop.gradients(trial.network, trial.eta);
      return PARAMETERS.every(
        (name) => !compare(trial, name, trial.from[name].minus(others[name].scale(trial.eta))).off,
      );
    }),
  );
}

/** Calls the implementation once, on copies of everything. */
function attempt(
  id: DescentId,
  implementation: Implementation,
  situation: string,
  network: Symbols,
  random: Random,
): Trial {
  const eta = 0.05 + 0.4 * random.uniform();
  const from = pick((name) => network[name]);
  const exact = backwardExpectations(network);
  const expectations = pick((name) => exact.get(`d${name}`) as Expectation[]);
  const gradients = pick((name) => expectations[name][0].expected);
  const slack = pick((name) => {
    const { low, high } = expectations[name][0];
    const ofGradient = id === "trainingStep" ? high.minus(low) : high.minus(low).scale(0);
    const size = (w: number, d: number) => Math.abs(w) + Math.abs(eta * d);
    return ofGradient.map(
      (width, i, j) =>
        eta * width + ROUNDING_FACTOR * 2 * Number.EPSILON * size(from[name].get(i, j), gradients[name].get(i, j)),
    );
  });
  const given =
    id === "trainingStep"
      ? { X: network.X, Y: network.Y }
      : Object.fromEntries(PARAMETERS.map((name) => [`d${name}`, gradients[name]]));
  const names = [...PARAMETERS, ...Object.keys(given)];
  const matrices = [...PARAMETERS.map((name) => from[name]), ...Object.values(given)];
  let result: unknown;
  const call = (...args: Matrix[]) => {
    const handed = Object.fromEntries(names.map((name, k) => [name, args[k]]));
    const { W1, b1, W2, b2, ...rest } = handed;
    const parameters = { W1, b1, W2, b2 };
    result = id === "trainingStep" ? implementation(rest, parameters, eta) : implementation(parameters, rest, eta);
    if (id === "trainingStep") result = (result as { parameters?: unknown } | undefined)?.parameters ?? result;
    if (typeof result !== "object" || result === null || Matrix.isMatrix(result) || result instanceof Promise) {
      throw new TypeError(`a result that is ${describe(result)}; expected { ${PARAMETERS.join(", ")} }`);
    }
    return args[0];
  };
  const outcome = run({ parameters: names.map((name) => ({ name })), result: { name: "W1" } }, call, matrices);
  const outcomes = pick((name): Outcome => {
    if (outcome.kind === "failure") return outcome;
    const value = (result as Record<string, unknown>)[name];
    if (value === undefined) return { kind: "failure", why: `The result has no ${name}`, missing: true };
    const data = plainData({ whose: `Your function's ${name}`, parameters: [], result: { name } }, value);
    if (data.kind === "failure" || data.value.shape === from[name].shape) return data;
    return { kind: "failure", why: `${name} is ${data.value.shape}; expected ${from[name].shape}` };
  });
  return { situation, N: network.X.rows, network, eta, from, gradients, slack, outcomes };
}

function pick<T>(of: (name: Name) => T): Readonly<Record<Name, T>> {
  return { W1: of("W1"), b1: of("b1"), W2: of("W2"), b2: of("b2") };
}

/** The right answer. */
function step({ from, gradients, eta }: Trial, name: Name): Matrix {
  return from[name].map((w, i, j) => w - eta * gradients[name].get(i, j));
}

/** What came back, held against an answer; the entry that is furthest off. */
function compare(trial: Trial, name: Name, answer: Matrix) {
  const { value } = trial.outcomes[name] as Extract<Outcome, { kind: "matrix" }>;
  const errors = Array.from(answer.data, (expected, k) => Math.abs(value.data[k] - expected));
  // a NaN is further off than any number
  const worst = errors.reduce((max, error, k) => (errors[max] >= error || Number.isNaN(errors[max]) ? max : k), 0);
  const off = errors.some((error, k) => !(error <= trial.slack[name].data[k]));
  const [row, col] = [Math.floor(worst / answer.cols), worst % answer.cols];
  const expected = answer.data[worst];
  return {
    trial,
    name,
    off,
    row,
    col,
    expected,
    got: value.data[worst],
    error: errors[worst],
    relative: errors[worst] / Math.abs(expected || 1),
  };
}
