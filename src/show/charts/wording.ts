/** The checks of the words that a chart is given: its title and what it calls its rows, columns and classes. */
import { kindOf } from "../../matrix";

/**
 * Checks that an argument is an object with these texts in it.
 *
 * @param fn the function's name, for the message
 * @param name the argument's name, for the message
 * @param value the argument
 * @param keys the texts that must be there
 * @throws TypeError `matrixHeatMap: options is undefined; expected { title }, each a text`
 */
export function checkTexts(fn: string, name: string, value: object, keys: readonly string[]): void {
  const isObject = typeof value === "object" && value !== null;
  const texts = value as Readonly<Record<string, unknown>>;
  const wrong = isObject ? keys.find((key) => typeof texts[key] !== "string") : undefined;
  if (isObject && wrong === undefined) return;
  const got = wrong === undefined ? `${name} is ${kindOf(value)}` : `${name}.${wrong} is ${kindOf(texts[wrong])}`;
  throw new TypeError(`${fn}: ${got}; expected { ${keys.join(", ")} }, each a text`);
}

/**
 * Checks that there is a name for each row, column or class; names that are left out are no mistake.
 *
 * @param fn the function's name, for the message
 * @param name the argument's name, for the message
 * @param names the names, or undefined
 * @param count how many there must be
 * @param what what has a name: `"class"`
 * @throws TypeError if it is not an array, RangeError if there are more or fewer:
 *   `decisionBoundary: classNames has 1 entries; expected 2, one per class`
 */
export function checkNames(
  fn: string,
  name: string,
  names: readonly string[] | undefined,
  count: number,
  what: string,
): void {
  if (names === undefined) return;
  const expected = `expected ${count}, one per ${what}`;
  if (!Array.isArray(names)) throw new TypeError(`${fn}: ${name} is ${kindOf(names)}; ${expected}`);
  if (names.length !== count) throw new RangeError(`${fn}: ${name} has ${names.length} entries; ${expected}`);
}
