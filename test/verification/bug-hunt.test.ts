import ts from "typescript";
import { describe, expect, it } from "vitest";
import { bugHunt, forward, Matrix, Random, verify } from "../../src";
import { computed } from "../../src/formula/evaluate";
import { lossFromLogits } from "../../src/formula/notes";
import type { Level, Mend } from "../../src/verification/bug-hunt";

/** What belongs in each step. */
const right: Readonly<Record<string, Mend>> = {
  dZ2: ({ A2, Y, N }) => A2.minus(Y).scale(1 / N),
  dW2: ({ A1, dZ2 }) => A1.T.times(dZ2),
  db2: ({ dZ2 }) => dZ2.columnSums(),
  dA1: ({ dZ2, W2 }) => dZ2.times(W2.T),
  dZ1: ({ dA1, Z1 }) => dA1.hadamard(Z1.greater(0)),
  dW1: ({ X, dZ1 }) => X.T.times(dZ1),
  db1: ({ dZ1 }) => dZ1.columnSums(),
};
const steps = Object.keys(right);

/** The changed steps: those of which the mend is not told to have been right. */
function plantedIn(hunt: ReturnType<typeof bugHunt>): string[] {
  return steps.filter((name) => !hunt.judge({ [name]: right[name] }).message.includes(`${name} was right`));
}

function network(seed: number) {
  const random = new Random(seed);
  const [N, D, H, C] = [9, 4, 5, 3];
  const X = random.normalMatrix(N, D);
  const parameters = {
    W1: random.normalMatrix(D, H),
    b1: random.normalMatrix(1, H),
    W2: random.normalMatrix(H, C),
    b2: random.normalMatrix(1, C),
  };
  const Y = Matrix.generate(N, C, (i, j) => (i % C === j ? 1 : 0));
  return { X, Y, parameters, cache: forward(X, parameters) };
}

const levels: readonly Level[] = [1, 2, 3];

describe.each(levels)("a hunt at level %i", (level) => {
  it("changes as many steps, each of which verify refuses, and is done when all are named and mended", () => {
    for (const seed of [1, 2]) {
      const hunt = bugHunt(seed, level);
      const planted = plantedIn(hunt);
      expect(planted).toHaveLength(level);
      const verdict = verify("backward", hunt.backward);
      expect(verdict.passed).toBe(false);
      expect(verdict.step?.name).toBe(planted[0]);
      const mends = Object.fromEntries(planted.map((name) => [name, right[name]]));
      expect(String(hunt.judge(mends))).toMatch(/^✓/);
    }
  });

  it("is the same for the same seed, and another one for another", () => {
    const codes = [1, 2, 3, 4, 5, 6].map((seed) => bugHunt(seed, level).code);
    expect([1, 2, 3, 4, 5, 6].map((seed) => bugHunt(seed, level).code)).toEqual(codes);
    expect(new Set(codes).size).toBeGreaterThanOrEqual(level === 1 ? 5 : 6);
  });

  it("shows the code that runs", () => {
    for (const seed of [1, 2, 3]) {
      const hunt = bugHunt(seed, level);
      const js = ts.transpile(hunt.code);
      const shown = new Function("Matrix", `${js}; return backward;`)(Matrix) as typeof hunt.backward;
      const { X, Y, parameters, cache } = network(seed);
      const [a, b] = [shown, hunt.backward].map((f) => f(X, Y, { ...parameters }, { ...cache }));
      for (const name of steps) {
        expect(a[name].shape).toBe(b[name].shape);
        expect(a[name].minus(b[name]).norm()).toBeLessThan(1e-12 * (1 + b[name].norm()));
      }
    }
  });

  it("lets the loss fall", () => {
    // Most hunts, on a network that they were not drawn with: there is no promise for every one.
    const falls = [1, 2, 3, 4, 5].filter((seed) => {
      const hunt = bugHunt(seed, level);
      const { X, Y, parameters: start } = network(10 * seed);
      let parameters: Record<string, Matrix> = { ...start };
      const loss = () => computed(lossFromLogits, { ...forward(X, parameters as never), Y }).data[0];
      const before = loss();
      for (let k = 0; k < 60; k++) {
        const d = hunt.backward(X, Y, parameters, { ...forward(X, parameters as never) });
        parameters = Object.fromEntries(
          ["W1", "b1", "W2", "b2"].map((name) => [name, parameters[name].minus(d[`d${name}`].scale(0.1))]),
        );
      }
      return loss() < before;
    });
    expect(falls.length).toBeGreaterThanOrEqual(3);
  });
});

describe("the judge of a hunt", () => {
  const hunt = bugHunt(1, 2);
  const planted = plantedIn(hunt);

  it("says what is left, what was right, and what is not mended yet", () => {
    expect(String(hunt.judge({ [planted[0]]: right[planted[0]] }))).toMatch(/^✗.*is mended.*One left/);
    const innocent = steps.find((name) => !planted.includes(name)) as string;
    expect(String(hunt.judge({ [innocent]: right[innocent] }))).toMatch(/was right as it stood/);
    const all = Object.fromEntries([...planted, innocent].map((name) => [name, right[name]]));
    expect(hunt.judge(all).passed).toBe(false);
    const doubled = { [planted[0]]: (known: Parameters<Mend>[0]) => (right[planted[0]](known) as Matrix).scale(2) };
    expect(String(hunt.judge(doubled))).toMatch(/one of them; the mend is not right yet.*2 times/);
  });

  it("answers nonsense with a sentence", () => {
    expect(String(hunt.judge({ dW9: right.dW2 }))).toMatch(/There is no step dW9; the steps are dZ2, dW2/);
    expect(String(hunt.judge([] as never))).toMatch(/expected an object like/);
    expect(String(hunt.judge({}))).toMatch(/Two left/);
    expect(() => bugHunt(1, 4 as never)).toThrow(/bugHunt: expected a level of 1, 2 or 3, got 4/);
    expect(() => bugHunt(0.5)).toThrow(/bugHunt/);
  });
});
