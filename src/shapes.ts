/**
 * The checks in front of every equation: are the arguments matrices, finite, and do their shapes fit together? And those of
 * plain numbers: whole, positive, a share, a seed.
 *
 * A shape is written with the letters of the notes: N samples, D inputs, H hidden units, C classes. One letter stands
 * for one number within a call.
 */
import { kindOf, Matrix, numbersOf } from "./matrix";

type Side = "row" | "column";

/** The shape of every matrix of the notes, in letters: what a signature means by its name, and what the formulas are about. */
export const shapes: Readonly<Record<string, readonly [rows: string, cols: string]>> = {
  X: ["N", "D"],
  Y: ["N", "C"],
  W1: ["D", "H"],
  b1: ["1", "H"],
  W2: ["H", "C"],
  b2: ["1", "C"],
  Z1: ["N", "H"],
  A1: ["N", "H"],
  Z2: ["N", "C"],
  A2: ["N", "C"],
  a: ["1", "C"],
  dA2: ["N", "C"],
  dZ2: ["N", "C"],
  dW2: ["H", "C"],
  db2: ["1", "C"],
  dA1: ["N", "H"],
  dZ1: ["N", "H"],
  dW1: ["D", "H"],
  db1: ["1", "H"],
};

/** What a function takes, as it is read from `"gradW2(A1, dZ2)"`. A side is an argument's rows (2k) or its columns (2k + 1). */
interface Signature {
  readonly fn: string;
  readonly names: readonly string[];
  /** Of each side: its letter or number. */
  readonly letters: readonly string[];
  /** Of each side: the first one that has its letter; or, of a number, that number below zero. */
  readonly first: readonly number[];
}

/** Read once. */
const signatures = new Map<string, Signature>();

function signatureOf(text: string): Signature {
  const known = signatures.get(text);
  if (known !== undefined) return known;
  const [fn, args] = text.slice(0, -1).split("(");
  const named = args.split(", ").map((arg) => arg.split(": "));
  const letters = named.flatMap(([name, shape]) => (shape !== undefined ? shape.split("×") : shapes[name]));
  const first = letters.map((letter) => (/^\d/.test(letter) ? -Number(letter) : letters.indexOf(letter)));
  const signature = { fn, names: named.map(([name]) => name), letters, first };
  signatures.set(text, signature);
  return signature;
}

/**
 * Checks the matrices that a function was given: shapes and entries.
 *
 * @param signature the function's name and its arguments, as in `"gradW2(A1, dZ2)"`: a matrix of the notes has the shape that
 *   `shapes` says, and any other one says its own, as in `"relu(Z: N×H)"`
 * @param args the arguments
 * @throws TypeError if one is not a Matrix, RangeError if shapes do not fit or an entry is NaN or infinite:
 *   `gradW2: A1 is 5×4 and dZ2 is 6×3; both need one row per sample`
 */
export function checkShapes(signature: string, ...args: readonly Matrix[]): void {
  checkFit(signature, ...args);
  checkAllFinite(signatureOf(signature), args);
}

/**
 * Checks the shapes of the matrices that a function was given, and leaves their entries to `finite`.
 *
 * @param signature the function's name and its arguments, as in `checkShapes`
 * @param args the arguments
 * @throws TypeError if one is not a Matrix, RangeError if shapes do not fit
 */
export function checkFit(signature: string, ...args: readonly Matrix[]): void {
  const known = signatureOf(signature);
  for (let k = 0; k < known.names.length; k++) if (!Matrix.isMatrix(args[k])) throw notAMatrix(known, k, args[k]);
  for (let side = 0; side < known.first.length; side++) {
    const first = known.first[side];
    if (sizeOf(args, side) !== (first < 0 ? -first : sizeOf(args, first))) throw misfit(known, args, side);
  }
}

function sizeOf(args: readonly Matrix[], side: number): number {
  const A = args[side >> 1];
  return side % 2 === 0 ? A.rows : A.cols;
}

function notAMatrix({ fn, names, letters }: Signature, k: number, value: unknown): TypeError {
  const shape = `${letters[2 * k]}×${letters[2 * k + 1]}`;
  return new TypeError(`${fn}: ${names[k]} is ${kindOf(value)}; expected a Matrix of shape ${shape}`);
}

/** What does not fit in the shape of an argument: with itself, with a number, or with an argument before it. */
function misfit({ fn, names, letters, first }: Signature, args: readonly Matrix[], side: number): RangeError {
  const k = side >> 1;
  const own: Side = side % 2 === 0 ? "row" : "column";
  const letter = letters[side];
  if (first[side] < 0) {
    const count = `${letter} ${own}${letter === "1" ? "" : "s"}`;
    const shape = `${letters[2 * k]}×${letters[2 * k + 1]}`;
    return new RangeError(`${fn}: ${names[k]} is ${args[k].shape}; expected ${shape}, with ${count}`);
  }
  const other = first[side] >> 1;
  if (other === k) return new RangeError(`${fn}: ${names[k]} is ${args[k].shape}; it must be square`);
  const who = need(
    letter,
    { name: names[other], side: first[side] % 2 === 0 ? "row" : "column" },
    { name: names[k], side: own },
  );
  return new RangeError(`${fn}: ${names[other]} is ${args[other].shape} and ${names[k]} is ${args[k].shape}; ${who}`);
}

/**
 * Lets a result pass if all its entries are finite. If not, looks for the argument that is to blame: in a product or a sum, what is
 * not finite in an argument is not finite in the result, so that arguments need no look of their own before.
 *
 * @param signature the function's name and its arguments, as in `checkShapes`
 * @param result what the function has computed
 * @param args the arguments
 * @returns the result, also where it is infinite because finite numbers were too large
 * @throws RangeError that names the first entry of an argument that is NaN or infinite
 */
export function finite(signature: string, result: Matrix, ...args: readonly Matrix[]): Matrix {
  if (!result.isFinite()) checkAllFinite(signatureOf(signature), args);
  return result;
}

function checkAllFinite({ fn, names }: Signature, args: readonly Matrix[]): void {
  for (let k = 0; k < args.length; k++) checkFinite(fn, names[k], args[k]);
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
  const expected = () => `expected { ${keys.join(", ")} }, each a Matrix`;
  if (typeof value !== "object" || value === null)
    throw new TypeError(`${fn}: ${name} is ${kindOf(value)}; ${expected()}`);
  for (const key of keys) {
    const inside = (value as Record<string, unknown>)[key];
    if (!Matrix.isMatrix(inside)) throw new TypeError(`${fn}: ${name}.${key} is ${kindOf(inside)}; ${expected()}`);
  }
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
 * @param signature the function's name and its two arguments: `"gradZ2(A2, Y)"`
 * @param A2 N×C, to be probabilities
 * @param Y N×C, to be one-hot
 * @throws TypeError or RangeError that names the first thing that does not fit
 */
export function checkPrediction(signature: string, A2: Matrix, Y: Matrix): void {
  checkShapes(signature, A2, Y);
  const { fn, names } = signatureOf(signature);
  checkProbabilities(fn, names[0], A2);
  checkOneHot(fn, names[1], Y);
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
 * Checks that `value` is one of the names that are known.
 *
 * @param fn the function's name, for the message
 * @param name the argument's name, for the message
 * @param value the argument
 * @param known the names
 * @throws RangeError `initialise: scheme is "xavier"; expected one of "zeros", "small", "he", "large"`
 */
export function checkOneOf(fn: string, name: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) {
    const names = known.map((one) => JSON.stringify(one)).join(", ");
    throw new RangeError(`${fn}: ${name} is ${JSON.stringify(value)}; expected one of ${names}`);
  }
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
