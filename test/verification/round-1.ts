/**
 * The first blind round: 50 wrong answers that were written without sight of the rules, by another hand than the rules, from the
 * kinds of mistakes alone; each with words that its cause must be told with. Frozen before the first run.
 */
import { Matrix } from "../../src/matrix";
import { deeper } from "./deeper-backward";
import { bw, lossOf, part, sm, type WrongAnswer, w, zeros } from "./wrong-answers";

/** −Σ_j y_ij ln a_ij of one row. */
const rowLoss = (A: Matrix, Y: Matrix, i: number) => lossOf(A.row(i), Y.row(i));
const column = (values: readonly number[]) => Matrix.fromRows(values.map((value) => [value]));
const logits = (Z: Matrix) => Z.toRows() as number[][];
const leaky = (z: number, s: number) => (z > 0 ? z : s * z);

/** All 50. */
export const round1: readonly WrongAnswer[] = [
  // E1, E3
  w("E1", "W read column after column", /W1.*(reshap|places|column after column|row after row)/i, (X, W, b) =>
    X.times(new Matrix(W.rows, W.cols, W.T.toMatrix().data)).plusRow(b),
  ),
  w("E1", "the bias on the first sample only", /b1.*(row 0|first)|(row 0|first).*b1/i, (X, W, b) =>
    X.times(W).map((z: number, i: number, j: number) => (i === 0 ? z + b.data[j] : z)),
  ),
  w("E1", "the bias of the previous unit", /b1.*(column|unit|shift|next|previous)/i, (X, W, b) =>
    X.times(W).map((z: number, _: number, j: number) => z + b.data[(j + b.cols - 1) % b.cols]),
  ),
  w("E3", "the product divided by the units", /H/, (A, W, b) =>
    A.times(W)
      .scale(1 / A.cols)
      .plusRow(b),
  ),
  w("E3", "the last sample left out", /last row|last sample/i, (A, W, b) => {
    const Z = zeros(A.rows, W.cols);
    for (let i = 0; i < A.rows - 1; i++)
      for (let c = 0; c < W.cols; c++) {
        Z.data[i * W.cols + c] = b.data[c];
        for (let h = 0; h < A.cols; h++) Z.data[i * W.cols + c] += A.get(i, h) * W.get(h, c);
      }
    return Z;
  }),
  // E2
  w("E2", "ELU", /ELU|e\^|exp/i, (Z) => Z.map((z: number) => (z > 0 ? z : Math.exp(z) - 1))),
  w("E2", "softplus", /softplus|ln\(1/i, (Z) => Z.map((z: number) => Math.log1p(Math.exp(z)))),
  w("E2", "in place", /chang/i, (Z) => {
    for (let k = 0; k < Z.data.length; k++) if (Z.data[k] < 0) Z.data[k] = 0;
    return Z;
  }),
  // E4
  w("E4", "over the samples", /column|sample/i, (Z) => sm(Z.T.toMatrix()).T.toMatrix()),
  w("E4", "sigmoids", /sigmoid/i, (Z) => Z.map((z: number) => 1 / (1 + Math.exp(-z)))),
  w("E4", "powers of 2", /power|2\^|base 2|ln 2|0\.69/i, (Z) => sm(Z.scale(Math.LN2))),
  w("E4", "the sign of the logits", /sign|minus|−Z/i, (Z) => sm(Z.scale(-1))),
  // E5, E6
  w("E5", "all classes, without Y", /Y|label/, (A, _Y) =>
    column(logits(A).map((row) => -row.reduce((s, a) => s + Math.log(a), 0))),
  ),
  w("E5", "log2", /log2|log₂|base 2|ln 2|1\.44/i, (A, Y) =>
    column(logits(A).map((_, i) => rowLoss(A, Y, i) / Math.LN2)),
  ),
  w("E5", "the class that A2 prefers", /largest|arg ?max|prefer|likeliest/i, (A, _Y) =>
    column(logits(A).map((row) => -Math.log(Math.max(...row)))),
  ),
  w("E6", "over N and C", /C/, (A, Y) => lossOf(A, Y) / A.cols),
  w("E6", "the worst sample's", /largest|maximum|worst/i, (A, Y) =>
    Math.max(...logits(A).map((_, i) => rowLoss(A, Y, i))),
  ),
  w("E6", "a sum that starts at 1", /1 added|plus 1|1\/N|\+ 1/i, (A, Y) => {
    let total = 1;
    for (let i = 0; i < A.rows; i++) total += rowLoss(A, Y, i);
    return total / A.rows;
  }),
  // E7, E8, E9
  w("E7", "divided by N twice", /N/, (A, Y) =>
    Y.map((y: number, i: number, j: number) => (y === 0 ? 0 : -y / A.get(i, j) / A.rows ** 2)),
  ),
  w("E7", "over A squared", /square|A2²|A²/i, (A, Y) =>
    Y.map((y: number, i: number, j: number) => (y === 0 ? 0 : -y / A.get(i, j) ** 2 / A.rows)),
  ),
  w("E8", "δ − a without the factor", /factor|a\[j\]|a_j|without|missing|left out/i, (a) =>
    Matrix.generate(a.cols, a.cols, (j, k) => (j === k ? 1 : 0) - a.data[k]),
  ),
  w("E8", "signs turned", /sign/i, (a) =>
    Matrix.generate(a.cols, a.cols, (j, k) => a.data[j] * (a.data[k] - (j === k ? 1 : 0))),
  ),
  w("E9", "the diagonal only", /diagonal/i, (A, Y) =>
    Y.map((y: number, i: number, j: number) => (-y * (1 - A.get(i, j))) / A.rows),
  ),
  w("E9", "the last class left out of the sum", /last class/i, (A, Y) =>
    Y.map((_: number, i: number, k: number) => {
      let s = 0;
      for (let j = 0; j < A.cols - 1; j++) s += -Y.get(i, j) * ((j === k ? 1 : 0) - A.get(i, k));
      return s / A.rows;
    }),
  ),
  // E10
  w("E10", "squared", /square/i, (A, Y) =>
    A.minus(Y)
      .map((d: number) => d * d)
      .scale(1 / A.rows),
  ),
  w("E10", "1/N on Y only", /1\/N|N/, (A, Y) => A.minus(Y.scale(1 / A.rows))),
  w("E10", "rows of A2 one on", /A2|A₂|row|sample/i, (A, Y) =>
    A.map((_: number, i: number, j: number) => (A.get((i + 1) % A.rows, j) - Y.get(i, j)) / A.rows),
  ),
  // E11–E17
  w("E11", "the largest product instead of the sum", /largest|maximum/i, (A, d) =>
    Matrix.generate(A.cols, d.cols, (h, c) =>
      Math.max(...A.toRows().map((_: number[], i: number) => A.get(i, h) * d.get(i, c))),
    ),
  ),
  w("E11", "two samples left out", /sample|row/i, (A, d) => part(A, 2, A.rows).T.times(part(d, 2, d.rows))),
  w("E12", "the mean", /N|mean/, (d) => d.columnSums().scale(1 / d.rows)),
  w("E12", "the first sample's", /first sample|sample 0|row 0|only/i, (d) => d.row(0)),
  w("E13", "W2 of the next unit", /W2.*(row|unit|next|shift)/i, (d, W) =>
    Matrix.generate(d.rows, W.rows, (i, h) =>
      d
        .row(i)
        .hadamard(W.row((h + 1) % W.rows))
        .sum(),
    ),
  ),
  w("E14", "also at 0", /0/, (Z) => Z.map((z: number) => (z >= 0 ? 1 : 0))),
  w("E14", "ReLU itself", /ReLU/, (Z) => Z.map((z: number) => Math.max(0, z))),
  w("E15", "the mask turned round", /mask|turned|negative|≤|<|other/i, (d, W, Z) =>
    d.times(W.T).map((x: number, i: number, j: number) => (Z.get(i, j) > 0 ? 0 : x)),
  ),
  w("E15", "the mask on the sum over classes first", /sign|mask|positive|ReLU/i, (d, W, Z) =>
    d.times(W.T).map((x: number, i: number, j: number) => x * Math.sign(Z.get(i, j))),
  ),
  w("E16", "the first sample left out", /first sample|sample 0|row 0/i, (X, d) =>
    X.rows < 2 ? zeros(X.cols, d.cols) : part(X, 1, X.rows).T.times(part(d, 1, d.rows)),
  ),
  w("E17", "one over the units", /H|column|unit|sample/i, (d) =>
    Matrix.fromRows([d.toRows()[0].map((_: number, j: number) => d.row(Math.min(j, d.rows - 1)).sum())]),
  ),
  // backward
  w("backward", "dZ2 again for dZ1's bias: db1 from dW1", /dW1|W1/, bw({ db1: ({ dW1 }) => dW1.columnSums() })),
  w("backward", "dW1 with dA1", /dA1|A1/, bw({ dW1: ({ X, dA1 }) => X.T.times(dA1) })),
  w(
    "backward",
    "a mask from the logits of the next sample",
    /Z1.*(row|sample|shift|next)|mask/i,
    bw({ dZ1: ({ dA1, Z1 }) => dA1.map((x, i, h) => (Z1.get((i + 1) % Z1.rows, h) > 0 ? x : 0)) }),
  ),
  w("backward", "loss summed", /N times|1\/N/, bw({ dZ2: ({ A2, Y }) => A2.minus(Y) })),
  // exercises
  w("F1", "the slope on the wrong side", /side|positive|z > 0|swapped|turned|other/i, (Z, s) =>
    Z.map((z: number) => (z > 0 ? s * z : z)),
  ),
  w("F2", "the temperature once more", /T/, (Z, T) => sm(Z.scale(1 / T / T))),
  w("F3", "ε for each of the other classes", /C|other/, (Z, Y, e) => {
    const A = sm(Z);
    return -A.map((a: number, i: number, j: number) => Math.log(a) * (Y.get(i, j) === 1 ? 1 - e : e)).sum() / Z.rows;
  }),
  w("O2", "T left out", /T/, (A, Y) => A.minus(Y).scale(1 / A.rows)),
  w("O4", "the penalty divided by N", /N/, (A, d, W, l) => A.T.times(d).plus(W.scale(l / A.rows))),
  w("H2", "the slope itself below 0", /slope|dA|alone|left out/i, (d, Z, s) =>
    d.map((x: number, i: number, j: number) => (Z.get(i, j) > 0 ? x : s)),
  ),
  w(
    "H4",
    "the mask is leaky's value",
    /leaky|derivative|itself/i,
    deeper({ dZ2: ({ dA2, Z2, s }) => dA2.hadamard(Z2.map((z) => leaky(z, s))) }),
  ),
  w("T2", "the step before the velocity is new", /old|before|velocity|V/, (W, V, d, eta, mu) => ({
    V: V.scale(mu).plus(d),
    W: W.minus(V.scale(eta)),
  })),
];
