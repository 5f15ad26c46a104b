/** Runs a function that may do anything, on copies of the inputs, and makes plain data of what comes back. */
import type { Implementation, SymbolShape } from "../equations/equation";
import { kindOf, Matrix, Transpose } from "../matrix";

/** What came back: a matrix of numbers (not necessarily of the right shape), or a sentence that says why not. */
export type Outcome = { readonly kind: "matrix"; readonly value: Matrix } | Failure;

/** A sentence that says why there is nothing to compare. */
export interface Failure {
  readonly kind: "failure";
  readonly why: string;
  /** Whether what stopped it was a NaN or an infinity that it came upon itself. */
  readonly notFinite?: true;
  /** Whether it is an untouched stub, which throws "not written yet". */
  readonly notWritten?: true;
  /** Whether it is one of several results, and was not returned. */
  readonly missing?: true;
  /** The numbers of what came back in another form than was asked for, and the form in words: "in a 1×1 Matrix". */
  readonly inAnotherForm?: { readonly form: string; readonly value: Matrix };
}

/** How a function is called and what it should return. */
export interface Signature {
  readonly parameters: readonly Pick<SymbolShape, "name">[];
  readonly result: { readonly name: string; readonly number?: true };
  /** What a sentence begins with; "Your function" when left out. */
  readonly whose?: string;
}

/**
 * Calls the implementation once, on copies of `args`. Never throws.
 *
 * A number comes back as a 1×1 matrix where a number is asked for. Changing an argument is a failure.
 */
export function run(signature: Signature, implementation: Implementation, args: readonly Matrix[]): Outcome {
  const copies = args.map((arg) => arg.copy());
  try {
    const value = implementation(...copies);
    const changed = args.findIndex((arg, k) => !sameBits(arg, copies[k]));
    if (changed >= 0) {
      const name = signature.parameters[changed].name;
      return failure(
        `Your function changed its argument ${name}; work on a copy (${name}.copy()) or build a new Matrix`,
      );
    }
    return plainData(signature, value);
  } catch (error) {
    return stopped(error);
  }
}

/** What is said of a function that threw. */
export function stopped(error: unknown): Failure {
  const said = describeError(error);
  const why = `Your function stopped with ${said}${whereItRanOver(said)}`;
  if (said === "Error: not written yet") return { kind: "failure", why, notWritten: true };
  return /\b(NaN|Infinity)\b/.test(said) ? { kind: "failure", why, notFinite: true } : failure(why);
}

/** Which index ran over, and how far, where the message says so. */
function whereItRanOver(said: string): string {
  const entry = /a (\d+)×(\d+) matrix has no (?:entry \((\d+), (\d+)\)|row (\d+))/.exec(said);
  if (entry !== null) {
    const [rows, cols, i, j, row] = entry.slice(1).map(Number);
    const [what, k, size] = i >= rows || row >= rows ? ["row", Number.isNaN(i) ? row : i, rows] : ["column", j, cols];
    if (k >= size)
      return `. The last ${what} is ${size - 1}: that index is ${k - size + 1} too large. Where does your loop end?`;
  }
  if (/Cannot read properties of undefined \(reading '\d+'\)/.test(said)) {
    return ". There is no such row: does an index run beyond the last one, or start before the first?";
  }
  return "";
}

/** Whether an argument is still what it was, number by number. */
export function sameBits(before: Matrix, after: Matrix): boolean {
  return (
    before.rows === after.rows &&
    before.cols === after.cols &&
    before.data.length === after.data.length &&
    before.data.every((value, k) => Object.is(value, after.data[k]))
  );
}

/** Reads a returned value once and copies it; getters may throw, which `run` catches. */
export function plainData({ result, whose = "Your function" }: Signature, value: unknown): Outcome {
  if (result.number) {
    if (typeof value === "number") return matrix(new Matrix(1, 1, Float64Array.of(value)));
    return inAnotherForm(`${whose} returned ${describe(value)}; expected a number`, value);
  }
  // A promise that fails after nobody looks at it any more would end a plain Node process.
  if (value instanceof Promise) value.catch(() => undefined);
  if (Transpose.isTranspose(value)) return matrix(value.toMatrix());
  if (!Matrix.isMatrix(value)) {
    const advice = Array.isArray(value)
      ? "; Matrix.fromRows(rows) makes one of an array of rows"
      : value === undefined
        ? " (is a `return` missing?)"
        : "";
    return inAnotherForm(`${whose} returned ${describe(value)}; expected a Matrix${advice}`, value);
  }
  const { rows, cols, data } = value;
  if (!(data instanceof Float64Array) || data.length !== rows * cols) {
    return failure(`${whose} returned a Matrix whose data does not fit its shape ${rows}×${cols}`);
  }
  return matrix(new Matrix(rows, cols, data.slice()));
}

/** A failure, with the numbers of what came back if it has some. */
function inAnotherForm(why: string, value: unknown): Failure {
  const made = (M: Matrix, form: string): Failure => ({ kind: "failure", why, inAnotherForm: { form, value: M } });
  if (Matrix.isMatrix(value)) return made(value.copy(), `in a ${value.shape} Matrix`);
  if (typeof value === "number") return made(new Matrix(1, 1, Float64Array.of(value)), "as a plain number");
  if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) {
    return made(new Matrix(1, 1, Float64Array.of(Number(value))), "as text");
  }
  if (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array || value instanceof BigUint64Array)
  ) {
    const numbers = Float64Array.from(value as unknown as ArrayLike<number>);
    return numbers.length === 0
      ? failure(why)
      : made(new Matrix(1, numbers.length, numbers), `in ${describe(value)}, without rows and columns`);
  }
  if (!Array.isArray(value) || value.length === 0) return failure(why);
  const rows: unknown[] = value.slice();
  const isNumbers = (row: unknown): row is number[] =>
    Array.isArray(row) && row.length > 0 && row.every((x) => typeof x === "number");
  if (rows.every((x) => typeof x === "number"))
    return made(
      new Matrix(1, rows.length, Float64Array.from(rows as number[])),
      "as an array of numbers, without rows and columns",
    );
  if (!rows.every(isNumbers)) return failure(why);
  const cols = rows[0].length;
  if (rows.some((row) => row.length !== cols)) return failure(why);
  return made(new Matrix(rows.length, cols, Float64Array.from(rows.flat())), "as an array of rows");
}

function matrix(value: Matrix): Outcome {
  return { kind: "matrix", value };
}

function failure(why: string): Failure {
  return { kind: "failure", why };
}

/** What something is, in a few words. */
export function describe(value: unknown): string {
  if (value instanceof Promise) return "a Promise (an async function cannot be checked; leave out `async`)";
  if (Matrix.isMatrix(value)) return `a ${value.shape} Matrix`;
  if (ArrayBuffer.isView(value))
    return `${/^[AEIOU]/.test(value.constructor.name) ? "an" : "a"} ${value.constructor.name}`;
  if (value instanceof Map || value instanceof Set || value instanceof Date) return `a ${value.constructor.name}`;
  const isPlain = ["number", "string", "boolean", "bigint", "symbol"].includes(typeof value);
  return isPlain ? `the ${typeof value} ${String(value)}` : kindOf(value);
}

/** `RangeError: …`, whatever was thrown. */
export function describeError(error: unknown): string {
  try {
    return shortened(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  } catch {
    return "something that is not an Error";
  }
}

/** More text than this says no more. */
const LONGEST_MESSAGE = 400;

function shortened(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)} …` : text;
}
