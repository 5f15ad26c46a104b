/**
 * C = A·B or C += A·B in float64, by WebAssembly SIMD.
 *
 * A tile of C stays in registers while k runs, two neighbouring columns in the two lanes of a vector. Every entry of C is
 * the sum of its products in the order of k, each product rounded before it is added: as in plain loops, bit for bit.
 *
 * Where a matrix lies is said by its address and the bytes from a row to the next and from a column to the next, so that a
 * transposed matrix is one with the two exchanged. One of the two is always 8, the size of an entry.
 */

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

/** Where this thread packs. */
let room: usize = 0;

/**
 * Says where products may pack parts of A and B. Threads that work in one memory have a room each.
 *
 * @param address of 8 · 256 · (p + 4) bytes, where p is the most columns of a C
 */
export function packAt(address: usize): void {
  room = address;
}

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
    if (packB) pack(count, p, bPart, bRow, bCol, room + STRIP);
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
 * Copies B (or rows of A, seen transposed) into strips of four columns, the last of which may be narrower, each row after row
 * without a gap: what the tiles read next is then what lies next.
 */
function pack(n: i32, p: i32, b: usize, bRow: usize, bCol: usize, to: usize): void {
  for (let j: i32 = 0; j < p; j += 4) {
    const width = min(4, p - j);
    for (let k: i32 = 0; k < n; k++) {
      const from = b + (k as usize) * bRow + (j as usize) * bCol;
      if (width == 4) {
        if (bCol == 8) {
          v128.store(to, v128.load(from));
          v128.store(to, v128.load(from, 16), 16);
        } else {
          f64.store(to, f64.load(from));
          f64.store(to, f64.load(from + bCol), 8);
          f64.store(to, f64.load(from + 2 * bCol), 16);
          f64.store(to, f64.load(from + 3 * bCol), 24);
        }
        to += 32;
      } else {
        for (let w: i32 = 0; w < width; w++) {
          f64.store(to, f64.load(from + (w as usize) * bCol));
          to += 8;
        }
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
  let i: i32 = 0;
  for (; i <= m - 4; i += 4) {
    let rows = a;
    let rowsCol = aCol;
    if (packA) {
      pack(n, 4, a, aCol, aRow, room);
      rows = room;
      rowsCol = 32;
    }
    for (let j: i32 = 0; j < p; j += 4) {
      const width = min(4, p - j);
      const strip = stripOf(b, bRow, j, n);
      const step = bRow == 0 ? (width as usize) * 8 : bRow;
      const to = c + (j as usize) * 8;
      if (width == 4) {
        tile4x4(n, rows, aRow, rowsCol, strip, step, to, cRow, fresh);
      } else {
        if (width >= 2) tile4x2(n, rows, aRow, rowsCol, strip, step, to, cRow, fresh);
        if (width & 1) {
          const last = (width as usize) * 8 - 8;
          for (let r: usize = 0; r < 4; r++) {
            entry(n, rows + r * aRow, rowsCol, strip + last, step, to + r * cRow + last, fresh);
          }
        }
      }
    }
    a += 4 * aRow;
    c += 4 * cRow;
  }
  for (; i < m; i++) {
    for (let j: i32 = 0; j < p; j += 4) {
      const width = min(4, p - j);
      const strip = stripOf(b, bRow, j, n);
      const step = bRow == 0 ? (width as usize) * 8 : bRow;
      const to = c + (j as usize) * 8;
      if (width >= 2) pair(n, a, aCol, strip, step, to, fresh);
      if (width == 4) pair(n, a, aCol, strip + 16, step, to + 16, fresh);
      if (width & 1) entry(n, a, aCol, strip + (width as usize) * 8 - 8, step, to + (width as usize) * 8 - 8, fresh);
    }
    a += aRow;
    c += cRow;
  }
}

/** Where the strip of four columns begins that column j is the first of: in a B that is packed (`bRow` is 0) or not. */
function stripOf(b: usize, bRow: usize, j: i32, n: i32): usize {
  return b + ((bRow == 0 ? j * n : j) as usize) * 8;
}

/** 4×4 entries of C: eight sums of two lanes. One loop for an A whose rows lie without a gap, one for any other whose columns do. */
function tile4x4(
  n: i32,
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  fresh: bool,
): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  if (!fresh) {
    c00 = v128.load(c);
    c01 = v128.load(c, 16);
    c10 = v128.load(c + cRow);
    c11 = v128.load(c + cRow, 16);
    c20 = v128.load(c + 2 * cRow);
    c21 = v128.load(c + 2 * cRow, 16);
    c30 = v128.load(c + 3 * cRow);
    c31 = v128.load(c + 3 * cRow, 16);
  }
  if (aRow == 8) {
    for (; n > 0; n--) {
      const left = v128.load(b);
      const right = v128.load(b, 16);
      const x0 = v128.load64_splat(a);
      c00 = f64x2.add(c00, f64x2.mul(x0, left));
      c01 = f64x2.add(c01, f64x2.mul(x0, right));
      const x1 = v128.load64_splat(a, 8);
      c10 = f64x2.add(c10, f64x2.mul(x1, left));
      c11 = f64x2.add(c11, f64x2.mul(x1, right));
      const x2 = v128.load64_splat(a, 16);
      c20 = f64x2.add(c20, f64x2.mul(x2, left));
      c21 = f64x2.add(c21, f64x2.mul(x2, right));
      const x3 = v128.load64_splat(a, 24);
      c30 = f64x2.add(c30, f64x2.mul(x3, left));
      c31 = f64x2.add(c31, f64x2.mul(x3, right));
      a += aCol;
      b += bRow;
    }
  } else {
    let a1 = a + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    for (; n > 0; n--) {
      const left = v128.load(b);
      const right = v128.load(b, 16);
      const x0 = v128.load64_splat(a);
      c00 = f64x2.add(c00, f64x2.mul(x0, left));
      c01 = f64x2.add(c01, f64x2.mul(x0, right));
      const x1 = v128.load64_splat(a1);
      c10 = f64x2.add(c10, f64x2.mul(x1, left));
      c11 = f64x2.add(c11, f64x2.mul(x1, right));
      const x2 = v128.load64_splat(a2);
      c20 = f64x2.add(c20, f64x2.mul(x2, left));
      c21 = f64x2.add(c21, f64x2.mul(x2, right));
      const x3 = v128.load64_splat(a3);
      c30 = f64x2.add(c30, f64x2.mul(x3, left));
      c31 = f64x2.add(c31, f64x2.mul(x3, right));
      a += aCol;
      a1 += aCol;
      a2 += aCol;
      a3 += aCol;
      b += bRow;
    }
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + cRow, c10);
  v128.store(c + cRow, c11, 16);
  v128.store(c + 2 * cRow, c20);
  v128.store(c + 2 * cRow, c21, 16);
  v128.store(c + 3 * cRow, c30);
  v128.store(c + 3 * cRow, c31, 16);
}

/** 4×2 entries of C. */
function tile4x2(
  n: i32,
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  fresh: bool,
): void {
  let c0 = f64x2.splat(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  if (!fresh) {
    c0 = v128.load(c);
    c1 = v128.load(c + cRow);
    c2 = v128.load(c + 2 * cRow);
    c3 = v128.load(c + 3 * cRow);
  }
  for (; n > 0; n--) {
    const both = v128.load(b);
    c0 = f64x2.add(c0, f64x2.mul(v128.load64_splat(a), both));
    c1 = f64x2.add(c1, f64x2.mul(v128.load64_splat(a + aRow), both));
    c2 = f64x2.add(c2, f64x2.mul(v128.load64_splat(a + 2 * aRow), both));
    c3 = f64x2.add(c3, f64x2.mul(v128.load64_splat(a + 3 * aRow), both));
    a += aCol;
    b += bRow;
  }
  v128.store(c, c0);
  v128.store(c + cRow, c1);
  v128.store(c + 2 * cRow, c2);
  v128.store(c + 3 * cRow, c3);
}

/** Two neighbours in a row of C. */
function pair(n: i32, a: usize, aCol: usize, b: usize, bRow: usize, c: usize, fresh: bool): void {
  let sums = fresh ? f64x2.splat(0) : v128.load(c);
  for (; n > 0; n--) {
    sums = f64x2.add(sums, f64x2.mul(v128.load64_splat(a), v128.load(b)));
    a += aCol;
    b += bRow;
  }
  v128.store(c, sums);
}

/** One entry of C. */
function entry(n: i32, a: usize, aCol: usize, b: usize, bRow: usize, c: usize, fresh: bool): void {
  let sum = fresh ? 0 : f64.load(c);
  for (; n > 0; n--) {
    sum += f64.load(a) * f64.load(b);
    a += aCol;
    b += bRow;
  }
  f64.store(c, sum);
}
