/** The compiled operations, and what of WebAssembly runs them. */

/** What is compiled; the parameters are described in `assembly`. Addresses and steps are in bytes. */
export interface Operations {
  multiply(
    room: number,
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
    cRow: number,
    add: boolean,
  ): void;
  multiplySparse(
    room: number,
    m: number,
    n: number,
    p: number,
    a: number,
    aRow: number,
    aCol: number,
    b: number,
    c: number,
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
