/** Values counted in bins, and the checks of what is counted. */
import { kindOf, Matrix, numberOrKind } from "../../matrix";
import { checkFinite, checkWhole } from "../../shapes";
import { extent } from "./axis";

/** The values of one or more matrices after an epoch. */
export interface Frame {
  readonly epoch: number;
  /** A matrix's entries, by the matrix's name; the same names in every frame. */
  readonly values: Readonly<Record<string, Matrix | ArrayLike<number>>>;
}

/** Counts per bin, after one epoch, of one matrix. */
export interface Histogram {
  readonly epoch: number;
  readonly name: string;
  /** Where the first bin starts. */
  readonly start: number;
  /** How wide each bin is. */
  readonly width: number;
  readonly counts: readonly number[];
  /** How many values were exactly 0 and were not counted. */
  readonly zeros: number;
}

/** Bins of equal width. */
export interface Bins {
  readonly start: number;
  readonly width: number;
  readonly count: number;
}

/**
 * Counts the values of each frame in `bins` bins of equal width. The bins of one matrix are the same in all frames, from its
 * least to its greatest value; a value on a border counts in the bin above, the greatest of all in the last one.
 *
 * @param fn the function's name, for messages
 * @param frames one per epoch, in order; at least one
 * @param bins how many bins each matrix gets
 * @param leaveOutZeros whether exact zeros are counted apart
 * @returns for each matrix a histogram per frame
 * @throws if there is no frame, a frame has not the names of the first one, a matrix is neither a Matrix nor numbers or has none, an
 *   entry is NaN or infinite, or `bins` is not a whole number of at least 1: `histograms: frames[1] has no B; expected the names of
 *   frames[0]: A, B`
 */
export function binFrames(fn: string, frames: readonly Frame[], bins: number, leaveOutZeros = false): Histogram[] {
  checkFrames(fn, frames);
  checkWhole(fn, "bins", bins, 1);
  return namesIn(frames).flatMap((name) => {
    const all = frames.map(({ values }) => entriesOf(values[name]));
    const kept = leaveOutZeros ? all.map((values) => values.filter((value) => value !== 0)) : all;
    const between = binsBetween(extent(kept.flatMap((values) => (values.length > 0 ? extent(values) : []))), bins);
    return frames.map(({ epoch }, k) => ({
      epoch,
      name,
      start: between.start,
      width: between.width,
      counts: countsIn(between, kept[k]),
      zeros: all[k].length - kept[k].length,
    }));
  });
}

/** So many bins from the least to the greatest value; of width 1 in all where those are as good as equal. */
export function binsBetween([low, high]: readonly [number, number], count: number): Bins {
  // no axis has room for less
  if (high - low < 1e-290) {
    const width = Math.max(1, Math.abs(low) * 1e-3);
    return { start: low - width / 2, width: width / count, count };
  }
  return { start: low, width: high / count - low / count, count };
}

/** How many values fall into each bin. */
export function countsIn({ start, width, count }: Bins, values: ArrayLike<number>): number[] {
  const counts = new Array<number>(count).fill(0);
  for (let i = 0; i < values.length; i++) {
    // a difference of huge numbers may overflow
    const difference = values[i] - start;
    const place = Number.isFinite(difference) ? difference / width : values[i] / width - start / width;
    counts[Math.min(Math.max(Math.floor(place), 0), count - 1)]++;
  }
  return counts;
}

/** Mean and standard deviation. */
export function spreadOf(values: ArrayLike<number>): { mean: number; deviation: number } {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += (values[i] - mean) / (i + 1);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2 / values.length;
  return { mean, deviation: Math.sqrt(squares) };
}

/** The names of the matrices in all frames. */
export function namesIn(frames: readonly Frame[]): string[] {
  return Object.keys(frames[0].values);
}

/** The entries of a matrix, or the numbers of a list. */
export function entriesOf(values: Matrix | ArrayLike<number>): Float64Array {
  return Float64Array.from(Matrix.isMatrix(values) ? values.data : values);
}

/** Checks that there are frames, all with the same names, and only finite numbers in them. */
function checkFrames(fn: string, frames: readonly Frame[]): void {
  if (!Array.isArray(frames)) throw new TypeError(`${fn}: frames is ${kindOf(frames)}; expected an array of frames`);
  if (frames.length === 0) throw new RangeError(`${fn}: frames is empty; expected at least one`);
  for (const [k, frame] of frames.entries()) {
    const values: unknown = frame?.values;
    if (typeof values !== "object" || values === null) {
      const got = frame == null ? `frames[${k}] is ${kindOf(frame)}` : `frames[${k}].values is ${kindOf(values)}`;
      throw new TypeError(`${fn}: ${got}; expected { epoch, values }, the values by name`);
    }
    checkSameNames(fn, namesIn(frames), k, Object.keys(values));
    for (const [name, entries] of Object.entries(values)) checkEntries(fn, `frames[${k}].values.${name}`, entries);
  }
}

function checkSameNames(fn: string, names: readonly string[], k: number, own: readonly string[]): void {
  if (names.length === 0) throw new RangeError(`${fn}: frames[0].values is empty; expected at least one name`);
  const expected = `expected the names of frames[0]: ${names.join(", ")}`;
  const missing = names.find((name) => !own.includes(name));
  if (missing !== undefined) throw new RangeError(`${fn}: frames[${k}] has no ${missing}; ${expected}`);
  const more = own.find((name) => !names.includes(name));
  if (more !== undefined) throw new RangeError(`${fn}: frames[${k}] has ${more}, too; ${expected}`);
}

/** Checks that these are the entries of a matrix or a list of numbers, some and all of them finite. */
export function checkEntries(fn: string, what: string, entries: Matrix | ArrayLike<number>): void {
  if (Matrix.isMatrix(entries)) {
    checkFinite(fn, what, entries);
    return;
  }
  if (typeof entries !== "object" || entries === null || !Number.isSafeInteger(entries.length)) {
    throw new TypeError(`${fn}: ${what} is ${kindOf(entries)}; expected a Matrix or an array of numbers`);
  }
  if (entries.length === 0) throw new RangeError(`${fn}: ${what} is empty; expected at least one number`);
  for (let i = 0; i < entries.length; i++) {
    if (Number.isFinite(entries[i])) continue;
    throw new RangeError(`${fn}: ${what} has ${numberOrKind(entries[i])} at entry ${i}; expected finite numbers`);
  }
}
