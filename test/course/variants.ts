/** Right solutions that look nothing like the instructor's. */

/** Other ways to be right: loops, map and reduce, other names inside, other algebra. */
export const variants: readonly { assignment: string; id: string; exercises: string[]; code: string }[] = [
  {
    assignment: "forward-pass",
    id: "F1",
    exercises: ["F1"],
    code: `
function leakyRelu(input: Matrix, s: number): Matrix {
  const out = Matrix.zeros(input.rows, input.cols);
  for (let i = 0; i < input.rows; i++) for (let j = 0; j < input.cols; j++) out.data[i * input.cols + j] = (s > 1 ? Math.min : Math.max)(input.get(i, j), s * input.get(i, j));
  return out;
}`,
  },
  {
    assignment: "forward-pass",
    id: "F2",
    exercises: ["F2"],
    code: `
const softmaxWithTemperature = (logits: Matrix, t: number) => Matrix.fromRows(logits.toRows().map((row) => {
  const scaled = row.map((z) => z / t);
  const m = scaled.reduce((a, b) => (a > b ? a : b));
  const e = scaled.map((z) => Math.exp(z - m));
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / total);
}));`,
  },
  {
    assignment: "forward-pass",
    id: "F3",
    exercises: ["F3"],
    code: `
function smoothedCrossEntropy(Z2: Matrix, Y: Matrix, epsilon: number): number {
  const losses = Z2.toRows().map((z, i) => {
    const m = Math.max(...z);
    const lse = Math.log(z.map((x) => Math.exp(x - m)).reduce((a, b) => a + b));
    const logs = z.map((x) => x - m - lse);
    const uniform = logs.reduce((a, b) => a + b, 0) / z.length;
    const own = logs[Y.toRows()[i].indexOf(1)];
    return -(1 - epsilon) * own - epsilon * uniform;
  });
  return losses.reduce((a, b) => a + b) / losses.length;
}`,
  },
  {
    assignment: "output-layer",
    id: "O1",
    exercises: ["O1"],
    code: `
function temperatureJacobian(a: Matrix, T: number): Matrix {
  const J: number[][] = [];
  for (let j = 0; j < a.cols; j++) {
    J.push([]);
    for (let k = 0; k < a.cols; k++) J[j].push(j === k ? a.data[j] * (1 - a.data[j]) / T : -a.data[j] * a.data[k] / T);
  }
  return Matrix.fromRows(J);
}`,
  },
  {
    assignment: "output-layer",
    id: "O2",
    exercises: ["O2"],
    code: `
function gradZ2WithTemperature(A2: Matrix, Y: Matrix, T: number): Matrix {
  return Matrix.generate(A2.rows, A2.cols, (i, k) => (A2.get(i, k) - Y.get(i, k)) / T / A2.rows);
}`,
  },
  {
    assignment: "output-layer",
    id: "O3",
    exercises: ["O3"],
    code: `
function gradZ2Weighted(A2: Matrix, Y: Matrix, epsilon: number, w: Matrix): Matrix {
  const [N, C] = [A2.rows, A2.cols];
  const out = Matrix.zeros(N, C);
  for (let i = 0; i < N; i++) for (let k = 0; k < C; k++) for (let j = 0; j < C; j++) {
    const t = (1 - epsilon) * Y.get(i, j) + epsilon / C;
    out.data[i * C + k] += (w.data[j] * t * (A2.get(i, k) - (j === k ? 1 : 0))) / N;
  }
  return out;
}`,
  },
  {
    assignment: "output-layer",
    id: "O4",
    exercises: ["O4"],
    code: `
function gradW2WithPenalty(A1: Matrix, dZ2: Matrix, W2: Matrix, lambda: number): Matrix {
  let sum = W2.scale(lambda);
  for (let i = 0; i < A1.rows; i++) sum = sum.plus(A1.row(i).T.times(dZ2.row(i)));
  return sum;
}`,
  },
  {
    assignment: "output-layer",
    id: "O5",
    exercises: ["O5"],
    code: `
function gradB2WithPenalty(dZ2: Matrix, b2: Matrix, lambda: number): Matrix {
  return Matrix.fromRows([b2.toRows()[0].map((b, k) => dZ2.toRows().reduce((s, row) => s + row[k], 0) + lambda * b)]);
}`,
  },
  {
    assignment: "hidden-layers",
    id: "H1",
    exercises: ["H1"],
    code: `
function gradThroughTanh(dA: Matrix, Z: Matrix): Matrix {
  return dA.hadamard(Z.map((z) => 1 / Math.cosh(z) ** 2));
}`,
  },
  {
    assignment: "hidden-layers",
    id: "H2",
    exercises: ["H2"],
    code: `
function gradThroughLeakyRelu(dA: Matrix, Z: Matrix, slope: number): Matrix {
  return dA.hadamard(Z.map((z) => (z <= 0 ? slope : 1)));
}`,
  },
  {
    assignment: "hidden-layers",
    id: "backward",
    exercises: ["H3", "H4", "H5"],
    code: `
function backward(X: Matrix, Y: Matrix, p: Parameters, c: Cache, slope: number): Record<string, Matrix> {
  const g: Record<string, Matrix> = {};
  g.dZ3 = c.A3.map((a, i, j) => (a - Y.get(i, j)) / Y.rows);
  const affine = (layer: number, input: Matrix) => {
    const dZ = g["dZ" + layer];
    g["dW" + layer] = Matrix.generate(input.cols, dZ.cols, (h, k) => { let s = 0; for (let i = 0; i < dZ.rows; i++) s += input.get(i, h) * dZ.get(i, k); return s; });
    g["db" + layer] = Matrix.generate(1, dZ.cols, (_, k) => { let s = 0; for (let i = 0; i < dZ.rows; i++) s += dZ.get(i, k); return s; });
  };
  affine(3, c.A2);
  g.dA2 = g.dZ3.times(p.W3.T);
  g.dZ2 = gradThroughLeakyRelu(g.dA2, c.Z2, slope);
  affine(2, c.A1);
  g.dA1 = g.dZ2.times(p.W2.T);
  g.dZ1 = g.dA1.hadamard(c.A1.map((a) => (1 - a) * (1 + a)));
  affine(1, X);
  return g;
}`,
  },
  {
    assignment: "train-it",
    id: "T1",
    exercises: ["T1"],
    code: `
function findWrongEntries(loss: (W: Matrix) => number, W: Matrix, gradient: Matrix): Matrix {
  const marks = Matrix.zeros(W.rows, W.cols);
  for (let k = 0; k < W.data.length; k++) {
    const up = W.copy(), down = W.copy();
    up.data[k] += 1e-6; down.data[k] -= 1e-6;
    const g = (loss(up) - loss(down)) / 2e-6;
    const largest = Math.max(Math.abs(g), Math.abs(gradient.data[k]));
    if (largest > 1e-6 && Math.abs(g - gradient.data[k]) / largest > 1e-3) marks.data[k] = 1;
  }
  return marks;
}`,
  },
  {
    assignment: "train-it",
    id: "T2",
    exercises: ["T2"],
    code: `
function momentumStep(W: Matrix, V: Matrix, dW: Matrix, eta: number, mu: number) {
  const v = Matrix.generate(W.rows, W.cols, (i, j) => mu * V.get(i, j) + dW.get(i, j));
  return { V: v, W: W.map((w, i, j) => w - eta * v.get(i, j)) };
}`,
  },
];
