/** A product in a working memory, and its division into parts that two threads can compute side by side. */

/** C = A·B, or C += A·B, as the compiled `multiply` is told of it: addresses and steps are in bytes. */
export interface Multiplication {
  /** Rows of A and C. */
  readonly m: number;
  /** Columns of A, rows of B. */
  readonly n: number;
  /** Columns of B and C. */
  readonly p: number;
  readonly a: number;
  readonly aRow: number;
  readonly aCol: number;
  readonly b: number;
  readonly bRow: number;
  readonly bCol: number;
  readonly c: number;
  readonly cRow: number;
  readonly add: boolean;
  /** Whether zeros of A are skipped. Then B and C must lie row after row without a gap, and `add` be false. */
  readonly sparse: boolean;
}

/**
 * The most parts. Of more, none would take long to wait for; but every part reads, and packs, what others of its rows or
 * columns do.
 */
export const MOST_PARTS = 4;

/** Rows and columns of a part: whole tiles. */
const TILE = 4;

/**
 * Parts of C, which together are all of it. Each of its entries is computed in one of them, from the first k to the last: the
 * bits are those of the whole product.
 *
 * @param whole what is divided
 * @returns some rows of C each, if C is tall or `sparse`, and else some columns
 */
export function partsOf(whole: Multiplication): Multiplication[] {
  const { m, p, a, aRow, b, bCol, c, cRow, sparse } = whole;
  if (sparse || m > 2 * p) {
    return ranges(m).map(([i, rows]) => ({ ...whole, m: rows, a: a + i * aRow, c: c + i * cRow }));
  }
  return ranges(p).map(([j, cols]) => ({ ...whole, p: cols, b: b + j * bCol, c: c + j * 8 }));
}

/** From 0 to `size`: where each part begins, and how long it is. */
function ranges(size: number): [start: number, length: number][] {
  const length = TILE * Math.ceil(size / MOST_PARTS / TILE);
  return Array.from({ length: Math.ceil(size / length) }, (_, k) => [k * length, Math.min(length, size - k * length)]);
}
