/** A product in the engine's memory, and its division into parts that two threads can compute side by side. */
import type { Products } from "./operations";

/** An operation on so many rows (or columns, or numbers), each of which it treats by itself. */
export interface Work {
  readonly operation: keyof Products;
  /** How many rows there are: the first argument. */
  readonly count: number;
  /** The other arguments. */
  readonly args: readonly number[];
  /** By how much each of them is larger where a part begins one row further on. */
  readonly steps: readonly number[];
  /** About how many nanoseconds a row takes. It decides whether and how the work is divided, and changes no result. */
  readonly cost: number;
}

/** The nanoseconds that a slice takes, at least: taking one takes some hundred. */
const LEAST = 5_000;

/** The most slices. */
const MOST = 64;

/** Rows, columns and numbers of a slice, except the last: a multiple of what the operations treat at a time. */
const TOGETHER = 8;

/**
 * How many rows a slice has. A part is one slice or several.
 *
 * @param work what is divided
 */
export function rowsOfSlice({ count, cost }: Work): number {
  const rows = Math.min(count, Math.max(count / MOST, LEAST / cost));
  return TOGETHER * Math.max(1, Math.ceil(rows / TOGETHER));
}

/** The words of a common state that say what is left of some work. */
export interface Left {
  /** How many slices have been taken from the front and, in the upper half of the word, from the back. */
  readonly taken: number;
  /** How many rows there are. */
  readonly count: number;
  /** How many rows a slice has. */
  readonly rows: number;
}

/**
 * Takes the next part, if any rows are left: two fifths of their slices, and at least one. So both threads end at about the same
 * time.
 *
 * The main thread takes from the front, the other from the back: so each mostly meets the rows that it computed before, which
 * its processor still has at hand.
 *
 * @param words the common state
 * @param at which of its words are which
 * @param fromBack from where
 */
export function takePart(words: Int32Array, at: Left, fromBack: boolean): { start: number; rows: number } | undefined {
  for (;;) {
    // Read first: what is read after it belongs to the same work.
    const taken = Atomics.load(words, at.taken);
    const [count, rows] = [words[at.count], words[at.rows]];
    const slices = Math.ceil(count / rows);
    const [front, back] = [taken & 0xffff, taken >>> 16];
    const left = slices - front - back;
    if (left <= 0) return undefined;
    const some = Math.ceil((2 * left) / 5);
    const then = fromBack ? taken + (some << 16) : taken + some;
    if (Atomics.compareExchange(words, at.taken, taken, then) === taken) {
      const start = (fromBack ? slices - back - some : front) * rows;
      return { start, rows: Math.min(some * rows, count - start) };
    }
  }
}

/**
 * Runs a part.
 *
 * @param operations what runs it
 * @param work the whole
 * @param start the part's first row
 * @param rows how many it has
 */
export function runPart(operations: Products, work: Work, start: number, rows: number): void {
  const { operation, args, steps } = work;
  operations[operation](rows, ...args.map((value, k) => value + start * steps[k]));
}
