/** Checks a whole `backward`, step by step, and finds the first wrong one in the order of dependence. */
import type { Implementation } from "../equations/equation";
import { pytorch, reversed, type Situation, square } from "../equations/situations";
import { backwardSituations, type Step, steps } from "../equations/whole-backward";
import { Random } from "../random";
import { type BackwardTrial, drawNetwork, judgeByItself, judgeStep, type Network, tryBackward } from "./backward-trial";
import type { Claimed } from "./claimed";
import { alike } from "./compare";
import { type Diagnosis, diagnose } from "./diagnosis";
import { IN_REVERSE, isAnotherAnswer, isOldAnswer, onlyReversedIsWrong, remembers } from "./equation";
import type { Judged } from "./judge";
import { theRest } from "./later-steps";
import type { Failure } from "./outcome";
import { type About, failed, notAFunction, nothingToCompare, passed } from "./report";
import type { Verdict } from "./verdict";

const ABOUT = {
  equation: "backward",
  functionName: "backward",
  latex: "\\frac{\\partial\\,\\text{loss}}{\\partial\\,(Z_2, W_2, b_2, A_1, Z_1, W_1, b_1)}",
};

/**
 * The verdict on a whole `backward(X, Y, parameters, cache)`.
 *
 * @param seed a whole number of at most 32 bits, for the random inputs
 * @throws if the seed is no such number; never because of the implementation
 */
export function verifyBackward(implementation: Implementation, seed: number): Verdict {
  const about = { ...ABOUT, seed };
  const networks = networksOf(seed);
  if (typeof implementation !== "function") return notAFunction(about, implementation);
  const attempt = (network: Network) => tryBackward(implementation, network);
  const trials = networks.ordinary.map(attempt);
  const again = attempt(networks.ordinary[0]);
  const squares = () => networks.square.map(attempt);
  if (trials.some(({ stopped }) => stopped !== undefined)) return verdictOnStopped(about, trials, squares());
  const judgedSteps = judgeSteps(trials);
  const found = firstWrong(judgedSteps) ?? firstWrong(judgeSteps([again]));
  if (found !== undefined) {
    const { step, judged } = found;
    const said = { before: `The first wrong step is ${step.name} (${step.equation.id}).` };
    const wrong = judged.find(({ accepted }) => !accepted) as Judged;
    if (
      isAnotherAnswer(judgeStep(step, trials[0]), judgeStep(step, again)) ||
      isOldAnswer(wrong, judged) ||
      onlyReversedIsWrong(judged)
    ) {
      return verdictOnStep(about, found, remembers, said);
    }
    const alias = trials.find((trial) => trial.alias?.includes(step.name))?.alias;
    if (alias !== undefined) return verdictOnStep(about, found, oneMatrix(alias), said);
    if (isDividedLater(judgedSteps)) return verdictOnStep(about, found, dividedLater, said);
  }
  if (found === undefined) {
    return passed(
      about,
      judgedSteps.flatMap(({ judged }) => judged),
      trials.length,
    );
  }
  const { step, judged } = found;
  const onSquares = squares().map((trial) => judgeStep(step, trial));
  return verdictOnStep(about, found, diagnose(step.misconceptions, claimedBy(step), judged, onSquares), {
    before: `The first wrong step is ${step.name} (${step.equation.id}).`,
    after: theRest(found.later, trials),
  });
}

interface Networks {
  readonly seed: number;
  readonly ordinary: readonly Network[];
  readonly square: readonly Network[];
}

/** The networks that were asked last: people check again and again with one seed. */
let asked: Networks | undefined;

/** The networks of one seed. The first one comes with its samples in reverse order, too: what lives on between calls shows. */
function networksOf(seed: number): Networks {
  if (asked?.seed === seed) return asked;
  const random = new Random(seed);
  const drawn = (situation: Situation) => drawNetwork(situation, random);
  const ordinary = [...backwardSituations, ...pytorch].map(drawn);
  const [{ situation, symbols }] = ordinary;
  ordinary.push(drawn({ name: `${situation.name}${IN_REVERSE}`, draw: () => reversed(symbols) }));
  asked = { seed, ordinary, square: [square, square].map(drawn) };
  return asked;
}

/** What is said of two gradients that are one Matrix. */
function oneMatrix([first, second]: readonly [string, string]): Diagnosis {
  return {
    misconception: { id: "one-matrix", hint: `Does the step to ${second} make a Matrix of its own?` },
    sentence: `${first} and ${second} are one Matrix: what was written into it last stands in both.`,
  };
}

const dividedLater: Diagnosis = {
  misconception: {
    id: "1/N-at-each-parameter",
    hint: "Both are in use, and the parameters learn the same. Here 1/N enters once, at dZ2, so that every gradient is that of the mean loss.",
  },
  sentence:
    "The gradients of W2, b2, W1 and b1 are right, and dZ2, dA1 and dZ1 are N times too large: this is the other convention, which divides by N at each parameter instead of once.",
};

/** Whether the parameters' gradients are right, and all others N times too large. */
function isDividedLater(judgedSteps: readonly JudgedStep[]): boolean {
  const isTimesN = (trial: Judged) =>
    trial.outcome.kind === "matrix" && alike(trial.outcome.value, trial.right.scale(trial.args[0].rows), trial.slack);
  return judgedSteps.every(({ step, judged }) =>
    /^d[AZ]/.test(step.name) ? judged.every(isTimesN) : judged.every(({ accepted }) => accepted),
  );
}

/** What the search is told of a step: everything in scope may have been taken for something else. */
function claimedBy({ name, equation }: Step): Claimed {
  const scope = ["X", "Y", "W1", "b1", "W2", "b2", "Z1", "A1", "Z2", "A2", ...steps.map((step) => step.name)];
  return { formulas: equation.formulas, scope: scope.filter((symbol) => symbol !== name), result: name };
}

/** A step, and how it was judged in every call. */
interface JudgedStep {
  readonly step: Step;
  readonly judged: readonly Judged[];
}

/** The first wrong step, and the steps after it that are wrong as well. */
interface Found extends JudgedStep {
  readonly later: readonly Step[];
}

function judgeSteps(trials: readonly BackwardTrial[]): JudgedStep[] {
  return steps.map((step) => ({ step, judged: trials.map((trial) => judgeStep(step, trial)) }));
}

function firstWrong(judgedSteps: readonly JudgedStep[]): Found | undefined {
  const [first, ...later] = judgedSteps.filter(({ judged }) => judged.some(({ accepted }) => !accepted));
  return first && { ...first, later: later.map(({ step }) => step) };
}

/** The verdict on the first wrong step; the diagnosis may have been made of other calls. */
function verdictOnStep(
  about: About,
  { step: { name, equation }, judged }: Found,
  diagnosis: Diagnosis | undefined,
  words: { before: string; after?: string },
): Verdict {
  const wrong = judged.find(({ accepted }) => !accepted) as Judged;
  return failed(about, equation, judged, wrong, diagnosis, { ...words, step: { name, equation: equation.id } });
}

/**
 * The verdict on a `backward` that returned no gradients in some of the `trials`. Where it is the shapes that stop it, it
 * goes through on square matrices, and there its numbers tell which step is wrong.
 */
function verdictOnStopped(about: About, trials: readonly BackwardTrial[], squares: readonly BackwardTrial[]): Verdict {
  if (trials.every(({ stopped }) => stopped?.notWritten)) return nothingToCompare(about, "It is not written yet.");
  const why = complaint(trials.find(({ stopped }) => stopped !== undefined) as BackwardTrial);
  const onSquares = squares.some(({ stopped }) => stopped !== undefined) ? undefined : firstWrong(judgeSteps(squares));
  if (onSquares !== undefined) {
    const { step, judged, later } = onSquares;
    const failing = trials.filter(({ stopped }) => stopped !== undefined);
    const stopsThere = diagnoseStop(onSquares, failing);
    return verdictOnStep(
      about,
      onSquares,
      stopsThere ?? diagnose(withoutSquares(step), claimedBy(step), judged, judged),
      {
        before: `${why} On square matrices it goes through, and there the first wrong step is ${step.name} (${step.equation.id}).`,
        after: [theRest(later, squares), stopsThere ? "" : whatStops(later, squares, failing)]
          .filter(Boolean)
          .join(" "),
      },
    );
  }
  const others = trials.filter(({ stopped }) => stopped === undefined);
  const found = firstWrong(judgeSteps(others));
  if (found === undefined) {
    return nothingToCompare(about, others.length === 0 ? why : `${why} It is right on all other inputs.`);
  }
  return verdictOnStep(about, found, diagnose(withoutSquares(found.step), claimedBy(found.step), found.judged, []), {
    before: `${why} Where it goes through, the first wrong step is ${found.step.name} (${found.step.equation.id}).`,
    after: theRest(found.later, others),
  });
}

/** Why a call brought nothing, and on which inputs. */
function complaint({ situation, symbols, stopped }: BackwardTrial): string {
  const shapes = ["X", "Y", "W1", "W2"].map((name) => `${name} is ${symbols[name].shape}`);
  return `${stopped?.why} (on ${situation.name}: ${shapes.join(", ")}).`;
}

/** The mistake in a step that goes through on square matrices only, if it is known: one that fails where the call stopped. */
function diagnoseStop({ step, judged }: JudgedStep, failing: readonly BackwardTrial[]): Diagnosis | undefined {
  const [like] = judged;
  if (like === undefined) return undefined;
  const stopped = failing.map(
    ({ known, stopped }): Judged => ({ ...like, symbols: known, outcome: stopped as Failure, accepted: false }),
  );
  const diagnosis = diagnose(step.misconceptions, claimedBy(step), stopped, judged);
  return diagnosis?.misconception && diagnosis;
}

function withoutSquares({ misconceptions }: Step) {
  return misconceptions.filter(({ square }) => !square);
}

/** Which of the later steps it is that goes through on square matrices only, if that is known. */
function whatStops(
  later: readonly Step[],
  squares: readonly BackwardTrial[],
  failing: readonly BackwardTrial[],
): string | undefined {
  for (const step of later) {
    const judged = squares.flatMap((trial) => judgeByItself(step, trial) ?? []);
    const diagnosis = diagnoseStop({ step, judged }, failing);
    if (diagnosis !== undefined)
      return `Elsewhere it stops at ${step.name} (${step.equation.id}). ${diagnosis.sentence}`;
  }
  return undefined;
}
