/** What `verify` answers. */
import type { Matrix } from "../matrix";
import type { Expectation } from "../oracles/expectation";
import type { Entry } from "./compare";

/** The contents of a verdict, plain data. */
export interface VerdictData {
  /** Whether every oracle accepts every entry on every set of inputs. */
  readonly passed: boolean;
  /** The equation's id, or "backward". */
  readonly equation: string;
  /** The function's name. */
  readonly functionName: string;
  /** The equation in LaTeX. */
  readonly latex: string;
  /** The largest |got − expected| over all inputs; Infinity if there is nothing to compare. */
  readonly maxAbsError: number;
  /** The largest |got − expected| / |expected|; Infinity where one of the two is infinite, or NaN came back. */
  readonly maxRelError: number;
  /**
   * What its oracle lets pass in the worst entry, or what rounding explains in the closest call if all is right: absolute,
   * and as a share of |expected|.
   */
  readonly tolerance: { readonly absolute: number; readonly relative: number };
  /** Who was asked. */
  readonly oracles: readonly Expectation["oracle"][];
  /** How many sets of inputs were tried. */
  readonly inputs: number;
  /** The seed of the random inputs. */
  readonly seed: number;
  /** The entry that is furthest off. */
  readonly worst?: Entry;
  /** The mistake, if it has a name. */
  readonly misconception?: { readonly id: string; readonly hint: string };
  /** What was found, in one to a few sentences, without ✓ or ✗ and without the hint. */
  readonly explanation: string;
  /** On the inputs of `worst`: what was expected and what came back. */
  readonly comparison?: { readonly situation: string; readonly expected: Matrix; readonly got: Matrix };
  /** For "backward": the first wrong step, the gradient's name and its equation. */
  readonly step?: { readonly name: string; readonly equation: string };
}

/** A verdict: its data as properties, and a line to read. */
export class Verdict implements VerdictData {
  declare readonly passed: boolean;
  declare readonly equation: string;
  declare readonly functionName: string;
  declare readonly latex: string;
  declare readonly maxAbsError: number;
  declare readonly maxRelError: number;
  declare readonly tolerance: VerdictData["tolerance"];
  declare readonly oracles: VerdictData["oracles"];
  declare readonly inputs: number;
  declare readonly seed: number;
  declare readonly worst?: Entry;
  declare readonly misconception?: VerdictData["misconception"];
  declare readonly explanation: string;
  /** The explanation and, if there is one, the hint. */
  readonly message: string;
  declare readonly comparison?: VerdictData["comparison"];
  declare readonly step?: VerdictData["step"];

  constructor(data: VerdictData) {
    Object.assign(this, data);
    const hint = data.misconception === undefined ? "" : ` ${data.misconception.hint}`;
    this.message = data.explanation + hint;
  }

  /** `✓ E11 gradW2: equal up to rounding …` or `✗ E11 gradW2: …`. */
  toString(): string {
    const name = this.equation === this.functionName ? this.equation : `${this.equation} ${this.functionName}`;
    return `${this.passed ? "✓" : "✗"} ${name}: ${this.message}`;
  }

  /** Itself if it is a ✓; else it is thrown, as text. */
  orThrow(): this {
    if (!this.passed) throw new Error(String(this));
    return this;
  }
}
