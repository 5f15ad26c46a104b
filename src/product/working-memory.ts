/**
 * WebAssembly reads and writes its own memory only: a memory of fixed size, and the operations in it.
 *
 * No memory ever grows, because then all arrays that look into it would lose their numbers.
 */
import { wasmInBase64 } from "./compiled";
import type { Strided } from "./strided";

/** What is compiled; the parameters are described in `assembly`. Addresses and steps are in bytes. */
export interface Operations {
  multiply(
    m: number,
    n: number,
    p: number,
    a: number,
    aRow: number,
    aCol: number,
    b: number,
    bRow: number,
    bCol: number,
    c: number,
    room: number,
    add: boolean,
  ): void;
  multiplySparse(
    m: number,
    n: number,
    p: number,
    a: number,
    aRow: number,
    aCol: number,
    b: number,
    c: number,
    room: number,
  ): void;
  addRow(rows: number, cols: number, z: number, b: number): void;
  addRowThenRelu(rows: number, cols: number, z: number, b: number): void;
  softmax(rows: number, cols: number, z: number, y: number, total: number): number;
  exponentials(count: number, at: number): void;
  outputGradient(count: number, a2: number, y: number, dz2: number, share: number): void;
  throughRelu(count: number, da: number, a: number): void;
  columnSums(rows: number, cols: number, a: number, sums: number): void;
  descend(count: number, w: number, dw: number, learningRate: number): void;
}

/** What is used of WebAssembly here. TypeScript has its types for browsers only. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (options: { initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

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

/** A WebAssembly memory that gives away its numbers, part after part. */
export class WorkingMemory {
  /** What can be done with the numbers in it. */
  readonly operations: Operations;
  /** Whether its exponentials have the bits of `Math.exp`, which another version of Node may compute by another method. */
  readonly sameExponentials: boolean;
  private readonly numbers: Float64Array;
  private readonly room: number;
  private taken = 0;
  /** Where the matrix begins whose zeros are skipped. */
  private sparse = -1;

  /**
   * @param count how many numbers it holds
   * @param columns the most columns that a product in it will have
   * @throws if this machine has no WebAssembly with SIMD, or not so much memory for it
   */
  constructor(count: number, columns: number) {
    const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
    compiled ??= new WebAssembly.Module(Buffer.from(wasmInBase64, "base64"));
    const bytes = BYTES * count + roomFor(columns);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    this.operations = new WebAssembly.Instance(compiled, { env: { memory }, math: Math }).exports as Operations;
    this.numbers = new Float64Array(memory.buffer, 0, count);
    this.room = BYTES * count;
    sameExponentials ??= exponentialsAgree(this.operations, new Float64Array(memory.buffer, this.room, 512));
    this.sameExponentials = sameExponentials;
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

  /** C = A·B or, with `add`, C += A·B; all three are in this memory. */
  product(A: Strided, B: Strided, C: Float64Array, add: boolean): void {
    const [a, aRow, aCol] = [A.data.byteOffset, BYTES * A.rowStep, BYTES * A.colStep];
    const [b, bRow, bCol] = [B.data.byteOffset, BYTES * B.rowStep, BYTES * B.colStep];
    const { operations, room } = this;
    if (a === this.sparse) {
      operations.multiplySparse(A.rows, A.cols, B.cols, a, aRow, aCol, b, C.byteOffset, room);
    } else {
      operations.multiply(A.rows, A.cols, B.cols, a, aRow, aCol, b, bRow, bCol, C.byteOffset, room, add);
    }
  }
}

/** Tries exponentials of numbers from −700 to 0, in a place that may be overwritten. */
function exponentialsAgree({ exponentials }: Operations, place: Float64Array): boolean {
  const numbers = place.map((_, k) => -700 * (k / place.length) ** 3);
  place.set(numbers);
  exponentials(place.length, place.byteOffset);
  return place.every((value, k) => value === Math.exp(numbers[k]));
}
