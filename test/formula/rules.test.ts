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

type Numbers = readonly (Matrix | undefined)[];

/** Whether numbers are the right ones, but for rounding. */
function areRight(mine: Numbers, right: Numbers): boolean {
  return mine.every((A, k) => {
    const B = right[k];
    return A !== undefined && B !== undefined && A.shape === B.shape && A.data.every((x, e) => isNear(x, B.data[e], B));
  });
}

/**
 * Whether nothing tells two formulas apart where both give ordinary numbers. What is said of a change that stops by its
 * shapes, or comes to ∞, is said of where it goes through.
 */
function areTwins(one: Numbers, other: Numbers): boolean {
  return one.every((A, k) => {
    const B = other[k];
    if (A === undefined || B === undefined) return true;
    const isOrdinary = (e: number) => Number.isFinite(A.data[e]) && Number.isFinite(B.data[e]);
    return A.shape === B.shape && A.data.every((x, e) => !isOrdinary(e) || isNear(x, B.data[e], B));
  });
}

function isNear(x: number, y: number, { data }: Matrix): boolean {
  const size = data.reduce((max, z) => (Number.isFinite(z) ? Math.max(max, Math.abs(z)) : max), 0);
  return Object.is(x, y) || Math.abs(x - y) <= 1e-8 * size + 1e-12;
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
  const isRight = equation.formulas.some((right) => areRight(mine, numbers(right, inputs)));
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

/** Inputs of different sizes, and square ones. */
function inputsOf(equation: Checkable): Symbols[] {
  const drawn = drawnFor(equation, 99);
  return [...drawn.slice(0, 3), ...drawn.slice(-3, -1)];
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
      const inputs = inputsOf(equation);
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
      const first = one[random.integer(0, one.length - 1)];
      const two = changes(first.formula, scope);
      const pair = two[random.integer(0, two.length - 1)];
      const inputs = inputsOf(equation);
      const { verdict, isRight, isMisnamed, id } = tried(equation, one, pair, inputs);
      if (isRight) continue;
      wrong++;
      if (verdict.passed) expect.fail(`${equation.id} ${pair.id} is accepted`);
      // To be told one of the two is true, and helps: where the other does not show, the answer is as if it were alone.
      const isOneOfBoth = id === first.id || id === pair.id;
      if (isMisnamed && !isOneOfBoth)
        expect.fail(`${equation.id} ${first.id} and ${pair.id} are told as ${id}: ${verdict.message}`);
      if (id !== undefined) explained++;
    }
    console.info(`${explained} of ${wrong} wrong pairs are explained`);
    expect(explained).toBeGreaterThan(wrong / 5);
  });
});
