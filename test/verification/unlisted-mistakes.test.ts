/** What verify says of a wrong answer that is no misconception of the registry. */
import { describe, expect, it } from "vitest";
import { gradA1, gradA2, gradW1, gradW2, gradZ2, Matrix, softmax, softmaxJacobian } from "../../src";
import type { Implementation } from "../../src/equations/equation";
import { verify } from "../../src/verify";

describe("mistakes that nobody listed", () => {
  const explanation = (id: string, implementation: Implementation) => verify(id, implementation).explanation;

  it("a factor that follows a size is told with the letter", () => {
    expect(explanation("E13", (dZ2: Matrix, W2: Matrix) => gradA1(dZ2, W2).scale(W2.rows))).toMatch(
      /Every entry is H times the right one \(H is \d there\)/,
    );
  });

  it("a factor that is always the same is told as a number", () => {
    expect(explanation("E13", (dZ2: Matrix, W2: Matrix) => gradA1(dZ2, W2).scale(0.25))).toContain(
      "Every entry is 1/4 times the right one (whatever the inputs).",
    );
  });

  it("a factor and a sign are told together", () => {
    expect(explanation("E13", (dZ2: Matrix, W2: Matrix) => gradA1(dZ2, W2).scale(-3))).toContain(
      "Every entry is 3 times the right one (whatever the inputs), and its sign is the wrong way round",
    );
  });

  it("single entries that are off are counted", () => {
    const oneOff = (X: Matrix, dZ1: Matrix) => gradW1(X, dZ1).map((d, i, j) => (i === 1 && j === 2 ? d + 1 : d));
    const verdict = verify("E16", oneOff);
    expect(verdict.worst).toMatchObject({ row: 1, col: 2 });
    expect(verdict.explanation).toMatch(/Only entry \[1, 2\] is wrong\./);
  });

  it("what is off by less than a billionth is counted as the verdict counts, too", () => {
    const { message } = verify("E10", (A2: Matrix, Y: Matrix) => gradZ2(A2, Y).map((d, i) => (i < 2 ? d + 1e-12 : d)));
    const [, rows, cols] = /A2 is (\d)×(\d)/.exec(message) as RegExpExecArray;
    expect(message).toContain(`${2 * Number(cols)} of ${Number(rows) * Number(cols)} entries are wrong.`);
  });

  it("“right on all other inputs” is only said of what the verdict accepts", () => {
    const almost = (A1: Matrix, dZ2: Matrix) => {
      if (A1.rows === 1) throw new Error("a single sample");
      return gradW2(A1, dZ2).scale(1 + 5e-10);
    };
    expect(explanation("E11", almost)).not.toContain("right on");
    const smallOnly = (A2: Matrix, Y: Matrix) =>
      gradA2(A2, Y).map((d, i, j) => (Y.get(i, j) === 0 && A2.get(i, j) < 1e-10 ? 1 : d));
    expect(explanation("E7", smallOnly)).toContain("wrong on a saturated softmax and logits of ±1000.");
  });

  it("entries are counted in the inputs that are told of, or the others are named", () => {
    const stopsForFive = (X: Matrix, dZ1: Matrix) => {
      if (X.rows === 5) throw new Error("five samples");
      return gradW1(X, dZ1).map((d, i, j) => (i === 0 && j === 0 ? d + 1 : d));
    };
    expect(explanation("E16", stopsForFive)).toMatch(
      /five samples \(on random inputs: .*On many samples: Only entry \[0, 0\] is wrong/,
    );
  });

  it("a factor that prints as 1 is not told", () => {
    const nearly = (A1: Matrix, dZ2: Matrix) => gradW2(A1, dZ2).scale(A1.rows === 1 ? -1 : 1 + 5e-10);
    expect(explanation("E11", nearly)).not.toMatch(/[:;] 1 for|times 1\b(?!\.)/);
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

    it.each<["N" | "H"]>([["N"], ["H"]])("with %s as the factor in an index is told to need the columns", (letter) => {
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
    });

    it("that writes over its entries with a wrong factor is told so, too", () => {
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

    it("that starts at 1 leaves row 0 empty", () => {
      expect(explanation("E11", byLoops(ofColumns, 1))).toMatch(
        /Row 0 is 0 and the rest is right: where does the loop start/,
      );
    });

    it("that ends too early leaves the last rows empty", () => {
      const told = (to: (H: number) => number) => verify("E11", byLoops(ofColumns, 0, to));
      const one = told((H) => H - 1);
      expect(one.explanation).toContain("The last row is 0 and the rest is right: does the loop end too early?");
      const most = told(() => 1);
      expect(most.explanation).toContain("Row 0 is right and all others are 0: does the loop end too early?");
    });

    it("that returns after the first sample is not asked where its rows land", () => {
      const early = (A2: Matrix, Y: Matrix) => {
        const dZ2 = Matrix.zeros(A2.rows, A2.cols);
        for (let i = 0; i < A2.rows; ) {
          for (let j = 0; j < A2.cols; j++) dZ2.data[i * A2.cols + j] = (A2.get(i, j) - Y.get(i, j)) / A2.rows;
          return dZ2;
        }
        return dZ2;
      };
      const told = explanation("E10", early);
      expect(told).toMatch(/Row 0 is right and all others are 0: does the loop end too early\?/);
      expect(told).not.toContain("its own place");
    });

    it("is not blamed for rows that are 0 beside others that are wrong, nor in the middle", () => {
      const spoilt = (at: (i: number, rows: number) => number) => (X: Matrix, dZ1: Matrix) =>
        gradW1(X, dZ1).map((d, i) => d * at(i, X.cols));
      const lastAndSign = spoilt((i, rows) => (i === rows - 1 ? 0 : i === 0 ? -1 : 1));
      const middle = spoilt((i) => (i === 1 ? 0 : 1));
      for (const wrong of [lastAndSign, middle]) expect(explanation("E16", wrong)).not.toContain("the loop");
    });
  });

  it("a diagonal that is wrong by itself is told", () => {
    const off = (a: Matrix) => softmaxJacobian(a).map((d, j, k) => (j === k ? d + 0.1 : d));
    expect(explanation("E8", off)).toContain("J[j,k] = [j = k] · (a[j] + 0.1) − a[j] · a[k]");
    const uneven = (a: Matrix) => softmaxJacobian(a).map((d, j, k) => (j === k ? d + 0.1 * j : d));
    expect(explanation("E8", uneven)).toContain("The entries off the diagonal are right; the diagonal is not.");
  });

  it("two mistakes at once are told as two", () => {
    const verdict = verify("E10", (A2: Matrix, Y: Matrix) => Y.minus(A2));
    expect(verdict.explanation).toMatch(/Every entry is N times the right one .*, and its sign is the wrong way round/);
  });

  it("zeros are told as zeros", () => {
    expect(explanation("E11", (A1: Matrix, dZ2: Matrix) => Matrix.zeros(A1.cols, dZ2.cols))).toContain(
      "Every entry is 0, whatever the inputs.",
    );
  });

  it("what is right for one sample only is told so, and no factor of 1 is made up", () => {
    const plus = (X: Matrix, W: Matrix, b: Matrix) => X.times(W).plus(b);
    expect(explanation("E1", plus)).toContain("It goes through for a single sample only");
    expect(explanation("E11", (A1: Matrix, dZ2: Matrix) => gradW2(A1, dZ2).scale(1 + 1e-9))).not.toMatch(
      /1 for N|1 times/,
    );
  });

  it("NaN that Matrix.fromRows refuses is NaN that came about", () => {
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

  it.each<[string, Shift]>([
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

  it("a NaN refused in a place where a misconception has a number is not that misconception's", () => {
    const refusedIn = (row: number) => (Z: Matrix) => {
      if (Math.max(...Z.data) > 500) throw new TypeError(`Matrix.fromRows: row ${row}, column 0 is NaN`);
      return softmax(Z);
    };
    expect(verify("E4", refusedIn(1)).misconception?.id).toBe("global-maximum");
    expect(verify("E4", refusedIn(2)).misconception).toBeUndefined();
    expect(verify("E4", refusedIn(2)).explanation).toContain("something overflows or becomes 0/0");
  });

  it("a maximum that is not the row's own is not called that of the whole matrix", () => {
    const startingAt0 = (Z: Matrix) => {
      const exps = Z.map((z, i) => Math.exp(z - Math.max(0, ...Z.row(i).data)));
      return exps.map((e, i) => e / exps.rowSums().data[i]);
    };
    const { explanation } = verify("E4", startingAt0);
    expect(explanation).not.toContain("the maximum of the whole matrix is subtracted");
  });

  const refusing = (rows: number[][]) => Matrix.fromRows(rows);
  it.each<[string, string, Implementation]>([
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

  it("a mistake is named although another one shows at the edges", () => {
    const both = (Z: Matrix) => {
      const exps = Z.map(Math.exp);
      const sums = exps.columnSums();
      return exps.map((e, _, j) => e / sums.data[j]);
    };
    const verdict = verify("E4", both);
    expect(verdict.misconception?.id).toBe("over-the-columns");
    expect(verdict.explanation).toContain("Where ordinary numbers come back");
  });

  it("a wrong mask and 1/N once more are told as two", () => {
    const both = (dZ2: Matrix, W2: Matrix) => gradA1(dZ2, W2).scale(1 / dZ2.rows);
    expect(verify("E15", both).misconception?.id).toBe("mask-missing + 1/N-again");
  });
});
