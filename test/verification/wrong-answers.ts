/**
 * Wrong answers that learners write, written down before the search was first run, each with words that its cause must be told
 * with. `verify` is to refuse all of them, and to say why.
 */
import type { Cache } from "../../src/forward";
import { Matrix } from "../../src/matrix";

// biome-ignore lint/suspicious/noExplicitAny: a learner's function may have any signature
export type F = (...args: any[]) => unknown;

/** One wrong answer. */
export interface WrongAnswer {
  readonly id: string;
  /** What it is, for a report. */
  readonly what: string;
  /** What a sentence on its cause must match. */
  readonly told: RegExp;
  readonly f: F;
}

export const sm = (Z: Matrix) => {
  const rows = Z.toRows().map((z) => {
    const m = Math.max(...z);
    const e = z.map((x) => Math.exp(x - m));
    const s = e.reduce((a, b) => a + b, 0);
    return e.map((x) => x / s);
  });
  return Matrix.fromRows(rows);
};
export const mask = (Z: Matrix) => Z.map((z) => (z > 0 ? 1 : 0));
export const lossOf = (A: Matrix, Y: Matrix) => {
  let total = 0;
  for (let i = 0; i < A.rows; i++)
    for (let j = 0; j < A.cols; j++) if (Y.get(i, j) === 1) total -= Math.log(A.get(i, j));
  return total / A.rows;
};
const logsOf = (A: Matrix, Y: Matrix, f: (a: number) => number, n = A.rows) => {
  let total = 0;
  for (let i = 0; i < A.rows; i++) for (let j = 0; j < A.cols; j++) if (Y.get(i, j) === 1) total -= f(A.get(i, j));
  return total / n;
};
export const zeros = (rows: number, cols: number) => Matrix.zeros(rows, cols);
export const part = (M: Matrix, from: number, to: number) => Matrix.fromRows(M.toRows().slice(from, to));

export interface All extends Cache {
  X: Matrix;
  Y: Matrix;
  W1: Matrix;
  b1: Matrix;
  W2: Matrix;
  b2: Matrix;
  N: number;
  dZ2: Matrix;
  dW2: Matrix;
  db2: Matrix;
  dA1: Matrix;
  dZ1: Matrix;
  dW1: Matrix;
}

/** A right `backward` with some steps replaced; what comes later builds on them. */
export function bw(
  steps: Partial<Record<"dZ2" | "dW2" | "db2" | "dA1" | "dZ1" | "dW1" | "db1", (c: All) => Matrix>>,
): F {
  return (X: Matrix, Y: Matrix, parameters: Record<string, Matrix>, cache: Record<string, Matrix>) => {
    const c = { X, Y, N: X.rows, ...parameters, ...cache } as unknown as All & Record<string, Matrix>;
    const right: Record<string, (c: All) => Matrix> = {
      dZ2: ({ A2, N }) => A2.minus(Y).scale(1 / N),
      dW2: ({ A1, dZ2 }) => A1.T.times(dZ2),
      db2: ({ dZ2 }) => dZ2.columnSums(),
      dA1: ({ dZ2, W2 }) => dZ2.times(W2.T),
      dZ1: ({ dA1, Z1 }) => dA1.hadamard(mask(Z1)),
      dW1: ({ dZ1 }) => X.T.times(dZ1),
      db1: ({ dZ1 }) => dZ1.columnSums(),
    };
    const result: Record<string, Matrix> = {};
    for (const name of Object.keys(right)) {
      const made = ((steps as Record<string, (c: All) => Matrix>)[name] ?? right[name])(c);
      (c as Record<string, unknown>)[name] = made;
      result[name] = made;
    }
    return result;
  };
}

export const w = (id: string, what: string, told: RegExp, f: F): WrongAnswer => ({ id, what, told, f });

/** All of them. */
export const wrongAnswers: readonly WrongAnswer[] = [
  // E1, E3
  w("E1", "bias N times", /N times b1|b1.*N times/i, (X, W, b) => X.times(W).plusRow(b.scale(X.rows))),
  w("E1", "bias halved", /1\/2 times b1|0\.5/i, (X, W, b) => X.times(W).plusRow(b.scale(0.5))),
  w("E1", "ReLU at once", /ReLU|negative/i, (X, W, b) =>
    X.times(W)
      .plusRow(b)
      .map((z: number) => Math.max(0, z)),
  ),
  w("E1", "last input missing", /last input/i, (X, W, b) => {
    const Z = zeros(X.rows, W.cols);
    for (let i = 0; i < X.rows; i++)
      for (let h = 0; h < W.cols; h++)
        for (let d = 0; d < X.cols - 1; d++) Z.data[i * W.cols + h] += X.get(i, d) * W.get(d, h);
    return Z.plusRow(b);
  }),
  w("E1", "first input missing", /first input/i, (X, W, b) => {
    const Z = zeros(X.rows, W.cols);
    for (let i = 0; i < X.rows; i++)
      for (let h = 0; h < W.cols; h++)
        for (let d = 1; d < X.cols; d++) Z.data[i * W.cols + h] += X.get(i, d) * W.get(d, h);
    return Z.plusRow(b);
  }),
  w("E1", "bias of the first unit for all", /b1/i, (X, W, b) => X.times(W).map((z: number) => z + b.data[0])),
  w("E1", "bias shifted", /b1/i, (X, W, b) =>
    X.times(W).map((z: number, _: number, j: number) => z + b.data[(j + 1) % b.cols]),
  ),
  w("E1", "product with the bias", /multiplying|b1/i, (X, W, b) =>
    X.times(W).map((z: number, _: number, j: number) => z * b.data[j]),
  ),
  w("E1", "a sum that runs on", /runs on/i, (X, W, b) => {
    const Z = zeros(X.rows, W.cols);
    let s = 0;
    for (let i = 0; i < X.rows; i++)
      for (let h = 0; h < W.cols; h++) {
        for (let d = 0; d < X.cols; d++) s += X.get(i, d) * W.get(d, h);
        s += b.data[h];
        Z.data[i * W.cols + h] = s;
      }
    return Z;
  }),
  w("E3", "bias missing", /b2|product alone/i, (X, W) => X.times(W)),
  w("E3", "rounded to 3 decimals", /3 decimals/i, (X, W, b) =>
    X.times(W)
      .plusRow(b)
      .map((z: number) => Number(z.toFixed(3))),
  ),
  w("E3", "single row", /row 0/i, (X, W, b) => {
    const Z = zeros(X.rows, W.cols);
    for (let i = 0; i < X.rows; ) {
      const z = X.row(i).times(W).plusRow(b);
      for (let c = 0; c < W.cols; c++) Z.data[i * W.cols + c] = z.data[c];
      return Z;
    }
    return Z;
  }),
  // E2
  w("E2", "tanh", /tanh/i, (Z) => Z.map(Math.tanh)),
  w("E2", "GELU", /GELU/i, (Z) =>
    Z.map((z: number) => 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3)))),
  ),
  w("E2", "leaky 0.3", /leaky.*0\.3/i, (Z) => Z.map((z: number) => (z > 0 ? z : 0.3 * z))),
  w("E2", "whole numbers", /whole/i, (Z) => Z.map((z: number) => Math.max(0, z) | 0)),
  w("E2", "cut at 6", /6/i, (Z) => Z.map((z: number) => Math.min(6, Math.max(0, z)))),
  w("E2", "cut at 2", /2/i, (Z) => Z.map((z: number) => Math.min(2, Math.max(0, z)))),
  w("E2", "z > 0.5", /0\.5/i, (Z) => Z.map((z: number) => (z > 0.5 ? z : 0))),
  w("E2", "squared", /square/i, (Z) => Z.map((z: number) => Math.max(0, z) ** 2)),
  w("E2", "last column missing", /last column/i, (Z) =>
    Z.map((z: number, _: number, j: number) => (j < Z.cols - 1 ? Math.max(0, z) : 0)),
  ),
  w("E2", "negated", /sign|minimum/i, (Z) => Z.map((z: number) => -Math.max(0, z))),
  // E4
  w("E4", "softmax twice", /softmax/i, (Z) => sm(sm(Z))),
  w("E4", "e / (sum + 1e-8)", /1e−8/i, (Z) =>
    Matrix.fromRows(
      Z.toRows().map((z: number[]) => {
        const m = Math.max(...z);
        const e = z.map((x) => Math.exp(x - m));
        const s = e.reduce((a, b) => a + b, 0) + 1e-8;
        return e.map((x) => x / s);
      }),
    ),
  ),
  w("E4", "toFixed(6)", /6 decimals/i, (Z) => sm(Z).map((p) => Number(p.toFixed(6)))),
  w("E4", "temperature √C", /√C/i, (Z) => sm(Z.scale(1 / Math.sqrt(Z.cols)))),
  w("E4", "temperature 2", /1\/2|0\.5/i, (Z) => sm(Z.scale(0.5))),
  w("E4", "expm1", /expm1|e\^z − 1/i, (Z) =>
    Matrix.fromRows(
      Z.toRows().map((z: number[]) => {
        const m = Math.max(...z);
        const e = z.map((x) => Math.expm1(x - m));
        const s = e.reduce((a, b) => a + b, 0);
        return e.map((x) => x / s);
      }),
    ),
  ),
  w("E4", "divided by the row's maximum", /maximum/i, (Z) =>
    Matrix.fromRows(
      Z.toRows().map((z: number[]) => {
        const m = Math.max(...z);
        const e = z.map((x) => Math.exp(x - m));
        const s = Math.max(...e);
        return e.map((x) => x / s);
      }),
    ),
  ),
  w("E4", "reduce from 1", /1 added/i, (Z) =>
    Matrix.fromRows(
      Z.toRows().map((z: number[]) => {
        const m = Math.max(...z);
        const e = z.map((x) => Math.exp(x - m));
        const s = e.reduce((a, b) => a + b, 1);
        return e.map((x) => x / s);
      }),
    ),
  ),
  w("E4", "last class left out of the sum", /last class/i, (Z) =>
    Matrix.fromRows(
      Z.toRows().map((z: number[]) => {
        const m = Math.max(...z);
        const e = z.map((x) => Math.exp(x - m));
        const s = e.slice(0, -1).reduce((a, b) => a + b, 0);
        return e.map((x) => x / s);
      }),
    ),
  ),
  w("E4", "mean in place of sum", /mean|C times/i, (Z) => sm(Z).scale(Z.cols)),
  w("E4", "ReLU on the logits", /ReLU/i, (Z) => sm(Z.map((z: number) => Math.max(0, z)))),
  w("E4", "a sum that is not reset", /sum|factor|row/i, (Z) => {
    let s = 0;
    return Matrix.fromRows(
      Z.toRows().map((z: number[]) => {
        const m = Math.max(...z);
        const e = z.map((x) => Math.exp(x - m));
        for (const x of e) s += x;
        return e.map((x) => x / s);
      }),
    );
  }),
  // E5, E6
  w("E5", "softmax of A2", /softmax/i, (A, Y) =>
    Matrix.fromRows(A.toRows().map((_: number[], i: number) => [logsOf(sm(A).row(i), Y.row(i), Math.log)])),
  ),
  w("E5", "log base C", /log|factor|times/i, (A, Y) =>
    Matrix.fromRows(
      A.toRows().map((_: number[], i: number) => [logsOf(A.row(i), Y.row(i), Math.log) / Math.log(A.cols)]),
    ),
  ),
  w("E5", "log1p", /log1p|1 \+ a|1 added/i, (A, Y) =>
    Matrix.fromRows(A.toRows().map((_: number[], i: number) => [logsOf(A.row(i), Y.row(i), Math.log1p)])),
  ),
  w("E5", "every row gets the mean", /equal/i, (A, Y) => Matrix.fromRows(A.toRows().map(() => [lossOf(A, Y)]))),
  w("E5", "a row instead of a column", /transposed|wrong way/i, (A, Y) =>
    Matrix.fromRows([A.toRows().map((_: number[], i: number) => logsOf(A.row(i), Y.row(i), Math.log))]),
  ),
  w("E6", "1×1 Matrix", /1×1 Matrix/i, (A, Y) => Matrix.fromRows([[lossOf(A, Y)]])),
  w("E6", "return inside the loop", /first sample|only/i, (A, Y) => {
    for (let i = 0; i < A.rows; ) {
      return logsOf(A.row(i), Y.row(i), Math.log) / A.rows;
    }
  }),
  w("E6", "only the last sample", /last sample/i, (A, Y) => {
    let t = 0;
    for (let i = 0; i < A.rows; i++) t = logsOf(A.row(i), Y.row(i), Math.log);
    return t / A.rows;
  }),
  w("E6", "last sample missing", /last sample/i, (A, Y) => {
    let t = 0;
    for (let i = 0; i < A.rows - 1; i++) t += logsOf(A.row(i), Y.row(i), Math.log);
    return t / A.rows;
  }),
  w("E6", "N − 1", /N|1/i, (A, Y) => (A.rows > 1 ? (lossOf(A, Y) * A.rows) / (A.rows - 1) : lossOf(A, Y))),
  w("E6", "divided by C", /C/, (A, Y) => (lossOf(A, Y) * A.rows) / A.cols),
  w("E6", "rounded to 2", /2 decimals/i, (A, Y) => Math.round(lossOf(A, Y) * 100) / 100),
  w("E6", "labels one class on", /class|label|Y/i, (A, Y) =>
    logsOf(
      A,
      Y.map((_: number, i: number, j: number) => Y.get(i, (j + 1) % Y.cols)),
      Math.log,
    ),
  ),
  w(
    "E6",
    "half squared error",
    /square/i,
    (A, Y) =>
      A.minus(Y)
        .map((d: number) => d * d)
        .sum() /
      A.rows /
      2,
  ),
  w("E6", "a string", /string/i, (A, Y) => lossOf(A, Y).toFixed(4)),
  // E7
  w("E7", "sign and 1/N", /sign|minus|N/i, (A, Y) =>
    Y.map((y: number, i: number, j: number) => (y === 0 ? 0 : y / A.get(i, j))),
  ),
  w("E7", "upside down", /places|upside|over/i, (A, Y) =>
    Y.map((y: number, i: number, j: number) => (y === 0 ? 0 : -A.get(i, j) / A.rows)),
  ),
  w("E7", "A of the next sample", /row|sample/i, (A, Y) =>
    Y.map((y: number, i: number, j: number) => (y === 0 ? 0 : -1 / A.get((i + 1) % A.rows, j) / A.rows)),
  ),
  w("E7", "1e-7 added", /1e−7/i, (A, Y) =>
    Y.map((y: number, i: number, j: number) => -y / (A.get(i, j) + 1e-7) / A.rows),
  ),
  // E8
  w("E8", "transposed indices in the bracket", /a|J|diagonal/i, (a) =>
    Matrix.generate(a.cols, a.cols, (j, k) => a.data[k] * ((j === k ? 1 : 0) - a.data[k])),
  ),
  w("E8", "1 − a everywhere", /.*/i, (a) => Matrix.generate(a.cols, a.cols, (j, k) => a.data[j] * (1 - a.data[k]))),
  w("E8", "only the first row", /row 0/i, (a) =>
    Matrix.generate(a.cols, a.cols, (j, k) => (j === 0 ? a.data[j] * ((j === k ? 1 : 0) - a.data[k]) : 0)),
  ),
  w("E8", "last column missing", /last column/i, (a) =>
    Matrix.generate(a.cols, a.cols, (j, k) => (k < a.cols - 1 ? a.data[j] * ((j === k ? 1 : 0) - a.data[k]) : 0)),
  ),
  // E9, E10
  w("E10", "1/N on A2 only", /1\/N|Y/i, (A, Y) => A.scale(1 / A.rows).minus(Y)),
  w("E10", "absolute", /negative|absolute/i, (A, Y) =>
    A.minus(Y)
      .map(Math.abs)
      .scale(1 / A.rows),
  ),
  w("E10", "softmax again", /softmax/i, (A, Y) =>
    sm(A)
      .minus(Y)
      .scale(1 / A.rows),
  ),
  w("E10", "plus", /adding|\+/i, (A, Y) => A.plus(Y).scale(1 / A.rows)),
  w("E10", "smoothed labels 0.1", /smooth|0\.1/i, (A, Y) =>
    A.minus(Y.map((y: number) => 0.9 * y + 0.1 / Y.cols)).scale(1 / A.rows),
  ),
  w("E10", "one class on", /class|label|Y/i, (A, Y) =>
    A.map((a: number, i: number, j: number) => (a - Y.get(i, (j + 1) % Y.cols)) / A.rows),
  ),
  w("E10", "clipped at 0.1", /0\.1/i, (A, Y) =>
    A.minus(Y)
      .scale(1 / A.rows)
      .map((x: number) => Math.max(-0.1, Math.min(0.1, x))),
  ),
  w("E10", "arg max for A2", /largest|arg max|all others/i, (A, Y) =>
    A.map((a: number, i: number, j: number) => ((a === Math.max(...A.row(i).data) ? 1 : 0) - Y.get(i, j)) / A.rows),
  ),
  w("E10", "rows normalised", /length|divided/i, (A, Y) => {
    const M = A.minus(Y);
    return M.map(
      (x: number, i: number) =>
        x /
        Math.sqrt(
          M.row(i)
            .map((y: number) => y * y)
            .sum(),
        ),
    );
  }),
  w("E10", "divided by √N", /√N/i, (A, Y) => A.minus(Y).scale(1 / Math.sqrt(A.rows))),
  w("E9", "2/N", /2/i, (A, Y) => A.minus(Y).scale(2 / A.rows)),
  w("E9", "float32", /single precision|7 digits/i, (A, Y) =>
    A.minus(Y)
      .scale(1 / A.rows)
      .map(Math.fround),
  ),
  // E11, E16
  w("E11", "last sample missing", /last sample/i, (A, d) =>
    part(A, 0, Math.max(1, A.rows - 1))
      .T.times(part(d, 0, Math.max(1, d.rows - 1)))
      .scale(A.rows > 1 ? 1 : 0),
  ),
  w("E11", "dZ2 one row on", /dZ2|row|sample/i, (A, d) =>
    A.T.times(Matrix.fromRows([...d.toRows().slice(1), d.toRows()[0]])),
  ),
  w(
    "E11",
    "flat transposed result",
    /wrong places|column after column/i,
    (A, d) => new Matrix(A.cols, d.cols, d.T.times(A).data),
  ),
  w("E11", "column 0 empty", /column 0/i, (A, d) =>
    A.T.times(d).map((x: number, _: number, j: number) => (j === 0 ? 0 : x)),
  ),
  w("E11", "weight decay 0.01", /A1|plus|right answer|places|entries|times/i, (A, d) =>
    A.T.times(d).map((x: number) => x + 0.01),
  ),
  w("E11", "Int32Array", /Int32Array/i, (A, d) => Int32Array.from(A.T.times(d).data)),
  w("E11", "ReLU of A1 again is harmless, of dZ2 not", /ReLU.*dZ2|dZ2.*ReLU/i, (A, d) =>
    A.T.times(d.map((x: number) => Math.max(0, x))),
  ),
  w("E16", "X squared", /square.*X|X.*square/i, (X, d) => X.map((x: number) => x * x).T.times(d)),
  w(
    "E16",
    "memo by shape",
    /two answers/i,
    (() => {
      const memo: Record<string, Matrix> = {};
      return (X: Matrix, d: Matrix) => (memo[X.shape + d.shape] ??= X.T.times(d));
    })(),
  ),
  w("E16", "index over the end", /no entry|further|beyond|one too far/i, (X, d) => {
    const W = zeros(X.cols, d.cols);
    for (let i = 0; i <= X.rows; i++)
      for (let a = 0; a < X.cols; a++)
        for (let b = 0; b < d.cols; b++) W.data[a * d.cols + b] += X.get(i, a) * d.get(i, b);
    return W;
  }),
  // E12, E17
  w("E12", "last sample missing", /last sample/i, (d) =>
    Matrix.fromRows([
      d.toRows()[0].map((_: number, j: number) =>
        d
          .toRows()
          .slice(0, -1)
          .reduce((s: number, r: number[]) => s + r[j], 0),
      ),
    ]),
  ),
  w(
    "E12",
    "a buffer never zeroed",
    /two answers/i,
    (() => {
      const keep: Record<number, number[]> = {};
      return (d: Matrix) => {
        keep[d.cols] ??= new Array(d.cols).fill(0);
        const b = keep[d.cols];
        for (let i = 0; i < d.rows; i++) for (let j = 0; j < d.cols; j++) b[j] += d.get(i, j);
        return Matrix.fromRows([b]);
      };
    })(),
  ),
  w("E12", "product", /product/i, (d) =>
    Matrix.fromRows([
      d.toRows()[0].map((_: number, j: number) => d.toRows().reduce((s: number, r: number[]) => s * r[j], 1)),
    ]),
  ),
  w("E17", "absolute values summed", /absolute/i, (d) => d.map(Math.abs).columnSums()),
  w("E17", "a running sum", /runs on/i, (d) => {
    let s = 0;
    return Matrix.fromRows([
      d.toRows()[0].map((_: number, j: number) => {
        for (let i = 0; i < d.rows; i++) s += d.get(i, j);
        return s;
      }),
    ]);
  }),
  w("E17", "divided by the units", /H/, (d) => d.columnSums().scale(1 / d.cols)),
  // E13, E15
  w("E13", "W2 reshaped", /reshaped/i, (d, W) => d.times(new Matrix(W.cols, W.rows, W.data.slice()))),
  w("E13", "k < W2.rows", /up to H|H/i, (d, W) =>
    Matrix.generate(d.rows, W.rows, (i, h) => {
      let s = 0;
      for (let k = 0; k < Math.min(W.rows, W.cols); k++) s += d.get(i, k) * W.get(h, k);
      return s;
    }),
  ),
  w("E13", "first class missing", /first class/i, (d, W) =>
    Matrix.generate(d.rows, W.rows, (i, h) => {
      let s = 0;
      for (let k = 1; k < W.cols; k++) s += d.get(i, k) * W.get(h, k);
      return s;
    }),
  ),
  w("E13", "last row missing", /last row/i, (d, W) =>
    d.times(W.T).map((x: number, i: number) => (i < d.rows - 1 ? x : 0)),
  ),
  w("E15", "tanh′", /tanh/i, (d, W, Z) =>
    d.times(W.T).map((x: number, i: number, j: number) => x * (1 - Math.tanh(Z.get(i, j)) ** 2)),
  ),
  w("E15", "leaky 0.05", /0\.05/i, (d, W, Z) =>
    d.times(W.T).map((x: number, i: number, j: number) => (Z.get(i, j) > 0 ? x : 0.05 * x)),
  ),
  w("E15", "mask of the sign of dA1", /dA1/i, (d, W) => d.times(W.T).map((x: number) => Math.max(0, x))),
  w("E15", "mask before", /dZ1|row|entries|Z1|mask/i, (d, W, Z) => d.times(W.T).hadamard(Z)),
  w("E14", "z > 0.1", /0\.1/i, (Z) => Z.map((z: number) => (z > 0.1 ? 1 : 0))),
  w("E14", "not zero", /not 0/i, (Z) => Z.map((z: number) => (z !== 0 ? 1 : 0))),
  w("E14", "returns rows", /array/i, (Z) => Z.toRows().map((r: number[]) => r.map((z) => (z > 0 ? 1 : 0)))),
  // whole backwards
  w("backward", "dW2 from Z1", /Z1/, bw({ dW2: ({ Z1, dZ2 }) => Z1.T.times(dZ2) })),
  w("backward", "dA1 with dW2", /dW2/, bw({ dA1: ({ dZ2, dW2 }) => dZ2.times(dW2.T) })),
  w(
    "backward",
    "dA1 with stepped W2",
    /W2 \+|−0\.5|dW2/,
    bw({ dA1: ({ dZ2, W2, dW2 }) => dZ2.times(W2.minus(dW2.scale(0.5)).T) }),
  ),
  w(
    "backward",
    "dA1 masked in place",
    /one Matrix/i,
    bw({
      dZ1: ({ dA1, Z1 }) => {
        for (let k = 0; k < dA1.data.length; k++) if (!(Z1.data[k] > 0)) dA1.data[k] = 0;
        return dA1;
      },
    }),
  ),
  w("backward", "db1 from dA1", /dA1/, bw({ db1: ({ dA1 }) => dA1.columnSums() })),
  w("backward", "dZ1 masked by A2's argmax … by X", /dZ1|entries/i, bw({ dZ1: ({ dA1, Z1 }) => dA1.hadamard(Z1) })),
  w(
    "backward",
    "1/N at each weight",
    /1\/N|weight|once|convention/i,
    bw({
      dZ2: ({ A2, Y }) => A2.minus(Y),
      dW2: ({ A1, dZ2, N }) => A1.T.times(dZ2).scale(1 / N),
      db2: ({ dZ2, N }) => dZ2.columnSums().scale(1 / N),
      dW1: ({ X, dZ1, N }) => X.T.times(dZ1).scale(1 / N),
      db1: ({ dZ1, N }) => dZ1.columnSums().scale(1 / N),
    }),
  ),
  w(
    "backward",
    "a kept A1",
    /two answers/i,
    (() => {
      let kept: Matrix | undefined;
      return bw({
        dW2: (c) => {
          kept ??= c.A1;
          return (kept.shape === c.A1.shape ? kept : c.A1).T.times(c.dZ2);
        },
      });
    })(),
  ),
  w(
    "backward",
    "dW1 last sample missing",
    /last sample/i,
    bw({
      dW1: ({ X, dZ1 }) =>
        Matrix.generate(X.cols, dZ1.cols, (a, b) => {
          let s = 0;
          for (let i = 0; i < X.rows - 1; i++) s += X.get(i, a) * dZ1.get(i, b);
          return s;
        }),
    }),
  ),
  w("backward", "L2 in dW2", /W2/, bw({ dW2: ({ A1, dZ2, W2 }) => A1.T.times(dZ2).plus(W2.scale(0.1)) })),
];
