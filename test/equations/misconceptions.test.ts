import { describe, expect, it } from "vitest";
import { equations } from "../../src/equations";
import { misconceived } from "../../src/equations/equation";
import { Matrix } from "../../src/matrix";
import { verify } from "../../src/verify";

/** Ranges of seeds; `npm test` does the first. */
const ranges = [
  { from: 1, to: 20, tags: [] },
  { from: 21, to: 200, tags: ["slow"] },
];
const TINY = Matrix.fromRows([[1e-40]]);
const ONE = Matrix.fromRows([[1]]);

it("every variant of a misconception is rejected and named, too", () => {
  for (const equation of equations) {
    for (const misconception of equation.misconceptions) {
      for (const wrong of misconception.variants ?? []) {
        const verdict = verify(equation.id, misconceived(equation, { ...misconception, wrong }));
        const named = [misconception.id, ...(misconception.twins ?? [])];
        // What is too small to change any probability but one of exactly 0 shows in E6 only.
        if (verdict.passed) expect([equation.id, wrong(ONE, TINY, ONE).data[0]]).toEqual(["E5", -Math.log(1e-40)]);
        else expect(named).toContain(verdict.misconception?.id);
      }
    }
  }
}, 120_000);

describe.each(ranges)("every misconception, on seeds $from to $to", { timeout: 300_000 }, ({ from, to, tags }) => {
  describe.each(equations)("of $id", { tags }, (equation) => {
    it("is rejected every time, and is named as itself or its twin at least 99 times in 100", () => {
      const named = new Map(equation.misconceptions.map(({ id }) => [id, 0]));
      for (let seed = from; seed <= to; seed++) {
        for (const misconception of equation.misconceptions) {
          const { id, twins = [] } = misconception;
          const verdict = verify(equation.id, misconceived(equation, misconception), { seed });
          if (verdict.passed) expect.fail(`${equation.id}: ${id} is accepted with seed ${seed}`);
          const diagnosis = verdict.misconception?.id ?? "";
          if (diagnosis === id || twins.includes(diagnosis)) named.set(id, (named.get(id) as number) + 1);
        }
      }
      const missed = [...named].filter(([, times]) => times < 0.99 * (to - from + 1));
      expect(missed).toEqual([]);
    });
  });
});
