/** The compiled operations, and what of WebAssembly runs them. */

/**
 * An operation on the rows of a matrix, or on its columns or its numbers, each of which it treats by itself: so parts of it can be
 * computed by two threads side by side. Its first parameter is how many it shall treat.
 */
type Divisible = (count: number, ...args: number[]) => void;

/** The operations that can be divided; the parameters are described in `assembly`. Addresses and steps are in bytes. */
export interface DivisibleOperations {
  /** By rows: m, n, p, a, aRow, aCol, b, bRow, bCol, c, cRow, add. */
  readonly multiply: Divisible;
  /** By columns: p, m, n, a, aRow, aCol, b, bRow, bCol, c, cRow, add. */
  readonly multiplyColumns: Divisible;
  /** By rows: m, p, values, indices, ends, segments, segment, b, c. */
  readonly multiplySparse: Divisible;
  /** By rows: rows, cols, z, b. */
  readonly addRow: Divisible;
  /** By rows: rows, cols, z, b. */
  readonly addRowThenRelu: Divisible;
  /** By rows: rows, cols, z, y, losses. */
  readonly softmax: Divisible;
  /** By numbers: count, a2, y, dz2, share. */
  readonly outputGradient: Divisible;
  /** By numbers: count, da, a. */
  readonly throughRelu: Divisible;
  /** By columns: cols, rows, a, aRow, sums. */
  readonly columnSums: Divisible;
  /** By rows: rows, cols, a, sums. */
  readonly squares: Divisible;
  /** By numbers: count, w, dw, learningRate. */
  readonly descend: Divisible;
}

/** Everything that is compiled. */
export interface Operations extends DivisibleOperations {
  prepare(address: number, wide: boolean): void;
  exponentials(count: number, at: number): void;
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

/** What is used of WebAssembly here. TypeScript has its types for browsers only. */
export interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (options: {
    initial: number;
    maximum: number;
    shared: true;
  }) => {
    readonly buffer: SharedArrayBuffer;
  };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}
