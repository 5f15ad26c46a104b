/** What the search starts from, and what it finds. */
import type { Formula } from "../formula/tree";
import type { Matrix } from "../matrix";

/** What explains the answers, or one of several that do. */
export interface Explanation {
  readonly id: string;
  /** A sentence on what is known. */
  readonly said: string;
  readonly hint: string;
  readonly cost: number;
}

/** What is looked through: an equation's right spellings, and every matrix that may have been taken for another. */
export interface Claimed {
  readonly formulas: readonly Formula[];
  readonly scope: readonly string[];
  /** Who does it right, where no formula is stated. */
  readonly rightOf?: (symbols: Readonly<Record<string, Matrix>>) => Matrix | undefined;
  /** The result's name. */
  readonly result: string;
}
