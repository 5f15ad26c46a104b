import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { verify } from "../../src/course";
import type { Exercise } from "../../src/course/exercises/exercise";
import type { Matrix } from "../../src/matrix";
import { root } from "./solutions";

const readme = readFileSync(join(root, "notebooks/instructor/README.md"), "utf8");

/** What one of the examples exports, imported as a teacher's file would be. */
async function example(marker: string): Promise<Record<string, Exercise>> {
  const code = new RegExp(`<!-- ${marker} -->\\n\`\`\`ts\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] as string;
  const file = join(root, `test/course/.${marker}.ts`);
  writeFileSync(file, code);
  try {
    return (await import(file)) as Record<string, Exercise>;
  } finally {
    rmSync(file);
  }
}

const right = (A2: Matrix, Y: Matrix) => A2.minus(Y).map((d) => d * d);
const both = (A2: Matrix, Y: Matrix, f: (a: number, y: number) => number) => A2.map((a, i, j) => f(a, Y.get(i, j)));

it("the first example of the teachers' page accepts the right answer, and its steps explain wrong ones that nobody wrote down", async () => {
  const { squaredError } = await example("own-exercise");
  for (const seed of [1, 2, 3]) expect(verify(squaredError, right, { seed }).passed).toBe(true);
  const told = (f: (A2: Matrix, Y: Matrix) => Matrix) => verify(squaredError, f).message;
  expect(told((A2, Y) => A2.minus(Y))).toMatch(/the square is missing.*positive\?/);
  expect(told((A2, Y) => both(A2, Y, (a, y) => (a + y) ** 2))).toMatch(/adding Y/i);
  expect(told((A2, Y) => both(A2, Y, (a, y) => Math.abs(a - y)))).toMatch(/the absolute value stands where/i);
  expect(told((A2) => A2.map((a) => a * a))).toMatch(/Y\[i,j\] is missing/);
  expect(told((A2, Y) => right(A2, Y).scale(1 / A2.rows))).toMatch(/1\/N times the right one/);
});

it("the second, with a reference alone, tells what became of the arguments or the result, and facts", async () => {
  const { squaredErrorByReference } = await example("own-exercise-reference");
  for (const seed of [1, 2, 3]) expect(verify(squaredErrorByReference, right, { seed }).passed).toBe(true);
  const told = (f: (A2: Matrix, Y: Matrix) => Matrix) => verify(squaredErrorByReference, f).message;
  expect(told((A2, Y) => right(A2, Y).scale(0.5))).toMatch(/1\/2 times the right one/);
  expect(told((A2, Y) => right(A2, Y.scale(-1)))).toMatch(/the sign of Y is the wrong way round/i);
  expect(told((A2, Y) => right(A2, Y).map((e, i) => (i === A2.rows - 1 ? 0 : e)))).toMatch(/last row/i);
  expect(told((A2, Y) => A2.minus(Y))).toMatch(/Some numbers are negative, and none should be/);
});
