/** Checks a whole `backward`, step by step, and finds the first wrong one in the order of dependence. */
import type { Implementation } from "../equations/equation";
import { pytorch, type Situation, square } from "../equations/situations";
import { backwardSituations, type Step, steps } from "../equations/whole-backward";
import { Random } from "../random";
import { type BackwardTrial, judgeStep, tryBackward } from "./backward-trial";
import { type Diagnosis, diagnose } from "./diagnosis";
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
    after: theRest(wrongSteps(judged, first), trials),
  });
}

function judgedOf(judged: ReadonlyMap<Step, readonly Judged[]>, step: Step): readonly Judged[] {
  return judged.get(step) ?? [];
}

/** The steps after the first wrong one that are wrong as well. */
function wrongSteps(judged: ReadonlyMap<Step, readonly Judged[]>, first: Step): readonly Step[] {
  const later = steps.slice(steps.indexOf(first) + 1);
  return later.filter((step) => judgedOf(judged, step).some(({ accepted }) => !accepted));
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
