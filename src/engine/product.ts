/** Which matrix product is used here: chosen once, when this module is loaded. */
import { operationsModule } from "./lanes";
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
 * A memory for training, in which products need no copies.
 *
 * @param count how many numbers it will hold
 * @param columns the most columns that a product of them will have
 * @returns undefined where products run in plain loops, and if WebAssembly has not so much memory
 */
export function workingMemory(count: number, columns: number): WorkingMemory | undefined {
  if (product === plainProduct) return undefined;
  try {
    return new WorkingMemory(count, columns, helper);
  } catch {
    return undefined;
  }
}

function chosen(): { product: Product; backend: string } {
  try {
    const lanes = operationsModule().lanes === 4 ? "four" : "two";
    const threads = helper === undefined ? "one thread" : "one thread, and large ones of training on two";
    return {
      product: simdProduct(),
      backend: `Matrix products run on WebAssembly SIMD, ${lanes} float64 lanes, on ${threads}.`,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      product: plainProduct,
      backend: `Matrix products run in plain loops: no WebAssembly SIMD here (${reason}).`,
    };
  }
}
