/**
 * What is done to the entries of matrices, their rows and their columns, two numbers at a time; the plain loops of `matrix.ts` say the
 * same, and each entry gets the same bits. Addresses are in bytes; matrices lie row after row without a gap. The last address is
 * where the result is written.
 */

/** A + B, of so many numbers. */
export function plus(count: i32, a: usize, b: usize, to: usize): void {
  for (; count >= 2; count -= 2) {
    v128.store(to, f64x2.add(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
    to += 16;
  }
  if (count > 0) f64.store(to, f64.load(a) + f64.load(b));
}

/** A − B. */
export function minus(count: i32, a: usize, b: usize, to: usize): void {
  for (; count >= 2; count -= 2) {
    v128.store(to, f64x2.sub(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
    to += 16;
  }
  if (count > 0) f64.store(to, f64.load(a) - f64.load(b));
}

/** A ⊙ B. */
export function hadamard(count: i32, a: usize, b: usize, to: usize): void {
  for (; count >= 2; count -= 2) {
    v128.store(to, f64x2.mul(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
    to += 16;
  }
  if (count > 0) f64.store(to, f64.load(a) * f64.load(b));
}

/** Every entry times a number. */
export function scale(count: i32, a: usize, factor: f64, to: usize): void {
  const factors = f64x2.splat(factor);
  for (; count >= 2; count -= 2) {
    v128.store(to, f64x2.mul(v128.load(a), factors));
    a += 16;
    to += 16;
  }
  if (count > 0) f64.store(to, f64.load(a) * factor);
}

/** The larger one of each entry and a number; NaN where the entry is. */
export function maximum(count: i32, a: usize, least: f64, to: usize): void {
  const leasts = f64x2.splat(least);
  for (; count >= 2; count -= 2) {
    v128.store(to, f64x2.max(v128.load(a), leasts));
    a += 16;
    to += 16;
  }
  if (count > 0) f64.store(to, max(f64.load(a), least));
}

/** 1 where an entry is greater than a number, else 0. */
export function greater(count: i32, a: usize, bound: f64, to: usize): void {
  const bounds = f64x2.splat(bound);
  const one = f64x2.splat(1);
  for (; count >= 2; count -= 2) {
    v128.store(to, v128.and(f64x2.gt(v128.load(a), bounds), one));
    a += 16;
    to += 16;
  }
  if (count > 0) f64.store(to, f64.load(a) > bound ? 1 : 0);
}

/** A with b (1×cols) added to every row. */
export function plusRow(rows: i32, cols: i32, a: usize, b: usize, to: usize): void {
  const width = (cols as usize) << 3;
  for (; rows > 0; rows--) {
    plus(cols, a, b, to);
    a += width;
    to += width;
  }
}

/** A with c (rows×1) subtracted from every column. */
export function minusColumn(rows: i32, cols: i32, a: usize, c: usize, to: usize): void {
  for (; rows > 0; rows--) {
    const number = v128.load64_splat(c);
    c += 8;
    let j = cols;
    for (; j >= 2; j -= 2) {
      v128.store(to, f64x2.sub(v128.load(a), number));
      a += 16;
      to += 16;
    }
    if (j > 0) {
      f64.store(to, f64.load(a) - f64x2.extract_lane(number, 0));
      a += 8;
      to += 8;
    }
  }
}

/** A with every column divided by c (rows×1). */
export function overColumn(rows: i32, cols: i32, a: usize, c: usize, to: usize): void {
  for (; rows > 0; rows--) {
    const number = v128.load64_splat(c);
    c += 8;
    let j = cols;
    for (; j >= 2; j -= 2) {
      v128.store(to, f64x2.div(v128.load(a), number));
      a += 16;
      to += 16;
    }
    if (j > 0) {
      f64.store(to, f64.load(a) / f64x2.extract_lane(number, 0));
      a += 8;
      to += 8;
    }
  }
}

/** The sum of each column, the rows added one after the other. */
export function columnSums(rows: i32, cols: i32, a: usize, to: usize): void {
  const width = (cols as usize) << 3;
  for (; cols >= 8; cols -= 8) {
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let at = a;
    for (let i = 0; i < rows; i++) {
      s0 = f64x2.add(s0, v128.load(at));
      s1 = f64x2.add(s1, v128.load(at, 16));
      s2 = f64x2.add(s2, v128.load(at, 32));
      s3 = f64x2.add(s3, v128.load(at, 48));
      at += width;
    }
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
    a += 64;
    to += 64;
  }
  for (; cols > 0; cols--) {
    let sum: f64 = 0;
    let at = a;
    for (let i = 0; i < rows; i++) {
      sum += f64.load(at);
      at += width;
    }
    f64.store(to, sum);
    a += 8;
    to += 8;
  }
}

/** The numbers that begin two rows, one in each lane. */
function ofTwoRows(a: usize, width: usize): v128 {
  return v128.load64_lane(a + width, v128.load64_zero(a), 1);
}

/** The sum of each row, in the order of the columns; four rows at a time. */
export function rowSums(rows: i32, cols: i32, a: usize, to: usize): void {
  const width = (cols as usize) << 3;
  for (; rows >= 4; rows -= 4) {
    let upper = f64x2.splat(0);
    let lower = upper;
    for (const end = a + width; a < end; a += 8) {
      upper = f64x2.add(upper, ofTwoRows(a, width));
      lower = f64x2.add(lower, ofTwoRows(a + 2 * width, width));
    }
    v128.store(to, upper);
    v128.store(to, lower, 16);
    a += 3 * width;
    to += 32;
  }
  for (; rows > 0; rows--) {
    let sum: f64 = 0;
    for (const end = a + width; a < end; a += 8) sum += f64.load(a);
    f64.store(to, sum);
    to += 8;
  }
}

/** The largest entry of each row, NaN if there is one; four rows at a time. */
export function rowMaxima(rows: i32, cols: i32, a: usize, to: usize): void {
  const width = (cols as usize) << 3;
  for (; rows >= 4; rows -= 4) {
    let upper = f64x2.splat(-Infinity);
    let lower = upper;
    for (const end = a + width; a < end; a += 8) {
      upper = f64x2.max(upper, ofTwoRows(a, width));
      lower = f64x2.max(lower, ofTwoRows(a + 2 * width, width));
    }
    v128.store(to, upper);
    v128.store(to, lower, 16);
    a += 3 * width;
    to += 32;
  }
  for (; rows > 0; rows--) {
    let largest: f64 = -Infinity;
    for (const end = a + width; a < end; a += 8) largest = max(largest, f64.load(a));
    f64.store(to, largest);
    to += 8;
  }
}

/** The sum of the squares: every eighth number is added to the same of eight sums, and they to each other. */
export function sumOfSquares(count: i32, a: usize): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (; count >= 8; count -= 8) {
    s0 = f64x2.add(s0, square(v128.load(a)));
    s1 = f64x2.add(s1, square(v128.load(a, 16)));
    s2 = f64x2.add(s2, square(v128.load(a, 32)));
    s3 = f64x2.add(s3, square(v128.load(a, 48)));
    a += 64;
  }
  if (count > 0) s0 = f64x2.add(s0, square(some(count, a)));
  if (count > 2) s1 = f64x2.add(s1, square(some(count - 2, a + 16)));
  if (count > 4) s2 = f64x2.add(s2, square(some(count - 4, a + 32)));
  if (count > 6) s3 = f64x2.add(s3, square(some(count - 6, a + 48)));
  const sums = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** Two numbers, or one and a zero where there is only one. */
function some(count: i32, a: usize): v128 {
  return count >= 2 ? v128.load(a) : v128.load64_zero(a);
}

function square(x: v128): v128 {
  return f64x2.mul(x, x);
}

/** Whether all of so many numbers are finite. Such a number times 0 is 0; NaN and infinities give NaN, which no sum loses. */
export function isFinite(count: i32, a: usize): bool {
  const zero = f64x2.splat(0);
  let s0 = zero;
  let s1 = zero;
  let s2 = zero;
  let s3 = zero;
  for (; count >= 8; count -= 8) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a), zero));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(a, 16), zero));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(a, 32), zero));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(a, 48), zero));
    a += 64;
  }
  let sum: f64 = 0;
  for (; count > 0; count--) {
    sum += f64.load(a) * 0;
    a += 8;
  }
  const sums = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  return sum + f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1) == 0;
}

/** How many of so many numbers are 0. */
export function zeros(count: i32, a: usize): i32 {
  const zero = f64x2.splat(0);
  let found = i64x2.splat(0);
  for (; count >= 2; count -= 2) {
    // Where it is 0, all bits are 1, which is −1.
    found = i64x2.sub(found, f64x2.eq(v128.load(a), zero));
    a += 16;
  }
  let sum = (i64x2.extract_lane(found, 0) + i64x2.extract_lane(found, 1)) as i32;
  if (count > 0 && f64.load(a) == 0) sum++;
  return sum;
}
