/** Three rounds of 50 wrong answers, each frozen before it was first run; what they were told then, docs/feedback.md says. */
import { describe, expect, it } from "vitest";
import { verify as verifyExercise } from "../../src/course";
import type { Implementation } from "../../src/equations/equation";
import { verify } from "../../src/verify";
import { round1 } from "./round-1";
import { round2 } from "./round-2";
import { round3 } from "./round-3";

/** Told rightly, in other words than were written beforehand. */
const OTHER_WORDS: Readonly<Record<string, RegExp>> = {
  "E3 the product divided by the units": /mean over the hidden units is taken, not the sum/,
  "E9 the diagonal only": /only the path j = k is counted/,
  "E5 binary cross-entropy": /a term −\(1−y\) ln\(1−A\) has come in/,
  "E6 log of a number and 1e-9": /a small number is added before the logarithm/,
  "E9 only the true class": /only the path j = k is counted/,
  "E15 the mask of the first call": /does something live on between calls\?/,
  "backward dZ1 without the mask": /∂loss\/∂A1 itself, as it comes/,
  "H2 the slope itself below 0": /where Z ≤ 0; there each is slope/,
  "F2 the temperature once more": /is divided by T/,
  "F1 the slope added": /All wrong entries are where Z1 ≤ 0|slope is added/,
};

/** Of these, the numbers alone are told. */
const NOTHING_TOLD = ["E6 the median", "E6 1 − p"];

describe.each([
  ["the first round", round1],
  ["the second round", round2],
  ["the third round", round3],
])("%s", (_, answers) => {
  it("has 50 answers, each another one", () => {
    expect(answers).toHaveLength(50);
    expect(new Set(answers.map(({ id, what }) => `${id} ${what}`)).size).toBe(50);
  });

  const named = answers.map((answer) => [`${answer.id} ${answer.what}`, answer] as const);
  // Every third is tried by the quick tests, too.
  describe.each([
    ["some", [], named.filter((_, k) => k % 3 === 0)],
    ["the others", ["slow"], named.filter((_, k) => k % 3 !== 0)],
  ] as const)("%s", (_, tags, some) => {
    it.each(some)("%s is refused, and its cause is told", { tags: [...tags] }, (name, { id, f, told }) => {
      const isExercise = /^[FOHT]\d/.test(id);
      const verdict = (isExercise ? verifyExercise : verify)(id, f as Implementation, { seed: 3 });
      expect(verdict.passed).toBe(false);
      if (!NOTHING_TOLD.includes(name)) expect(verdict.message).toMatch(OTHER_WORDS[name] ?? told);
    });
  });
});
