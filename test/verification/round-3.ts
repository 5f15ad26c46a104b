/**
 * The third round: 50 more, mostly of the exercises and of whole `backward`s, and of mistakes two at once; each with words that its
 * cause must be told with. Frozen before the first round's kinds were mended.
 */
import { Matrix } from "../../src/matrix";
import { deeper } from "./deeper-backward";
import { bw, lossOf, mask, part, sm, type WrongAnswer, w, zeros } from "./wrong-answers";

const rows = (Z: Matrix) => Z.toRows() as number[][];
const leaky = (z: number, s: number) => (z > 0 ? z : s * z);
const smoothed = (Y: Matrix, e: number) => Y.map((y) => (1 - e) * y + e / Y.cols);
const weigh = (M: Matrix, v: Matrix) => M.map((x, _, j) => v.data[j] * x);

/** All 50. */
export const round3: readonly WrongAnswer[] = [
  // the forward pass
  w("E1", "the first unit left out", /column 0|first/i, (X, W, b) =>
    X.times(W)
      .plusRow(b)
      .map((z: number, _: number, j: number) => (j === 0 ? 0 : z)),
  ),
  w("E1", "inputs in reverse order", /revers|order|X|W1/i, (X, W, b) =>
    Matrix.fromRows(rows(X).map((x) => [...x].reverse()))
      .times(W)
      .plusRow(b),
  ),
  w("E2", "the sign of what passes", /sign|1/i, (Z) =>
    Z.map((z: number) => (z > 0 ? 1 : -1) * Math.max(0, Math.abs(z))),
  ),
  w("E2", "z > 0 ? z : −1", /.*/, (Z) => Z.map((z: number) => (z > 0 ? z : -1))),
  w("E3", "A1's ReLU undone: squares", /square/i, (A, W, b) =>
    A.map((a: number) => a * a)
      .times(W)
      .plusRow(b),
  ),
  w("E4", "two decimals", /2 decimals/i, (Z) => sm(Z).map((p) => Math.round(p * 100) / 100)),
  w("E4", "the first row's maximum for all, overflow", /row 0|first|maximum|NaN|∞|infin/i, (Z) => {
    const m = Math.max(...Z.row(0).data);
    const e = Z.map((z: number) => Math.exp(z - m));
    return e.map((x: number, i: number) => x / e.row(i).sum());
  }),
  w("E4", "the first class left out of the sum", /first class/i, (Z) =>
    Matrix.fromRows(
      rows(Z).map((z) => {
        const e = z.map((x) => Math.exp(x - Math.max(...z)));
        const s = e.slice(1).reduce((a, b) => a + b, 0);
        return e.map((x) => x / s);
      }),
    ),
  ),
  w("E5", "log10", /log10|log₁₀|base 10|ln 10|0\.434/i, (A, Y) =>
    A.hadamard(Y)
      .rowSums()
      .map((p: number) => -Math.log10(p)),
  ),
  w("E6", "1 − p", /ln|log|1 −/i, (A, Y) => 1 - A.hadamard(Y).sum() / A.rows),
  w("E6", "a Matrix of the samples' losses", /shape|N×1|number|Matrix/i, (A, Y) =>
    A.hadamard(Y)
      .rowSums()
      .map((p: number) => -Math.log(p)),
  ),
  // the backward pass, an equation at a time
  w("E7", "labels forgotten", /Y|label|other class|should be 0/i, (A, _Y) => A.map((a: number) => -1 / a / A.rows)),
  w("E8", "a_j δ − a_k²", /a|diagonal/i, (a) =>
    Matrix.generate(a.cols, a.cols, (j, k) => (j === k ? a.data[j] : 0) - a.data[k] ** 2),
  ),
  w("E9", "the Jacobian with plus off the diagonal", /sign|plus|diagonal/i, (A, Y) =>
    Y.map((_: number, i: number, k: number) => {
      let s = 0;
      for (let j = 0; j < A.cols; j++) {
        const J = A.get(i, j) * (j === k ? 1 - A.get(i, k) : A.get(i, k));
        s += (-Y.get(i, j) / A.get(i, j)) * J;
      }
      return s / A.rows;
    }),
  ),
  w("E10", "Y − A2, and no 1/N", /sign|N times/i, (A, Y) => Y.minus(A)),
  w("E10", "the first sample missing", /row 0/i, (A, Y) =>
    A.minus(Y).map((d: number, i: number) => (i === 0 ? 0 : d / A.rows)),
  ),
  w("E11", "A1 with its mask's halves: only units that are on in sample 0", /A1|sample|row/i, (A, d) =>
    A.map((a: number, _: number, h: number) => (A.get(0, h) > 0 ? a : 0)).T.times(d),
  ),
  w("E11", "divided by N, and the sign", /N/, (A, d) => A.T.times(d).scale(-1 / A.rows)),
  w("E12", "every second sample", /sample|row/i, (d) =>
    Matrix.fromRows([
      d.toRows()[0].map((_: number, j: number) => {
        let s = 0;
        for (let i = 0; i < d.rows; i += 2) s += d.get(i, j);
        return s;
      }),
    ]),
  ),
  w("E13", "the first class alone", /first class|only/i, (d, W) =>
    Matrix.generate(d.rows, W.rows, (i, h) => d.get(i, 0) * W.get(h, 0)),
  ),
  w("E14", "z > 1", /1/, (Z) => Z.map((z: number) => (z > 1 ? 1 : 0))),
  w("E14", "1 and −1", /sign|−1/i, (Z) => Z.map((z: number) => (z > 0 ? 1 : -1))),
  w("E15", "leaky, and N", /N/, (d, W, Z) =>
    d.times(W.T).map((x: number, i: number, j: number) => (Z.get(i, j) > 0 ? x : 0) / d.rows),
  ),
  w("E15", "the mask of the next sample", /row|sample|Z1/i, (d, W, Z) =>
    d.times(W.T).map((x: number, i: number, j: number) => (Z.get((i + 1) % Z.rows, j) > 0 ? x : 0)),
  ),
  w("E16", "dZ1 only where X is positive", /X.*(ReLU|0)|ReLU.*X/i, (X, d) =>
    X.map((x: number) => Math.max(0, x)).T.times(d),
  ),
  w("E17", "the last unit left at 0", /last column/i, (d) =>
    d.columnSums().map((x: number, _: number, j: number) => (j === d.cols - 1 ? 0 : x)),
  ),
  // whole backwards
  w("backward", "dZ1 without the mask", /mask|ReLU/i, bw({ dZ1: ({ dA1 }) => dA1.copy() })),
  w(
    "backward",
    "the mask of the probabilities' rows: dA1's own sign",
    /dA1|A1/,
    bw({ dZ1: ({ dA1 }) => mask(dA1).hadamard(dA1) }),
  ),
  w("backward", "dW2 twice as large", /2/, bw({ dW2: ({ A1, dZ2 }) => A1.T.times(dZ2).scale(2) })),
  w("backward", "db1 is db2's mean", /dZ2|db2|shape|1×/i, bw({ db1: ({ dZ2 }) => dZ2.columnSums() })),
  w("backward", "weight decay on dW1", /W1/, bw({ dW1: ({ X, dZ1, W1 }) => X.T.times(dZ1).plus(W1.scale(0.01)) })),
  w(
    "backward",
    "clipped gradients",
    /0\.05|cut|above|below/i,
    bw({ dW1: ({ X, dZ1 }) => X.T.times(dZ1).map((x) => Math.max(-0.05, Math.min(0.05, x))) }),
  ),
  w("backward", "dZ2 in place of the cache's A2", /chang/i, (X, Y, p, c) => {
    const result = bw({})(X, Y, p, c) as Record<string, Matrix>;
    for (let k = 0; k < c.A2.data.length; k++) c.A2.data[k] -= Y.data[k];
    return result;
  }),
  w(
    "backward",
    "the first sample missing in db2",
    /first sample|row 0/i,
    bw({ db2: ({ dZ2 }) => dZ2.columnSums().minus(dZ2.row(0)) }),
  ),
  // exercises
  w("F1", "the slope added", /slope|add|plus/i, (Z, s) => Z.map((z: number) => (z > 0 ? z : z + s))),
  w("F1", "a slope of 0.01 whatever is asked", /0\.01|slope/i, (Z, _s) => Z.map((z: number) => leaky(z, 0.01))),
  w("F2", "probabilities over T", /T/, (Z, T) => sm(Z).scale(1 / T)),
  w("F3", "the sum", /N times|sum/i, (Z, Y, e) => -sm(Z).map(Math.log).hadamard(smoothed(Y, e)).sum()),
  w("F3", "no smoothing", /epsilon|ε|smooth|0/i, (Z, Y, _e) => lossOf(sm(Z), Y)),
  w("O1", "T multiplied", /T/, (a, T) =>
    Matrix.generate(a.cols, a.cols, (j, k) => T * a.data[j] * ((j === k ? 1 : 0) - a.data[k])),
  ),
  w("O2", "times T", /T/, (A, Y, T) => A.minus(Y).scale(T / A.rows)),
  w("O3", "no weights", /w/, (A, Y, e, _v) => A.minus(smoothed(Y, e)).scale(1 / A.rows)),
  w("O3", "weights on the labels only", /w|A2|term/, (A, Y, e, v) =>
    A.minus(weigh(smoothed(Y, e), v)).scale(1 / A.rows),
  ),
  w("O4", "the penalty's half", /1\/2|0\.5|half|lambda|λ/i, (A, d, W, l) => A.T.times(d).plus(W.scale(l / 2))),
  w("O4", "the sign of the penalty", /sign|minus|−|lambda|λ/i, (A, d, W, l) => A.T.times(d).minus(W.scale(l))),
  w("H1", "1 − tanh without the square", /square|tanh/i, (d, Z) =>
    d.map((x: number, i: number, j: number) => x * (1 - Math.tanh(Z.get(i, j)))),
  ),
  w("H2", "ReLU′", /slope|0 below|ReLU/i, (d, Z, _s) =>
    d.map((x: number, i: number, j: number) => (Z.get(i, j) > 0 ? x : 0)),
  ),
  w("H3", "dW3 from Z2", /Z2/, deeper({ dW3: ({ Z2, dZ3 }) => Z2.T.times(dZ3) })),
  w(
    "H4",
    "the last sample missing in dW2",
    /last sample/i,
    deeper({
      dW2: ({ A1, dZ2 }) =>
        A1.rows < 2 ? zeros(A1.cols, dZ2.cols) : part(A1, 0, A1.rows - 1).T.times(part(dZ2, 0, dZ2.rows - 1)),
    }),
  ),
  w("T2", "dampening: (1 − μ) of the gradient", /1 − momentum|1 − μ|momentum/i, (W, V, d, eta, mu) => {
    const next = V.scale(mu).plus(d.scale(1 - mu));
    return { V: next, W: W.minus(next.scale(eta)) };
  }),
];
