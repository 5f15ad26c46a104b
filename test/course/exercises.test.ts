import { describe, expect, it } from "vitest";
import { assertVerified, verify } from "../../src/course";
import { exerciseOf, exercises } from "../../src/course/exercises";
import { assignments } from "../../src/course/exercises/exercise";
import type { Misconception } from "../../src/equations/equation";
import { Matrix } from "../../src/matrix";
import { misconceived } from "./misconceived";
import { instructorNotebooks, solutionOf } from "./solutions";

const SEEDS = 8;
/** The exercises of which a call is quick; training on the digits is not. */
const quick = exercises.filter(({ parts }) => parts !== undefined);

describe("the exercises' registry", () => {
  it("has ids of its own, and each assignment has its notebook and several exercises", () => {
    expect(new Set(exercises.map(({ id }) => id)).size).toBe(exercises.length);
    expect([...instructorNotebooks.keys()].sort()).toEqual([...assignments].sort());
    for (const assignment of assignments) {
      expect(exercises.filter((exercise) => exercise.assignment === assignment).length).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(exercises)("$id knows at least six misconceptions, each with an id, a name and a hint", (exercise) => {
    const { misconceptions, latex, title } = exercise;
    expect(misconceptions.length).toBeGreaterThanOrEqual(6);
    for (const { id, name, hint } of misconceptions) {
      expect(id).not.toBe("");
      expect(name).not.toBe("");
      expect(hint.length).toBeGreaterThan(20);
    }
    for (const part of exercise.parts ?? []) {
      const ids = part.misconceptions.map(({ id }) => id);
      expect(new Set(ids).size, ids.join()).toBe(ids.length);
    }
    expect(latex).not.toMatch(/\$/);
    expect(title).not.toBe("");
  });

  it("an unknown id is answered with the known ones", () => {
    expect(() => exerciseOf("F9")).toThrow(/there is no exercise "F9"; expected one of F1, F2/);
    expect(() => verify("E1", () => 0)).toThrow(/there is no exercise "E1"/);
  });
});

describe(`the instructor's solutions, on ${SEEDS} seeds`, () => {
  it.each(quick)(
    "$id $functionName is accepted",
    (exercise) => {
      const solution = solutionOf(exercise);
      for (let seed = 1; seed <= SEEDS; seed++) {
        const verdict = verify(exercise.id, solution, { seed });
        if (!verdict.passed) expect.fail(`seed ${seed}: ${verdict}`);
      }
    },
    300_000,
  );

  it("T3 trainNetwork is accepted on other orders of pixels and classes, too", () => {
    for (const seed of [1, 2]) {
      const verdict = verify("T3", solutionOf(exerciseOf("T3")), { seed });
      if (!verdict.passed) expect.fail(`seed ${seed}: ${verdict}`);
    }
  }, 300_000);
});

describe("every misconception", () => {
  const cases = quick.flatMap((exercise) =>
    (exercise.parts ?? []).flatMap((part) =>
      part.misconceptions.map((misconception) => ({ exercise, part, misconception })),
    ),
  );
  const named = cases.map((c) => ({ ...c, name: `${c.exercise.id} ${c.part.result.name}: ${c.misconception.id}` }));
  // Every fifth is tried by the quick tests, too.
  describe.each([
    ["some", [], named.filter((_, k) => k % 5 === 0)],
    ["the others", ["slow"], named.filter((_, k) => k % 5 !== 0)],
  ] as const)("%s", (_, tags, some) => {
    it.each(some)(
      "$name is rejected on every seed and nearly always named",
      { tags: [...tags], timeout: 120_000 },
      ({ exercise, misconception }) => {
        const wrong = misconceived(exercise, misconception as Misconception, solutionOf(exercise));
        const seeds = 5;
        const missed: string[] = [];
        for (let seed = 1; seed <= seeds; seed++) {
          const verdict = verify(exercise.id, wrong, { seed });
          if (verdict.passed) expect.fail(`accepted with seed ${seed}`);
          const named = verdict.misconception?.id ?? "";
          if (named !== misconception.id && !misconception.twins?.includes(named)) missed.push(`${seed}: ${verdict}`);
        }
        expect(missed.length, missed.slice(0, 2).join("\n")).toBeLessThanOrEqual(1);
      },
    );
  });
});

describe("training on the digits", () => {
  const { questions } = exerciseOf("T3");
  const zeros = (rows: number, cols: number) => Matrix.zeros(rows, cols);
  const network = (W1: Matrix, W2: Matrix, b2 = zeros(1, 10)) => ({ W1, b1: zeros(1, W1.cols), W2, b2 });
  const noise = (rows: number, cols: number, k = 1) =>
    Matrix.generate(rows, cols, (i, j) => k * Math.sin(37 * i * cols + 11 * j + 1));

  it("comes with its pixels and classes in another order for another seed", () => {
    const [one, two] = [1, 2].map((seed) => questions(seed)[0]);
    expect(one).not.toEqual(two);
  });

  it.each([
    [
      "diverged",
      network(
        noise(64, 4).map(() => Number.NaN),
        noise(4, 10),
      ),
    ],
    ["started-from-zeros", network(zeros(64, 4), zeros(4, 10))],
    [
      "hidden-units-alike",
      network(
        noise(64, 1)
          .map((x) => x)
          .times(Matrix.generate(1, 4, () => 1)),
        noise(4, 10),
      ),
    ],
    [
      "all-units-off",
      network(
        noise(64, 4).map((x, _, j) => -Math.abs(x) - j),
        noise(4, 10),
      ),
    ],
    ["one-class-for-all", network(noise(64, 4, 1e-9), noise(4, 10, 1e-9), noise(1, 10))],
    ["nothing-learned", network(noise(64, 16), noise(16, 10))],
  ])("%s is named", (id, weights) => {
    const verdict = verify("T3", () => weights);
    expect(verdict.passed).toBe(false);
    expect(verdict.misconception?.id).toBe(id);
  });

  /** A network that reads nothing, and is another one for other numbers. */
  const learned = (p: number, q: number) => ({
    W1: noise(64, 16, 1 + p),
    b1: noise(1, 16, q),
    W2: noise(16, 10, 1 + q),
    b2: noise(1, 10, p),
  });

  it.each<[string, (X: Matrix, Y: Matrix) => unknown]>([
    ["no-better-than-guessing", (X) => learned(X.sum(), X.sum())],
    ["never-changed", (X) => ({ ...learned(X.sum(), X.sum()), b2: zeros(1, 10) })],
    ["same-batch-always", (X) => learned(X.row(0).sum(), X.row(1).sum())],
  ])("%s is told from short trainings", (id, train) => {
    expect(verify("T3", train as never).misconception?.id).toBe(id);
  });

  it("labels one class on are told", () => {
    const [X, Y] = questions(1)[0].map((argument) => (argument as { value: Matrix }).value);
    const further = Y.map((_, i, j) => Y.get(i, (j + 9) % 10));
    // The nearest class mean reads most digits: as a network with one hidden unit per class, whose labels are one on.
    const counts = further.columnSums();
    const means = X.T.times(further).map((x, _, j) => x / counts.data[j]);
    const lengths = means.map((m) => m * m).columnSums();
    const b1 = lengths.scale(-0.5).map((b) => b + 100 * 64);
    const scale = 1 / 16;
    const W2 = Matrix.generate(10, 10, (i, j) => (i === j ? scale : 0));
    expect(verify("T3", () => ({ W1: means, b1, W2, b2: zeros(1, 10) })).misconception?.id).toBe("labels-one-on");
  });

  it.each([
    [{ W1: zeros(64, 3) }, /returned no Matrix named b1/],
    [network(zeros(63, 3), zeros(3, 10)), /of the shapes 63×3, 1×3, 3×10, 1×10; expected 64×H, 1×H, H×10, 1×10/],
    [zeros(2, 2), /returned a matrix; expected \{ W1, b1, W2, b2 \}/],
  ])("what is no network is told so (%#)", (returned, message) => {
    expect(verify("T3", () => returned).message).toMatch(message);
  });
});

describe("verify", () => {
  it("says of an untouched stub that it is not written yet", () => {
    for (const { id } of exercises) {
      const stub = () => {
        throw new Error("not written yet");
      };
      const verdict = verify(id, stub);
      expect(verdict.passed).toBe(false);
      expect(verdict.message).toMatch(/not written yet/);
    }
  });

  it.each([
    [
      "a function that changes its argument",
      (Z: Matrix) => {
        Z.data.fill(0);
        return Z;
      },
      /changed one of its arguments/,
    ],
    ["a promise", async (Z: Matrix) => Z, /async/],
    ["an array", (Z: Matrix) => Z.toRows(), /an array; Matrix.fromRows/],
    ["nothing", () => undefined, /undefined \(is a `return` missing\?\)/],
    ["an object that pretends", () => ({ rows: 1, cols: 1, data: [1], valueOf: () => 1 }), /an object/],
    ["a Matrix with other data", (Z: Matrix) => Object.assign(Z.copy(), { data: new Float64Array(1) }), /does not fit/],
    ["a Matrix of NaN", (Z: Matrix) => Z.map(() => Number.NaN), /is NaN/],
    [
      "an exception without a message",
      () => {
        throw null;
      },
      /stopped with null/,
    ],
  ])("rejects %s with a sentence", (_, f, message) => {
    const verdict = verify("F1", f as never);
    expect(verdict.passed).toBe(false);
    expect(verdict.message).toMatch(message);
  });

  it("assertVerified throws the verdict's text, and returns the verdict of a right answer", () => {
    expect(() => assertVerified("F1", (Z: Matrix) => Z.copy())).toThrow(/✗ F1 leakyRelu/);
    expect(assertVerified("F1", solutionOf(exerciseOf("F1"))).passed).toBe(true);
  });

  it("tells the first wrong gradient of a whole backward, and a missing one by its name", () => {
    const right = solutionOf(exerciseOf("H4"));
    const without = (...args: unknown[]) => ({ ...(right(...args) as object), dA2: undefined });
    expect(verify("H4", without).message).toMatch(/no Matrix named dA2; expected an object with dA2, dZ2, dW2, db2/);
    const wrong = (...args: unknown[]) => {
      const found = right(...args) as Record<string, Matrix>;
      return { ...found, dZ2: found.dA2 };
    };
    expect(verify("H4", wrong).message).toMatch(/^The first wrong result is dZ2\..*derivative of the leaky ReLU/);
    expect(verify("H3", wrong).passed).toBe(true);
  });
});
