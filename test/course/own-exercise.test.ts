import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { verify } from "../../src/course";
import type { Exercise } from "../../src/course/exercises/exercise";
import type { Matrix } from "../../src/matrix";
import { root } from "./solutions";

const readme = readFileSync(join(root, "notebooks/instructor/README.md"), "utf8");

it("the example of the teachers' page is an exercise: it accepts the right answer and names the mistake", async () => {
  const code = /<!-- own-exercise -->\n```ts\n([\s\S]*?)```/.exec(readme)?.[1] as string;
  const file = join(root, "test/course/.own-exercise.ts");
  writeFileSync(file, code);
  try {
    const { squaredError } = (await import(file)) as { squaredError: Exercise };
    const right = (A2: Matrix, Y: Matrix) => A2.minus(Y).map((d) => d * d);
    for (const seed of [1, 2, 3]) expect(verify(squaredError, right, { seed }).passed).toBe(true);
    const verdict = verify(squaredError, (A2: Matrix, Y: Matrix) => A2.minus(Y));
    expect(verdict.message).toMatch(/the square is missing.*positive\?/);
  } finally {
    rmSync(file);
  }
});
