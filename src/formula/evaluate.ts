/** Evaluates a formula in any arithmetic, whole or entry by entry. */
import { Matrix } from "../matrix";
import { type Arithmetic, float64 } from "./arithmetic";
import { functions } from "./functions";
import type { Formula, Index, Node, Over, Step } from "./tree";

/** Numbers of some kind in rows and columns, row after row. A Matrix is one of float64 numbers. */
export interface Grid<T> {
  readonly rows: number;
  readonly cols: number;
  readonly data: ArrayLike<T>;
}

/** Grids by the names of the notes. */
export type Grids<T> = Readonly<Record<string, Grid<T>>>;

/** An index ran beyond a matrix, or a loop beyond its size: shapes that do not fit. */
export class Misfit extends Error {}

/** A matrix of float64 numbers as a grid of numbers of kind T. */
export function lifted<T>(ar: Arithmetic<T>, { rows, cols, data }: Matrix): Grid<T> & { readonly data: T[] } {
  return { rows, cols, data: Array.from(data, (x) => ar.of(x)) };
}

/** A formula, bound to what it is computed from: its result's shape, and any of its entries. */
export interface Bound<T> {
  readonly rows: number;
  readonly cols: number;
  /** @throws Misfit */
  readonly entry: (row: number, col: number) => T;
}

/**
 * Computes all steps but the last, whose entries are computed when they are asked for.
 *
 * @param known every matrix that the formula reads; those of its own steps are not looked at
 * @throws Misfit if shapes do not fit
 */
export function bind<T>(formula: Formula, ar: Arithmetic<T>, known: Grids<T>): Bound<T> {
  const { before, last } = prepare(formula, ar, known);
  before();
  return last;
}

/** A formula, ready to be computed again and again while numbers in the grids that it reads change. */
function prepare<T>(
  { steps, shapes }: Formula,
  ar: Arithmetic<T>,
  known: Grids<T>,
): { before: () => void; last: Bound<T> } {
  const sizes: Record<string, number> = { "1": 1 };
  for (const [name, letters] of Object.entries(shapes)) {
    const grid = known[name];
    if (grid === undefined) continue;
    if (letters[0] !== "1") sizes[letters[0]] ??= grid.rows;
    if (letters[1] !== "1") sizes[letters[1]] ??= grid.cols;
  }
  const scope: Record<string, Grid<T>> = Object.create(known);
  const earlier = steps.slice(0, -1).map((step) => {
    const bound = boundStep(step, ar, scope, sizes);
    const data: T[] = new Array(bound.rows * bound.cols);
    scope[step.name] = { rows: bound.rows, cols: bound.cols, data };
    return () => fill(data, bound);
  });
  const last = boundStep(steps[steps.length - 1], ar, scope, sizes);
  const before = () => {
    for (const step of earlier) step();
  };
  return { before, last };
}

function fill<T>(data: T[], { rows, cols, entry }: Bound<T>): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) data[i * cols + j] = entry(i, j);
}

/** The result of a formula. @throws Misfit if shapes do not fit */
export function evaluate<T>(formula: Formula, ar: Arithmetic<T>, known: Grids<T>): Grid<T> {
  return whole(bind(formula, ar, known));
}

/** The result of a formula as a Matrix of float64 numbers. @throws Misfit if shapes do not fit */
export function computed(formula: Formula, known: Readonly<Record<string, Matrix>>): Matrix {
  const { rows, cols, data } = evaluate(formula, float64, known);
  return new Matrix(rows, cols, Float64Array.from(data));
}

/** Every entry of what was bound. */
function whole<T>({ rows, cols, entry }: Bound<T>): Grid<T> {
  const data: T[] = new Array(rows * cols);
  fill(data, { rows, cols, entry });
  return { rows, cols, data };
}

/**
 * The terms of the sums that a formula's result is made of: those of Σ_i Σ_j x + Σ_k y are every x and every y by itself. They
 * are computed anew at every call, from the numbers that the grids hold by then.
 */
export function terms<T>(formula: Formula, ar: Arithmetic<T>, known: Grids<T>): () => T[] {
  const { steps, shapes } = formula;
  const result = steps[steps.length - 1];
  const sums = summands(result.body).map((summand) => {
    const letters: string[] = [];
    let body = summand;
    while (body.kind === "over" && body.how === "Σ" && letters.length < 2) {
      letters.push(body.index);
      body = body.of;
    }
    const [row, col] = letters;
    const shape = [row, col].map((letter) => (letter === undefined ? "1" : result.ranges[letter])) as [string, string];
    const all: Step = { ...result, body, at: [row, col], shape };
    return prepare({ steps: [...steps.slice(0, -1), all], shapes }, ar, known);
  });
  return () =>
    sums.flatMap(({ before, last }) => {
      before();
      return Array.from(whole(last).data);
    });
}

function summands(node: Node): Node[] {
  return node.kind === "binary" && node.op === "+" ? [...summands(node.left), ...summands(node.right)] : [node];
}

type Sizes = Readonly<Record<string, number>>;
/** Where each index stands, in the order in which a step's ranges name them. */
type Places = number[];
type Value<T> = () => T;

function boundStep<T>(step: Step, ar: Arithmetic<T>, scope: Grids<T>, sizes: Sizes): Bound<T> {
  const places: Places = Object.keys(step.ranges).map(() => 0);
  const value = compiled(step.body, { ar, scope, sizes, ranges: step.ranges, places });
  const [row, col] = step.at.map((letter) => (letter === undefined ? undefined : slotOf(letter, step.ranges)));
  return {
    rows: sizes[step.shape[0]],
    cols: sizes[step.shape[1]],
    entry: (i, j) => {
      if (row !== undefined) places[row] = i;
      if (col !== undefined) places[col] = j;
      return value();
    },
  };
}

interface Context<T> {
  readonly ar: Arithmetic<T>;
  readonly scope: Grids<T>;
  readonly sizes: Sizes;
  readonly ranges: Readonly<Record<string, string>>;
  readonly places: Places;
}

function slotOf(letter: string, ranges: Readonly<Record<string, string>>): number {
  return Object.keys(ranges).indexOf(letter);
}

function compiled<T>(node: Node, context: Context<T>): Value<T> {
  const { ar, scope, sizes, places } = context;
  switch (node.kind) {
    case "number": {
      const value = ar.of(node.value);
      return () => value;
    }
    case "size": {
      const value = ar.of(sizes[node.letter]);
      return () => value;
    }
    case "entry": {
      const grid = scope[node.name];
      if (grid === undefined) throw new Misfit(`there is no ${node.name}`);
      const { rows, cols, data } = grid;
      const [row, col] = node.at.map((index) => placeOf(index, context));
      if (node.stride !== undefined) {
        const stride = sizes[node.stride];
        return () => {
          const k = row(rows) * stride + col(cols);
          return k < data.length ? data[k] : ar.of(Number.NaN);
        };
      }
      return () => {
        const i = row(rows);
        const j = col(cols);
        if (i === NOTHING || j === NOTHING) return ar.of(0);
        if (i >= rows || j >= cols) throw new Misfit(`${node.name} has no entry [${i}, ${j}]`);
        return data[i * cols + j];
      };
    }
    case "equal": {
      const [left, right] = [slotOf(node.left, context.ranges), slotOf(node.right, context.ranges)];
      return () => ar.of(places[left] === places[right] ? 1 : 0);
    }
    case "negative": {
      const of = compiled(node.of, context);
      return () => ar.minus(ar.of(0), of());
    }
    case "binary":
      return compiledBinary(node, context);
    case "call": {
      const [x, slope] = node.args.map((arg) => compiled(arg, context));
      const { on } = functions[node.name];
      return () => on(ar, x(), slope === undefined ? ar.of(0) : slope());
    }
    case "over":
      return compiledOver(node, context);
  }
}

const NOTHING = -1;

function placeOf<T>(
  { letter, shift = 0, edge, fixed }: Index,
  { places, ranges }: Context<T>,
): (size: number) => number {
  if (fixed !== undefined) return fixed < 0 ? (size) => size + fixed : () => fixed;
  if (letter === undefined) return () => 0;
  const slot = slotOf(letter, ranges);
  if (shift === 0) return () => places[slot];
  return (size) => {
    const k = places[slot] + shift;
    if (k >= 0 && k < size) return k;
    return edge === "nothing" ? NOTHING : (k + size) % size;
  };
}

function compiledBinary<T>(node: Extract<Node, { kind: "binary" }>, context: Context<T>): Value<T> {
  const { ar } = context;
  const [left, right] = [compiled(node.left, context), compiled(node.right, context)];
  switch (node.op) {
    case "+":
      return () => ar.plus(left(), right());
    case "−":
      return () => ar.minus(left(), right());
    case "×":
      return () => ar.times(left(), right());
    case ":":
      return () => ar.over(left(), right());
    case "·":
      // What a 0 meets is not looked at: y ln A is 0 where y is, whatever A has become.
      return () => {
        const a = left();
        if (ar.isZero(a)) return a;
        const b = right();
        return ar.isZero(b) ? b : ar.times(a, b);
      };
    case "/":
      return () => {
        const a = left();
        return ar.isZero(a) ? a : ar.over(a, right());
      };
  }
}

function compiledOver<T>(node: Over, context: Context<T>): Value<T> {
  const { ar, sizes, ranges, places } = context;
  const of = compiled(node.of, context);
  const size = sizes[node.until ?? ranges[node.index]];
  const [from, to] = boundsOf(node.without, size);
  const slot = slotOf(node.index, ranges);
  const folded = (first: T | undefined, fold: (a: T, b: T) => T) => () => {
    let total = first;
    const outside = places[slot];
    for (let k = from; k < to; k++) {
      places[slot] = k;
      const value = of();
      total = total === undefined ? value : fold(total, value);
    }
    places[slot] = outside;
    return total ?? ar.of(0);
  };
  switch (node.how) {
    case "Σ":
      return folded(ar.of(0), ar.plus);
    case "Π":
      return folded(ar.of(1), ar.times);
    case "mean": {
      const sum = folded(ar.of(0), ar.plus);
      return () => ar.over(sum(), ar.of(to - from));
    }
    case "max":
      return folded(undefined, (a, b) => (ar.greater(b, a) ? b : a));
    case "min":
      return folded(undefined, (a, b) => (ar.greater(a, b) ? b : a));
  }
}

function boundsOf(without: Over["without"], size: number): [from: number, to: number] {
  switch (without) {
    case "first":
      return [1, size];
    case "last":
      return [0, size - 1];
    case "the first two":
      return [2, size];
    case "the last two":
      return [0, Math.max(0, size - 2)];
    case "all but the first":
      return [0, 1];
    case "all but the last":
      return [size - 1, size];
    case undefined:
      return [0, size];
  }
}
