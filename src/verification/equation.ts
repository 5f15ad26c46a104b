/** Checks an implementation of one equation. */
import type { Checkable, Implementation } from "../equations/equation";
import { pytorch, type Situation, square } from "../equations/situations";
import type { Matrix } from "../matrix";
import { Random } from "../random";
import { diagnose } from "./diagnosis";
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
 * The sets of arguments that an implementation is called with: first those of different sizes, and then two square ones,
 * on which products go through whose shapes do not fit elsewhere. It must be right on all of them.
 */
export function questionsOf(equation: Checkable, seed: number): (readonly Matrix[])[] {
  const { ordinary, square } = prepare(equation, seed);
  return [...ordinary, ...square].map(({ args }) => args);
}

/**
 * The verdict on answers, wherever they were found.
 *
 * @param answer what the implementation makes of the arguments; `index` is their place in `questionsOf(equation, seed)`
 */
export function verdictOn(
  equation: Checkable,
  seed: number,
  answer: (args: readonly Matrix[], index: number) => Outcome,
): Verdict {
  const about = aboutOf(equation, seed);
  const questions = prepare(equation, seed);
  const askFrom = (first: number) => (question: Question, k: number) =>
    judge(equation, question, answer(question.args, first + k));
  const trials = questions.ordinary.map(askFrom(0));
  const squares = questions.square.map(askFrom(trials.length));
  const all = [...trials, ...squares];
  const wrong = all.find(({ accepted }) => !accepted);
  if (wrong === undefined) return passed(about, all);
  if (squares.includes(wrong)) {
    const diagnosis = diagnose(equation.misconceptions, [], squares);
    return failed(about, equation, all, wrong, diagnosis, { after: wrongOnSquares(squares) });
  }
  return failed(about, equation, trials, wrong, diagnose(equation.misconceptions, trials, squares));
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
  readonly seed: number;
  readonly ordinary: readonly Question[];
  readonly square: readonly Question[];
}

/** The questions that were asked last about each equation: people check again and again with one seed. */
const asked = new WeakMap<Checkable, Questions>();

/** The questions on PyTorch's networks, which are the same for every seed. */
const fixed = new WeakMap<Checkable, readonly Question[]>();

function prepare(equation: Checkable, seed: number): Questions {
  const before = asked.get(equation);
  if (before?.seed === seed) return before;
  const random = new Random(seed);
  const question = (situation: Situation): Question => {
    const symbols = situation.draw(random);
    const args = equation.parameters.map(({ name }) => symbols[name]);
    return { situation, symbols, args, expectations: equation.expectations(symbols) };
  };
  const drawn = equation.situations.map(question);
  const onPytorch = fixed.get(equation) ?? (equation.square === undefined ? pytorch.map(question) : []);
  fixed.set(equation, onPytorch);
  const squares = [equation.square ?? square, equation.square ?? square];
  const questions = { seed, ordinary: [...drawn, ...onPytorch], square: squares.map(question) };
  asked.set(equation, questions);
  return questions;
}
