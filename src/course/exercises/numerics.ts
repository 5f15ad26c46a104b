/** What the exercises' oracles compute with, on numbers of any kind; see src/oracles/scalar-network.ts. */
import type { Arithmetic } from "../../oracles/arithmetic";
import { type Rows, sum } from "../../oracles/scalar-network";

/** z where it is above 0, s·z elsewhere. */
export function leakyRows<T>(ar: Arithmetic<T>, Z: Rows<T>, s: T): T[][] {
  return Z.map((row) => row.map((z) => (ar.greater(z, ar.of(0)) ? z : ar.times(s, z))));
}

/** (e^z − e^−z) / (e^z + e^−z), entry by entry. */
export function tanhRows<T>(ar: Arithmetic<T>, Z: Rows<T>): T[][] {
  return Z.map((row) =>
    row.map((z) => {
      const [up, down] = [ar.exp(z), ar.exp(ar.minus(ar.of(0), z))];
      return ar.over(ar.minus(up, down), ar.plus(up, down));
    }),
  );
}

/** Every entry divided by t. */
export function dividedBy<T>(ar: Arithmetic<T>, row: readonly T[], t: T): T[] {
  return row.map((z) => ar.over(z, t));
}

/** ln softmax(z), by log-sum-exp. */
function logSoftmaxRow<T>(ar: Arithmetic<T>, z: readonly T[]): T[] {
  const largest = z.reduce((m, x) => (ar.greater(x, m) ? x : m));
  const shifted = z.map((x) => ar.minus(x, largest));
  const logSum = ar.ln(sum(ar, shifted.map(ar.exp)));
  return shifted.map((x) => ar.minus(x, logSum));
}

/** The terms −t_ij ln softmax(Z)_ij / N of a mean cross-entropy with any targets. */
export function targetTerms<T>(ar: Arithmetic<T>, Z: Rows<T>, targets: Rows<number>): T[] {
  return Z.flatMap((z, i) => logSoftmaxRow(ar, z).map((logA, j) => ar.times(ar.of(-targets[i][j] / Z.length), logA)));
}
