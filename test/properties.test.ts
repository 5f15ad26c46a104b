import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  backward,
  type Gradients,
  gradA1,
  gradB1,
  gradB2,
  gradW1,
  gradW2,
  gradZ1,
  gradZ2,
  gradZ2ByChainRule,
  reluPrime,
  softmaxJacobian,
} from "../src/backward";
import { crossEntropy, crossEntropyFromLogits, forward, type Parameters, softmax } from "../src/forward";
import { centralDifference } from "../src/gradcheck";
import { Matrix } from "../src/matrix";

const { EPSILON } = Number;
const { abs, max } = Math;

/** Checks a property on random inputs, always the same ones; what fails is made as small as it can be. */
function holds<Inputs extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof Inputs]: fc.Arbitrary<Inputs[K]> },
  property: (...inputs: Inputs) => void,
): void {
  fc.assert(fc.property(...arbitraries, property), { seed: 20, numRuns: 300 });
}

const size = fc.integer({ min: 1, max: 6 });

/** Numbers spread evenly over [−limit, limit], and now and then 0 or a number of any magnitude. */
function entry(limit: number): fc.Arbitrary<number> {
  const even = fc.integer({ min: -(2 ** 30), max: 2 ** 30 }).map((k) => (limit * k) / 2 ** 30);
  const any = fc.double({ min: -limit, max: limit, noNaN: true }).map((x) => (abs(x) < 1e-100 ? 0 : x));
  return fc.oneof(
    { weight: 10, arbitrary: even },
    { weight: 1, arbitrary: any },
    { weight: 1, arbitrary: fc.constant(0) },
  );
}

function matrix(rows: number, cols: number, limit = 3): fc.Arbitrary<Matrix> {
  const row = fc.array(entry(limit), { minLength: cols, maxLength: cols });
  return fc.array(row, { minLength: rows, maxLength: rows }).map((entries) => Matrix.fromRows(entries));
}

function labels(N: number, C: number): fc.Arbitrary<Matrix> {
  return fc
    .array(fc.integer({ min: 0, max: C - 1 }), { minLength: N, maxLength: N })
    .map((classes) => Matrix.generate(N, C, (i, j) => (classes[i] === j ? 1 : 0)));
}

function order(n: number): fc.Arbitrary<number[]> {
  const numbers = Array.from({ length: n }, (_, i) => i);
  return fc.shuffledSubarray(numbers, { minLength: n, maxLength: n });
}

interface Logits {
  readonly Z2: Matrix;
  readonly Y: Matrix;
}

/** Logits within ±limit, and labels. */
function logits(limit: number): fc.Arbitrary<Logits> {
  return fc.record({ N: size, C: size }).chain(({ N, C }) => fc.record({ Z2: matrix(N, C, limit), Y: labels(N, C) }));
}

interface Network {
  readonly X: Matrix;
  readonly Y: Matrix;
  readonly parameters: Parameters;
}

function networkOf(N: number, D: number, H: number, C: number): fc.Arbitrary<Network> {
  return fc.record({ X: matrix(N, D), Y: labels(N, C), parameters: parametersOf(D, H, C) });
}

function parametersOf(D: number, H: number, C: number): fc.Arbitrary<Parameters> {
  return fc.record({ W1: matrix(D, H), b1: matrix(1, H), W2: matrix(H, C), b2: matrix(1, C) });
}

const sizes = fc.record({ N: size, D: size, H: size, C: size });
const network = sizes.chain(({ N, D, H, C }) => networkOf(N, D, H, C));

function gradientsOf({ X, Y, parameters }: Network): Gradients {
  return backward(X, Y, parameters, forward(X, parameters));
}

function lossOf({ X, Y, parameters }: Network): number {
  return crossEntropyFromLogits(forward(X, parameters).Z2, Y);
}

/** The matrix whose row i is row `order[i]` of A. */
function rowsInOrder(A: Matrix, order: readonly number[]): Matrix {
  return A.map((_, i, j) => A.get(order[i], j));
}

function columnsInOrder(A: Matrix, order: readonly number[]): Matrix {
  return A.map((_, i, j) => A.get(i, order[j]));
}

function largest(A: Matrix): number {
  return A.data.reduce((m, x) => max(m, abs(x)), 0);
}

/** Entry by entry, |Δ| ≤ tolerance. */
function expectWithin(got: Matrix, expected: Matrix, tolerance: number, name = ""): void {
  expect(got.shape, name).toBe(expected.shape);
  expect(largest(got.minus(expected)), name).toBeLessThanOrEqual(tolerance);
}

/**
 * How large rounding errors in a network of at most 6×6×6×6 can get. Every symbol is at most a few thousand here, and
 * the logits' errors reach the gradients through the softmax.
 */
function rounding({ X, parameters: { W1, b1, W2, b2 } }: Network): number {
  const [x, w1, w2] = [largest(X), largest(W1), largest(W2)];
  const z1 = 6 * x * w1 + largest(b1);
  const z2 = 6 * z1 * w2 + largest(b2);
  return 64 * EPSILON * (1 + z2) * (1 + z1) * (1 + w2) * (1 + x);
}

describe("products", () => {
  it("(A B)ᵀ = Bᵀ Aᵀ, exactly", () => {
    const pair = fc.record({ m: size, n: size, p: size }).chain(({ m, n, p }) => fc.tuple(matrix(m, n), matrix(n, p)));
    holds([pair], ([A, B]) => {
      expect(B.T.times(A.T)).toEqual(A.times(B).T.toMatrix());
    });
  });
});

describe("the softmax", () => {
  it("has rows of probabilities that sum to 1", () => {
    holds([logits(1000)], ({ Z2 }) => {
      const A2 = softmax(Z2);
      expect(A2.data.every((p) => p >= 0 && p <= 1)).toBe(true);
      expectWithin(
        A2.rowSums(),
        Matrix.generate(Z2.rows, 1, () => 1),
        2 * Z2.cols * EPSILON,
      );
    });
  });

  it("keeps the order of the logits", () => {
    holds([logits(30)], ({ Z2 }) => {
      const A2 = softmax(Z2);
      for (let i = 0; i < Z2.rows; i++) {
        for (let j = 1; j < Z2.cols; j++) {
          if (Z2.get(i, j) > Z2.get(i, 0)) expect(A2.get(i, j)).toBeGreaterThanOrEqual(A2.get(i, 0));
          if (Z2.get(i, j) === Z2.get(i, 0)) expect(A2.get(i, j)).toBe(A2.get(i, 0));
        }
      }
    });
  });

  it("has a symmetric Jacobian, whose rows and columns sum to 0", () => {
    holds([logits(50)], ({ Z2 }) => {
      const a = softmax(Z2).row(0);
      const J = softmaxJacobian(a);
      expectWithin(J, J.T.toMatrix(), 0);
      for (let j = 0; j < a.cols; j++) {
        // Σ_k a_j (δ_jk − a_k): the terms are at most 2 a_j together.
        const bound = 4 * a.cols * EPSILON * a.data[j];
        expect(abs(J.rowSums().data[j])).toBeLessThanOrEqual(bound);
        expect(abs(J.columnSums().data[j])).toBeLessThanOrEqual(bound + 4 * a.cols * EPSILON * a.data[j]);
      }
    });
  });
});

describe("the loss", () => {
  it("from the logits equals the loss from the probabilities where both are finite", () => {
    holds([logits(300)], ({ Z2, Y }) => {
      const fromProbabilities = crossEntropy(softmax(Z2), Y);
      fc.pre(Number.isFinite(fromProbabilities));
      // z − max is up to 600 here, and so its rounding error up to 600 ε on either path.
      const bound = 8 * Z2.cols * EPSILON * (1 + 2 * largest(Z2));
      expect(abs(crossEntropyFromLogits(Z2, Y) - fromProbabilities)).toBeLessThanOrEqual(bound);
    });
  });

  it("and its gradient do not change when the same number is added to every logit of a row", () => {
    holds([logits(20), fc.integer({ min: -1000, max: 1000 }), fc.nat()], ({ Z2, Y }, constant, row) => {
      const shifted = Z2.map((z, i) => (i === row % Z2.rows ? z + constant : z));
      const bound = 8 * Z2.cols * EPSILON * (1 + largest(shifted));
      expect(abs(crossEntropyFromLogits(shifted, Y) - crossEntropyFromLogits(Z2, Y))).toBeLessThanOrEqual(bound);
      expectWithin(gradZ2(softmax(shifted), Y), gradZ2(softmax(Z2), Y), bound);
    });
  });

  it("is not negative, and at least ln 2 where a wrong class is as likely as the true one", () => {
    holds([logits(20)], ({ Z2, Y }) => {
      expect(crossEntropyFromLogits(Z2, Y)).toBeGreaterThanOrEqual(-8 * EPSILON * (1 + largest(Z2)));
      fc.pre(Z2.cols > 1);
      const even = Z2.map(() => 3);
      expect(crossEntropyFromLogits(even, Y)).toBeGreaterThanOrEqual(Math.LN2 - 8 * EPSILON);
    });
  });
});

describe("the gradient with respect to the logits", () => {
  it("has rows that sum to 0", () => {
    holds([logits(700)], ({ Z2, Y }) => {
      const dZ2 = gradZ2(softmax(Z2), Y);
      expectWithin(dZ2.rowSums(), Matrix.zeros(Z2.rows, 1), (4 * Z2.cols * EPSILON) / Z2.rows);
    });
  });

  it("is the same by the chain rule, E9, and in one step, E10", () => {
    holds([logits(150)], ({ Z2, Y }) => {
      const A2 = softmax(Z2);
      const bound = (8 * Z2.cols * EPSILON * 2) / Z2.rows;
      expectWithin(gradZ2ByChainRule(A2, Y), gradZ2(A2, Y), bound);
    });
  });

  it("is negative for the true class and positive for the others", () => {
    holds([logits(30)], ({ Z2, Y }) => {
      gradZ2(softmax(Z2), Y).data.forEach((d, k) => {
        expect(Y.data[k] === 1 ? d <= 0 : d >= 0).toBe(true);
      });
    });
  });
});

describe("the gradients of a network", () => {
  const withSampleOrder = network.chain((net) => fc.tuple(fc.constant(net), order(net.X.rows)));
  const withUnitOrder = network.chain((net) => fc.tuple(fc.constant(net), order(net.parameters.W1.cols)));
  const withClassOrder = network.chain((net) => fc.tuple(fc.constant(net), order(net.Y.cols)));

  it("permute with the samples, and those of the parameters stay the same", () => {
    holds([withSampleOrder], ([net, order]) => {
      const permuted = { ...net, X: rowsInOrder(net.X, order), Y: rowsInOrder(net.Y, order) };
      const [before, after] = [gradientsOf(net), gradientsOf(permuted)];
      for (const name of ["dZ2", "dA1", "dZ1"] as const) {
        expect(after[name], name).toEqual(rowsInOrder(before[name], order));
      }
      for (const name of ["dW2", "db2", "dW1", "db1"] as const) {
        expectWithin(after[name], before[name], rounding(net), name);
      }
      expect(abs(lossOf(permuted) - lossOf(net))).toBeLessThanOrEqual(rounding(net));
    });
  });

  it("permute with the hidden units", () => {
    holds([withUnitOrder], ([net, order]) => {
      const { W1, b1, W2, b2 } = net.parameters;
      const permuted = {
        ...net,
        parameters: {
          W1: columnsInOrder(W1, order),
          b1: columnsInOrder(b1, order),
          W2: rowsInOrder(W2, order),
          b2,
        },
      };
      const [before, after] = [gradientsOf(net), gradientsOf(permuted)];
      const tolerance = rounding(net);
      expectWithin(after.dZ2, before.dZ2, tolerance, "dZ2");
      expectWithin(after.db2, before.db2, tolerance, "db2");
      expectWithin(after.dW2, rowsInOrder(before.dW2, order), tolerance, "dW2");
      for (const name of ["dA1", "dZ1", "dW1", "db1"] as const) {
        expectWithin(after[name], columnsInOrder(before[name], order), tolerance, name);
      }
    });
  });

  it("permute with the classes", () => {
    holds([withClassOrder], ([net, order]) => {
      const { W2, b2, ...hidden } = net.parameters;
      const permuted = {
        ...net,
        Y: columnsInOrder(net.Y, order),
        parameters: { ...hidden, W2: columnsInOrder(W2, order), b2: columnsInOrder(b2, order) },
      };
      const [before, after] = [gradientsOf(net), gradientsOf(permuted)];
      const tolerance = rounding(net);
      for (const name of ["dZ2", "dW2", "db2"] as const) {
        expectWithin(after[name], columnsInOrder(before[name], order), tolerance, name);
      }
      for (const name of ["dA1", "dZ1", "dW1", "db1"] as const) {
        expectWithin(after[name], before[name], tolerance, name);
      }
    });
  });

  it("of the parameters are means: every sample twice changes nothing, dZ2 is halved", () => {
    holds([network], (net) => {
      const twice = (A: Matrix) => Matrix.generate(2 * A.rows, A.cols, (i, j) => A.get(i % A.rows, j));
      const doubled = { ...net, X: twice(net.X), Y: twice(net.Y) };
      const [before, after] = [gradientsOf(net), gradientsOf(doubled)];
      for (const name of ["dW2", "db2", "dW1", "db1"] as const) {
        expectWithin(after[name], before[name], rounding(net), name);
      }
      expectWithin(after.dZ2, twice(before.dZ2).scale(1 / 2), 4 * EPSILON, "dZ2");
      expect(abs(lossOf(doubled) - lossOf(net))).toBeLessThanOrEqual(rounding(net));
    });
  });

  it("of b2 and b1 are what a sample with an input of 1 would add to dW2 and dW1", () => {
    holds([network], (net) => {
      const { dZ2, db2, dZ1, db1 } = gradientsOf(net);
      const ones = Matrix.generate(net.X.rows, 1, () => 1);
      expect(gradW2(ones, dZ2)).toEqual(db2);
      expect(gradW1(ones, dZ1)).toEqual(db1);
    });
  });

  it("project onto any direction as the loss's slope in that direction", () => {
    const withDirection = sizes.chain(({ N, D, H, C }) => fc.tuple(networkOf(N, D, H, C), parametersOf(D, H, C)));
    let compared = 0;
    holds([withDirection], ([net, direction]) => {
      const moved = (t: number): Network => ({
        ...net,
        parameters: {
          W1: net.parameters.W1.plus(direction.W1.scale(t)),
          b1: net.parameters.b1.plus(direction.b1.scale(t)),
          W2: net.parameters.W2.plus(direction.W2.scale(t)),
          b2: net.parameters.b2.plus(direction.b2.scale(t)),
        },
      });
      const step = 1e-5;
      // Where a pre-activation passes 0 on the way, the loss has a kink and no slope.
      const on = (t: number) => forward(net.X, moved(t).parameters).Z1.map(Math.sign).toRows();
      const [before, at, after] = [on(-step), on(0), on(step)];
      fc.pre(JSON.stringify(before) === JSON.stringify(at) && JSON.stringify(after) === JSON.stringify(at));
      const { dW1, db1, dW2, db2 } = gradientsOf(net);
      const inner = (A: Matrix, B: Matrix) => A.hadamard(B).sum();
      const projection =
        inner(dW1, direction.W1) + inner(db1, direction.b1) + inner(dW2, direction.W2) + inner(db2, direction.b2);
      const { central, error } = centralDifference((t) => lossOf(moved(t)), 0, step);
      // The values carry the rounding errors of up to 6 + 1 + 6 + 1 + 6 terms, which are divided by the step.
      const { W1, b1, W2, b2 } = net.parameters;
      const sizeA1 = net.X.map(abs).times(W1.map(abs)).plusRow(b1.map(abs));
      const sizeZ2 = sizeA1.times(W2.map(abs)).plusRow(b2.map(abs));
      const tolerance = 2 * error + (20 * EPSILON * (1 + 2 * largest(sizeZ2))) / step;
      expect(abs(central - projection)).toBeLessThanOrEqual(tolerance);
      if (tolerance < 1e-3 * abs(projection)) compared += 1;
    });
    // Enough of them really decide something.
    expect(compared).toBeGreaterThan(100);
  });
});

describe("E11 to E17 are linear in the upstream gradient", () => {
  const inputs = sizes.chain(({ N, D, H, C }) =>
    fc.record({
      X: matrix(N, D),
      A1: matrix(N, H),
      Z1: matrix(N, H),
      W2: matrix(H, C),
      dZ2: fc.tuple(matrix(N, C), matrix(N, C)),
      dZ1: fc.tuple(matrix(N, H), matrix(N, H)),
      factors: fc.tuple(entry(3), entry(3)),
    }),
  );

  /** f(αG + βG′) = α f(G) + β f(G′), when no sum has more than 6 terms, of at most 3·3 each. */
  function expectLinear(f: (G: Matrix) => Matrix, [G, H]: [Matrix, Matrix], [alpha, beta]: [number, number]): void {
    const whole = f(G.scale(alpha).plus(H.scale(beta)));
    const parts = f(G).scale(alpha).plus(f(H).scale(beta));
    expectWithin(whole, parts, 8 * EPSILON * 6 * 9 * (abs(alpha) + abs(beta)));
  }

  it("E11: dW2", () => {
    holds([inputs], ({ A1, dZ2, factors }) => expectLinear((G) => gradW2(A1, G), dZ2, factors));
  });

  it("E12: db2", () => {
    holds([inputs], ({ dZ2, factors }) => expectLinear(gradB2, dZ2, factors));
  });

  it("E13: dA1", () => {
    holds([inputs], ({ W2, dZ2, factors }) => expectLinear((G) => gradA1(G, W2), dZ2, factors));
  });

  it("E14 and E15: dZ1, which is E13 times E14 and nothing else", () => {
    holds([inputs], ({ Z1, W2, dZ2, factors }) => {
      expectLinear((G) => gradZ1(G, W2, Z1), dZ2, factors);
      expect(gradZ1(dZ2[0], W2, Z1)).toEqual(gradA1(dZ2[0], W2).hadamard(reluPrime(Z1)));
    });
  });

  it("E16: dW1", () => {
    holds([inputs], ({ X, dZ1, factors }) => expectLinear((G) => gradW1(X, G), dZ1, factors));
  });

  it("E17: db1", () => {
    holds([inputs], ({ dZ1, factors }) => expectLinear(gradB1, dZ1, factors));
  });
});
