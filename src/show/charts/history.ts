/** The check of the training run that a chart is given. */
import { kindOf } from "../../matrix";
import type { History } from "../../train";

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
