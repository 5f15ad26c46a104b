import { afterEach, describe, expect, test, vi } from "vitest";
import {
  affine,
  backward,
  type Cache,
  centralDifference,
  crossEntropy,
  gradA1,
  gradA2,
  gradB1,
  gradB2,
  gradW1,
  gradW2,
  gradZ1,
  gradZ2,
  Matrix,
  type Parameters,
  relu,
  reluPrime,
  softmax,
  softmaxJacobian,
} from "../src";
import { equations } from "../src/equations";
import { type Implementation, misconceived } from "../src/equations/equation";
import { assertVerified, verify } from "../src/verify";

describe("a verdict", () => {
  test("of a right answer says so, with its errors, tolerances, oracles and seed", () => {
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

  test("of an answer without any error says “exactly equal”", () => {
    expect(verify("E14", reluPrime).message).toMatch(/^exactly equal/);
  });

  test("of a wrong answer has the worst entry, expected and got, and the mistake with its hint", () => {
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

  test("is the same every time for one seed, and its inputs differ for another", () => {
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

  test("rests on two oracles or more for every equation", () => {
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

  test("verify throws for an unknown equation or a seed that is not whole, and says what was expected", () => {
    expect(() => verify("E18", gradW2)).toThrow('verify: there is no equation "E18"; expected E1 … E17 or "backward"');
    expect(() => verify("E11", gradW2, { seed: 0.5 })).toThrow("verify: seed is 0.5; expected a whole number");
  });

  test("assertVerified returns the verdict of a right answer and throws the text of a wrong one", () => {
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

  test("with every equation of `src` replaced by zeros, `src` fails and a right answer passes", async () => {
    const zero = (right: unknown) => (typeof right === "number" ? 0 : (right as Matrix).map(() => 0));
    const spoilt = await withSpoiltEquations(zero);
    for (const [k, { id, reference }] of spoilt.equations.entries()) {
      expect(spoilt.verify(id, reference).passed, `${id} of zeros`).toBe(false);
      expect(spoilt.verify(id, equations[k].reference).passed, `${id} done right`).toBe(true);
    }
  });

  test("with every equation of `src` twice as large, `src` fails and a right answer passes", async () => {
    const twice = (right: unknown) => (typeof right === "number" ? 2 * right : (right as Matrix).scale(2));
    const spoilt = await withSpoiltEquations(twice);
    for (const [k, { id, reference }] of spoilt.equations.entries()) {
      expect(spoilt.verify(id, reference).passed, `${id} doubled`).toBe(false);
      expect(spoilt.verify(id, equations[k].reference).passed, `${id} done right`).toBe(true);
    }
  });
});

describe("right answers by another route are accepted", () => {
  test("E11 as a sum of outer products, one sample at a time", () => {
    const byOuterProducts = (A1: Matrix, dZ2: Matrix) => {
      const dW2 = Matrix.zeros(A1.cols, dZ2.cols);
      for (let i = 0; i < A1.rows; i++) {
        for (let h = 0; h < A1.cols; h++) {
          for (let c = 0; c < dZ2.cols; c++) dW2.data[h * dZ2.cols + c] += A1.get(i, h) * dZ2.get(i, c);
        }
      }
      return dW2;
    };
    expect(verify("E11", byOuterProducts).passed).toBe(true);
  });

  test("E11 summed from the last sample to the first", () => {
    const backwards = (A1: Matrix, dZ2: Matrix) => {
      const reversed = (M: Matrix) => Matrix.fromRows(M.toRows().reverse());
      return reversed(A1).T.times(reversed(dZ2));
    };
    for (let seed = 1; seed <= 50; seed++) expect(verify("E11", backwards, { seed }).passed).toBe(true);
  });

  test("E4 through the logarithm of the sum of exponentials", () => {
    const viaLogSum = (Z: Matrix) => {
      const rows = Z.toRows().map((z) => {
        const max = Math.max(...z);
        const logSum = max + Math.log(z.reduce((sum, x) => sum + Math.exp(x - max), 0));
        return z.map((x) => Math.exp(x - logSum));
      });
      return Matrix.fromRows(rows);
    };
    for (let seed = 1; seed <= 50; seed++) expect(verify("E4", viaLogSum, { seed }).passed).toBe(true);
  });

  test("E15 with the mask taken from A1 > 0, which is the same as Z1 > 0", () => {
    const maskFromA1 = (dZ2: Matrix, W2: Matrix, Z1: Matrix) => {
      const A1 = Z1.map((z) => Math.max(0, z));
      return dZ2.times(W2.T).hadamard(A1.map((a) => (a > 0 ? 1 : 0)));
    };
    expect(verify("E15", maskFromA1).passed).toBe(true);
  });

  test("a transposed view counts as the matrix that it shows", () => {
    expect(verify("E11", (A1: Matrix, dZ2: Matrix) => dZ2.T.times(A1).T).passed).toBe(true);
  });
});

describe("right answers, more of them", () => {
  const trueClass = (Y: Matrix, i: number) => Y.toRows()[i].indexOf(1);

  test("E5 as ln(1/a), which near a = 1 is off by what a itself is", () => {
    const inverted = (A2: Matrix, Y: Matrix) =>
      Matrix.fromRows(A2.toRows().map((a, i) => [Math.log(1 / a[trueClass(Y, i)])]));
    for (let seed = 1; seed <= 30; seed++) expect(verify("E5", inverted, { seed }).passed).toBe(true);
  });

  test("E9 and E10 with the 1/N on either side of the bracket", () => {
    const inside = (A2: Matrix, Y: Matrix) => A2.scale(1 / A2.rows).minus(Y.scale(1 / A2.rows));
    for (let seed = 1; seed <= 30; seed++) expect(verify("E10", inside, { seed }).passed).toBe(true);
  });
});

describe("wrong answers that are right almost everywhere", () => {
  test("a threshold that is almost 0 is not 0", () => {
    for (const threshold of [1e-6, 1e-8, 1e-10]) {
      const mask = (Z: Matrix) => Z.map((z) => (z > threshold ? 1 : 0));
      const cut = (Z: Matrix) => Z.map((z) => (z > threshold ? z : 0));
      expect(verify("E14", mask).passed, `E14 above ${threshold}`).toBe(false);
      expect(verify("E2", cut).passed, `E2 above ${threshold}`).toBe(false);
    }
  });

  test("more than seven inputs are asked for, too", () => {
    const firstSeven = (X: Matrix, W: Matrix, b: Matrix) =>
      X.map((x, _, d) => (d < 7 ? x : 0))
        .times(W)
        .plusRow(b);
    const verdicts = [1, 2, 3, 4, 5].map((seed) => verify("E1", firstSeven, { seed }).passed);
    expect(verdicts).toContain(false);
  });

  test("single precision is told as such", () => {
    const rounded = (A1: Matrix, dZ2: Matrix) => gradW2(A1, dZ2).map(Math.fround);
    expect(verify("E11", rounded).explanation).toContain("single precision");
  });

  test("single precision is told as such also where some numbers are too small for it, or exact in it", () => {
    const rounding =
      (f: (...args: Matrix[]) => Matrix) =>
      (...args: Matrix[]) =>
        f(...args).map(Math.fround);
    const told = (id: string, f: (...args: Matrix[]) => Matrix) => verify(id, rounding(f)).explanation;
    expect(told("E2", relu)).toContain("single precision");
    expect(told("E8", softmaxJacobian)).toContain("single precision");
    expect(told("E10", gradZ2)).toContain("single precision");
    expect(verify("E10", (A2: Matrix, Y: Matrix) => gradZ2(A2, Y).map((d) => d + 1e-12)).explanation).not.toContain(
      "single precision",
    );
  });
});

describe("mistakes that nobody listed", () => {
  const explanation = (id: string, implementation: Implementation) => verify(id, implementation).explanation;

  test("a factor that follows a size is told with the letter", () => {
    expect(explanation("E13", (dZ2: Matrix, W2: Matrix) => gradA1(dZ2, W2).scale(W2.rows))).toMatch(
      /Every entry is (\d) times too large; H is \1/,
    );
  });

  test("a factor that is always the same is told as a number", () => {
    expect(explanation("E13", (dZ2: Matrix, W2: Matrix) => gradA1(dZ2, W2).scale(0.25))).toContain(
      "Every entry is 4 times too small, whatever the inputs.",
    );
  });

  test("a factor and a sign are told together", () => {
    expect(explanation("E13", (dZ2: Matrix, W2: Matrix) => gradA1(dZ2, W2).scale(-3))).toContain(
      "Every entry is 3 times too large, and its sign is the wrong way round",
    );
  });

  test("single entries that are off are counted", () => {
    const oneOff = (X: Matrix, dZ1: Matrix) => gradW1(X, dZ1).map((d, i, j) => (i === 1 && j === 2 ? d + 1 : d));
    const verdict = verify("E16", oneOff);
    expect(verdict.worst).toMatchObject({ row: 1, col: 2 });
    expect(verdict.explanation).toMatch(/1 of \d+ entries are wrong\./);
  });

  test("what is off by less than a billionth is counted as the verdict counts, too", () => {
    const { message } = verify("E10", (A2: Matrix, Y: Matrix) => gradZ2(A2, Y).map((d, i) => (i < 2 ? d + 1e-12 : d)));
    const [, rows, cols] = /A2 is (\d)×(\d)/.exec(message) as RegExpExecArray;
    expect(message).toContain(`${2 * Number(cols)} of ${Number(rows) * Number(cols)} entries are wrong.`);
  });

  test("“right on all other inputs” is only said of what the verdict accepts", () => {
    const almost = (A1: Matrix, dZ2: Matrix) => {
      if (A1.rows === 1) throw new Error("a single sample");
      return gradW2(A1, dZ2).scale(1 + 5e-10);
    };
    expect(explanation("E11", almost)).not.toContain("right on");
    const smallOnly = (A2: Matrix, Y: Matrix) =>
      gradA2(A2, Y).map((d, i, j) => (Y.get(i, j) === 0 && A2.get(i, j) < 1e-10 ? 1 : d));
    expect(explanation("E7", smallOnly)).toContain("wrong on a saturated softmax and logits of ±1000.");
  });

  test("entries are counted in the inputs that are told of, or the others are named", () => {
    const stopsFirst = () => {
      let calls = 0;
      return (X: Matrix, dZ1: Matrix) => {
        if (calls++ === 0) throw new Error("the first call");
        return gradW1(X, dZ1).map((d, i, j) => (i === 0 && j === 0 ? d + 1 : d));
      };
    };
    expect(explanation("E16", stopsFirst())).toMatch(/the first call \(on random inputs: .*On many samples: 1 of/);
  });

  test("a factor that prints as 1 is not told", () => {
    const nearly = (A1: Matrix, dZ2: Matrix) => gradW2(A1, dZ2).scale(A1.rows === 1 ? -1 : 1 + 5e-10);
    expect(explanation("E11", nearly)).toContain("off by one factor: −1 for N = 1, ");
    expect(explanation("E11", nearly)).not.toMatch(/[:;] 1 for/);
    expect(explanation("E8", (a: Matrix) => softmaxJacobian(a).map((d) => d + 1e-13))).not.toContain("factor");
  });

  describe("a loop", () => {
    type Sizes = { N: number; H: number; C: number };
    /** E11 by loops that write to `data[h * stride + c]`, and run over these values of h. */
    const byLoops =
      (stride: (sizes: Sizes) => number, from = 0, to = (H: number) => H) =>
      (A1: Matrix, dZ2: Matrix) => {
        const [N, H, C] = [A1.rows, A1.cols, dZ2.cols];
        const dW2 = Matrix.zeros(H, C);
        for (let h = from; h < to(H); h++) {
          for (let c = 0; c < C; c++) {
            for (let i = 0; i < N; i++) dW2.data[h * stride({ N, H, C }) + c] += A1.get(i, h) * dZ2.get(i, c);
          }
        }
        return dW2;
      };
    const ofColumns = ({ C }: Sizes) => C;

    test.each<["N" | "H"]>([["N"], ["H"]])(
      "with %s as the factor in an index is told to need the columns",
      (letter) => {
        for (let seed = 1; seed <= 10; seed++) {
          const { explanation, comparison } = verify(
            "E11",
            byLoops((sizes) => sizes[letter]),
            { seed },
          );
          expect(explanation).toContain(
            `the factor in M.data[i * … + j] must be the number of columns of the result, ${comparison?.expected.cols}.`,
          );
        }
      },
    );

    test("that writes over its entries with a wrong factor is told so, too", () => {
      const overwriting = (A2: Matrix, Y: Matrix) => {
        const dZ2 = Matrix.zeros(A2.rows, A2.cols);
        const right = gradZ2(A2, Y);
        for (let i = 0; i < A2.rows; i++) {
          for (let j = 0; j < A2.cols; j++) dZ2.data[i * A2.rows + j] = right.get(i, j);
        }
        return dZ2;
      };
      expect(explanation("E10", overwriting)).toContain("The numbers are right and lie in the wrong places");
    });

    test("that starts at 1 leaves row 0 empty", () => {
      expect(explanation("E11", byLoops(ofColumns, 1))).toMatch(
        /Row 0 is 0 and the rest is right: where does the loop start/,
      );
    });

    test("that ends too early leaves the last rows empty", () => {
      const told = (to: (H: number) => number) => verify("E11", byLoops(ofColumns, 0, to));
      const last = (verdict: ReturnType<typeof verify>) => (verdict.comparison?.expected.rows as number) - 1;
      const one = told((H) => H - 1);
      expect(one.explanation).toContain(`Row ${last(one)} is 0 and the rest is right: does the loop end too early?`);
      const most = told(() => 1);
      expect(most.explanation).toContain(`Rows 1 to ${last(most)} are 0 and the rest is right: does the loop end too`);
    });

    test("that returns after the first sample is not asked where its rows land", () => {
      const early = (A2: Matrix, Y: Matrix) => {
        const dZ2 = Matrix.zeros(A2.rows, A2.cols);
        for (let i = 0; i < A2.rows; ) {
          for (let j = 0; j < A2.cols; j++) dZ2.data[i * A2.cols + j] = (A2.get(i, j) - Y.get(i, j)) / A2.rows;
          return dZ2;
        }
        return dZ2;
      };
      const told = explanation("E10", early);
      expect(told).toMatch(/Rows 1 to \d are 0 and the rest is right: does the loop end too early\?/);
      expect(told).not.toContain("its own place");
    });

    test("is not blamed for rows that are 0 beside others that are wrong, nor in the middle", () => {
      const spoilt = (at: (i: number, rows: number) => number) => (X: Matrix, dZ1: Matrix) =>
        gradW1(X, dZ1).map((d, i) => d * at(i, X.cols));
      const lastAndSign = spoilt((i, rows) => (i === rows - 1 ? 0 : i === 0 ? -1 : 1));
      const middle = spoilt((i) => (i === 1 ? 0 : 1));
      for (const wrong of [lastAndSign, middle]) expect(explanation("E16", wrong)).not.toContain("the loop");
    });
  });

  test("a diagonal that is wrong by itself is told", () => {
    const off = (a: Matrix) => softmaxJacobian(a).map((d, j, k) => (j === k ? d + 0.1 : d));
    expect(explanation("E8", off)).toContain("The entries off the diagonal are right; the diagonal is not.");
  });

  test("two mistakes at once are told as two", () => {
    const verdict = verify("E10", (A2: Matrix, Y: Matrix) => Y.minus(A2));
    expect(verdict.misconception?.id.split(" + ").sort()).toEqual(["missing-1/N", "sign-flipped"]);
    expect(verdict.explanation).toContain("two mistakes at once");
  });

  test("zeros are told as zeros", () => {
    expect(explanation("E11", (A1: Matrix, dZ2: Matrix) => Matrix.zeros(A1.cols, dZ2.cols))).toContain(
      "Every entry is 0.",
    );
  });

  test("what is right for one sample only is told so, and no factor of 1 is made up", () => {
    const plus = (X: Matrix, W: Matrix, b: Matrix) => X.times(W).plus(b);
    expect(explanation("E1", plus)).toContain("It goes through for a single sample only");
    expect(explanation("E11", (A1: Matrix, dZ2: Matrix) => gradW2(A1, dZ2).scale(1 + 1e-9))).not.toMatch(
      /1 for N|1 times/,
    );
  });

  test("NaN that Matrix.fromRows refuses is NaN that came about", () => {
    const naive = (Z: Matrix) => {
      const rows = Z.toRows().map((z) => {
        const exps = z.map(Math.exp);
        const sum = exps.reduce((a, b) => a + b);
        return exps.map((e) => e / sum);
      });
      return Matrix.fromRows(rows);
    };
    expect(verify("E4", naive).misconception?.id).toBe("no-maximum-subtracted");
  });

  type Shift = (z: readonly number[], rows: readonly (readonly number[])[]) => number;

  /** A softmax made of rows, as notebook 01 asks for it, that subtracts `shift` of a row. */
  const softmaxOfRows =
    (shift: Shift) =>
    (Z: Matrix): Matrix => {
      const rows = Z.toRows().map((z, _, all) => {
        const exps = z.map((x) => Math.exp(x - shift(z, all)));
        return exps.map((e) => e / exps.reduce((a, b) => a + b));
      });
      return Matrix.fromRows(rows);
    };

  test.each<[string, Shift]>([
    ["nothing", () => 0],
    ["a maximum that starts at 0", (z) => Math.max(0, ...z)],
    ["the whole matrix's maximum", (_, rows) => Math.max(...rows.flat())],
    ["row 0's maximum", (_, rows) => Math.max(...rows[0])],
    ["the row's mean", (z) => z.reduce((a, b) => a + b) / z.length],
    ["the row's minimum", (z) => Math.min(...z)],
  ])("where Matrix.fromRows refuses NaN, %s subtracted is not told more exactly than it is known", (_, shift) => {
    for (let seed = 1; seed <= 20; seed++) {
      const told = verify("E4", softmaxOfRows(shift), { seed }).explanation;
      expect(told).toContain("either nothing is subtracted before the exponential, or something other than");
      expect(told).not.toContain("This looks like");
    }
  });

  test("a NaN refused in a place where a misconception has a number is not that misconception's", () => {
    const refusedIn = (row: number) => (Z: Matrix) => {
      if (Math.max(...Z.data) > 500) throw new TypeError(`Matrix.fromRows: row ${row}, column 0 is NaN`);
      return softmax(Z);
    };
    expect(verify("E4", refusedIn(1)).misconception?.id).toBe("global-maximum");
    expect(verify("E4", refusedIn(2)).misconception).toBeUndefined();
    expect(verify("E4", refusedIn(2)).explanation).toContain("something overflows or becomes 0/0");
  });

  test("a maximum that is not the row's own is not called that of the whole matrix", () => {
    const startingAt0 = (Z: Matrix) => {
      const exps = Z.map((z, i) => Math.exp(z - Math.max(0, ...Z.row(i).data)));
      return exps.map((e, i) => e / exps.rowSums().data[i]);
    };
    const { explanation } = verify("E4", startingAt0);
    expect(explanation).not.toContain("the maximum of the whole matrix is subtracted");
  });

  const refusing = (rows: number[][]) => Matrix.fromRows(rows);
  test.each<[string, string, Implementation]>([
    [
      "E6",
      "an exception that mentions NaN",
      () => {
        throw new Error("loss is NaN");
      },
    ],
    ["E4", "the next class", (Z: Matrix) => refusing(Z.toRows().map((z) => z.map((_, j) => Math.exp(z[j + 1]))))],
    [
      "E5",
      "a class too many",
      (A: Matrix, Y: Matrix) =>
        refusing(
          A.toRows().map((a, i) => {
            let loss = 0;
            for (let j = 0; j <= a.length; j++) loss -= Y.toRows()[i][j] * Math.log(a[j]);
            return [loss];
          }),
        ),
    ],
    [
      "E7",
      "the next class",
      (A: Matrix, Y: Matrix) => refusing(A.toRows().map((a, i) => a.map((_, j) => -Y.get(i, j) / a[j + 1] / A.rows))),
    ],
    [
      "E1",
      "the next unit",
      (X: Matrix, W: Matrix, b: Matrix) => {
        const w = W.toRows();
        return refusing(
          X.toRows().map((x) => b.toRows()[0].map((bj, j) => x.reduce((z, xk, k) => z + xk * w[k][j + 1], bj))),
        );
      },
    ],
  ])("%s: NaN on every input, by %s, has no name of a mistake that gives numbers", (id, _, implementation) => {
    for (let seed = 1; seed <= 10; seed++) {
      const verdict = verify(id, implementation, { seed });
      expect(verdict.passed).toBe(false);
      expect(verdict.misconception).toBeUndefined();
      expect(verdict.explanation).not.toContain("overflows");
    }
  });

  test("a mistake is named although another one shows at the edges", () => {
    const both = (Z: Matrix) => {
      const exps = Z.map(Math.exp);
      const sums = exps.columnSums();
      return exps.map((e, _, j) => e / sums.data[j]);
    };
    const verdict = verify("E4", both);
    expect(verdict.misconception?.id).toBe("over-the-columns");
    expect(verdict.explanation).toContain("Where ordinary numbers come back");
  });

  test("a wrong mask and 1/N once more are told as two", () => {
    const both = (dZ2: Matrix, W2: Matrix) => gradA1(dZ2, W2).scale(1 / dZ2.rows);
    expect(verify("E15", both).misconception?.id).toBe("mask-missing + 1/N-again");
  });
});

describe("hostile implementations get a failed verdict with a fitting sentence", () => {
  const cases: [name: string, implementation: unknown, sentence: RegExp][] = [
    [
      "throws an Error",
      () => {
        throw new Error("no idea");
      },
      /stopped with Error: no idea/,
    ],
    [
      "throws undefined",
      () => {
        throw undefined;
      },
      /stopped with undefined/,
    ],
    [
      "throws an object that cannot be printed",
      () => {
        throw {
          toString() {
            throw 1;
          },
        };
      },
      /stopped with something/,
    ],
    [
      "recurses for ever",
      function again(): unknown {
        return again();
      },
      /RangeError: Maximum call stack/,
    ],
    ["returns nothing", () => {}, /returned undefined; expected a Matrix \(is a `return` missing\?\)/],
    ["returns null", () => null, /returned null; expected a Matrix/],
    ["returns a promise that never settles", () => new Promise(() => {}), /returned a Promise .*leave out `async`/],
    ["returns an array of rows", (A1: Matrix) => A1.toRows(), /returned an array; expected a Matrix; Matrix\.fromRows/],
    ["returns a number", () => 7, /returned the number 7; expected a Matrix/],
    ["returns an object that looks like a matrix", () => ({ rows: 1, cols: 1, data: [1] }), /returned an object/],
    ["returns another shape", () => Matrix.zeros(2, 9), /dW2 is 2×9; expected H×C = \d×\d/],
    ["returns its argument", (A1: Matrix) => A1, /dW2 is \d×\d; expected H×C/],
    ["returns NaN", (A1: Matrix, dZ2: Matrix) => gradW2(A1, dZ2).map(() => NaN), /is NaN/],
    ["returns infinities", (A1: Matrix, dZ2: Matrix) => gradW2(A1, dZ2).map(() => Infinity), /is ∞/],
    [
      "changes an argument",
      (A1: Matrix, dZ2: Matrix) => {
        const d = gradW2(A1, dZ2);
        A1.data[0] += 1;
        return d;
      },
      /changed its argument A1; work on a copy/,
    ],
    [
      "changes an argument's shape",
      (A1: Matrix, dZ2: Matrix) => {
        const d = gradW2(A1, dZ2);
        (dZ2 as { rows: number }).rows = 1;
        return d;
      },
      /changed its argument dZ2/,
    ],
    [
      "returns a matrix whose data was exchanged",
      (A1: Matrix, dZ2: Matrix) => Object.assign(gradW2(A1, dZ2), { data: new Float64Array(1) }),
      /data does not fit its shape/,
    ],
    [
      "returns a matrix that throws when it is read",
      () =>
        new Proxy(Matrix.zeros(1, 1), {
          get() {
            throw new Error("boo");
          },
        }),
      /stopped with Error: boo/,
    ],
    ["is no function", "gradW2", /expected a function to check, got the string gradW2/],
    ["is undefined", undefined, /expected a function to check, got undefined/],
  ];

  test.each(cases)("%s", (_, implementation, sentence) => {
    const verdict = verify("E11", implementation as Implementation);
    expect(verdict.passed).toBe(false);
    expect(verdict.message).toMatch(sentence);
    expect(verify("E11", gradW2).passed).toBe(true);
  });

  test("a promise that fails later is nobody's unhandled rejection", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const failing = async () => {
      throw new Error("late");
    };
    expect(verify("E11", failing).message).toContain("a Promise");
    await new Promise((done) => setTimeout(done, 20));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test("what a verdict shows can be changed without harm to later verdicts", () => {
    const wrong = (A1: Matrix, dZ2: Matrix) => gradW2(A1, dZ2).scale(3);
    verify("E11", wrong, { seed: 3 }).comparison?.expected.data.fill(7);
    expect(verify("E11", gradW2, { seed: 3 })).toMatchObject({ passed: true, maxAbsError: 0 });
  });

  test("a function that is right once and wrong afterwards is wrong", () => {
    let calls = 0;
    expect(
      verify("E11", (A1: Matrix, dZ2: Matrix) => (calls++ === 0 ? gradW2(A1, dZ2) : Matrix.zeros(A1.cols, dZ2.cols)))
        .passed,
    ).toBe(false);
  });

  test("a matrix of NaN or infinities where a number is expected is told as such", () => {
    expect(verify("E6", () => NaN).message).toMatch(/loss should be .* and is NaN/);
    expect(verify("E6", (A2: Matrix) => A2).message).toMatch(/returned a \d×\d Matrix; expected a number/);
  });
});

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

  test("accepts the right one", () => {
    expect(verify("backward", backward)).toMatchObject({ passed: true, equation: "backward" });
  });

  test.each(["dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1"])("finds a wrong sign in %s and names the step", (bad) => {
    const verdict = verify(
      "backward",
      backwardWith((step, right) => (step === bad ? right().scale(-1) : right())),
    );
    expect(verdict.step?.name).toBe(bad);
    expect(verdict.misconception?.id).toBe("sign-flipped");
    expect(verdict.message).toContain(`The first wrong step is ${bad}`);
  });

  test("tells the steps that are wrong only because of the first from those with a mistake of their own", () => {
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

  test("knows Z1 where A1 belongs", () => {
    const verdict = verify(
      "backward",
      backwardWith((step, right, { Z1, dZ2 }) => (step === "dW2" ? Z1.T.times(dZ2) : right())),
    );
    expect(verdict.step).toEqual({ name: "dW2", equation: "E11" });
    expect(verdict.misconception?.id).toBe("Z1-instead-of-A1");
    expect(verdict.message).toContain("Every other step is right.");
  });

  test("knows ∂L/∂A1 where ∂L/∂Z1 belongs", () => {
    const verdict = verify(
      "backward",
      backwardWith((step, right, { X, dA1 }) => (step === "dW1" ? X.T.times(dA1) : right())),
    );
    expect(verdict.misconception?.id).toBe("dA1-instead-of-dZ1");
  });

  test("sees a mask of Z1 ≥ 0, which differs at exactly 0 only", () => {
    const verdict = verify(
      "backward",
      backwardWith((step, right, { dA1, Z1 }) =>
        step === "dZ1" ? dA1.hadamard(Z1.map((z) => (z >= 0 ? 1 : 0))) : right(),
      ),
    );
    expect(verdict.step?.name).toBe("dZ1");
    expect(verdict.misconception?.id).toBe("1-at-0");
  });

  test.each(["dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1"])("says which one is missing if %s is", (missing) => {
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

    test.each<[string, (dZ2: Matrix) => Matrix]>([
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

    test("a dZ2 of the wrong shape is not, either", () => {
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

    test("a mistake that shows in spite of it is still told", () => {
      const alsoB1 = backwardWith((step, right, { dZ1 }) => {
        if (step === "dW2") return right().map(() => NaN);
        return step === "db1" ? gradB1(dZ1).scale(2) : right();
      });
      expect(verify("backward", alsoB1).message).toContain("db1 has a mistake of its own.");
    });

    test("gradients that are not there are listed as missing", () => {
      const ofParameters = (...args: Parameters4) => {
        const { dW1, db1, dW2, db2 } = backward(...args);
        return { dW1, db1, dW2, db2 };
      };
      const { message } = verify("backward", ofParameters);
      expect(message).toContain("The first wrong step is dZ2 (E10). The result has no dZ2; it has dW1, db1, dW2, db2");
      expect(message).toMatch(/dA1, dZ1 are missing, too\.$/);
    });
  });

  test("every misconception of every step is rejected and named", () => {
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

  test("a dZ1 made of dA1 has no mistake of its own if dA1 is wrong", () => {
    const viaA1 = backwardWith((step, right, { dA1, Z1 }) => {
      if (step === "dA1") return right().scale(-1);
      if (step === "dZ1") return dA1.hadamard(reluPrime(Z1));
      return right();
    });
    const { message } = verify("backward", viaA1);
    expect(message).toContain("The first wrong step is dA1");
    expect(message).toContain("dZ1, dW1, db1 are wrong only because of the gradients handed to them.");
  });

  test.each([
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
    expect(verdict.message).toMatch(/backward stopped with .*On square matrices it goes through/);
    expect(verdict.message).not.toContain("Elsewhere it stops");
  });

  test("a wrong transpose that stops it is told beside another mistake", () => {
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

  test("where it stops, the inputs and their shapes are told", () => {
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

    test("and is right otherwise is told so", () => {
      expect(verify("backward", stopping("no idea", backward)).message).toMatch(
        /no idea \(on a single sample: X is 1×.*\)\. It is right on all other inputs\.$/,
      );
    });

    test("is not called unwritten", () => {
      const { message } = verify("backward", stopping("not written yet", backward));
      expect(message).not.toContain("It is not written yet.");
      expect(message).toContain("stopped with Error: not written yet (on a single sample");
      expect(verify("E11", stopping("not written yet", gradW2)).message).toMatch(
        /^gradW2 stopped with Error: not written yet \(on a single sample: .*It is right on all other inputs\.$/,
      );
    });

    test("has its other mistakes named", () => {
      const signOfW2 = backwardWith((step, right) => (step === "dW2" ? right().scale(-1) : right()));
      const verdict = verify("backward", stopping("no idea", signOfW2));
      expect(verdict.message).toContain("no idea (on a single sample");
      expect(verdict.step?.name).toBe("dW2");
      expect(verdict.misconception?.id).toBe("sign-flipped");
    });
  });

  test("one that is not written yet, or a promise, is told as such", () => {
    const stub = () => {
      throw new Error("not written yet");
    };
    expect(verify("backward", stub).message).toBe("It is not written yet.");
    expect(verify("backward", async () => ({})).message).toContain("a Promise");
  });

  test("an exception, nothing and a changed argument are told", () => {
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

  test.each<["parameters" | "cache", string]>([
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
    const told = `backward changed its argument ${argument}: ${argument}.${name} is another one afterwards`;
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

test("the central difference of ReLU at 0 is ½, and only the convention says 0", () => {
  const slope = centralDifference((z) => Math.max(0, z), 0);
  expect(slope).toMatchObject({ central: 0.5, left: 0, right: 1, kink: true });
  expect(verify("E14", (Z: Matrix) => Z.map((z) => (z > 0 ? 1 : z === 0 ? 0.5 : 0))).misconception?.id).toBe(
    "half-at-0",
  );
});

test("E3 and E6 take the notes' names into their sentences", () => {
  expect(verify("E3", (X: Matrix, W: Matrix) => X.times(W)).message).toContain("The product A1·W2 is right.");
  expect(verify("E3", affine).passed).toBe(true);
  expect(verify("E6", (A2: Matrix, Y: Matrix) => crossEntropy(A2, Y) * A2.rows).misconception?.id).toBe(
    "summed-instead-of-averaged",
  );
});
