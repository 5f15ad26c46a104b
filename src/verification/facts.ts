/** What is true of wrong answers whatever the cause: from the numbers alone, and from asking again with one thing changed. */
import { computed } from "../formula/evaluate";
import type { Matrix } from "../matrix";
import type { Claimed } from "./claimed";
import { figure } from "./number-text";
import type { Outcome } from "./outcome";
import { recognised } from "./recognise";
import { type Answered, fitsShape, type Trial, toldOf } from "./trial";

/** Facts that the numbers tell, the more telling first. */
export function factsOf(trials: readonly Trial[], told: readonly Answered[], scope: readonly string[]): string[] {
  const fitting = told.filter(fitsShape);
  const wrong = fitting.filter(({ accepted }) => !accepted);
  const [first] = wrong;
  if (first === undefined) return [];
  const alone = same(fitting);
  if (alone !== undefined) return [alone];
  const side = oneSide(wrong, scope);
  const facts = [
    situations(fitting, wrong),
    digits(wrong),
    side,
    ...(side === undefined ? places(first, wrong, trials) : []),
    ...sums(wrong),
    signs(wrong),
    order(wrong),
  ];
  return facts.filter((fact) => fact !== undefined);
}

/** One answer for all, or equal numbers within one. */
function same(told: readonly Answered[]): string | undefined {
  const numbers = told.flatMap(({ got }) => Array.from(got.data));
  if (numbers.every((x) => x === 0)) return "Every entry is 0, whatever the inputs.";
  if (told.length > 2 && numbers.every((x) => Object.is(x, numbers[0])))
    return `The answer is ${figure(numbers[0])}, whatever the inputs.`;
  const large = told.filter(({ got, right }) => got.data.length > 1 && new Set(right.data).size > 1);
  if (large.length === 0) return undefined;
  if (large.every(({ got }) => new Set(got.data).size === 1)) return "All entries of an answer are equal.";
  const several = large.filter(({ got }) => got.rows > 1 && got.cols > 1);
  if (several.length > 1 && several.every(({ got }) => got.data.every((x, k) => x === got.data[k % got.cols])))
    return "All rows of an answer are equal.";
  if (several.length > 1 && several.every(({ got }) => got.data.every((x, k) => x === got.data[k - (k % got.cols)])))
    return "All columns of an answer are equal.";
  return undefined;
}

/** Numbers with few digits, or in single precision. */
function digits(wrong: readonly Answered[]): string | undefined {
  const numbers = wrong.flatMap(({ got }) => Array.from(got.data)).filter((x) => Number.isFinite(x) && x !== 0);
  if (numbers.length < 4) return undefined;
  const right = wrong.flatMap(({ right }) => Array.from(right.data));
  const decimals = decimalsOf(numbers);
  if (decimals !== undefined && decimalsOf(right) === undefined) {
    return decimals === 0 ? "All numbers are whole." : `No number has more than ${decimals} decimals.`;
  }
  if (numbers.every((x) => Math.fround(x) === x) && !right.every((x) => Math.fround(x) === x)) {
    return "Every number is one that single precision holds, with about 7 digits.";
  }
  return undefined;
}

/** The smallest number of decimals with which all numbers can be written; nothing if it takes more than 8. */
export function decimalsOf(numbers: readonly number[]): number | undefined {
  return [0, 1, 2, 3, 4, 5, 6, 7, 8].find((d) => numbers.every((x) => x === Number(x.toFixed(d))));
}

/** Which rows or columns are wrong, where that says something. */
function places(first: Answered, wrong: readonly Answered[], trials: readonly Trial[]): (string | undefined)[] {
  const { got, right, rejected } = first;
  const all = right.data.length;
  if (all === 1) return [];
  const rows = [...new Set(rejected.map((k) => Math.floor(k / right.cols)))];
  const cols = [...new Set(rejected.map((k) => k % right.cols))];
  const facts: string[] = [];
  const differsInSign = (k: number) => Math.abs(got.data[k] + right.data[k]) <= 1e-9 * Math.abs(right.data[k]);
  if (rejected.every(differsInSign)) facts.push(`The sizes are right; ${rejected.length} of ${all} signs are wrong.`);
  const isDiagonal =
    right.rows === right.cols && right.rows > 1 && wrong.every(({ right }) => right.rows === right.cols);
  if (isDiagonal && rejected.length < all) {
    const onDiagonal = (k: number) => Math.floor(k / right.cols) === k % right.cols;
    if (!rejected.some(onDiagonal)) facts.push("The diagonal is right; the entries off it are not.");
    if (rejected.every(onDiagonal)) facts.push("The entries off the diagonal are right; the diagonal is not.");
  }
  if (facts.length === 0 && rejected.length < all) {
    if (rejected.length === 1 && all > 2) facts.push(`Only entry [${rows[0]}, ${cols[0]}] is wrong.`);
    else if (rows.length === 1 && right.rows > 1)
      facts.push(
        `Only row ${rows[0]}${rows[0] === right.rows - 1 ? ", the last," : ""} is wrong${tail(rejected, right.cols)}.`,
      );
    else if (cols.length === 1 && right.cols > 1)
      facts.push(`Only column ${cols[0]}${cols[0] === right.cols - 1 ? ", the last," : ""} is wrong.`);
    else if (rows.length === right.rows - 1) {
      const fine = Array.from({ length: right.rows }, (_, i) => i).find((i) => !rows.includes(i));
      facts.push(`Only row ${fine}${fine === right.rows - 1 ? ", the last," : ""} is right.`);
    } else if (cols.length === right.cols - 1) {
      const fine = Array.from({ length: right.cols }, (_, j) => j).find((j) => !cols.includes(j));
      facts.push(`Only column ${fine}${fine === right.cols - 1 ? ", the last," : ""} is right.`);
    } else facts.push(`${rejected.length} of ${all} entries are wrong.`);
    const zeros = rejected.filter((k) => got.data[k] === 0).length;
    if (zeros === rejected.length && !rejected.every((k) => right.data[k] === 0)) facts.push("Every wrong entry is 0.");
  }
  return facts.map((fact) => toldOf(first, trials, fact));
}

/** What all wrong entries have in common: the sign of a matrix there, or the label; and what stands there. */
function oneSide(wrong: readonly Answered[], scope: readonly string[]): string | undefined {
  const [first] = wrong;
  const candidates = scope.filter((name) => first.symbols[name]?.shape === first.right.shape);
  const kinds: readonly [string, (x: number) => boolean][] = [
    ["> 0", (x) => x > 0],
    ["≤ 0", (x) => x <= 0],
  ];
  for (const name of candidates) {
    for (const [words, holds] of kinds) {
      const where = ({ symbols }: Answered, k: number) => holds(symbols[name].data[k]);
      let [inside, outside, hit] = [0, 0, 0];
      const stray = wrong.some((trial) => {
        for (let k = 0; k < trial.right.data.length; k++) where(trial, k) ? inside++ : outside++;
        hit += trial.rejected.length;
        return trial.rejected.some((k) => !where(trial, k));
      });
      if (stray || outside < 4 || hit < 4 || hit < 0.7 * inside) continue;
      const side =
        name === "Y" ? (words === "> 0" ? "at the true class" : "at the other classes") : `where ${name} ${words}`;
      const value = standsThere(wrong, scope, where);
      return `All wrong entries are ${side}${value === undefined ? "" : `; there each is ${value}`}.`;
    }
  }
  return undefined;
}

/** What every entry of one side is: a number, an argument, or the right entry times something. */
function standsThere(
  wrong: readonly Answered[],
  scope: readonly string[],
  where: (trial: Answered, k: number) => boolean,
): string | undefined {
  const is = (value: (trial: Answered, k: number) => number) =>
    wrong.every((trial) =>
      trial.got.data.every(
        (x, k) => !where(trial, k) || Math.abs(x - value(trial, k)) <= 1e-9 * Math.abs(x) + 16 * trial.slack,
      ),
    );
  const [first] = wrong;
  const place = first.rejected[0];
  const alone = first.got.data[place];
  if (is(() => alone)) return figure(alone);
  for (const name of scope) {
    const M = first.symbols[name];
    const isNumber = M?.data.length === 1;
    if (!isNumber && M?.shape !== first.right.shape) continue;
    for (const [text, of] of [
      [name, (x: number) => x],
      [`−${name}`, (x: number) => -x],
    ] as const) {
      if (is(({ symbols }, k) => of(symbols[name].data[isNumber ? 0 : k]))) return text;
    }
  }
  const factors = wrong.map(({ got, right, rejected }) =>
    rejected.length === 0 ? Number.NaN : got.data[rejected[0]] / right.data[rejected[0]],
  );
  if (is((trial, k) => factors[wrong.indexOf(trial)] * trial.right.data[k])) {
    const text = recognised(factors, wrong);
    if (text !== undefined)
      return text === "−1" ? "the right number with the wrong sign" : `${text} times the right number`;
  }
  return undefined;
}

function tail(rejected: readonly number[], cols: number): string {
  return rejected.length === cols ? "" : `, in ${rejected.length} of ${cols} entries`;
}

/** Sums of rows, columns and everything, where the right ones have a pattern or the wrong ones do. */
function sums(wrong: readonly Answered[]): (string | undefined)[] {
  const [{ got, right }] = wrong;
  if (right.data.length === 1) return [];
  const facts: string[] = [];
  const of = (M: Matrix, side: "rows" | "columns") => (side === "rows" ? M.rowSums().data : M.columnSums().data);
  for (const side of ["rows", "columns"] as const) {
    const wanted = constant(of(right, side));
    const found = of(got, side);
    if (wanted !== undefined && !wrong.every((trial) => constant(of(trial.got, side)) === wanted)) {
      const k = found.findIndex((x) => Math.abs(x - wanted) > 1e-6);
      if (k >= 0)
        facts.push(
          `Its ${side} should sum to ${figure(wanted)}; ${side === "rows" ? "row" : "column"} ${k} sums to ${figure(found[k])}.`,
        );
    }
    const pattern = constant(found);
    if (
      wanted === undefined &&
      pattern !== undefined &&
      wrong.every((trial) => constant(of(trial.got, side)) === pattern)
    ) {
      facts.push(`Each of its ${side} sums to ${figure(pattern)}, and should not.`);
    }
  }
  for (const side of ["row", "column"] as const) {
    if (wrong.every((trial) => upToFactor(trial, side))) facts.push(`Each ${side} is right up to a factor of its own.`);
    else if (wrong.every((trial) => upToShift(trial, side)))
      facts.push(`Each ${side} is right up to a number that is added to all of it.`);
  }
  return facts;
}

function constant(list: ArrayLike<number>): number | undefined {
  const numbers = Array.from(list);
  const nearest = Math.round(numbers[0] * 1e6) / 1e6;
  return numbers.length > 1 && numbers.every((x) => Math.abs(x - nearest) < 1e-9) ? nearest : undefined;
}

function lines(M: Matrix, side: "row" | "column"): number[][] {
  return side === "row" ? M.toRows() : M.T.toRows();
}

function upToFactor({ got, right, slack }: Answered, side: "row" | "column"): boolean {
  const [a, b] = [lines(got, side), lines(right, side)];
  return (
    b[0].length > 1 &&
    b.every((line, k) => {
      const at = line.reduce((best, x, l) => (Math.abs(x) > Math.abs(line[best]) ? l : best), 0);
      const factor = a[k][at] / line[at];
      return (
        Number.isFinite(factor) &&
        line.filter((x) => x !== 0).length > 1 &&
        line.every((x, l) => Math.abs(a[k][l] - factor * x) <= 1e-8 * Math.abs(factor * line[at]) + 16 * slack)
      );
    })
  );
}

function upToShift({ got, right, slack }: Answered, side: "row" | "column"): boolean {
  const [a, b] = [lines(got, side), lines(right, side)];
  return (
    b[0].length > 2 &&
    b.every((line, k) => {
      const shift = a[k][0] - line[0];
      return line.every((x, l) => Math.abs(a[k][l] - x - shift) <= 1e-9 * (Math.abs(shift) + Math.abs(x)) + 16 * slack);
    })
  );
}

function signs(wrong: readonly Answered[]): string | undefined {
  const got = wrong.flatMap((trial) => Array.from(trial.got.data));
  const right = wrong.flatMap((trial) => Array.from(trial.right.data));
  if (got.every((x) => x >= 0) && right.some((x) => x < 0)) return "No number is negative, and some should be.";
  if (got.every((x) => x <= 0) && right.some((x) => x > 0)) return "No number is positive, and some should be.";
  if (got.some((x) => x < 0) && right.every((x) => x >= 0)) return "Some numbers are negative, and none should be.";
  if (got.some((x) => x > 1) && right.every((x) => x <= 1 && x >= 0))
    return "Some numbers are above 1, and none should be.";
  return undefined;
}

/** The right numbers in other places. */
function order(wrong: readonly Answered[]): string | undefined {
  const sorted = (M: Matrix) => Array.from(M.data).sort((a, b) => a - b);
  const isReordered = ({ got, right }: Answered) => {
    const [a, b] = [sorted(got), sorted(right)];
    return right.data.length > 2 && a.every((x, k) => Math.abs(x - b[k]) <= 1e-12 + 1e-9 * Math.abs(x));
  };
  return wrong.every(isReordered) ? "The numbers are right and lie in the wrong places." : undefined;
}

/** On which inputs it is wrong. */
function situations(told: readonly Answered[], wrong: readonly Answered[]): string | undefined {
  if (wrong.length === told.length) return undefined;
  const right = told.filter(({ accepted }) => accepted);
  if (told.every(({ sizes, accepted }) => accepted === (sizes.N === 1)))
    return "It is right for a single sample and wrong for several: how do the samples come together?";
  const names = [...new Set(wrong.map(({ situation }) => situation))];
  if (names.length <= 2)
    return `It is right on ${right.length} of ${told.length} sets of inputs, and wrong on ${names.join(" and ")}.`;
  const fine = [...new Set(right.map(({ situation }) => situation))].filter((name) => !names.includes(name));
  return fine.length > 0 && fine.length <= 2 ? `It is right on ${fine.join(" and ")} alone.` : undefined;
}

/** One thing that is changed before the function is asked again. */
export interface Probe {
  readonly args: readonly Matrix[];
  /** The sentence, if the answer shows something. */
  readonly reads: (before: Matrix, after: Matrix) => string | undefined;
}

/** Questions that show what has a say in the answer. */
export function probesOf(
  { formulas, rightOf }: Pick<Claimed, "formulas" | "rightOf">,
  parameters: readonly {
    readonly name: string;
    readonly rows: string;
    readonly cols: string;
    readonly number?: true;
  }[],
  args: readonly Matrix[],
  other: readonly Matrix[],
): Probe[] {
  const right = (changed: readonly Matrix[]): Matrix | undefined => {
    try {
      const symbols = Object.fromEntries(parameters.map(({ name }, k) => [name, changed[k]]));
      return formulas[0] ? computed(formulas[0], symbols) : rightOf?.(symbols);
    } catch {
      return undefined;
    }
  };
  const base = right(args);
  if (base === undefined) return [];
  const withArg = (k: number, M: Matrix) => args.map((arg, a) => (a === k ? M : arg));
  const probes: Probe[] = [];
  /** Asks with one row changed, if that is to change the answer. */
  const probeRow = (name: string, place: number, changed: readonly Matrix[]) => {
    const expected = right(changed);
    if (expected === undefined || equal(base, expected)) return;
    const which = `${place === 0 ? "The first row" : "The last row"} of ${name}`;
    probes.push({
      args: changed,
      reads: (before, after) => (equal(before, after) ? `${which} has no say in the answer.` : undefined),
    });
  };
  for (const [k, parameter] of parameters.entries()) {
    const { name, number } = parameter;
    if (name === "a") continue;
    if (name === "Y" || name === "A2") {
      // Labels and probabilities stay what they are: a row becomes another sample's.
      const { rows, cols } = args[k];
      for (const place of rows > 1 ? [0, rows - 1] : []) {
        const from = Array.from({ length: rows }, (_, i) => i).find((i) =>
          args[k].row(i).data.some((x, j) => x !== args[k].data[place * cols + j]),
        );
        if (from === undefined) continue;
        const changed = withArg(
          k,
          args[k].map((x, i, j) => (i === place ? args[k].data[from * cols + j] : x)),
        );
        probeRow(name, place, changed);
      }
      continue;
    }
    const doubled = withArg(k, args[k].scale(2));
    const wanted = ratio(base, right(doubled));
    if (wanted !== undefined) {
      probes.push({
        args: doubled,
        reads: (before, after) => {
          const found = ratio(before, after);
          if (found === undefined || Math.abs(found - wanted) < 1e-6) return undefined;
          return Math.abs(found - 1) < 1e-9
            ? `${name} has no say in the answer: twice ${name} changes nothing.`
            : `Twice ${name} gives ${figure(found)} times the answer, where ${figure(wanted)} times is right.`;
        },
      });
    }
    if (number) continue;
    for (const place of parameter.rows === "1" ? [] : [0, args[k].rows - 1]) {
      const changed = withArg(
        k,
        args[k].map((x, i, j) => (i === place ? (other[k].data[j % other[k].cols] ?? 1) + 0.37 : x)),
      );
      probeRow(name, place, changed);
    }
    for (const place of [0, args[k].cols - 1]) {
      const changed = withArg(
        k,
        args[k].map((x, i, j) => (j === place ? x + 0.61 + i / 7 : x)),
      );
      const expected = right(changed);
      if (expected === undefined || equal(base, expected)) continue;
      const which = `${place === 0 ? "The first column" : "The last column"} of ${name}`;
      probes.push({
        args: changed,
        reads: (before, after) => (equal(before, after) ? `${which} has no say in the answer.` : undefined),
      });
    }
  }
  return probes;
}

/** The factor between two answers, if there is one. */
function ratio(before: Matrix, after: Matrix | undefined): number | undefined {
  if (after === undefined || before.data.length !== after.data.length) return undefined;
  const at = before.data.reduce((best, x, k) => (Math.abs(x) > Math.abs(before.data[best]) ? k : best), 0);
  const factor = after.data[at] / before.data[at];
  const size = Math.abs(after.data[at]) + Math.abs(before.data[at]);
  return Number.isFinite(factor) && before.data.every((x, k) => Math.abs(after.data[k] - factor * x) <= 1e-9 * size)
    ? factor
    : undefined;
}

function equal(a: Matrix, b: Matrix): boolean {
  return (
    a.data.length === b.data.length &&
    a.data.every((x, k) => x === b.data[k] || Math.abs(x - b.data[k]) <= 1e-13 * Math.abs(x))
  );
}

/** What the answers to the probes show, at most two sentences. */
export function factsFromAsking(
  probes: readonly Probe[],
  before: Matrix,
  ask: (probe: Probe, index: number) => Outcome,
): string[] {
  const facts: string[] = [];
  for (const [index, probe] of probes.entries()) {
    const outcome = ask(probe, index);
    if (outcome.kind !== "matrix") continue;
    const fact = probe.reads(before, outcome.value);
    if (fact !== undefined) facts.push(fact);
    if (facts.length === 2) break;
  }
  return facts;
}
