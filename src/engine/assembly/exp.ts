/** Exponentials, two at a time, with the bits of `Math.exp`. */

/** `Math.exp`, for the numbers that are not computed here. */
@external("math", "exp")
declare function mathExp(x: f64): f64;

/** The exponential of a number from here to 0 is not so small that it would lose bits. */
const LEAST: f64 = -707;

/** Writes exp(x) of each of so many numbers at `from`. */
export function exp(count: i32, from: usize, to: usize): void {
  for (; count >= 2; count -= 2) {
    const x = v128.load(from);
    if (i64x2.all_true(v128.and(f64x2.ge(x, f64x2.splat(LEAST)), f64x2.le(x, f64x2.splat(0))))) {
      v128.store(to, pair(x));
    } else {
      f64.store(to, mathExp(f64x2.extract_lane(x, 0)));
      f64.store(to, mathExp(f64x2.extract_lane(x, 1)), 8);
    }
    from += 16;
    to += 16;
  }
  if (count > 0) {
    const x = f64.load(from);
    f64.store(to, x >= LEAST && x <= 0 ? f64x2.extract_lane(pair(f64x2.splat(x)), 0) : mathExp(x));
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
