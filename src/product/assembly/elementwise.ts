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

/** Writes the sum of each column of A to `sums`, the rows added one after the other. */
export function columnSums(rows: i32, cols: i32, a: usize, sums: usize): void {
  memory.fill(sums, 0, (cols as usize) << 3);
  for (let i = 0; i < rows; i++) {
    let j = 0;
    for (; j <= cols - 2; j += 2) {
      const to = sums + ((j as usize) << 3);
      v128.store(to, f64x2.add(v128.load(to), v128.load(a)));
      a += 16;
    }
    if (j < cols) {
      const to = sums + ((j as usize) << 3);
      f64.store(to, f64.load(to) + f64.load(a));
      a += 8;
    }
  }
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
