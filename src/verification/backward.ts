/** Checks a whole `backward`, step by step, and finds the first wrong one in the order of dependence. */
import type { Implementation } from "../equations/equation";
import { pytorch, pytorchNames, type Situation, type Symbols, square } from "../equations/situations";
import {
  backwardExpectations,
  backwardSituations,
  consistentNetwork,
  type Step,
  steps,
} from "../equations/whole-backward";
import type { Matrix } from "../matrix";
import type { Expectation } from "../oracles/expectation";
import { Random } from "../random";
import { alike } from "./compare";
import { type Diagnosis, diagnose } from "./diagnosis";
import { type Judged, judge } from "./judge";
import { describe, type Failure, type Outcome, plainData, run } from "./outcome";
import { type About, failed, notAFunction, nothingToCompare, passed } from "./report";
import type { Verdict } from "./verdict";

const ARGUMENTS = ["X", "Y", "W1", "b1", "W2", "b2", "Z1", "A1", "Z2", "A2"].map((name) => ({ name }));
const NAMES = steps.map(({ name }) => name).join(", ");

const ABOUT = {
  equation: "backward",
  functionName: "backward",
  latex: "\\frac{\\partial\\,\\text{loss}}{\\partial\\,(Z_2, W_2, b_2, A_1, Z_1, W_1, b_1)}",
};

/** One call of a whole `backward`: the network, and the outcome of every step. */
interface BackwardTrial {
  readonly situation: Situation;
  readonly symbols: Symbols;
  /** The symbols and the right gradients: what a step is computed from. */
  readonly known: Symbols;
  readonly expectations: ReadonlyMap<string, Expectation[]>;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Why the call as a whole brought nothing. */
  readonly stopped?: Failure;
}

/**
 * The verdict on a whole `backward(X, Y, parameters, cache)`.
 *
 * @param seed a whole number of at most 32 bits, for the random inputs
 * @throws if the seed is no such number; never because of the implementation
 */
export function verifyBackward(implementation: Implementation, seed: number): Verdict {
  const about = { ...ABOUT, seed };
  const random = new Random(seed);
  if (typeof implementation !== "function") return notAFunction(about, implementation);
  const attempt = (situation: Situation) => tryBackward(implementation, situation, random);
  const trials = [...backwardSituations, ...pytorch].map(attempt);
  const squares = () => [square, square].map(attempt);
  const stopped = trials.find((trial) => trial.stopped !== undefined);
  if (stopped?.stopped !== undefined) return verdictOnStopped(about, stopped.stopped, squares());

  const judged = new Map(steps.map((step) => [step, trials.map((trial) => judgeStep(step, trial))]));
  const first = steps.find((step) => judgedOf(judged, step).some(({ accepted }) => !accepted));
  if (first === undefined) return passed(about, [...judged.values()].flat(), trials.length);
  const trialsOfFirst = judgedOf(judged, first);
  const onSquares = squares().map((trial) => judgeStep(first, trial));
  return verdictOnStep(about, first, trialsOfFirst, diagnose(first.misconceptions, trialsOfFirst, onSquares), {
    before: `The first wrong step is ${first.name} (${first.equation.id}).`,
    after: theRest(first, judged, trials),
  });
}

function judgedOf(judged: ReadonlyMap<Step, readonly Judged[]>, step: Step): readonly Judged[] {
  return judged.get(step) ?? [];
}

/** The verdict on a step that one of the `trials` shows to be wrong; the diagnosis may have been made of others. */
function verdictOnStep(
  about: About,
  { name, equation }: Step,
  trials: readonly Judged[],
  diagnosis: Diagnosis | undefined,
  words: { before: string; after?: string },
): Verdict {
  const wrong = trials.find(({ accepted }) => !accepted) as Judged;
  return failed(about, equation, trials, wrong, diagnosis, { ...words, step: { name, equation: equation.id } });
}

/**
 * The verdict on a `backward` that returns no gradients. Where it is the shapes that stop it, it goes through on square
 * matrices, and there its numbers tell which step is wrong.
 */
function verdictOnStopped(about: About, { why, notWritten }: Failure, squares: readonly BackwardTrial[]): Verdict {
  if (notWritten) return nothingToCompare(about, "It is not written yet.");
  if (squares.every((trial) => trial.stopped === undefined)) {
    for (const step of steps) {
      const judged = squares.map((trial) => judgeStep(step, trial));
      if (judged.every(({ accepted }) => accepted)) continue;
      return verdictOnStep(about, step, judged, diagnose(step.misconceptions, [], judged), {
        before: `${why}. On square matrices it goes through, and there the first wrong step is ${step.name} (${step.equation.id}).`,
      });
    }
  }
  return nothingToCompare(about, `${why}.`);
}

/** Runs a whole `backward` on copies of a network, and takes the gradients out of what it returns. */
function tryBackward(implementation: Implementation, situation: Situation, random: Random): BackwardTrial {
  const drawn = situation.draw(random);
  const symbols = pytorchNames.has(situation.name) ? drawn : consistentNetwork(drawn);
  const outcomes = new Map<string, Outcome>();
  const whole = (X: Matrix, Y: Matrix, W1: Matrix, b1: Matrix, W2: Matrix, b2: Matrix, ...cache: Matrix[]) => {
    const [Z1, A1, Z2, A2] = cache;
    const gradients: unknown = implementation(X, Y, { W1, b1, W2, b2 }, { Z1, A1, Z2, A2 });
    if (
      typeof gradients !== "object" ||
      gradients === null ||
      Array.isArray(gradients) ||
      gradients instanceof Promise
    ) {
      throw new TypeError(`a result that is ${describe(gradients)}; expected { ${NAMES} }`);
    }
    for (const { name } of steps) outcomes.set(name, gradientOf(gradients as Record<string, unknown>, name));
    return X;
  };
  const args = ARGUMENTS.map(({ name }) => symbols[name]);
  const outcome = run({ functionName: "backward", parameters: ARGUMENTS, result: { name: "X" } }, whole, args);
  const stopped = outcome.kind === "failure" ? outcome : undefined;
  const expectations = backwardExpectations(symbols);
  const right = Object.fromEntries([...expectations].map(([name, [exact]]) => [name, exact.expected]));
  return { situation, symbols, known: { ...symbols, ...right }, expectations, outcomes, stopped };
}

function gradientOf(gradients: Record<string, unknown>, name: string): Outcome {
  if (gradients[name] === undefined) {
    const found = Object.keys(gradients).filter((key) => gradients[key] !== undefined);
    return { kind: "failure", why: `The result has no ${name}; it has ${found.join(", ") || "nothing"}` };
  }
  return plainData({ functionName: `backward's ${name}`, parameters: [], result: { name } }, gradients[name]);
}

function judgeStep(step: Step, { situation, symbols, known, expectations, outcomes }: BackwardTrial): Judged {
  const args = step.from.map((name) => known[name]);
  const question = { situation, symbols, args, expectations: expectations.get(step.name) as Expectation[] };
  return judge(step.equation, question, outcomes.get(step.name) as Outcome);
}

/** Whether the steps after the first wrong one are right, given what they were handed. */
function theRest(first: Step, judged: ReadonlyMap<Step, readonly Judged[]>, trials: readonly BackwardTrial[]): string {
  const later = steps
    .slice(steps.indexOf(first) + 1)
    .filter((step) => judgedOf(judged, step).some(({ accepted }) => !accepted));
  if (later.length === 0) return "Every other step is right.";
  const ownMistake = later.filter((step) => trials.some((trial) => !followsFromItsInputs(step, trial)));
  const inherited = later.filter((step) => !ownMistake.includes(step));
  const names = (list: readonly Step[]) => list.map(({ name }) => name).join(", ");
  const onlyInherited =
    inherited.length === 1
      ? `${names(inherited)} is wrong only because of the gradients handed to it.`
      : `${names(inherited)} are wrong only because of the gradients handed to them.`;
  const mistakes =
    ownMistake.length === 1
      ? `${names(ownMistake)} has a mistake of its own.`
      : `${names(ownMistake)} have mistakes of their own.`;
  return [inherited.length > 0 ? onlyInherited : "", ownMistake.length > 0 ? mistakes : ""].filter(Boolean).join(" ");
}

/** Whether a step is what its equation makes of the gradients that the implementation itself found before. */
function followsFromItsInputs(step: Step, trial: BackwardTrial): boolean {
  const outcome = trial.outcomes.get(step.name) as Outcome;
  if (outcome.kind === "failure") return false;
  const found: Record<string, Matrix> = { ...trial.symbols };
  for (const [name, other] of trial.outcomes) if (other.kind === "matrix") found[name] = other.value;
  try {
    const byAnotherRoute = step.alsoFrom?.(found);
    if (byAnotherRoute !== undefined && alike(outcome.value, byAnotherRoute, 0)) return true;
    const situation = { name: "its own inputs", draw: () => found };
    const args = step.from.map((name) => found[name]);
    return judge(
      step.equation,
      { situation, symbols: found, args, expectations: step.equation.expectations(found) },
      outcome,
    ).accepted;
  } catch {
    return false; // a gradient before it was missing or of the wrong shape
  }
}
