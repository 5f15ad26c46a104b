/** What is wrong with the steps of a `backward` that come after the first wrong one. */
import type { Step } from "../equations/whole-backward";
import type { Matrix } from "../matrix";
import { type BackwardTrial, foundIn, judgeByItself } from "./backward-trial";
import { alike } from "./compare";
import type { Outcome } from "./outcome";

/**
 * Why a step is wrong: there is none; it follows from wrong gradients; it has a mistake of its own; or nobody can tell,
 * because it cannot be computed from what was found before.
 */
type Cause = "missing" | "inherited" | "own" | "unknown";

/**
 * Whether the later wrong steps are right, given what they were handed.
 *
 * @param later the wrong steps after the first wrong one, in dependency order
 */
export function theRest(later: readonly Step[], trials: readonly BackwardTrial[]): string {
  if (later.length === 0) return "Every other step is right.";
  const causes = new Map(later.map((step) => [step, causeOf(step, trials)]));
  const withCause = (cause: Cause) => later.filter((step) => causes.get(step) === cause);
  const said = (list: readonly Step[], one: string, several: string) =>
    list.length === 0 ? [] : [`${list.map(({ name }) => name).join(", ")} ${list.length === 1 ? one : several}`];
  const unknown = withCause("unknown");
  const blameless = [...unknown, ...withCause("inherited")].map(({ name }) => name);
  const unusable = unusableBefore(unknown, trials).filter((name) => !blameless.includes(name));
  const those = unusable.join(" and ") || "the gradients before";
  const until = `cannot be judged until ${those} ${unusable.length === 1 ? "is" : "are"} right.`;
  return [
    ...said(withCause("missing"), "is missing, too.", "are missing, too."),
    ...said(
      withCause("inherited"),
      "is wrong only because of the gradients handed to it.",
      "are wrong only because of the gradients handed to them.",
    ),
    ...said(unknown, until, until),
    ...said(withCause("own"), "has a mistake of its own.", "have mistakes of their own."),
  ].join(" ");
}

function causeOf(step: Step, trials: readonly BackwardTrial[]): Cause {
  const causes = trials.map((trial) => causeIn(trial, step));
  const order: readonly Cause[] = ["missing", "own", "unknown"];
  return order.find((cause) => causes.includes(cause)) ?? "inherited";
}

/** The cause in one call; "inherited" also where the step is right. */
function causeIn(trial: BackwardTrial, step: Step): Cause {
  const outcome = trial.outcomes.get(step.name) as Outcome;
  if (outcome.kind === "failure") return outcome.missing ? "missing" : "own";
  if (followsByAnotherRoute(step, trial, outcome.value)) return "inherited";
  const judged = judgeByItself(step, trial);
  if (judged?.accepted) return "inherited";
  const canBeComputed = judged?.right.data.every(Number.isFinite) && unusableFor(step, trial).length === 0;
  return canBeComputed ? "own" : "unknown";
}

function followsByAnotherRoute(step: Step, trial: BackwardTrial, got: Matrix): boolean {
  try {
    const other = step.alsoFrom?.(foundIn(trial));
    return other !== undefined && alike(got, other, 0);
  } catch {
    return false; // what it would be made of is missing, or of the wrong shape
  }
}

/** The gradients with which nothing can be computed, and because of which these steps cannot be judged. */
function unusableBefore(unknown: readonly Step[], trials: readonly BackwardTrial[]): string[] {
  return [...new Set(unknown.flatMap((step) => trials.flatMap((trial) => unusableFor(step, trial))))];
}

/** The gradients that a step is computed from and that are missing, of the wrong shape, or without a number somewhere. */
function unusableFor({ equation, alsoFrom }: Step, { known, outcomes }: BackwardTrial): string[] {
  const cannotBeUsed = (name: string) => {
    const outcome = outcomes.get(name);
    if (outcome?.kind !== "matrix") return outcome !== undefined;
    return outcome.value.shape !== known[name].shape || !outcome.value.data.every(Number.isFinite);
  };
  const own = equation.parameters.map(({ name }) => name).filter(cannotBeUsed);
  // dZ1 needs no dA1, but may have been made of it.
  const viaA1 = alsoFrom !== undefined && outcomes.get("dA1")?.kind === "matrix" && cannotBeUsed("dA1");
  return viaA1 ? [...own, "dA1"] : own;
}
