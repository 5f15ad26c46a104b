/**
 * Matrices of float64 numbers: the one data type of this project.
 *
 * A matrix is two numbers and a flat `Float64Array`, row after row: entry (i, j) is `data[i * cols + j]`.
 * Every method checks the shapes it is given and says what it expected; none of them changes its operands, but for `set`.
 *
 * What the operations do is written in the plain loops at the end of this file. `./src` puts an engine in their place that
 * gives the same numbers, bit for bit, in less time.
 */

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
    if (value instanceof Matrix) return true;
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
    checkEntry("get", this, i, j);
    return engine.numbers(this)[i * this.cols + j];
  }

  /**
   * Writes entry (i, j), both counted from 0. It changes the matrix itself.
   *
   * @param i the row, from 0
   * @param j the column, from 0
   * @param value the new entry
   * @throws if the matrix has no such entry, or `value` is not a number
   */
  set(i: number, j: number, value: number): void {
    checkEntry("set", this, i, j);
    if (typeof value !== "number") throw new TypeError(`Matrix.set: value is ${kindOf(value)}; expected a number`);
    this.data[i * this.cols + j] = value;
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
    return this.takeRows([i]);
  }

  /**
   * The given rows, in the given order, a copy: NumPy's `A[rows]`.
   *
   * @param rows row numbers, counted from 0; one may come twice
   * @returns rows.length×cols
   * @throws if there are no rows, or the matrix has no such row
   */
  takeRows(rows: ArrayLike<number>): Matrix {
    if (typeof rows !== "object" || rows === null) {
      throw new TypeError(`takeRows: rows is ${kindOf(rows)}; expected an array of row numbers`);
    }
    if (rows.length === 0) throw new RangeError("takeRows: rows is empty; expected at least one row number");
    for (let i = 0; i < rows.length; i++) {
      if (!Number.isInteger(rows[i]) || rows[i] < 0 || rows[i] >= this.rows) {
        throw new RangeError(`takeRows: rows[${i}] is ${rows[i]}; expected a row number from 0 to ${this.rows - 1}`);
      }
    }
    const result = engine.matrix(rows.length, this.cols);
    engine.takeRows(this, rows, result);
    return result;
  }

  /** The entries as an array of rows, a copy. */
  toRows(): number[][] {
    const { rows, cols } = this;
    const numbers = engine.numbers(this);
    return Array.from({ length: rows }, (_, i) => Array.from(numbers.subarray(i * cols, (i + 1) * cols)));
  }

  /** The rows, each an array of its own: `for (const row of A)`. By them Vitest's `toEqual` compares, in whatever memory they are. */
  *[Symbol.iterator](): Generator<number[]> {
    // Looks at `data`: what is compared has it.
    const { cols, data } = this;
    for (let i = 0; i < this.rows; i++) yield Array.from(data.subarray(i * cols, (i + 1) * cols));
  }

  /** A copy that shares nothing with this matrix. */
  copy(): Matrix {
    const result = engine.matrix(this.rows, this.cols);
    engine.numbers(result).set(engine.numbers(this));
    return result;
  }

  /**
   * The matrix product A·B, (m×n)·(n×p) → m×p. B may be a transposed view: `dZ2.times(W2.T)`.
   *
   * @param B n×p
   * @throws if A's columns and B's rows differ in number
   */
  times(B: Matrix | Transpose): Matrix {
    return product(this, B);
  }

  /**
   * The element-wise product A ⊙ B of two matrices of one shape.
   * @throws if the shapes differ
   */
  hadamard(B: Matrix): Matrix {
    return withMatrix("hadamard", this, B);
  }

  /**
   * A + B, entry by entry.
   * @throws if the shapes differ
   */
  plus(B: Matrix): Matrix {
    return withMatrix("plus", this, B);
  }

  /**
   * A − B, entry by entry.
   * @throws if the shapes differ
   */
  minus(B: Matrix): Matrix {
    return withMatrix("minus", this, B);
  }

  /**
   * Adds the 1×cols matrix `b` to every row.
   * @throws if `b` is not 1×cols
   */
  plusRow(b: Matrix): Matrix {
    if (!Matrix.isMatrix(b) || b.rows !== 1 || b.cols !== this.cols) {
      throw new RangeError(`Matrix.plusRow: got ${shapeOf(b)}; a ${this.shape} matrix needs a 1×${this.cols} row`);
    }
    const result = engine.matrix(this.rows, this.cols);
    engine.plusRow(this, b, result);
    return result;
  }

  /**
   * Subtracts the rows×1 matrix `c` from every column: each row loses its own number.
   * @throws if `c` is not rows×1
   */
  minusColumn(c: Matrix): Matrix {
    return withColumn("minusColumn", this, c);
  }

  /**
   * Divides every column by the rows×1 matrix `c`, entry by entry: each row is divided by its own number.
   * @throws if `c` is not rows×1
   */
  overColumn(c: Matrix): Matrix {
    return withColumn("overColumn", this, c);
  }

  /**
   * Every entry times the number `factor`.
   * @throws if `factor` is not a number
   */
  scale(factor: number): Matrix {
    return withNumber("scale", this, "factor", factor);
  }

  /**
   * The larger one of each entry and the number `least`: NumPy's `np.maximum(A, least)`.
   *
   * @returns as A; NaN where the entry is
   * @throws if `least` is not a number
   */
  maximum(least: number): Matrix {
    return withNumber("maximum", this, "least", least);
  }

  /**
   * 1 where an entry is greater than the number `bound`, and 0 elsewhere: NumPy's `A > bound`.
   *
   * @returns as A; 0 where the entry is NaN
   * @throws if `bound` is not a number
   */
  greater(bound: number): Matrix {
    return withNumber("greater", this, "bound", bound);
  }

  /** The exponential of each entry. */
  exp(): Matrix {
    const result = engine.matrix(this.rows, this.cols);
    engine.exp(this, result);
    return result;
  }

  /** The natural logarithm of each entry: −Infinity of 0, NaN of negative numbers. */
  log(): Matrix {
    return this.map(Math.log);
  }

  /** The matrix of `f(entry, i, j)`. */
  map(f: (value: number, i: number, j: number) => number): Matrix {
    const result = engine.matrix(this.rows, this.cols);
    const [from, to] = [engine.numbers(this), engine.numbers(result)];
    for (let i = 0, k = 0; i < this.rows; i++) {
      for (let j = 0; j < this.cols; j++, k++) to[k] = f(from[k], i, j);
    }
    return result;
  }

  /** The sum of each column, 1×cols: Σ over the rows, which are the samples. */
  columnSums(): Matrix {
    const sums = engine.matrix(1, this.cols);
    engine.columnSums(this, sums);
    return sums;
  }

  /** The sum of each row, rows×1. */
  rowSums(): Matrix {
    const sums = engine.matrix(this.rows, 1);
    engine.rowSums(this, sums);
    return sums;
  }

  /** The largest entry of each row, rows×1; NaN if there is one. */
  rowMaxima(): Matrix {
    const maxima = engine.matrix(this.rows, 1);
    engine.rowMaxima(this, maxima);
    return maxima;
  }

  /** The sum of all entries. */
  sum(): number {
    const numbers = engine.numbers(this);
    let total = 0;
    for (let k = 0; k < numbers.length; k++) total += numbers[k];
    return total;
  }

  /** ‖A‖, the root of the sum of the squared entries (Frobenius): NumPy's `np.linalg.norm(A)`. */
  norm(): number {
    return Math.sqrt(engine.sumOfSquares(this));
  }

  /** Whether all entries are finite: neither NaN nor infinite. */
  isFinite(): boolean {
    return engine.isFinite(this);
  }

  /** `"Matrix 2×3 [[1, 2, 3], [4, 5, 6]]"`; more than 60 entries are left out. */
  toString(): string {
    const entries = this.rows * this.cols <= 60 ? ` ${JSON.stringify(this.toRows()).replaceAll(",", ", ")}` : "";
    return `Matrix ${this.shape}${entries}`;
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
   * @throws if the inner sizes differ
   */
  times(B: Matrix | Transpose): Matrix {
    return product(this, B);
  }

  /** The transposed matrix written out, a copy. */
  toMatrix(): Matrix {
    const { rows, cols } = this;
    const result = engine.matrix(rows, cols);
    const [from, to] = [engine.numbers(this.of), engine.numbers(result)];
    for (let i = 0, k = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++, k++) to[k] = from[j * rows + i];
    }
    return result;
  }

  /** The entries as an array of rows, a copy. */
  toRows(): number[][] {
    return this.toMatrix().toRows();
  }
}

function checkEntry(method: string, A: Matrix, i: number, j: number): void {
  if (!Number.isInteger(i) || !Number.isInteger(j) || i < 0 || j < 0 || i >= A.rows || j >= A.cols) {
    throw new RangeError(`Matrix.${method}: a ${A.shape} matrix has no entry (${i}, ${j}); both count from 0`);
  }
}

function withMatrix(operation: "hadamard" | "plus" | "minus", A: Matrix, B: Matrix): Matrix {
  if (!Matrix.isMatrix(B) || B.rows !== A.rows || B.cols !== A.cols) {
    throw new RangeError(`Matrix.${operation}: got ${A.shape} and ${shapeOf(B)}; both need one shape`);
  }
  const result = engine.matrix(A.rows, A.cols);
  engine[operation](A, B, result);
  return result;
}

function withColumn(operation: "minusColumn" | "overColumn", A: Matrix, c: Matrix): Matrix {
  if (!Matrix.isMatrix(c) || c.cols !== 1 || c.rows !== A.rows) {
    throw new RangeError(`Matrix.${operation}: got ${shapeOf(c)}; a ${A.shape} matrix needs a ${A.rows}×1 column`);
  }
  const result = engine.matrix(A.rows, A.cols);
  engine[operation](A, c, result);
  return result;
}

function withNumber(operation: "scale" | "maximum" | "greater", A: Matrix, name: string, value: number): Matrix {
  if (typeof value !== "number") {
    const kind = Matrix.isMatrix(value) ? "a Matrix" : kindOf(value);
    throw new TypeError(`Matrix.${operation}: ${name} is ${kind}; expected a number`);
  }
  const result = engine.matrix(A.rows, A.cols);
  engine[operation](A, value, result);
  return result;
}

/** A·B. Views are read in place. */
function product(A: Matrix | Transpose, B: Matrix | Transpose): Matrix {
  if (!Matrix.isMatrix(B) && !Transpose.isTranspose(B)) {
    throw new TypeError(`Matrix.times: got ${shapeOf(B)}; expected a Matrix with ${A.cols} rows`);
  }
  if (A.cols !== B.rows) {
    throw new RangeError(
      `Matrix.times: ${A.shape} times ${B.shape}; the inner sizes ${A.cols} and ${B.rows} must be equal`,
    );
  }
  const result = engine.matrix(A.rows, B.cols);
  engine.times(A, B, result);
  return result;
}

/** A matrix, or the transposed view of one, as a product reads it: where its numbers are, and how far apart. */
export interface Strided {
  readonly rows: number;
  readonly cols: number;
  /** Entry (i, j) is `numbers[i * rowStep + j * colStep]`. */
  readonly numbers: Float64Array;
  /** From one row to the next; 1 in a transposed view. */
  readonly rowStep: number;
  /** From one column to the next; 1 unless it is a transposed view. */
  readonly colStep: number;
}

/** How a product reads `A`. */
export function strided(A: Matrix | Transpose): Strided {
  const { rows, cols } = A;
  return Transpose.isTranspose(A)
    ? { rows, cols, numbers: engine.numbers(A.of), rowStep: 1, colStep: rows }
    : { rows, cols, numbers: engine.numbers(A), rowStep: cols, colStep: 1 };
}

/**
 * Where the numbers of matrices are, and what is done with them. Each operation writes all entries of its last argument, whose
 * shape fits; the shapes of the others were checked. Every engine gives the same numbers, bit for bit.
 */
export interface Engine {
  /** A matrix for a result. What its entries are is open. */
  matrix(rows: number, cols: number): Matrix;
  /** The entries of a matrix, row after row, to be read or written at once: they may lie elsewhere later. */
  numbers(A: Matrix): Float64Array;
  /** Calls `work`, which gets `state`; see the function `scope`. */
  scope<State, Result>(work: (state: State) => Result, state: State): Result;

  /** A·B. */
  times(A: Matrix | Transpose, B: Matrix | Transpose, into: Matrix): void;
  /** A ⊙ B. */
  hadamard(A: Matrix, B: Matrix, into: Matrix): void;
  /** A + B. */
  plus(A: Matrix, B: Matrix, into: Matrix): void;
  /** A − B. */
  minus(A: Matrix, B: Matrix, into: Matrix): void;
  /** A with b, 1×cols, added to every row. */
  plusRow(A: Matrix, b: Matrix, into: Matrix): void;
  /** A with c, rows×1, subtracted from every column. */
  minusColumn(A: Matrix, c: Matrix, into: Matrix): void;
  /** A with every column divided by c, rows×1. */
  overColumn(A: Matrix, c: Matrix, into: Matrix): void;
  /** Every entry times a number. */
  scale(A: Matrix, factor: number, into: Matrix): void;
  /** The larger one of each entry and a number. */
  maximum(A: Matrix, least: number, into: Matrix): void;
  /** 1 where an entry is greater, else 0. */
  greater(A: Matrix, bound: number, into: Matrix): void;
  /** The exponential of each entry. */
  exp(A: Matrix, into: Matrix): void;
  /** The sum of each column, in the order of the rows. */
  columnSums(A: Matrix, into: Matrix): void;
  /** The sum of each row, in the order of the columns. */
  rowSums(A: Matrix, into: Matrix): void;
  /** The largest entry of each row. */
  rowMaxima(A: Matrix, into: Matrix): void;
  /** The given rows, which are there. */
  takeRows(A: Matrix, rows: ArrayLike<number>, into: Matrix): void;
  /** The sum of the squared entries: every eighth is added to the same of eight sums, and they to each other. */
  sumOfSquares(A: Matrix): number;
  /** Whether all entries are finite. */
  isFinite(A: Matrix): boolean;
}

/** The operations as one reads them. */
export const plainLoops: Engine = {
  matrix: (rows, cols) => new Matrix(rows, cols),
  numbers: (A) => A.data,
  scope: (work, state) => work(state),

  // The inner index k is outside j, so that B and C are read in the order in which they lie.
  times(A, B, C) {
    const { rows, cols: inner } = A;
    const { cols } = B;
    const [a, b] = [strided(A), strided(B)];
    const c = engine.numbers(C).fill(0);
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < inner; k++) {
        const aik = a.numbers[i * a.rowStep + k * a.colStep];
        for (let j = 0; j < cols; j++) c[i * cols + j] += aik * b.numbers[k * b.rowStep + j * b.colStep];
      }
    }
  },

  hadamard(A, B, into) {
    const [a, b, c] = [engine.numbers(A), engine.numbers(B), engine.numbers(into)];
    for (let k = 0; k < c.length; k++) c[k] = a[k] * b[k];
  },

  plus(A, B, into) {
    const [a, b, c] = [engine.numbers(A), engine.numbers(B), engine.numbers(into)];
    for (let k = 0; k < c.length; k++) c[k] = a[k] + b[k];
  },

  minus(A, B, into) {
    const [a, b, c] = [engine.numbers(A), engine.numbers(B), engine.numbers(into)];
    for (let k = 0; k < c.length; k++) c[k] = a[k] - b[k];
  },

  plusRow(A, row, into) {
    const [a, b, c] = [engine.numbers(A), engine.numbers(row), engine.numbers(into)];
    for (let i = 0, k = 0; i < A.rows; i++) {
      for (let j = 0; j < A.cols; j++, k++) c[k] = a[k] + b[j];
    }
  },

  minusColumn(A, column, into) {
    const [a, b, c] = [engine.numbers(A), engine.numbers(column), engine.numbers(into)];
    for (let i = 0, k = 0; i < A.rows; i++) {
      for (let j = 0; j < A.cols; j++, k++) c[k] = a[k] - b[i];
    }
  },

  overColumn(A, column, into) {
    const [a, b, c] = [engine.numbers(A), engine.numbers(column), engine.numbers(into)];
    for (let i = 0, k = 0; i < A.rows; i++) {
      for (let j = 0; j < A.cols; j++, k++) c[k] = a[k] / b[i];
    }
  },

  scale(A, factor, into) {
    const [a, c] = [engine.numbers(A), engine.numbers(into)];
    for (let k = 0; k < c.length; k++) c[k] = a[k] * factor;
  },

  maximum(A, least, into) {
    const [a, c] = [engine.numbers(A), engine.numbers(into)];
    for (let k = 0; k < c.length; k++) c[k] = Math.max(a[k], least);
  },

  greater(A, bound, into) {
    const [a, c] = [engine.numbers(A), engine.numbers(into)];
    for (let k = 0; k < c.length; k++) c[k] = Number(a[k] > bound);
  },

  exp(A, into) {
    const [a, c] = [engine.numbers(A), engine.numbers(into)];
    for (let k = 0; k < c.length; k++) c[k] = Math.exp(a[k]);
  },

  columnSums(A, into) {
    const [a, sums] = [engine.numbers(A), engine.numbers(into).fill(0)];
    for (let i = 0, k = 0; i < A.rows; i++) {
      for (let j = 0; j < A.cols; j++, k++) sums[j] += a[k];
    }
  },

  rowSums(A, into) {
    const [a, sums] = [engine.numbers(A), engine.numbers(into)];
    for (let i = 0, k = 0; i < A.rows; i++) {
      let sum = 0;
      for (let j = 0; j < A.cols; j++, k++) sum += a[k];
      sums[i] = sum;
    }
  },

  rowMaxima(A, into) {
    const [a, maxima] = [engine.numbers(A), engine.numbers(into)];
    for (let i = 0, k = 0; i < A.rows; i++) {
      let max = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < A.cols; j++, k++) max = Math.max(max, a[k]);
      maxima[i] = max;
    }
  },

  takeRows(A, rows, into) {
    const { cols } = A;
    const [a, c] = [engine.numbers(A), engine.numbers(into)];
    for (let i = 0, k = 0; i < rows.length; i++) {
      for (let j = 0; j < cols; j++, k++) c[k] = a[rows[i] * cols + j];
    }
  },

  sumOfSquares(A) {
    const a = engine.numbers(A);
    const sums = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let k = 0; k < a.length; k++) sums[k % 8] += a[k] * a[k];
    return sums[0] + sums[2] + (sums[4] + sums[6]) + (sums[1] + sums[3] + (sums[5] + sums[7]));
  },

  isFinite(A) {
    const a = engine.numbers(A);
    for (let k = 0; k < a.length; k++) if (!Number.isFinite(a[k])) return false;
    return true;
  },
};

let engine: Engine = plainLoops;

/**
 * From now on, all matrices of this module are computed with by this engine.
 *
 * @param chosen `plainLoops`, or one that is faster
 */
export function useEngine(chosen: Engine): void {
  engine = chosen;
}

/**
 * The entries of a matrix, row after row, to be read at once: a loop takes them from here where `A.data` would first copy them
 * out of a scope's memory.
 *
 * @param A any matrix
 * @returns `rows · cols` numbers, not to be kept and not to be written to
 */
export function numbersOf(A: Matrix): Readonly<Float64Array> {
  return engine.numbers(A);
}

/**
 * Calls `work`, and gives back the memory of all matrices that were made in it when it ends. A loop of many steps, each in a
 * scope, takes no more memory than one step, and less time than without.
 *
 *     const parameters = scope(() => {
 *       let current = start;
 *       for (let step = 0; step < 1000; step++) {
 *         current = scope((parameters) => {
 *           const gradients = backward(X, Y, parameters, forward(X, parameters));
 *           return sgdStep(parameters, gradients, 0.1);
 *         }, current);
 *       }
 *       return current;
 *     });
 *
 * Matrices that `work` returns live on, also those in arrays and plain objects: in the scope around this one or, if there is none, as
 * ordinary matrices. Any other is of no use after the end, and says so. One whose `data` was looked at lives on, too.
 *
 * @param work what is to be done, at once: it may return anything but a promise
 * @param state handed to `work`, and given back with the rest unless it is returned: the result of the scope before
 * @returns what `work` returns
 * @throws if `work` is no function or returns a promise, and what `work` throws
 */
export function scope<Result>(work: () => Result): Result;
export function scope<State, Result>(work: (state: State) => Result, state: State): Result;
export function scope<State, Result>(work: (state: State) => Result, state?: State): Result {
  if (typeof work !== "function") throw new TypeError(`scope: work is ${kindOf(work)}; expected a function`);
  return engine.scope((given: State) => {
    const result = work(given);
    if (typeof (result as { then?: unknown } | null | undefined)?.then === "function") {
      // Nobody waits for it any more.
      Promise.resolve(result).catch(() => {});
      throw new TypeError(
        "scope: work returned a promise; a scope ends when work returns, so await before or after it",
      );
    }
    return result;
  }, state as State);
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
