/**
 * The checks in front of every equation: are the arguments matrices, finite, and do their shapes fit together? And those of
 * plain numbers: whole, positive, a share, a seed.
 *
 * A shape is written with the letters of the notes: N samples, D inputs, H hidden units, C classes. One letter stands
 * for one number within a call.
 */
import { kindOf, Matrix, numbersOf } from "./matrix";

type Side = "row" | "column";

/** A matrix and its shape in letters or numbers: `[A1, "N", "H"]`, `[b2, 1, "C"]`. */
export type ShapedArgument = readonly [value: Matrix, rows: string | number, cols: string | number];

/**
 * Checks the matrices that a function was given: shapes and entries.
 *
 * @param fn the function's name, for the message
 * @param args each argument by name, with its shape
 * @throws TypeError if one is not a Matrix, RangeError if shapes do not fit or an entry is NaN or infinite:
 *   `gradW2: A1 is 5×4 and dZ2 is 6×3; both need one row per sample`
 */
export function checkShapes(fn: string, args: Readonly<Record<string, ShapedArgument>>): void {
  checkFit(fn, args);
  for (const name in args) checkFinite(fn, name, args[name][0]);
}

/**
 * Checks the shapes of the matrices that a function was given, and leaves their entries to `finite`.
 *
 * @param fn the function's name, for the message
 * @param args each argument by name, with its shape
 * @throws TypeError if one is not a Matrix, RangeError if shapes do not fit
 */
export function checkFit(fn: string, args: Readonly<Record<string, ShapedArgument>>): void {
  for (const name in args) {
    const [value, rows, cols] = args[name];
    if (!Matrix.isMatrix(value)) {
      throw new TypeError(`${fn}: ${name} is ${kindOf(value)}; expected a Matrix of shape ${rows}×${cols}`);
    }
  }
  for (const name in args) {
    const [value, rows, cols] = args[name];
    // The first that has a letter says what it stands for.
    for (const first in args) {
      const [other, otherRows, otherCols] = args[first];
      if (
        (rows === otherRows && value.rows !== other.rows) ||
        (rows === otherCols && value.rows !== other.cols) ||
        (cols === otherRows && value.cols !== other.rows) ||
        (cols === otherCols && value.cols !== other.cols)
      ) {
        throw misfit(fn, args, name);
      }
      if (first === name) break;
    }
    if ((typeof rows === "number" && value.rows !== rows) || (typeof cols === "number" && value.cols !== cols)) {
      throw misfit(fn, args, name);
    }
  }
}

/** What does not fit in the shape of an argument: with itself, with a number, or with an argument before it. */
function misfit(fn: string, args: Readonly<Record<string, ShapedArgument>>, name: string): RangeError {
  const [value, rows, cols] = args[name];
  for (const [side, letter, size] of [
    ["row", rows, value.rows],
    ["column", cols, value.cols],
  ] as const) {
    if (typeof letter === "number") {
      if (size === letter) continue;
      const count = `${letter} ${side}${letter === 1 ? "" : "s"}`;
      return new RangeError(`${fn}: ${name} is ${value.shape}; expected ${rows}×${cols}, with ${count}`);
    }
    const [first, [other, otherRows]] = Object.entries(args).find(([, [, ...letters]]) => letters.includes(letter))!;
    const firstSide = otherRows === letter ? "row" : "column";
    if ((firstSide === "row" ? other.rows : other.cols) === size) continue;
    if (first === name) return new RangeError(`${fn}: ${name} is ${value.shape}; it must be square`);
    const who = need(letter, { name: first, side: firstSide }, { name, side });
    return new RangeError(`${fn}: ${first} is ${other.shape} and ${name} is ${value.shape}; ${who}`);
  }
  throw new Error(`${fn}: ${name} fits`);
}

/**
 * Lets a result pass if all its entries are finite. If not, looks for the argument that is to blame: in a product or a sum, what is
 * not finite in an argument is not finite in the result, so that arguments need no look of their own before.
 *
 * @param fn the function's name, for the message
 * @param result what the function has computed
 * @param args its arguments by name
 * @returns the result, also where it is infinite because finite numbers were too large
 * @throws RangeError that names the first entry of an argument that is NaN or infinite
 */
export function finite(fn: string, result: Matrix, args: Readonly<Record<string, Matrix>>): Matrix {
  if (!result.isFinite()) for (const name in args) checkFinite(fn, name, args[name]);
  return result;
}

/**
 * Checks that an argument is an object with these matrices in it, such as the parameters of a network. Their shapes and
 * entries are left to `checkShapes`.
 *
 * @param fn the function's name, for the message
 * @param name the argument's name, for the message
 * @param value the argument; anything
 * @param keys the names of the matrices that it must hold
 * @throws TypeError `forward: parameters is undefined; expected { W1, b1, W2, b2 }`
 */
export function checkMatrices(fn: string, name: string, value: object, keys: readonly string[]): void {
  const isObject = typeof value === "object" && value !== null;
  const missing = isObject ? keys.find((key) => !Matrix.isMatrix((value as Record<string, unknown>)[key])) : undefined;
  if (isObject && missing === undefined) return;
  const got = isObject
    ? `${name}.${missing} is ${kindOf((value as Record<string, unknown>)[missing as string])}`
    : `${name} is ${kindOf(value)}`;
  throw new TypeError(`${fn}: ${got}; expected { ${keys.join(", ")} }, each a Matrix`);
}

/**
 * Checks that no entry is NaN or infinite.
 *
 * @param fn the function's name, for the message
 * @param name the matrix's name, for the message
 * @param value a matrix of any shape
 * @throws RangeError that names the first such entry
 */
export function checkFinite(fn: string, name: string, value: Matrix): void {
  if (value.isFinite()) return;
  const k = numbersOf(value).findIndex((entry) => !Number.isFinite(entry));
  throw new RangeError(
    `${fn}: ${name} has ${numbersOf(value)[k]} at row ${Math.floor(k / value.cols)}, column ${k % value.cols}; expected finite numbers`,
  );
}

/**
 * Checks a network's answer and the labels it is compared with: shapes, probabilities, one-hot rows.
 *
 * @param fn the function's name, for the message
 * @param A2 N×C, to be probabilities
 * @param Y N×C, to be one-hot
 * @throws TypeError or RangeError that names the first thing that does not fit
 */
export function checkPrediction(fn: string, A2: Matrix, Y: Matrix): void {
  checkShapes(fn, { A2: [A2, "N", "C"], Y: [Y, "N", "C"] });
  checkProbabilities(fn, "A2", A2);
  checkOneHot(fn, "Y", Y);
}

/**
 * Checks that `A2` holds probabilities: every entry from 0 to 1, and up to 1e-12 more for what was rounded. Rows need not
 * sum to 1, and a NaN is left to `checkFinite`.
 *
 * @param fn the function's name, for the message
 * @param name the matrix's name, for the message
 * @param A2 N×C
 * @throws RangeError that names the first entry that is not
 */
export function checkProbabilities(fn: string, name: string, A2: Matrix): void {
  const numbers = numbersOf(A2);
  let k = 0;
  while (k < numbers.length && !(numbers[k] < 0 || numbers[k] > 1 + 1e-12)) k++;
  if (k < numbers.length) {
    throw new RangeError(
      `${fn}: ${name} has ${numbers[k]} at row ${Math.floor(k / A2.cols)}, column ${k % A2.cols}; expected probabilities from 0 to 1`,
    );
  }
}

/**
 * Checks that every row of `Y` is one-hot: a single 1, all else 0.
 *
 * @param fn the function's name, for the message
 * @param name the matrix's name, for the message
 * @param Y N×C
 * @throws RangeError that names the first row that is not
 */
export function checkOneHot(fn: string, name: string, Y: Matrix): void {
  const y = numbersOf(Y);
  for (let i = 0, k = 0; i < Y.rows; i++) {
    let ones = 0;
    let zeros = 0;
    for (let j = 0; j < Y.cols; j++, k++) {
      ones += Number(y[k] === 1);
      zeros += Number(y[k] === 0);
    }
    if (ones !== 1 || zeros !== Y.cols - 1) {
      throw new RangeError(
        `${fn}: row ${i} of ${name} is [${Y.row(i).toRows()[0].join(", ")}]; expected one-hot: a single 1, all else 0`,
      );
    }
  }
}

const meaning: Readonly<Record<string, string>> = {
  N: "sample",
  D: "input",
  H: "hidden unit",
  C: "class",
  inputs: "input",
  units: "unit",
};

function need(letter: string, first: { name: string; side: Side }, second: { name: string; side: Side }): string {
  const what = meaning[letter] ?? letter;
  if (first.side === second.side) return `both need one ${first.side} per ${what}`;
  return `${first.name} needs one ${first.side} and ${second.name} one ${second.side} per ${what}`;
}

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
