/**
 * Finds the name of a mistake from what a wrong implementation returned, and from nothing else.
 *
 * A misconception is recognised if it returns the same numbers on every input. Two at once are recognised if the second
 * is of the kind that can come on top of any other, like a sign or a factor. What nobody listed is still described, by
 * the factor or the places in which it differs.
 */
import type { Misconception } from "../equations/equation";
import type { Formula } from "../formula/tree";
import type { Matrix } from "../matrix";
import type { Claimed, Explanation } from "./claimed";
import { alike } from "./compare";
import { decimalsOf, factsOf } from "./facts";
import { Answers } from "./matching";
import type { Failure } from "./outcome";
import { recognised } from "./recognise";
import { search } from "./search";
import { type Answered, answered, fitsShape, type Trial } from "./trial";

/** What the diagnosis says. */
export interface Diagnosis {
  /** The misconception that behaves just like this, if one does. */
  readonly misconception?: { readonly id: string; readonly hint: string };
  /** A sentence for the learner. */
  readonly sentence: string;
}

/**
 * @param misconceptions those that are written down
 * @param claimed what the equation states, which the search changes
 * @param trials on inputs of different sizes
 * @param square trials on square inputs, where a product goes through whose shapes do not fit elsewhere
 */
export function diagnose(
  misconceptions: readonly Misconception[],
  claimed: Claimed,
  trials: readonly Trial[],
  square: readonly Trial[],
): Diagnosis | undefined {
  // Where ordinary numbers came back, a second mistake that shows only at the edges does not hide the first.
  const withNumbers = trials.filter(hasOrdinaryNumbers);
  const ordinary = withNumbers.some(isOfMany) || !trials.some(isOfMany) ? withNumbers : [];
  const told = [...answered(trials), ...answered(square)];
  // What brought no number and was no NaN says nothing of the formula.
  if (told.length === 0 && trials.some(({ outcome }) => outcome.kind === "failure" && !outcome.notFinite))
    return undefined;
  const alone = told.every(({ sizes }) => sizes.N === 1) ? singleSampleOnly(trials) : undefined;
  if (alone !== undefined) return inWords(alone);
  const single = oneMistake(misconceptions, trials, square, "This looks like");
  const numbers = new Set(told.flatMap(({ got }) => Array.from(got.data)));
  // One number for all inputs is no formula's.
  if (single === undefined && told.length > 2 && numbers.size === 1)
    return inWords(factsOf(trials, told, claimed.scope).join(" "));
  const rounded =
    single ??
    throughRounding(claimed, told) ??
    oneMistake(misconceptions, ordinary, square, "Where ordinary numbers come back, this looks like");
  const found = rounded ?? bySearch(claimed, trials, square);
  // Of two things at once the written ones have the better words.
  const isPair = rounded === undefined && found?.misconception?.id.includes(" + ");
  return (
    (isPair ? twoAtOnce(misconceptions, trials, square) : undefined) ??
    found ??
    twoAtOnce(misconceptions, trials, square) ??
    timesFactor(misconceptions, told) ??
    inWords(describeRefusals(misconceptions, trials)) ??
    inWords(rightElsewhere(trials)) ??
    inWords(factsOf(trials, told, claimed.scope).slice(0, 2).join(" "))
  );
}

/** What brings nothing on some inputs, and the right answer on all others. */
function rightElsewhere(trials: readonly Trial[]): string | undefined {
  const told = answered(trials).filter(fitsShape);
  const isRight = told.length > 0 && told.length < trials.length && told.every(({ accepted }) => accepted);
  return isRight ? "It is right on all other inputs." : undefined;
}

/** What goes through for one sample only. */
function singleSampleOnly(trials: readonly Trial[]): string | undefined {
  const told = answered(trials).filter(fitsShape);
  const isOne = told.length > 0 && told.every(({ sizes }) => sizes.N === 1) && trials.some(({ sizes }) => sizes.N > 1);
  return isOne ? "It goes through for a single sample only: which of your shapes fit for N = 1 alone?" : undefined;
}

/** The written mistake that gives what the implementation gave. */
function oneMistake(
  misconceptions: readonly Misconception[],
  trials: readonly Trial[],
  square: readonly Trial[],
  opening: string,
): Diagnosis | undefined {
  const variants = misconceptions.flatMap((m) => [m, ...(m.variants ?? []).map((wrong) => ({ ...m, wrong }))]);
  const single = variants.find((m) => explains([m], trials, square));
  if (single === undefined) return undefined;
  const sentence = onlyRefused(single, trials) ? single.whereRefused : undefined;
  return {
    misconception: { id: single.id, hint: single.hint },
    sentence: sentence ?? `${opening}: ${single.name}.`,
  };
}

/** A written mistake, and a factor on top of it. */
function timesFactor(misconceptions: readonly Misconception[], told: readonly Answered[]): Diagnosis | undefined {
  const ordinary = told.filter(({ got }) => got.data.every(Number.isFinite));
  const answers = new Answers(ordinary);
  if (answers.wrong.length === 0) return undefined;
  for (const mistake of misconceptions) {
    if (mistake.onTopOfOthers) continue;
    const factors = ordinary.map((trial) => {
      const wrong = apply([mistake], trial);
      return wrong && answers.factorBetween(trial, wrong);
    });
    if (factors.some((factor) => factor === undefined)) continue;
    const text = recognised(factors as number[], ordinary);
    if (text === undefined || text === "1") continue;
    const sentence = `This looks like: ${mistake.name}, and everything times ${text}.`;
    return { misconception: { id: `${mistake.id} + times-${text}`, hint: mistake.hint }, sentence };
  }
  return undefined;
}

/** Two written mistakes, the second of which spoils any answer. */
function twoAtOnce(
  misconceptions: readonly Misconception[],
  trials: readonly Trial[],
  square: readonly Trial[],
): Diagnosis | undefined {
  for (const second of misconceptions.filter(({ onTopOfOthers }) => onTopOfOthers)) {
    const first = misconceptions.find((m) => m !== second && explains([m, second], trials, square));
    if (first !== undefined) {
      return {
        misconception: { id: `${first.id} + ${second.id}`, hint: `${first.hint} And: ${second.hint}` },
        sentence: `This looks like two mistakes at once: ${first.name}, and ${second.name}.`,
      };
    }
  }
  return undefined;
}

function inWords(sentence: string | undefined): Diagnosis | undefined {
  return sentence === undefined || sentence === "" ? undefined : { sentence };
}

/** Whether these mistakes, one on top of the other, give what the implementation gave, wherever it gave anything. */
function explains(mistakes: readonly Misconception[], trials: readonly Trial[], square: readonly Trial[]): boolean {
  const onSquares = mistakes.some((m) => m.square);
  // A product whose shapes do not fit has failed on all ordinary inputs; otherwise it was another mistake.
  if (onSquares && answered(trials).some(fitsShape)) return false;
  const told = onSquares ? square : trials;
  // One sample tells too little, where all others stop: much that has nothing to do with each other gives the same for it.
  if (told.some(isOfMany) && !told.some((trial) => isOfMany(trial) && tells(trial))) return false;
  let differs = false;
  for (const trial of told) {
    const agreement = agreesWith(trial, mistakes);
    if (agreement === "no") return false;
    differs ||= agreement === "wrong alike";
  }
  return differs;
}

function isOfMany({ sizes }: Trial): boolean {
  return sizes.N > 1;
}

/** Whether numbers came back, or were refused. */
function tells({ outcome }: Trial): boolean {
  return outcome.kind === "matrix" || outcome.notFinite === true;
}

type Agreement = "no" | "right alike" | "wrong alike" | "says nothing";

/** Whether the implementation gave what these mistakes lead to, and whether that is wrong. */
function agreesWith(trial: Trial, mistakes: readonly Misconception[]): Agreement {
  const { outcome, right, slack } = trial;
  const wrong = apply(mistakes, trial);
  if (outcome.kind === "failure") {
    if (!outcome.notFinite || wrong === undefined) return "says nothing";
    if (!mayRefuse(outcome, wrong)) return "no";
  } else if (wrong === undefined || !alike(outcome.value, wrong, slack)) return "no";
  return alike(wrong, right, slack) ? "right alike" : "wrong alike";
}

/**
 * Whether an implementation that refuses NaN and ∞, as `Matrix.fromRows` does, may have refused this answer: the place
 * that its message names, if it does, is the answer's first one without a number.
 */
function mayRefuse({ why }: Failure, wrong: Matrix): boolean {
  const first = wrong.data.findIndex((x) => !Number.isFinite(x));
  if (first < 0) return false;
  const place = /row (\d+), column (\d+) is (?:NaN|-?Infinity)/.exec(why);
  return place === null || Number(place[1]) * wrong.cols + Number(place[2]) === first;
}

/** Whether refusals are all that speaks for a mistake; what was refused may have come about in other ways. */
function onlyRefused(mistake: Misconception, trials: readonly Trial[]): boolean {
  return !trials.some((trial) => trial.outcome.kind === "matrix" && agreesWith(trial, [mistake]) === "wrong alike");
}

/** What covers every way to a NaN, where refusing it is all that an implementation does wrong. */
function describeRefusals(misconceptions: readonly Misconception[], trials: readonly Trial[]): string | undefined {
  const wrongOnes = trials.filter(({ accepted }) => !accepted);
  if (wrongOnes.length === 0) return undefined;
  const leadsThere = (m: Misconception) =>
    wrongOnes.every((trial) => trial.outcome.kind === "failure" && trial.outcome.notFinite && givesNoNumber(m, trial));
  return misconceptions.find((m) => m.whereRefused !== undefined && leadsThere(m))?.whereRefused;
}

function givesNoNumber(mistake: Misconception, trial: Trial): boolean {
  return apply([mistake], trial)?.data.every(Number.isFinite) === false;
}

function hasOrdinaryNumbers({ outcome }: Trial): boolean {
  return outcome.kind === "matrix" && outcome.value.data.every(Number.isFinite);
}

/** The wrong answer that these mistakes lead to; nothing if they cannot be made on these inputs. */
function apply(mistakes: readonly Misconception[], { right, args }: Trial): Matrix | undefined {
  try {
    return mistakes.reduce((answer, mistake) => mistake.wrong(answer, ...args), right);
  } catch {
    return undefined;
  }
}

/** What the verdict on rounded numbers says, and how far such numbers may be off. */
interface Rounding {
  readonly said: string;
  readonly coarse: { readonly absolute: number; readonly relative: number };
}

/** Whether all numbers are rounded where the right ones are not: to so many decimals or digits, or to single precision. */
function roundingOf(told: readonly Answered[]): Rounding | undefined {
  const numbers = (pick: (trial: Answered) => Matrix) =>
    told.flatMap((trial) => Array.from(pick(trial).data)).filter((x) => x !== 0 && Number.isFinite(x));
  const [got, right] = [numbers(({ got }) => got), numbers(({ right }) => right)];
  if (got.length < 6) return undefined;
  const isSingle = (x: number) => Math.fround(x) === x;
  if (got.every(isSingle) && !right.every(isSingle) && decimalsOf(got) === undefined) {
    return {
      said: "Every number is one that single precision holds, with about 7 digits",
      coarse: { absolute: 2 ** -126, relative: 2 ** -23 },
    };
  }
  const decimals = decimalsOf(got);
  if (decimals !== undefined && decimalsOf(right) === undefined) {
    const said = decimals === 0 ? "All numbers are whole" : `No number has more than ${decimals} decimals`;
    return { said, coarse: { absolute: 1.0000001 * 10 ** -decimals, relative: 0 } };
  }
  const digits = [1, 2, 3, 4, 5, 6, 7, 8].find((d) => got.every((x) => x === Number(x.toPrecision(d))));
  if (digits !== undefined && !right.every((x) => x === Number(x.toPrecision(digits)))) {
    return { said: `No number has more than ${digits} digits`, coarse: { absolute: 0, relative: 10 ** (1 - digits) } };
  }
  return undefined;
}

/** Rounded numbers that are right but for that, or that a change of the formula explains but for that. */
function throughRounding(claimed: Claimed, told: readonly Answered[]): Diagnosis | undefined {
  const fitting = told.filter(fitsShape);
  const rounded = roundingOf(fitting);
  if (rounded === undefined) return undefined;
  const answers = new Answers(fitting, rounded.coarse);
  if (fitting.every((trial) => answers.agrees(trial, trial.right))) {
    return {
      misconception: { id: "rounded", hint: "Round for display only." },
      sentence: `${rounded.said}, and but for that they are right.`,
    };
  }
  if (rounded.coarse.absolute > 0.001 || rounded.coarse.relative > 0.001) return undefined;
  const [found] = search(claimed, answers);
  return (
    found && {
      misconception: { id: `${found.id} + rounded`, hint: found.hint },
      sentence: `${found.said} And ${rounded.said[0].toLowerCase()}${rounded.said.slice(1)}.`,
    }
  );
}

/** The change of a formula that gives what the implementation gave. */
function bySearch(claimed: Claimed, trials: readonly Trial[], square: readonly Trial[]): Diagnosis | undefined {
  const told = [...answered(trials), ...answered(square)];
  const ordinary = told.filter(({ got }) => got.data.every(Number.isFinite));
  if (ordinary.length === told.length || ordinary.every(({ accepted }) => accepted))
    return explained(claimed, told, trials);
  // What explains all answers explains the ordinary ones.
  const found = explained(claimed, ordinary, trials);
  if (found === undefined) return undefined;
  if (found.formula !== undefined && new Answers(told).match(found.formula, false) === "same") return found;
  return { ...found, sentence: `Where ordinary numbers come back: ${found.sentence}` };
}

function explained(
  claimed: Claimed,
  told: readonly Answered[],
  trials: readonly Trial[],
): (Diagnosis & { readonly formula?: Formula }) | undefined {
  const answers = new Answers(told);
  const found = search(claimed, answers);
  // What fails by its shapes where the sizes differ is a change that does so, too.
  const failing = trials.filter(({ outcome }) => outcome.kind === "failure" && !outcome.notFinite);
  const misfits = (explanation: Explanation) =>
    "formula" in explanation &&
    failing.every((trial) => answers.whole(explanation.formula as Formula, trial as Answered) === undefined);
  const [first, ...others] = failing.length > 0 && failing.length === trials.length ? found.filter(misfits) : found;
  if (first === undefined) return undefined;
  const tie = others.find(({ cost, id, said }) => cost === first.cost && id !== first.id && said !== first.said);
  const sentence =
    tie === undefined
      ? first.said
      : `${first.said} (The same numbers come of this: ${tie.said[0].toLowerCase()}${tie.said.slice(1).replace(/\.$/, "")}.)`;
  const formula = "formula" in first ? (first.formula as Formula) : undefined;
  return { misconception: { id: first.id, hint: first.hint }, sentence, formula };
}
