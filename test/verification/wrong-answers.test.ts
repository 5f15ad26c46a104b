import { describe, expect, it } from "vitest";
import type { Implementation } from "../../src/equations/equation";
import { verify } from "../../src/verify";
import { wrongAnswers } from "./wrong-answers";

/** Told rightly, in other words than were written beforehand. */
const OTHER_WORDS: Readonly<Record<string, RegExp>> = {
  "E4 divided by the row's maximum": /largest entry of each row is 1/,
  "E7 upside down": /y is multiplied by A/,
  "E7 1e-7 added": /a small number is added to A/,
  "E15 mask of the sign of dA1": /the mask looks at ∂loss\/∂A1/,
  "backward db1 from dA1": /∂loss\/∂A1 stands where/,
};

describe("wrong answers that learners write are refused, and their cause is told", () => {
  it.each(wrongAnswers.map((answer) => [`${answer.id} ${answer.what}`, answer] as const))(
    "%s",
    (name, { id, f, told }) => {
      const verdict = verify(id, f as Implementation, { seed: 3 });
      expect(verdict.passed).toBe(false);
      expect(verdict.message).toMatch(OTHER_WORDS[name] ?? told);
    },
  );
});
