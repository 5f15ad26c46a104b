import { expect, it } from "vitest";
import { gradeIdOf, type Notebook } from "../../src/course/notebook";
import { CellChecker } from "../../src/course/program/cell-checker";
import { programOf } from "../../src/course/program/program";
import { instructorNotebooks, root } from "./solutions";

const master = instructorNotebooks.get("forward-pass") as Notebook;
const checker = new CellChecker(root);

/** Why leakyRelu was left out, with something else in its place. */
function told(inside: string): string | undefined {
  const cells = master.cells.map((cell) =>
    gradeIdOf(cell) === "F1-solution"
      ? { ...cell, source: `function leakyRelu(Z1: Matrix, slope: number): Matrix {\n${inside}\n}` }
      : cell,
  );
  return programOf(master, { ...master, cells }, checker).broken.get("leakyRelu")?.text;
}

it.each([
  ["  return len(Z1);", /Cannot find name 'len'[\s\S]*A\.rows and A\.cols/],
  ["  return True;", /Cannot find name 'True'[\s\S]*true, false/],
  ["  return Z1.transpose();", /'transpose' does not exist[\s\S]*A\.T/],
  ["  for i in range(Z1.rows):\n    print(i)", /a loop is written: for \(let i = 0/],
  ["  if slope > 0:\n    return Z1", /braces/],
])("what is Python in %s comes with a line of help in an assignment's feedback, too", (inside, said) => {
  expect(told(inside)).toMatch(said);
});

it("what is right has nothing to be told", () => {
  expect(told("  return Z1.map((z) => (z > 0 ? z : slope * z));")).toBeUndefined();
});
