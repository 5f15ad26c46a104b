/** The machine's limit for float64 in WebAssembly: multiplications and additions of two lanes that wait for nothing. */

/** Does 28 · n floating-point operations. */
export function peak(n: i32, at: usize): void {
  const x = v128.load(at);
  let a0 = x;
  let a1 = x;
  let a2 = x;
  let a3 = x;
  let a4 = x;
  let a5 = x;
  let a6 = x;
  let m0 = x;
  let m1 = x;
  let m2 = x;
  let m3 = x;
  let m4 = x;
  let m5 = x;
  let m6 = x;
  for (; n > 0; n--) {
    a0 = f64x2.add(a0, x);
    m0 = f64x2.mul(m0, x);
    a1 = f64x2.add(a1, x);
    m1 = f64x2.mul(m1, x);
    a2 = f64x2.add(a2, x);
    m2 = f64x2.mul(m2, x);
    a3 = f64x2.add(a3, x);
    m3 = f64x2.mul(m3, x);
    a4 = f64x2.add(a4, x);
    m4 = f64x2.mul(m4, x);
    a5 = f64x2.add(a5, x);
    m5 = f64x2.mul(m5, x);
    a6 = f64x2.add(a6, x);
    m6 = f64x2.mul(m6, x);
  }
  a0 = f64x2.add(f64x2.add(f64x2.add(a0, a1), f64x2.add(a2, a3)), f64x2.add(f64x2.add(a4, a5), a6));
  m0 = f64x2.add(f64x2.add(f64x2.add(m0, m1), f64x2.add(m2, m3)), f64x2.add(f64x2.add(m4, m5), m6));
  v128.store(at, f64x2.add(a0, m0), 16);
}
