/**
 * C = A·B or C += A·B in float64, by WebAssembly SIMD.
 *
 * A tile of C stays in registers while k runs, neighbouring columns in the lanes of a vector. Every entry of C is
 * the sum of its products in the order of k, each product rounded before it is added: as in plain loops, bit for bit.
 *
 * Where a matrix lies is said by its address and the bytes from a row to the next and from a column to the next, so that a
 * transposed matrix is one with the two exchanged. One of the two is always 8, the size of an entry.
 */
import { columns, room, zeros } from "./room";
import { entry, pair, tile4x2, tile4x4, tile4x8 } from "./tiles";

/** So many k at a time: then a tile's share of A and B stays in the first-level cache. */
const K_BLOCK: i32 = 256;

/** B is packed if its part is larger than this, in bytes: half of a first-level cache. */
const PACK_B_ABOVE: i32 = 16384;

/** Rows of B with so few columns are read as they lie: next to each other. */
const NARROW: i32 = 16;

/** Four rows of a transposed A are packed if C has at least so many columns, so that they are read often enough. */
const PACK_A_FROM: i32 = 64;

/** The room for four packed rows of A, in bytes. */
const STRIP: usize = 4 * 8 * K_BLOCK;

/**
 * C = A·B, or C += A·B.
 *
 * @param m rows of A and C
 * @param n columns of A, rows of B
 * @param p columns of B and C
 * @param a address of A
 * @param aRow bytes from a row of A to the next
 * @param aCol bytes from a column of A to the next
 * @param b address of B
 * @param bRow bytes from a row of B to the next
 * @param bCol bytes from a column of B to the next
 * @param c address of C
 * @param cRow bytes from a row of C to the next; in a row, no gap
 * @param add whether to add to what C holds
 */
export function multiply(
  m: i32,
  n: i32,
  p: i32,
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  bCol: usize,
  c: usize,
  cRow: usize,
  add: bool,
): void {
  for (let k: i32 = 0; k < n; k += K_BLOCK) {
    const count = min(K_BLOCK, n - k);
    const aPart = a + (k as usize) * aCol;
    const bPart = b + (k as usize) * bRow;
    const packB = bCol != 8 || (p > NARROW && count * p * 8 > PACK_B_ABOVE);
    if (packB) pack(count, p, columns, bPart, bRow, bCol, room + STRIP);
    const fresh = k == 0 && !add;
    tiles(m, count, p, aPart, aRow, aCol, packB ? room + STRIP : bPart, packB ? 0 : bRow, c, cRow, fresh);
  }
}

/** The same, told of the columns of B and C first: for a part of the columns. */
export function multiplyColumns(
  p: i32,
  m: i32,
  n: i32,
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  bCol: usize,
  c: usize,
  cRow: usize,
  add: bool,
): void {
  multiply(m, n, p, a, aRow, aCol, b, bRow, bCol, c, cRow, add);
}

/**
 * Copies B (or rows of A, seen transposed) into strips of so many columns, the last of which may be narrower, each row after row
 * without a gap: what the tiles read next is then what lies next.
 */
function pack(n: i32, p: i32, strip: i32, b: usize, bRow: usize, bCol: usize, to: usize): void {
  for (let j: i32 = 0; j < p; j += strip) {
    const width = min(strip, p - j);
    for (let k: i32 = 0; k < n; k++) {
      let from = b + (k as usize) * bRow + (j as usize) * bCol;
      let w = width;
      for (; w >= 4; w -= 4) {
        if (bCol == 8) {
          v128.store(to, v128.load(from));
          v128.store(to, v128.load(from, 16), 16);
        } else {
          f64.store(to, f64.load(from));
          f64.store(to, f64.load(from + bCol), 8);
          f64.store(to, f64.load(from + 2 * bCol), 16);
          f64.store(to, f64.load(from + 3 * bCol), 24);
        }
        from += 4 * bCol;
        to += 32;
      }
      for (; w > 0; w--) {
        f64.store(to, f64.load(from));
        from += bCol;
        to += 8;
      }
    }
  }
}

/** C, tile by tile, for some k. `bRow` is 0 where B is packed. */
function tiles(
  m: i32,
  n: i32,
  p: i32,
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  fresh: bool,
): void {
  const packA = aCol != 8 && p >= PACK_A_FROM;
  const fromRow: usize = fresh ? 0 : cRow;
  let i: i32 = 0;
  for (; i <= m - 4; i += 4) {
    let rows = a;
    let rowsCol = aCol;
    if (packA) {
      pack(n, 4, 4, a, aCol, aRow, room);
      rows = room;
      rowsCol = 32;
    }
    for (let j: i32 = 0; j < p; j += columns) {
      const width = min(columns, p - j);
      const step = bRow == 0 ? (width as usize) * 8 : bRow;
      let strip = stripOf(b, bRow, j, n);
      let to = c + (j as usize) * 8;
      let from = fresh ? zeros : to;
      if (width == 8) tile4x8(n, rows, aRow, rowsCol, strip, step, to, cRow, from, fromRow);
      if (width & 4) {
        tile4x4(n, rows, aRow, rowsCol, strip, step, to, cRow, from, fromRow);
        strip += 32;
        to += 32;
        from += 32;
      }
      if (width & 2) {
        tile4x2(n, rows, aRow, rowsCol, strip, step, to, cRow, from, fromRow);
        strip += 16;
        to += 16;
        from += 16;
      }
      if (width & 1) {
        for (let r: usize = 0; r < 4; r++) entry(n, rows + r * aRow, rowsCol, strip, step, to + r * cRow, from + r * fromRow);
      }
    }
    a += 4 * aRow;
    c += 4 * cRow;
  }
  for (; i < m; i++) {
    for (let j: i32 = 0; j < p; j += columns) {
      const width = min(columns, p - j);
      const step = bRow == 0 ? (width as usize) * 8 : bRow;
      let strip = stripOf(b, bRow, j, n);
      let to = c + (j as usize) * 8;
      let from = fresh ? zeros : to;
      for (let w = width; w >= 2; w -= 2) {
        pair(n, a, aCol, strip, step, to, from);
        strip += 16;
        to += 16;
        from += 16;
      }
      if (width & 1) entry(n, a, aCol, strip, step, to, from);
    }
    a += aRow;
    c += cRow;
  }
}

/** Where the strip of columns begins that column j is the first of: in a B that is packed (`bRow` is 0) or not. */
function stripOf(b: usize, bRow: usize, j: i32, n: i32): usize {
  return b + ((bRow == 0 ? j * n : j) as usize) * 8;
}
