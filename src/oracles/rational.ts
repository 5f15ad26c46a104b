/**
 * The softmax and its derivatives on fractions, with no rounding at all.
 *
 * Write t_k for e^{Z_k}. Where the t_k are whole numbers, A_j = t_j / Σt is a fraction, and since dt_k/dZ_k = t_k the
 * quotient rule gives fractions again. So the algebra that cancels can be done exactly (package `fraction.js`).
 */
import Fraction from "fraction.js";

/** Row j, column k: ∂A_j/∂Z_k = (δ_jk t_j Σt − t_j t_k) / (Σt)², by the quotient rule. */
export function rationalJacobian(t: readonly number[]): Fraction[][] {
  const exps = t.map((x) => new Fraction(x));
  const total = exps.reduce((a, b) => a.add(b));
  return exps.map((tj, j) =>
    exps.map((tk, k) => {
      const numerator = (j === k ? tj.mul(total) : new Fraction(0)).sub(tj.mul(tk));
      return numerator.div(total.mul(total));
    }),
  );
}

/**
 * ∂loss/∂Z_k for every sample by the chain rule, the long way: Σ_j (−y_j / A_j) ∂A_j/∂Z_k, over N.
 *
 * @param t N rows of whole numbers e^{Z_k}
 * @param trueClass each row's true class
 */
export function rationalGradZ2(t: readonly (readonly number[])[], trueClass: readonly number[]): Fraction[][] {
  return t.map((row, i) => {
    const total = row.reduce((a, b) => a + b, 0);
    const J = rationalJacobian(row);
    const y = trueClass[i];
    return row.map((_, k) =>
      row
        .map((tj, j) => new Fraction(j === y ? -total : 0).div(tj).mul(J[j][k]))
        .reduce((a, b) => a.add(b))
        .div(t.length),
    );
  });
}
