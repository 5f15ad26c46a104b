/**
 * Verification: is this function the equation, and if not, which mistake is it?
 *
 * An implementation is run on many sets of inputs, and what comes back is held against oracles that share no code with
 * `src`'s own equations: derivatives by dual numbers and by central differences, values with 30 digits, exact
 * fractions, and numbers out of PyTorch. All of them have to agree. `src`'s own functions have no say.
 */
import { equations } from "./equations";
import type { Equation, Implementation } from "./equations/equation";
import { pytorch, pytorchNames, type Situation, type Symbols, square } from "./equations/situations";
import {
  backwardExpectations,
  backwardSituations,
  consistentNetwork,
  type Step,
  steps,
} from "./equations/whole-backward";
import type { Matrix } from "./matrix";
import type { Expectation } from "./oracles/expectation";
import { Random } from "./random";
import { type Comparison, compare } from "./verification/compare";
import { type Diagnosis, diagnose, type Trial } from "./verification/diagnosis";
import { figure, figures } from "./verification/figure";
import { describe, type Outcome, plainData, run, type Signature } from "./verification/outcome";
import { Verdict, type VerdictData } from "./verification/verdict";

/** Options of `verify`. */
export interface VerifyOptions {
  /** A whole number: other random inputs. 1 when left out, so that a verdict can be repeated. */
  readonly seed?: number;
}

/** A trial that was judged. */
interface Judged extends Trial {
  readonly comparison?: Comparison;
  readonly oracles: readonly Expectation["oracle"][];
}

/**
 * Checks an implementation of an equation.
 *
 * @param id "E1" … "E17", or "backward" for a whole `backward(X, Y, parameters, cache)`
 * @param implementation the function to be checked; it gets copies of the inputs
 * @returns a verdict, also when the implementation throws, returns nonsense or changes its arguments
 * @throws if there is no such equation or the seed is not a whole number; never because of the implementation
 */
export function verify(id: string, implementation: Implementation, { seed = 1 }: VerifyOptions = {}): Verdict {
  if (id === "backward") return verifyBackward(implementation, seed);
  const equation = equations.find((entry) => entry.id === id);
  if (equation === undefined) {
    throw new RangeError(`verify: there is no equation "${id}"; expected E1 … E${equations.length} or "backward"`);
  }
  return verifyEquation(equation, implementation, seed);
}

/**
 * As `verify`, for cells that must not go on with a wrong function.
 * @returns the verdict, which is a ✓
 * @throws an Error with the verdict's text if the implementation is wrong
 */
export function assertVerified(id: string, implementation: Implementation, options?: VerifyOptions): Verdict {
  const verdict = verify(id, implementation, options);
  if (!verdict.passed) throw new Error(verdict.toString());
  return verdict;
}

/** `verify` for an equation of any registry. */
export function verifyEquation(equation: Equation, implementation: Implementation, seed: number): Verdict {
  const about = { equation: equation.id, functionName: equation.functionName, latex: equation.latex, seed };
  if (typeof implementation !== "function") return notAFunction(about, implementation);
  const questions = prepare(equation, seed);
  const judge = (question: Question) => judged(equation, question, run(equation, implementation, question.args));
  const trials = questions.ordinary.map(judge);
  const wrong = trials.find(({ comparison }) => !comparison?.accepted);
  if (wrong === undefined) return passed(about, trials);
  const diagnosis = diagnose(equation.misconceptions, trials, questions.square.map(judge));
  return failed(about, equation, trials, wrong, diagnosis);
}

/** One set of inputs, and what the oracles say about it. */
interface Question {
  readonly situation: Situation;
  readonly symbols: Symbols;
  readonly args: readonly Matrix[];
  readonly expectations: readonly Expectation[];
}

interface Questions {
  readonly seed: number;
  readonly ordinary: readonly Question[];
  readonly square: readonly Question[];
}

/** The questions that were asked last about each equation: people check again and again with one seed. */
const asked = new WeakMap<Equation, Questions>();

/** The questions on PyTorch's networks, which are the same for every seed. */
const fixed = new WeakMap<Equation, readonly Question[]>();

function prepare(equation: Equation, seed: number): Questions {
  const before = asked.get(equation);
  if (before?.seed === seed) return before;
  const random = new Random(seed);
  const question = (situation: Situation): Question => {
    const symbols = situation.draw(random);
    const args = equation.parameters.map(({ name }) => symbols[name]);
    return { situation, symbols, args, expectations: equation.expectations(symbols) };
  };
  const drawn = equation.situations.map(question);
  const onPytorch = fixed.get(equation) ?? pytorch.map(question);
  fixed.set(equation, onPytorch);
  const questions = { seed, ordinary: [...drawn, ...onPytorch], square: [square, square].map(question) };
  asked.set(equation, questions);
  return questions;
}

/** Holds an outcome against the oracles, PyTorch among them where it has run. */
function judged(equation: Equation, question: Question, outcome: Outcome): Judged {
  const { situation, symbols, args, expectations } = question;
  const [exact] = expectations;
  const all = pytorchNames.has(situation.name)
    ? [...expectations, golden(symbols[equation.result.name], exact)]
    : expectations;
  const sizes = sizesOf(equation, args);
  const right = exact.expected;
  const oracles = all.map(({ oracle }) => oracle);
  const slack = exact.high.data.reduce((max, high, k) => Math.max(max, finite((high - exact.low.data[k]) / 2)), 0);
  const trial = { situation: situation.name, args, outcome, right, slack, sizes, oracles };
  if (outcome.kind === "failure") return trial;
  if (outcome.value.rows !== right.rows || outcome.value.cols !== right.cols) return trial;
  return { ...trial, comparison: compare(outcome.value, all) };
}

/** PyTorch's own rounding comes on top of what rounding explains. */
function golden(values: Matrix, exact: Expectation): Expectation {
  const width = exact.high.minus(exact.low);
  return { oracle: "PyTorch", expected: values, low: values.minus(width), high: values.plus(width) };
}

/** The letters of the arguments' shapes as numbers. */
function sizesOf(equation: Equation, args: readonly Matrix[]): Record<string, number> {
  const letters = equation.parameters.flatMap(({ rows, cols }, k) => [
    [rows, args[k].rows],
    [cols, args[k].cols],
  ]);
  return Object.fromEntries(letters.filter(([letter]) => letter !== "1"));
}

function finite(x: number): number {
  return Number.isFinite(x) ? x : 0;
}

type About = Pick<VerdictData, "equation" | "functionName" | "latex" | "seed">;

function notAFunction(about: About, implementation: unknown): Verdict {
  const explanation = `expected a function to check, got ${describe(implementation)}.`;
  return new Verdict({ ...about, ...nothingCompared, explanation });
}

const nothingCompared = {
  passed: false,
  maxAbsError: Infinity,
  maxRelError: Infinity,
  tolerance: { absolute: 0, relative: 0 },
  oracles: [],
  inputs: 0,
} as const;

const nothingOff = { share: 0, error: 0, of: 0 };

function passed(about: About, trials: readonly Judged[], inputs = trials.length): Verdict {
  const { maxAbsError, maxRelError, tolerance, oracles } = summary(trials);
  const equal = maxAbsError === 0 ? "exactly equal" : "equal up to rounding";
  const closest = trials.reduce(
    (max, { comparison }) => ((comparison?.share ?? 0) > max.share ? (comparison as Comparison) : max),
    nothingOff,
  );
  const error =
    closest.share === 0
      ? ""
      : `; the closest call is an error of ${figure(closest.error)} in ${figure(closest.of)}, ${figure(100 * closest.share, 2)} % of what rounding explains`;
  const explanation = `${equal} on ${inputs} sets of inputs${error}. Asked: ${oracles.join(", ")}.`;
  return new Verdict({ ...about, passed: true, maxAbsError, maxRelError, tolerance, oracles, inputs, explanation });
}

function failed(
  about: About,
  equation: Equation,
  trials: readonly Judged[],
  wrong: Judged,
  diagnosis: Diagnosis | undefined,
): Verdict {
  const worst = wrong.comparison?.worst;
  const what = [complaint(equation, wrong), diagnosis?.sentence];
  return new Verdict({
    ...about,
    ...summary(trials),
    passed: false,
    worst,
    misconception: diagnosis?.misconception,
    explanation: what.filter((sentence) => sentence !== undefined).join(" "),
    comparison:
      wrong.comparison && wrong.outcome.kind === "matrix"
        ? { situation: wrong.situation, expected: wrong.right, got: wrong.outcome.value }
        : undefined,
  });
}

/** What is wrong, without saying why: an exception, a wrong shape, or the worst entry. */
function complaint({ result, parameters }: Equation, { outcome, right, comparison, args, situation }: Judged): string {
  const where = parameters.map(({ name }, k) => `${name} is ${args[k].shape}`).join(" and ");
  if (outcome.kind === "failure" && outcome.notWritten) return "It is not written yet.";
  if (outcome.kind === "failure") return `${outcome.why} (on ${situation}: ${where}).`;
  if (comparison?.worst === undefined) {
    return `${result.name} is ${outcome.value.shape}; expected ${result.rows}×${result.cols} = ${right.shape} (on ${situation}: ${where}).`;
  }
  const { row, col } = comparison.worst;
  const [expected, got] = figures(comparison.worst.expected, comparison.worst.got);
  const entry = result.number ? result.name : `${result.name}[${row}, ${col}]`;
  return `${entry} should be ${expected} and is ${got} (on ${situation}: ${where}).`;
}

/** The largest errors over all inputs, and the oracles that were asked. */
function summary(trials: readonly Judged[]) {
  const comparisons = trials.map(({ comparison }) => comparison);
  const compared = comparisons.every((c) => c !== undefined);
  const largest = (pick: (c: Comparison) => number) =>
    compared ? comparisons.reduce((max, c) => Math.max(max, pick(c as Comparison)), 0) : Infinity;
  return {
    maxAbsError: largest((c) => c.maxAbsError),
    maxRelError: largest((c) => c.maxRelError),
    tolerance: {
      absolute: largest((c) => c.tolerance.absolute),
      relative: largest((c) => c.tolerance.relative),
    },
    oracles: [...new Set(trials.flatMap(({ oracles }) => oracles))],
    inputs: trials.length,
  };
}

// --- the whole backward pass ---------------------------------------------------------------------------------------

const backwardSignature: Signature = {
  functionName: "backward",
  parameters: ["X", "Y", "W1", "b1", "W2", "b2", "Z1", "A1", "Z2", "A2"].map((name) => ({ name })),
  result: { name: "the gradients" },
};

const backwardLatex = "\\frac{\\partial\\,\\text{loss}}{\\partial\\,(Z_2, W_2, b_2, A_1, Z_1, W_1, b_1)}";

/** One call of a whole `backward`: the network, and the outcome of every step. */
interface BackwardTrial {
  readonly situation: Situation;
  readonly symbols: Symbols;
  readonly expectations: ReadonlyMap<string, Expectation[]>;
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

function verifyBackward(implementation: Implementation, seed: number): Verdict {
  const about = { equation: "backward", functionName: "backward", latex: backwardLatex, seed };
  if (typeof implementation !== "function") return notAFunction(about, implementation);
  const random = new Random(seed);
  const attempt = (situation: Situation) => tryBackward(implementation, situation, random);
  const trials = [...backwardSituations, ...pytorch].map(attempt);
  for (const step of steps) {
    const judgedTrials = trials.map((trial) => judgeStep(step, trial));
    const wrong = judgedTrials.find(({ comparison }) => !comparison?.accepted);
    if (wrong === undefined) continue;
    const squares = [square, square].map((situation) => judgeStep(step, attempt(situation)));
    const diagnosis = diagnose(step.misconceptions, judgedTrials, squares);
    const verdict = failed(about, step.equation, judgedTrials, wrong, diagnosis);
    const explanation = `The first wrong step is ${step.name} (${step.equation.id}). ${verdict.explanation} ${theRest(step, trials)}`;
    return new Verdict({ ...verdict, explanation, step: { name: step.name, equation: step.equation.id } });
  }
  const all = steps.flatMap((step) => trials.map((trial) => judgeStep(step, trial)));
  return passed(about, all, trials.length);
}

/** Runs a whole `backward` on copies of a network, and takes the gradients out of what it returns. */
function tryBackward(implementation: Implementation, situation: Situation, random: Random): BackwardTrial {
  const drawn = situation.draw(random);
  const symbols = pytorchNames.has(situation.name) ? drawn : consistentNetwork(drawn);
  const outcomes = new Map<string, Outcome>();
  const whole = (X: Matrix, Y: Matrix, W1: Matrix, b1: Matrix, W2: Matrix, b2: Matrix, ...cache: Matrix[]) => {
    const [Z1, A1, Z2, A2] = cache;
    const gradients = implementation(X, Y, { W1, b1, W2, b2 }, { Z1, A1, Z2, A2 }) as Record<string, unknown>;
    if (typeof gradients !== "object" || gradients === null) {
      throw new TypeError(`it returned ${String(gradients)}; expected { ${steps.map(({ name }) => name).join(", ")} }`);
    }
    for (const { name } of steps) {
      outcomes.set(
        name,
        plainData({ functionName: `backward's ${name}`, parameters: [], result: { name } }, gradients[name]),
      );
    }
    return X;
  };
  const args = backwardSignature.parameters.map(({ name }) => symbols[name]);
  const outcome = run(backwardSignature, whole, args);
  if (outcome.kind === "failure") for (const { name } of steps) outcomes.set(name, outcome);
  return { situation, symbols, expectations: backwardExpectations(symbols), outcomes };
}

function judgeStep(step: Step, { situation, symbols, expectations, outcomes }: BackwardTrial): Judged {
  const rightOnes = Object.fromEntries([...expectations].map(([name, [exact]]) => [name, exact.expected]));
  const known = { ...symbols, ...rightOnes };
  const args = step.from.map((name) => known[name]);
  const question = { situation, symbols, args, expectations: expectations.get(step.name) as Expectation[] };
  return judged(step.equation, question, outcomes.get(step.name) as Outcome);
}

/** Whether the steps after the first wrong one are right, given what they were handed. */
function theRest(first: Step, trials: readonly BackwardTrial[]): string {
  const later = steps
    .slice(steps.indexOf(first) + 1)
    .filter((step) => trials.some((trial) => !judgeStep(step, trial).comparison?.accepted));
  if (later.length === 0) return "Every other step is right.";
  const ownMistake = later.filter((step) => trials.some((trial) => !followsFromItsInputs(step, trial)));
  const names = (list: readonly Step[]) => list.map(({ name }) => name).join(", ");
  const inherited = later.filter((step) => !ownMistake.includes(step));
  const sentences = [
    inherited.length > 0
      ? `${names(inherited)} ${inherited.length === 1 ? "is" : "are"} wrong only because of the gradients handed to ${inherited.length === 1 ? "it" : "them"}.`
      : "",
    ownMistake.length > 0
      ? `${names(ownMistake)} ${ownMistake.length === 1 ? "has a mistake of its" : "have mistakes of their"} own.`
      : "",
  ];
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

/** Whether a step is what its equation makes of the gradients that the implementation itself found before. */
function followsFromItsInputs(step: Step, trial: BackwardTrial): boolean {
  const found: Record<string, Matrix> = { ...trial.symbols };
  for (const [name, outcome] of trial.outcomes) if (outcome.kind === "matrix") found[name] = outcome.value;
  try {
    const question = {
      situation: { name: "its own inputs", draw: () => found },
      symbols: found,
      args: step.from.map((name) => found[name]),
      expectations: step.equation.expectations(found),
    };
    return judged(step.equation, question, trial.outcomes.get(step.name) as Outcome).comparison?.accepted === true;
  } catch {
    return false; // a gradient before it was missing or of the wrong shape
  }
}
