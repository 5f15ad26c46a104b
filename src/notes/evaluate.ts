/** Runs formulas of notes on random numbers; every derivative is taken by dual numbers through the network that they define. */
import { functions } from "../formula/functions";
import { type Dual, dual, variable } from "../oracles/dual";
import type { Random } from "../random";
import type { Condition, Expression, Noted, Place } from "./expression";
import { Missing, type Network, type Shape } from "./network";

/** Numbers in rows and columns, or a plain number. */
export interface Grid {
  readonly kind: "grid";
  readonly rows: number;
  readonly cols: number;
  readonly data: readonly Dual[];
  /** Whether it is a number rather than a 1×1 matrix. */
  readonly plain?: boolean;
}

/** The derivatives of every entry of one matrix by every entry of another. */
export interface Jacobian {
  readonly kind: "jacobian";
  readonly of: { readonly rows: number; readonly cols: number };
  readonly by: { readonly rows: number; readonly cols: number };
  /** Row after row: entry (o, b) is at o · (by's entries) + b. */
  readonly data: readonly number[];
}

/** What an expression is worth. */
export type Value = Grid | Jacobian;

/** Sizes and random numbers for everything that is given. */
export interface Draw {
  readonly sizes: Readonly<Record<string, number>>;
  readonly random: Random;
  /** Whether labels have a single 1 in each row, or any numbers that sum to 1. */
  readonly oneHot: boolean;
  readonly values: Map<string, readonly number[]>;
  /** How many steps may still be taken. */
  readonly budget: { left: number };
}

/** Where each index letter stands; SAMPLE is the sample that is not named. */
export type Places = ReadonlyMap<string, number>;
export const SAMPLE = "§";

/** How many places a sum or a matrix may have. */
const MOST = 2000;

interface Seed {
  readonly name: string;
  readonly entry: number;
}

const plain = (x: Dual): Grid => ({ kind: "grid", rows: 1, cols: 1, data: [x], plain: true });
const constant = (x: number): Grid => plain(dual.of(x));
const sizeText = ({ rows, cols }: { readonly rows: number; readonly cols: number }) => `${rows}×${cols}`;

/** Evaluates expressions on one draw. */
export class Evaluator {
  readonly network: Network;
  readonly draw: Draw;
  readonly #seed: Seed | undefined;
  readonly #values = new Map<string, Grid>();
  readonly #seeded: Map<string, Evaluator>;
  readonly #computing = new Set<string>();

  constructor(network: Network, draw: Draw, seed?: Seed, seeded = new Map<string, Evaluator>()) {
    this.network = network;
    this.draw = draw;
    this.#seed = seed;
    this.#seeded = seeded;
  }

  /** The class of a sample's label. @throws {Missing} if there is none */
  trueClassOf(sample: number | undefined): number {
    const name = [...this.network.given].find(([, as]) => as === "labels")?.[0];
    if (name === undefined || sample === undefined)
      throw new Missing("the true class is one of a sample, and there is no sample");
    const { cols, rows, data } = this.named(name);
    const classes = this.network.columns ? rows : cols;
    const label = (j: number) => data[this.network.columns ? j * cols + sample : sample * cols + j].re;
    return Array.from({ length: classes }, (_, j) => j).reduce((best, j) => (label(j) > label(best) ? j : best), 0);
  }

  /** The same numbers, with the derivative taken by one of them. */
  #by(name: string, entry: number): Evaluator {
    const key = `${name} ${entry}`;
    const before = this.#seeded.get(key);
    if (before !== undefined) return before;
    const made = new Evaluator(this.network, this.draw, { name, entry }, this.#seeded);
    this.#seeded.set(key, made);
    return made;
  }

  /** A size as a number. */
  size(letter: string): number {
    const size = letter === "1" ? 1 : this.draw.sizes[letter];
    if (size === undefined) throw new Missing(`nothing says how large ${letter} is`);
    return size;
  }

  /** A matrix, or a number, by its name. */
  named(name: string): Grid {
    const before = this.#values.get(name);
    if (before !== undefined) return before;
    if (this.#computing.has(name)) throw new Missing(`${name} is defined by itself`);
    this.#computing.add(name);
    const outside = this.ranges;
    this.ranges = this.network.definitions.get(name)?.ranges ?? outside;
    const made = this.#computed(name);
    this.ranges = outside;
    this.#computing.delete(name);
    const seed = this.#seed;
    const value =
      seed?.name === name
        ? { ...made, data: made.data.map((x, k) => (k === seed.entry ? variable(x.re) : dual.of(x.re))) }
        : made;
    this.#values.set(name, value);
    return value;
  }

  #computed(name: string): Grid {
    const shape = this.network.shapes.get(name);
    if (shape === undefined) throw new Missing(`nothing says what ${name} is`);
    const definition = this.network.definitions.get(name);
    const [rows, cols] = shape.map((letter) => this.size(letter));
    if (definition === undefined) {
      const data = given(
        this.draw,
        name,
        this.network.given.get(name) ?? "parameter",
        rows,
        cols,
        this.network.columns,
      );
      return {
        kind: "grid",
        rows,
        cols,
        data: data.map((x) => dual.of(x)),
        plain: shape[0] === "1" && shape[1] === "1",
      };
    }
    const { body, at } = definition;
    const isPlain = shape[0] === "1" && shape[1] === "1";
    const letters = at.map((place) => ("letter" in place ? place.letter : ""));
    const axis = this.network.sampleAxis(shape);
    const perSample =
      letters.length < 2 &&
      axis !== undefined &&
      (letters.length === 1 || shape[1 - axis] === "1") &&
      this.network.isPerSample(body);
    if (letters.length === 0 && !perSample) {
      const value = gridOf(this.of(body, new Map()), name);
      return fitted(value, rows, cols, isPlain);
    }
    const data: Dual[] = [];
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) {
        const places = new Map<string, number>();
        if (letters.length === 2) {
          places.set(letters[0], i);
          places.set(letters[1], j);
        } else if (letters.length === 1) {
          const isFirst = axis !== undefined && shape[1 - axis] !== "1" ? axis === 1 : shape[0] !== "1";
          places.set(letters[0], isFirst ? i : j);
          if (axis !== undefined) places.set(SAMPLE, axis === 0 ? i : j);
        } else places.set(SAMPLE, axis === 0 ? i : j);
        data.push(numberOf(this.of(body, places)));
      }
    }
    return { kind: "grid", rows, cols, data, plain: isPlain };
  }

  /** @throws {Missing} if it is no number, and no matrix of numbers */
  of(expression: Expression, places: Places): Value {
    if (--this.draw.budget.left < 0) throw new Missing("it takes too long to run");
    switch (expression.kind) {
      case "number":
        return constant(Number(expression.text));
      case "infinity":
        return constant(Number.POSITIVE_INFINITY);
      case "symbol":
        return this.#symbol(expression, places);
      case "negative":
        return mapped(this.of(expression.of, places), (x) => dual.minus(dual.of(0), x), -1);
      case "absolute":
        return mapped(this.#grid(expression.of, places), (x) =>
          dual.greater(x, dual.of(0)) ? x : dual.minus(dual.of(0), x),
        );
      case "transposed":
        return turned(this.#grid(expression.of, places));
      case "binary":
        return this.#binary(expression, places);
      case "power":
        return this.#power(expression.of, expression.exponent, places);
      case "apply":
        return this.#apply(expression.name, expression.primes, expression.args, places);
      case "entry":
        return this.#entry(
          this.#grid(expression.of, places),
          expression.at,
          places,
          this.network.shapeOf(expression.of, false),
        );
      case "over":
        return this.#over(expression, places);
      case "delta":
        return constant(placeOf(expression.left, places) === placeOf(expression.right, places) ? 1 : 0);
      case "indicator":
        return this.#condition(expression.when, places);
      case "cases":
        return this.#cases(expression.rows, places);
      case "derivative":
        return this.#derivative(expression.of, expression.by, places);
      case "ones":
        throw new Missing("a vector of ones is read as a factor beside a matrix only");
      case "tuple": {
        const items = expression.items.map((item) => numberOf(this.of(item, places)));
        return { kind: "grid", rows: 1, cols: items.length, data: items };
      }
    }
  }

  #grid(expression: Expression, places: Places): Grid {
    return gridOf(this.of(expression, places), "it");
  }

  #symbol(symbol: Noted, places: Places): Value {
    const { base, digits, layer, at } = symbol;
    const found = this.network.find(symbol);
    if (symbol.primes !== undefined) return this.#primed(symbol, places);
    if (found === undefined) {
      const size = this.network.sizeOf(symbol);
      if (size !== undefined) return constant(this.size(size));
      if (base === "e" && at.length === 0) return constant(Math.E);
      if (base === "π" && at.length === 0) return constant(Math.PI);
      const letter = places.get(base);
      if (letter !== undefined && at.length === 0) throw new Missing(`the index ${base} stands as a number`);
      throw new Missing(`nothing says what ${base}${layer ?? digits ?? ""} is`);
    }
    if (this.network.nilpotent.has(found.name)) return plain({ ...variable(0) });
    const grid = this.named(found.name);
    const { shape } = found;
    if (found.at.length > 0) return this.#entry(grid, found.at, places, shape, found.name);
    const axis = this.network.sampleAxis(shape);
    const sample = places.get(SAMPLE);
    if (axis !== undefined && shape[1 - axis] === "1" && sample !== undefined) return plain(grid.data[sample]);
    return grid;
  }

  /** a′: the derivative by whatever it is that everything in it depends on, each with a slope of its own. */
  #primed(symbol: Noted, places: Places): Value {
    const { base, primes, at, digits } = symbol;
    if (primes !== 1 || at.length > 0 || digits !== undefined)
      throw new Missing(`${base}′ is read for a plain letter only`);
    const along = new Evaluator(this.network, this.draw);
    for (const [name, as] of this.network.given) {
      const { rows, cols, data } = along.named(name);
      const slopes = given(this.draw, `${name}′`, as === "labels" ? "parameter" : as, rows, cols, false);
      along.#values.set(name, {
        ...along.named(name),
        data: data.map((x, k) => ({ ...x, du: slopes[k], terms: Math.abs(slopes[k]) })),
      });
    }
    return mapped(along.of({ kind: "symbol", base, at: [] }, places), (x) => dual.of(x.du));
  }

  #entry(grid: Grid, at: readonly Place[], places: Places, shape: Shape | undefined, name = "it"): Value {
    const [first, second] = at.map((place) => placeOf(place, places));
    const inRange = (k: number, size: number) => {
      if (k >= size) throw new Missing(`${name} has no place ${k}: it is ${sizeText(grid)}, counted from 0`);
      return k;
    };
    const pick = (i: number, j: number) => plain(grid.data[inRange(i, grid.rows) * grid.cols + inRange(j, grid.cols)]);
    if (at.length === 2) {
      if (shape?.includes("1")) throw new Missing(`${name} is ${shape.join("×")} and takes one index; two stand here`);
      return pick(first, second);
    }
    if (at.length > 2)
      throw new Missing(`${name} is ${shape?.join("×")} and takes two indices; ${at.length} stand here`);
    if (shape?.[0] === "1" && shape[1] === "1") throw new Missing(`${name} is a single number and takes no index`);
    if (shape?.[0] === "1" || grid.rows === 1) return pick(0, first);
    if (shape?.[1] === "1" || grid.cols === 1) return pick(first, 0);
    const axis = shape && this.network.sampleAxis(shape);
    const sample = places.get(SAMPLE);
    if (axis === undefined || sample === undefined) throw new Missing(`${name} takes two indices, and one stands here`);
    return axis === 0 ? pick(sample, first) : pick(first, sample);
  }

  #binary({ op, left, right }: Expression & { kind: "binary" }, places: Places): Value {
    // 𝟙ᵀ M and M 𝟙 are sums.
    const isOnes = (of: Expression) => of.kind === "ones" || (of.kind === "transposed" && of.of.kind === "ones");
    if (isOnes(left) && !isOnes(right) && op !== "+" && op !== "−") return summed(this.#grid(right, places), 0);
    if (isOnes(right) && !isOnes(left) && op !== "+" && op !== "−") return summed(this.#grid(left, places), 1);
    const [a, b] = [this.of(left, places), this.of(right, places)];
    switch (op) {
      case "+":
        return together(a, b, dual.plus, "+", (x, y) => x + y);
      case "−":
        return together(a, b, dual.minus, "−", (x, y) => x - y);
      case "⊙":
        return hadamard(a, b);
      case "/":
        return quotient(a, b);
      default:
        // Two numbers for each sample are multiplied sample by sample.
        if (this.#isPerSample(a) && this.#isPerSample(b)) return hadamard(a, b);
        return product(a, b, op === "·");
    }
  }

  /** Whether it is one number for each sample. */
  #isPerSample(value: Value): boolean {
    if (value.kind === "jacobian" || this.network.single || value.plain) return false;
    return this.network.columns
      ? value.rows === 1 && value.cols === this.size("N")
      : value.cols === 1 && value.rows === this.size("N");
  }

  #power(of: Expression, exponent: Expression, places: Places): Value {
    const base = this.#grid(of, places);
    const power = numberOf(this.of(exponent, places));
    if (Number.isInteger(power.re) && power.du === 0 && Math.abs(power.re) <= 400) {
      return mapped(base, (x) => {
        let result = dual.of(1);
        for (let k = 0; k < Math.abs(power.re); k++) result = dual.times(result, x);
        return power.re < 0 ? dual.over(dual.of(1), result) : result;
      });
    }
    return mapped(base, (x) => dual.exp(dual.times(power, dual.ln(x))));
  }

  #apply(name: string, primes: number, args: readonly Expression[], places: Places): Value {
    if (primes > 1) throw new Missing("second derivatives are not read");
    const own = this.network.functions.get(name);
    if (own !== undefined && primes === 0) return this.#ownFunction(own, args, places);
    if (name === "max" || name === "min") {
      const values = args.map((arg) => this.#grid(arg, places));
      const better = (a: Dual, b: Dual) => (dual.greater(a, b) === (name === "max") ? a : b);
      return values.reduce((a, b) => together(a, b, better, name) as Grid);
    }
    if (args.length !== 1 && !(name === "leaky" && args.length === 2)) throw new Missing(`${name} takes one argument`);
    const value = this.#grid(args[0], places);
    const known = this.activation(name, args[0]);
    if (known === "softmax") {
      if (primes > 0) throw new Missing("softmax′ is a matrix for each sample: write it with two indices");
      const alongRows = !this.network.columns;
      if (value.plain) throw new Missing("softmax of a single number");
      return softmax(value, alongRows);
    }
    const key = `${known}${primes === 1 ? "′" : ""}`;
    if (primes === 1 && !Object.hasOwn(functions, key)) {
      // Its derivative, by dual numbers.
      const { on } = functions[known as keyof typeof functions];
      return mapped(value, (x) => dual.of(on(dual, variable(x.re), dual.of(0)).du));
    }
    if (!Object.hasOwn(functions, key)) throw new Missing(`nothing says what the function ${name} is`);
    const { on } = functions[key as keyof typeof functions];
    const slope = args[1] === undefined ? dual.of(0.01) : numberOf(this.of(args[1], places));
    return mapped(value, (x) => on(dual, x, slope));
  }

  /** The function that a letter stands for: the one that is applied to the same matrix in the forward pass, else the sigmoid. */
  activation(name: string, of: Expression): string {
    if (!/^[σφψfg]$/.test(name)) return name;
    const own = this.network.functions.get(name);
    for (const { body } of this.network.definitions.values()) {
      if (body.kind === "apply" && body.name !== name && body.primes === 0 && same(body.args[0], of)) return body.name;
    }
    if (own !== undefined) throw new Missing(`${name}′ of a function of your own is not read`);
    if (name === "σ") return "sigmoid";
    throw new Missing(`nothing says what the function ${name} is`);
  }

  #ownFunction(
    { parameter, body }: { parameter: string; body: Expression },
    args: readonly Expression[],
    places: Places,
  ): Value {
    const value = this.#grid(args[0], places);
    return mapped(value, (x) => {
      const inner = new Evaluator(this.network, this.draw);
      inner.#values.set(parameter, plain(x));
      return numberOf(inner.of(body, new Map()));
    });
  }

  #over(over: Expression & { kind: "over" }, places: Places): Value {
    const { index, how, of, not } = over;
    const fold = {
      Σ: (a: Dual, b: Dual) => dual.plus(a, b),
      Π: (a: Dual, b: Dual) => dual.times(a, b),
      max: (a: Dual, b: Dual) => (dual.greater(a, b) ? a : b),
      min: (a: Dual, b: Dual) => (dual.greater(a, b) ? b : a),
    }[how];
    const isNamed = this.ranges.has(index);
    if (index === "samples" || !isNamed) {
      if (index === "samples" && this.network.isPerSample(of)) return this.#loop("N", SAMPLE, over, places, fold);
      const value = this.#grid(of, places);
      const rows = this.network.columns ? value.cols : value.rows;
      if (rows !== this.size("N") || value.plain || this.network.single) {
        throw new Missing(
          index === "samples" ? "nothing in the sum belongs to a sample" : `nothing in the sum has the index ${index}`,
        );
      }
      if (how !== "Σ") throw new Missing(`${how} over samples is not read`);
      const result = summed(value, this.network.columns ? 1 : 0);
      return result.rows === 1 && result.cols === 1 ? { ...result, plain: true } : result;
    }
    const range = this.ranges.get(index) as string;
    const isUnknown =
      over.to?.kind === "symbol" &&
      this.network.find(over.to) === undefined &&
      this.network.sizeOf(over.to) === undefined;
    if (over.to !== undefined && !isUnknown) {
      const to = numberOf(this.of(over.to, places)).re;
      const size = this.size(range);
      if (to !== size && to !== size - 1)
        throw new Missing(`the sum over ${index} runs to ${to}, and there are ${size} places (${range})`);
    }
    return this.#loop(range, index, over, places, fold, not);
  }

  #loop(
    range: string,
    index: string,
    { of }: Expression & { kind: "over" },
    places: Places,
    fold: (a: Dual, b: Dual) => Dual,
    not?: string,
  ): Grid {
    const size = this.size(range);
    let total: Grid | undefined;
    for (let k = 0; k < size; k++) {
      if (not !== undefined && k === placeOf({ letter: not }, places)) continue;
      const value = this.#grid(of, new Map([...places, [index, k]]));
      total = total === undefined ? value : (together(total, value, fold, "Σ") as Grid);
    }
    return total ?? constant(0);
  }

  /** How far each letter runs in the formula that is being evaluated. */
  ranges: ReadonlyMap<string, string> = new Map();

  #condition({ left, is, right }: Condition, places: Places): Grid {
    const place = (of: Expression) =>
      of.kind === "symbol" && of.at.length === 0 && of.digits === undefined
        ? places.get(of.base)
        : of.kind === "number"
          ? Number(of.text)
          : undefined;
    const [p, q] = [place(left), place(right)];
    const isIndex = (of: Expression) => of.kind === "symbol" && places.has(of.base);
    if (p !== undefined && q !== undefined && (isIndex(left) || isIndex(right)))
      return constant(compares(p, is, q) ? 1 : 0);
    const [a, b] = [this.#grid(left, places), this.#grid(right, places)];
    return together(a, b, (x, y) => dual.of(compares(x.re, is, y.re) ? 1 : 0), is) as Grid;
  }

  #cases(rows: readonly { readonly value: Expression; readonly when?: Condition }[], places: Places): Value {
    let result: Grid | undefined;
    let open: Grid | undefined;
    for (const { value, when } of rows) {
      const holds = when === undefined ? constant(1) : this.#condition(when, places);
      const isHere = open === undefined ? holds : (together(open, holds, dual.times, "⊙") as Grid);
      if (isHere.data.every((x) => x.re === 0)) {
        result ??= mapped(holds, () => dual.of(0)) as Grid;
        open ??= constant(1);
        open = together(open, holds, (a, b) => dual.of(b.re === 1 ? 0 : a.re), "⊙") as Grid;
        continue;
      }
      const part = together(isHere, this.#grid(value, places), (x, y) => (x.re === 1 ? y : dual.of(0)), "⊙") as Grid;
      result = result === undefined ? part : (together(result, part, dual.plus, "+") as Grid);
      open = open === undefined ? constant(1) : open;
      open = together(open, holds, (a, b) => dual.of(b.re === 1 ? 0 : a.re), "⊙") as Grid;
    }
    return result ?? constant(Number.NaN);
  }

  #derivative(of: Expression, by: Noted, places: Places): Value {
    const found = this.network.find(by);
    if (found === undefined) throw new Missing(`nothing says what ${by.base}${by.layer ?? by.digits ?? ""} is`);
    const from = of.kind === "symbol" ? this.network.find(of) : undefined;
    if (from !== undefined && !this.network.reaches(from.name, found.name)) {
      throw new Missing(`${from.name} does not depend on ${found.name}, as it is defined here`);
    }
    const grid = this.named(found.name);
    const value = (entry: number): Grid => {
      const seeded = this.#by(found.name, entry);
      seeded.ranges = this.ranges;
      const result = gridOf(seeded.of(of, places), "it");
      // One loss for each sample: what changes with a parameter is their sum.
      const axis = of.kind === "symbol" && of.at.length === 0 ? this.network.find(of) : undefined;
      const isLosses =
        axis !== undefined &&
        !result.plain &&
        axis.shape.includes("1") &&
        this.network.sampleAxis(axis.shape) !== undefined;
      return isLosses ? plain(result.data.reduce((a, b) => dual.plus(a, b))) : result;
    };
    if (found.at.length > 0) {
      const entry = this.#placeIn(grid, found.at, places, found.shape, found.name);
      return mapped(value(entry), (x) => dual.of(x.du));
    }
    if (grid.data.length > MOST) throw new Missing("it is too large to be run");
    const parts = grid.data.map((_, k) => value(k));
    const [first] = parts;
    if (first.plain) return { ...grid, data: parts.map(({ data }) => dual.of(data[0].du)) };
    if (grid.plain) return mapped(first, (x) => dual.of(x.du));
    const data = first.data.flatMap((_, o) => parts.map((part) => part.data[o].du));
    return {
      kind: "jacobian",
      of: { rows: first.rows, cols: first.cols },
      by: { rows: grid.rows, cols: grid.cols },
      data,
    };
  }

  /** Which number of a matrix an entry is. */
  #placeIn(grid: Grid, at: readonly Place[], places: Places, shape: Shape, name: string): number {
    const numbered = { ...grid, data: grid.data.map((_, k) => dual.of(k)) };
    return numberOf(this.#entry(numbered, at, places, shape, name)).re;
  }
}

function placeOf(place: Place, places: Places): number {
  if ("number" in place) return place.number;
  const found = places.get(place.letter);
  if (found === undefined) throw new Missing(`nothing says how far the index ${place.letter} runs`);
  return found;
}

function compares(a: number, is: Condition["is"], b: number): boolean {
  return { "=": a === b, "≠": a !== b, "<": a < b, ">": a > b, "≤": a <= b, "≥": a >= b }[is];
}

function gridOf(value: Value, what: string): Grid {
  if (value.kind === "grid") return value;
  throw new Missing(
    `${what} has the derivatives of ${sizeText(value.of)} entries by ${sizeText(value.by)}, and there is no ${value.of.rows * value.of.cols}·${value.by.rows * value.by.cols} of them in a matrix: name the indices`,
  );
}

function numberOf(value: Value): Dual {
  if (value.kind === "grid" && (value.plain || value.data.length === 1)) return value.data[0];
  throw new Missing(
    value.kind === "grid"
      ? `a ${sizeText(value)} matrix stands where a number belongs: an index is missing`
      : "a whole derivative stands where a number belongs",
  );
}

function fitted(value: Grid, rows: number, cols: number, isPlain: boolean): Grid {
  return value.rows === rows && value.cols === cols ? { ...value, plain: isPlain } : value;
}

function mapped(value: Value, change: (x: Dual) => Dual, scale?: number): Value {
  if (value.kind === "grid") return { ...value, data: value.data.map(change) };
  if (scale === undefined) throw new Missing("a derivative of a matrix by a matrix is no matrix: name the indices");
  return { ...value, data: value.data.map((x) => x * scale) };
}

function turned(grid: Grid): Grid {
  const { rows, cols, data } = grid;
  return { ...grid, rows: cols, cols: rows, data: data.map((_, k) => data[(k % rows) * cols + Math.floor(k / rows)]) };
}

/** Sums over rows (axis 0) or columns (axis 1). */
function summed({ rows, cols, data }: Grid, axis: 0 | 1): Grid {
  const sum = (entries: readonly Dual[]) => entries.reduce((a, b) => dual.plus(a, b));
  if (axis === 0) {
    return {
      kind: "grid",
      rows: 1,
      cols,
      data: Array.from({ length: cols }, (_, j) => sum(data.filter((_, k) => k % cols === j))),
    };
  }
  return {
    kind: "grid",
    rows,
    cols: 1,
    data: Array.from({ length: rows }, (_, i) => sum(data.slice(i * cols, (i + 1) * cols))),
  };
}

/** Entry by entry; a number, or a row or column of biases, counts for all. */
function together(
  a: Value,
  b: Value,
  join: (x: Dual, y: Dual) => Dual,
  sign: string,
  onNumbers?: (x: number, y: number) => number,
): Value {
  if (a.kind === "jacobian" || b.kind === "jacobian") {
    if (
      a.kind === "jacobian" &&
      b.kind === "jacobian" &&
      onNumbers !== undefined &&
      sizeText(a.of) === sizeText(b.of) &&
      sizeText(a.by) === sizeText(b.by)
    ) {
      return { ...a, data: a.data.map((x, k) => onNumbers(x, b.data[k])) };
    }
    throw new Missing("a derivative of a matrix by a matrix is no matrix: name the indices");
  }
  const [rows, cols] = [Math.max(a.rows, b.rows), Math.max(a.cols, b.cols)];
  const fits = ({ rows: r, cols: c, plain }: Grid) => plain || ((r === rows || r === 1) && (c === cols || c === 1));
  if (!fits(a) || !fits(b)) throw new Missing(`${sizeText(a)} ${sign} ${sizeText(b)}: the shapes do not fit`);
  const at = ({ rows: r, cols: c, data }: Grid, i: number, j: number) =>
    data[(r === 1 ? 0 : i) * c + (c === 1 ? 0 : j)];
  const data = Array.from({ length: rows * cols }, (_, k) => {
    const [i, j] = [Math.floor(k / cols), k % cols];
    return join(at(a, i, j), at(b, i, j));
  });
  return { kind: "grid", rows, cols, data, plain: a.plain === true && b.plain === true };
}

/** The diagonal of the derivatives of a matrix by one of the same shape, where all else is 0. */
export function diagonal({ of, by, data }: Jacobian): Grid | undefined {
  const size = by.rows * by.cols;
  if (sizeText(of) !== sizeText(by)) return undefined;
  for (const [k, x] of data.entries()) if (k % (size + 1) !== 0 && x !== 0) return undefined;
  return { kind: "grid", ...of, data: Array.from({ length: size }, (_, k) => dual.of(data[k * (size + 1)])) };
}

function hadamard(a: Value, b: Value): Value {
  const [left, right] = [a, b].map((value) => (value.kind === "jacobian" ? diagonal(value) : value));
  if (left === undefined || right === undefined) throw new Missing("⊙ with a derivative that is no diagonal matrix");
  if (!left.plain && !right.plain && sizeText(left) !== sizeText(right))
    throw new Missing(`${sizeText(left)} ⊙ ${sizeText(right)}: the shapes do not fit`);
  return together(left, right, times, "⊙");
}

/** What a 0 meets is not looked at: y ln A is 0 where y is. */
function times(x: Dual, y: Dual): Dual {
  if (dual.isZero(x)) return x;
  return dual.isZero(y) ? y : dual.times(x, y);
}

function quotient(a: Value, b: Value): Value {
  const under = gridOf(b, "what stands below the bar");
  if (a.kind === "jacobian") {
    if (!under.plain) throw new Missing("a derivative of a matrix by a matrix is no matrix: name the indices");
    return mapped(a, (x) => x, 1 / under.data[0].re);
  }
  if (!a.plain && !under.plain && sizeText(a) !== sizeText(under) && under.cols !== 1 && under.rows !== 1) {
    throw new Missing(`${sizeText(a)} / ${sizeText(under)}: the shapes do not fit`);
  }
  return together(a, under, dual.over, "/");
}

function product(a: Value, b: Value, dotted: boolean): Value {
  if (a.kind === "grid" && a.plain) return mapped(b, (x) => times(a.data[0], x), a.data[0].re);
  if (b.kind === "grid" && b.plain) return mapped(a, (x) => times(x, b.data[0]), b.data[0].re);
  if (a.kind === "jacobian" || b.kind === "jacobian") return chained(a, b);
  if (a.cols === b.rows) {
    const data = Array.from({ length: a.rows * b.cols }, (_, k) => {
      const [i, j] = [Math.floor(k / b.cols), k % b.cols];
      let total = dual.of(0);
      for (let m = 0; m < a.cols; m++)
        total = dual.plus(total, dual.times(a.data[i * a.cols + m], b.data[m * b.cols + j]));
      return total;
    });
    return { kind: "grid", rows: a.rows, cols: b.cols, data };
  }
  const isDot = dotted && a.rows === b.rows && a.cols === b.cols && (a.rows === 1 || a.cols === 1);
  if (isDot) return plain(a.data.map((x, k) => dual.times(x, b.data[k])).reduce((x, y) => dual.plus(x, y)));
  throw new Missing(`${sizeText(a)} times ${sizeText(b)}: the inner sizes ${a.cols} and ${b.rows} differ`);
}

/** The chain rule: the sum over all that the first derivative is taken by, and the second is taken of. */
function chained(a: Value, b: Value): Value {
  const [first, second] = [a, b];
  const sizeOf = (shape: { readonly rows: number; readonly cols: number }) => shape.rows * shape.cols;
  if (second.kind === "jacobian" && first.kind === "jacobian") {
    const [outer, inner] = sizeText(first.by) === sizeText(second.of) ? [first, second] : [second, first];
    if (sizeText(outer.by) !== sizeText(inner.of)) throw new Missing("two derivatives that do not follow one another");
    const [n, m, p] = [sizeOf(outer.of), sizeOf(outer.by), sizeOf(inner.by)];
    const data = Array.from({ length: n * p }, (_, k) => {
      let total = 0;
      for (let q = 0; q < m; q++) total += outer.data[Math.floor(k / p) * m + q] * inner.data[q * p + (k % p)];
      return total;
    });
    return { kind: "jacobian", of: outer.of, by: inner.by, data };
  }
  const [jacobian, grid] = second.kind === "jacobian" ? [second, first as Grid] : [first as Jacobian, second as Grid];
  if (sizeText(jacobian.of) !== sizeText(grid)) {
    throw new Missing(
      `a ${sizeText(grid)} matrix times the derivatives of ${sizeText(jacobian.of)} entries by ${sizeText(jacobian.by)}: neither a side nor a transpose makes that a product`,
    );
  }
  const p = sizeOf(jacobian.by);
  const data = Array.from({ length: p }, (_, k) =>
    dual.of(grid.data.reduce((total, x, o) => total + x.re * jacobian.data[o * p + k], 0)),
  );
  return { kind: "grid", rows: jacobian.by.rows, cols: jacobian.by.cols, data };
}

function softmax(value: Grid, alongRows: boolean): Grid {
  const grid = alongRows ? value : turned(value);
  const data: Dual[] = [];
  for (let i = 0; i < grid.rows; i++) {
    const row = grid.data.slice(i * grid.cols, (i + 1) * grid.cols).map((x) => dual.exp(x));
    const total = row.reduce((x, y) => dual.plus(x, y));
    data.push(...row.map((x) => dual.over(x, total)));
  }
  const result: Grid = { kind: "grid", rows: grid.rows, cols: grid.cols, data };
  return alongRows ? result : turned(result);
}

function same(a: Expression, b: Expression): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The numbers of what is given, the same each time that they are asked for. */
function given(draw: Draw, name: string, as: string, rows: number, cols: number, columns: boolean): readonly number[] {
  const before = draw.values.get(name);
  if (before !== undefined) return before;
  const between = (low: number, high: number) => low + (high - low) * draw.random.uniform();
  let values: number[];
  if (as === "labels") {
    const [samples, classes] = columns ? [cols, rows] : [rows, cols];
    const byRow = Array.from({ length: samples }, (_, i) => {
      const weights = Array.from({ length: classes }, (_, j) =>
        draw.oneHot ? (j === (i * 2 + 1) % classes ? 1 : 0) : between(0.2, 1),
      );
      const total = weights.reduce((a, b) => a + b);
      return weights.map((w) => w / total);
    });
    values = columns ? Array.from({ length: classes }, (_, j) => byRow.map((row) => row[j])).flat() : byRow.flat();
  } else if (as === "number") values = [between(0.3, 1.7)];
  else values = Array.from({ length: rows * cols }, () => between(-1.5, 1.5));
  draw.values.set(name, values);
  return values;
}
