/** The losses that a gradient check of one's own is tried on: those of a linear layer whose misses are punished. */
import type { Matrix } from "../matrix";

// Taken before a student's code can listen to them.
const { exp, log, tanh } = Math;

/** What a miss d costs. */
export const penalties: readonly ((d: number) => number)[] = [
  (d) => (d * d) / 2 + (d * d * d * d) / 4,
  (d) => log(1 + exp(d)),
  (d) => d * tanh(d),
];

/**
 * (1/N) Σ penalty(d) with d = X W − Y, as a function of W. It calls nothing of anybody's, so whoever has changed what matrices,
 * arrays or numbers can do learns nothing of X and Y by it.
 *
 * @param X N×D
 * @param Y N×C
 * @param penalty which of `penalties`
 * @returns a function that throws a RangeError if W is not D×C
 */
export function missLoss(X: Matrix, Y: Matrix, penalty: number): (W: Matrix) => number {
  const [N, D, C] = [X.rows, X.cols, Y.cols];
  const [x, y] = [X.data, Y.data];
  const cost = penalties[penalty];
  return (W) => {
    if (W.rows !== D || W.cols !== C) throw new RangeError(`loss: W is ${W.rows}×${W.cols}; expected ${D}×${C}`);
    const w = W.data;
    let sum = 0;
    for (let i = 0; i < N; i++) {
      for (let k = 0; k < C; k++) {
        let d = -y[i * C + k];
        for (let j = 0; j < D; j++) d += x[i * D + j] * w[j * C + k];
        sum += cost(d);
      }
    }
    return sum / N;
  };
}
