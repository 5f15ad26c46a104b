/** The loss that a gradient check of one's own is tried on: that of a linear layer whose misses are punished. */
import type { Matrix } from "../matrix";

/**
 * (1/N) Σ (½ d² + ¼ d⁴) with d = X W − Y, as a function of W.
 *
 * @param X N×D
 * @param Y N×C
 */
export function missLoss(X: Matrix, Y: Matrix): (W: Matrix) => number {
  return (W) => {
    const squares = X.times(W)
      .minus(Y)
      .map((d) => d * d);
    return squares.map((s) => s / 2 + (s * s) / 4).sum() / X.rows;
  };
}
