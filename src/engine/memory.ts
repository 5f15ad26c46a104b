/** WebAssembly reads and writes its own memory only: here is one, in blocks that are taken and given back, and the operations in it. */
import { othersInBase64 } from "./compiled";
import { productsModule } from "./four-lanes";
import type { OthersModule, ProductsModule, SharedWebAssemblyMemory, WebAssemblyApi } from "./operations";
import type { Work } from "./parts-of-work";
import type { SecondThread, SharedMemory } from "./second-thread";

const PAGE = 65536;
const BYTES = Float64Array.BYTES_PER_ELEMENT;

/** The most pages: 1 GiB. */
const MOST = 16384;

/** The most numbers. */
const MOST_NUMBERS = (MOST * PAGE) / BYTES;

/** How many classes of blocks there are. */
const CLASSES = classOf(MOST_NUMBERS) + 1;

/** The most columns of a C in one call of a product; more are computed so many at a time. */
export const COLUMNS = 512;

/** What a thread's products need for their own use, in bytes; see `prepare` in `assembly/room.ts`. */
const ROOM = BYTES * (32 + 256 * (COLUMNS + 4));

/** About how long a multiplication and an addition take in a product. */
const NANOSECONDS = 0.1;

/** A matrix in the memory, or its transposed view: where its numbers begin, and how many bytes apart two neighbours are. */
export interface Placed {
  readonly rows: number;
  readonly cols: number;
  readonly at: number;
  /** From one row to the next. */
  readonly rowStep: number;
  /** From one column to the next. */
  readonly colStep: number;
}

/** Compiled once. */
let othersModule: object | undefined;

/** Found out once: whether our exponentials have the bits of `Math.exp`, which another V8 may compute by another method. */
let sameExponentials: boolean | undefined;

/** How many memories there have been. */
let made = 0;

/** A memory for matrices. */
export class Memory {
  /** Products, on this thread alone. */
  readonly #products: ProductsModule;
  /** What is not a product. */
  readonly operations: OthersModule;
  /** Whether `operations.exp` has the bits of `Math.exp`. */
  readonly sameExponentials: boolean;
  /** What a second thread needs to compute products in it, too. */
  readonly shared: SharedMemory;
  readonly #memory: SharedWebAssemblyMemory;
  readonly #helper?: SecondThread;
  /** Blocks that were given back, by the class of their size. */
  readonly #free: number[][] = Array.from({ length: CLASSES }, () => []);
  /** Where the memory that was never taken begins. */
  #top = 2 * ROOM;

  /**
   * @param helper takes parts of large products, if there is one
   * @param wide whether products have wide tiles; where vectors have four lanes, when left out
   * @throws if this machine has no WebAssembly with SIMD, or no memory for it
   */
  constructor(helper?: SecondThread, wide = productsModule().lanes === 4) {
    const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
    const { module } = productsModule();
    othersModule ??= new WebAssembly.Module(Buffer.from(othersInBase64, "base64"));
    const memory = new WebAssembly.Memory({ initial: (4 * ROOM) / PAGE, maximum: MOST, shared: true });
    const imports = { env: { memory }, math: Math };
    this.#memory = memory;
    this.#products = new WebAssembly.Instance(module, imports).exports as ProductsModule;
    this.operations = new WebAssembly.Instance(othersModule, imports).exports as OthersModule;
    this.#products.prepare(0, wide);
    sameExponentials ??= exponentialsAgree(this.operations, this.numbers(this.#top, 1024), this.#top);
    this.sameExponentials = sameExponentials;
    this.shared = { number: ++made, module, memory, room: ROOM, wide };
    this.#helper = helper;
  }

  /** How many bytes it has grown to. */
  get size(): number {
    return this.#memory.buffer.byteLength;
  }

  /**
   * Room for so many numbers; what is in it is open.
   *
   * @param count a whole number
   * @returns its address, or −1 if there is no more memory
   */
  take(count: number): number {
    if (count > MOST_NUMBERS) return -1;
    const sizeClass = classOf(count);
    const blocks = this.#free[sizeClass];
    if (blocks.length > 0) return blocks.pop() as number;
    const address = this.#top;
    const end = address + BYTES * sizeOf(sizeClass);
    const missing = end - this.size;
    if (missing > 0) {
      // By half at least, so that it does not grow often.
      const pages = Math.min(MOST - this.size / PAGE, Math.ceil(Math.max(missing, this.size / 2) / PAGE));
      if (PAGE * pages < missing) return -1;
      try {
        this.#memory.grow(pages);
      } catch {
        return -1;
      }
    }
    this.#top = end;
    return address;
  }

  /** Gives back what was taken for so many numbers. */
  giveBack(address: number, count: number): void {
    this.#free[classOf(count)].push(address);
  }

  /** The numbers that begin at an address. */
  numbers(address: number, count: number): Float64Array {
    return new Float64Array(this.#memory.buffer, address, count);
  }

  /** C = A·B or, with `add`, C += A·B; C lies row after row, without a gap. */
  product(A: Placed, B: Placed, c: number, add = false): void {
    const cols = B.cols;
    for (let j = 0; j < cols; j += COLUMNS) {
      this.#productOfColumns(A, B, B.at + j * B.colStep, Math.min(COLUMNS, cols - j), c + BYTES * j, Number(add));
    }
  }

  /** The same for `p` columns of B, which begin at `b`, and of C, which begin at `c`: on two threads, if it is enough. */
  #productOfColumns(A: Placed, B: Placed, b: number, p: number, c: number, add: number): void {
    const { rows: m, cols: n, at: a, rowStep: aRow, colStep: aCol } = A;
    const { rowStep: bRow, colStep: bCol } = B;
    const cRow = BYTES * B.cols;
    const byRows = m > 2 * p;
    const cost = NANOSECONDS * n * (byRows ? p : m);
    if (this.#helper?.isWorth(byRows ? m : p, cost)) {
      const rest = [a, aRow, aCol, b, bRow, bCol, c, cRow, add];
      const work: Work = byRows
        ? {
            operation: "multiply",
            count: m,
            args: [n, p, ...rest],
            steps: [0, 0, aRow, 0, 0, 0, 0, 0, cRow, 0, 0],
            cost,
          }
        : {
            operation: "multiplyColumns",
            count: p,
            args: [m, n, ...rest],
            steps: [0, 0, 0, 0, 0, bCol, 0, 0, BYTES, 0, 0],
            cost,
          };
      if (this.#helper.share(this.shared, work, this.#products)) return;
    }
    this.#products.multiply(m, n, p, a, aRow, aCol, b, bRow, bCol, c, cRow, add);
  }

  /** Does work in this memory: on two threads, if it is enough. */
  run(work: Work): void {
    if (!this.#helper?.share(this.shared, work, this.#products)) {
      this.#products[work.operation](work.count, ...work.args);
    }
  }
}

/**
 * The class of blocks for so many numbers: their sizes are the multiples of eight and, from 128 on, eight to each power of two, so
 * that a block has at most an eighth more than is needed.
 */
function classOf(count: number): number {
  if (count <= 128) return (count + 7) >> 3;
  const shift = 28 - Math.clz32(count - 1);
  return 8 * (shift - 3) + ((count - 1) >> shift) + 1;
}

/** Of how many numbers the blocks of a class are. */
function sizeOf(sizeClass: number): number {
  if (sizeClass <= 16) return 8 * sizeClass;
  const octave = (sizeClass - 9) >> 3;
  return (sizeClass - 8 * octave) * 2 ** (octave + 3);
}

/** Tries exponentials of numbers from −700 to 0, in a place that may be overwritten. */
function exponentialsAgree({ exp }: OthersModule, place: Float64Array, address: number): boolean {
  const numbers = place.map((_, k) => -700 * (k / place.length) ** 3);
  place.set(numbers);
  exp(place.length, address, address);
  return place.every((value, k) => value === Math.exp(numbers[k]));
}
