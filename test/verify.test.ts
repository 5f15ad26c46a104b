import { afterEach, describe, expect, it, vi } from "vitest";
import { affine, centralDifference, crossEntropy, gradW2, type Matrix, reluPrime, softmax } from "../src";
import { equations } from "../src/equations";
import type { Implementation } from "../src/equations/equation";
import { assertVerified, verify } from "../src/verify";

describe("a verdict", () => {
  it("of a right answer says so, with its errors, tolerances, oracles and seed", () => {
    const verdict = verify("E4", softmax, { seed: 3 });
    expect(verdict).toMatchObject({ passed: true, equation: "E4", functionName: "softmax", seed: 3 });
    expect(verdict.maxAbsError).toBeLessThan(1e-14);
    expect(verdict.maxRelError).toBeLessThan(1e-12);
    expect(verdict.tolerance.absolute).toBeGreaterThan(0);
    expect(verdict.tolerance.relative).toBeGreaterThan(0);
    expect(verdict.worst).toBeUndefined();
    expect(verdict.misconception).toBeUndefined();
    expect(verdict.oracles).toEqual(["30-digit arithmetic", "PyTorch"]);
    expect(String(verdict)).toMatch(/^✓ E4 softmax: equal up to rounding on \d+ sets of inputs/);
  });

  it("of an answer without any error says “exactly equal”", () => {
    expect(verify("E14", reluPrime).message).toMatch(/^exactly equal/);
  });

  it("of a wrong answer has the worst entry, expected and got, and the mistake with its hint", () => {
    const verdict = verify("E11", (A1: Matrix, dZ2: Matrix) => A1.T.times(dZ2).scale(-1));
    expect(verdict.passed).toBe(false);
    expect(verdict.misconception).toEqual({ id: "sign-flipped", hint: expect.any(String) });
    const { row, col, expected, got, tolerance } = verdict.worst as NonNullable<typeof verdict.worst>;
    expect(got).toBeCloseTo(-expected, 12);
    expect(tolerance).toBeLessThan(1e-10);
    expect(verdict.comparison?.expected.get(row, col)).toBe(expected);
    expect(verdict.comparison?.got.get(row, col)).toBe(got);
    expect(verdict.message).toContain(`dW2[${row}, ${col}] should be`);
    expect(verdict.message).toContain((verdict.misconception as { hint: string }).hint);
    expect(String(verdict)).toMatch(/^✗ E11 gradW2: /);
  });

  it("is the same every time for one seed, and its inputs differ for another", () => {
    const seen: number[][] = [];
    const spy = (A1: Matrix, dZ2: Matrix) => {
      seen.push(Array.from(A1.data));
      return gradW2(A1, dZ2);
    };
    expect(verify("E11", spy, { seed: 5 })).toEqual(verify("E11", spy, { seed: 5 }));
    const half = seen.length / 2;
    expect(seen.slice(half)).toEqual(seen.slice(0, half));
    verify("E11", spy, { seed: 6 });
    expect(seen[2 * half]).not.toEqual(seen[0]);
  });

  it("rests on two oracles or more for every equation", () => {
    for (const { id, reference } of equations) {
      const derivatives = ["dual numbers", "central differences", "PyTorch"];
      expect(verify(id, reference).oracles, id).toEqual(
        expect.arrayContaining(Number(id.slice(1)) < 7 ? ["30-digit arithmetic", "PyTorch"] : derivatives),
      );
    }
    for (const id of ["E8", "E9", "E10"]) {
      const { reference } = equations.find((entry) => entry.id === id) as (typeof equations)[number];
      expect(verify(id, reference).oracles).toContain("rational numbers");
    }
  });

  it("verify throws for an unknown equation or a seed that is not whole, and says what was expected", () => {
    expect(() => verify("E18", gradW2)).toThrow(
      'verify: there is no equation "E18"; expected E1 … E17, "backward", "sgdStep" or "trainingStep"',
    );
    expect(() => verify("E11", gradW2, { seed: 0.5 })).toThrow("verify: seed is 0.5; expected a whole number");
  });

  it("assertVerified returns the verdict of a right answer and throws the text of a wrong one", () => {
    expect(assertVerified("E11", gradW2).passed).toBe(true);
    expect(() => assertVerified("E11", (A1: Matrix) => A1)).toThrow(/^✗ E11 gradW2: /);
  });
});

describe("the oracles alone decide", () => {
  afterEach(() => {
    vi.doUnmock("../src/backward");
    vi.doUnmock("../src/forward");
    vi.resetModules();
  });

  /** `verify` and the registry, loaded anew with every equation of `src` put through `spoil`. */
  async function withSpoiltEquations(spoil: (right: unknown) => unknown) {
    vi.resetModules();
    for (const module of ["../src/backward", "../src/forward"]) {
      vi.doMock(module, async (original) => {
        const exports = (await original()) as Record<string, Implementation>;
        const spoilt = Object.entries(exports).map(([name, f]) => [name, (...args: unknown[]) => spoil(f(...args))]);
        return Object.fromEntries(spoilt);
      });
    }
    const [{ verify }, { equations }] = await Promise.all([import("../src/verify"), import("../src/equations")]);
    return { verify, equations };
  }

  it("with every equation of `src` replaced by zeros, `src` fails and a right answer passes", async () => {
    const zero = (right: unknown) => (typeof right === "number" ? 0 : (right as Matrix).map(() => 0));
    const spoilt = await withSpoiltEquations(zero);
    for (const [k, { id, reference }] of spoilt.equations.entries()) {
      expect(spoilt.verify(id, reference).passed, `${id} of zeros`).toBe(false);
      expect(spoilt.verify(id, equations[k].reference).passed, `${id} done right`).toBe(true);
    }
  });

  it("with every equation of `src` twice as large, `src` fails and a right answer passes", async () => {
    const twice = (right: unknown) => (typeof right === "number" ? 2 * right : (right as Matrix).scale(2));
    const spoilt = await withSpoiltEquations(twice);
    for (const [k, { id, reference }] of spoilt.equations.entries()) {
      expect(spoilt.verify(id, reference).passed, `${id} doubled`).toBe(false);
      expect(spoilt.verify(id, equations[k].reference).passed, `${id} done right`).toBe(true);
    }
  });
});

it("the central difference of ReLU at 0 is ½, and only the convention says 0", () => {
  const slope = centralDifference((z) => Math.max(0, z), 0);
  expect(slope).toMatchObject({ central: 0.5, left: 0, right: 1, kink: true });
  expect(verify("E14", (Z: Matrix) => Z.map((z) => (z > 0 ? 1 : z === 0 ? 0.5 : 0))).misconception?.id).toBe(
    "half-at-0",
  );
});

it("E3 and E6 take the notes' names into their sentences", () => {
  expect(verify("E3", (X: Matrix, W: Matrix) => X.times(W)).message).toContain("The product A1·W2 is right.");
  expect(verify("E3", affine).passed).toBe(true);
  expect(verify("E6", (A2: Matrix, Y: Matrix) => crossEntropy(A2, Y) * A2.rows).misconception?.id).toBe(
    "summed-instead-of-averaged",
  );
});
