/**
 * Scopes, and the matrices that are made in them. Their numbers lie in the engine's memory, where its operations find them, and
 * go back to it when the scope ends.
 *
 * They can't move while nobody has seen where they are. So the first look at `data` copies them out for good: from then on the matrix is
 * an ordinary one, and what a learner writes into `data`, or keeps of it, stays true.
 */
import { Matrix, Transpose } from "../matrix";
import { Memory } from "./memory";
import type { SecondThread } from "./second-thread";

/** A memory that has grown larger than this is not kept when no scope is open: WebAssembly gives none of it back otherwise. */
const KEPT = 64 * 2 ** 20;

/** The address of a matrix whose numbers are in an array of its own, and of one whose scope has ended. */
const OUTSIDE = -1;
const ENDED = -2;

/** The lists of a matrix's numbers that are not 0, in the memory, and those of its transposed view. */
export interface Lists {
  readonly values: number;
  readonly columns: number;
  readonly ends: number;
  /** In how many segments the rows are. */
  readonly segments: number;
  /** From where a segment begins to where the next does, in bytes. */
  readonly segment: number;
  /** How many numbers they have. */
  readonly count: number;
}

/** What one scope has made, and in which memory. */
interface Scope {
  readonly outer?: Scope;
  readonly memory: Memory;
  readonly matrices: ScopedMatrix[];
}

/** What few matrices have. */
interface More {
  numbers?: Float64Array;
  lists?: Lists;
  listsOfTransposed?: Lists;
  /** Whether it was looked at for zeros. */
  isCounted?: boolean;
  /** What else it has taken of the memory. */
  readonly blocks: (readonly [address: number, count: number])[];
}

/** `structuredClone` says this when it meets one. Without it, it would take `rows` and `cols` alone, in silence. */
const notCloned = () => "A matrix in a scope, whose data nobody has looked at yet,";

/** A matrix whose numbers are in the memory. To everyone else it is a `Matrix`. */
class ScopedMatrix {
  readonly rows: number;
  readonly cols: number;
  /** Until the first look at `data`. */
  inside? = notCloned;
  #address: number;
  #scope: Scope;
  /** Its place among the scope's matrices. */
  #index: number;
  #isFinite = false;
  #more?: More;

  constructor(rows: number, cols: number, address: number, scope: Scope) {
    this.rows = rows;
    this.cols = cols;
    this.#address = address;
    this.#scope = scope;
    this.#index = scope.matrices.length;
    scope.matrices.push(this);
  }

  /** The first look at the numbers. */
  get data(): Float64Array {
    // What Vitest makes of it for its messages is no matrix of a scope any more.
    if (!(#address in this)) return undefined as unknown as Float64Array;
    const data = ScopedMatrix.numbersOf(this).slice();
    // Somebody may be reading there just now: the block goes back with the scope.
    this.#have().blocks.push([this.#address, this.rows * this.cols]);
    this.#address = OUTSIDE;
    delete this.inside;
    Object.defineProperty(this, "data", { value: data, enumerable: true, configurable: true, writable: true });
    return data;
  }

  /** As JSON writes an ordinary matrix. */
  toJSON(): object {
    const { rows, cols, data } = this;
    return { rows, cols, data };
  }

  /** Whether it was made in a scope, and its numbers are still inside. */
  static isInside(A: object): A is ScopedMatrix {
    return #address in A && A.#address >= 0;
  }

  /** Where the numbers of a matrix begin in the memory, and −1 if they are in an ordinary array. */
  static addressOf(A: object): number {
    if (!(#address in A)) return OUTSIDE;
    if (A.#address === ENDED) throw endedError(A);
    return A.#address;
  }

  static numbersOf(A: ScopedMatrix): Float64Array {
    if (A.#address === ENDED) throw endedError(A);
    const more = A.#have();
    more.numbers ??= A.#scope.memory.numbers(A.#address, A.rows * A.cols);
    return more.numbers;
  }

  /** Whether all numbers are finite: found out once, since nobody changes them inside. */
  static isFinite(A: ScopedMatrix): boolean {
    if (!A.#isFinite) A.#isFinite = A.#scope.memory.operations.isFinite(A.rows * A.cols, A.#address) === 1;
    return A.#isFinite;
  }

  /** The lists of what is not 0, made once; undefined if there are too few zeros, or there is no memory for them. */
  static listsOf(A: ScopedMatrix, transposed: boolean): Lists | undefined {
    const more = A.#have();
    if (!more.isCounted) {
      more.isCounted = true;
      more.lists = A.#makeLists();
    }
    if (!transposed || more.lists === undefined) return more.lists;
    more.listsOfTransposed ??= A.#makeTransposedLists(more.lists);
    return more.listsOfTransposed;
  }

  #have(): More {
    this.#more ??= { blocks: [] };
    return this.#more;
  }

  #makeLists(): Lists | undefined {
    const { operations } = this.#scope.memory;
    const count = this.rows * this.cols;
    const some = Math.min(count, SAMPLE);
    if (operations.zeros(some, this.#address) < SPARSE * some) return undefined;
    const found = count - operations.zeros(count, this.#address);
    if (found > (1 - SPARSE) * count) return undefined;
    // One more: the last zero of all is written, too, before it is found to be one.
    const blocks = this.#take([found + 1, (found + 1) / 2, (this.rows + 1) / 2]);
    if (blocks === undefined) return undefined;
    const [values, columns, ends] = blocks;
    operations.listNonzeros(this.rows, this.cols, this.#address, values, columns, ends);
    return { values, columns, ends, segments: 1, segment: 4, count: found };
  }

  #makeTransposedLists(lists: Lists): Lists | undefined {
    const { rows, cols } = this;
    const segments = Math.ceil(rows / SEGMENT);
    const blocks = this.#take([lists.count, lists.count / 2, (cols * (1 + segments)) / 2]);
    if (blocks === undefined) return undefined;
    const [values, columns, ends] = blocks;
    const { transposeSparse } = this.#scope.memory.operations;
    transposeSparse(rows, cols, lists.values, lists.columns, lists.ends, lists.segment, values, columns, ends);
    return { values, columns, ends, segments, segment: 4 * cols, count: lists.count };
  }

  /** Takes blocks that are given back with the matrix. */
  #take(counts: readonly number[]): number[] | undefined {
    const addresses: number[] = [];
    for (const count of counts.map((count) => Math.max(1, Math.ceil(count)))) {
      const address = this.#scope.memory.take(count);
      if (address < 0) return undefined;
      this.#have().blocks.push([address, count]);
      addresses.push(address);
    }
    return addresses;
  }

  /** Gives back what it has of the memory. Its place in its scope's list is left to whoever calls. */
  static free(A: ScopedMatrix): void {
    const { memory } = A.#scope;
    if (A.#address >= 0) {
      memory.giveBack(A.#address, A.rows * A.cols);
      A.#address = ENDED;
    }
    if (A.#more) for (const [address, count] of A.#more.blocks) memory.giveBack(address, count);
  }

  /** Takes it out of its scope, and gives back what it has of the memory. */
  static remove(A: ScopedMatrix): void {
    const { matrices } = A.#scope;
    const last = matrices.pop() as ScopedMatrix;
    if (last !== A) {
      matrices[A.#index] = last;
      last.#index = A.#index;
    }
    ScopedMatrix.free(A);
  }

  /** Moves it into a scope. The old scope's list is left to whoever calls. */
  static adopt(A: ScopedMatrix, scope: Scope): void {
    A.#scope = scope;
    A.#index = scope.matrices.length;
    scope.matrices.push(A);
  }

  static isOf(A: ScopedMatrix, scope: Scope): boolean {
    return A.#scope === scope;
  }
}

// To everyone it is a Matrix, by its methods, by `instanceof` and where Vitest compares.
Object.setPrototypeOf(ScopedMatrix.prototype, Matrix.prototype);
Object.defineProperty(ScopedMatrix.prototype, "constructor", { value: Matrix });

/** From this share of zeros on, it takes less time to skip what is multiplied with them: half of the pixels of digits are 0. */
const SPARSE = 0.45;

/** So many numbers tell whether it is worth while to count all zeros. */
const SAMPLE = 2048;

/** So many rows of A make a segment of its columns' lists; as in `assembly/lists.ts`. */
const SEGMENT = 128;

function endedError({ rows, cols }: { rows: number; cols: number }): Error {
  return new Error(
    `Matrix: this ${rows}×${cols} matrix was made in a scope that has ended, and its memory is given back. Have the scope's work return it, or look at its data in the scope`,
  );
}

export const { isInside, addressOf, numbersOf, listsOf } = ScopedMatrix;
export const isFiniteInside = ScopedMatrix.isFinite;

/** The scopes of one engine, and their memory. */
export class Scopes {
  readonly #helper?: SecondThread;
  #innermost?: Scope;
  #kept: Memory;

  /**
   * @param helper takes parts of large products, if there is one
   * @throws if this machine has no WebAssembly with SIMD, or no memory for it
   */
  constructor(helper?: SecondThread) {
    this.#helper = helper;
    this.#kept = new Memory(helper);
  }

  /** The memory of the matrices that are made now. */
  get memory(): Memory {
    return this.#kept;
  }

  /** A matrix in the innermost scope; an ordinary one if there is none, or no memory. */
  matrix(rows: number, cols: number): Matrix {
    if (this.#innermost === undefined) return new Matrix(rows, cols);
    const address = this.#kept.take(rows * cols);
    if (address < 0) return new Matrix(rows, cols);
    return new ScopedMatrix(rows, cols, address, this.#innermost) as unknown as Matrix;
  }

  /** Calls `work` in a scope; see `scope` in `matrix.ts`. */
  run<State, Result>(work: (state: State) => Result, state: State): Result {
    const outer = this.#innermost;
    // Where a signal stops all that runs, `finally` does not run either.
    if (outer === undefined) Promise.resolve().then(() => this.#endAll());
    const scope: Scope = { outer, memory: this.#kept, matrices: [] };
    this.#innermost = scope;
    try {
      const result = work(state);
      this.#end(scope, result, state);
      return result;
    } catch (error) {
      // What was handed to work is still there for whoever catches this.
      if (this.#innermost === scope) this.#end(scope, undefined, undefined);
      throw error;
    }
  }

  /** Ends the innermost scope: what is in the result moves out, everything else that it made, or was given, goes back. */
  #end(scope: Scope, result: unknown, state: unknown): void {
    const { outer } = scope;
    const returned: ScopedMatrix[] = [];
    collect(result, returned, []);
    for (const A of returned) {
      if (outer === undefined) void A.data;
      else if (ScopedMatrix.isOf(A, scope)) ScopedMatrix.adopt(A, outer);
    }
    for (const A of scope.matrices) if (ScopedMatrix.isOf(A, scope)) ScopedMatrix.free(A);
    const given: ScopedMatrix[] = [];
    collect(state, given, []);
    for (const A of given) if (!returned.includes(A)) ScopedMatrix.remove(A);
    this.#innermost = outer;
    if (outer === undefined && this.#kept.size > KEPT) this.#kept = new Memory(this.#helper);
  }

  /** Ends all scopes that an interrupt has left open, and leaves their memory, in which something may be half done. */
  #endAll(): void {
    if (this.#innermost === undefined) return;
    while (this.#innermost !== undefined) this.#end(this.#innermost, undefined, undefined);
    this.#kept = new Memory(this.#helper);
  }
}

/** Finds the matrices inside, each once, also in arrays and plain objects. */
function collect(value: unknown, found: ScopedMatrix[], seen: object[]): void {
  if (typeof value !== "object" || value === null) return;
  if (isInside(value)) {
    if (!found.includes(value)) found.push(value);
  } else if (Transpose.isTranspose(value)) {
    collect(value.of, found, seen);
  } else if (!Matrix.isMatrix(value) && (Array.isArray(value) || isPlain(value)) && !seen.includes(value)) {
    seen.push(value);
    for (const key in value) collect((value as Record<string, unknown>)[key], found, seen);
  }
}

/** Whether it is what `{ … }` makes, also in another realm. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
