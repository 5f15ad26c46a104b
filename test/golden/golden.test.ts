import { describe, expect, it } from "vitest";
import {
  backward,
  gradA1,
  gradA2,
  gradB1,
  gradB2,
  gradW1,
  gradW2,
  gradZ1,
  gradZ2,
  gradZ2ByChainRule,
  reluPrime,
  softmaxJacobian,
} from "../../src/backward";
import {
  affine,
  crossEntropy,
  crossEntropyFromLogits,
  crossEntropyPerSample,
  forward,
  relu,
  softmax,
} from "../../src/forward";
import { Matrix } from "../../src/matrix";
import golden from "../../src/oracles/golden.json";

const ATOL = 1e-300;
const { EPSILON } = Number;

/** |Δ| ≤ atol + 8 K ε Σ|terms| for every entry, K being the number of terms that an entry sums. */
function expectAgreement(name: string, got: Matrix, torch: Matrix, K: number, terms: Matrix): void {
  expect(got.shape, name).toBe(torch.shape);
  expect(terms.shape, name).toBe(torch.shape);
  got.toRows().forEach((row, i) => {
    row.forEach((x, j) => {
      const bound = ATOL + 8 * K * EPSILON * terms.get(i, j);
      expect(Math.abs(x - torch.get(i, j)), `${name}, row ${i}, column ${j}`).toBeLessThanOrEqual(bound);
    });
  });
}

function abs(A: Matrix): Matrix {
  return A.map(Math.abs);
}

function single(x: number): Matrix {
  return Matrix.fromRows([[x]]);
}

describe("the golden values", () => {
  it("are PyTorch's, in float64, of four networks", () => {
    expect(golden.torch).toMatch(/^\d+\.\d+\.\d+$/);
    expect(golden.dtype).toBe("float64");
    expect(golden.networks.map(({ name }) => name)).toEqual([
      "random",
      "one sample",
      "pre-activations of exactly 0",
      "saturated softmax",
    ]);
  });

  it.each(golden.networks)("have four different sizes and biases that are not 0: “$name”", ({ symbols }) => {
    const { X, W1, W2, b1, b2 } = symbols;
    expect(new Set([X.length, W1.length, W2.length, W2[0].length]).size).toBe(4);
    expect([...b1[0], ...b2[0]].some((b) => b !== 0)).toBe(true);
  });

  it("have the edges that they are named after", () => {
    const [, one, kinks, saturated] = golden.networks;
    expect(one.symbols.X.length).toBe(1);
    expect(kinks.symbols.Z1.flat().filter((z) => z === 0).length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...saturated.symbols.A2.flat())).toBeGreaterThan(0.9999);
  });
});

describe.each(golden.networks)("on PyTorch's network “$name”", ({ symbols }) => {
  const torch = Object.fromEntries(
    Object.entries(symbols).map(([name, rows]) => [name, Matrix.fromRows(rows)]),
  ) as Record<keyof typeof symbols, Matrix>;
  const { X, Y, W1, b1, W2, b2, Z1, A1, Z2, A2, a, dZ2, dZ1 } = torch;
  const [N, D, H, C] = [X.rows, X.cols, W1.cols, W2.cols];

  it("every test below covers a symbol, and every symbol has one", () => {
    const inputs = ["X", "Y", "W1", "b1", "W2", "b2", "a"];
    const compared = ["Z1", "A1", "Z2", "A2", "L", "loss", "dA2", "J", "dZ2", "dW2", "db2", "dA1", "reluPrime"];
    expect([...inputs, ...compared, "dZ1", "dW1", "db1"].sort()).toEqual(Object.keys(symbols).sort());
  });

  it("E1: Z1 is PyTorch's, up to rounding", () => {
    expectAgreement("Z1", affine(X, W1, b1), Z1, D + 1, abs(X).times(abs(W1)).plusRow(abs(b1)));
  });

  it("E2: A1 is PyTorch's, exactly", () => {
    expect(relu(Z1).toRows()).toEqual(symbols.A1);
  });

  it("E3: Z2 is PyTorch's, up to rounding", () => {
    expectAgreement("Z2", affine(A1, W2, b2), Z2, H + 1, abs(A1).times(abs(W2)).plusRow(abs(b2)));
  });

  // A rounding error in z − max is as large as z, and the exponential hands it on as a relative one.
  const exponents = Z2.map((_, i) => 1 + Math.max(...abs(Z2.row(i)).data));

  it("E4: A2 is PyTorch's, up to rounding", () => {
    expectAgreement("A2", softmax(Z2), A2, C, A2.hadamard(exponents));
    expect(a.toRows()).toEqual(A2.row(0).toRows());
  });

  it("E5: each sample's loss is PyTorch's, up to rounding", () => {
    expectAgreement("L", crossEntropyPerSample(A2, Y), torch.L, 1, abs(torch.L));
  });

  it("E6: the loss is PyTorch's, up to rounding, from the probabilities and from the logits", () => {
    expectAgreement("loss", single(crossEntropy(A2, Y)), torch.loss, N, single(abs(torch.L).sum() / N));
    const logits = Z2.map((_, i) => 2 * Math.max(...abs(Z2.row(i)).data) + Math.log(C) + 1);
    const terms = single(logits.sum() / N / C);
    expectAgreement("loss from the logits", single(crossEntropyFromLogits(Z2, Y)), torch.loss, N * C, terms);
  });

  it("E7: dA2 is PyTorch's, up to rounding", () => {
    expectAgreement("dA2", gradA2(A2, Y), torch.dA2, 1, abs(torch.dA2));
  });

  it("E8: the Jacobian of the first sample is PyTorch's, up to rounding", () => {
    const terms = torch.J.map((_, j, k) => a.data[j] * ((j === k ? 1 : 0) + a.data[k]) * exponents.data[0]);
    expectAgreement("J", softmaxJacobian(a), torch.J, C, terms);
  });

  // PyTorch computes exp(ln A2) − Y, so that a rounding error in the logarithm shows as one of A2.
  const logitTerms = A2.hadamard(exponents)
    .plus(Y)
    .scale(1 / N);

  it("E9: dZ2 by the chain rule is PyTorch's, up to rounding", () => {
    expectAgreement("dZ2", gradZ2ByChainRule(A2, Y), dZ2, C, logitTerms);
  });

  it("E10: dZ2 is PyTorch's, up to rounding", () => {
    expectAgreement("dZ2", gradZ2(A2, Y), dZ2, 2, logitTerms);
  });

  it("E11: dW2 is PyTorch's, up to rounding", () => {
    expectAgreement("dW2", gradW2(A1, dZ2), torch.dW2, N, abs(A1).T.times(abs(dZ2)));
  });

  it("E12: db2 is PyTorch's, up to rounding", () => {
    expectAgreement("db2", gradB2(dZ2), torch.db2, N, abs(dZ2).columnSums());
  });

  it("E13: dA1 is PyTorch's, up to rounding", () => {
    expectAgreement("dA1", gradA1(dZ2, W2), torch.dA1, C, abs(dZ2).times(abs(W2).T));
  });

  it("E14: ReLU′ is PyTorch's, exactly, with 0 at 0", () => {
    expect(reluPrime(Z1).toRows()).toEqual(symbols.reluPrime);
  });

  it("E15: dZ1 is PyTorch's, up to rounding", () => {
    expectAgreement("dZ1", gradZ1(dZ2, W2, Z1), dZ1, C, abs(dZ2).times(abs(W2).T).hadamard(torch.reluPrime));
  });

  it("E16: dW1 is PyTorch's, up to rounding", () => {
    expectAgreement("dW1", gradW1(X, dZ1), torch.dW1, N, abs(X).T.times(abs(dZ1)));
  });

  it("E17: db1 is PyTorch's, up to rounding", () => {
    expectAgreement("db1", gradB1(dZ1), torch.db1, N, abs(dZ1).columnSums());
  });

  it("the whole network, forward and backward, is PyTorch's, up to the rounding errors that each step hands on to the next", () => {
    const parameters = { W1, b1, W2, b2 };
    const cache = forward(X, parameters);
    const gradients = backward(X, Y, parameters, cache);

    const sizeZ1 = abs(X).times(abs(W1)).plusRow(abs(b1));
    const sizeZ2 = sizeZ1.times(abs(W2)).plusRow(abs(b2));
    const sizeA2 = A2.map((p, i) => p * (1 + 2 * Math.max(...sizeZ2.row(i).data)));
    const sizeDZ2 = sizeA2.plus(Y).scale(1 / N);
    const sizeDA1 = sizeDZ2.times(abs(W2).T);
    const sizeDZ1 = sizeDA1.hadamard(torch.reluPrime);
    const sizes = {
      Z1: sizeZ1,
      A1: sizeZ1,
      Z2: sizeZ2,
      A2: sizeA2,
      dZ2: sizeDZ2,
      dW2: sizeZ1.T.times(sizeDZ2),
      db2: sizeDZ2.columnSums(),
      dA1: sizeDA1,
      dZ1: sizeDZ1,
      dW1: abs(X).T.times(sizeDZ1),
      db1: sizeDZ1.columnSums(),
    };
    // The longest chain of additions: X W1 + b1, A1 W2 + b2, the softmax, · W2ᵀ, Xᵀ ·.
    const K = D + 1 + (H + 1) + C + C + N;
    const computed = { ...cache, ...gradients };
    for (const name of Object.keys(sizes) as (keyof typeof sizes)[]) {
      expectAgreement(name, computed[name], torch[name], K, sizes[name]);
    }
  });
});
