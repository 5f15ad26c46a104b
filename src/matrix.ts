/**
 * Matrices of float64 numbers: the one data type of this project.
 *
 * A matrix is two numbers and a flat `Float64Array`, row after row: entry (i, j) is `data[i * cols + j]`.
 * Every method checks the shapes it is given and says what it expected; none of them changes its operands.
 */

import { matrixProduct } from "./engine/product";
import type { Strided } from "./engine/strided";

/** Values made before `src` was edited and reloaded are of another class; these marks still tell what they are. */
const BRAND = Symbol.for("backprop.Matrix");
const TRANSPOSE_BRAND = Symbol.for("backprop.Transpose");

/** A `rows`×`cols` matrix of float64 numbers. */
export class Matrix {
  /** Number of rows, at least 1. */
  readonly rows: number;
  /** Number of columns, at least 1. */
  readonly cols: number;
  /** The entries, row after row: entry (i, j) is `data[i * cols + j]`. */
  readonly data: Float64Array;

  /**
   * A matrix over `data`, which is not copied.
   *
   * @param rows a whole number ≥ 1
   * @param cols a whole number ≥ 1
   * @param data `rows · cols` numbers, row after row; zeros when left out
   * @throws if a size is not a whole number ≥ 1, or `data` is not a Float64Array of the right length
   */
  constructor(rows: number, cols: number, data?: Float64Array) {
    if (!Number.isInteger(rows) || !Number.isInteger(cols) || rows < 1 || cols < 1) {
      throw new RangeError(`Matrix: rows is ${rows} and cols is ${cols}; both must be whole numbers of at least 1`);
    }
    if (data !== undefined && !(data instanceof Float64Array)) {
      throw new TypeError(
        `Matrix: data is ${kindOf(data)}; expected a Float64Array (for an array of rows use Matrix.fromRows)`,
      );
    }
    if (data !== undefined && data.length !== rows * cols) {
      throw new RangeError(`Matrix: data has ${data.length} numbers; ${rows}×${cols} needs ${rows * cols}`);
    }
    this.rows = rows;
    this.cols = cols;
    this.data = data ?? new Float64Array(rows * cols);
  }

  /** @internal */
  get [BRAND](): true {
    return true;
  }

  /**
   * A matrix from an array of rows: `Matrix.fromRows([[1, 2], [3, 4]])` is 2×2.
   *
   * @throws if there is no row, a row is empty, rows differ in length, or an entry is not a finite number
   */
  static fromRows(rows: readonly (readonly number[])[]): Matrix {
    if (!Array.isArray(rows) || !Array.isArray(rows[0]) || rows[0].length === 0) {
      const got = Array.isArray(rows) && rows.length > 0 ? `rows[0] is ${sized(rows[0])}` : `rows is ${sized(rows)}`;
      throw new TypeError(
        `Matrix.fromRows: ${got}; expected rows of numbers, at least one of each, like [[1, 2], [3, 4]]`,
      );
    }
    const cols = rows[0].length;
    rows.forEach((row, i) => {
      if (!Array.isArray(row) || row.length !== cols) {
        const got = Array.isArray(row) ? `has ${row.length} numbers` : "is not an array";
        throw new RangeError(`Matrix.fromRows: row ${i} ${got}; row 0 has ${cols}`);
      }
      // Not `row.forEach`, which passes over holes, as in [1, , 3].
      for (const [j, value] of row.entries()) {
        if (typeof value !== "number" || !Number.isFinite(value)) {
          throw new TypeError(`Matrix.fromRows: row ${i}, column ${j} is ${String(value)}; expected a finite number`);
        }
      }
    });
    return Matrix.generate(rows.length, cols, (i, j) => rows[i][j]);
  }

  /**
   * A `rows`×`cols` matrix of zeros.
   * @throws if a size is not a whole number ≥ 1
   */
  static zeros(rows: number, cols: number): Matrix {
    return new Matrix(rows, cols);
  }

  /**
   * The `rows`×`cols` matrix whose entry (i, j) is `entry(i, j)`.
   * @throws if a size is not a whole number ≥ 1
   */
  static generate(rows: number, cols: number, entry: (i: number, j: number) => number): Matrix {
    const result = new Matrix(rows, cols);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) result.data[i * cols + j] = entry(i, j);
    }
    return result;
  }

  /** Whether `value` is a `Matrix`, also one made before `src` was edited and reloaded. */
  static isMatrix(value: unknown): value is Matrix {
    return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  /** The shape as people write it: `"5×4"`. */
  get shape(): string {
    return `${this.rows}×${this.cols}`;
  }

  /** The transposed matrix Aᵀ as a view that copies nothing: entry (i, j) of `A.T` is entry (j, i) of `A`. */
  get T(): Transpose {
    return new Transpose(this);
  }

  /**
   * Entry (i, j), both counted from 0.
   * @throws if the matrix has no such entry
   */
  get(i: number, j: number): number {
    if (!Number.isInteger(i) || !Number.isInteger(j) || i < 0 || j < 0 || i >= this.rows || j >= this.cols) {
      throw new RangeError(`Matrix.get: a ${this.shape} matrix has no entry (${i}, ${j}); both count from 0`);
    }
    return this.data[i * this.cols + j];
  }

  /**
   * Row i as a 1×cols matrix, a copy.
   *
   * @param i counted from 0
   * @throws if the matrix has no such row
   */
  row(i: number): Matrix {
    if (!Number.isInteger(i) || i < 0 || i >= this.rows) {
      throw new RangeError(`Matrix.row: a ${this.shape} matrix has no row ${i}; rows count from 0`);
    }
    return new Matrix(1, this.cols, this.data.slice(i * this.cols, (i + 1) * this.cols));
  }

  /** The entries as an array of rows, a copy. */
  toRows(): number[][] {
    return Array.from({ length: this.rows }, (_, i) => Array.from(this.row(i).data));
  }

  /** A copy that shares nothing with this matrix. */
  copy(): Matrix {
    return new Matrix(this.rows, this.cols, this.data.slice());
  }

  /**
   * The matrix product A·B, (m×n)·(n×p) → m×p. B may be a transposed view: `dZ2.times(W2.T)`.
   *
   * @param B n×p
   * @param into m×p, where to write the product: neither A nor B; a new matrix when left out
   * @throws if A's columns and B's rows differ in number, or `into` has another shape, or is A or B
   */
  times(B: Matrix | Transpose, into?: Matrix): Matrix {
    return product(this, B, into);
  }

  /**
   * The element-wise product A ⊙ B of two matrices of one shape.
   * @throws if the shapes differ
   */
  hadamard(B: Matrix): Matrix {
    return this.combine("hadamard", B, (a, b) => a * b);
  }

  /**
   * A + B, entry by entry.
   * @throws if the shapes differ
   */
  plus(B: Matrix): Matrix {
    return this.combine("plus", B, (a, b) => a + b);
  }

  /**
   * A − B, entry by entry.
   * @throws if the shapes differ
   */
  minus(B: Matrix): Matrix {
    return this.combine("minus", B, (a, b) => a - b);
  }

  /**
   * Adds the 1×cols matrix `b` to every row.
   * @throws if `b` is not 1×cols
   */
  plusRow(b: Matrix): Matrix {
    if (!Matrix.isMatrix(b) || b.rows !== 1 || b.cols !== this.cols) {
      throw new RangeError(`Matrix.plusRow: got ${shapeOf(b)}; a ${this.shape} matrix needs a 1×${this.cols} row`);
    }
    const result = this.copy();
    for (let k = 0; k < result.data.length; k++) result.data[k] += b.data[k % this.cols];
    return result;
  }

  /**
   * Every entry times the number `factor`.
   * @throws if `factor` is not a number
   */
  scale(factor: number): Matrix {
    if (typeof factor !== "number") {
      throw new TypeError(
        `Matrix.scale: factor is ${Matrix.isMatrix(factor) ? "a Matrix" : kindOf(factor)}; expected a number`,
      );
    }
    return this.map((value) => value * factor);
  }

  /** The matrix of `f(entry, i, j)`. */
  map(f: (value: number, i: number, j: number) => number): Matrix {
    const result = Matrix.zeros(this.rows, this.cols);
    for (let i = 0, k = 0; i < this.rows; i++) {
      for (let j = 0; j < this.cols; j++, k++) result.data[k] = f(this.data[k], i, j);
    }
    return result;
  }

  /** The sum of each column, 1×cols: Σ over the rows, which are the samples. */
  columnSums(): Matrix {
    const sums = Matrix.zeros(1, this.cols);
    for (let i = 0; i < this.rows; i++) {
      for (let j = 0; j < this.cols; j++) sums.data[j] += this.data[i * this.cols + j];
    }
    return sums;
  }

  /** The sum of each row, rows×1. */
  rowSums(): Matrix {
    const sums = Matrix.zeros(this.rows, 1);
    for (let i = 0; i < this.rows; i++) {
      for (let j = 0; j < this.cols; j++) sums.data[i] += this.data[i * this.cols + j];
    }
    return sums;
  }

  /** The sum of all entries. */
  sum(): number {
    let total = 0;
    for (const value of this.data) total += value;
    return total;
  }

  /** `"Matrix 2×3 [[1, 2, 3], [4, 5, 6]]"`; more than 60 entries are left out. */
  toString(): string {
    const entries = this.data.length <= 60 ? ` ${JSON.stringify(this.toRows()).replaceAll(",", ", ")}` : "";
    return `Matrix ${this.shape}${entries}`;
  }

  private combine(method: string, B: Matrix, f: (a: number, b: number) => number): Matrix {
    if (!Matrix.isMatrix(B) || B.rows !== this.rows || B.cols !== this.cols) {
      throw new RangeError(`Matrix.${method}: got ${this.shape} and ${shapeOf(B)}; both need one shape`);
    }
    const result = Matrix.zeros(this.rows, this.cols);
    for (let k = 0; k < result.data.length; k++) result.data[k] = f(this.data[k], B.data[k]);
    return result;
  }
}

/** The transposed view of a matrix, made by `A.T`: for products, which read it in place. */
export class Transpose {
  /** The matrix that is seen transposed. */
  readonly of: Matrix;

  /**
   * The transposed view of a matrix, of which nothing is copied: what changes in the one changes in the other.
   *
   * @param of m×n; the view is n×m
   * @throws if it is not a Matrix
   */
  constructor(of: Matrix) {
    if (!Matrix.isMatrix(of)) throw new TypeError(`Transpose: got ${kindOf(of)}; expected a Matrix`);
    this.of = of;
  }

  /** @internal */
  get [TRANSPOSE_BRAND](): true {
    return true;
  }

  /** Whether `value` is a `Transpose`, also one made before `src` was edited and reloaded. */
  static isTranspose(value: unknown): value is Transpose {
    return (
      typeof value === "object" &&
      value !== null &&
      (value as { [TRANSPOSE_BRAND]?: unknown })[TRANSPOSE_BRAND] === true
    );
  }

  /** Number of rows: the columns of the matrix it views. */
  get rows(): number {
    return this.of.cols;
  }

  /** Number of columns: the rows of the matrix it views. */
  get cols(): number {
    return this.of.rows;
  }

  /** The shape as people write it: `"4×5"` for the view of a 5×4 matrix. */
  get shape(): string {
    return `${this.rows}×${this.cols}`;
  }

  /** The transposed matrix Aᵀᵀ = A itself. */
  get T(): Matrix {
    return this.of;
  }

  /**
   * The matrix product Aᵀ·B, (n×m)·(m×p) → n×p: `A1.T.times(dZ2)`.
   *
   * @param B m×p
   * @param into n×p, where to write the product: neither A nor B; a new matrix when left out
   * @throws if the inner sizes differ, or `into` has another shape, or is A or B
   */
  times(B: Matrix | Transpose, into?: Matrix): Matrix {
    return product(this, B, into);
  }

  /** The transposed matrix written out, a copy. */
  toMatrix(): Matrix {
    return Matrix.generate(this.rows, this.cols, (i, j) => this.of.data[j * this.of.cols + i]);
  }

  /** The entries as an array of rows, a copy. */
  toRows(): number[][] {
    return this.toMatrix().toRows();
  }
}

/** A·B, written into a new matrix or into `into`. Views are read in place. */
function product(A: Matrix | Transpose, B: Matrix | Transpose, into?: Matrix): Matrix {
  if (!Matrix.isMatrix(B) && !Transpose.isTranspose(B)) {
    throw new TypeError(`Matrix.times: got ${shapeOf(B)}; expected a Matrix with ${A.cols} rows`);
  }
  if (A.cols !== B.rows) {
    throw new RangeError(
      `Matrix.times: ${A.shape} times ${B.shape}; the inner sizes ${A.cols} and ${B.rows} must be equal`,
    );
  }
  if (into !== undefined && (!Matrix.isMatrix(into) || into.rows !== A.rows || into.cols !== B.cols)) {
    throw new RangeError(`Matrix.times: into is ${shapeOf(into)}; expected ${A.rows}×${B.cols}`);
  }
  const result = into ?? Matrix.zeros(A.rows, B.cols);
  const [a, b] = [strided(A), strided(B)];
  if (result.data === a.data || result.data === b.data) {
    throw new RangeError(`Matrix.times: into is ${result.data === a.data ? "A" : "B"} itself; expected another matrix`);
  }
  matrixProduct(a, b, result.data);
  return result;
}

/** Where the numbers are, and how far apart two neighbours in a column and in a row are. */
function strided(A: Matrix | Transpose): Strided {
  const { rows, cols } = A;
  return Transpose.isTranspose(A)
    ? { rows, cols, data: A.of.data, rowStep: 1, colStep: rows }
    : { rows, cols, data: A.data, rowStep: cols, colStep: 1 };
}

/** What was given for rows, or for a row, that is not an array with something in it. */
function sized(value: unknown): string {
  return Array.isArray(value) ? "empty" : kindOf(value);
}

function shapeOf(value: unknown): string {
  return Matrix.isMatrix(value) ? value.shape : `${kindOf(value)}, not a Matrix`;
}

/** What something is, in a word or two, for messages: "undefined", "null", "an array", "a string", "an object". */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  return `${/^[aeiou]/.test(typeof value) ? "an" : "a"} ${typeof value}`;
}

/** A number as it is written, and anything else by its kind, for messages: "1.5", "NaN", "a string". */
export function numberOrKind(value: unknown): string {
  return typeof value === "number" ? String(value) : kindOf(value);
}
