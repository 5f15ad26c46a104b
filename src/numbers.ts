/** The checks of plain numbers that a function was given: whole, positive, a share, a seed. */

/**
 * Checks that `value` is a whole number of at least `least`, and at most 2⁵³ − 1.
 *
 * @param fn the function's name, for the message
 * @param name the argument's name, for the message
 * @param value the argument; anything but a number is refused
 * @param least the smallest number that will do
 * @throws RangeError `train: epochs is 2.5; expected a whole number of at least 0`
 */
export function checkWhole(fn: string, name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${fn}: ${name} is ${String(value)}; expected a whole number of at least ${least}`);
  }
}

/**
 * Checks that `value` is a finite number above 0.
 *
 * @param fn the function's name, for the message
 * @param name the argument's name, for the message
 * @param value the argument; anything but a number is refused
 * @throws RangeError `train: learningRate is -1; expected a positive number`
 */
export function checkPositive(fn: string, name: string, value: number): void {
  if (!Number.isFinite(value) || value <= 0) {
    throw new RangeError(`${fn}: ${name} is ${String(value)}; expected a positive number`);
  }
}

/**
 * Checks that `value` is a share: above 0 and below 1.
 *
 * @param fn the function's name, for the message
 * @param name the argument's name, for the message
 * @param value the argument; anything but a number is refused
 * @throws RangeError `loadDigits: testShare is 1; expected a number between 0 and 1`
 */
export function checkShare(fn: string, name: string, value: number): void {
  if (!Number.isFinite(value) || value <= 0 || value >= 1) {
    throw new RangeError(`${fn}: ${name} is ${String(value)}; expected a number between 0 and 1`);
  }
}

/**
 * Checks that `seed` is a whole number of 32 bits, from −2147483648 to 2147483647.
 *
 * @param fn the function's name, for the message
 * @param seed where random numbers start
 * @throws RangeError `spirals: seed is 1.5; expected a whole number of at most 32 bits, like 1`
 */
export function checkSeed(fn: string, seed: number): void {
  if (!Number.isInteger(seed) || seed !== (seed | 0)) {
    throw new RangeError(`${fn}: seed is ${String(seed)}; expected a whole number of at most 32 bits, like 1`);
  }
}
