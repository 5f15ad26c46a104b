/** Makes verdicts of judged trials. */
import type { Checkable } from "../equations/equation";
import { ABSOLUTE_TOLERANCE } from "../oracles/expectation";
import { type Comparison, type Entry, share } from "./compare";
import type { Diagnosis } from "./diagnosis";
import type { Judged } from "./judge";
import { figure, figures } from "./number-text";
import { describe } from "./outcome";
import { Verdict, type VerdictData } from "./verdict";

/** What every verdict on one implementation says. */
export type About = Pick<VerdictData, "equation" | "functionName" | "latex" | "seed">;

/** The verdict on something that is no function, or that brought nothing to compare. */
export function nothingToCompare(about: About, explanation: string): Verdict {
  return new Verdict({
    ...about,
    passed: false,
    maxAbsError: Infinity,
    maxRelError: Infinity,
    tolerance: { absolute: 0, relative: 0 },
    oracles: [],
    inputs: 0,
    explanation,
  });
}

/** The verdict on something that is no function. */
export function notAFunction(about: About, implementation: unknown): Verdict {
  return nothingToCompare(about, `expected a function to check, got ${describe(implementation)}.`);
}

/** The verdict on an implementation that every oracle accepts. `inputs` counts the sets of inputs. */
export function passed(about: About, trials: readonly Judged[], inputs = trials.length): Verdict {
  const calls = trials.flatMap(({ comparison }) => (comparison?.closest === undefined ? [] : [comparison.closest]));
  const closest = calls.reduce<Entry | undefined>(
    (max, call) => (max && share(max) > share(call) ? max : call),
    undefined,
  );
  const errors = summary(trials, closest);
  const equal = errors.maxAbsError === 0 ? "exactly equal" : "equal up to rounding";
  const call =
    closest === undefined
      ? ""
      : `; the closest call is an error of ${figure(closest.error)} in ${figure(closest.expected)}, ${figure(100 * share(closest), 2)} % of what rounding explains`;
  const explanation = `${equal} on ${inputs} sets of inputs${call}. Checked against: ${errors.oracles.join(", ")}.`;
  return new Verdict({ ...about, ...errors, passed: true, inputs, explanation });
}

/**
 * The verdict on an implementation that is wrong.
 *
 * @param trials all of them
 * @param wrong the one that is told of
 * @param diagnosis the mistake, if it is known
 * @param more what to say before and after, and the step of a whole `backward`
 */
export function failed(
  about: About,
  equation: Checkable,
  trials: readonly Judged[],
  wrong: Judged,
  diagnosis: Diagnosis | undefined,
  more: { before?: string; after?: string; step?: VerdictData["step"] } = {},
): Verdict {
  const worst = wrong.comparison?.worst;
  const what = [more.before, complaint(equation, wrong, trials), diagnosis?.sentence, more.after];
  return new Verdict({
    ...about,
    ...summary(trials, worst),
    passed: false,
    worst,
    misconception: diagnosis?.misconception,
    explanation: what.filter(Boolean).join(" "),
    comparison:
      wrong.comparison && wrong.outcome.kind === "matrix"
        ? { situation: wrong.situation, expected: wrong.right.copy(), got: wrong.outcome.value.copy() }
        : undefined,
    step: more.step,
  });
}

/** What is wrong, without saying why: an exception, a wrong shape, or the worst entry. */
function complaint({ result, parameters }: Checkable, wrong: Judged, trials: readonly Judged[]): string {
  const { outcome, right, comparison, args, situation, oracles } = wrong;
  const [exact] = oracles;
  const where = `on ${situation}: ${parameters.map(({ name, number }, k) => `${name} is ${number ? figure(args[k].data[0]) : args[k].shape}`).join(", ")}`;
  if (outcome.kind === "failure") {
    const { inAnotherForm } = outcome;
    if (inAnotherForm !== undefined && trials.every(isRightInAnotherForm)) {
      const numbers = result.number ? "The number is right" : "The numbers are right";
      return `${numbers}, but ${result.number ? "comes" : "come"} ${inAnotherForm.form}: ${outcome.why.replace(/^Your function/, "your function")}.`;
    }
    return trials.every(isNotWritten) ? "It is not written yet." : `${outcome.why.replace(/\.$/, "")} (${where}).`;
  }
  if (comparison?.worst === undefined) {
    return `${result.name} is ${outcome.value.shape}; expected ${result.rows}×${result.cols} = ${right.shape} (${where}).`;
  }
  const { row, col, error, tolerance, oracle } = comparison.worst;
  const [expected, got] = figures(comparison.worst.expected, comparison.worst.got);
  const entry = result.number ? result.name : `${result.name}[${row}, ${col}]`;
  const explained = oracle === exact ? "rounding explains" : `the errors of ${oracle} explain`;
  const allowed =
    tolerance <= ABSOLUTE_TOLERANCE ? "; this entry must be exact" : ` where ${explained} ${figure(tolerance, 2)}`;
  const off = Number.isFinite(error) ? `, off by ${figure(error)}${allowed}` : "";
  return `${entry} should be ${expected} and is ${got}${off} (${where}).`;
}

/** Whether all numbers are there and right, in another form than was asked for. */
function isRightInAnotherForm({ outcome, right, slack }: Judged): boolean {
  const form = outcome.kind === "failure" ? outcome.inAnotherForm : undefined;
  if (form === undefined || form.value.data.length !== right.data.length) return false;
  return right.data.every(
    (x, k) => form.value.data[k] === x || Math.abs(form.value.data[k] - x) <= 16 * slack + 1e-9 * Math.abs(x),
  );
}

/** Whether an untouched stub was called; a call on one set of inputs does not show that it is one. */
function isNotWritten({ outcome }: Judged): boolean {
  return outcome.kind === "failure" && outcome.notWritten === true;
}

/** The largest errors over all inputs, the tolerance of one entry, and the oracles that were asked. */
function summary(trials: readonly Judged[], entry: Entry | undefined) {
  const comparisons = trials.flatMap(({ comparison }) => (comparison === undefined ? [] : [comparison]));
  const largest = (pick: (c: Comparison) => number) =>
    comparisons.length === trials.length ? comparisons.reduce((max, c) => Math.max(max, pick(c)), 0) : Infinity;
  const absolute = entry?.tolerance ?? 0;
  return {
    maxAbsError: largest((c) => c.maxAbsError),
    maxRelError: largest((c) => c.maxRelError),
    tolerance: { absolute, relative: entry === undefined || absolute === 0 ? 0 : absolute / Math.abs(entry.expected) },
    oracles: [...new Set(trials.flatMap(({ oracles }) => oracles))],
    inputs: trials.length,
  };
}
