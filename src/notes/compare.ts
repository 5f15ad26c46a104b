/** Whether two expressions are equal: on random numbers, for all values of their indices. */
import { Random } from "../random";
import { type Draw, diagonal, Evaluator, type Grid, type Jacobian, type Places, SAMPLE, type Value } from "./evaluate";
import { all, type Condition, type Expression, freeLetters, latexOf } from "./expression";
import { Missing, type Network } from "./network";

/** Two sides that differ: where, and what they are there. */
export interface Difference {
  /** The indices: "j = 0, k = 1". */
  readonly where: string;
  readonly left: number;
  readonly right: number;
}

/** What came of a comparison. */
export type Comparison =
  | {
      readonly kind: "equal";
      /** The letters of the free indices, and the sizes of what is compared. */
      readonly forAll: string;
      /** Said of what is read in a certain way. */
      readonly remark?: string;
    }
  | { readonly kind: "different"; readonly first: Difference; readonly ratio?: number }
  | { readonly kind: "shapes"; readonly left: string; readonly right: string }
  | { readonly kind: "missing"; readonly what: string };

/** How many combinations of indices are looked at. */
const MOST = 6000;

/** How many steps one claim may take, with all that is tried to mend it. */
const STEPS = 3e6;

/** Sizes in the order in which they are given to the letters; no two are equal. */
const SIZES = [
  [5, 6, 4, 3, 7, 8, 9, 10],
  [3, 4, 6, 5, 8, 7, 10, 9],
];

/** Draws of distinct sizes, for the letters of a network. */
export class Draws {
  readonly #network: Network;
  /** Two of distinct sizes, one with a single sample, and one with one-hot labels. */
  readonly usual: readonly Draw[];
  readonly single: Draw;
  readonly oneHot: Draw;

  constructor(network: Network, fixed: ReadonlyMap<string, number> = new Map()) {
    this.#network = network;
    const values = () => new Map([...fixed].map(([name, value]) => [name, [value]] as const));
    const budget = { left: STEPS };
    const draw = (which: number, seed: number, oneHot = false): Draw => ({
      sizes: this.#sizes(SIZES[which]),
      random: new Random(seed),
      oneHot,
      values: values(),
      budget,
    });
    this.usual = [draw(0, 1), draw(1, 2)];
    this.oneHot = draw(0, 3, true);
    const single = draw(0, 4);
    this.single = { ...single, sizes: { ...single.sizes, N: 1 } };
  }

  #sizes(numbers: readonly number[]): Record<string, number> {
    return Object.fromEntries(this.#network.sizes.map((letter, k) => [letter, numbers[k] ?? 10 + k]));
  }
}

const close = (a: number, b: number, scale: number) =>
  a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b)) + 1e-11 * scale;

/** Compares two expressions on one draw. */
export function compare(
  network: Network,
  draw: Draw,
  left: Expression,
  right: Expression,
  where: readonly Condition[],
  evaluator = new Evaluator(network, draw),
): Comparison {
  try {
    return compared(network, evaluator, left, right, where);
  } catch (error) {
    if (error instanceof Missing) return { kind: "missing", what: error.message };
    if (error instanceof RangeError) return { kind: "missing", what: "the formula is nested too deeply" };
    throw error;
  }
}

function compared(
  network: Network,
  evaluator: Evaluator,
  left: Expression,
  right: Expression,
  where: readonly Condition[],
): Comparison {
  const conditions = where.flatMap(({ left: l, right: r }) => [l, r]);
  const ranges = network.ranges([left, right, ...conditions]);
  evaluator.ranges = ranges;
  const free = [...new Set([...freeLetters(left), ...freeLetters(right)])];
  const trueClass = free.filter((letter) => network.trueClass.has(letter));
  const letters = free.filter((letter) => !network.trueClass.has(letter));
  const perSample = network.isPerSample(left) || network.isPerSample(right);
  const samples = letters.filter((letter) => ranges.get(letter) === "N");
  const axes = letters.map((letter): [string, number] => {
    const range = ranges.get(letter);
    if (range === undefined) throw new Missing(`nothing says how far the index ${letter} runs`);
    return [letter, evaluator.size(range)];
  });
  const ownSample = perSample && samples.length !== 1;
  if (ownSample) axes.unshift([SAMPLE, evaluator.size("N")]);
  if (axes.reduce((count, [, size]) => count * size, 1) > MOST) throw new Missing("it has too many indices to be run");
  let looked = 0;
  let scale = 0;
  let shape = "";
  let remark: string | undefined;
  let first: Difference | undefined;
  let ratio: number | undefined;
  let oneRatio = true;
  for (const values of combinations(axes.map(([, size]) => size))) {
    const places = new Map(axes.map(([letter], k) => [letter, values[k]]));
    if (perSample && !ownSample) places.set(SAMPLE, places.get(samples[0]) as number);
    for (const letter of trueClass) places.set(letter, evaluator.trueClassOf(places.get(SAMPLE)));
    if (!where.every((condition) => holds(condition, places))) continue;
    looked++;
    const sides = sideBySide(evaluator.of(left, places), evaluator.of(right, places));
    if ("kind" in sides) {
      return { kind: "shapes", left: inLetters(sides.left, evaluator), right: inLetters(sides.right, evaluator) };
    }
    const [a, b] = sides.grids;
    remark ??= sides.remark;
    shape = a.plain ? "" : inLetters(a, evaluator);
    for (const [k, x] of a.data.entries()) {
      const y = b.data[k].re;
      if (Number.isNaN(x.re) || Number.isNaN(y))
        throw new Missing("it gives no number (0/0, or ln of a negative number)");
      scale = Math.max(scale, Math.abs(x.re), Math.abs(y));
      if (Math.abs(x.re) > 1e-12 || Math.abs(y) > 1e-12) {
        const r = y === 0 ? Number.POSITIVE_INFINITY : x.re / y;
        if (ratio === undefined) ratio = r;
        else if (Math.abs(r - ratio) > 1e-7 * Math.abs(ratio)) oneRatio = false;
      }
      if (first === undefined && !close(x.re, y, Number.isFinite(scale) ? scale : 1)) {
        first = { where: told(places, a, k, ownSample), left: x.re, right: y };
      }
      // What stands before an ε with ε² = 0 is compared as well.
      const [dx, dy] = [x.du, b.data[k].du];
      if (first === undefined && network.nilpotent.size > 0 && !close(dx, dy, 1))
        first = { where: "the factor of ε", left: dx, right: dy };
    }
  }
  if (looked === 0) throw new Missing("no indices fulfil the condition");
  if (first !== undefined) {
    const known = oneRatio && ratio !== undefined && Number.isFinite(ratio) && ratio !== 0;
    return { kind: "different", first, ...(known ? { ratio } : {}) };
  }
  const all = letters.map((letter) => `${letter} < ${ranges.get(letter)}`);
  const forAll = [...all, ...(ownSample ? ["every sample"] : []), ...(shape === "" ? [] : [shape])].join(", ");
  return { kind: "equal", forAll, ...(remark === undefined ? {} : { remark }) };
}

/** A shape by the letters of its sizes, which are all different. */
function inLetters({ rows, cols, plain }: Grid, { draw }: Evaluator): string {
  if (plain) return "a number";
  const letter = (size: number) =>
    size === 1 ? "1" : (Object.keys(draw.sizes).find((name) => draw.sizes[name] === size) ?? String(size));
  return `${letter(rows)}×${letter(cols)}`;
}

function told(places: Places, { rows, cols, plain }: Grid, k: number, ownSample: boolean): string {
  const indices = [...places].filter(([letter]) => letter !== SAMPLE).map(([letter, place]) => `${letter} = ${place}`);
  if (ownSample) indices.unshift(`sample ${places.get(SAMPLE)}`);
  if (!plain && rows * cols > 1) indices.push(`entry [${Math.floor(k / cols)}, ${k % cols}]`);
  return indices.join(", ");
}

function holds({ left, is, right }: Condition, places: Places): boolean {
  const place = (of: Expression) =>
    of.kind === "symbol" ? places.get(of.base) : of.kind === "number" ? Number(of.text) : undefined;
  const [a, b] = [place(left), place(right)];
  if (a === undefined || b === undefined) return true;
  return is === "=" ? a === b : is === "≠" ? a !== b : true;
}

/** Every combination of places, the last running fastest. */
function* combinations(sizes: readonly number[]): Generator<number[]> {
  const total = sizes.reduce((a, b) => a * b, 1);
  for (let k = 0; k < total; k++) {
    let rest = k;
    const values: number[] = [];
    for (let s = sizes.length - 1; s >= 0; s--) {
      values.unshift(rest % sizes[s]);
      rest = Math.floor(rest / sizes[s]);
    }
    yield values;
  }
}

type Sides =
  | { readonly grids: readonly [Grid, Grid]; readonly remark?: string }
  | { readonly kind: "shapes"; readonly left: Grid; readonly right: Grid };

/** Two values of one shape, or what keeps them from being compared. */
function sideBySide(left: Value, right: Value): Sides {
  if (left.kind === "grid" && right.kind === "grid") {
    if (left.rows === right.rows && left.cols === right.cols) return { grids: [left, right] };
    return { kind: "shapes", left, right };
  }
  if (left.kind === "jacobian" && right.kind === "jacobian") {
    if (sizeText(left.of) === sizeText(right.of) && sizeText(left.by) === sizeText(right.by))
      return { grids: [flat(left), flat(right)] };
    throw new Missing("the two sides are derivatives of different shapes");
  }
  const [jacobian, grid] = left.kind === "jacobian" ? [left, right as Grid] : [right as Jacobian, left as Grid];
  const order = (read: Grid): readonly [Grid, Grid] => (left.kind === "jacobian" ? [read, grid] : [grid, read]);
  const own = vectorJacobian(jacobian);
  if (own !== undefined) {
    if (own.rows === grid.rows && own.cols === grid.cols)
      return { grids: order(own), remark: "a row for each number above, a column for each below" };
    const other = turnedGrid(own);
    if (other.rows === grid.rows && other.cols === grid.cols)
      return { grids: order(other), remark: "a row for each number below, a column for each above" };
  }
  const diagonalOf = diagonal(jacobian);
  if (diagonalOf !== undefined && !grid.plain && sizeText(diagonalOf) === sizeText(grid)) {
    return {
      grids: order(diagonalOf),
      remark: "Entry by entry.",
    };
  }
  throw new Missing(derivativesText(jacobian, grid));
}

/** What there is to say of derivatives of one matrix by another of which only the diagonal is not 0. */
export function diagonals(network: Network, draw: Draw, sides: readonly Expression[]): string[] {
  const found = new Map<string, string>();
  for (const of of sides.flatMap(all)) {
    if (of.kind !== "derivative" || of.of.kind !== "symbol" || of.of.at.length > 0 || of.by.at.length > 0) continue;
    const value = new Evaluator(network, draw).of(of, new Map());
    if (value.kind !== "jacobian" || diagonal(value) === undefined) continue;
    const count = value.data.filter((x) => x !== 0).length;
    const on = value.data.findIndex((x) => x !== 0);
    const size = value.by.rows * value.by.cols;
    const place = (k: number) => `[${Math.floor(k / value.by.cols)}, ${k % value.by.cols}]`;
    const [row, next] = [Math.floor(on / size), (Math.floor(on / size) + 1) % size];
    found.set(
      latexOf(of),
      `$${latexOf(of)}$ is diagonal: ${count} of the ${value.data.length} derivatives are not 0 (of entry ${place(row)} by ${place(row)} it is ${figure(value.data[on])}, by ${place(next)} it is 0). The sum has one term, so · becomes ⊙.`,
    );
  }
  return [...found.values()];
}

/** Why a derivative of a matrix by a matrix is not the matrix that it is said to be, with numbers. */
function derivativesText({ of, by, data }: Jacobian, grid: Grid): string {
  const size = by.rows * by.cols;
  const place = (k: number, cols: number) => `[${Math.floor(k / cols)}, ${k % cols}]`;
  const told = (k: number) =>
    `${place(Math.floor(k / size), of.cols)} by ${place(k % size, by.cols)} is ${figure(data[k])}`;
  const one = data.findIndex((x) => x !== 0);
  const other = data.findIndex((x, k) => k > one && x === 0);
  const numbers =
    one < 0 ? "" : ` The derivative of entry ${told(one)}${other < 0 ? "" : `, and of entry ${told(other)}`}.`;
  const count = grid.plain ? "one number" : `${grid.rows}×${grid.cols} = ${grid.data.length}`;
  return `${sizeText(of)} entries by ${sizeText(by)} entries are ${data.length} derivatives, and on the other side there is ${count}.${numbers} Indices are missing, and with them the side and the transpose`;
}

export function figure(x: number): string {
  return String(Number(x.toPrecision(4))).replace("-", "−");
}

function vectorJacobian({ of, by, data }: Jacobian): Grid | undefined {
  if ((of.rows !== 1 && of.cols !== 1) || (by.rows !== 1 && by.cols !== 1)) return undefined;
  return {
    kind: "grid",
    rows: of.rows * of.cols,
    cols: by.rows * by.cols,
    data: data.map((re) => ({ re, du: 0, terms: 0, rounding: 0 })),
  };
}

function turnedGrid({ rows, cols, data }: Grid): Grid {
  return {
    kind: "grid",
    rows: cols,
    cols: rows,
    data: data.map((_, k) => data[(k % rows) * cols + Math.floor(k / rows)]),
  };
}

function flat({ data }: Jacobian): Grid {
  return { kind: "grid", rows: 1, cols: data.length, data: data.map((re) => ({ re, du: 0, terms: 0, rounding: 0 })) };
}

function sizeText({ rows, cols }: { readonly rows: number; readonly cols: number }): string {
  return `${rows}×${cols}`;
}
