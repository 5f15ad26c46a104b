/**
 * Looks for the change of a formula that gives what an implementation gave: first one change, then one with a factor, then a
 * number that is solved for, then few pairs. Outputs are all it looks at.
 */

import type { Change } from "../formula/change";
import { stepText } from "../formula/print";
import { changes, type Family, inShort, pairsWith, solvable } from "../formula/rules";
import type { Formula } from "../formula/tree";
import type { Matrix } from "../matrix";
import { answerChanges } from "./answers";
import type { Claimed, Explanation } from "./claimed";
import { changedInputs } from "./inputs";
import type { Answers } from "./matching";
import { numberText, recognised } from "./recognise";
import type { Answered } from "./trial";

/** Where a number is looked for, as powers of ten. */
const GRID = [-308, -200, -100, -50, -30, -20, -18, ...Array.from({ length: 20 }, (_, k) => k - 16), 4];

/** How many pairs are looked at. */
const MOST_PAIRS = 2500;

/**
 * @param answers of the calls that brought numbers, right or wrong
 * @returns what explains all of them, the likeliest first; nothing if no single change, solved number or pair does
 */
export function search(claimed: Claimed, answers: Answers): Explanation[] {
  const { formulas, scope } = claimed;
  // Where the right answer is as near as any, there is nothing to find.
  if (answers.wrong.length === 0 || answers.wrong.every((trial) => answers.agrees(trial, trial.right))) return [];
  const singles = formulas.flatMap((formula) => changes(formula, scope));
  const found: Explanation[] = [...answerChanges(answers, claimed)];
  const scaled: Explanation[] = [];
  for (const single of singles) {
    const match = answers.match(single.formula);
    if (match === "same") found.push(single);
    else if (match !== undefined) scaled.push(timesFactor(single, match.factor));
  }
  found.push(...changedInputs(answers, claimed));
  if (found.length > 0) return sorted(found);
  const solved = formulas.flatMap((formula) => [
    ...termFactors(formula, answers),
    ...solvedNumbers(formula, scope, answers),
  ]);
  if (solved.length > 0) return sorted(solved);
  if (scaled.length > 0) return sorted(scaled);
  return sorted(pairs(singles, scope, answers));
}

function sorted(found: readonly Explanation[]): Explanation[] {
  return [...found].sort((a, b) => a.cost - b.cost);
}

function timesFactor(single: Change, factor: string): Explanation {
  const said = factor === "−1" ? "and the sign is the wrong way round" : `and everything is ${factor} times as large`;
  return {
    id: `${single.id} + ${factor === "−1" ? "sign-flipped" : `times-${factor}`}`,
    said: `${single.said.replace(/\.$/, "")}, ${said}.`,
    hint: single.hint,
    cost: single.cost + 2,
  };
}

/** One of two terms with a factor of its own: A2/N − Y. */
function termFactors({ steps, shapes }: Formula, answers: Answers): Explanation[] {
  const last = steps[steps.length - 1];
  if (last.body.kind !== "binary" || (last.body.op !== "+" && last.body.op !== "−")) return [];
  const { left, right, op } = last.body;
  const parts = [left, right].map((body): Formula => ({ steps: [...steps.slice(0, -1), { ...last, body }], shapes }));
  const sign = op === "−" ? -1 : 1;
  const factors = answers.wrong.map((trial) => {
    const [P, Q] = parts.map((part) => answers.whole(part, trial));
    return P && Q
      ? twoFactors(
          trial.got,
          P,
          Q.map((x) => sign * x),
          trial.slack,
        )
      : undefined;
  });
  if (factors.length === 0 || factors.some((both) => both === undefined)) return [];
  const said = ([0, 1] as const).map((k) =>
    recognised(
      factors.map((both) => (both as [number, number])[k]),
      answers.wrong,
    ),
  );
  if (said.some((text) => text === undefined) || factors.every((both) => both?.every((x) => Math.abs(x - 1) < 1e-6)))
    return [];
  const words = parts.map((part) => inShort(part));
  const one = ([0, 1] as const).filter((k) => said[k] !== "1");
  const sentence = one
    .map(
      (k) =>
        `${said[k] === "−1" ? `minus ${words[k]}` : said[k] === "0" ? `nothing of ${words[k]}` : `${said[k]} times ${words[k]}`} where ${words[k]} itself belongs`,
    )
    .join(", and ");
  return [
    {
      id: "term-scaled",
      said: `The same numbers as ${sentence}${one.length === 1 ? `; ${words[1 - one[0]]} is right` : ""}.`,
      hint: "Which factor belongs to which term? Where do the brackets close?",
      cost: 2,
    },
  ];
}

/** a and b with got = a P + b Q in every entry. */
function twoFactors(got: Matrix, P: Matrix, Q: Matrix, slack: number): [number, number] | undefined {
  if (got.data.length !== P.data.length) return undefined;
  let [pp, pq, qq, pg, qg, size] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k < got.data.length; k++) {
    const [p, q, g] = [P.data[k], Q.data[k], got.data[k]];
    if (!Number.isFinite(p + q + g)) return undefined;
    [pp, pq, qq, pg, qg] = [pp + p * p, pq + p * q, qq + q * q, pg + p * g, qg + q * g];
    size = Math.max(size, Math.abs(g), Math.abs(p), Math.abs(q));
  }
  const det = pp * qq - pq * pq;
  if (!(det > 1e-9 * pp * qq)) return undefined;
  const [a, b] = [(pg * qq - qg * pq) / det, (qg * pp - pg * pq) / det];
  for (let k = 0; k < got.data.length; k++) {
    if (!(Math.abs(a * P.data[k] + b * Q.data[k] - got.data[k]) <= 1e-9 * size + 16 * slack)) return undefined;
  }
  return [a, b];
}

/** The formulas with a number in them, and the numbers that explain the answers. */
function solvedNumbers(formula: Formula, scope: readonly string[], answers: Answers): Explanation[] {
  const found: Explanation[] = [];
  for (const family of solvable(formula, scope)) {
    const values: number[] = [];
    const [first] = answers.telling;
    if (first === undefined) return [];
    const start = solve(family.with, first, answers);
    if (start === undefined) continue;
    const nice = Number(start.toPrecision(2));
    const p = Math.abs(nice - start) <= 1e-3 * Math.abs(start) ? nice : start;
    if (answers.match(family.with(p), false) === "same") {
      found.push({ ...family, said: saidOf(family, p, numberText(p)) });
      continue;
    }
    if (p !== start && answers.match(family.with(start), false) === "same") {
      found.push({ ...family, said: saidOf(family, start, numberText(start)) });
      continue;
    }
    // It may follow a size.
    for (const trial of answers.telling.slice(0, 4)) {
      const value = solve(family.with, trial, answers);
      if (value === undefined) break;
      values.push(value);
    }
    const told = answers.telling.slice(0, 4);
    if (values.length < 2 || values.length < told.length) continue;
    const text = recognised(values, told);
    if (text !== undefined && told.every((trial, t) => answers.agreesWhole(family.with(values[t]), trial))) {
      found.push({ ...family, said: family.said(text) });
    }
  }
  return found;
}

/** The sentence on a solved number, with the step that it stands in. */
function saidOf(family: Family, p: number, text: string): string {
  const { steps } = family.with(p);
  const step = steps.find(({ name }) => name === family.step) ?? steps[steps.length - 1];
  const written = stepText(step);
  const said = family.said(text);
  return written.length > 70 ? said : `${said.replace(/\.$/, "")}: ${written}.`;
}

/** The number with which a family's formula gives the entry that is furthest off, if it then gives the whole answer. */
function solve(family: (p: number) => Formula, trial: Answered, answers: Answers): number | undefined {
  // Where the right answer is as near, no number is found, only rounding.
  if (answers.agrees(trial, trial.right)) return undefined;
  const place = answers.placesOf(trial)[0];
  const [i, j] = [Math.floor(place / trial.got.cols), place % trial.got.cols];
  const goal = trial.got.data[place];
  const off = (p: number): number => {
    const value = answers.bound(family(p), trial)?.entry(i, j);
    return value === undefined ? Number.NaN : value - goal;
  };
  for (const sign of [1, -1]) {
    let [low, at] = [-320, off(sign * 1e-320)];
    for (const u of GRID) {
      const next = off(sign * 10 ** u);
      if (next === 0 && u < 4) {
        if (answers.agreesWhole(family(sign * 10 ** u), trial)) return sign * 10 ** u;
      }
      if (at * next < 0) {
        const p = sign * bisected((v) => off(sign * v), 10 ** low, 10 ** u);
        if (answers.agreesWhole(family(p), trial)) return p;
      }
      [low, at] = [u, next];
    }
  }
  return undefined;
}

function bisected(off: (p: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  const atLow = off(low);
  for (let round = 0; round < 80 && Math.abs(high - low) > 1e-16 * Math.abs(high); round++) {
    const middle = low > 0 && high / low > 4 ? Math.sqrt(low) * Math.sqrt(high) : (low + high) / 2;
    if (off(middle) * atLow > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function pairs(singles: readonly Change[], scope: readonly string[], answers: Answers): Explanation[] {
  const found: Explanation[] = [];
  let looked = 0;
  for (const single of singles) {
    if (single.rule !== "operand") continue;
    for (const pair of pairsWith(single, scope)) {
      if (++looked > MOST_PAIRS) return found;
      if (answers.match(pair.formula, false) === "same") found.push(pair);
    }
  }
  return found;
}
