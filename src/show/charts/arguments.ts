/** The checks of what a chart is given: class ids, the history of a run, texts, names. */
import { kindOf, numberOrKind } from "../../matrix";
import type { History } from "../../train";

/**
 * Checks that `ids` is a list of class ids: whole numbers from 0, and below `classes` where their number is known.
 *
 * @param fn the function's name, for the message
 * @param name the argument's name, for the message
 * @param ids class ids, an array or a typed array; may be empty
 * @param classes C, the number of classes; left out where the ids themselves say how many there are
 * @throws TypeError if it is no list: `digitImages: labels is a string; expected an array of class ids`; RangeError if an entry is
 *   not a class id: `worstMistakes: labels[0] is 7; expected a class id from 0 to 1`
 */
export function checkClassIds(fn: string, name: string, ids: ArrayLike<number>, classes?: number): void {
  if (typeof ids !== "object" || ids === null || !Number.isSafeInteger(ids.length)) {
    throw new TypeError(`${fn}: ${name} is ${kindOf(ids)}; expected an array of class ids`);
  }
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (Number.isSafeInteger(id) && id >= 0 && id < (classes ?? Number.POSITIVE_INFINITY)) continue;
    const expected = classes === undefined ? "a whole number of at least 0" : `a class id from 0 to ${classes - 1}`;
    throw new RangeError(`${fn}: ${name}[${i}] is ${numberOrKind(id)}; expected ${expected}`);
  }
}

/**
 * Checks that `history` is a list of at least so many records.
 *
 * @param fn the function's name, for the message
 * @param name the argument's name, for the message
 * @param history from `train`
 * @param least how many records there must be
 * @throws TypeError if it is no array: `lossCurve: history is an object; expected that of a run, at least 1 records`; RangeError if it
 *   has too few records
 */
export function checkHistory(fn: string, name: string, history: History, least = 1): void {
  const expected = `expected that of a run, at least ${least} records`;
  if (!Array.isArray(history)) throw new TypeError(`${fn}: ${name} is ${kindOf(history)}; ${expected}`);
  if (history.length < least) throw new RangeError(`${fn}: ${name} has ${history.length} records; ${expected}`);
}

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

/**
 * Checks that no two names are the same: one could not tell apart what they stand for.
 *
 * @param fn the function's name, for the message
 * @param name the argument's name, for the message
 * @param names what legend or axis will call things
 * @throws RangeError `confusionMatrix: classNames has "cat" at 0 and at 2; expected different names`
 */
export function checkDifferent(fn: string, name: string, names: readonly string[]): void {
  const seen = new Map<string, number>();
  for (const [k, text] of names.entries()) {
    const first = seen.get(text);
    if (first !== undefined) {
      throw new RangeError(
        `${fn}: ${name} has ${JSON.stringify(text)} at ${first} and at ${k}; expected different names`,
      );
    }
    seen.set(text, k);
  }
}
