/**
 * What a training step does to the entries of matrices, two at a time; `in-place.ts` says the same in plain loops, and each
 * entry gets the same bits. Addresses are in bytes; matrices lie row after row without a gap.
 */

/** Adds b (1×cols) to every row of Z. */
export function addRow(rows: i32, cols: i32, z: usize, b: usize): void {
  for (let i = 0; i < rows; i++) {
    let j = 0;
    for (; j <= cols - 2; j += 2) {
      const at = b + ((j as usize) << 3);
      v128.store(z, f64x2.add(v128.load(z), v128.load(at)));
      z += 16;
    }
    if (j < cols) {
      f64.store(z, f64.load(z) + f64.load(b + ((j as usize) << 3)));
      z += 8;
    }
  }
}

/** Adds b (1×cols) to every row of Z, and has max(0, Z) take its place. */
export function addRowThenRelu(rows: i32, cols: i32, z: usize, b: usize): void {
  const half = f64x2.splat(0.5);
  for (let i = 0; i < rows; i++) {
    let j = 0;
    for (; j <= cols - 2; j += 2) {
      const sum = f64x2.add(v128.load(z), v128.load(b + ((j as usize) << 3)));
      v128.store(z, f64x2.mul(f64x2.add(sum, f64x2.abs(sum)), half));
      z += 16;
    }
    if (j < cols) {
      const sum = f64.load(z) + f64.load(b + ((j as usize) << 3));
      f64.store(z, (sum + abs(sum)) * 0.5);
      z += 8;
    }
  }
}

/** Writes (A2 − Y) · share to dZ2; all three have `count` numbers. */
export function outputGradient(count: i32, a2: usize, y: usize, dz2: usize, share: f64): void {
  const shares = f64x2.splat(share);
  for (; count >= 2; count -= 2) {
    v128.store(dz2, f64x2.mul(f64x2.sub(v128.load(a2), v128.load(y)), shares));
    a2 += 16;
    y += 16;
    dz2 += 16;
  }
  if (count > 0) f64.store(dz2, (f64.load(a2) - f64.load(y)) * share);
}

/** Multiplies each of the `count` numbers at `da` by 1 where the one at `a` is above 0, and else by 0. */
export function throughRelu(count: i32, da: usize, a: usize): void {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  for (; count >= 2; count -= 2) {
    const prime = v128.and(f64x2.gt(v128.load(a), zero), one);
    v128.store(da, f64x2.mul(v128.load(da), prime));
    da += 16;
    a += 16;
  }
  if (count > 0) f64.store(da, f64.load(da) * (f64.load(a) > 0 ? 1 : 0));
}

/** Writes the sums of so many columns of A to `sums`, the rows added one after the other; rows of A are `aRow` bytes apart. */
export function columnSums(cols: i32, rows: i32, a: usize, aRow: usize, sums: usize): void {
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
      at += aRow;
    }
    v128.store(sums, s0);
    v128.store(sums, s1, 16);
    v128.store(sums, s2, 32);
    v128.store(sums, s3, 48);
    a += 64;
    sums += 64;
  }
  for (; cols >= 2; cols -= 2) {
    let sum = f64x2.splat(0);
    let at = a;
    for (let i = 0; i < rows; i++) {
      sum = f64x2.add(sum, v128.load(at));
      at += aRow;
    }
    v128.store(sums, sum);
    a += 16;
    sums += 16;
  }
  if (cols > 0) {
    let sum: f64 = 0;
    for (let i = 0; i < rows; i++) {
      sum += f64.load(a);
      a += aRow;
    }
    f64.store(sums, sum);
  }
}

/** Writes the sum of the squares of each row of A to `sums`: every eighth number is added to the same of eight sums, and they to each other. */
export function squares(rows: i32, cols: i32, a: usize, sums: usize): void {
  for (; rows > 0; rows--) {
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let j = 0;
    for (; j <= cols - 8; j += 8) {
      s0 = f64x2.add(s0, square(v128.load(a)));
      s1 = f64x2.add(s1, square(v128.load(a, 16)));
      s2 = f64x2.add(s2, square(v128.load(a, 32)));
      s3 = f64x2.add(s3, square(v128.load(a, 48)));
      a += 64;
    }
    const four = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
    let sum = f64x2.extract_lane(four, 0) + f64x2.extract_lane(four, 1);
    for (; j < cols; j++) {
      sum += f64.load(a) * f64.load(a);
      a += 8;
    }
    f64.store(sums, sum);
    sums += 8;
  }
}

function square(x: v128): v128 {
  return f64x2.mul(x, x);
}

/** W − η dW takes the place of W, of `count` numbers. */
export function descend(count: i32, w: usize, dw: usize, learningRate: f64): void {
  const rate = f64x2.splat(learningRate);
  for (; count >= 2; count -= 2) {
    v128.store(w, f64x2.sub(v128.load(w), f64x2.mul(v128.load(dw), rate)));
    w += 16;
    dw += 16;
  }
  if (count > 0) f64.store(w, f64.load(w) - f64.load(dw) * learningRate);
}
