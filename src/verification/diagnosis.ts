/**
 * Finds the name of a mistake from what a wrong implementation returned, and from nothing else.
 *
 * A misconception is recognised if it returns the same numbers on every input. Two at once are recognised if the second
 * is of the kind that can come on top of any other, like a sign or a factor. What nobody listed is still described, by
 * the factor or the places in which it differs.
 */
import type { Misconception } from "../equations/equation";
import type { Matrix } from "../matrix";
import { alike } from "./compare";
import { describeLoops } from "./loops";
import { figure } from "./number-text";
import type { Failure } from "./outcome";
import { type Answered, answered, fitsShape, type Trial, toldOf } from "./trial";

/** What the diagnosis says. */
export interface Diagnosis {
  /** The misconception that behaves just like this, if one does. */
  readonly misconception?: { readonly id: string; readonly hint: string };
  /** A sentence for the learner. */
  readonly sentence: string;
}

/**
 * @param misconceptions those of the equation
 * @param trials on inputs of different sizes
 * @param square trials on square inputs, where a product goes through whose shapes do not fit elsewhere
 */
export function diagnose(
  misconceptions: readonly Misconception[],
  trials: readonly Trial[],
  square: readonly Trial[],
): Diagnosis | undefined {
  // Where ordinary numbers came back, a second mistake that shows only at the edges does not hide the first.
  const ordinary = trials.filter(hasOrdinaryNumbers);
  return (
    byName(misconceptions, trials, square, "This looks like") ??
    byName(misconceptions, ordinary, square, "Where ordinary numbers come back, this looks like") ??
    inWords(
      describeRefusals(misconceptions, trials) ??
        describeFactor(trials) ??
        describeLoops(trials) ??
        describePlaces(trials),
    )
  );
}

/** The misconception, or the two at once, that give what the implementation gave. */
function byName(
  misconceptions: readonly Misconception[],
  trials: readonly Trial[],
  square: readonly Trial[],
  opening: string,
): Diagnosis | undefined {
  const variants = misconceptions.flatMap((m) => [m, ...(m.variants ?? []).map((wrong) => ({ ...m, wrong }))]);
  const single = variants.find((m) => explains([m], trials, square));
  if (single !== undefined) {
    const sentence = onlyRefused(single, trials) ? single.whereRefused : undefined;
    return {
      misconception: { id: single.id, hint: single.hint },
      sentence: sentence ?? `${opening}: ${single.name}.`,
    };
  }
  for (const second of misconceptions.filter(({ onTopOfOthers }) => onTopOfOthers)) {
    const first = misconceptions.find((m) => m !== second && explains([m, second], trials, square));
    if (first !== undefined) {
      return {
        misconception: { id: `${first.id} + ${second.id}`, hint: `${first.hint} And: ${second.hint}` },
        sentence: `${opening} two mistakes at once: ${first.name}, and ${second.name}.`,
      };
    }
  }
  return undefined;
}

function inWords(sentence: string | undefined): Diagnosis | undefined {
  return sentence === undefined ? undefined : { sentence };
}

/** Whether these mistakes, one on top of the other, give what the implementation gave, wherever it gave anything. */
function explains(mistakes: readonly Misconception[], trials: readonly Trial[], square: readonly Trial[]): boolean {
  const onSquares = mistakes.some((m) => m.square);
  // A product whose shapes do not fit has failed on all ordinary inputs; otherwise it was another mistake.
  if (onSquares && answered(trials).some(fitsShape)) return false;
  let differs = false;
  for (const trial of onSquares ? square : trials) {
    const agreement = agreesWith(trial, mistakes);
    if (agreement === "no") return false;
    differs ||= agreement === "wrong alike";
  }
  return differs;
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

/** "Every entry is 3 times too large; N is 3", if there is such a factor. */
function describeFactor(trials: readonly Trial[]): string | undefined {
  // Where rounding explains as much as the whole answer, it has no factor.
  const told = answered(trials).filter(
    (trial) => fitsShape(trial) && trial.right.data.some((x) => Math.abs(x) > 1000 * trial.slack),
  );
  const factors = told.map(factorOf);
  if (told.length < 2 || factors.some((factor) => factor === undefined)) return undefined;
  if (factors.every((factor) => near(factor as number, 1))) return undefined;
  const [first] = factors as number[];
  if (near(Math.abs(first), 1, 1e-3) && !near(Math.abs(first), 1)) {
    return `All entries of one answer are off by one factor, ${first.toPrecision(12)}: almost right.`;
  }
  const sign = first < 0 ? ", and its sign is the wrong way round" : "";
  const times = (factor: number) =>
    Math.abs(factor) >= 1
      ? `${figure(Math.abs(factor))} times too large`
      : `${figure(1 / Math.abs(factor))} times too small`;
  const letters = Object.keys(told[0].sizes);
  for (const power of [1, -1, 2, -2]) {
    const letter = letters.find((l) =>
      told.every(({ sizes }, t) => near(Math.abs(factors[t] as number), sizes[l] ** power)),
    );
    if (letter !== undefined && !near(Math.abs(first), 1)) {
      const size = Math.abs(power) === 2 ? `${letter}²` : letter;
      return `Every entry is ${times(first)}${sign}; ${size} is ${told[0].sizes[letter] ** Math.abs(power)} there, and on other inputs it is ${size} again.`;
    }
  }
  if (told.every((_, t) => near(factors[t] as number, first)) && !near(first, 1)) {
    return near(first, -1)
      ? "Every entry has the right size and the wrong sign."
      : `Every entry is ${times(first)}${sign}, whatever the inputs.`;
  }
  const off = told.flatMap(({ sizes }, t) => {
    const factor = figure(factors[t] as number);
    return factor === "1" ? [] : [`${factor} for ${letters.map((l) => `${l} = ${sizes[l]}`).join(", ")}`];
  });
  if (off.length === 0) return undefined;
  return `All entries of one answer are off by one factor: ${off.slice(0, 3).join("; ")}.`;
}

/** The number r with got = r · right in every entry, if there is one other than 1 or 0. */
function factorOf({ got, right, slack }: Answered): number | undefined {
  const largest = right.data.reduce((best, x, k) => (Math.abs(x) > Math.abs(right.data[best]) ? k : best), 0);
  const factor = got.data[largest] / right.data[largest];
  if (!Number.isFinite(factor) || factor === 0) return undefined;
  return alike(got, right.scale(factor), slack) ? factor : undefined;
}

/** Where the wrong entries are, if that says something. */
function describePlaces(trials: readonly Trial[]): string | undefined {
  const told = answered(trials).filter(fitsShape);
  const wrongOnes = told.filter(({ accepted }) => !accepted);
  if (told.length === 0) return undefined;
  if (trials.some(({ sizes }) => sizes.N > 1) && told.every(({ sizes }) => sizes.N === 1)) {
    return "It goes through for a single sample only: which of your shapes fit for N = 1 alone?";
  }
  if (wrongOnes.length === 0) return told.length < trials.length ? "It is right on all other inputs." : undefined;
  if (told.every(({ got }) => got.data.every((x) => x === 0))) return "Every entry is 0.";
  if (wrongOnes.length < told.length) {
    const names = [...new Set(wrongOnes.map(({ situation }) => situation))];
    const fine = told.length - wrongOnes.length;
    if (names.length <= 2)
      return `It is right on ${fine} of ${told.length} sets of inputs, and wrong on ${names.join(" and ")}.`;
    if (told.every(({ sizes, accepted }) => accepted === (sizes.N === 1)) && told.some(({ accepted }) => accepted)) {
      const rowPerSample = wrongOnes.every(({ right, sizes }) => right.rows === sizes.N);
      return `It is right for a single sample and wrong for several: ${
        rowPerSample
          ? "does row i look at its own sample, and does it land in its own place, i · columns + j?"
          : "how do the samples come together?"
      }`;
    }
  }
  if (areInSinglePrecision(wrongOnes)) return "It is right to about 7 digits: is something stored in single precision?";
  const [first] = wrongOnes;
  const places = describeEntries(first);
  return places && toldOf(first, trials, places);
}

/** What the wrong entries of one answer have in common, or how many there are. */
function describeEntries({ got, right, rejected }: Answered): string | undefined {
  const all = right.data.length;
  const differsInSign = (k: number) => Math.abs(got.data[k] + right.data[k]) <= 1e-9 * Math.abs(right.data[k]);
  if (rejected.every(differsInSign)) return `The sizes are right; ${rejected.length} of ${all} signs are wrong.`;
  if (rejected.length === all) return undefined;
  const onDiagonal = (k: number) => Math.floor(k / right.cols) === k % right.cols;
  if (right.rows === right.cols && right.rows > 1) {
    if (!rejected.some(onDiagonal)) return "The diagonal is right; the entries off it are not.";
    if (rejected.every(onDiagonal)) return "The entries off the diagonal are right; the diagonal is not.";
  }
  return `${rejected.length} of ${all} entries are wrong.`;
}

/** The smallest number that a float32 has all its digits for. */
const SMALLEST_FLOAT32 = 2 ** -126;

/** Whether the answers are right to the digits that a float32 has, and the first one to no more. */
function areInSinglePrecision(wrongOnes: readonly Answered[]): boolean {
  const isOff = ({ got, right, rejected }: Answered, share: number) => {
    const largest = right.data.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    return rejected.some((k) => !(Math.abs(got.data[k] - right.data[k]) < share * largest + SMALLEST_FLOAT32));
  };
  return isOff(wrongOnes[0], 1e-9) && !wrongOnes.some((trial) => isOff(trial, 1e-5));
}

function near(a: number, b: number, tolerance = 1e-8): boolean {
  return Math.abs(a - b) <= tolerance * Math.abs(b);
}
