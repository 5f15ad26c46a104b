/** The compiled operations, and what of WebAssembly runs them. What they do, and with which parameters, is said in `assembly`. */

/**
 * An operation on the rows of a matrix, or on its columns, each of which it treats by itself: so parts of it can be computed by two
 * threads side by side. Its first parameter is how many it shall treat.
 */
type Divisible = (count: number, ...args: number[]) => void;

/** The products. Addresses and steps are in bytes. */
export interface Products {
  /** By rows: m, n, p, a, aRow, aCol, b, bRow, bCol, c, cRow, add. */
  readonly multiply: Divisible;
  /** By columns: p, m, n, a, aRow, aCol, b, bRow, bCol, c, cRow, add. */
  readonly multiplyColumns: Divisible;
  /** By rows: m, p, values, indices, ends, segments, segment, b, c. */
  readonly multiplySparse: Divisible;
}

/** What the module of the products exports. */
export interface ProductsModule extends Products {
  prepare(address: number, wide: boolean): void;
}

type OfTwo = (count: number, a: number, b: number, to: number) => void;
type WithNumber = (count: number, a: number, number: number, to: number) => void;
type WithVector = (rows: number, cols: number, a: number, vector: number, to: number) => void;
type Reduction = (rows: number, cols: number, a: number, to: number) => void;

/** What the module of everything else exports. */
export interface OthersModule {
  readonly plus: OfTwo;
  readonly minus: OfTwo;
  readonly hadamard: OfTwo;
  readonly scale: WithNumber;
  readonly maximum: WithNumber;
  readonly greater: WithNumber;
  readonly plusRow: WithVector;
  readonly minusColumn: WithVector;
  readonly overColumn: WithVector;
  readonly columnSums: Reduction;
  readonly rowSums: Reduction;
  readonly rowMaxima: Reduction;
  exp(count: number, from: number, to: number): void;
  sumOfSquares(count: number, a: number): number;
  /** 1 or 0. */
  isFinite(count: number, a: number): number;
  zeros(count: number, a: number): number;
  listNonzeros(m: number, n: number, a: number, values: number, indices: number, ends: number): void;
  transposeSparse(
    m: number,
    n: number,
    values: number,
    indices: number,
    ends: number,
    segment: number,
    toValues: number,
    toIndices: number,
    toEnds: number,
  ): void;
}

/** A WebAssembly memory that several threads can see; that it grows harms no array that looks into it. */
export interface SharedWebAssemblyMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

/** What is used of WebAssembly here. TypeScript has its types for browsers only. */
export interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (options: { initial: number; maximum: number; shared: true }) => SharedWebAssemblyMemory;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}
