import { describe, expect, test } from "vitest";
import { backward } from "../../src/backward";
import { equations } from "../../src/equations";
import { verify } from "../../src/verify";

const SEEDS = 2000;

describe(`no false alarm on ${SEEDS} seeds`, () => {
  test.each(equations)(
    "$id $functionName",
    (equation) => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const verdict = verify(equation.id, equation.reference, { seed });
        if (!verdict.passed) expect.fail(`seed ${seed}: ${verdict}`);
      }
    },
    300_000,
  );
});

test("no false alarm of the whole backward on 100 seeds", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const verdict = verify("backward", backward, { seed });
    if (!verdict.passed) expect.fail(`seed ${seed}: ${verdict}`);
  }
}, 300_000);
