/** The engine beneath `Matrix`: what is fastest here. `src/index.ts` plugs it in. */
import { type Engine, type Matrix, plainLoops, Transpose } from "../matrix";
import { operationsModule } from "./lanes";
import { simdProduct } from "./simd";
import type { Strided } from "./strided";

/** Below so many multiplications, plain loops take less time than copying does (measured: below a number from 60 to 220). */
const WORTH_COPYING = 200;

/** The engine, and what it is in a sentence. */
export const { engine, description } = chosen();

function chosen(): { engine: Engine; description: string } {
  try {
    const lanes = operationsModule().lanes === 4 ? "four" : "two";
    const product = simdProduct();
    const times: Engine["times"] = (A, B, into) => {
      if (A.rows * A.cols * B.cols < WORTH_COPYING) plainLoops.times(A, B, into);
      else product(strided(A), strided(B), into.data);
    };
    return {
      engine: { ...plainLoops, times },
      description: `Matrix products run on WebAssembly SIMD, ${lanes} float64 lanes.`,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      engine: plainLoops,
      description: `Matrix products run in plain loops: no WebAssembly SIMD here (${reason}).`,
    };
  }
}

function strided(A: Matrix | Transpose): Strided {
  const { rows, cols } = A;
  return Transpose.isTranspose(A)
    ? { rows, cols, data: A.of.data, rowStep: 1, colStep: rows }
    : { rows, cols, data: A.data, rowStep: cols, colStep: 1 };
}
