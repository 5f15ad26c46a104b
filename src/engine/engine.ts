/** The engine beneath `Matrix`: what is fastest here. `src/index.ts` plugs it in. */
import { type Engine, type Matrix, plainLoops, strided, Transpose } from "../matrix";
import { productsModule } from "./four-lanes";
import type { Memory, Placed } from "./memory";
import { productByBlocks } from "./product-by-blocks";
import { addressOf, isFiniteInside, isInside, listsOf, numbersOf, Scopes } from "./scopes";
import { SecondThread } from "./second-thread";
import { threadsHere } from "./threads";

/** Below so many multiplications, plain loops take less time than copying does (measured: below a number from 60 to 220). */
const WORTH_COPYING = 200;

/** From so many multiplications on, and so many columns of the result, zeros are skipped. */
const WORTH_SKIPPING = { multiplications: 50_000, columns: 16 };

/** About how many nanoseconds a multiplication and an addition take where zeros are skipped. */
const NANOSECONDS = 0.12;

/** The engine, and what it is in a sentence. */
export const { engine, description } = chosen();

function chosen(): { engine: Engine; description: string } {
  const threads = threadsHere();
  try {
    const lanes = productsModule().lanes === 4 ? "four" : "two";
    const scopes = new Scopes(threads === 2 ? new SecondThread() : undefined);
    return {
      engine: fastEngine(scopes),
      description: `Matrices are computed with by WebAssembly SIMD, ${lanes} float64 lanes in products, on ${threads === 2 ? "two threads" : "one thread"}.`,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      engine: plainLoops,
      description: `Matrices are computed with in plain loops: no WebAssembly SIMD here (${reason}).`,
    };
  }
}

/** An engine that computes in WebAssembly what is in a scope's memory, and products and exponentials anywhere. */
function fastEngine(scopes: Scopes): Engine {
  /** What is compiled of two matrices of one shape, and the plain loops where not all of them are in the memory. */
  const ofTwo =
    (operation: "plus" | "minus" | "hadamard") =>
    (A: Matrix, B: Matrix, into: Matrix): void => {
      const a = addressOf(A);
      const b = addressOf(B);
      const to = addressOf(into);
      if (a < 0 || b < 0 || to < 0) plainLoops[operation](A, B, into);
      else scopes.memory.operations[operation](into.rows * into.cols, a, b, to);
    };
  const withNumber =
    (operation: "scale" | "maximum" | "greater") =>
    (A: Matrix, number: number, into: Matrix): void => {
      const a = addressOf(A);
      const to = addressOf(into);
      if (a < 0 || to < 0) plainLoops[operation](A, number, into);
      else scopes.memory.operations[operation](into.rows * into.cols, a, number, to);
    };
  const withVector =
    (operation: "plusRow" | "minusColumn" | "overColumn") =>
    (A: Matrix, vector: Matrix, into: Matrix): void => {
      const a = addressOf(A);
      const v = addressOf(vector);
      const to = addressOf(into);
      if (a < 0 || v < 0 || to < 0) plainLoops[operation](A, vector, into);
      else scopes.memory.operations[operation](A.rows, A.cols, a, v, to);
    };
  const reduction =
    (operation: "columnSums" | "rowSums" | "rowMaxima") =>
    (A: Matrix, into: Matrix): void => {
      const a = addressOf(A);
      const to = addressOf(into);
      if (a < 0 || to < 0) plainLoops[operation](A, into);
      else scopes.memory.operations[operation](A.rows, A.cols, a, to);
    };
  return {
    matrix: (rows, cols) => scopes.matrix(rows, cols),
    numbers: (A) => (isInside(A) ? numbersOf(A) : A.data),
    scope: (work, state) => scopes.run(work, state),
    times: (A, B, into) => times(scopes.memory, A, B, into),
    hadamard: ofTwo("hadamard"),
    plus: ofTwo("plus"),
    minus: ofTwo("minus"),
    plusRow: withVector("plusRow"),
    minusColumn: withVector("minusColumn"),
    overColumn: withVector("overColumn"),
    scale: withNumber("scale"),
    maximum: withNumber("maximum"),
    greater: withNumber("greater"),
    exp: (A, into) => exp(scopes.memory, A, into),
    columnSums: reduction("columnSums"),
    rowSums: reduction("rowSums"),
    rowMaxima: reduction("rowMaxima"),
    takeRows,
    sumOfSquares(A) {
      const a = addressOf(A);
      return a < 0 ? plainLoops.sumOfSquares(A) : scopes.memory.operations.sumOfSquares(A.rows * A.cols, a);
    },
    isFinite: (A) => (isInside(A) ? isFiniteInside(A) : isFiniteOutside(scopes.memory, A)),
  };
}

/** The given rows: those that follow each other are copied at once. */
function takeRows(A: Matrix, rows: ArrayLike<number>, into: Matrix): void {
  const { cols } = A;
  const [a, c] = [strided(A).numbers, strided(into).numbers];
  for (let i = 0, end = 0; i < rows.length; i = end) {
    end = i + 1;
    while (end < rows.length && rows[end] === rows[end - 1] + 1) end++;
    if (end > i + 1 || cols > 200) {
      c.set(a.subarray(rows[i] * cols, (rows[end - 1] + 1) * cols), i * cols);
    } else {
      // A short row is copied before a subarray of it is made.
      for (let k = rows[i] * cols, to = i * cols; to < end * cols; k++, to++) c[to] = a[k];
    }
  }
}

/** A·B: in the memory if the result is there, and by blocks if it is not. */
function times(memory: Memory, A: Matrix | Transpose, B: Matrix | Transpose, into: Matrix): void {
  const { rows: m, cols: n } = A;
  const p = B.cols;
  const c = addressOf(into);
  if (c < 0) {
    if (m * n * p >= WORTH_COPYING && productByBlocks(memory, strided(A), strided(B), into.data)) return;
    plainLoops.times(A, B, into);
    return;
  }
  if (m * n * p >= WORTH_SKIPPING.multiplications && p >= WORTH_SKIPPING.columns && skipped(memory, A, B, c)) return;
  const left = placed(memory, A);
  const right = placed(memory, B);
  if (left.at < 0 || right.at < 0) plainLoops.times(A, B, into);
  else memory.product(left, right, c);
  giveBackCopy(memory, left);
  giveBackCopy(memory, right);
}

/** Where a factor is in the memory, and of how many numbers it is a copy there; −1 if there was no room for one. */
interface Factor extends Placed {
  readonly copied: number;
}

function placed(memory: Memory, A: Matrix | Transpose): Factor {
  const isView = Transpose.isTranspose(A);
  const of = isView ? A.of : A;
  const rowStep = isView ? 8 : 8 * of.cols;
  const colStep = isView ? 8 * of.cols : 8;
  const place = addressOf(of);
  if (place >= 0) return { rows: A.rows, cols: A.cols, at: place, rowStep, colStep, copied: 0 };
  const copied = of.rows * of.cols;
  const at = memory.take(copied);
  if (at >= 0) memory.numbers(at, copied).set(of.data);
  return { rows: A.rows, cols: A.cols, at, rowStep, colStep, copied };
}

function giveBackCopy(memory: Memory, { at, copied }: Factor): void {
  if (copied > 0 && at >= 0) memory.giveBack(at, copied);
}

/**
 * Writes A·B, and skips what would be multiplied with the zeros of A. That would add 0 or −0 to a sum, which changes no bit of it as
 * long as B is finite: sums begin at +0 and are never −0.
 *
 * @returns false if A has few zeros, or the matrices are not such that this can be done
 */
function skipped(memory: Memory, A: Matrix | Transpose, B: Matrix | Transpose, c: number): boolean {
  const isView = Transpose.isTranspose(A);
  const of = isView ? A.of : A;
  if (Transpose.isTranspose(B) || !isInside(of) || !isInside(B) || !isFiniteInside(B)) return false;
  const lists = listsOf(of, isView);
  if (lists === undefined) return false;
  const { values, columns, ends, segments, segment, count } = lists;
  memory.run({
    operation: "multiplySparse",
    count: A.rows,
    args: [B.cols, values, columns, ends, segments, segment, addressOf(B), c],
    steps: [0, 0, 0, 4, 0, 0, 0, 8 * B.cols],
    cost: (NANOSECONDS * B.cols * count) / A.rows,
  });
  return true;
}

/** So many entries of an ordinary matrix are looked at, or computed with, in the memory at a time. */
const TOGETHER = 8192;

/** Below so many, plain loops take less time than copying does. */
const FEW = 32;

/** The exponential of each entry: in the memory, part by part if the matrices are not there. */
function exp(memory: Memory, A: Matrix, into: Matrix): void {
  const a = addressOf(A);
  const to = addressOf(into);
  const { exp } = memory.operations;
  if (!memory.sameExponentials) plainLoops.exp(A, into);
  else if (a >= 0 && to >= 0) exp(A.rows * A.cols, a, to);
  else {
    const target = strided(into).numbers;
    const done = byParts(memory, A, ({ address, numbers }, k, some) => {
      exp(some, address, address);
      target.set(some < TOGETHER ? numbers.subarray(0, some) : numbers, k);
      return true;
    });
    if (done === undefined) plainLoops.exp(A, into);
  }
}

/** Whether all entries of an ordinary matrix are finite. */
function isFiniteOutside(memory: Memory, A: Matrix): boolean {
  const { operations } = memory;
  const found = byParts(memory, A, ({ address }, _, some) => operations.isFinite(some, address) === 1);
  return found ?? plainLoops.isFinite(A);
}

/** A place in a memory. */
interface Place {
  readonly memory: Memory;
  readonly address: number;
  readonly numbers: Float64Array;
}

/** Where a part is copied to, in the memory that was used last. */
let place: Place | undefined;

/**
 * Copies the entries of a matrix into the memory, part by part, and calls `work` on each for as long as it returns true.
 *
 * @returns whether all calls did; undefined, with nothing done, if there are few entries or there is no room
 */
function byParts(
  memory: Memory,
  A: Matrix,
  work: (place: Place, from: number, count: number) => boolean,
): boolean | undefined {
  const count = A.rows * A.cols;
  if (count < FEW) return undefined;
  if (place?.memory !== memory) {
    const address = memory.take(TOGETHER);
    if (address < 0) return undefined;
    place = { memory, address, numbers: memory.numbers(address, TOGETHER) };
  }
  const from = strided(A).numbers;
  for (let k = 0; k < count; k += TOGETHER) {
    const some = Math.min(TOGETHER, count - k);
    place.numbers.set(some < count ? from.subarray(k, k + some) : from);
    if (!work(place, k, some)) return false;
  }
  return true;
}
