/**
 * The softmax of rows and their losses, with exponentials two at a time; `in-place.ts` says the same in plain loops, and each
 * entry gets the same bits.
 */

/** So many rows at a time: their numbers stay in the first-level cache. */
const TOGETHER: i32 = 64;

/** `Math.exp`, for the numbers that are not computed here. */
@external("math", "exp")
declare function exp(x: f64): f64;

/** `Math.log`. */
@external("math", "log")
declare function log(x: f64): f64;

/** The exponential of a number from here to 0 is not so small that it would lose bits. */
const LEAST: f64 = -707;

/**
 * Has the probabilities take the place of the logits Z, each row's maximum subtracted first.
 *
 * @param rows how many samples
 * @param cols how many classes
 * @param z address of Z
 * @param y address of Y, one-hot
 * @param losses address where the loss of each row is written: ln Σ_k exp(Z_k) − Z_true
 */
export function softmax(rows: i32, cols: i32, z: usize, y: usize, losses: usize): void {
  const width = (cols as usize) << 3;
  while (rows > 0) {
    const some = min(rows, TOGETHER);
    let at = z;
    for (let i = 0; i < some; i++) {
      f64.store(losses + ((i as usize) << 3), -subtract(cols, at, y, largest(cols, at)));
      at += width;
      y += width;
    }
    exponentials(some * cols, z);
    for (let i = 0; i < some; i++) {
      let sum: f64 = 0;
      for (let k = z; k < z + width; k += 8) sum += f64.load(k);
      divide(cols, z, sum);
      f64.store(losses, log(sum) + f64.load(losses));
      losses += 8;
      z += width;
    }
    rows -= some;
  }
}

/** The largest of the `count` numbers at `at`. */
function largest(count: i32, at: usize): f64 {
  let max = v128.load64_splat(at);
  for (; count >= 2; count -= 2) {
    max = f64x2.pmax(max, v128.load(at));
    at += 16;
  }
  if (count > 0) max = f64x2.pmax(max, v128.load64_splat(at));
  return f64x2.extract_lane(f64x2.pmax(max, v128.shuffle<f64>(max, max, 1, 0)), 0);
}

/** Subtracts `max` from each of the `count` logits at `z`, and returns what is left of the one where `y` has its 1. */
function subtract(count: i32, z: usize, y: usize, max: f64): f64 {
  const one = f64x2.splat(1);
  const subtrahend = f64x2.splat(max);
  let chosen = f64x2.splat(0);
  for (; count >= 2; count -= 2) {
    const shifted = f64x2.sub(v128.load(z), subtrahend);
    v128.store(z, shifted);
    chosen = v128.or(chosen, v128.and(shifted, f64x2.eq(v128.load(y), one)));
    z += 16;
    y += 16;
  }
  if (count > 0) {
    const shifted = f64.load(z) - max;
    f64.store(z, shifted);
    if (f64.load(y) == 1) return shifted;
  }
  return f64x2.extract_lane(v128.or(chosen, v128.shuffle<f64>(chosen, chosen, 1, 0)), 0);
}

/** Has exp(x) take the place of each of the `count` numbers at `at`, of which none is above 0. */
export function exponentials(count: i32, at: usize): void {
  for (; count >= 2; count -= 2) {
    const x = v128.load(at);
    if (i64x2.all_true(f64x2.ge(x, f64x2.splat(LEAST)))) {
      v128.store(at, pair(x));
    } else {
      f64.store(at, exp(f64x2.extract_lane(x, 0)));
      f64.store(at, exp(f64x2.extract_lane(x, 1)), 8);
    }
    at += 16;
  }
  if (count > 0) {
    const x = f64.load(at);
    f64.store(at, x >= LEAST ? f64x2.extract_lane(pair(f64x2.splat(x)), 0) : exp(x));
  }
}

/**
 * exp of two numbers from −707 to 0, by the method of FreeBSD's `e_exp.c`, which is also V8's: x = k ln 2 + r with |r| at most
 * about ln 2 / 2, exp(r) by a rational function, and 2^k times that. Operation by operation the same, and so the same bits.
 */
function pair(x: v128): v128 {
  const one = f64x2.splat(1);
  const two = f64x2.splat(2);
  // The nearest whole number to x / ln 2; 0 for all x that are reduced already.
  const nearest = i32x4.trunc_sat_f64x2_s_zero(f64x2.sub(f64x2.mul(x, f64x2.splat(1.4426950408889634)), f64x2.splat(0.5)));
  const isReduced = f64x2.gt(x, f64x2.splat(reinterpret<f64>(0xbfd62e4300000000)));
  const k = v128.andnot(i64x2.extend_low_i32x4_s(nearest), isReduced);
  const times = v128.andnot(f64x2.convert_low_i32x4_s(nearest), isReduced);
  const high = f64x2.sub(x, f64x2.mul(times, f64x2.splat(6.9314718036912381649e-1)));
  const low = f64x2.mul(times, f64x2.splat(1.90821492927058770002e-10));
  const r = f64x2.sub(high, low);
  const t = f64x2.mul(r, r);
  let series = f64x2.add(f64x2.splat(-1.6533902205465251539e-6), f64x2.mul(t, f64x2.splat(4.13813679705723846039e-8)));
  series = f64x2.add(f64x2.splat(6.61375632143793436117e-5), f64x2.mul(t, series));
  series = f64x2.add(f64x2.splat(-2.77777777770155933842e-3), f64x2.mul(t, series));
  series = f64x2.add(f64x2.splat(1.66666666666666019037e-1), f64x2.mul(t, series));
  const c = f64x2.sub(r, f64x2.mul(t, series));
  const quotient = f64x2.div(f64x2.mul(r, c), f64x2.sub(two, c));
  const y = f64x2.sub(one, f64x2.sub(f64x2.sub(low, quotient), high));
  const scaled = f64x2.mul(y, i64x2.shl(i64x2.add(k, i64x2.splat(1023)), 52));
  const isTiny = f64x2.gt(x, f64x2.splat(-3.725290298461914e-9));
  return v128.bitselect(f64x2.add(one, x), scaled, isTiny);
}

/** Divides each of the `count` numbers at `at`. */
function divide(count: i32, at: usize, by: f64): void {
  const divisors = f64x2.splat(by);
  for (; count >= 2; count -= 2) {
    v128.store(at, f64x2.div(v128.load(at), divisors));
    at += 16;
  }
  if (count > 0) f64.store(at, f64.load(at) / by);
}
