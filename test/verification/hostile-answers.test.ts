/** What verify says of an answer that is no number at all, or does something that it should not. */
import { describe, expect, it, vi } from "vitest";
import { gradW2, Matrix } from "../../src";
import type { Implementation } from "../../src/equations/equation";
import { verify } from "../../src/verify";

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

  it.each(cases)("%s", (_, implementation, sentence) => {
    const verdict = verify("E11", implementation as Implementation);
    expect(verdict.passed).toBe(false);
    expect(verdict.message).toMatch(sentence);
    expect(verify("E11", gradW2).passed).toBe(true);
  });

  it("a promise that fails later is nobody's unhandled rejection", async () => {
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

  it("what a verdict shows can be changed without harm to later verdicts", () => {
    const wrong = (A1: Matrix, dZ2: Matrix) => gradW2(A1, dZ2).scale(3);
    verify("E11", wrong, { seed: 3 }).comparison?.expected.data.fill(7);
    expect(verify("E11", gradW2, { seed: 3 })).toMatchObject({ passed: true, maxAbsError: 0 });
  });

  it("a function that is right once and wrong afterwards is wrong", () => {
    let calls = 0;
    expect(
      verify("E11", (A1: Matrix, dZ2: Matrix) => (calls++ === 0 ? gradW2(A1, dZ2) : Matrix.zeros(A1.cols, dZ2.cols)))
        .passed,
    ).toBe(false);
  });

  it("a matrix of NaN or infinities where a number is expected is told as such", () => {
    expect(verify("E6", () => NaN).message).toMatch(/loss should be .* and is NaN/);
    expect(verify("E6", (A2: Matrix) => A2).message).toMatch(/returned a \d×\d Matrix; expected a number/);
  });
});
