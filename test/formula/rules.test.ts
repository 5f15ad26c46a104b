/** Every rule at every place of every formula: what it gives is refused, and is told as itself or as a twin. */
import { describe, expect, it } from "vitest";
import { equations } from "../../src/equations";
import type { Checkable } from "../../src/equations/equation";
import type { Symbols } from "../../src/equations/situations";
import type { Change } from "../../src/formula/change";
import { computed } from "../../src/formula/evaluate";
import { changes } from "../../src/formula/rules";
import type { Formula } from "../../src/formula/tree";
import type { Matrix } from "../../src/matrix";
import { Random } from "../../src/random";
import { drawnFor, verifyEquation } from "../../src/verification/equation";

/** The numbers that a formula gives on inputs of another seed than those that are asked; where it gives none, nothing. */
function numbers(formula: Formula, inputs: readonly Symbols[]): (Matrix | undefined)[] {
  return inputs.map((symbols) => {
    try {
      return computed(formula, symbols);
    } catch {
      return undefined;
    }
  });
}

/** Whether two formulas give the same, but for rounding. NaN is like NaN. */
function areTwins(one: readonly (Matrix | undefined)[], other: readonly (Matrix | undefined)[]): boolean {
  return one.every((A, k) => {
    const B = other[k];
    if (A === undefined || B === undefined) return A === B;
    if (A.shape !== B.shape) return false;
    const size = B.data.reduce((max, x) => (Number.isFinite(x) ? Math.max(max, Math.abs(x)) : max), 0);
    return A.data.every((x, e) => Object.is(x, B.data[e]) || Math.abs(x - B.data[e]) <= 1e-8 * size);
  });
}

/** A formula as a function of the equation's arguments. */
function implementing(formula: Formula, { parameters, result }: Checkable) {
  return (...args: Matrix[]) => {
    const made = computed(formula, Object.fromEntries(parameters.map(({ name }, k) => [name, args[k]])));
    return result.number && made.data.length === 1 ? made.data[0] : made;
  };
}

/** What `verify` makes of one change. */
function tried(
  equation: Checkable,
  all: readonly Change[],
  { formula }: Pick<Change, "formula">,
  inputs: readonly Symbols[],
) {
  const verdict = verifyEquation(equation, implementing(formula, equation), 3);
  const mine = numbers(formula, inputs);
  const isRight = equation.formulas.some((right) => areTwins(mine, numbers(right, inputs)));
  const id = verdict.misconception?.id;
  // A solved number, or a change of the answer, may have the same id, and says so in other words.
  const says = (sentence: string) => verdict.explanation.includes(sentence.replace(/\.$/, ""));
  const written = equation.misconceptions.find((mistake) => mistake.id === id && says(mistake.name));
  const named = all.filter((change) => change.id === id && says(change.said));
  const args = (symbols: Symbols) => equation.parameters.map(({ name }) => symbols[name]);
  const asWritten =
    written &&
    [written.wrong, ...(written.variants ?? [])].some((wrong) =>
      areTwins(
        mine,
        inputs.map((symbols) => {
          try {
            return wrong(computed(equation.formulas[0], symbols), ...args(symbols));
          } catch {
            return undefined;
          }
        }),
      ),
    );
  const isNamed = asWritten || named.some((change) => areTwins(mine, numbers(change.formula, inputs)));
  return { verdict, isRight, isMisnamed: (written !== undefined || named.length > 0) && !isNamed, id };
}

const scopeOf = ({ parameters }: Checkable) => parameters.map(({ name }) => name);

describe.each([
  ["each rule once", []],
  ["each rule everywhere", ["slow"]],
] as const)("%s", (which, tags) => {
  it.each(equations.map((equation) => [equation.id, equation] as const))(
    "%s: what a change gives is refused unless it is right, and is never told as something else",
    { tags: [...tags], timeout: 1_200_000 },
    (_, equation) => {
      const all = equation.formulas.flatMap((formula) => changes(formula, scopeOf(equation)));
      const some = which === "each rule once" ? [...new Map(all.map((change) => [change.rule, change])).values()] : all;
      const inputs = drawnFor(equation, 99).slice(0, 3);
      for (const change of some) {
        const { verdict, isRight, isMisnamed, id } = tried(equation, all, change, inputs);
        if (!isRight && verdict.passed) expect.fail(`${change.id} is accepted`);
        if (isMisnamed && !verdict.passed) expect.fail(`${change.id} is told as ${id}: ${verdict.message}`);
      }
    },
  );
});

describe.each([
  ["200", [], 200],
  ["2,000", ["slow"], 2000],
] as const)("%s random pairs of changes", (_, tags, count) => {
  it("are refused unless they are right, never told as one change that they are not, and often explained", {
    tags: [...tags],
    timeout: 3_600_000,
  }, () => {
    const random = new Random(7);
    let [wrong, explained] = [0, 0];
    for (let n = 0; n < count; n++) {
      const equation = equations[random.integer(0, equations.length - 1)];
      const scope = scopeOf(equation);
      const one = changes(equation.formulas[0], scope);
      const two = changes(one[random.integer(0, one.length - 1)].formula, scope);
      const pair = two[random.integer(0, two.length - 1)];
      const inputs = drawnFor(equation, 99).slice(0, 2);
      const { verdict, isRight, isMisnamed, id } = tried(equation, one, pair, inputs);
      if (isRight) continue;
      wrong++;
      if (verdict.passed) expect.fail(`${equation.id} ${pair.id} is accepted`);
      if (isMisnamed) expect.fail(`${equation.id} ${pair.id} is told as ${id}: ${verdict.message}`);
      if (id !== undefined) explained++;
    }
    console.info(`${explained} of ${wrong} wrong pairs are explained`);
    expect(explained).toBeGreaterThan(wrong / 5);
  });
});
