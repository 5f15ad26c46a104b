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
}

/** How a function is called and what it should return. */
export interface Signature {
  readonly functionName: string;
  readonly parameters: readonly Pick<SymbolShape, "name">[];
  readonly result: { readonly name: string; readonly number?: true };
}

/**
 * Calls the implementation once, on copies of `args`. Never throws.
 *
 * A number comes back as a 1×1 matrix where a number is asked for. Changing an argument is a failure.
 */
export function run(signature: Signature, implementation: Implementation, args: readonly Matrix[]): Outcome {
  const fn = signature.functionName;
  const copies = args.map((arg) => arg.copy());
  try {
    const value = implementation(...copies);
    const changed = args.findIndex((arg, k) => !sameBits(arg, copies[k]));
    if (changed >= 0) {
      const name = signature.parameters[changed].name;
      return failure(`${fn} changed its argument ${name}; work on a copy (${name}.copy()) or build a new Matrix`);
    }
    return plainData(signature, value);
  } catch (error) {
    const said = describeError(error);
    const why = `${fn} stopped with ${said}`;
    if (said === "Error: not written yet") return { kind: "failure", why, notWritten: true };
    return /\b(NaN|Infinity)\b/.test(said) ? { kind: "failure", why, notFinite: true } : failure(why);
  }
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
export function plainData({ functionName: fn, result }: Signature, value: unknown): Outcome {
  if (result.number) {
    if (typeof value === "number") return matrix(new Matrix(1, 1, Float64Array.of(value)));
    return failure(`${fn} returned ${describe(value)}; expected a number`);
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
    return failure(`${fn} returned ${describe(value)}; expected a Matrix${advice}`);
  }
  const { rows, cols, data } = value;
  if (!(data instanceof Float64Array) || data.length !== rows * cols) {
    return failure(`${fn} returned a Matrix whose data does not fit its shape ${rows}×${cols}`);
  }
  return matrix(new Matrix(rows, cols, data.slice()));
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
  const isPlain = ["number", "string", "boolean", "bigint", "symbol"].includes(typeof value);
  return isPlain ? `the ${typeof value} ${String(value)}` : kindOf(value);
}

/** `RangeError: …`, whatever was thrown. */
function describeError(error: unknown): string {
  try {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
    return String(error);
  } catch {
    return "something that is not an Error";
  }
}
