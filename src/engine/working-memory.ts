/**
 * WebAssembly reads and writes its own memory only: a memory of fixed size, and the operations in it.
 *
 * No memory ever grows, because then all arrays that look into it would lose their numbers.
 */
import { operationsModule } from "./lanes";
import type { Operations, WebAssemblyApi } from "./operations";
import type { Work } from "./parts";
import type { SecondThread, SharedMemory } from "./second-thread";
import type { Strided } from "./strided";

const PAGE = 65536;
const BYTES = Float64Array.BYTES_PER_ELEMENT;

/** About how long a multiplication and an addition take in a product. */
const NANOSECONDS = 0.1;

/** What the product in `assembly/multiply.ts` needs for its own use, in bytes, if C has so many columns. */
const roomFor = (columns: number) => BYTES * (32 + 256 * (columns + 4));

/** The memory that an array looks into. */
const memories = new WeakMap<ArrayBufferLike, WorkingMemory>();

/** Found out once. */
let sameExponentials: boolean | undefined;

/** How many memories there have been. */
let made = 0;

/** A WebAssembly memory that gives away its numbers, part after part. */
export class WorkingMemory {
  /** What can be done with the numbers in it. */
  readonly operations: Operations;
  /** Whether its exponentials have the bits of `Math.exp`, which another version of Node may compute by another method. */
  readonly sameExponentials: boolean;
  /** What a second thread needs to work in it, too. */
  readonly shared: SharedMemory;
  private readonly numbers: Float64Array;
  private readonly helper?: SecondThread;
  private taken = 0;

  /**
   * @param count how many numbers it holds
   * @param columns the most columns that a product in it will have
   * @param helper takes parts of large products, if there is one
   * @throws if this machine has no WebAssembly with SIMD, or not so much memory for it
   */
  constructor(count: number, columns: number, helper?: SecondThread) {
    const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
    const { module, lanes } = operationsModule();
    const rooms = helper === undefined ? 1 : 2;
    const pages = Math.ceil((BYTES * count + rooms * roomFor(columns)) / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const operations = new WebAssembly.Instance(module, { env: { memory }, math: Math }).exports as Operations;
    const room = BYTES * count;
    this.operations = operations;
    this.numbers = new Float64Array(memory.buffer, 0, count);
    sameExponentials ??= exponentialsAgree(operations, new Float64Array(memory.buffer, room, 512));
    this.sameExponentials = sameExponentials;
    operations.prepare(room, lanes === 4);
    this.shared = { number: ++made, module, memory, room: room + roomFor(columns), wide: lanes === 4 };
    this.helper = helper;
    memories.set(memory.buffer, this);
  }

  /** The memory that `data` looks into, if it is one. */
  static of(data: Float64Array): WorkingMemory | undefined {
    return memories.get(data.buffer);
  }

  /**
   * So many numbers that were not taken before: zeros, right behind those that were taken last.
   *
   * @param count how many, a whole number
   * @returns a view of this memory
   * @throws RangeError if there are not so many left
   */
  take(count: number): Float64Array {
    const start = this.taken;
    this.taken += count;
    if (this.taken > this.numbers.length) throw new RangeError(`WorkingMemory: ${this.taken} numbers are too many`);
    return this.numbers.subarray(start, this.taken);
  }

  /**
   * So many whole numbers of 32 bits, which take the place of half as many numbers.
   *
   * @param count how many, a whole number
   * @returns a view of this memory, of zeros
   * @throws RangeError if there is not so much room left
   */
  takeWhole(count: number): Int32Array {
    const { buffer, byteOffset } = this.take(Math.ceil(count / 2));
    return new Int32Array(buffer, byteOffset, count);
  }

  /** Does work on matrices that are in this memory: on two threads, if it is enough. */
  run(work: Work): void {
    if (!this.helper?.share(this.shared, work, this.operations))
      this.operations[work.operation](work.count, ...work.args);
  }

  /** C = A·B or, with `add`, C += A·B; all three are in this memory. */
  product(A: Strided, B: Strided, C: Float64Array, add: boolean): void {
    const [m, n, p] = [A.rows, A.cols, B.cols];
    const [a, aRow, aCol] = [A.data.byteOffset, BYTES * A.rowStep, BYTES * A.colStep];
    const [b, bRow, bCol] = [B.data.byteOffset, BYTES * B.rowStep, BYTES * B.colStep];
    const [c, cRow] = [C.byteOffset, BYTES * p];
    const rest = [a, aRow, aCol, b, bRow, bCol, c, cRow, Number(add)];
    this.run(
      m > 2 * p
        ? {
            operation: "multiply",
            count: m,
            args: [n, p, ...rest],
            steps: [0, 0, aRow, 0, 0, 0, 0, 0, cRow, 0, 0],
            cost: NANOSECONDS * n * p,
          }
        : {
            operation: "multiplyColumns",
            count: p,
            args: [m, n, ...rest],
            steps: [0, 0, 0, 0, 0, bCol, 0, 0, BYTES, 0, 0],
            cost: NANOSECONDS * n * m,
          },
    );
  }
}

/** Tries exponentials of numbers from −700 to 0, in a place that may be overwritten. */
function exponentialsAgree({ exponentials }: Operations, place: Float64Array): boolean {
  const numbers = place.map((_, k) => -700 * (k / place.length) ** 3);
  place.set(numbers);
  exponentials(place.length, place.byteOffset);
  return place.every((value, k) => value === Math.exp(numbers[k]));
}
