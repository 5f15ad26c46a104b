import { describe, expect, it } from "vitest";
import { pythonHint } from "../../../src/kernel/compiler/python-hints";

describe("pythonHint", () => {
  it.each([
    ["for i in range(Z.rows):", "'(' expected.", /for \(let i = 0/],
    ["const n = len(A);", "Cannot find name 'len'.", /A\.rows and A\.cols/],
    ["print(A)", "Cannot find name 'print'.", /console\.log/],
    ["const a = True;", "Cannot find name 'True'.", /true, false/],
    ["def f(Z):", "';' expected.", /function f/],
    ["const f = lambda z: z", "Cannot find name 'lambda'.", /\(z\) => /],
    ["# a comment", "Invalid character.", /\/\//],
    ["A.dot(B)", "Property 'dot' does not exist on type 'Matrix'.", /A\.times\(B\)/],
    ["A.transpose()", "Property 'transpose' does not exist on type 'Matrix'.", /A\.T/],
    ["A + B", "Operator '+' cannot be applied to types 'Matrix' and 'Matrix'.", /A\.plus\(B\)/],
    [
      "A * 2",
      "The left-hand side of an arithmetic operation must be of type 'any', 'number', 'bigint' or an enum type.",
      /A\.scale\(2\)/,
    ],
    [
      "relu([[1, 2]])",
      "Argument of type 'number[][]' is not assignable to parameter of type 'Matrix'.",
      /Matrix\.fromRows/,
    ],
    [
      "Z.map((z) => { z > 0 ? z : 0 })",
      "Argument of type '(z: number) => void' is not assignable to parameter of type",
      /return/,
    ],
    ["x = 3", "Cannot find name 'x'.", /let x/],
    ["if (a > 0 and b > 0) {", "')' expected.", /&&/],
  ])("of “%s” leads on", (code, message, help) => {
    expect(pythonHint(message, code)).toMatch(help);
  });

  it("of what is no habit from Python says nothing", () => {
    expect(pythonHint("Cannot find name 'gradW3'.", "const dW3 = gradW3(A2, dZ3);")).toBeUndefined();
    expect(pythonHint("';' expected.", "const x = 3 4;")).toBeUndefined();
  });
});
