/** What `./src` is where students' work is graded: matrices and random numbers. The rest of it does nothing. */
export { Matrix, Transpose } from "../../matrix";
export { Random } from "../../random";

/** Checking is done elsewhere. */
export function verify(_id: unknown, _implementation: unknown, _options?: unknown): unknown {
  return undefined;
}

/** Checking is done elsewhere. */
export function assertVerified(_id: unknown, _implementation: unknown, _options?: unknown): unknown {
  return undefined;
}

/** What `loadDigits` says here. */
export const NO_DIGITS = "loadDigits: the digits are not there where your work is graded";

/**
 * There are no data here, and no notebook to show them in.
 *
 * @throws `loadDigits: the digits are not there where your work is graded`, always
 */
export function loadDigits(_options?: unknown): never {
  throw new Error(NO_DIGITS);
}
