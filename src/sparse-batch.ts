/**
 * Matrices with many zeros, without the zeros: half of the pixels of digits are 0, and four fifths of MNIST's.
 *
 * `SparseRows` are the rows of all samples, in a working memory; a `SparseBatch` is a mini-batch of them, which multiplies
 * like a `Matrix`: `X.times(W1, A1)` and `X.T.times(dZ1, dW1)`. The products have the bits of the whole matrix's, as long as
 * the other side is finite.
 */

import type { Work } from "./engine/parts";
import type { WorkingMemory } from "./engine/working-memory";
import type { Matrix } from "./matrix";

/** So many rows of X make a segment of its columns' lists; as in `assembly/sparse.ts`. */
const SEGMENT = 128;

/** About how long a multiplication and an addition take. */
const NANOSECONDS = 0.12;

/** How many numbers of each row are not 0. */
export function nonzeros({ rows, cols, data }: Matrix): Int32Array {
  const counts = new Int32Array(rows);
  for (let i = 0, k = 0; i < rows; i++) {
    let count = 0;
    for (const end = k + cols; k < end; k++) count += Number(data[k] !== 0);
    counts[i] = count;
  }
  return counts;
}

/** The numbers of a matrix that are not 0, row after row, in a working memory. */
export class SparseRows {
  readonly values: Float64Array;
  /** The column of each value. */
  readonly columns: Int32Array;
  /** Where each row begins in the two, and, one place further on, where it ends. */
  readonly ends: Int32Array;

  /**
   * @param memory where the numbers are put: takes `SparseRows.room` numbers of it
   * @param A the matrix
   * @param counts how many of each row are not 0
   */
  constructor(memory: WorkingMemory, { rows, cols, data }: Matrix, counts: Int32Array) {
    this.ends = new Int32Array(rows + 1);
    for (let i = 0; i < rows; i++) this.ends[i + 1] = this.ends[i] + counts[i];
    // One more: the last zero of all is written, too, before it is found to be one.
    const length = this.ends[rows] + 1;
    this.values = memory.take(length);
    this.columns = memory.takeWhole(length);
    const { values, columns } = this;
    for (let i = 0, k = 0, to = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++, k++) {
        const value = data[k];
        values[to] = value;
        columns[to] = j;
        to += Number(value !== 0);
      }
    }
  }

  /** How many numbers of a working memory they take, if so many are not 0. */
  static room(count: number): number {
    return count + 1 + Math.ceil((count + 1) / 2);
  }
}

/** Some of those rows. */
export class SparseBatch {
  /** The transposed view, for products. */
  readonly T: { times(B: Matrix, into: Matrix): Matrix };
  private readonly memory: WorkingMemory;
  private readonly cols: number;
  private rows = 0;
  /** How many values the rows have. */
  private total = 0;
  private source?: SparseRows;
  /** Where in the source's lists the rows begin, and then where they end. */
  private readonly ends: Int32Array;
  /** Those of the transposed matrix; their ends are as `assembly/sparse.ts` writes them. */
  private readonly transposed: {
    readonly values: Float64Array;
    readonly columns: Int32Array;
    readonly ends: Int32Array;
  };
  private isTransposed = false;

  /**
   * @param memory that of the rows: takes `SparseBatch.room` numbers of it
   * @param size rows and values of a batch, at most, and columns
   */
  constructor(memory: WorkingMemory, { rows, cols, values }: { rows: number; cols: number; values: number }) {
    this.memory = memory;
    this.cols = cols;
    this.ends = memory.takeWhole(2 * rows);
    const ends = cols * (1 + Math.ceil(rows / SEGMENT));
    this.transposed = {
      values: memory.take(values),
      columns: memory.takeWhole(values),
      ends: memory.takeWhole(ends),
    };
    this.T = { times: (B, into) => this.transposedTimes(B, into) };
  }

  /** How many numbers of a working memory it takes. */
  static room({ rows, cols, values }: { rows: number; cols: number; values: number }): number {
    return rows + values + Math.ceil(values / 2) + Math.ceil((cols * (1 + Math.ceil(rows / SEGMENT))) / 2);
  }

  /** Becomes these rows, in this order. */
  take(source: SparseRows, rows: ArrayLike<number>): void {
    this.source = source;
    this.isTransposed = false;
    this.rows = rows.length;
    this.total = 0;
    for (let i = 0; i < rows.length; i++) {
      const [start, end] = [source.ends[rows[i]], source.ends[rows[i] + 1]];
      this.ends[i] = start;
      this.ends[rows.length + i] = end;
      this.total += end - start;
    }
  }

  /** Writes X·B. */
  times(B: Matrix, into: Matrix): Matrix {
    const { memory, ends, rows } = this;
    memory.run(this.product({ ...this.taken(), ends }, [rows, 1, 4 * rows], B, into));
    return into;
  }

  /** Where the rows are. */
  private taken(): SparseRows {
    if (this.source === undefined) throw new Error("SparseBatch: it has no rows; take some first");
    return this.source;
  }

  private transposedTimes(B: Matrix, into: Matrix): Matrix {
    const { memory, ends, rows, cols, transposed } = this;
    if (!this.isTransposed) {
      const [from, to] = [{ ...this.taken(), ends }, transposed].map(({ values, columns, ends }) => [
        values.byteOffset,
        columns.byteOffset,
        ends.byteOffset,
      ]);
      memory.operations.transposeSparse(rows, cols, from[0], from[1], from[2], 4 * rows, to[0], to[1], to[2]);
      this.isTransposed = true;
    }
    memory.run(this.product(transposed, [cols, Math.ceil(rows / SEGMENT), 4 * cols], B, into));
    return into;
  }

  /** What multiplies `count` rows, which are in so many segments, whose ends are so many bytes apart. */
  private product(
    { values, columns, ends }: { values: Float64Array; columns: Int32Array; ends: Int32Array },
    [count, segments, segment]: [count: number, segments: number, segment: number],
    { cols, data: b }: Matrix,
    { data: c }: Matrix,
  ): Work {
    const [v, i, e] = [values.byteOffset, columns.byteOffset, ends.byteOffset];
    return {
      operation: "multiplySparse",
      count,
      args: [cols, v, i, e, segments, segment, b.byteOffset, c.byteOffset],
      steps: [0, 0, 0, 4, 0, 0, 0, 8 * cols],
      cost: (NANOSECONDS * cols * this.total) / count,
    };
  }
}
