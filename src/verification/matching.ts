/** Whether a formula gives the numbers that came back, told as quickly as can be: two wrong entries first, then the whole. */
import { float64 } from "../formula/arithmetic";
import { type Bound, bind } from "../formula/evaluate";
import type { Formula } from "../formula/tree";
import { Matrix } from "../matrix";
import { ratiosBetween, recognised } from "./recognise";
import type { Answered } from "./trial";

/** The answers that an explanation must give. */
export class Answers {
  /** Those that are wrong, with ordinary numbers first. */
  readonly wrong: readonly Answered[];
  /** The wrong one that came first, which a verdict tells of. */
  readonly first: Answered | undefined;
  /** The wrong ones in which every number is finite. */
  readonly telling: readonly Answered[];
  readonly #places = new Map<Answered, readonly number[]>();
  readonly #scales = new Map<Answered, number>();
  #ratios: readonly number[] | undefined;
  readonly #coarse: { readonly absolute: number; readonly relative: number };
  /** The wrong ones first, then those that were accepted. */
  readonly all: readonly Answered[];

  /**
   * @param coarse how far off each number may be that was rounded: to so many decimals, or in single precision
   */
  constructor(
    told: readonly Answered[],
    coarse: { readonly absolute: number; readonly relative: number } = { absolute: 0, relative: 0 },
  ) {
    this.#coarse = coarse;
    const isOrdinary = ({ got }: Answered) => got.data.every(Number.isFinite);
    const wrong = told.filter(({ accepted }) => !accepted);
    [this.first] = wrong;
    this.telling = wrong.filter(isOrdinary).sort((a, b) => a.got.data.length - b.got.data.length);
    this.wrong = [...this.telling, ...wrong.filter((trial) => !isOrdinary(trial))];
    this.all = [...this.wrong, ...told.filter(({ accepted }) => accepted)];
    for (const trial of told) {
      const { got, right, rejected } = trial;
      const off = (k: number) => {
        const distance = Math.abs(got.data[k] - right.data[k]);
        return Number.isNaN(distance) ? Infinity : distance;
      };
      const fits = got.rows === right.rows && got.cols === right.cols;
      const ordered = fits ? [...rejected].sort((a, b) => off(b) - off(a)) : [];
      this.#places.set(
        trial,
        ordered.length > 1 ? [ordered[0], ordered[ordered.length - 1]] : [ordered[0] ?? 0, got.data.length - 1],
      );
      this.#scales.set(
        trial,
        right.data.reduce((max, x) => (Number.isFinite(x) ? Math.max(max, Math.abs(x)) : max), 0),
      );
    }
  }

  /** Two places of an answer, wrong ones if there are any, the one that is furthest off first. */
  placesOf(trial: Answered): readonly number[] {
    return this.#places.get(trial) as readonly number[];
  }

  /** "same" if a formula gives every answer, and is wrong where they are; the factor, in words, if it does so up to one. */
  match(formula: Formula, upToFactor = true): "same" | { readonly factor: string } | undefined {
    const [first] = this.all;
    const bound = this.bound(formula, first);
    if (bound === undefined || bound.rows !== first.got.rows || bound.cols !== first.got.cols) return undefined;
    const [k, l] = this.placesOf(first);
    try {
      const values = [k, l].map((place) => bound.entry(Math.floor(place / bound.cols), place % bound.cols));
      const got = [first.got.data[k], first.got.data[l]];
      if (values.every((value, v) => this.#near(got[v], value, first)))
        // For a single sample a factor of 1/N is 1.
        return this.#gives(formula) ? "same" : upToFactor ? this.#givesUpToFactor(formula) : undefined;
      if (!upToFactor) return undefined;
      const [r, s] = values.map((value, v) => got[v] / value);
      if (!(Math.abs(r - s) <= 1e-7 * Math.abs(r)) || !Number.isFinite(r) || r === 0) return undefined;
    } catch {
      return undefined;
    }
    return this.#givesUpToFactor(formula);
  }

  #gives(formula: Formula): boolean {
    let differs = false;
    for (const trial of this.all) {
      const value = this.whole(formula, trial);
      if (value === undefined || !this.agrees(trial, value)) return false;
      differs ||= !this.#agreesWith(value, trial.right, trial);
    }
    return differs;
  }

  #givesUpToFactor(formula: Formula): { factor: string } | undefined {
    const factors: number[] = [];
    for (const trial of this.all) {
      const value = this.whole(formula, trial);
      const factor = value && this.factorBetween(trial, value);
      if (factor === undefined) return undefined;
      factors.push(factor);
      if (factors.length === 2 && !this.#mayFollow(factors[0] / factors[1])) return undefined;
    }
    const factor = recognised(factors, this.all);
    return factor === undefined || factor === "1" ? undefined : { factor };
  }

  /** Whether two factors of the first two answers may be one number, or follow the sizes. */
  #mayFollow(ratio: number): boolean {
    this.#ratios ??= ratiosBetween(this.all[0], this.all[1]);
    return this.#ratios.some((known) => Math.abs(ratio - known) <= 1e-6 * Math.abs(known));
  }

  /** r with got = r · value in every entry; nothing if there is no such number, or all of `value` is 0. */
  factorBetween(trial: Answered, value: Matrix): number | undefined {
    const { got } = trial;
    if (got.rows !== value.rows || got.cols !== value.cols) return undefined;
    let largest = 0;
    value.data.forEach((x, k) => {
      if (Math.abs(x) > Math.abs(value.data[largest])) largest = k;
    });
    const factor = got.data[largest] / value.data[largest];
    if (!Number.isFinite(factor) || factor === 0) return undefined;
    return this.agrees(trial, value.scale(factor)) ? factor : undefined;
  }

  /** Whether a formula gives the whole of one answer. */
  agreesWhole(formula: Formula, trial: Answered): boolean {
    const value = this.whole(formula, trial);
    return value !== undefined && this.agrees(trial, value);
  }

  /** Whether these are the numbers of an answer. */
  agrees(trial: Answered, value: Matrix): boolean {
    return this.#agreesWith(trial.got, value, trial);
  }

  #agreesWith(got: Matrix, value: Matrix, trial: Answered): boolean {
    if (got.rows !== value.rows || got.cols !== value.cols) return false;
    for (let k = 0; k < got.data.length; k++) if (!this.#near(got.data[k], value.data[k], trial)) return false;
    return true;
  }

  /** Whether a value other than the right ones explains every answer, and is wrong somewhere. */
  explainedBy(value: (trial: Answered) => Matrix | undefined): boolean {
    let differs = false;
    for (const trial of this.all) {
      let made: Matrix | undefined;
      try {
        made = value(trial);
      } catch {
        return false;
      }
      if (made === undefined || !this.agrees(trial, made)) return false;
      differs ||= !this.#agreesWith(made, trial.right, trial);
    }
    return differs;
  }

  #near(got: number, value: number, trial: Answered): boolean {
    if (got === value || (Number.isNaN(got) && Number.isNaN(value))) return true;
    if (!Number.isFinite(value)) return false;
    const scale = this.#scales.get(trial) as number;
    const { absolute, relative } = this.#coarse;
    return Math.abs(got - value) <= (1e-9 + relative) * Math.abs(value) + 1e-12 * scale + 16 * trial.slack + absolute;
  }

  /** A formula, bound to what went in; nothing if shapes do not fit. */
  bound(formula: Formula, trial: Answered): Bound<number> | undefined {
    try {
      return bind(formula, float64, trial.symbols);
    } catch {
      return undefined;
    }
  }

  /** A formula's result, from what went in; nothing if shapes do not fit. */
  whole(formula: Formula, trial: Answered): Matrix | undefined {
    const bound = this.bound(formula, trial);
    if (bound === undefined) return undefined;
    try {
      const data = new Float64Array(bound.rows * bound.cols);
      for (let i = 0; i < bound.rows; i++)
        for (let j = 0; j < bound.cols; j++) data[i * bound.cols + j] = bound.entry(i, j);
      return new Matrix(bound.rows, bound.cols, data);
    } catch {
      return undefined;
    }
  }
}
