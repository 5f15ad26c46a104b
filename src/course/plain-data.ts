/**
 * What goes into a student's function and what comes out of it, as plain data: numbers, matrices of numbers, and records
 * of them. Plain data can be sent to another process, and nothing in it can act.
 */
import type { Implementation } from "../equations/equation";
import { Matrix, Transpose } from "../matrix";
import { describe, type Failure, stopped } from "../verification/outcome";
import { missLoss } from "./miss-loss";

/** An argument of a student's function. */
export type Argument =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "matrix"; readonly value: Matrix }
  | { readonly kind: "record"; readonly fields: Readonly<Record<string, Matrix>> }
  /** A function of W, `missLoss(X, Y, penalty)`, as gradient checks are given one. */
  | { readonly kind: "loss"; readonly X: Matrix; readonly Y: Matrix; readonly penalty: number }
  /** Such a function, made before a student's code could listen to how. */
  | { readonly kind: "function"; readonly value: (W: Matrix) => number };

/** What a student's function returned. */
export type Returned =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "matrix"; readonly value: Matrix }
  | { readonly kind: "record"; readonly fields: Readonly<Record<string, Matrix | number>> };

/** The outcome of one call. */
export type Answer = Returned | Failure;

/** The most fields of a record that are looked at. */
const MOST_FIELDS = 40;

/**
 * Calls a student's function once, on fresh copies of the arguments. Never throws, and returns plain data only.
 */
export function attempt(implementation: Implementation, args: readonly Argument[]): Answer {
  try {
    const values = args.map(materialise);
    const value = implementation(...values);
    const changed = args.some((arg, k) => !same(arg, values[k]));
    if (changed) return failed("Your function changed one of its arguments; work on a copy or build a new Matrix");
    return returned(value);
  } catch (error) {
    return stopped(error);
  }
}

/** The value of an argument as a student's function sees it. */
function materialise(arg: Argument): unknown {
  switch (arg.kind) {
    case "number":
      return arg.value;
    case "matrix":
      return arg.value.copy();
    case "record":
      return Object.fromEntries(Object.entries(arg.fields).map(([name, M]) => [name, M.copy()]));
    case "loss":
      return missLoss(arg.X, arg.Y, arg.penalty);
    case "function":
      return arg.value;
  }
}

/** Whether a value is still what was handed over, number by number. */
function same(arg: Argument, value: unknown): boolean {
  if (arg.kind === "matrix") return sameMatrix(arg.value, value as Matrix);
  if (arg.kind !== "record") return true;
  return Object.entries(arg.fields).every(([name, M]) => sameMatrix(M, (value as Record<string, Matrix>)[name]));
}

function sameMatrix(before: Matrix, after: Matrix): boolean {
  return (
    Matrix.isMatrix(after) &&
    before.rows === after.rows &&
    before.cols === after.cols &&
    before.data.every((x, k) => Object.is(x, after.data[k]))
  );
}

/** Reads what came back, once, and copies it. */
function returned(value: unknown): Answer {
  if (typeof value === "number") return { kind: "number", value };
  const matrix = asMatrix(value);
  if (matrix !== undefined) return { kind: "matrix", value: matrix };
  if (!isPlainRecord(value)) return failed(`Your function returned ${describeResult(value)}`);
  const names = Object.keys(value).slice(0, MOST_FIELDS);
  const fields: Record<string, Matrix | number> = {};
  for (const name of names) {
    const field = Object.getOwnPropertyDescriptor(value, name)?.value;
    const asNumbers = typeof field === "number" ? field : asMatrix(field);
    if (asNumbers !== undefined) fields[name] = asNumbers;
  }
  return { kind: "record", fields };
}

/** A copy of a Matrix or of a transposed view of one; nothing for anything else, also if it pretends to be one. */
function asMatrix(value: unknown): Matrix | undefined {
  if (Transpose.isTranspose(value)) return asMatrix(value.of) && value.toMatrix();
  if (!Matrix.isMatrix(value)) return undefined;
  const own = (name: "rows" | "cols" | "data") => Object.getOwnPropertyDescriptor(value, name)?.value as unknown;
  const [rows, cols, data] = [own("rows"), own("cols"), own("data")];
  if (!Number.isInteger(rows) || !Number.isInteger(cols) || !(data instanceof Float64Array)) return undefined;
  if (data.length !== (rows as number) * (cols as number) || data.length === 0) return undefined;
  return new Matrix(rows as number, cols as number, Float64Array.from(data));
}

function isPlainRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !Matrix.isMatrix(value);
}

function describeResult(value: unknown): string {
  if (Array.isArray(value)) {
    const advice = "; Matrix.fromRows(rows) makes a Matrix of an array of rows";
    return `an array${value.every(Array.isArray) ? advice : ""}`;
  }
  if (value === undefined) return "undefined (is a `return` missing?)";
  if (Matrix.isMatrix(value)) return "a Matrix whose data does not fit its shape";
  return describe(value);
}

function failed(why: string): Failure {
  return { kind: "failure", why };
}
