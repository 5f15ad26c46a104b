/** The network of notebooks 01 to 04: two samples, five inputs, four hidden units, three classes, with numbers that a pencil can follow. */
import type { Parameters } from "../forward";
import { Matrix } from "../matrix";
import type { Samples } from "./samples";

/**
 * X (2×5), one-hot Y (2×3) and the parameters W1 (5×4), b1 (1×4), W2 (4×3), b2 (1×3): four different sizes, so that no wrong
 * transpose goes through, and a pre-activation of exactly 0 in sample 0, unit 3.
 */
export const paperNetwork: Samples & { readonly parameters: Parameters } = {
  X: Matrix.fromRows([
    [1, 2, 0, -1, 1],
    [0, 1, 2, 1, -1],
  ]),
  Y: Matrix.fromRows([
    [0, 1, 0],
    [0, 0, 1],
  ]),
  parameters: {
    W1: Matrix.fromRows([
      [-0.5, 1, 1.5, -1],
      [0.5, -1, 0.5, 1],
      [0.5, 0.5, -0.5, 0.5],
      [0.5, 1, 0.5, -1],
      [0.5, 0.5, 0.5, -1],
    ]),
    b1: Matrix.fromRows([[0.5, 0.5, -0.5, -1]]),
    W2: Matrix.fromRows([
      [0.5, -1, 0.5],
      [-1, 2, -0.5],
      [0.5, 1, 0],
      [0.5, 1, 1],
    ]),
    b2: Matrix.fromRows([[0.5, 0, -0.5]]),
  },
};
