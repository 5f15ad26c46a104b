/** What a change of a formula is, and what the rules that make one are handed. */
import type { Formula, Node, Shape, Step } from "./tree";

/** A changed formula, with what there is to say about it. */
export interface Change {
  /** The rule and its place, like `Z1-instead-of-A1`. */
  readonly id: string;
  /** The rule alone, like `operand`. */
  readonly rule: Rule;
  /** What the answer has in common with it: a sentence. */
  readonly said: string;
  /** A question that leads on. */
  readonly hint: string;
  /** The smaller, the likelier. */
  readonly cost: number;
  readonly formula: Formula;
}

/** The families of changes. */
export type Rule =
  | "operand"
  | "index"
  | "range"
  | "operation"
  | "axis"
  | "factor"
  | "function"
  | "extra step"
  | "convention"
  | "product"
  | "naive";

/** What a change is made with: a place in a step of a formula. */
export interface Spot {
  readonly formula: Formula;
  readonly step: Step;
  readonly at: number;
  readonly node: Node;
  readonly replaced: (by: Node) => Node;
  /** The matrices in scope, other than the formula's own steps. */
  readonly scope: readonly string[];
  /** The letters of all sizes. */
  readonly sizes: readonly string[];
}

/** A change as a rule finds it: the step's new body, and what else becomes of the formula. */
export type Found = Omit<Change, "formula" | "rule"> & {
  readonly body: Node;
  readonly step?: Partial<Step>;
  readonly before?: Step;
};

/** What one of a size's letter is called. */
export const unit: Readonly<Record<string, string>> = {
  N: "sample",
  C: "class",
  H: "hidden unit",
  D: "input",
  G: "unit",
};

/** Whether a shape is more than that of a single number. */
export const isMatrix = (shape: Shape | undefined): boolean => shape?.some((size) => size !== "1") === true;
