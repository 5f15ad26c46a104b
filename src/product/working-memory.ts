/**
 * WebAssembly reads and writes its own memory only: a memory of fixed size, and the operations in it.
 *
 * No memory ever grows, because then all arrays that look into it would lose their numbers.
 */
import { wasmInBase64 } from "./compiled";
import type { Operations, WebAssemblyApi } from "./operations";
import type { Multiplication } from "./parts";
import type { SecondThread, SharedMemory } from "./second-thread";
import type { Strided } from "./strided";

const PAGE = 65536;
const BYTES = Float64Array.BYTES_PER_ELEMENT;

/** What the product in `assembly/multiply.ts` needs for its own use, in bytes, if C has so many columns. */
const roomFor = (columns: number) => BYTES * 256 * (columns + 4);

/** The memory that an array looks into. */
const memories = new WeakMap<ArrayBufferLike, WorkingMemory>();

/** Compiled once. */
let compiled: object | undefined;

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
  /** Computes a product, or a part of one, on this thread. */
  private readonly compute: (product: Multiplication) => void;
  private taken = 0;
  /** Where the matrix begins whose zeros are skipped. */
  private sparse = -1;

  /**
   * @param count how many numbers it holds
   * @param columns the most columns that a product in it will have
   * @param helper takes parts of large products, if there is one
   * @throws if this machine has no WebAssembly with SIMD, or not so much memory for it
   */
  constructor(count: number, columns: number, helper?: SecondThread) {
    const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
    compiled ??= new WebAssembly.Module(Buffer.from(wasmInBase64, "base64"));
    const rooms = helper === undefined ? 1 : 2;
    const pages = Math.ceil((BYTES * count + rooms * roomFor(columns)) / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const operations = new WebAssembly.Instance(compiled, { env: { memory }, math: Math }).exports as Operations;
    const room = BYTES * count;
    this.operations = operations;
    this.numbers = new Float64Array(memory.buffer, 0, count);
    sameExponentials ??= exponentialsAgree(operations, new Float64Array(memory.buffer, room, 512));
    this.sameExponentials = sameExponentials;
    this.shared = { number: ++made, module: compiled, memory, room: room + roomFor(columns) };
    this.helper = helper;
    this.compute = ({ m, n, p, a, aRow, aCol, b, bRow, bCol, c, cRow, add, sparse }) => {
      if (sparse) operations.multiplySparse(room, m, n, p, a, aRow, aCol, b, c);
      else operations.multiply(room, m, n, p, a, aRow, aCol, b, bRow, bCol, c, cRow, add);
    };
    memories.set(memory.buffer, this);
  }

  /** The memory that `data` looks into, if it is one. */
  static of(data: Float64Array): WorkingMemory | undefined {
    return memories.get(data.buffer);
  }

  /** So many numbers that were not taken before: zeros. */
  take(count: number): Float64Array {
    const start = this.taken;
    this.taken += count;
    if (this.taken > this.numbers.length) throw new RangeError(`WorkingMemory: ${this.taken} numbers are too many`);
    return this.numbers.subarray(start, this.taken);
  }

  /**
   * From now on, a product whose left side is the matrix in `data`, or that matrix transposed, skips what is multiplied with a
   * zero. Its bits are the same as long as the right side, which must not be transposed, is finite.
   */
  skipZerosOf(data: Float64Array): void {
    this.sparse = data.byteOffset;
  }

  /** C = A·B or, with `add`, C += A·B; all three are in this memory. A product of a matrix whose zeros are skipped is not added. */
  product(A: Strided, B: Strided, C: Float64Array, add: boolean): void {
    const whole: Multiplication = {
      m: A.rows,
      n: A.cols,
      p: B.cols,
      a: A.data.byteOffset,
      aRow: BYTES * A.rowStep,
      aCol: BYTES * A.colStep,
      b: B.data.byteOffset,
      bRow: BYTES * B.rowStep,
      bCol: BYTES * B.colStep,
      c: C.byteOffset,
      cRow: BYTES * B.cols,
      add,
      sparse: A.data.byteOffset === this.sparse,
    };
    if (!this.helper?.share(this.shared, whole, this.compute)) this.compute(whole);
  }
}

/** Tries exponentials of numbers from −700 to 0, in a place that may be overwritten. */
function exponentialsAgree({ exponentials }: Operations, place: Float64Array): boolean {
  const numbers = place.map((_, k) => -700 * (k / place.length) ** 3);
  place.set(numbers);
  exponentials(place.length, place.byteOffset);
  return place.every((value, k) => value === Math.exp(numbers[k]));
}
