/** What the values of a column mean: numbers, classes, nothing. */
import type { Column } from "./reader";

/** Names the place of a row for a person: `line 7`. */
export type Place = (row: number) => string;

/** What people write where there is no value. */
const NOTHING = /^(|n\.?a\.?|n\/a|#n\/a|nan|null|none|nil|missing|-+|\?|\.)$/i;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The number that a value stands for: quoted numbers and yes-no columns count too.
 *
 * @returns undefined where there is no value, NaN if it is something else than a number
 */
export function numberFrom(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "number") return Number.isNaN(value) ? undefined : value;
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  if (typeof value !== "string") return Number.NaN;
  const text = value.trim();
  if (NOTHING.test(text)) return undefined;
  if (/^(true|false)$/i.test(text)) return text.length === 4 ? 1 : 0;
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

/**
 * A column as finite numbers.
 *
 * @returns a number a row; NaN where there is none
 * @throws if a value is no finite number; the message says what it looks like, and what to do
 */
export function numbersIn({ name, values }: Column, place: Place): number[] {
  return values.map((value, row) => {
    const number = numberFrom(value);
    if (number === undefined) return Number.NaN;
    if (Number.isFinite(number)) return number;
    throw new RangeError(
      `column "${name}" has ${written(value)} in ${place(row)}; expected a number. ${advice(String(value).trim())}`,
    );
  });
}

function advice(text: string): string {
  const plain = text.replace(/^[+-]/, "");
  if (/^\d{1,3}([,. '’\u00a0\u202f]\d{3}){2,}/.test(plain) || /^\d{1,3}(,\d{3})+\.\d+$/.test(plain)) {
    return "Write it without what separates the thousands: 1234567";
  }
  if (/^\d{1,3}(\.\d{3})+,\d+$/.test(plain)) return "Write it with a decimal point and nothing else: 1234.5";
  if (/^\d{1,3}[ '’\u00a0\u202f]\d{3}$/.test(plain)) return "Write it without what separates the thousands: 1234";
  if (/^\d{1,3},\d{3}$/.test(plain)) {
    return "If the comma separates thousands, leave it out (1234); if it is a decimal comma, write a point (1.234)";
  }
  if (/^\d*,\d+(e[+-]?\d+)?$/i.test(plain)) return "A decimal comma has to be a point: 1.5";
  return "A column of words can be left out: name those to use with { features: […] }";
}

/** The classes of a label column. */
export interface Classes {
  /** A class id for each row; undefined where there is no label. */
  readonly labels: readonly (number | undefined)[];
  /** The classes' names, in order: class id k is `classNames[k]`. */
  readonly classNames: readonly string[];
}

/**
 * The classes of a label column: words in alphabetical order, or whole numbers in numerical order, to all digits.
 *
 * @throws if a value is neither, or there are not two classes
 */
export function classesIn({ name, values }: Column, place: Place): Classes {
  const texts = values.map((value) => {
    if (value === null || value === undefined || Number.isNaN(value)) return undefined;
    const text = String(value);
    return text.trim() === "" ? undefined : text;
  });
  const numeric = texts.every((text) => text === undefined || NUMBER.test(text.trim()));
  const names = texts.map((text, row) => {
    if (text === undefined || !numeric) return text;
    const whole = wholeNumber(text.trim());
    if (whole !== undefined) return whole;
    throw new RangeError(
      `label column "${name}" has ${written(values[row])} in ${place(row)}; expected a class, a word or a whole number`,
    );
  });
  const different = [...new Set(names.filter((text): text is string => text !== undefined))];
  if (different.length < 2) {
    const one = different.length === 0 ? "no class" : `one class only, ${JSON.stringify(different[0])}`;
    throw new RangeError(`label column "${name}" holds ${one}; expected two or more`);
  }
  const classNames = numeric ? different.sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)) : different.sort();
  const ids = new Map(classNames.map((text, id) => [text, id]));
  return { labels: names.map((text) => (text === undefined ? undefined : ids.get(text))), classNames };
}

/** A whole number with all its digits: "7", "07" and "7.0" are one. */
function wholeNumber(text: string): string | undefined {
  const digits = /^([+-]?\d+)(\.0*)?$/.exec(text)?.[1];
  if (digits !== undefined) return String(BigInt(digits.replace("+", "")));
  const value = Number(text);
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

/**
 * Classes that are probably the same one, and one that is probably none.
 *
 * @returns sentences, none if all is well
 */
export function suspiciousClasses(classNames: readonly string[]): string[] {
  const alike = new Map<string, string[]>();
  for (const name of classNames) {
    const key = name.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
    alike.set(key, [...(alike.get(key) ?? []), name]);
  }
  const pairs = [...alike.values()].filter((names) => names.length > 1);
  const quoted = (names: readonly string[]) => names.map((name) => JSON.stringify(name)).join(" and ");
  return [
    ...pairs.map((names) => `classes ${quoted(names)} differ only by spaces or capitals, and count as ${names.length}`),
    ...classNames
      .filter((name) => NOTHING.test(name.trim()))
      .map((name) => `class ${JSON.stringify(name)} counts as a class, though it looks like a missing label`),
  ];
}

/** A table's value as a message shows it. */
export function written(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
