/** What a number is that was found on several inputs: always the same, or N, 1/C, twice T …  */
import { figure } from "./number-text";
import type { Trial } from "./trial";

/** A size, or a plain number among the inputs, by its letter. */
function lettersOf({ sizes, symbols }: Trial): Record<string, number> {
  const numbers = Object.entries(symbols).filter(([, M]) => M?.data.length === 1 && M.rows === 1 && M.cols === 1);
  const named = numbers.filter(([name]) => /^(T|slope|epsilon|lambda|learningRate|momentum)$/.test(name));
  const others = Object.entries(sizes).flatMap(([letter, size]) => [
    [`ln ${letter}`, Math.log(size)],
    [`(${letter} − 1)`, size - 1],
    [`(${letter} + 1)`, size + 1],
  ]);
  return {
    ...Object.fromEntries(named.map(([name, M]) => [name, M.data[0]])),
    ...sizes,
    ...Object.fromEntries(others),
  };
}

/** The powers in which a letter may come, the likelier first. */
const POWERS = [1, -1, 2, -2, 0.5, -0.5];

/**
 * The values in words: "2", "N", "1/C", "−1/N", "N/C"; nothing if they are neither one number nor follow the sizes.
 *
 * @param values one for each of the trials
 */
export function recognised(values: readonly number[], trials: readonly Trial[]): string | undefined {
  if (values.length === 0 || values.some((v) => !Number.isFinite(v))) return undefined;
  if (values.every((v) => Math.abs(v) < 1e-12)) return "0";
  const constant = (scaled: readonly number[]) =>
    scaled.every((v) => Math.abs(v - scaled[0]) <= 1e-6 * Math.abs(scaled[0]));
  if (constant(values)) return numberText(values[0]);
  const all = trials.map(lettersOf);
  const fitting: { text: string; plain: boolean }[] = [];
  for (const [a, p, b, q] of combinationsIn(all)) {
    const scaled = values.map((v, t) => v / (all[t][a] ** p * (b === undefined ? 1 : all[t][b] ** (q as number))));
    if (!constant(scaled)) continue;
    fitting.push({ text: combined(scaled[0], a, p, b, q), plain: Math.abs(Math.abs(scaled[0]) - 1) < 1e-6 });
  }
  return (fitting.find(({ plain }) => plain) ?? fitting[0])?.text;
}

/** The products of powers in which letters may come that are known everywhere. */
function combinationsIn(all: readonly Record<string, number>[]): [string, number, string?, number?][] {
  const letters = Object.keys(all[0]).filter((letter) => all.every((known) => known[letter] !== undefined));
  return [
    ...letters.flatMap((letter) => POWERS.map((power): [string, number] => [letter, power])),
    ...letters.flatMap((a) =>
      letters.flatMap((b) =>
        a < b ? [-1, 1].flatMap((p) => [-1, 1].map((q): [string, number, string, number] => [a, p, b, q])) : [],
      ),
    ),
  ];
}

/** What the quotient of two values may be, where one belongs to each trial: 1, or what the sizes and numbers make it. */
export function ratiosBetween(first: Trial, second: Trial): number[] {
  const [one, other] = [first, second].map(lettersOf);
  const value = (known: Record<string, number>, [a, p, b, q]: [string, number, string?, number?]) =>
    known[a] ** p * (b === undefined ? 1 : known[b] ** (q as number));
  return [1, ...combinationsIn([one, other]).map((combination) => value(one, combination) / value(other, combination))];
}

function combined(factor: number, a: string, p: number, b?: string, q?: number): string {
  const above = [p > 0 ? powered(a, p) : "", b !== undefined && (q as number) > 0 ? b : ""].filter(Boolean);
  const below = [p < 0 ? powered(a, -p) : "", b !== undefined && (q as number) < 0 ? b : ""].filter(Boolean);
  const size = Math.abs(factor);
  const number = Math.abs(size - 1) < 1e-6 ? [] : [numberText(size)];
  const top = [...number, ...above].join(" · ") || "1";
  const bottom = below.length > 1 ? `(${below.join(" · ")})` : below[0];
  return `${factor < 0 ? "−" : ""}${top}${bottom === undefined ? "" : `/${bottom}`}`;
}

function powered(letter: string, power: number): string {
  return power === 2 ? `${letter}²` : power === 0.5 ? `√${letter}` : letter;
}

/** A number as it is told: a fraction where it is one, and more digits where four would show 1. */
export function numberText(x: number): string {
  const fromOne = Math.abs(Math.abs(x) - 1);
  if (fromOne > 1e-14 && fromOne < 1e-3) return figure(x, 12);
  for (const n of [2, 3, 4, 5]) if (Math.abs(Math.abs(x) - 1 / n) < 1e-9) return `${x < 0 ? "−" : ""}1/${n}`;
  return figure(x);
}
