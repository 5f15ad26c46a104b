import { describe, expect, test } from "vitest";
import { equations } from "../../src/equations";
import { misconceived } from "../../src/equations/equation";
import { verify } from "../../src/verify";

const SEEDS = 200;

describe(`every misconception, on ${SEEDS} seeds`, () => {
  describe.each(equations)("of $id", (equation) => {
    test("is rejected every time, and is named as itself or its twin at least 99 times in 100", () => {
      const named = new Map(equation.misconceptions.map(({ id }) => [id, 0]));
      for (let seed = 1; seed <= SEEDS; seed++) {
        for (const misconception of equation.misconceptions) {
          const { id, twins = [] } = misconception;
          const verdict = verify(equation.id, misconceived(equation, misconception), { seed });
          if (verdict.passed) expect.fail(`${equation.id}: ${id} is accepted with seed ${seed}`);
          const diagnosis = verdict.misconception?.id ?? "";
          if (diagnosis === id || twins.includes(diagnosis)) named.set(id, (named.get(id) as number) + 1);
        }
      }
      const missed = [...named].filter(([, times]) => times < 0.99 * SEEDS);
      expect(missed).toEqual([]);
    }, 300_000);
  });
});
