/** A matrix as products read it: where its numbers are, and how far apart. */
export interface Strided {
  readonly rows: number;
  readonly cols: number;
  /** The numbers; entry (i, j) is `data[i * rowStep + j * colStep]`. */
  readonly data: Float64Array;
  /** From one row to the next; 1 in a transposed view. */
  readonly rowStep: number;
  /** From one column to the next; 1 unless it is a transposed view. */
  readonly colStep: number;
}

/**
 * Writes A·B into `C`, whose numbers lie row after row.
 *
 * Every entry is the sum of its products in the order of the inner index, from 0, each product and each sum rounded: all
 * products of this type give the same bits.
 */
export type Product = (A: Strided, B: Strided, C: Float64Array) => void;
