/** Checks an implementation of one equation. */
import type { Checkable, Implementation } from "../equations/equation";
import { pytorch, reversed, type Situation, type Symbols, square } from "../equations/situations";
import type { Matrix } from "../matrix";
import { Random } from "../random";
import type { Claimed } from "./claimed";
import { diagnose } from "./diagnosis";
import { factsFromAsking, type Probe, probesOf } from "./facts";
import { type Judged, judge, type Question } from "./judge";
import { type Outcome, run } from "./outcome";
import { type About, failed, notAFunction, passed } from "./report";
import type { Verdict } from "./verdict";

/**
 * The verdict on an implementation of an equation, of this registry or another.
 *
 * @param seed a whole number of at most 32 bits, for the random inputs
 * @throws if the seed is no such number; never because of the implementation
 */
export function verifyEquation(equation: Checkable, implementation: Implementation, seed: number): Verdict {
  prepare(equation, seed);
  if (typeof implementation !== "function") return notAFunction(aboutOf(equation, seed), implementation);
  return verdictOn(equation, seed, (args) => run(equation, implementation, args));
}

/**
 * The sets of arguments that an implementation is called with: first those of different sizes; then two square ones, on
 * which products go through whose shapes do not fit elsewhere; the first one once more; and those that show what has a say.
 * It must be right on all but the last kind.
 */
export function questionsOf(equation: Checkable, seed: number): (readonly Matrix[])[] {
  const { ordinary, square, probes } = prepare(equation, seed);
  return [...[...ordinary, ...square, ordinary[0]].map(({ args }) => args), ...probes.map(({ args }) => args)];
}

/** The symbols that the questions are made of, in their order, without those that show what has a say. */
export function drawnFor(equation: Checkable, seed: number): Symbols[] {
  const { ordinary, square } = prepare(equation, seed);
  return [...ordinary, ...square, ordinary[0]].map(({ symbols }) => symbols);
}

/**
 * The verdict on answers, wherever they were found.
 *
 * @param answer what the implementation makes of the arguments; `index` is their place in `questionsOf(equation, seed)`
 * @param canAskMore whether the questions after the first one's repetition can be asked, too
 */
export function verdictOn(
  equation: Checkable,
  seed: number,
  answer: (args: readonly Matrix[], index: number) => Outcome,
  canAskMore = true,
): Verdict {
  const about = aboutOf(equation, seed);
  const questions = prepare(equation, seed);
  const askFrom = (first: number) => (question: Question, k: number) =>
    judge(equation, question, answer(question.args, first + k));
  const trials = questions.ordinary.map(askFrom(0));
  const squares = questions.square.map(askFrom(trials.length));
  const all = [...trials, ...squares];
  const again = askFrom(all.length)(questions.ordinary[0], 0);
  const wrong = [...all, again].find(({ accepted }) => !accepted);
  if (wrong === undefined) return passed(about, all);
  if (isAnotherAnswer(trials[0], again) || isOldAnswer(wrong, all) || onlyReversedIsWrong(all))
    return failed(about, equation, all, wrong, remembers);
  const ask = (probe: Probe, k: number) => answer(probe.args, all.length + 1 + k);
  const probes = canAskMore ? questions.probes : [];
  if (squares.includes(wrong)) {
    const diagnosis = diagnose(equation.misconceptions, claimedBy(equation), [], squares);
    return failed(about, equation, all, wrong, diagnosis, { after: wrongOnSquares(squares) });
  }
  const diagnosis = diagnose(equation.misconceptions, claimedBy(equation), trials, squares);
  if (diagnosis?.misconception !== undefined) return failed(about, equation, trials, wrong, diagnosis);
  const [first] = trials;
  const isConstant = first.outcome.kind === "matrix" && new Set(first.outcome.value.data).size === 1;
  const facts = first.outcome.kind === "matrix" && !isConstant ? factsFromAsking(probes, first.outcome.value, ask) : [];
  return failed(about, equation, trials, wrong, diagnosis, { after: facts.join(" ") });
}

/** What the search is told of an equation. */
function claimedBy({ formulas, onPaper = [], rightOf, parameters, result }: Checkable): Claimed {
  const scope = parameters.map(({ name }) => name);
  return { formulas: [...formulas, ...onPaper], rightOf, scope, result: result.name };
}

/** What is said where one question got two answers. */
export const remembers = {
  misconception: {
    id: "remembers",
    hint: "What of yours lives outside the function, and is still there at the next call?",
  },
  sentence:
    "The answer depends on earlier calls: the same question got two answers, or two questions of one size got the same.",
};

/** Whether nothing is wrong but the last question before the square ones, which has the first one's sizes and other numbers. */
export function onlyReversedIsWrong(trials: readonly Judged[]): boolean {
  const wrong = trials.filter(({ accepted }) => !accepted);
  return wrong.length > 0 && wrong.every(({ situation }) => situation.endsWith(IN_REVERSE));
}

/** What the first situation's name ends with where its samples come in reverse order. */
export const IN_REVERSE = ", with the samples in reverse order";

/** Whether a wrong answer is, number by number, the one that an earlier question of the same size got. */
export function isOldAnswer(wrong: Judged, all: readonly Judged[]): boolean {
  const { outcome, args, right } = wrong;
  if (outcome.kind !== "matrix" || outcome.value.data.every((x) => x === outcome.value.data[0])) return false;
  return all.some(
    (earlier) =>
      earlier !== wrong &&
      earlier.accepted &&
      earlier.outcome.kind === "matrix" &&
      earlier.args.every((arg, k) => arg.shape === args[k].shape) &&
      earlier.right.data.some((x, k) => x !== right.data[k]) &&
      earlier.outcome.value.data.every((x, k) => Object.is(x, outcome.value.data[k])),
  );
}

/** Whether the same question, asked again, got an answer that differs by more than rounding. */
export function isAnotherAnswer(first: Judged, again: Judged): boolean {
  const [a, b] = [first.outcome, again.outcome];
  if (a.kind === "failure" || b.kind === "failure") return a.kind !== b.kind;
  return (
    a.value.shape !== b.value.shape ||
    a.value.data.some((x, k) => !Object.is(x, b.value.data[k]) && x !== b.value.data[k])
  );
}

/** What it means that an implementation is right on all sizes that differ, and wrong on sizes that are equal. */
function wrongOnSquares([first]: readonly Judged[]): string {
  return first.accepted
    ? "It is right the first time, and wrong the second on matrices of the same sizes: does something live on between calls?"
    : "Where all sizes differ it is right: do the shapes decide what is computed?";
}

function aboutOf({ id, functionName, latex }: Checkable, seed: number): About {
  return { equation: id, functionName, latex, seed };
}

interface Questions {
  readonly ordinary: readonly Question[];
  readonly square: readonly Question[];
  readonly probes: readonly Probe[];
}

/** For so many seeds, what was made is remembered. */
const REMEMBERED = 8;

/**
 * Remembers what was made for the last few seeds: people check again and again with one, and graders with a few.
 *
 * @param make what takes long
 */
export function perSeed<Made>(make: (seed: number) => Made): (seed: number) => Made {
  const known = new Map<number, Made>();
  return (seed) => {
    const before = known.get(seed);
    if (before !== undefined) return before;
    const made = make(seed);
    if (known.size === REMEMBERED) known.delete(known.keys().next().value as number);
    known.set(seed, made);
    return made;
  };
}

/** What makes the questions about each equation. */
const asked = new WeakMap<Checkable, (seed: number) => Questions>();

/** The questions on PyTorch's networks, which are the same for every seed. */
const fixed = new WeakMap<Checkable, readonly Question[]>();

function prepare(equation: Checkable, seed: number): Questions {
  const questions = asked.get(equation) ?? perSeed((seed) => made(equation, seed));
  asked.set(equation, questions);
  return questions(seed);
}

function made(equation: Checkable, seed: number): Questions {
  const random = new Random(seed);
  const question = (situation: Situation): Question => {
    const symbols = situation.draw(random);
    const args = equation.parameters.map(({ name }) => symbols[name]);
    return { situation, symbols, args, expectations: equation.expectations(symbols) };
  };
  const drawn = equation.situations.map(question);
  const [{ situation: first, symbols }] = drawn;
  drawn.push(question({ name: `${first.name}${IN_REVERSE}`, draw: () => reversed(symbols) }));
  const onPytorch = fixed.get(equation) ?? (equation.square === undefined ? pytorch.map(question) : []);
  fixed.set(equation, onPytorch);
  const squares = [equation.square ?? square, equation.square ?? square];
  const onSquares = squares.map(question);
  const probes =
    equation.parameters.length === 0
      ? []
      : probesOf(equation, equation.parameters, drawn[0].args, drawn[1 % drawn.length].args);
  return { ordinary: [...drawn, ...onPytorch], square: onSquares, probes };
}
