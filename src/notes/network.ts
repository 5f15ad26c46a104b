/**
 * What the notes define: which matrices there are, how large each is, and how each is computed. Sizes go by letters; N counts
 * samples.
 */
import { all, below, type Expression, type Noted, type Place } from "./expression";

/** A formula that is no equation of numbers: the message says what is missing. */
export class Missing extends Error {}

/** A matrix's rows and columns by the letters of their sizes; "1" is a single one. */
export type Shape = readonly [rows: string, cols: string];

/** How a matrix, or a number, comes about. */
interface Definition {
  readonly body: Expression;
  /** The index letters on the left. */
  readonly at: readonly Place[];
  /** How far the indices in it run. */
  readonly ranges: ReadonlyMap<string, string>;
}

/** What is not defined but given, and so drawn at random. */
export type Given = "input" | "labels" | "parameter" | "number";

/** A function that the notes define: σ(z) = 1 / (1 + e^{−z}). */
interface OwnFunction {
  readonly parameter: string;
  readonly body: Expression;
}

const LOSSES = /^(loss|Loss|L|J|ℓ|E|cost|total)$/;
const LABELS = /^(y|Y|t)$/;
const isInput = (base: string) => base === "x" || base === "X";
/** What weights and biases are called. */
const PARAMETERS = /^[WUVwuvbcΘθβB]$/;
const isBias = (base: string) => /^(b|c|β)$/.test(base);
/** Sizes that go by other letters in other places: m or n samples, K classes. */
const SIZES: Readonly<Record<string, string>> = {
  N: "N",
  m: "N",
  n: "N",
  B: "N",
  D: "D",
  d: "D",
  H: "H",
  C: "C",
  K: "C",
};

/** A symbol that has been found among what the notes define. */
export interface Found {
  readonly name: string;
  readonly at: readonly Place[];
  readonly shape: Shape;
}

/** A network, as far as the notes have come. */
export class Network {
  readonly shapes = new Map<string, Shape>();
  readonly given = new Map<string, Given>();
  readonly definitions = new Map<string, Definition>();
  readonly functions = new Map<string, OwnFunction>();
  /** Places that stand for each sample's true class, by letter. */
  readonly trueClass = new Set<string>();
  /** Numbers whose square is said to be 0. */
  readonly nilpotent = new Set<string>();
  /** Whether samples are columns, as in W x + b. */
  columns = false;
  /** Whether all is about one sample, which is a vector. */
  single = false;
  /** The letters of the sizes of hidden layers and of the output, in the order in which they are met. */
  readonly #wide: string[];

  /** @param weights how many matrices of weights there are */
  constructor(weights: number) {
    this.#wide =
      weights === 2 ? ["H", "C"] : [...Array.from({ length: Math.max(0, weights - 1) }, (_, k) => `H_${k + 1}`), "C"];
  }

  /** The sizes' letters, N first. */
  get sizes(): string[] {
    return [...new Set(["N", "D", "H", "C", ...[...this.shapes.values()].flat()])].filter((letter) => letter !== "1");
  }

  /** What a symbol stands for; nothing if the notes do not say. @throws {Missing} if its number below says nothing */
  find({ base, digits, layer, at }: Noted): Found | undefined {
    const number = layer ?? digits ?? "";
    const named = (name: string, places = at): Found | undefined => {
      const shape = this.shapes.get(name);
      return shape && { name, at: places, shape };
    };
    const own = named(`${base}${number}`);
    if (own !== undefined) return own;
    const other =
      isInput(base) && at.length > 0
        ? base === "x"
          ? "X"
          : "x"
        : LABELS.test(base)
          ? (["Y", "y", "t"].find((name) => this.shapes.has(name)) ?? base)
          : base;
    if (number === "") {
      const alias = named(other);
      if (alias !== undefined) return alias;
      if (LOSSES.test(base) && at.length === 0) {
        const losses = [...this.shapes.keys()].filter((name) => LOSSES.test(name));
        if (losses.length === 1) return named(losses[0]);
      }
      return undefined;
    }
    const plain = named(other);
    if (plain === undefined) return undefined;
    // L_0 is the first sample's loss; y_{2k} is nothing, where y has no layers.
    if (plain.shape.includes("1") && at.length === 0) return { ...plain, at: [{ number: Number(number) }] };
    throw new Missing(`${base} has no layers, and here a ${number} stands below it`);
  }

  /** Whether what a name stands for is computed from another one. */
  reaches(name: string, other: string, seen = new Set<string>()): boolean {
    if (name === other) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    const body = this.definitions.get(name)?.body;
    if (body === undefined) return false;
    return all(body).some((of) => {
      const found = of.kind === "symbol" ? this.#tried(of) : undefined;
      return found !== undefined && this.reaches(found.name, other, seen);
    });
  }

  /** A size that a letter stands for. */
  sizeOf({ base, digits, at }: Noted): string | undefined {
    if (digits !== undefined || at.length > 0) return undefined;
    return SIZES[base] ?? this.sizes.find((letter) => letter === base);
  }

  /** Says of a matrix how large it is, without saying how it comes about. */
  declare(name: string, shape: Shape, as: Given): void {
    this.shapes.set(name, shape);
    this.given.set(name, as);
  }

  /** @param shape of what is defined */
  define(name: string, shape: Shape, definition: Omit<Definition, "ranges">): void {
    this.shapes.set(name, shape);
    this.given.delete(name);
    this.definitions.set(name, { ...definition, ranges: this.ranges([definition.body]) });
  }

  /** The axis that counts samples: 0 for rows, 1 for columns. */
  sampleAxis(shape: Shape): 0 | 1 | undefined {
    return shape[0] === "N" ? 0 : shape[1] === "N" ? 1 : undefined;
  }

  /** Whether a symbol with one index is an entry of one sample's row. */
  needsSample({ at, shape }: Found): boolean {
    const axis = this.sampleAxis(shape);
    return axis !== undefined && at.length === 1 && shape[1 - axis] !== "1";
  }

  /** Whether it is one number for each sample, with no index: L. */
  isOnePerSample({ at, shape }: Found): boolean {
    const axis = this.sampleAxis(shape);
    return axis !== undefined && at.length === 0 && shape[1 - axis] === "1";
  }

  /** Whether an expression has entries of one sample that is not named. */
  isPerSample(root: Expression): boolean {
    if (root.kind === "over" && root.index === "samples") return false;
    if (root.kind === "symbol") {
      const found = this.#tried(root);
      return found !== undefined && (this.needsSample(found) || this.isOnePerSample(found));
    }
    if (root.kind === "entry") {
      const shape = this.shapeOf(root.of, false);
      if (shape !== undefined && this.needsSample({ name: "", at: root.at, shape })) return true;
    }
    if (root.kind === "derivative") {
      const of = root.of.kind === "symbol" ? this.#tried(root.of) : undefined;
      return (
        (of === undefined || !this.isOnePerSample(of) ? this.isPerSample(root.of) : false) || this.isPerSample(root.by)
      );
    }
    return below(root).some((child) => this.isPerSample(child));
  }

  #tried(symbol: Noted): Found | undefined {
    try {
      return this.find(symbol);
    } catch {
      return undefined;
    }
  }

  /** How far each index letter runs, as a size's letter. @throws {Missing} if one runs through two sizes */
  ranges(roots: readonly Expression[]): Map<string, string> {
    const found = new Map<string, string>();
    const meet = (place: Place, size: string) => {
      if (!("letter" in place) || size === "1") return;
      const before = found.get(place.letter);
      if (before !== undefined && before !== size) {
        throw new Missing(`${place.letter} counts the ${size} of one and the ${before} of another`);
      }
      found.set(place.letter, size);
    };
    for (const of of roots.flatMap(all)) {
      if (of.kind === "symbol") {
        const symbol = this.#tried(of);
        if (symbol !== undefined) for (const [k, size] of this.sizesAt(symbol).entries()) meet(symbol.at[k], size);
      } else if (of.kind === "entry") {
        const shape = this.shapeOf(of.of, false);
        if (shape !== undefined)
          for (const [k, size] of this.sizesAt({ name: "", at: of.at, shape }).entries()) meet(of.at[k], size);
      }
    }
    for (const of of roots.flatMap(all)) {
      if (of.kind === "delta") {
        for (const [one, other] of [
          [of.left, of.right],
          [of.right, of.left],
        ]) {
          if ("letter" in one && "letter" in other && !found.has(one.letter)) {
            const size = found.get(other.letter);
            if (size !== undefined) found.set(one.letter, size);
          }
        }
      }
      if (of.kind === "over" && of.not !== undefined) {
        const size = found.get(of.index) ?? found.get(of.not);
        if (size !== undefined)
          for (const letter of [of.index, of.not]) if (!found.has(letter)) found.set(letter, size);
      }
    }
    return found;
  }

  /** The sizes that a symbol's indices run through, as many as it has. */
  sizesAt({ at, shape }: Found): string[] {
    if (at.length === 2) return [...shape];
    if (at.length !== 1) return [];
    const axis = this.sampleAxis(shape);
    if (axis !== undefined && shape[1 - axis] !== "1") return [shape[1 - axis]];
    return [shape[0] === "1" ? shape[1] : shape[0]];
  }

  /**
   * An expression's shape, as far as it can be told from what is known; numbers have "1" twice.
   *
   * @param learning whether matrices that nobody has said anything about are learned from where they stand
   */
  shapeOf(of: Expression, learning: boolean): Shape | undefined {
    const both = (left: Expression, right: Expression) => [this.shapeOf(left, learning), this.shapeOf(right, learning)];
    switch (of.kind) {
      case "symbol": {
        const found = this.find(of);
        if (found === undefined) return this.sizeOf(of) === undefined ? undefined : ["1", "1"];
        return found.at.length === 0 ? found.shape : ["1", "1"];
      }
      case "transposed": {
        const shape = this.shapeOf(of.of, learning);
        return shape && [shape[1], shape[0]];
      }
      case "negative":
      case "absolute":
      case "power":
        return this.shapeOf(of.of, learning);
      case "apply": {
        const shapes = of.args.map((arg) => this.shapeOf(arg, learning));
        return shapes.find((shape) => shape !== undefined && (shape[0] !== "1" || shape[1] !== "1")) ?? shapes[0];
      }
      case "derivative": {
        const by = this.find(of.by);
        return by && (by.at.length === 0 ? by.shape : ["1", "1"]);
      }
      case "binary": {
        const [left, right] = both(of.left, of.right);
        if (of.op === "+" || of.op === "−" || of.op === "⊙" || of.op === "/") {
          const isLearned = (side: Expression) =>
            learning && (of.op === "+" || of.op === "−" || (side.kind === "symbol" && LABELS.test(side.base)));
          if (left !== undefined && right === undefined && isLearned(of.right)) return this.#beside(left, of.right);
          if (right !== undefined && left === undefined && isLearned(of.left)) return this.#beside(right, of.left);
          return larger(left, right);
        }
        return this.#product(of.left, left, of.right, right, learning);
      }
      case "cases":
        return of.rows.reduce<Shape | undefined>(
          (shape, { value }) => larger(shape, this.shapeOf(value, learning)),
          undefined,
        );
      default:
        return ["1", "1"];
    }
  }

  /** A bias, or another matrix of the same shape, beside one that is known. */
  #beside(known: Shape, of: Expression): Shape {
    if (of.kind !== "symbol" || of.at.length > 0) return known;
    const isRow = isBias(of.base) || /^[a-z]$/.test(of.base);
    const shape: Shape = isRow ? (this.columns ? [known[0], "1"] : ["1", known[1]]) : known;
    this.declare(nameOf(of), shape, LABELS.test(of.base) ? "labels" : "parameter");
    if (LABELS.test(of.base)) this.shapes.set(nameOf(of), known);
    return known;
  }

  #product(
    left: Expression,
    known: Shape | undefined,
    right: Expression,
    other: Shape | undefined,
    learning: boolean,
  ): Shape | undefined {
    const isNumber = (shape: Shape | undefined) => shape?.[0] === "1" && shape[1] === "1";
    if (known !== undefined && other !== undefined) {
      if (isNumber(known)) return other;
      return isNumber(other) ? known : [known[0], other[1]];
    }
    if (!learning) return undefined;
    const [first, second] = [bare(left), bare(right)];
    if (known === undefined && other === undefined) {
      // The first product that is met: the input and its weights.
      if (first !== undefined && isInput(first.symbol.base)) {
        const shape: Shape = first.symbol.base === "x" && !first.turned ? ["1", "D"] : ["N", "D"];
        this.#input(first, shape, false);
        return this.#product(left, first.turned ? [shape[1], shape[0]] : shape, right, undefined, true);
      }
      if (second !== undefined && isInput(second.symbol.base)) {
        const shape: Shape = second.symbol.base === "x" ? ["D", "1"] : ["D", "N"];
        this.#input(second, shape, true);
        return this.#product(left, undefined, right, shape, true);
      }
      return undefined;
    }
    const wide = () => this.#wide.shift() ?? `H_${this.sizes.length}`;
    if (known !== undefined && second !== undefined && !isNumber(known)) {
      const [from, to] = [known[1], wide()];
      this.declare(nameOf(second.symbol), second.turned ? [to, from] : [from, to], "parameter");
      return [known[0], to];
    }
    if (other !== undefined && first !== undefined && !isNumber(other)) {
      const [from, to] = [other[0], wide()];
      this.declare(nameOf(first.symbol), first.turned ? [from, to] : [to, from], "parameter");
      return [to, other[1]];
    }
    return known ?? other;
  }

  #input({ symbol }: Bare, shape: Shape, columns: boolean): void {
    this.columns = columns;
    this.single = shape.includes("1");
    this.declare(nameOf(symbol), shape, "input");
  }

  /** Learns the shapes of matrices whose entries stand in a formula: b_h from X_{id} W_{dh} + b_h. */
  learnEntries(roots: readonly Expression[]): void {
    this.learnLabels(roots);
    const ranges = this.ranges(roots);
    const inputsFirst = [...roots.flatMap(all)].sort((a, b) => Number(isInputEntry(b)) - Number(isInputEntry(a)));
    for (const of of inputsFirst) {
      if (of.kind !== "symbol" || this.#known(of) || of.at.length === 0) continue;
      if (!isInput(of.base) && !PARAMETERS.test(of.base)) continue;
      const sizes = of.at.map((place) => ("letter" in place ? this.#sizeFor(place.letter, ranges, of) : undefined));
      if (sizes.some((size) => size === undefined) || sizes.length > 2) continue;
      const [first, second] = sizes as string[];
      const shape: Shape = sizes.length === 2 ? [first, second] : this.columns ? [first, "1"] : ["1", first];
      if (isInput(of.base) && sizes.length === 1) this.single = true;
      this.declare(nameOf(of), shape, isInput(of.base) ? "input" : "parameter");
    }
  }

  /** Learns the shape of labels from the matrix whose indices they share. */
  learnLabels(roots: readonly Expression[]): void {
    const ranges = this.ranges(roots);
    for (const of of roots.flatMap(all)) {
      if (of.kind !== "symbol" || !LABELS.test(of.base) || of.digits !== undefined || this.#known(of)) continue;
      const sizes = of.at.map((place) => ("letter" in place ? ranges.get(place.letter) : undefined));
      if (sizes.length === 0 || sizes.length > 2 || sizes.some((size) => size === undefined)) continue;
      const [first, second] = sizes as string[];
      const other = this.single ? "1" : "N";
      const shape: Shape = sizes.length === 2 ? [first, second] : this.columns ? [first, other] : [other, first];
      this.declare(of.base, shape, "labels");
    }
  }

  #known(of: Noted): boolean {
    try {
      return this.find(of) !== undefined;
    } catch {
      return true;
    }
  }

  #sizeFor(letter: string, ranges: Map<string, string>, of: Noted): string | undefined {
    const known = ranges.get(letter);
    if (known !== undefined) return known;
    const size = isInput(of.base)
      ? of.at.length === 2 && "letter" in of.at[0] && of.at[0].letter === letter
        ? "N"
        : "D"
      : this.#wide.shift();
    if (size !== undefined) ranges.set(letter, size);
    return size;
  }

  /** Takes every other letter for a number of its own. */
  learnNumbers(roots: readonly Expression[]): void {
    const letters = new Set(
      roots
        .flatMap(all)
        .flatMap((of) => [
          ...(of.kind === "over" ? [of.index] : []),
          ...(of.kind === "symbol" || of.kind === "entry"
            ? of.at
            : of.kind === "delta"
              ? [of.left, of.right]
              : []
          ).flatMap((place) => ("letter" in place ? [place.letter] : [])),
        ]),
    );
    for (const of of roots.flatMap(all)) {
      if (of.kind === "symbol" && letters.has(of.base)) continue;
      if (of.kind !== "symbol" || of.at.length > 0 || of.digits !== undefined || of.layer !== undefined) continue;
      if (this.#known(of) || this.sizeOf(of) !== undefined || /^(e|π)$/.test(of.base)) continue;
      if ([...of.base.normalize("NFD")].length > 2 || LOSSES.test(of.base) || /^[XYyWUV]$/.test(of.base)) continue;
      this.declare(of.base, ["1", "1"], "number");
    }
  }
}

/** The name of a symbol: its letter and the number of its layer. */
export function nameOf({ base, digits, layer }: Noted): string {
  return `${base}${layer ?? digits ?? ""}`;
}

interface Bare {
  readonly symbol: Noted;
  readonly turned: boolean;
}

/** A matrix that stands by itself, transposed or not. */
function bare(of: Expression): Bare | undefined {
  if (of.kind === "symbol" && of.at.length === 0) return { symbol: of, turned: false };
  if (of.kind === "transposed" && of.of.kind === "symbol") return { symbol: of.of, turned: true };
  return undefined;
}

const isInputEntry = (of: Expression) => of.kind === "symbol" && isInput(of.base) && of.at.length > 0;

function larger(left: Shape | undefined, right: Shape | undefined): Shape | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return [left[0] === "1" ? right[0] : left[0], left[1] === "1" ? right[1] : left[1]];
}
