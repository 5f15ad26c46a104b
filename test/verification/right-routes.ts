/** Right answers by other routes than src's and the formulas': other orders, other brackets, loops, other ways to the same number. */
import { Matrix } from "../../src/matrix";
import type { F } from "./wrong-answers";

/** One right answer. */
export interface RightRoute {
  readonly id: string;
  readonly how: string;
  readonly f: F;
}

const r = (id: string, how: string, f: F): RightRoute => ({ id, how, f });
const make = Matrix.generate;

/** Σ of the numbers, in the order in which `from` counts them. */
const added = (count: number, term: (k: number) => number, from = (k: number) => k) => {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += term(from(k));
  return sum;
};
/** Σ by halves, as a good library adds. */
const pairwise = (from: number, to: number, term: (k: number) => number): number => {
  if (to - from < 2) return from < to ? term(from) : 0;
  const middle = (from + to) >> 1;
  return pairwise(from, middle, term) + pairwise(middle, to, term);
};
/** Σ with the lost digits carried along. */
const compensated = (count: number, term: (k: number) => number) => {
  let [sum, lost] = [0, 0];
  for (let k = 0; k < count; k++) {
    const y = term(k) - lost;
    const t = sum + y;
    if (!Number.isFinite(t)) return added(count, term);
    lost = t - sum - y;
    sum = t;
  }
  return sum;
};
const sums: readonly [string, (count: number, term: (k: number) => number) => number][] = [
  ["summed from first to last", added],
  ["summed from last to first", (count, term) => added(count, term, (k) => count - 1 - k)],
  ["summed by halves", (count, term) => pairwise(0, count, term)],
  ["summed with compensation", compensated],
];
const rowMax = (Z: Matrix, i: number) => Math.max(...Z.row(i).data);
const softmaxes: readonly [string, (Z: Matrix, i: number, j: number) => number][] = [
  [
    "the maximum subtracted",
    (Z, i, j) => Math.exp(Z.get(i, j) - rowMax(Z, i)) / added(Z.cols, (k) => Math.exp(Z.get(i, k) - rowMax(Z, i))),
  ],
  [
    "one over a sum of e to the differences",
    (Z, i, j) => 1 / added(Z.cols, (k) => Math.exp(Z.get(i, k) - Z.get(i, j))),
  ],
  [
    "by log-sum-exp",
    (Z, i, j) => {
      const m = rowMax(Z, i);
      return Math.exp(Z.get(i, j) - m - Math.log(added(Z.cols, (k) => Math.exp(Z.get(i, k) - m))));
    },
  ],
  [
    "the maximum and 1 more subtracted",
    (Z, i, j) => {
      const m = rowMax(Z, i) + 1;
      return Math.exp(Z.get(i, j) - m) / added(Z.cols, (k) => Math.exp(Z.get(i, k) - m));
    },
  ],
  [
    "multiplied by one over the sum",
    (Z, i, j) =>
      Math.exp(Z.get(i, j) - rowMax(Z, i)) * (1 / added(Z.cols, (k) => Math.exp(Z.get(i, k) - rowMax(Z, i)))),
  ],
];

/** −ln of the probability of the true class. */
const rowLoss = (A: Matrix, Y: Matrix, i: number) => -Math.log(A.get(i, Y.row(i).data.indexOf(1)));
const diff = (A: Matrix, Y: Matrix, i: number, j: number) => A.get(i, j) - Y.get(i, j);

/** All of them. */
export const rightRoutes: readonly RightRoute[] = [
  ...sums.flatMap(([how, sum]) => [
    r("E1", how, (X, W, b) =>
      make(X.rows, W.cols, (i, h) => sum(X.cols, (d) => X.get(i, d) * W.get(d, h)) + b.get(0, h)),
    ),
    r("E3", `the bias first, ${how}`, (A, W, b) =>
      make(A.rows, W.cols, (i, c) =>
        sum(A.cols + 1, (h) => (h === 0 ? b.get(0, c) : A.get(i, h - 1) * W.get(h - 1, c))),
      ),
    ),
    r("E6", how, (A, Y) => sum(A.rows, (i) => rowLoss(A, Y, i)) / A.rows),
    r("E6", `each term over N, ${how}`, (A, Y) => sum(A.rows, (i) => rowLoss(A, Y, i) / A.rows)),
    r("E9", how, (A, Y) =>
      make(A.rows, A.cols, (i, k) =>
        sum(A.cols, (j) =>
          Y.get(i, j) === 0 ? 0 : (-1 / A.get(i, j) / A.rows) * (A.get(i, j) * ((j === k ? 1 : 0) - A.get(i, k))),
        ),
      ),
    ),
    r("E11", how, (A, d) => make(A.cols, d.cols, (h, c) => sum(A.rows, (i) => A.get(i, h) * d.get(i, c)))),
    r("E12", how, (d) => make(1, d.cols, (_, c) => sum(d.rows, (i) => d.get(i, c)))),
    r("E13", how, (d, W) => make(d.rows, W.rows, (i, h) => sum(d.cols, (c) => d.get(i, c) * W.get(h, c)))),
    r("E15", how, (d, W, Z) =>
      make(d.rows, W.rows, (i, h) => (Z.get(i, h) > 0 ? sum(d.cols, (c) => d.get(i, c) * W.get(h, c)) : 0)),
    ),
    r("E16", how, (X, d) => make(X.cols, d.cols, (a, h) => sum(X.rows, (i) => X.get(i, a) * d.get(i, h)))),
    r("E17", how, (d) => make(1, d.cols, (_, h) => sum(d.rows, (i) => d.get(i, h)))),
    r("O4", how, (A, d, W, l) =>
      make(W.rows, W.cols, (h, c) => l * W.get(h, c) + sum(A.rows, (i) => A.get(i, h) * d.get(i, c))),
    ),
    r("O5", how, (d, b, l) => make(1, d.cols, (_, c) => b.get(0, c) * l + sum(d.rows, (i) => d.get(i, c)))),
  ]),
  ...softmaxes.flatMap(([how, p]) => [
    r("E4", how, (Z) => make(Z.rows, Z.cols, (i, j) => p(Z, i, j))),
    r("F2", how, (Z, T) => {
      const scaled = Z.scale(1 / T);
      return make(Z.rows, Z.cols, (i, j) => p(scaled, i, j));
    }),
  ]),
  r("E2", "the mean of z and |z|", (Z) => Z.map((z: number) => (z + Math.abs(z)) / 2)),
  r("E2", "z times its mask", (Z) => Z.map((z: number) => z * (z > 0 ? 1 : 0))),
  r("E5", "ln of the sum of y times a", (A, Y) =>
    make(A.rows, 1, (i) => -Math.log(added(A.cols, (j) => Y.get(i, j) * A.get(i, j)))),
  ),
  r("E5", "every term, 0 where y is", (A, Y) =>
    make(A.rows, 1, (i) => added(A.cols, (j) => (Y.get(i, j) ? -Y.get(i, j) * Math.log(A.get(i, j)) : 0))),
  ),
  r("E7", "−1/(N a)", (A, Y) =>
    Y.map((y: number, i: number, j: number) => (y === 0 ? 0 : -1 / (A.rows * A.get(i, j)))),
  ),
  r("E7", "−(y/N)/a", (A, Y) =>
    Y.map((y: number, i: number, j: number) => (y === 0 ? 0 : -(y / A.rows) / A.get(i, j))),
  ),
  r("E8", "diagonal less outer product", (a) =>
    make(a.cols, a.cols, (j, k) => (j === k ? a.data[j] : 0) - a.data[j] * a.data[k]),
  ),
  r("E8", "a case for each", (a) =>
    make(a.cols, a.cols, (j, k) => (j === k ? a.data[j] * (1 - a.data[j]) : -(a.data[j] * a.data[k]))),
  ),
  r("E10", "over N at the end", (A, Y) => A.map((_: number, i: number, j: number) => diff(A, Y, i, j) / A.rows)),
  r("E10", "times 1/N", (A, Y) => A.map((_: number, i: number, j: number) => diff(A, Y, i, j) * (1 / A.rows))),
  r("E10", "over N each", (A, Y) => A.map((a: number, i: number, j: number) => a / A.rows - Y.get(i, j) / A.rows)),
  r("E10", "times 1/N each", (A, Y) => A.scale(1 / A.rows).minus(Y.scale(1 / A.rows))),
  r("E10", "minus (Y − A)/N", (A, Y) => Y.minus(A).scale(-1 / A.rows)),
  r("E14", "the sign, cut at 0", (Z) => Z.map((z: number) => Math.max(0, Math.sign(z)))),
  r("E15", "the mask on W2's side", (d, W, Z) =>
    make(d.rows, W.rows, (i, h) => added(d.cols, (c) => d.get(i, c) * (W.get(h, c) * (Z.get(i, h) > 0 ? 1 : 0)))),
  ),
  r("F1", "by |z|", (Z, s) => Z.map((z: number) => ((1 + s) / 2) * z + ((1 - s) / 2) * Math.abs(z))),
  r("F1", "by min", (Z, s) => Z.map((z: number) => z - (1 - s) * Math.min(z, 0))),
  r("F1", "by max and min", (Z, s) => Z.map((z: number) => Math.max(0, z) + s * Math.min(0, z))),
  r("F1", "by ReLU", (Z, s) => Z.map((z: number) => s * z + (1 - s) * Math.max(0, z))),
  r("F3", "by log-sum-exp and targets", (Z, Y, e) => {
    let loss = 0;
    for (let i = 0; i < Z.rows; i++) {
      const m = rowMax(Z, i);
      const s = Math.log(added(Z.cols, (k) => Math.exp(Z.get(i, k) - m))) + m;
      for (let j = 0; j < Z.cols; j++) loss += ((1 - e) * Y.get(i, j) + e / Z.cols) * (s - Z.get(i, j));
    }
    return loss / Z.rows;
  }),
  r("O1", "over T at the end", (a, T) =>
    make(a.cols, a.cols, (j, k) => (a.data[j] * ((j === k ? 1 : 0) - a.data[k])) / T),
  ),
  r("O1", "times 1/T, term by term", (a, T) =>
    make(a.cols, a.cols, (j, k) => ((j === k ? a.data[j] : 0) - a.data[j] * a.data[k]) * (1 / T)),
  ),
  r("O2", "over N T", (A, Y, T) => A.map((_: number, i: number, j: number) => diff(A, Y, i, j) / (A.rows * T))),
  r("O2", "times 1/T, times 1/N", (A, Y, T) =>
    A.minus(Y)
      .scale(1 / T)
      .scale(1 / A.rows),
  ),
  r("O3", "as the softmax's weighted sum", (A, Y, e, w) =>
    A.map((a: number, i: number, k: number) => {
      const t = (j: number) => w.data[j] * ((1 - e) * Y.get(i, j) + e / A.cols);
      return (a * added(A.cols, t) - t(k)) / A.rows;
    }),
  ),
  r("H1", "by 1 − tanh²", (d, Z) => d.map((x: number, i: number, j: number) => x * (1 - Math.tanh(Z.get(i, j)) ** 2))),
  r("H1", "by (1 − tanh)(1 + tanh)", (d, Z) =>
    d.map((x: number, i: number, j: number) => x * (1 - Math.tanh(Z.get(i, j))) * (1 + Math.tanh(Z.get(i, j)))),
  ),
  r("H1", "by 1/cosh²", (d, Z) => d.map((x: number, i: number, j: number) => x / Math.cosh(Z.get(i, j)) ** 2)),
  r("H2", "by the sign", (d, Z, s) =>
    d.map((x: number, i: number, j: number) => x * ((1 + s) / 2 + (Z.get(i, j) > 0 ? 1 - s : s - 1) / 2)),
  ),
  r("H2", "s and (1 − s) times the mask", (d, Z, s) =>
    d.map((x: number, i: number, j: number) => x * (s + (1 - s) * (Z.get(i, j) > 0 ? 1 : 0))),
  ),
  r("T2", "the step taken apart", (W, V, d, eta, mu) => {
    const next = V.map((v: number, i: number, j: number) => d.get(i, j) + v * mu);
    return { V: next, W: W.map((w: number, i: number, j: number) => w - eta * (mu * V.get(i, j)) - eta * d.get(i, j)) };
  }),
];
