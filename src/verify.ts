/**
 * Verification: is this function the equation, and if not, which mistake is it?
 *
 * An implementation is run on many sets of inputs, and what comes back is held against oracles that share no code with
 * `src`'s own equations: derivatives by dual numbers and by central differences, values with 30 digits, exact
 * fractions, and numbers out of PyTorch. All of them have to agree. `src`'s own functions have no say.
 */
import { equations } from "./equations";
import type { Implementation } from "./equations/equation";
import { checkSeed } from "./shapes";
import { verifyBackward } from "./verification/backward";
import { verifyDescent } from "./verification/descent";
import { verifyEquation } from "./verification/equation";
import { type Road, watched, withRoads } from "./verification/roads";
import type { Verdict } from "./verification/verdict";

/** Options of `verify`. */
export interface VerifyOptions {
  /** A whole number of at most 32 bits: other random inputs. 1 when left out, so that a verdict can be repeated. */
  readonly seed?: number;
  /** Methods of Matrix that the exercise excludes, like `["minus", "scale"]`: a ✓ says so where one was called. */
  readonly without?: readonly Road[];
}

/**
 * Checks an implementation of an equation. A loop that never ends has to be interrupted, as in any cell.
 *
 * @param id "E1" … "E17"; "backward" for a whole `backward(X, Y, parameters, cache)`; "sgdStep" for
 *   `(parameters, gradients, learningRate)`, "trainingStep" for `({ X, Y }, parameters, learningRate)`
 * @param implementation the function to be checked; it gets copies of the inputs
 * @returns a verdict, also when the implementation throws, returns nonsense or changes its arguments
 * @throws if there is no such equation or the seed is not a whole number; never because of the implementation
 */
export function verify(id: string, implementation: Implementation, options: VerifyOptions = {}): Verdict {
  const seed = options?.seed ?? 1;
  checkSeed("verify", seed);
  const without = options?.without ?? [];
  if (without.length > 0 && typeof implementation === "function") {
    const { f, taken } = watched(implementation, without);
    return withRoads(verify(id, f, { seed }), taken);
  }
  if (id === "backward") return verifyBackward(implementation, seed);
  if (id === "sgdStep" || id === "trainingStep") return verifyDescent(id, implementation, seed);
  const equation = equations.find((entry) => entry.id === id);
  if (equation === undefined) {
    throw new RangeError(
      `verify: there is no equation "${String(id)}"; expected E1 … E${equations.length}, "backward", "sgdStep" or "trainingStep"`,
    );
  }
  return verifyEquation(equation, implementation, seed);
}

/**
 * As `verify`, for cells that must not go on with a wrong function.
 * @returns the verdict, which is a ✓
 * @throws an Error with the verdict's text if the implementation is wrong
 */
export function assertVerified(id: string, implementation: Implementation, options?: VerifyOptions): Verdict {
  return verify(id, implementation, options).orThrow();
}
