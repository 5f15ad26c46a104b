/**
 * The network of the notes once more, number by number, for the oracles alone. It shares nothing with `forward`: no
 * matrices, only arrays of rows and the operations of the arithmetic it is handed.
 *
 * Shapes: N samples, D inputs, H hidden units, C classes; N×D is an array of N rows of D numbers. They are not checked.
 */
import type { Arithmetic } from "./arithmetic";

/** An array of rows of numbers of kind T. */
export type Rows<T> = readonly (readonly T[])[];

/**
 * float64 numbers as numbers of kind T.
 *
 * @param ar the arithmetic of T
 * @param rows rows of any lengths
 * @returns as `rows`
 */
export function lift<T>(ar: Arithmetic<T>, rows: Rows<number>): T[][] {
  return rows.map((row) => row.map((x) => ar.of(x)));
}

/**
 * Σ of a list, added one after the other; 0 for an empty one.
 *
 * @param ar the arithmetic of T
 * @param list numbers of kind T
 * @returns their sum
 */
export function sum<T>(ar: Arithmetic<T>, list: readonly T[]): T {
  return list.reduce((total, x) => ar.plus(total, x), ar.of(0));
}

/**
 * E1: Z1 = X W1 + b1, and E3: Z2 = A1 W2 + b2. The bias is added to every row, after the products.
 *
 * @param ar the arithmetic of T
 * @param X N×D, one sample a row (E3: A1, N×H)
 * @param W D×H (E3: W2, H×C)
 * @param b H numbers (E3: b2, C numbers)
 * @returns N×H (E3: N×C)
 */
export function affineRows<T>(ar: Arithmetic<T>, X: Rows<T>, W: Rows<T>, b: readonly T[]): T[][] {
  return X.map((x) =>
    b.map((bias, j) =>
      ar.plus(
        sum(
          ar,
          x.map((value, k) => ar.times(value, W[k][j])),
        ),
        bias,
      ),
    ),
  );
}

/**
 * E2: A1 = max(0, Z1), entry by entry: z itself where it is above 0, the constant 0 elsewhere, so that the derivative at 0
 * is 0 (E14).
 *
 * @param ar the arithmetic of T
 * @param Z N×H, rows of any lengths will do
 * @returns as Z
 */
export function reluRows<T>(ar: Arithmetic<T>, Z: Rows<T>): T[][] {
  const zero = ar.of(0);
  return Z.map((row) => row.map((z) => (ar.greater(z, zero) ? z : zero)));
}

/**
 * E4 of one sample: A2_j = exp(Z2_j − m) / Σ_k exp(Z2_k − m), m the largest logit.
 *
 * @param ar the arithmetic of T
 * @param z C numbers, the logits of one sample
 * @returns C numbers, its probabilities
 * @throws if there is no logit
 */
export function softmaxRow<T>(ar: Arithmetic<T>, z: readonly T[]): T[] {
  const largest = z.reduce((m, x) => (ar.greater(x, m) ? x : m));
  const exps = z.map((x) => ar.exp(ar.minus(x, largest)));
  const total = sum(ar, exps);
  return exps.map((e) => ar.over(e, total));
}

/**
 * The terms of E6, the mean cross-entropy, that are not 0, one per sample: −ln A2_true / N. Of a single sample that is E5.
 *
 * @param ar the arithmetic of T
 * @param A N×C, probabilities
 * @param trueClass N class ids, counted from 0
 * @returns N terms, in nats, whose sum is the loss
 */
export function crossEntropyTerms<T>(ar: Arithmetic<T>, A: Rows<T>, trueClass: readonly number[]): T[] {
  return A.map((a, i) => ar.over(ar.minus(ar.of(0), ar.ln(a[trueClass[i]])), ar.of(A.length)));
}

/**
 * The same terms of E6 from the logits: (ln Σ_k exp(Z2_k − m) − (Z2_true − m)) / N, m the sample's largest logit. They stay
 * finite where a probability underflows to 0.
 *
 * @param ar the arithmetic of T
 * @param Z N×C, the logits
 * @param trueClass N class ids, counted from 0
 * @returns N terms, in nats, whose sum is the loss
 * @throws if a sample has no logit
 */
export function crossEntropyTermsFromLogits<T>(ar: Arithmetic<T>, Z: Rows<T>, trueClass: readonly number[]): T[] {
  return Z.map((z, i) => {
    const largest = z.reduce((m, x) => (ar.greater(x, m) ? x : m));
    const logSum = ar.ln(
      sum(
        ar,
        z.map((x) => ar.exp(ar.minus(x, largest))),
      ),
    );
    return ar.over(ar.minus(logSum, ar.minus(z[trueClass[i]], largest)), ar.of(Z.length));
  });
}

/**
 * The terms G_ij · out_ij of the inner product of an upstream gradient and a layer's output. E11–E13 and E15–E17 are the
 * gradients of their sum with respect to what the layer was given, G held fixed.
 *
 * @param ar the arithmetic of T
 * @param G the upstream gradient, shaped as `out`: N×C for dZ2, N×H for dZ1
 * @param out N×C or N×H, what the layer puts out
 * @returns N·C or N·H terms, row after row
 */
export function upstreamTerms<T>(ar: Arithmetic<T>, G: Rows<T>, out: Rows<T>): T[] {
  return out.flatMap((row, i) => row.map((x, j) => ar.times(G[i][j], x)));
}

/**
 * For each row of a one-hot matrix, where its 1 is.
 *
 * @param Y N×C, one-hot
 * @returns N class ids, counted from 0
 */
export function trueClasses(Y: Rows<number>): number[] {
  return Y.map((row) => row.indexOf(1));
}
