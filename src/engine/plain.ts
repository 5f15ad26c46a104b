/** The matrix product by plain loops: the reference, and what is used where WebAssembly has no SIMD. */
import type { Strided } from "./strided";

/** Writes A·B into `C`. The inner index k is outside j, so that B and C are read in the order in which they lie. */
export function plainProduct(A: Strided, B: Strided, C: Float64Array): void {
  const { rows, cols: inner, data: a } = A;
  const { cols, data: b, rowStep, colStep } = B;
  C.fill(0);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const aik = a[i * A.rowStep + k * A.colStep];
      for (let j = 0; j < cols; j++) C[i * cols + j] += aik * b[k * rowStep + j * colStep];
    }
  }
}
