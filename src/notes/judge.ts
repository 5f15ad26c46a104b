/** Goes through the statements of notes in their order: what defines something is kept, what claims something is run. */
import { type Comparison, compare, Draws, diagonals, figure } from "./compare";
import {
  all,
  type Condition,
  changed,
  type Expression,
  freeLetters,
  latexOf,
  type Noted,
  type Place,
} from "./expression";
import { isOnIndices, type Statement, statementsOf } from "./grammar";
import { Missing, Network, nameOf, type Shape } from "./network";
import { repaired } from "./repairs";

/** A line of notes, with the mark that it gets. */
export interface Mark {
  /** ✓ true, ✗ false, – no equation of numbers, "" nothing to check. */
  readonly mark: "✓" | "✗" | "–" | "";
  /** What was read. */
  readonly latex: string;
  readonly said: string;
  /** What would make it true, as LaTeX. */
  readonly instead?: string;
  /** Whether something in it has not been defined yet. */
  readonly undefinedYet?: boolean;
  /** What it defines, or says once more. */
  readonly names?: string;
  /** What else there is to say. */
  readonly remarks: readonly string[];
}

type Chain = Extract<Statement, { kind: "chain" }>;

const equation = (left: Expression, right: Expression) => `${latexOf(left)} = ${latexOf(right)}`;

/** Judges formulas one after the other. */
export class Judge {
  readonly network: Network;
  /** What the last chain ended with, for a line that begins with “=”. */
  #last: Expression | undefined;
  /** Numbers that a text has given to letters, until the next text. */
  readonly #fixed = new Map<string, number>();
  #draws: Draws | undefined;

  /** Equations that define nothing, though they come first. */
  readonly #passedOver: ReadonlySet<string>;

  /**
   * @param formulas all of them, to know how many layers there will be
   * @param passedOver equations, as marks have them, that are not taken for definitions
   */
  constructor(formulas: readonly string[], passedOver: ReadonlySet<string> = new Set()) {
    this.#passedOver = passedOver;
    this.network = new Network(weightsIn(formulas));
  }

  /** Begins another text, where nothing goes on from the one before. */
  nextText(): void {
    this.#last = undefined;
  }

  /** Begins another section: letters that had a number are free again. */
  nextSection(): void {
    this.#fixed.clear();
    this.network.nilpotent.clear();
  }

  /**
   * The marks of one formula, one for each equation in it.
   *
   * @param beside conditions on indices that stand in the text before it
   */
  formula(latex: string, beside: readonly Condition[] = []): Mark[] {
    return statementsOf(latex).flatMap((statement) => this.#statement(statement, beside));
  }

  #statement(statement: Statement, beside: readonly Condition[]): Mark[] {
    switch (statement.kind) {
      case "chain":
        return this.#chain(statement, beside);
      case "unread":
        return [{ mark: "–", latex: "", said: `It cannot be read: ${statement.why}.`, remarks: [] }];
      case "dots":
        return [{ mark: "", latex: "", said: "Dots stand for a part of it.", remarks: [] }];
      case "sizes":
        return [this.#sizes(statement)];
      case "shape":
        this.network.declare(nameOf(statement.of), [statement.rows, statement.cols], this.#givenAs(statement.of));
        this.network.columns ||= statement.cols === "1" && this.#givenAs(statement.of) === "input";
        this.network.single ||= statement.cols === "1" && this.#givenAs(statement.of) === "input";
        return [];
      default:
        return [];
    }
  }

  #givenAs({ base }: Noted): "input" | "labels" | "parameter" {
    return /^x$/i.test(base) ? "input" : /^(y|t)$/i.test(base) ? "labels" : "parameter";
  }

  #sizes({ factors, result }: Extract<Statement, { kind: "sizes" }>): Mark {
    const latex = `${factors.map(([r, c]) => `(${r} \\times ${c})`).join("")} = ${result.join(" \\times ")}`;
    const fits = factors.every(([, c], k) => k === factors.length - 1 || c === factors[k + 1][0]);
    const isRight = fits && factors[0][0] === result[0] && factors[factors.length - 1][1] === result[1];
    return {
      mark: isRight ? "✓" : "✗",
      latex,
      said: isRight
        ? "The sizes fit."
        : fits
          ? `The product is ${factors[0][0]}×${factors[factors.length - 1][1]}.`
          : "The inner sizes differ.",
      remarks: [],
    };
  }

  #chain(chain: Chain, beside: readonly Condition[]): Mark[] {
    const { continues, where } = chain;
    let parts = chain.parts;
    if (continues) {
      if (this.#last === undefined) return [nothing(parts, "It begins with “=”, and nothing stands before it.", "–")];
      parts = [this.#last, ...parts];
    }
    parts = this.#apart(parts);
    try {
      const defined = continues ? undefined : this.#definition(parts);
      if (defined !== undefined) {
        if (parts.length === 2) return [defined];
        return [defined, ...this.#claims(parts.slice(1), where, beside, parts[0])];
      }
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      return [{ ...nothing(parts, sentence(error.message), "–"), undefinedYet: true }];
    }
    return this.#claims(parts, where, beside);
  }

  /** Where one letter counts different things in different sums, each sum gets a letter of its own. */
  #apart(parts: readonly Expression[]): readonly Expression[] {
    try {
      this.network.ranges(parts);
      return parts;
    } catch {
      let count = 0;
      return parts.map((part) =>
        changed(part, (of) => {
          if (of.kind !== "over" || of.index === "samples") return of;
          const own = `${of.index}${"\u200b".repeat(++count)}`;
          const swap = (place: Place): Place =>
            "letter" in place && place.letter === of.index ? { letter: own } : place;
          const inner = changed(of.of, (one) =>
            one.kind === "symbol" || one.kind === "entry" ? { ...one, at: one.at.map(swap) } : one,
          );
          return { ...of, index: own, of: inner };
        }),
      );
    }
  }

  /** A claim for each part and the one before it. */
  #claims(
    parts: readonly Expression[],
    where: readonly Condition[],
    beside: readonly Condition[],
    kept?: Expression,
  ): Mark[] {
    try {
      this.network.learnLabels(parts);
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
    }
    this.network.learnNumbers(parts);
    this.#draws = undefined;
    const marks: Mark[] = [];
    for (let k = 1; k < parts.length; k++) marks.push(this.#claim(parts[k - 1], parts[k], where, beside));
    // What the network computes is said again in passing; a line that begins with “=” goes on from what came before that.
    const isAside = parts[0].kind === "symbol" && this.#last !== undefined;
    if (!isAside) this.#last = kept ?? (marks.every(({ mark }) => mark === "✓") ? parts[parts.length - 1] : parts[0]);
    return marks;
  }

  /** What a chain defines, if it does. */
  #definition(parts: readonly Expression[]): Mark | undefined {
    const [left, right] = parts;
    if (left.kind === "apply" && this.#isFunction(left, right))
      return { mark: "", latex: equation(left, right), said: "A function.", remarks: [] };
    if (this.#isExample(left, right)) return this.#example(left, right);
    if (left.kind !== "symbol" || left.primes !== undefined) return undefined;
    const { network } = this;
    const name = nameOf(left);
    const before = this.#find(left);
    const isNew =
      (before === undefined || (before.name !== name && /^(loss|Loss|L|J|ℓ|E|cost)$/.test(name))) &&
      (network.sizeOf(left) === undefined || !isLiteral(right));
    const isFunctionName = left.base === "f" && left.at.length === 0;
    const isNumber =
      !this.#reads(right, name) &&
      (isFunctionName || (before !== undefined && network.given.get(before.name) === "number" && left.at.length === 0));
    if (!isNew && !isNumber) return undefined;
    if (isNew && this.#passedOver.has(equation(left, right))) throw new Missing(`nothing says what ${name} is`);
    network.shapeOf(right, true);
    network.learnEntries([right]);
    network.learnNumbers([right]);
    if (isNumber && !isNew && this.#loose(left, right) !== undefined)
      return { mark: "", latex: equation(left, right), said: "An abbreviation.", remarks: [] };
    const shape = this.#shapeOf(left, right);
    const [shapeBefore, definedBefore, givenBefore] = [
      network.shapes.get(name),
      network.definitions.get(name),
      network.given.get(name),
    ];
    network.define(name, shape, { body: right, at: left.at });
    this.#draws = undefined;
    try {
      const check = compare(network, this.#usual()[0], left, right, []);
      if (check.kind === "missing") throw new Missing(check.what);
    } catch (error) {
      network.shapes.delete(name);
      network.definitions.delete(name);
      if (shapeBefore !== undefined) network.shapes.set(name, shapeBefore);
      if (definedBefore !== undefined) network.definitions.set(name, definedBefore);
      if (givenBefore !== undefined) network.given.set(name, givenBefore);
      throw error;
    }
    this.#last = right;
    const size = shape[0] === "1" && shape[1] === "1" ? "a number" : shape.join("×");
    return { mark: "", latex: equation(left, right), said: `Defines ${name}: ${size}.`, names: name, remarks: [] };
  }

  #isFunction(left: Expression & { kind: "apply" }, right: Expression): boolean {
    const [parameter] = left.args;
    if (left.primes > 0 || !/^[σφψfg]$/.test(left.name) || parameter?.kind !== "symbol" || parameter.at.length > 0)
      return false;
    if (this.network.functions.has(left.name)) return false;
    this.network.learnNumbers([right]);
    this.network.functions.set(left.name, { parameter: nameOf(parameter), body: right });
    return true;
  }

  /** Whether an expression reads a name, itself or through what is defined. */
  #reads(of: Expression, name: string, seen = new Set<string>()): boolean {
    return all(of).some((inner) => {
      if (inner.kind !== "symbol") return false;
      const own = nameOf(inner);
      if (own === name) return true;
      if (seen.has(own)) return false;
      seen.add(own);
      const body = this.network.definitions.get(own)?.body;
      return body !== undefined && this.#reads(body, name, seen);
    });
  }

  /** A_2 = (0.6, 0.3, 0.1), x = 2, N · C = 6, 1 · z = 3: numbers of an example rather than a claim. */
  #isExample(left: Expression, right: Expression): boolean {
    if (isLiteral(left)) return false;
    if (isLiteral(right) && all(right).some(({ kind }) => kind === "tuple")) return true;
    if (!isLiteral(right)) return false;
    const symbols = all(left).filter((of) => of.kind === "symbol");
    const isFree = (of: Noted) => {
      const found = this.#find(of);
      const isNumber =
        found === undefined
          ? /^[^A-Z]$/u.test(of.base) || /^[A-Z]$/.test(of.base)
          : this.network.given.get(found.name) === "number";
      return (
        this.network.sizeOf(of) !== undefined ||
        (isNumber && of.at.length === 0 && of.digits === undefined && of.layer === undefined)
      );
    };
    if (left.kind === "symbol") return true;
    return (
      all(left).every(({ kind }) => !/^(over|derivative|apply)$/.test(kind)) &&
      symbols.length > 0 &&
      symbols.every(isFree)
    );
  }

  #example(left: Expression, right: Expression): Mark {
    this.network.learnNumbers([left]);
    if (
      left.kind === "symbol" &&
      this.network.given.get(nameOf(left)) === "number" &&
      left.at.length === 0 &&
      right.kind !== "tuple"
    ) {
      const value = compare(this.network, new Draws(this.network).usual[0], { kind: "number", text: "0" }, right, []);
      if (value.kind === "different") this.#fixed.set(nameOf(left), value.first.right);
    }
    const isSquare =
      left.kind === "power" &&
      left.of.kind === "symbol" &&
      left.exponent.kind === "number" &&
      left.exponent.text === "2";
    if (isSquare && left.of.kind === "symbol" && right.kind === "number" && right.text === "0") {
      this.network.nilpotent.add(nameOf(left.of));
    }
    this.#draws = undefined;
    return { mark: "", latex: equation(left, right), said: "Numbers of an example.", remarks: [] };
  }

  #find(symbol: Noted) {
    try {
      return this.network.find(symbol);
    } catch {
      return undefined;
    }
  }

  /** An index letter that stands on the right alone. */
  #loose({ at }: Noted, right: Expression): string | undefined {
    const ranges = this.network.ranges([right]);
    const named = at.flatMap((place) => ("letter" in place ? [place.letter] : []));
    return [...freeLetters(right)].find(
      (letter) => ranges.has(letter) && !named.includes(letter) && !this.network.trueClass.has(letter),
    );
  }

  #shapeOf(left: Noted, right: Expression): Shape {
    const { network } = this;
    const ranges = network.ranges([right]);
    const named = left.at.flatMap((place) => ("letter" in place ? [place.letter] : []));
    const loose = this.#loose(left, right);
    if (loose !== undefined)
      throw new Missing(
        `${loose} stands on the right alone: one number on the left, ${ranges.get(loose)} of them on the right. A Σ over ${loose} is missing, or ${loose} on the left`,
      );
    const perSample = network.isPerSample(right);
    const sizes = named.map((letter) => ranges.get(letter) ?? "1");
    if (sizes.length === 2) return [sizes[0], sizes[1]];
    if (sizes.length === 1) {
      if (perSample) return network.columns ? [sizes[0], "N"] : ["N", sizes[0]];
      if (sizes[0] === "N") return network.columns ? ["1", "N"] : ["N", "1"];
      return network.columns ? [sizes[0], "1"] : ["1", sizes[0]];
    }
    if (perSample) return network.columns ? ["1", "N"] : ["N", "1"];
    const shape = network.shapeOf(right, false);
    if (shape === undefined) throw new Missing(`nothing says how large ${nameOf(left)} is`);
    return shape;
  }

  #usual() {
    this.#draws ??= new Draws(this.network, this.#fixed);
    return this.#draws.usual;
  }

  #claim(left: Expression, right: Expression, where: readonly Condition[], beside: readonly Condition[]): Mark {
    const sided = this.#sided(left, right);
    const [l, r] = [sided.left, sided.right];
    const latex = equation(left, right);
    let conditions = where;
    let comparison = this.#compared(l, r, where);
    if (comparison.kind !== "equal" && beside.some(isOnIndices)) {
      const narrower = this.#compared(l, r, [...where, ...beside]);
      if (narrower.kind === "equal") {
        comparison = narrower;
        conditions = [...where, ...beside];
      }
    }
    const remarks = [...sided.remarks];
    if (comparison.kind === "equal") {
      if (comparison.remark !== undefined) remarks.push(comparison.remark);
      remarks.push(...diagonals(this.network, this.#usual()[0], [l, r]), ...this.#ofTheMean(l, r, conditions));
      return { mark: "✓", latex, said: comparison.forAll === "" ? "True." : `True for ${comparison.forAll}.`, remarks };
    }
    const wrong = this.#wrong(l, r, conditions, comparison, latex, remarks);
    return left.kind === "symbol" ? { ...wrong, names: nameOf(left) } : wrong;
  }

  #wrong(
    left: Expression,
    right: Expression,
    where: readonly Condition[],
    comparison: Comparison,
    latex: string,
    remarks: string[],
  ): Mark {
    this.#usual();
    const draws = this.#draws as Draws;
    const oneHot = compare(this.network, draws.oneHot, left, right, where);
    if (oneHot.kind === "equal" && comparison.kind === "different") {
      return {
        mark: "✓",
        latex,
        said: `True for ${oneHot.forAll === "" ? "" : `${oneHot.forAll}, and `}one-hot labels.`,
        remarks,
      };
    }
    const single = compare(this.network, draws.single, left, right, where);
    if (single.kind === "equal" && comparison.kind !== "missing" && !this.network.single)
      remarks.push("It is true for N = 1 only.");
    const repair = repaired(this.network, draws, left, right, where);
    if (repair !== undefined) remarks.push(sentence(repair.said));
    if (repair !== undefined) remarks.push(...this.#ofTheMean(repair.left, repair.right, where));
    const instead = repair === undefined ? {} : { instead: equation(repair.left, repair.right) };
    if (comparison.kind === "missing") {
      const undefinedYet = /^nothing says|takes no index|takes two indices/.test(comparison.what);
      return {
        mark: repair?.isNotation ? "✗" : "–",
        latex,
        said: sentence(comparison.what),
        ...instead,
        remarks,
        ...(undefinedYet ? { undefinedYet } : {}),
      };
    }
    if (comparison.kind === "shapes") {
      return {
        mark: "✗",
        latex,
        said: `The left side is ${comparison.left}, the right side ${comparison.right}.`,
        ...instead,
        remarks,
      };
    }
    if (comparison.kind === "equal") return { mark: "✓", latex, said: "True.", remarks };
    const { where: place, left: a, right: b } = comparison.first;
    return {
      mark: "✗",
      latex,
      said: `${place === "" ? "The" : `At ${place}: the`} left side is ${figure(a)}, the right side ${figure(b)}.`,
      ...instead,
      remarks,
    };
  }

  #compared(left: Expression, right: Expression, where: readonly Condition[]): Comparison {
    const letters = [...freeLetters(left), ...freeLetters(right)];
    const usual = this.#usual();
    const draws = letters.some((letter) => this.network.trueClass.has(letter))
      ? [(this.#draws as Draws).oneHot]
      : usual;
    const comparisons = draws.map((draw) => {
      const literal = onDecimals(this.network, left, right);
      return literal ?? compare(this.network, draw, left, right, where);
    });
    return comparisons.find(({ kind }) => kind !== "equal") ?? comparisons[0];
  }

  /** A whole row on one side and an entry with one free index on the other: the entry is meant. */
  #sided(left: Expression, right: Expression): { left: Expression; right: Expression; remarks: string[] } {
    const loose = [...freeLetters(right)].filter((letter) => !freeLetters(left).has(letter));
    const same = { left, right, remarks: [] };
    if (loose.length !== 1) return same;
    const symbol = left.kind === "symbol" ? left : left.kind === "derivative" ? left.by : undefined;
    const found = symbol && this.#find(symbol);
    if (
      symbol === undefined ||
      found === undefined ||
      found.at.length > 0 ||
      found.shape.filter((size) => size !== "1").length !== 1
    )
      return same;
    let range: string | undefined;
    try {
      range = this.network.ranges([right]).get(loose[0]);
    } catch {
      return same;
    }
    if (range === undefined || range === "N" || !found.shape.includes(range)) return same;
    const entry: Noted = { ...symbol, at: [{ letter: loose[0] }] };
    const read: Expression = left.kind === "derivative" ? { ...left, by: entry } : entry;
    return {
      left: read,
      right,
      remarks: [`The index ${loose[0]} stands on the right alone; the left side is read as its entry ${loose[0]}.`],
    };
  }

  /** Where there is a loss of one sample and one of all: what is true of the one and not of the other. */
  #ofTheMean(left: Expression, right: Expression, where: readonly Condition[]): string[] {
    const losses = [...this.network.definitions.keys()].filter((name) => /^(loss|Loss|L|J|ℓ|E|cost)$/.test(name));
    const total = losses.find((name) => this.network.shapes.get(name)?.every((size) => size === "1"));
    const own = losses.find((name) => this.network.sampleAxis(this.network.shapes.get(name) as Shape) !== undefined);
    if (total === undefined || own === undefined) return [];
    const reads = [left, right].some((side) =>
      all(side).some((of) => of.kind === "derivative" && of.of.kind === "symbol" && nameOf(of.of) === own),
    );
    if (!reads) return [];
    const swap = (side: Expression) =>
      changed(side, (of) =>
        of.kind === "derivative" && of.of.kind === "symbol" && nameOf(of.of) === own
          ? { ...of, of: { kind: "symbol", base: total, at: [] } }
          : of,
      );
    const mean = this.#compared(swap(left), swap(right), where);
    if (mean.kind !== "different") return [];
    const { where: place, left: a, right: b } = mean.first;
    const factor =
      mean.ratio !== undefined && Math.abs(mean.ratio * this.#usual()[0].sizes.N - 1) < 1e-6
        ? ", and 1/N is missing"
        : "";
    return [
      `This is the ${own} of one sample. For “${total}”, at ${place}, the left side is ${figure(a)} and the right side ${figure(b)}${factor}.`,
    ];
  }
}

function nothing(parts: readonly Expression[], said: string, mark: "–" | ""): Mark {
  return { mark, latex: parts.map((part) => latexOf(part)).join(" = "), said, remarks: [] };
}

/** How many matrices of weights the formulas name. */
function weightsIn(formulas: readonly string[]): number {
  const names = new Set<string>();
  for (const latex of formulas) {
    for (const statement of statementsOf(latex)) {
      if (statement.kind !== "chain") continue;
      for (const of of statement.parts.flatMap(all))
        if (
          of.kind === "symbol" &&
          /^[WUVwΘ]$/.test(of.base) &&
          !(of.digits === undefined && of.layer === undefined && of.at.length > 0)
        )
          names.add(nameOf(of));
    }
  }
  return names.size;
}

const isLiteral = (root: Expression) =>
  all(root).every(
    (of) =>
      !/^(symbol|over|derivative|delta|cases|indicator|ones|entry)$/.test(of.kind) ||
      (of.kind === "symbol" && /^(e|π)$/.test(of.base) && of.at.length === 0),
  );

/** Numbers with decimals alone: true if rounding the decimals explains the difference. */
function onDecimals(network: Network, left: Expression, right: Expression): Comparison | undefined {
  if (!isLiteral(left) || !isLiteral(right)) return undefined;
  const draw = new Draws(network).usual[0];
  const at = (l: Expression, r: Expression) => {
    const result = compare(network, draw, l, r, []);
    return result.kind === "different"
      ? result.first.left - result.first.right
      : result.kind === "equal"
        ? 0
        : undefined;
  };
  const off = at(left, right);
  if (off === undefined || off === 0) return undefined;
  let slack = 0;
  const both: Expression = { kind: "binary", op: "−", left, right };
  const zero: Expression = { kind: "number", text: "0" };
  for (const literal of new Set(all(both).filter((of) => of.kind === "number"))) {
    const decimals = literal.kind === "number" ? (literal.text.split(".")[1]?.length ?? -1) : -1;
    if (decimals < 0 || literal.kind !== "number") continue;
    const moved = changed(both, (of) =>
      of === literal ? { kind: "number", text: String(Number(literal.text) + 0.5 * 10 ** -decimals) } : of,
    );
    const by = at(moved, zero);
    if (by !== undefined) slack += Math.abs(by - off);
  }
  return Math.abs(off) <= slack * 1.01 + 1e-12 ? { kind: "equal", forAll: "" } : undefined;
}

function sentence(text: string): string {
  const isWord = /^(\p{Ll}{2,}|a|an|no) /u.test(text);
  return `${isWord ? text.charAt(0).toUpperCase() : text.charAt(0)}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`;
}
