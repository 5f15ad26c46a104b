/**
 * The second round: 50 more wrong answers of other kinds, among them whole losses, types and answers that depend on calls; each
 * with words that its cause must be told with. Frozen before the first round's kinds were mended.
 */
import { Matrix } from "../../src/matrix";
import { deeper } from "./deeper-backward";
import { bw, lossOf, mask, part, sm, type WrongAnswer, w, zeros } from "./wrong-answers";

const column = (values: readonly number[]) => Matrix.fromRows(values.map((value) => [value]));
const rows = (Z: Matrix) => Z.toRows() as number[][];

/** All 50. */
export const round2: readonly WrongAnswer[] = [
  // E1, E3
  w("E1", "the bias once for every input", /b1/, (X, W, b) => X.times(W).plusRow(b.scale(X.cols))),
  w("E1", "the absolute value of the weights", /absolute.*W1|W1.*absolute|\|W1\|/i, (X, W, b) =>
    X.times(W.map(Math.abs)).plusRow(b),
  ),
  w("E1", "a sum of sums instead of products", /add|sum/i, (X, W, b) =>
    Matrix.generate(X.rows, W.cols, (i, h) => {
      let s = b.data[h];
      for (let d = 0; d < X.cols; d++) s += X.get(i, d) + W.get(d, h);
      return s;
    }),
  ),
  w("E3", "rows, not a Matrix", /array/i, (A, W, b) => A.times(W).plusRow(b).toRows()),
  w("E3", "a Promise", /Promise|async/i, async (A, W, b) => A.times(W).plusRow(b)),
  w("E3", "the bias inside the loop", /b2/, (A, W, b) =>
    Matrix.generate(A.rows, W.cols, (i, c) => {
      let s = 0;
      for (let h = 0; h < A.cols; h++) s += A.get(i, h) * W.get(h, c) + b.data[c];
      return s;
    }),
  ),
  // E2
  w("E2", "sigmoid", /sigmoid/i, (Z) => Z.map((z: number) => 1 / (1 + Math.exp(-z)))),
  w("E2", "the derivative", /derivative|ReLU′|1 where|step|ReLU'/i, (Z) => mask(Z)),
  w("E2", "swish", /sigmoid|swish|SiLU/i, (Z) => Z.map((z: number) => z / (1 + Math.exp(-z)))),
  w("E2", "nothing comes back", /return/i, (Z) => {
    Z.map((z: number) => Math.max(0, z));
  }),
  w("E2", "over the end", /no entry|further|beyond|one too far|column|row/i, (Z) => {
    const A = zeros(Z.rows, Z.cols);
    for (let i = 0; i < Z.rows; i++) for (let h = 0; h <= Z.cols; h++) A.set(i, h, Math.max(0, Z.get(i, h)));
    return A;
  }),
  // E4
  w("E4", "no maximum subtracted", /maximum|overflow|NaN|∞|infin/i, (Z) => {
    const e = Z.map(Math.exp);
    return e.map((x: number, i: number) => x / e.row(i).sum());
  }),
  w("E4", "the exponentials alone", /sum|divid|normal/i, (Z) =>
    Matrix.fromRows(rows(Z).map((z) => z.map((x) => Math.exp(x - Math.max(...z))))),
  ),
  w("E4", "squares instead of exponentials", /square/i, (Z) =>
    Matrix.fromRows(
      rows(Z).map((z) => {
        const s = z.reduce((total, x) => total + x * x, 0);
        return z.map((x) => (x * x) / s);
      }),
    ),
  ),
  w("E4", "the log of it", /log/i, (Z) => sm(Z).map(Math.log)),
  w("E4", "one sum for all samples", /sample|row|all/i, (Z) => {
    const m = Math.max(...Z.data);
    const e = Z.map((z: number) => Math.exp(z - m));
    return e.scale(1 / e.sum());
  }),
  // E5, E6
  w("E5", "the mean over the classes", /C|mean/, (A, Y) =>
    column(rows(A).map((_, i) => lossOf(A.row(i), Y.row(i)) / A.cols)),
  ),
  w("E5", "binary cross-entropy", /1 − a|1 − A|binary|other classes/i, (A, Y) =>
    column(
      rows(A).map((row, i) => row.reduce((s, a, j) => s - (Y.get(i, j) === 1 ? Math.log(a) : Math.log(1 - a)), 0)),
    ),
  ),
  w("E5", "squared error", /square/i, (A, Y) =>
    A.minus(Y)
      .map((d: number) => d * d)
      .rowSums(),
  ),
  w("E6", "the sign missing", /sign/i, (A, Y) => -lossOf(A, Y)),
  w("E6", "the sum", /N times|sum/i, (A, Y) => lossOf(A, Y) * A.rows),
  w("E6", "the probability, not its log", /ln|log/i, (A, Y) => -A.hadamard(Y).sum() / A.rows),
  w("E6", "log of a number and 1e-9", /1e−9/, (A, Y) => {
    let total = 0;
    for (let i = 0; i < A.rows; i++)
      for (let j = 0; j < A.cols; j++) total -= Y.get(i, j) * Math.log(A.get(i, j) + 1e-9);
    return total / A.rows;
  }),
  w("E6", "the median", /.*/, (A, Y) => {
    const all = rows(A)
      .map((_, i) => lossOf(A.row(i), Y.row(i)))
      .sort((a, b) => a - b);
    return all[Math.floor(all.length / 2)];
  }),
  // E7–E10
  w("E7", "the sign", /sign/, (A, Y) =>
    Y.map((y: number, i: number, j: number) => (y === 0 ? 0 : y / A.get(i, j) / A.rows)),
  ),
  w("E7", "0/0 gets through", /NaN|0\/0|∞|infin/i, (A, Y) =>
    Y.map((y: number, i: number, j: number) => -y / (A.get(i, j) * y) / A.rows),
  ),
  w("E7", "1 − y over 1 − a as well", /1 −|other class|binary|is not 0|should be 0/i, (A, Y) =>
    Y.map((y: number, i: number, j: number) => (-y / A.get(i, j) + (1 - y) / (1 - A.get(i, j))) / A.rows),
  ),
  w("E8", "the outer product alone", /diagonal|δ|outer/i, (a) =>
    Matrix.generate(a.cols, a.cols, (j, k) => -a.data[j] * a.data[k]),
  ),
  w("E8", "a row of a(1 − a)", /shape|1×|C×C|diagonal/i, (a) => a.map((x: number) => x * (1 - x))),
  w("E9", "divided by N twice", /N/, (A, Y) => A.minus(Y).scale(1 / A.rows ** 2)),
  w("E9", "only the true class", /true class/i, (A, Y) =>
    A.map((a: number, i: number, j: number) => (Y.get(i, j) === 1 ? (a - 1) / A.rows : 0)),
  ),
  w("E10", "1 − A2 for the label", /1 −|sign|true class|Y/i, (A, Y) =>
    A.map((a: number, i: number, j: number) => (Y.get(i, j) === 1 ? 1 - a : a) / A.rows),
  ),
  w("E10", "of the logits' sigmoid: times a(1 − a)", /A2|a\(1|1 − A|times/i, (A, Y) =>
    A.minus(Y).map((d: number, i: number, j: number) => (d * A.get(i, j) * (1 - A.get(i, j))) / A.rows),
  ),
  // E11–E17
  w("E11", "dZ2ᵀA1", /transpos|swapped|dZ2ᵀ|factors/i, (A, d) => d.T.times(A)),
  w("E11", "signs only", /sign/i, (A, d) => A.T.times(d.map(Math.sign))),
  w("E12", "over the classes", /class|row|column/i, (d) => d.rowSums()),
  w("E12", "the last class left at 0", /last column/i, (d) =>
    d.columnSums().map((x: number, _: number, j: number) => (j === d.cols - 1 ? 0 : x)),
  ),
  w("E13", "without ᵀ where it fits", /transpos|square|shape/i, (d, W) =>
    W.rows === W.cols ? d.times(W) : d.times(W.T),
  ),
  w("E13", "weights normalised", /W2/, (d, W) => d.times(W.scale(1 / W.norm()).T)),
  w("E15", "the mask in the classes: ReLU on dZ2", /ReLU.*dZ2|dZ2.*(ReLU|above 0)/i, (d, W, Z) =>
    d
      .map((x: number) => Math.max(0, x))
      .times(W.T)
      .hadamard(mask(Z)),
  ),
  w(
    "E15",
    "the mask of the first call",
    /earlier calls|two answers/i,
    (() => {
      let kept: Matrix | undefined;
      return (d: Matrix, W: Matrix, Z: Matrix) => {
        if (kept?.shape !== Z.shape) kept = mask(Z);
        return d.times(W.T).hadamard(kept as Matrix);
      };
    })(),
  ),
  w("E16", "X centred", /X.*mean|mean.*X/i, (X, d) => {
    const m = X.columnSums().scale(1 / X.rows);
    return X.map((x: number, _: number, j: number) => x - m.data[j]).T.times(d);
  }),
  w("E17", "doubled", /2 times|twice/i, (d) => d.columnSums().scale(2)),
  // backward
  w(
    "backward",
    "dA1 from the softmax's input",
    /A2|Z2|dZ2/,
    bw({ dA1: ({ A2, W2, N }) => A2.scale(1 / N).times(W2.T) }),
  ),
  w("backward", "keys misspelt", /dW2/, (X, Y, p, c) => {
    const { dW2, ...rest } = bw({})(X, Y, p, c) as Record<string, Matrix>;
    return { ...rest, dw2: dW2 };
  }),
  // exercises
  w("F2", "the maximum of Z without T", /T|maximum/, (Z, T) =>
    Matrix.fromRows(
      rows(Z).map((z) => {
        const e = z.map((x) => Math.exp(x - Math.max(...z)) / T);
        const s = e.reduce((a, b) => a + b, 0);
        return e.map((x) => x / s);
      }),
    ),
  ),
  w("O3", "weights at A2 as they stand", /w/, (A, Y, e, v) =>
    A.map((a: number, i: number, j: number) => (v.data[j] * (a - ((1 - e) * Y.get(i, j) + e / A.cols))) / A.rows),
  ),
  w("O5", "the penalty twice", /2|lambda|λ/, (d, b, l) => d.columnSums().plus(b.scale(2 * l))),
  w("H1", "tanh′ of A as if it were Z", /tanh/, (d, Z) =>
    d.map((x: number, i: number, j: number) => x * (1 - Math.tanh(Math.tanh(Z.get(i, j))) ** 2)),
  ),
  w("H5", "tanh′ left out", /tanh/, deeper({ dZ1: ({ dA1 }) => part(dA1, 0, dA1.rows) })),
];
