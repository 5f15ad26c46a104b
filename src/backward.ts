/**
 * The backward pass, E7–E17: how the loss changes with everything it depends on.
 *
 * `dZ2` is ∂loss/∂Z2 and has Z2's shape, and so for every other name that starts with d. The loss is the **mean** over
 * the samples (E6), so 1/N enters exactly once: where the backward pass starts, in E7 and therefore in E10.
 */
import type { Activation, Cache, Network } from "./forward";
import { Matrix } from "./matrix";
import {
  checkFit,
  checkMatrices,
  checkOneOf,
  checkPrediction,
  checkProbabilities,
  checkShapes,
  finite,
} from "./shapes";

/** The gradients of the loss, in the order in which the backward pass finds them. */
export interface Gradients {
  /** N×C (E10). */
  readonly dZ2: Matrix;
  /** H×C (E11). */
  readonly dW2: Matrix;
  /** 1×C (E12). */
  readonly db2: Matrix;
  /** N×H (E13). */
  readonly dA1: Matrix;
  /** N×H (E15). */
  readonly dZ1: Matrix;
  /** D×H (E16). */
  readonly dW1: Matrix;
  /** 1×H (E17). */
  readonly db1: Matrix;
}

/** Below this, a probability has underflowed and y / A2 means nothing any more. */
const UNDERFLOW = 1e-300;

/**
 * E7: ∂loss/∂A2 = −Y / A2, entry by entry, ÷ N for the mean; 0 where y is 0.
 *
 * @param A2 N×C, probabilities
 * @param Y N×C, one-hot
 * @returns N×C
 * @throws if shapes do not fit, A2 holds no probabilities, Y is not one-hot, or the probability of a true class has
 *   underflowed (≤ 1e-300); E10 needs no such care
 */
export function gradA2(A2: Matrix, Y: Matrix): Matrix {
  checkNoUnderflow("gradA2", A2, Y);
  const N = A2.rows;
  return Y.map((y, i, j) => (y === 0 ? 0 : -y / A2.data[i * A2.cols + j] / N));
}

/**
 * E8: ∂A2_j/∂Z2_k = A2_j (δ_jk − A2_k), for one sample. δ_jk is 1 if j = k and 0 otherwise.
 *
 * On the diagonal that is A2_j (1 − A2_j), off it **−**A2_j A2_k: more for one class is less for the others.
 *
 * @param a 1×C, the probabilities of one sample
 * @returns C×C, symmetric; row j is how A2_j responds to each logit; rows and columns sum to 0
 * @throws if `a` is not 1×C or holds no probabilities
 */
export function softmaxJacobian(a: Matrix): Matrix {
  checkShapes("softmaxJacobian(a)", a);
  checkProbabilities("softmaxJacobian", "a", a);
  const C = a.cols;
  return Matrix.generate(C, C, (j, k) => a.data[j] * ((j === k ? 1 : 0) - a.data[k]));
}

/**
 * E9: ∂loss/∂Z2_k = Σ_j ∂loss/∂A2_j · ∂A2_j/∂Z2_k, the chain rule as it stands: for each sample, the row of E7 times the
 * Jacobian of E8.
 *
 * @param A2 N×C, probabilities
 * @param Y N×C, one-hot
 * @returns N×C, the same as E10
 * @throws as E7
 */
export function gradZ2ByChainRule(A2: Matrix, Y: Matrix): Matrix {
  checkNoUnderflow("gradZ2ByChainRule", A2, Y);
  const dA2 = gradA2(A2, Y);
  const rows = Array.from({ length: A2.rows }, (_, i) => dA2.row(i).times(softmaxJacobian(A2.row(i))));
  return Matrix.generate(A2.rows, A2.cols, (i, k) => rows[i].data[k]);
}

/**
 * E10: ∂loss/∂Z2 = A2 − Y, ÷ N for the mean.
 *
 * @param A2 N×C, probabilities; may have underflowed
 * @param Y N×C, one-hot
 * @returns N×C; every row sums to 0
 * @throws if shapes do not fit, A2 holds no probabilities or Y is not one-hot
 */
export function gradZ2(A2: Matrix, Y: Matrix): Matrix {
  checkPrediction("gradZ2(A2, Y)", A2, Y);
  const N = A2.rows;
  return A2.minus(Y).scale(1 / N);
}

/**
 * E11: ∂loss/∂W2 = A1ᵀ · ∂loss/∂Z2, which is the sum of the samples' outer products.
 *
 * @param A1 N×H
 * @param dZ2 N×C
 * @returns H×C
 * @throws if shapes do not fit or an entry is NaN or infinite
 */
export function gradW2(A1: Matrix, dZ2: Matrix): Matrix {
  checkFit("gradW2(A1, dZ2)", A1, dZ2);
  return finite("gradW2(A1, dZ2)", A1.T.times(dZ2), A1, dZ2);
}

/**
 * E12: ∂loss/∂b2 = Σ_samples ∂loss/∂Z2: b2 is added to every sample, so every sample has its say.
 *
 * @param dZ2 N×C
 * @returns 1×C
 * @throws if an entry is NaN or infinite
 */
export function gradB2(dZ2: Matrix): Matrix {
  checkFit("gradB2(dZ2)", dZ2);
  return finite("gradB2(dZ2)", dZ2.columnSums(), dZ2);
}

/**
 * E13: ∂loss/∂A1 = ∂loss/∂Z2 · W2ᵀ.
 *
 * @param dZ2 N×C
 * @param W2 H×C
 * @returns N×H
 * @throws if shapes do not fit or an entry is NaN or infinite
 */
export function gradA1(dZ2: Matrix, W2: Matrix): Matrix {
  checkFit("gradA1(dZ2, W2)", dZ2, W2);
  return finite("gradA1(dZ2, W2)", dZ2.times(W2.T), dZ2, W2);
}

/**
 * E14: ∂A1/∂Z1 = ReLU′(Z1), entry by entry: 1 where Z1 > 0, 0 where Z1 < 0, and 0 at exactly 0 by convention.
 *
 * @param Z1 N×H
 * @returns N×H of zeros and ones: the diagonals of the samples' Jacobians
 * @throws if an entry is NaN or infinite
 */
export function reluPrime(Z1: Matrix): Matrix {
  checkShapes("reluPrime(Z1)", Z1);
  return Z1.greater(0);
}

/**
 * E15: ∂loss/∂Z1 = (∂loss/∂Z2 · W2ᵀ) ⊙ ReLU′(Z1).
 *
 * @param dZ2 N×C
 * @param W2 H×C
 * @param Z1 N×H
 * @param dA1 N×H: the product in brackets, which is E13, for whoever has it already
 * @returns N×H
 * @throws if shapes do not fit or an entry is NaN or infinite
 */
export function gradZ1(dZ2: Matrix, W2: Matrix, Z1: Matrix, dA1?: Matrix): Matrix {
  checkShapes("gradZ1(dZ2, W2, Z1)", dZ2, W2, Z1);
  return (dA1 ?? gradA1(dZ2, W2)).hadamard(reluPrime(Z1));
}

/**
 * E16: ∂loss/∂W1 = Xᵀ · ∂loss/∂Z1.
 *
 * @param X N×D
 * @param dZ1 N×H
 * @returns D×H
 * @throws if shapes do not fit or an entry is NaN or infinite
 */
export function gradW1(X: Matrix, dZ1: Matrix): Matrix {
  checkFit("gradW1(X, dZ1)", X, dZ1);
  return finite("gradW1(X, dZ1)", X.T.times(dZ1), X, dZ1);
}

/**
 * E17: ∂loss/∂b1 = Σ_samples ∂loss/∂Z1.
 *
 * @param dZ1 N×H
 * @returns 1×H
 * @throws if an entry is NaN or infinite
 */
export function gradB1(dZ1: Matrix): Matrix {
  checkFit("gradB1(dZ1)", dZ1);
  return finite("gradB1(dZ1)", dZ1.columnSums(), dZ1);
}

/** The derivatives of the `activations`, entry by entry: what takes the place of ReLU′ in E15. */
const slopes: Readonly<Record<Activation, (Z1: Matrix) => Matrix>> = {
  ReLU: reluPrime,
  tanh: (Z1) => Z1.map((z) => 1 - Math.tanh(z) ** 2),
};

/**
 * The whole backward pass, in dependency order: E10, E11, E12, E13, E15, E16, E17.
 *
 * @param X N×D
 * @param Y N×C, one-hot
 * @param parameters those of the forward pass
 * @param cache what `forward(X, parameters)` returned
 * @returns the gradient of the mean loss with respect to Z2, W2, b2, A1, Z1, W1 and b1
 * @throws if shapes do not fit, an entry is NaN or infinite, A2 holds no probabilities or Y is not one-hot
 */
export function backward(X: Matrix, Y: Matrix, parameters: Network, cache: Cache): Gradients {
  checkMatrices("backward", "parameters", parameters, ["W2"]);
  checkMatrices("backward", "cache", cache, ["Z1", "A1", "A2"]);
  const { W2, activation = "ReLU" } = parameters;
  checkOneOf("backward", "parameters.activation", activation, Object.keys(slopes));
  const slope = slopes[activation];
  const { Z1, A1, A2 } = cache;
  checkFit("backward(Z1, A1)", Z1, A1);
  const dZ2 = gradZ2(A2, Y);
  const dW2 = gradW2(A1, dZ2);
  const db2 = gradB2(dZ2);
  const dA1 = gradA1(dZ2, W2);
  const dZ1 = activation === "ReLU" ? gradZ1(dZ2, W2, Z1, dA1) : dA1.hadamard(slope(Z1));
  const dW1 = gradW1(X, dZ1);
  const db1 = gradB1(dZ1);
  return { dZ2, dW2, db2, dA1, dZ1, dW1, db1 };
}

/** As `checkPrediction`, and that no true class's probability has underflowed. */
function checkNoUnderflow(fn: string, A2: Matrix, Y: Matrix): void {
  checkPrediction(`${fn}(A2, Y)`, A2, Y);
  const k = Y.data.findIndex((y, index) => y !== 0 && A2.data[index] <= UNDERFLOW);
  if (k >= 0) {
    throw new RangeError(
      `${fn}: A2 is ${A2.data[k]} for the true class of row ${Math.floor(k / A2.cols)}; −y / A2 needs more than ${UNDERFLOW}. E10, gradZ2, has no such limit`,
    );
  }
}
