/**
 * The network of the notes once more, number by number, for the oracles alone. It shares nothing with `forward`: no
 * matrices, only arrays of rows and the operations of the arithmetic it is handed.
 */
import type { Arithmetic } from "./arithmetic";

/** An array of rows of numbers of kind T. */
export type Rows<T> = readonly (readonly T[])[];

/** float64 numbers as numbers of kind T. */
export function lift<T>(ar: Arithmetic<T>, rows: Rows<number>): T[][] {
  return rows.map((row) => row.map((x) => ar.of(x)));
}

/** Σ of a list; 0 for an empty one. */
export function sum<T>(ar: Arithmetic<T>, list: readonly T[]): T {
  return list.reduce((total, x) => ar.plus(total, x), ar.of(0));
}

/** X W + b, where b is one row. */
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

/** max(0, z): z itself where it is above 0, the constant 0 elsewhere, so that the derivative at 0 is 0. */
export function reluRows<T>(ar: Arithmetic<T>, Z: Rows<T>): T[][] {
  const zero = ar.of(0);
  return Z.map((row) => row.map((z) => (ar.greater(z, zero) ? z : zero)));
}

/** exp(z − m) / Σ exp(z − m), m the row's largest entry. */
export function softmaxRow<T>(ar: Arithmetic<T>, z: readonly T[]): T[] {
  const largest = z.reduce((m, x) => (ar.greater(x, m) ? x : m));
  const exps = z.map((x) => ar.exp(ar.minus(x, largest)));
  const total = sum(ar, exps);
  return exps.map((e) => ar.over(e, total));
}

/** The terms of the mean cross-entropy that are not 0, one per sample: −ln a_true / N. */
export function crossEntropyTerms<T>(ar: Arithmetic<T>, A: Rows<T>, trueClass: readonly number[]): T[] {
  return A.map((a, i) => ar.over(ar.minus(ar.of(0), ar.ln(a[trueClass[i]])), ar.of(A.length)));
}

/** The same terms from the logits, as ln Σ exp(z − m) − (z_true − m), finite wherever the logits are. */
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

/** The terms g_ij · out_ij of the inner product of an upstream gradient and a layer's output. */
export function upstreamTerms<T>(ar: Arithmetic<T>, G: Rows<T>, out: Rows<T>): T[] {
  return out.flatMap((row, i) => row.map((x, j) => ar.times(G[i][j], x)));
}

/** For each row of a one-hot matrix, where its 1 is. */
export function trueClasses(Y: Rows<number>): number[] {
  return Y.map((row) => row.indexOf(1));
}
