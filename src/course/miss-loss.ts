/** The loss that a gradient check of one's own is tried on: that of a linear layer whose misses are punished. */
import type { Matrix } from "../matrix";

/**
 * (1/N) Σ (½ d² + ¼ d⁴) with d = X W − Y, as a function of W. It calls nothing, so whoever has changed what matrices, arrays
 * or numbers can do learns nothing of X and Y by it.
 *
 * @param X N×D
 * @param Y N×C
 * @returns a function that throws a RangeError if W is not D×C
 */
export function missLoss(X: Matrix, Y: Matrix): (W: Matrix) => number {
  const [N, D, C] = [X.rows, X.cols, Y.cols];
  const [x, y] = [X.data, Y.data];
  return (W) => {
    if (W.rows !== D || W.cols !== C) throw new RangeError(`loss: W is ${W.rows}×${W.cols}; expected ${D}×${C}`);
    const w = W.data;
    let sum = 0;
    for (let i = 0; i < N; i++) {
      for (let k = 0; k < C; k++) {
        let d = -y[i * C + k];
        for (let j = 0; j < D; j++) d += x[i * D + j] * w[j * C + k];
        sum += (d * d) / 2 + (d * d * d * d) / 4;
      }
    }
    return sum / N;
  };
}
