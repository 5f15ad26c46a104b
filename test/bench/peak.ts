/** The machine's limit for float64 in WebAssembly: multiplications and additions that wait for nothing. */

/** Does 28 · n floating-point operations on vectors of two lanes. */
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

/** Does 56 · n floating-point operations on pairs of vectors that lie side by side, which can be joined to one of four lanes. */
export function peakOfPairs(n: i32, at: usize): void {
  const x = v128.load(at);
  const y = v128.load(at, 16);
  let a0x = v128.load(at, 32);
  let a0y = v128.load(at, 48);
  let a1x = v128.load(at, 64);
  let a1y = v128.load(at, 80);
  let a2x = v128.load(at, 96);
  let a2y = v128.load(at, 112);
  let a3x = v128.load(at, 128);
  let a3y = v128.load(at, 144);
  let a4x = v128.load(at, 160);
  let a4y = v128.load(at, 176);
  let a5x = v128.load(at, 192);
  let a5y = v128.load(at, 208);
  let a6x = v128.load(at, 224);
  let a6y = v128.load(at, 240);
  let m0x = v128.load(at, 256);
  let m0y = v128.load(at, 272);
  let m1x = v128.load(at, 288);
  let m1y = v128.load(at, 304);
  let m2x = v128.load(at, 320);
  let m2y = v128.load(at, 336);
  let m3x = v128.load(at, 352);
  let m3y = v128.load(at, 368);
  let m4x = v128.load(at, 384);
  let m4y = v128.load(at, 400);
  let m5x = v128.load(at, 416);
  let m5y = v128.load(at, 432);
  let m6x = v128.load(at, 448);
  let m6y = v128.load(at, 464);
  for (; n > 0; n--) {
    a0x = f64x2.add(a0x, x);
    a0y = f64x2.add(a0y, y);
    m0x = f64x2.mul(m0x, x);
    m0y = f64x2.mul(m0y, y);
    a1x = f64x2.add(a1x, x);
    a1y = f64x2.add(a1y, y);
    m1x = f64x2.mul(m1x, x);
    m1y = f64x2.mul(m1y, y);
    a2x = f64x2.add(a2x, x);
    a2y = f64x2.add(a2y, y);
    m2x = f64x2.mul(m2x, x);
    m2y = f64x2.mul(m2y, y);
    a3x = f64x2.add(a3x, x);
    a3y = f64x2.add(a3y, y);
    m3x = f64x2.mul(m3x, x);
    m3y = f64x2.mul(m3y, y);
    a4x = f64x2.add(a4x, x);
    a4y = f64x2.add(a4y, y);
    m4x = f64x2.mul(m4x, x);
    m4y = f64x2.mul(m4y, y);
    a5x = f64x2.add(a5x, x);
    a5y = f64x2.add(a5y, y);
    m5x = f64x2.mul(m5x, x);
    m5y = f64x2.mul(m5y, y);
    a6x = f64x2.add(a6x, x);
    a6y = f64x2.add(a6y, y);
    m6x = f64x2.mul(m6x, x);
    m6y = f64x2.mul(m6y, y);
  }
  v128.store(at, a0x, 32);
  v128.store(at, a0y, 48);
  v128.store(at, a1x, 64);
  v128.store(at, a1y, 80);
  v128.store(at, a2x, 96);
  v128.store(at, a2y, 112);
  v128.store(at, a3x, 128);
  v128.store(at, a3y, 144);
  v128.store(at, a4x, 160);
  v128.store(at, a4y, 176);
  v128.store(at, a5x, 192);
  v128.store(at, a5y, 208);
  v128.store(at, a6x, 224);
  v128.store(at, a6y, 240);
  v128.store(at, m0x, 256);
  v128.store(at, m0y, 272);
  v128.store(at, m1x, 288);
  v128.store(at, m1y, 304);
  v128.store(at, m2x, 320);
  v128.store(at, m2y, 336);
  v128.store(at, m3x, 352);
  v128.store(at, m3y, 368);
  v128.store(at, m4x, 384);
  v128.store(at, m4y, 400);
  v128.store(at, m5x, 416);
  v128.store(at, m5y, 432);
  v128.store(at, m6x, 448);
  v128.store(at, m6y, 464);
}
