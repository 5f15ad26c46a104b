import { describe, expect, it } from "vitest";
import { backward, type Gradients } from "../../src/backward";
import type { Samples } from "../../src/data/samples";
import { forward, type Parameters } from "../../src/forward";
import type { Matrix } from "../../src/matrix";
import { sgdStep, trainingStep } from "../../src/train";
import { verify } from "../../src/verify";

const trained = ({ X, Y }: Samples, p: Parameters, eta: number) => sgdStep(p, backward(X, Y, p, forward(X, p)), eta);

describe("a step of gradient descent", () => {
  it("is right as src has it, and with any seed", () => {
    expect(verify("sgdStep", sgdStep).toString()).toMatch(/^✓ sgdStep: exactly equal/);
    expect(verify("sgdStep", sgdStep, { seed: 7 }).passed).toBe(true);
  });

  it.each([
    ["uphill", (p: Parameters, g: Gradients, eta: number) => sgdStep(p, g, -eta)],
    ["no-rate", (p: Parameters, g: Gradients) => sgdStep(p, g, 1)],
    ["nothing-moved", (p: Parameters) => ({ ...p })],
    ["two-steps", (p: Parameters, g: Gradients, eta: number) => sgdStep(p, g, 2 * eta)],
  ])("is told %s", (id, wrong) => {
    const verdict = verify("sgdStep", wrong);
    expect(verdict.passed).toBe(false);
    expect(verdict.misconception?.id).toBe(id);
    expect(verdict.message).toContain(verdict.misconception?.hint);
  });

  it("says which parameters are right where one is not", () => {
    const forgotten = (p: Parameters, g: Gradients, eta: number) => ({ ...sgdStep(p, g, eta), b2: p.b2 });
    expect(verify("sgdStep", forgotten).message).toMatch(
      /^b2\[0, \d\] should be .* W1, b1, W2 are right\. Nothing has moved/,
    );
  });

  it.each([
    ["not written yet", () => fail("not written yet"), "It is not written yet."],
    ["a missing parameter", (p: Parameters) => ({ W1: p.W1 }), "The result has no b1"],
    ["a matrix", (p: Parameters) => p.W1, "expected { W1, b1, W2, b2 }"],
    ["nothing", () => undefined, "a result that is undefined; expected { W1, b1, W2, b2 }"],
    ["another shape", (p: Parameters) => ({ ...p, b1: p.W1 }), "expected 1×"],
    ["a changed argument", (p: Parameters) => change(p), "changed its argument W1"],
  ])("is told %s", (_, wrong, said) => {
    const verdict = verify("sgdStep", wrong as never);
    expect(verdict.passed).toBe(false);
    expect(verdict.message).toContain(said);
  });

  it("refuses a NaN", () => {
    const verdict = verify("sgdStep", (p: Parameters) => ({ ...p, b1: p.b1.map(() => Number.NaN) }));
    expect(verdict.passed).toBe(false);
  });
});

describe("a step that trains", () => {
  it("is right as src has it, and in its parts", () => {
    expect(verify("trainingStep", trainingStep).passed).toBe(true);
    expect(verify("trainingStep", trained).toString()).toMatch(/^✓ trainingStep: .*Checked against: dual numbers\.$/);
  });

  it.each([
    ["sum-of-samples", (s: Samples, p: Parameters, eta: number) => trained(s, p, eta * s.X.rows)],
    ["divided-twice", (s: Samples, p: Parameters, eta: number) => trained(s, p, eta / s.X.rows)],
    ["uphill", (s: Samples, p: Parameters, eta: number) => trained(s, p, -eta)],
  ])("is told %s", (id, wrong) => {
    expect(verify("trainingStep", wrong).misconception?.id).toBe(id);
  });
});

describe("a step that learns from something else", () => {
  const one = (Y: Matrix, by: number) => Y.map((_, i, j) => Y.get(i, (j + by + Y.cols) % Y.cols));
  const rows = (M: Matrix, from: (i: number) => number) => M.map((_, i, j) => M.get(from(i), j));
  it.each<[string, (s: Samples, p: Parameters, eta: number) => unknown]>([
    ["labels-one-on", ({ X, Y }, p, eta) => trained({ X, Y: one(Y, -1) }, p, eta)],
    ["labels-one-back", ({ X, Y }, p, eta) => trained({ X, Y: one(Y, 1) }, p, eta)],
    ["labels-apart", ({ X, Y }, p, eta) => trained({ X, Y: rows(Y, (i) => (i + 1) % Y.rows) }, p, eta)],
    ["labels-reversed", ({ X, Y }, p, eta) => trained({ X, Y: rows(Y, (i) => Y.rows - 1 - i) }, p, eta)],
    ["first-sample-only", ({ X, Y }, p, eta) => trained({ X: X.row(0), Y: Y.row(0) }, p, eta)],
    [
      "updated-before-backward",
      ({ X, Y }, p, eta) => {
        const cache = forward(X, p);
        const { dW2 } = backward(X, Y, p, cache);
        return sgdStep(p, backward(X, Y, { ...p, W2: p.W2.minus(dW2.scale(eta)) }, cache), eta);
      },
    ],
    ["nothing-moved", (s, p, eta) => ({ ...trained(s, p, eta), W1: p.W1, b1: p.b1 })],
    ["nothing-moved", (s, p, eta) => ({ ...trained(s, p, eta), b1: p.b1, b2: p.b2 })],
  ])("is told %s", (id, wrong) => {
    const verdict = verify("trainingStep", wrong as never);
    expect(verdict.passed).toBe(false);
    expect(verdict.misconception?.id).toBe(id);
  });
});

function fail(message: string): never {
  throw new Error(message);
}

function change(parameters: Parameters): Parameters {
  parameters.W1.data[0] += 1;
  return parameters;
}
