/** The check of the class ids that a chart is given. */
import { kindOf, numberOrKind } from "../../matrix";

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
