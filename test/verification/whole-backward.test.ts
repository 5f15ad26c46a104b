/** What verify says of a whole `backward`. */
import { describe, expect, it } from "vitest";
import {
  backward,
  type Cache,
  gradA1,
  gradB1,
  gradB2,
  gradW1,
  gradW2,
  gradZ1,
  gradZ2,
  type Matrix,
  type Parameters,
  reluPrime,
} from "../../src";
import { equations } from "../../src/equations";
import { type Implementation, misconceived } from "../../src/equations/equation";
import { verify } from "../../src/verify";

describe("verify(“backward”)", () => {
  type Steps = Record<string, Matrix>;

  /** `backward`, with some steps done differently and the later ones building on them. */
  function backwardWith(change: (step: string, right: () => Matrix, known: Steps) => Matrix): Implementation {
    return (X: Matrix, Y: Matrix, { W2 }: Parameters, { Z1, A1, A2 }: Cache) => {
      const known: Steps = { X, Y, W2, Z1, A1, A2 };
      const order: [string, () => Matrix][] = [
        ["dZ2", () => gradZ2(A2, Y)],
        ["dW2", () => gradW2(A1, known.dZ2)],
        ["db2", () => gradB2(known.dZ2)],
        ["dA1", () => gradA1(known.dZ2, W2)],
        ["dZ1", () => gradZ1(known.dZ2, W2, Z1)],
        ["dW1", () => gradW1(X, known.dZ1)],
        ["db1", () => gradB1(known.dZ1)],
      ];
      for (const [name, right] of order) known[name] = change(name, right, known);
      const { dZ2, dW2, db2, dA1, dZ1, dW1, db1 } = known;
      return { dZ2, dW2, db2, dA1, dZ1, dW1, db1 };
    };
  }

  it("accepts the right one", () => {
    expect(verify("backward", backward)).toMatchObject({ passed: true, equation: "backward" });
  });

  it.each(["dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1"])("finds a wrong sign in %s and names the step", (bad) => {
    const verdict = verify(
      "backward",
      backwardWith((step, right) => (step === bad ? right().scale(-1) : right())),
    );
    expect(verdict.step?.name).toBe(bad);
    expect(verdict.misconception?.id).toBe("sign-flipped");
    expect(verdict.message).toContain(`The first wrong step is ${bad}`);
  });

  it("tells the steps that are wrong only because of the first from those with a mistake of their own", () => {
    const two = backwardWith((step, right, { dZ1 }) => {
      if (step === "dZ2") return right().scale(2);
      if (step === "db1") return gradB1(dZ1).scale(1 / dZ1.rows);
      return right();
    });
    const { message } = verify("backward", two);
    expect(message).toContain("The first wrong step is dZ2 (E10)");
    expect(message).toContain("dW2, db2, dA1, dZ1, dW1 are wrong only because of the gradients handed to them.");
    expect(message).toContain("db1 has a mistake of its own.");
  });

  it("knows Z1 where A1 belongs", () => {
    const verdict = verify(
      "backward",
      backwardWith((step, right, { Z1, dZ2 }) => (step === "dW2" ? Z1.T.times(dZ2) : right())),
    );
    expect(verdict.step).toEqual({ name: "dW2", equation: "E11" });
    expect(verdict.misconception?.id).toBe("Z1-instead-of-A1");
    expect(verdict.message).toContain("Every other step is right.");
  });

  it("knows ∂loss/∂A1 where ∂loss/∂Z1 belongs", () => {
    const verdict = verify(
      "backward",
      backwardWith((step, right, { X, dA1 }) => (step === "dW1" ? X.T.times(dA1) : right())),
    );
    expect(verdict.misconception?.id).toBe("dA1-instead-of-dZ1");
  });

  it("sees a mask of Z1 ≥ 0, which differs at exactly 0 only", () => {
    const verdict = verify(
      "backward",
      backwardWith((step, right, { dA1, Z1 }) =>
        step === "dZ1" ? dA1.hadamard(Z1.map((z) => (z >= 0 ? 1 : 0))) : right(),
      ),
    );
    expect(verdict.step?.name).toBe("dZ1");
    expect(verdict.misconception?.id).toBe("1-at-0");
  });

  it.each(["dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1"])("says which one is missing if %s is", (missing) => {
    const without = (...args: Parameters4) => ({ ...backward(...args), [missing]: undefined });
    const { message } = verify("backward", without);
    expect(message).toContain(`The first wrong step is ${missing}`);
    expect(message).toContain(`The result has no ${missing}; it has d`);
  });
  type Parameters4 = [Matrix, Matrix, Parameters, Cache];

  describe("what comes after a gradient with which nothing can be computed", () => {
    /** The chain from a dZ2 as it was spoilt, by products that compute with NaN as with any number. */
    const chainFrom =
      (spoil: (dZ2: Matrix) => Matrix) =>
      (X: Matrix, Y: Matrix, { W2 }: Parameters, { Z1, A1, A2 }: Cache) => {
        const dZ2 = spoil(gradZ2(A2, Y));
        const dA1 = dZ2.times(W2.T);
        const dZ1 = dA1.map((d, i, j) => (Z1.get(i, j) > 0 ? d : 0));
        const gradients = { dZ2, dW2: A1.T.times(dZ2), db2: dZ2.columnSums(), dA1, dZ1 };
        return { ...gradients, dW1: X.T.times(dZ1), db1: dZ1.columnSums() };
      };

    it.each<[string, (dZ2: Matrix) => Matrix]>([
      ["NaN everywhere", (dZ2) => dZ2.map(() => NaN)],
      ["∞ everywhere", (dZ2) => dZ2.map((d) => d / 0)],
      ["NaN in one entry", (dZ2) => dZ2.map((d, i, j) => (i === 0 && j === 0 ? NaN : d))],
    ])("%s in dZ2 is not called a mistake of the steps that follow from it", (_, spoil) => {
      const { message } = verify("backward", chainFrom(spoil));
      expect(message).toContain("The first wrong step is dZ2");
      expect(message).not.toContain("of its own");
      expect(message).not.toContain("of their own");
      expect(message).toMatch(/dW2, .*db1 cannot be judged until dZ2 is right\./);
    });

    it("a dZ2 of the wrong shape is not, either", () => {
      const oneRow = (X: Matrix, Y: Matrix, { W2 }: Parameters, { Z1, A1, A2 }: Cache) => {
        const dZ2 = gradZ2(A2, Y).row(0);
        const dA1 = gradA1(dZ2, W2);
        const dZ1 = dA1.hadamard(reluPrime(Z1.row(0)));
        const gradients = { dZ2, dW2: gradW2(A1.row(0), dZ2), db2: gradB2(dZ2), dA1, dZ1 };
        return { ...gradients, dW1: gradW1(X.row(0), dZ1), db1: gradB1(dZ1) };
      };
      const { message } = verify("backward", oneRow);
      expect(message).toContain("cannot be judged until dZ2 is right.");
      expect(message).not.toContain("of their own");
    });

    it("a mistake that shows in spite of it is still told", () => {
      const alsoB1 = backwardWith((step, right, { dZ1 }) => {
        if (step === "dW2") return right().map(() => NaN);
        return step === "db1" ? gradB1(dZ1).scale(2) : right();
      });
      expect(verify("backward", alsoB1).message).toContain("db1 has a mistake of its own.");
    });

    it("gradients that are not there are listed as missing", () => {
      const ofParameters = (...args: Parameters4) => {
        const { dW1, db1, dW2, db2 } = backward(...args);
        return { dW1, db1, dW2, db2 };
      };
      const { message } = verify("backward", ofParameters);
      expect(message).toContain("The first wrong step is dZ2 (E10). The result has no dZ2; it has dW1, db1, dW2, db2");
      expect(message).toMatch(/dA1, dZ1 are missing, too\.$/);
    });
  });

  it("every misconception of every step is rejected and named", () => {
    for (const [name, id] of [
      ["dZ2", "E10"],
      ["db2", "E12"],
      ["dA1", "E13"],
      ["dZ1", "E15"],
      ["dW1", "E16"],
    ] as const) {
      const equation = equations.find((entry) => entry.id === id) as (typeof equations)[number];
      for (const misconception of equation.misconceptions) {
        const wrong = misconceived(equation, misconception);
        const spoilt = backwardWith((step, right, known) =>
          step === name ? (wrong(...equation.parameters.map((parameter) => known[parameter.name])) as Matrix) : right(),
        );
        const verdict = verify("backward", spoilt);
        expect(verdict.passed, `${id} ${misconception.id}`).toBe(false);
      }
    }
  });

  it("a dZ1 made of dA1 has no mistake of its own if dA1 is wrong", () => {
    const viaA1 = backwardWith((step, right, { dA1, Z1 }) => {
      if (step === "dA1") return right().scale(-1);
      if (step === "dZ1") return dA1.hadamard(reluPrime(Z1));
      return right();
    });
    const { message } = verify("backward", viaA1);
    expect(message).toContain("The first wrong step is dA1");
    expect(message).toContain("dZ1, dW1, db1 are wrong only because of the gradients handed to them.");
  });

  it.each([
    ["dW2", "transpose-missing", ({ A1, dZ2 }: Steps) => A1.times(dZ2)],
    ["dA1", "W2-not-transposed", ({ dZ2, W2 }: Steps) => dZ2.times(W2)],
    ["dW1", "transpose-missing", ({ X, dZ1 }: Steps) => X.times(dZ1)],
  ] as const)("finds a wrong transpose in %s that stops it, on square matrices", (bad, id, wrong) => {
    const verdict = verify(
      "backward",
      backwardWith((step, right, known) => (step === bad ? wrong(known) : right())),
    );
    expect(verdict.step?.name).toBe(bad);
    expect(verdict.misconception?.id).toBe(id);
    expect(verdict.message).toMatch(/Your function stopped with .*On square matrices it goes through/);
    expect(verdict.message).not.toContain("Elsewhere it stops");
  });

  it("a wrong transpose that stops it is told beside another mistake", () => {
    const both = backwardWith((step, right, { dZ2, W2 }) => {
      if (step === "dZ2") return right().scale(-1);
      return step === "dA1" ? dZ2.times(W2) : right();
    });
    const verdict = verify("backward", both);
    expect(verdict.step?.name).toBe("dZ2");
    expect(verdict.misconception?.id).toBe("sign-flipped");
    expect(verdict.message).toMatch(
      /dA1 has a mistake of its own\. Elsewhere it stops at dA1 \(E13\)\. This looks like: /,
    );
  });

  it("where it stops, the inputs and their shapes are told", () => {
    const { message } = verify(
      "backward",
      backwardWith((step, right, { A1, dZ2 }) => (step === "dW2" ? A1.times(dZ2) : right())),
    );
    expect(message).toMatch(
      /\(on random inputs: X is (\d)×(\d), Y is \1×(\d), W1 is \2×(\d), W2 is \4×\3\)\. On square matrices/,
    );
  });

  describe("one that stops for a single sample only", () => {
    const stopping =
      (text: string, otherwise: Implementation): Implementation =>
      (X: Matrix, ...others: unknown[]) => {
        if (X.rows === 1) throw new Error(text);
        return otherwise(X, ...others);
      };

    it("and is right otherwise is told so", () => {
      expect(verify("backward", stopping("no idea", backward)).message).toMatch(
        /no idea \(on a single sample: X is 1×.*\)\. It is right on all other inputs\.$/,
      );
    });

    it("is not called unwritten", () => {
      const { message } = verify("backward", stopping("not written yet", backward));
      expect(message).not.toContain("It is not written yet.");
      expect(message).toContain("stopped with Error: not written yet (on a single sample");
      expect(verify("E11", stopping("not written yet", gradW2)).message).toMatch(
        /^Your function stopped with Error: not written yet \(on a single sample: .*It is right on all other inputs\.$/,
      );
    });

    it("has its other mistakes named", () => {
      const signOfW2 = backwardWith((step, right) => (step === "dW2" ? right().scale(-1) : right()));
      const verdict = verify("backward", stopping("no idea", signOfW2));
      expect(verdict.message).toContain("no idea (on a single sample");
      expect(verdict.step?.name).toBe("dW2");
      expect(verdict.misconception?.id).toBe("sign-flipped");
    });
  });

  it("one that is not written yet, or a promise, is told as such", () => {
    const stub = () => {
      throw new Error("not written yet");
    };
    expect(verify("backward", stub).message).toBe("It is not written yet.");
    expect(verify("backward", async () => ({})).message).toContain("a Promise");
  });

  it("an exception, nothing and a changed argument are told", () => {
    expect(
      verify("backward", () => {
        throw new Error("no idea");
      }).message,
    ).toContain("no idea");
    expect(verify("backward", () => undefined).message).toContain(
      "a result that is undefined; expected { dZ2, dW2, db2, dA1, dZ1, dW1, db1 }",
    );
    const changes = (...args: Parameters4) => {
      const gradients = backward(...args);
      args[3].A1.data[0] += 1;
      return gradients;
    };
    expect(verify("backward", changes).message).toContain("changed its argument A1");
  });

  it.each<["parameters" | "cache", string]>([
    ["parameters", "W1"],
    ["parameters", "b2"],
    ["cache", "A1"],
    ["cache", "Z2"],
  ])("a %s of which %s is replaced is told, and so is one of which it is gone", (argument, name) => {
    const replacing =
      (value: (old: Matrix) => Matrix | undefined) =>
      (...args: Parameters4) => {
        const gradients = backward(...args);
        const record = args[argument === "parameters" ? 2 : 3] as unknown as Record<string, Matrix | undefined>;
        record[name] = value(record[name] as Matrix);
        return gradients;
      };
    const told = `Your function changed its argument ${argument}: ${argument}.${name} is another one afterwards`;
    expect(
      verify(
        "backward",
        replacing((old) => old.scale(2)),
      ).message,
    ).toContain(told);
    expect(
      verify(
        "backward",
        replacing(() => undefined),
      ).message,
    ).toContain(told);
    expect(
      verify(
        "backward",
        replacing((old) => old),
      ).passed,
    ).toBe(true);
  });
});
