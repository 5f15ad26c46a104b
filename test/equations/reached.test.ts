/** Which of the written mistakes the search reaches by itself, and which stay written because no rule does. */
import { describe, expect, it } from "vitest";
import { exercises } from "../../src/course/exercises";
import { equations } from "../../src/equations";
import type { Checkable, Misconception } from "../../src/equations/equation";
import { computed } from "../../src/formula/evaluate";
import type { Matrix } from "../../src/matrix";
import { verifyEquation } from "../../src/verification/equation";

/** No single change of the formula gives these: they stay as written mutants. */
const STAY: Readonly<Record<string, readonly string[]>> = {
  E1: ["bias-on-the-first-row-only", "factors-swapped", "element-wise", "bias-down-the-columns"],
  E3: ["bias-on-the-first-row-only", "factors-swapped", "element-wise", "bias-down-the-columns"],
  E4: ["over-the-columns", "over-the-whole-matrix", "maximum-outside-the-exponent", "log-softmax", "sigmoid"],
  E5: ["clipped-both-ways", "shifted", "1-minus-y-term", "no-sum", "squared-error"],
  E6: ["shifted", "1-minus-y-term", "squared-error"],
  E7: ["not-differentiated", "with-respect-to-Z2", "shifted", "1-minus-y-term"],
  E8: ["factor-A_k-missing", "diagonal-without-1-minus-A", "diagonal-squared"],
  E9: ["one-jacobian-for-all", "jacobian-missing"],
  E10: ["with-respect-to-A2", "extra-derivative"],
  E11: ["other-factor-transposed", "element-wise"],
  E12: ["no-sum"],
  E13: ["upstream-transposed", "swapped-without-transpose", "element-wise", "element-wise-transposed"],
  E14: ["always-1"],
  E15: ["mask-on-the-gradient", "mask-on-W2", "mask-on-dZ2", "matrix-product-with-the-mask"],
  E16: ["other-factor-transposed", "element-wise", "transposed-element-wise"],
  E17: ["no-sum"],
  F1: ["constant-below-0", "constant-minus-slope"],
  F2: [
    "times-T",
    "numerator-only",
    "denominator-only",
    "maximum-not-divided",
    "global-maximum",
    "over-the-columns",
    "log-softmax",
  ],
  F3: ["not-smoothed", "epsilon-and-1-minus-epsilon-swapped"],
  H2: ["1-at-0"],
  O1: ["diagonal-without-1-minus-A"],
  O3: ["weights-on-the-columns", "weight-of-the-true-class", "spread-over-the-others"],
  O5: ["not-summed"],
};

/** Those with a single result and a formula. */
const checkables = [
  ...equations,
  ...exercises
    .flatMap(({ parts = [] }) => parts as readonly Checkable[])
    .filter((part) => part.situations !== undefined && (part.formulas?.length ?? 0) > 0),
];

/** The mistake as a function of the arguments; what is right is found with the formula. */
function made({ formulas, parameters, result }: Checkable, { wrong }: Misconception) {
  return (...args: Matrix[]) => {
    const symbols = Object.fromEntries(parameters.map(({ name }, k) => [name, args[k]]));
    const answer = wrong(computed(formulas[0], symbols), ...args);
    return result.number ? answer.data[0] : answer;
  };
}

/** Whether the search alone tells a cause. */
function isReached(checkable: Checkable, misconception: Misconception): boolean {
  const verdict = verifyEquation({ ...checkable, misconceptions: [] }, made(checkable, misconception), 3);
  return verdict.misconception !== undefined;
}

const named = checkables.flatMap((checkable) =>
  checkable.misconceptions.map((misconception) => ({
    name: `${checkable.id} ${checkable.result.name}: ${misconception.id}`,
    checkable,
    misconception,
  })),
);

it("every one that stays is one of those that are written", () => {
  const all = new Set(named.map(({ checkable, misconception }) => `${checkable.id} ${misconception.id}`));
  for (const [id, stay] of Object.entries(STAY)) for (const mistake of stay) expect(all).toContain(`${id} ${mistake}`);
});

// Every fourth is tried by the quick tests, too.
describe.each([
  ["some", [], named.filter((_, k) => k % 4 === 0)],
  ["the others", ["slow"], named.filter((_, k) => k % 4 !== 0)],
] as const)("a written mistake is reached by the rules, or stays written: %s", (_, tags, some) => {
  it.each(some)("$name", { tags: [...tags] }, ({ checkable, misconception }) => {
    const stays = STAY[checkable.id]?.includes(misconception.id) ?? false;
    expect(isReached(checkable, misconception)).toBe(!stays);
  });
});
