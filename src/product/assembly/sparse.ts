/**
 * C = A·B for an A with many zeros, by WebAssembly SIMD.
 *
 * What a zero of A is multiplied with adds 0 or −0 to a sum, which changes no bit of it as long as B is finite: sums begin at
 * +0 and are never −0. So each row of A is first gathered, without its zeros, and then 16 columns of C at a time stay in
 * registers while that list is gone through.
 */

/** So many k at a time: then the list, and what is read of a transposed A, stay in the first-level cache. */
const K_BLOCK: i32 = 256;

/** Each entry of the list is a number of A and where the row of B begins that it is multiplied with. */
const ENTRY: usize = 16;

/**
 * C = A·B, the same bits as those of `multiply`, if B is finite.
 *
 * @param room address of 16 · 256 bytes, which may be overwritten
 * @param m rows of A and C
 * @param n columns of A, rows of B
 * @param p columns of B and C
 * @param a address of A
 * @param aRow bytes from a row of A to the next
 * @param aCol bytes from a column of A to the next
 * @param b address of B, which lies row after row without a gap
 * @param c address of C, which does so too
 */
export function multiplySparse(
  room: usize,
  m: i32,
  n: i32,
  p: i32,
  a: usize,
  aRow: usize,
  aCol: usize,
  b: usize,
  c: usize,
): void {
  const rowBytes = (p as usize) << 3;
  memory.fill(c, 0, (m as usize) * rowBytes);
  for (let k = 0; k < n; k += K_BLOCK) {
    const count = min(K_BLOCK, n - k);
    const fromA = a + (k as usize) * aCol;
    const fromB = b + (k as usize) * rowBytes;
    for (let i = 0; i < m; i++) {
      const end = gather(count, fromA + (i as usize) * aRow, aCol, fromB, rowBytes, room);
      addRows(p, room, end, c + (i as usize) * rowBytes);
    }
  }
}

/** Lists the numbers of a row of A that are not 0; returns the end of the list. */
function gather(n: i32, a: usize, aCol: usize, b: usize, rowBytes: usize, list: usize): usize {
  for (; n > 0; n--) {
    const value = f64.load(a);
    store<usize>(list, b);
    f64.store(list, value, 8);
    list += value != 0 ? ENTRY : 0;
    a += aCol;
    b += rowBytes;
  }
  return list;
}

/** Adds to a row of C the listed rows of B, each times its number. */
function addRows(p: i32, list: usize, end: usize, c: usize): void {
  let j: usize = 0;
  const width = (p as usize) << 3;
  for (; j + 128 <= width; j += 128) sixteen(list, end, j, c + j);
  for (; j + 32 <= width; j += 32) four(list, end, j, c + j);
  for (; j < width; j += 8) {
    let sum = f64.load(c + j);
    for (let at = list; at < end; at += ENTRY) sum += f64.load(at, 8) * f64.load(load<usize>(at) + j);
    f64.store(c + j, sum);
  }
}

function sixteen(list: usize, end: usize, j: usize, c: usize): void {
  let c0 = v128.load(c);
  let c1 = v128.load(c, 16);
  let c2 = v128.load(c, 32);
  let c3 = v128.load(c, 48);
  let c4 = v128.load(c, 64);
  let c5 = v128.load(c, 80);
  let c6 = v128.load(c, 96);
  let c7 = v128.load(c, 112);
  for (let at = list; at < end; at += ENTRY) {
    const x = v128.load64_splat(at, 8);
    const b = load<usize>(at) + j;
    c0 = f64x2.add(c0, f64x2.mul(x, v128.load(b)));
    c1 = f64x2.add(c1, f64x2.mul(x, v128.load(b, 16)));
    c2 = f64x2.add(c2, f64x2.mul(x, v128.load(b, 32)));
    c3 = f64x2.add(c3, f64x2.mul(x, v128.load(b, 48)));
    c4 = f64x2.add(c4, f64x2.mul(x, v128.load(b, 64)));
    c5 = f64x2.add(c5, f64x2.mul(x, v128.load(b, 80)));
    c6 = f64x2.add(c6, f64x2.mul(x, v128.load(b, 96)));
    c7 = f64x2.add(c7, f64x2.mul(x, v128.load(b, 112)));
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
  v128.store(c, c2, 32);
  v128.store(c, c3, 48);
  v128.store(c, c4, 64);
  v128.store(c, c5, 80);
  v128.store(c, c6, 96);
  v128.store(c, c7, 112);
}

function four(list: usize, end: usize, j: usize, c: usize): void {
  let c0 = v128.load(c);
  let c1 = v128.load(c, 16);
  for (let at = list; at < end; at += ENTRY) {
    const x = v128.load64_splat(at, 8);
    const b = load<usize>(at) + j;
    c0 = f64x2.add(c0, f64x2.mul(x, v128.load(b)));
    c1 = f64x2.add(c1, f64x2.mul(x, v128.load(b, 16)));
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
}
