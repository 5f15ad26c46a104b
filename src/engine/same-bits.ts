/** Whether two compiled modules give the same bits: every product is tried, on every path with vectors. */
import type { Products, ProductsModule, WebAssemblyApi } from "./operations";

const PAGE = 65536;

/** The rows of A, its columns, and those of C: so many that A and B are packed, and tiles of every width are needed. */
const [M, N, P] = [6, 40, 71];

/** Where matrices lie, in bytes. */
const [A, B, C, LISTS, ROOM] = [0, 24_000, 48_000, 56_000, PAGE];

/** The numbers of a sparse matrix of three rows are in A; their columns, and where the two segments of its rows begin and end. */
const INDICES = Array.from({ length: 60 }, (_, k) => (7 * k) % 20);
const ENDS = [0, 20, 40, 8, 30, 50, 20, 40, 60];

type Call = readonly [operation: keyof Products, ...args: number[]];

/** Products of A or its transposed view with B or its transposed view; then with a narrow B; then what adds to what C holds. */
const products = [
  [P, 0],
  [10, 0],
  [P, 1],
].flatMap(([p, add]) =>
  [
    [8 * N, 8],
    [8, 8 * M],
  ].flatMap(([aRow, aCol]) =>
    [
      [8 * p, 8],
      [8, 8 * N],
    ].map(([bRow, bCol]): Call => ["multiply", M, N, p, A, aRow, aCol, B, bRow, bCol, C, 8 * p, add]),
  ),
);

const calls: readonly Call[] = [
  ...products,
  ["multiplySparse", 3, 55, A, LISTS, LISTS + 4 * INDICES.length, 2, 12, B, C],
];

/**
 * Tries both.
 *
 * @param one a module of the operations
 * @param other another, whose products are told that they may have wide tiles
 */
export function sameBits(one: object, other: object): boolean {
  const [expected, found] = [inMemory(one, false), inMemory(other, true)];
  return calls.every(([operation, ...args]) => {
    for (const { operations } of [expected, found]) operations[operation](...args);
    return expected.bytes.equals(found.bytes);
  });
}

/** The operations of a module, in a memory of its own full of numbers. */
function inMemory(
  module: object,
  wide: boolean,
): { operations: Record<keyof Products, (...args: number[]) => void>; bytes: Buffer } {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  const pages = ROOM / PAGE + Math.ceil((8 * 256 * (P + 4) + 256) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const numbers = new Float64Array(memory.buffer, 0, LISTS / 8);
  numbers.forEach((_, k) => {
    numbers[k] = k % 5 === 0 ? 1 : k % 7 === 0 ? -1e-9 : Math.sin(k);
  });
  new Int32Array(memory.buffer, LISTS).set([...INDICES, ...ENDS]);
  const operations = new WebAssembly.Instance(module, { env: { memory }, math: Math }).exports as ProductsModule;
  operations.prepare(ROOM, wide);
  return { operations, bytes: Buffer.from(memory.buffer, 0, LISTS) };
}
