/** One set of inputs, one answer, and what the oracles say of it. */
import type { Checkable } from "../equations/equation";
import { pytorchNames, type Situation, type Symbols } from "../equations/situations";
import type { Matrix } from "../matrix";
import type { Expectation } from "../oracles/expectation";
import { type Comparison, compare } from "./compare";
import type { Outcome } from "./outcome";
import type { Trial } from "./trial";

/** One set of inputs, and what the oracles say about it. */
export interface Question {
  readonly situation: Situation;
  readonly symbols: Symbols;
  readonly args: readonly Matrix[];
  readonly expectations: readonly Expectation[];
}

/** A trial that was judged. */
export interface Judged extends Trial {
  /** How the answer compares; not there if there is no matrix of the right shape to compare. */
  readonly comparison?: Comparison;
  readonly oracles: readonly Expectation["oracle"][];
}

/** Holds an outcome against the oracles, PyTorch among them where it has run. */
export function judge(equation: Checkable, question: Question, outcome: Outcome): Judged {
  const { situation, symbols, args, expectations } = question;
  const [exact] = expectations;
  const all = pytorchNames.has(situation.name)
    ? [...expectations, golden(symbols[equation.result.name], exact)]
    : expectations;
  const right = exact.expected;
  const hasShape = outcome.kind === "matrix" && outcome.value.rows === right.rows && outcome.value.cols === right.cols;
  const comparison = hasShape ? compare(outcome.value, all) : undefined;
  return {
    situation: situation.name,
    args,
    symbols,
    outcome,
    right,
    accepted: comparison?.accepted === true,
    rejected: comparison?.rejected ?? [],
    slack: exact.high.data.reduce((max, high, k) => Math.max(max, finite((high - exact.low.data[k]) / 2)), 0),
    sizes: sizesOf(equation, args),
    comparison,
    oracles: all.map(({ oracle }) => oracle),
  };
}

/** PyTorch's values, with as much rounding of its own as the implementation may have. */
function golden(values: Matrix, exact: Expectation): Expectation {
  const width = exact.high.minus(exact.low);
  return { oracle: "PyTorch", expected: values, low: values.minus(width), high: values.plus(width) };
}

/** The letters of the arguments' shapes as numbers. */
function sizesOf(equation: Checkable, args: readonly Matrix[]): Record<string, number> {
  const letters = equation.parameters.flatMap(({ rows, cols }, k) => [
    [rows, args[k].rows],
    [cols, args[k].cols],
  ]);
  return Object.fromEntries(letters.filter(([letter]) => letter !== "1"));
}

function finite(x: number): number {
  return Number.isFinite(x) ? x : 0;
}
