import { describe, expect, it } from "vitest";
import { backward } from "../../src/backward";
import { equations } from "../../src/equations";
import { verify } from "../../src/verify";

/** Ranges of seeds; `npm test` does the first. */
const ranges = [
  { from: 1, to: 60, tags: [] },
  { from: 61, to: 2000, tags: ["slow"] },
];

describe.each(ranges)("no false alarm on seeds $from to $to", ({ from, to, tags }) => {
  it.each(equations)("$id $functionName", { tags, timeout: 300_000 }, (equation) => {
    for (let seed = from; seed <= to; seed++) {
      const verdict = verify(equation.id, equation.reference, { seed });
      if (!verdict.passed) expect.fail(`seed ${seed}: ${verdict}`);
    }
  });
});

describe.each([
  { from: 1, to: 10, tags: [] },
  { from: 11, to: 100, tags: ["slow"] },
])("no false alarm of the whole backward on seeds $from to $to", ({ from, to, tags }) => {
  it("backward", { tags, timeout: 300_000 }, () => {
    for (let seed = from; seed <= to; seed++) {
      const verdict = verify("backward", backward, { seed });
      if (!verdict.passed) expect.fail(`seed ${seed}: ${verdict}`);
    }
  });
});
