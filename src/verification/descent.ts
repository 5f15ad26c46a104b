/** Checks a step of gradient descent, and a whole step that trains: forward, backward, and down. */
import type { Implementation } from "../equations/equation";
import { exactZeros, oneSample, ordinaryOfAllSizes, type Symbols, twoClasses } from "../equations/situations";
import { backwardExpectations, consistentNetwork } from "../equations/whole-backward";
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
  return new Verdict({
    ...common,
    passed: false,
    worst: undefined,
    misconception: hint && { id: hint.id, hint: hint.hint },
    explanation: `${name}[${row}, ${col}] should be ${should} and is ${is} (on ${trial.situation}, learning rate ${figure(trial.eta)}).${rest}`,
  });
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
  return { situation, N: network.X.rows, eta, from, gradients, slack, outcomes };
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
