/** Checks an implementation of one equation. */
import type { Equation, Implementation } from "../equations/equation";
import { pytorch, type Situation, square } from "../equations/situations";
import { Random } from "../random";
import { diagnose } from "./diagnosis";
import { judge, type Question } from "./judge";
import { run } from "./outcome";
import { failed, notAFunction, passed } from "./report";
import type { Verdict } from "./verdict";

/**
 * The verdict on an implementation of an equation, of this registry or another.
 *
 * @param seed a whole number of at most 32 bits, for the random inputs
 * @throws if the seed is no such number; never because of the implementation
 */
export function verifyEquation(equation: Equation, implementation: Implementation, seed: number): Verdict {
  const about = { equation: equation.id, functionName: equation.functionName, latex: equation.latex, seed };
  const questions = prepare(equation, seed);
  if (typeof implementation !== "function") return notAFunction(about, implementation);
  const ask = (question: Question) => judge(equation, question, run(equation, implementation, question.args));
  const trials = questions.ordinary.map(ask);
  const wrong = trials.find(({ accepted }) => !accepted);
  if (wrong === undefined) return passed(about, trials);
  const diagnosis = diagnose(equation.misconceptions, trials, questions.square.map(ask));
  return failed(about, equation, trials, wrong, diagnosis);
}

interface Questions {
  readonly seed: number;
  readonly ordinary: readonly Question[];
  readonly square: readonly Question[];
}

/** The questions that were asked last about each equation: people check again and again with one seed. */
const asked = new WeakMap<Equation, Questions>();

/** The questions on PyTorch's networks, which are the same for every seed. */
const fixed = new WeakMap<Equation, readonly Question[]>();

function prepare(equation: Equation, seed: number): Questions {
  const before = asked.get(equation);
  if (before?.seed === seed) return before;
  const random = new Random(seed);
  const question = (situation: Situation): Question => {
    const symbols = situation.draw(random);
    const args = equation.parameters.map(({ name }) => symbols[name]);
    return { situation, symbols, args, expectations: equation.expectations(symbols) };
  };
  const drawn = equation.situations.map(question);
  const onPytorch = fixed.get(equation) ?? pytorch.map(question);
  fixed.set(equation, onPytorch);
  const questions = { seed, ordinary: [...drawn, ...onPytorch], square: [square, square].map(question) };
  asked.set(equation, questions);
  return questions;
}
