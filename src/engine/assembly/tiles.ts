/**
 * Parts of C = A·B that stay in registers while k runs: 4 × 8 of its entries, 4 × 4, 4 × 2, 1 × 2 and 1.
 *
 * Their parameters are the same: n, how many k there are; a and b, where their rows of A and columns of B begin; the bytes from
 * a row to the next (`aRow`, `bRow`, `cRow`) and from a column of A to the next (`aCol`); c, where they are written; and from
 * where the sums are read that they begin with (`from`, `fromRow`), from C or from zeros.
 */

/** 4×8 entries: sixteen sums of two lanes, more than there are registers, or eight of four. The loops are as in `tile4x4`. */
export function tile4x8(
  n: i32,
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  from: usize,
  fromRow: usize,
): void {
  let c00 = v128.load(from);
  let c01 = v128.load(from, 16);
  let c02 = v128.load(from, 32);
  let c03 = v128.load(from, 48);
  from += fromRow;
  let c10 = v128.load(from);
  let c11 = v128.load(from, 16);
  let c12 = v128.load(from, 32);
  let c13 = v128.load(from, 48);
  from += fromRow;
  let c20 = v128.load(from);
  let c21 = v128.load(from, 16);
  let c22 = v128.load(from, 32);
  let c23 = v128.load(from, 48);
  from += fromRow;
  let c30 = v128.load(from);
  let c31 = v128.load(from, 16);
  let c32 = v128.load(from, 32);
  let c33 = v128.load(from, 48);
  if (aRow == 8) {
    for (; n > 0; n--) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const b2 = v128.load(b, 32);
      const b3 = v128.load(b, 48);
      const x0 = v128.load64_splat(a);
      c00 = f64x2.add(c00, f64x2.mul(x0, b0));
      c01 = f64x2.add(c01, f64x2.mul(x0, b1));
      c02 = f64x2.add(c02, f64x2.mul(x0, b2));
      c03 = f64x2.add(c03, f64x2.mul(x0, b3));
      const x1 = v128.load64_splat(a, 8);
      c10 = f64x2.add(c10, f64x2.mul(x1, b0));
      c11 = f64x2.add(c11, f64x2.mul(x1, b1));
      c12 = f64x2.add(c12, f64x2.mul(x1, b2));
      c13 = f64x2.add(c13, f64x2.mul(x1, b3));
      const x2 = v128.load64_splat(a, 16);
      c20 = f64x2.add(c20, f64x2.mul(x2, b0));
      c21 = f64x2.add(c21, f64x2.mul(x2, b1));
      c22 = f64x2.add(c22, f64x2.mul(x2, b2));
      c23 = f64x2.add(c23, f64x2.mul(x2, b3));
      const x3 = v128.load64_splat(a, 24);
      c30 = f64x2.add(c30, f64x2.mul(x3, b0));
      c31 = f64x2.add(c31, f64x2.mul(x3, b1));
      c32 = f64x2.add(c32, f64x2.mul(x3, b2));
      c33 = f64x2.add(c33, f64x2.mul(x3, b3));
      a += aCol;
      b += bRow;
    }
  } else {
    let a1 = a + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    for (; n > 0; n--) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const b2 = v128.load(b, 32);
      const b3 = v128.load(b, 48);
      const x0 = v128.load64_splat(a);
      c00 = f64x2.add(c00, f64x2.mul(x0, b0));
      c01 = f64x2.add(c01, f64x2.mul(x0, b1));
      c02 = f64x2.add(c02, f64x2.mul(x0, b2));
      c03 = f64x2.add(c03, f64x2.mul(x0, b3));
      const x1 = v128.load64_splat(a1);
      c10 = f64x2.add(c10, f64x2.mul(x1, b0));
      c11 = f64x2.add(c11, f64x2.mul(x1, b1));
      c12 = f64x2.add(c12, f64x2.mul(x1, b2));
      c13 = f64x2.add(c13, f64x2.mul(x1, b3));
      const x2 = v128.load64_splat(a2);
      c20 = f64x2.add(c20, f64x2.mul(x2, b0));
      c21 = f64x2.add(c21, f64x2.mul(x2, b1));
      c22 = f64x2.add(c22, f64x2.mul(x2, b2));
      c23 = f64x2.add(c23, f64x2.mul(x2, b3));
      const x3 = v128.load64_splat(a3);
      c30 = f64x2.add(c30, f64x2.mul(x3, b0));
      c31 = f64x2.add(c31, f64x2.mul(x3, b1));
      c32 = f64x2.add(c32, f64x2.mul(x3, b2));
      c33 = f64x2.add(c33, f64x2.mul(x3, b3));
      a += aCol;
      a1 += aCol;
      a2 += aCol;
      a3 += aCol;
      b += bRow;
    }
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c, c02, 32);
  v128.store(c, c03, 48);
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  v128.store(c, c12, 32);
  v128.store(c, c13, 48);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  v128.store(c, c22, 32);
  v128.store(c, c23, 48);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  v128.store(c, c32, 32);
  v128.store(c, c33, 48);
}

/** 4×4 entries: eight sums of two lanes. One loop for an A whose four rows lie next to each other, one for any other. */
export function tile4x4(
  n: i32,
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  from: usize,
  fromRow: usize,
): void {
  let c00 = v128.load(from);
  let c01 = v128.load(from, 16);
  from += fromRow;
  let c10 = v128.load(from);
  let c11 = v128.load(from, 16);
  from += fromRow;
  let c20 = v128.load(from);
  let c21 = v128.load(from, 16);
  from += fromRow;
  let c30 = v128.load(from);
  let c31 = v128.load(from, 16);
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
  c += cRow;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += cRow;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += cRow;
  v128.store(c, c30);
  v128.store(c, c31, 16);
}

/** 4×2 entries. */
export function tile4x2(
  n: i32,
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  from: usize,
  fromRow: usize,
): void {
  let c0 = v128.load(from);
  from += fromRow;
  let c1 = v128.load(from);
  from += fromRow;
  let c2 = v128.load(from);
  from += fromRow;
  let c3 = v128.load(from);
  let a1 = a + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  for (; n > 0; n--) {
    const both = v128.load(b);
    const x0 = v128.load64_splat(a);
    c0 = f64x2.add(c0, f64x2.mul(x0, both));
    const x1 = v128.load64_splat(a1);
    c1 = f64x2.add(c1, f64x2.mul(x1, both));
    const x2 = v128.load64_splat(a2);
    c2 = f64x2.add(c2, f64x2.mul(x2, both));
    const x3 = v128.load64_splat(a3);
    c3 = f64x2.add(c3, f64x2.mul(x3, both));
    a += aCol;
    a1 += aCol;
    a2 += aCol;
    a3 += aCol;
    b += bRow;
  }
  v128.store(c, c0);
  c += cRow;
  v128.store(c, c1);
  c += cRow;
  v128.store(c, c2);
  c += cRow;
  v128.store(c, c3);
}

/** Two neighbours in a row. */
export function pair(n: i32, a: usize, aCol: usize, b: usize, bRow: usize, c: usize, from: usize): void {
  let sums = v128.load(from);
  for (; n > 0; n--) {
    sums = f64x2.add(sums, f64x2.mul(v128.load64_splat(a), v128.load(b)));
    a += aCol;
    b += bRow;
  }
  v128.store(c, sums);
}

/** One entry. */
export function entry(n: i32, a: usize, aCol: usize, b: usize, bRow: usize, c: usize, from: usize): void {
  let sum = f64.load(from);
  for (; n > 0; n--) {
    sum += f64.load(a) * f64.load(b);
    a += aCol;
    b += bRow;
  }
  f64.store(c, sum);
}
