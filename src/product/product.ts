/** Which matrix product is used here: chosen once, when this module is loaded. */
import { plainProduct } from "./plain";
import { SecondThread } from "./second-thread";
import { simdProduct } from "./simd";
import type { Product } from "./strided";
import { threadsHere } from "./threads";
import { WorkingMemory } from "./working-memory";

const helper = threadsHere() === 2 ? new SecondThread() : undefined;
const { product, backend } = chosen();

/** The matrix product. The plain loops and the SIMD give the same bits. */
export const matrixProduct: Product = product;

/** Which product is used, and on how many threads, in a sentence. */
export const productBackend: string = backend;

/**
 * Gives away arrays in which products need no copies, part after part, `count` numbers altogether: each starts with zeros.
 *
 * @param count how many numbers there will be
 * @param columns the most columns that a product of them will have
 */
export function workingArrays(count: number, columns: number): (length: number) => Float64Array {
  if (product !== plainProduct) {
    try {
      const memory = new WorkingMemory(count, columns, helper);
      return (length) => memory.take(length);
    } catch {
      // More than WebAssembly has: products copy, then.
    }
  }
  return (length) => new Float64Array(length);
}

function chosen(): { product: Product; backend: string } {
  try {
    const threads = helper === undefined ? "one thread" : "one thread, and large ones of training on two";
    return {
      product: simdProduct(),
      backend: `Matrix products run on WebAssembly SIMD, two float64 lanes, on ${threads}.`,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      product: plainProduct,
      backend: `Matrix products run in plain loops: no WebAssembly SIMD here (${reason}).`,
    };
  }
}
