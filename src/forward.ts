/**
 * The forward pass, E1–E6: from samples to probabilities to one number, the loss.
 *
 * Shapes: X is N×D, W1 D×H, b1 1×H, W2 H×C, b2 1×C, Y one-hot N×C (N samples, D inputs, H hidden units, C classes).
 */
import type { Matrix } from "./matrix";
import { checkFit, checkMatrices, checkOneHot, checkOneOf, checkPrediction, checkShapes, finite } from "./shapes";

/** What the network learns. */
export interface Parameters {
  /** D×H: weights from the inputs to the hidden units. */
  readonly W1: Matrix;
  /** 1×H: biases of the hidden units. */
  readonly b1: Matrix;
  /** H×C: weights from the hidden units to the classes. */
  readonly W2: Matrix;
  /** 1×C: biases of the classes. */
  readonly b2: Matrix;
}

/** The parameters, and what is chosen, not learned. */
export interface Network extends Parameters {
  /** What the hidden units do with their pre-activations: "ReLU" when left out. */
  readonly activation?: Activation;
}

/** What the forward pass leaves behind for the backward pass. */
export interface Cache {
  /** N×H: pre-activations of the hidden units (E1). */
  readonly Z1: Matrix;
  /** N×H: activations of the hidden units (E2). */
  readonly A1: Matrix;
  /** N×C: logits, one per class (E3). */
  readonly Z2: Matrix;
  /** N×C: probabilities, one per class; every row sums to 1 (E4). */
  readonly A2: Matrix;
}

/**
 * E1: Z1 = X W1 + b1, and E3: Z2 = A1 W2 + b2. The bias is added to every row.
 *
 * @param X N×D, one sample a row (E3: A1, N×H)
 * @param W D×H (E3: W2, H×C)
 * @param b 1×H (E3: b2, 1×C)
 * @returns N×H (E3: N×C)
 * @throws if shapes do not fit or an entry is NaN or infinite
 */
export function affine(X: Matrix, W: Matrix, b: Matrix): Matrix {
  checkFit("affine(X: N×inputs, W: inputs×units, b: 1×units)", X, W, b);
  return finite("affine(X, W, b)", X.times(W).plusRow(b), X, W, b);
}

/**
 * E2: A1 = ReLU(Z1) = max(0, Z1), entry by entry.
 *
 * @param Z N×H, any shape will do
 * @returns as Z
 * @throws if an entry is NaN or infinite
 */
export function relu(Z: Matrix): Matrix {
  checkShapes("relu(Z: N×H)", Z);
  return Z.maximum(0);
}

/** What hidden units can do in place of E2, by name, entry by entry; `slopes` in backward.ts has the derivative of each. */
export const activations = {
  ReLU: relu,
  tanh: (Z: Matrix) => Z.map(Math.tanh),
} as const;

/** The name of one of them. */
export type Activation = keyof typeof activations;

/**
 * E4: A2 = softmax(Z2), A2_j = exp(Z2_j) / Σ_k exp(Z2_k), row by row.
 *
 * Each row's maximum is subtracted first. That changes no probability, and no exponential overflows.
 *
 * @param Z N×C, the logits
 * @returns N×C, probabilities; every row sums to 1
 * @throws if an entry is NaN or infinite
 */
export function softmax(Z: Matrix): Matrix {
  checkShapes("softmax(Z: N×C)", Z);
  const exps = Z.minusColumn(Z.rowMaxima()).exp();
  return exps.overColumn(exps.rowSums());
}

/**
 * E5: L_i = −Σ_j y_ij ln A2_ij, one number per sample. A term with y_ij = 0 counts as 0, also where A2_ij is 0.
 *
 * @param A2 N×C, probabilities
 * @param Y N×C, one-hot
 * @returns N×1; Infinity where the true class has probability 0
 * @throws if shapes do not fit, A2 holds no probabilities or Y is not one-hot
 */
export function crossEntropyPerSample(A2: Matrix, Y: Matrix): Matrix {
  checkPrediction("crossEntropyPerSample(A2, Y)", A2, Y);
  return Y.map((y, i, j) => (y === 0 ? 0 : -y * Math.log(A2.data[i * A2.cols + j]))).rowSums();
}

/**
 * E6: loss = −(1/N) Σ_i Σ_j y_ij ln A2_ij, the mean of E5 over the samples.
 *
 * Infinite where a probability has underflowed to 0; `crossEntropyFromLogits` has no such limit.
 *
 * @param A2 N×C, probabilities
 * @param Y N×C, one-hot
 * @returns the loss, in nats
 * @throws if shapes do not fit, A2 holds no probabilities or Y is not one-hot
 */
export function crossEntropy(A2: Matrix, Y: Matrix): number {
  checkPrediction("crossEntropy(A2, Y)", A2, Y);
  return crossEntropyPerSample(A2, Y).sum() / A2.rows;
}

/**
 * E6 from the logits: the mean of ln Σ_k exp(Z2_k) − Z2_true, with each row's maximum taken out of the sum
 * (log-sum-exp). The same number as `crossEntropy(softmax(Z2), Y)`, and finite for all finite logits.
 *
 * @param Z2 N×C, the logits
 * @param Y N×C, one-hot
 * @returns the loss, in nats
 * @throws if shapes do not fit, an entry is NaN or infinite, or Y is not one-hot
 */
export function crossEntropyFromLogits(Z2: Matrix, Y: Matrix): number {
  checkShapes("crossEntropyFromLogits(Z2, Y)", Z2, Y);
  checkOneHot("crossEntropyFromLogits", "Y", Y);
  const shifted = Z2.minusColumn(Z2.rowMaxima());
  const logSum = shifted.exp().rowSums().log();
  const trueLogit = shifted.hadamard(Y).rowSums();
  return logSum.minus(trueLogit).sum() / Z2.rows;
}

/**
 * The whole forward pass: E1, E2, E3, E4. Where the parameters name another activation than ReLU, it takes E2's place.
 *
 * @param X N×D, one sample a row
 * @param parameters W1 D×H, b1 1×H, W2 H×C, b2 1×C
 * @returns Z1 and A1, N×H; Z2 and A2, N×C
 * @throws if shapes do not fit, an entry is NaN or infinite, or there is no such activation
 */
export function forward(X: Matrix, parameters: Network): Cache {
  checkMatrices("forward", "parameters", parameters, ["W1", "b1", "W2", "b2"]);
  const { W1, b1, W2, b2, activation = "ReLU" } = parameters;
  checkOneOf("forward", "parameters.activation", activation, Object.keys(activations));
  checkShapes("forward(X, W1, b1, W2, b2)", X, W1, b1, W2, b2);
  const activate = activations[activation];
  const Z1 = affine(X, W1, b1);
  const A1 = activate(Z1);
  const Z2 = affine(A1, W2, b2);
  const A2 = softmax(Z2);
  return { Z1, A1, Z2, A2 };
}
