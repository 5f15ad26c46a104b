/** What the registry knows of an equation. */

import { chain } from "../formula/notes";
import type { Formula } from "../formula/tree";
import { Matrix } from "../matrix";
import {
  type Derivative,
  type Expectation,
  gradientExpectations,
  roundingErrors,
  valueExpectation,
} from "../oracles/expectation";
import type { Situation, Symbols } from "./situations";

/** A matrix of the notes and its shape in letters: `{ name: "A1", rows: "N", cols: "H" }`. */
export interface SymbolShape {
  /** The notes' name, which is also the argument's name in what is told to a learner. */
  readonly name: string;
  readonly rows: string;
  readonly cols: string;
}

/** A function that claims to compute an equation; whatever it returns is looked at with suspicion. */
// biome-ignore lint/suspicious/noExplicitAny: a learner's function may have any signature
export type Implementation = (...args: any[]) => unknown;

/** A wrong answer that people really give, with a name and a hint. */
export interface Misconception {
  /** Unique within the equation, like `missing-1/N`. */
  readonly id: string;
  /** What is wrong, in a few words, to stand after "this looks like: ". */
  readonly name: string;
  /** A sentence that leads on without giving the answer away. */
  readonly hint: string;
  /**
   * The wrong answer.
   * @param right the right one; not at hand for inputs on which the equation means nothing
   * @param args the equation's arguments
   */
  readonly wrong: (right: Matrix, ...args: Matrix[]) => Matrix;
  /** The same mistake made a little differently: with another constant, say. */
  readonly variants?: readonly Misconception["wrong"][];
  /** Whether it runs on square matrices only, because the shapes do not fit otherwise. */
  readonly square?: true;
  /** Whether it can come on top of any other mistake, because it only looks at the answer it spoils. */
  readonly onTopOfOthers?: true;
  /**
   * A sentence to say instead of the name where an implementation refused NaN and nothing else was wrong. That shows no
   * more than that one came about; the sentence covers every way to it.
   */
  readonly whereRefused?: string;
  /** Misconceptions of the same equation that give the very same numbers, so that no output tells them apart. */
  readonly twins?: readonly string[];
}

/** What a verdict rests on: everything there is to know about an equation, but for the function that implements it. */
export interface Checkable {
  /** E1 … E17; exercises have ids of their own. */
  readonly id: string;
  /** The heading under which its notebook teaches it. */
  readonly title: string;
  /** The equation, in LaTeX without dollar signs. */
  readonly latex: string;
  /** The name of the function that implements it. */
  readonly functionName: string;
  /** The function's arguments; `number` marks a plain number, held here by a 1×1 Matrix. */
  readonly parameters: readonly (SymbolShape & { readonly number?: true })[];
  /** What it returns; `number` marks a plain number instead of a Matrix. */
  readonly result: SymbolShape & { readonly number?: true };
  /** The kinds of inputs on which an implementation is tried. */
  readonly situations: readonly Situation[];
  /**
   * Where a product goes through that should have failed by its shapes. When left out, these are the notes' own symbols
   * with all sizes equal, and the implementation is tried on PyTorch's networks as well, which hold no other symbols.
   */
  readonly square?: Situation;
  /** What it states, entry by entry: its right spellings, the notes' own first. */
  readonly formulas: readonly Formula[];
  /** Who does it right, where no formula is stated: from the arguments by their names. */
  readonly rightOf?: (symbols: Symbols) => Matrix | undefined;
  /** Formulas that are right on paper and not in floating point; they are searched, too. */
  readonly onPaper?: readonly Formula[];
  /** What the oracles say about one set of inputs; the most exact one comes first. */
  readonly expectations: (symbols: Symbols) => Expectation[];
  /** The wrong answers that are known by name, the likelier first. */
  readonly misconceptions: readonly Misconception[];
}

/** The oracle of an equation that states a value: its formula, computed with 30 digits. */
export function statedValue(formulas: readonly Formula[]): Pick<Checkable, "formulas" | "expectations"> {
  return { formulas, expectations: (symbols) => [valueExpectation(formulas, symbols)] };
}

/**
 * The oracles of an equation that states a gradient: dual numbers and central differences of what it is the gradient of.
 *
 * @param before what the equation's own arguments were computed with, where that has a say in how exact they are
 */
export function gradientOf(
  derivative: Derivative,
  formulas: readonly Formula[],
  before: readonly Formula[] = [],
): Pick<Checkable, "formulas" | "expectations"> {
  const spellings = formulas.map((spelling) => chain(...before, spelling));
  return {
    formulas,
    expectations: (symbols) => gradientExpectations(derivative, symbols, roundingErrors(spellings, symbols)),
  };
}

/** One entry of the registry: an equation of the notes. */
export interface Equation extends Checkable {
  /** The notebook that teaches it, without its ending. */
  readonly notebook: string;
  /** The function in `src`. Verdicts do not rest on it. */
  readonly reference: Implementation;
}

/**
 * A misconception as a function, to be called like the equation's own.
 * @throws what the reference throws, and what a wrong transpose throws unless the matrices are square
 */
export function misconceived(equation: Equation, misconception: Misconception): (...args: Matrix[]) => Matrix | number {
  return (...args) => {
    const right = equation.reference(...args);
    const wrong = misconception.wrong(
      typeof right === "number" ? new Matrix(1, 1, Float64Array.of(right)) : (right as Matrix),
      ...args,
    );
    return equation.result.number ? wrong.data[0] : wrong;
  };
}
