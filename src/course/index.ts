/** What the notebooks of the assignments import: `import { assertVerified, verify } from "./src/course"`. */
import type { Implementation } from "../equations/equation";
import { kindOf } from "../matrix";
import { checkSeed } from "../shapes";
import { watched, withRoads } from "../verification/roads";
import type { Verdict } from "../verification/verdict";
import type { VerifyOptions } from "../verify";
import { exerciseOf } from "./exercises";
import type { Exercise } from "./exercises/exercise";
import { attempt } from "./plain-data";

/**
 * Checks your function for an exercise.
 *
 * @param id of the exercise, like "F1", or an exercise of one's own
 * @param implementation your function; it gets copies of the inputs
 * @param options `seed`: a whole number, for other random inputs; 1 when left out
 * @returns a verdict, also when the function throws, returns nonsense or changes its arguments
 * @throws if there is no such exercise or the seed is not a whole number; never because of the function
 */
export function verify(
  id: string | Exercise,
  implementation: Implementation,
  { seed = 1, without = [] }: VerifyOptions = {},
): Verdict {
  checkSeed("verify", seed);
  if (without.length > 0 && typeof implementation === "function") {
    const { f, taken } = watched(implementation, without);
    return withRoads(verify(id, f, { seed }), taken);
  }
  const exercise = typeof id === "string" ? exerciseOf(id) : id;
  const questions = exercise.questions(seed);
  return exercise.judge(seed, (index) =>
    typeof implementation === "function"
      ? attempt(implementation, questions[index])
      : { kind: "failure", why: `expected a function to check, got ${kindOf(implementation)}` },
  );
}

/**
 * As `verify`, for the cells that are worth points.
 * @returns the verdict, which is a ✓
 * @throws an Error with the verdict's text if the function is wrong
 */
export function assertVerified(
  id: string | Exercise,
  implementation: Implementation,
  options?: VerifyOptions,
): Verdict {
  return verify(id, implementation, options).orThrow();
}
