/**
 * C = A·B for an A with many zeros, by WebAssembly SIMD.
 *
 * Of such a matrix, only the other numbers are kept: row after row in a list, and beside it, of each, the number of its
 * column. What a zero of A would be multiplied with would add 0 or −0 to a sum, which changes no bit of it as long as B is
 * finite: sums begin at +0 and are never −0.
 */

import { columns, zeros } from "./room";

/**
 * C = A·B, the same bits as those of `multiply`, if B is finite.
 *
 * @param m rows of A and C
 * @param p columns of B and C
 * @param values address of the numbers of A that are not 0
 * @param indices address of their columns, 32 bits each
 * @param ends address of counts, 32 bits each: of each row of A, where in the two lists it begins; after `segment` bytes of each,
 *   where its first segment ends and the next begins; and so on
 * @param segments into how many segments rows are divided
 * @param segment bytes
 * @param b address of B, which lies row after row without a gap
 * @param c address of C, which does so too
 */
export function multiplySparse(
  m: i32,
  p: i32,
  values: usize,
  indices: usize,
  ends: usize,
  segments: i32,
  segment: usize,
  b: usize,
  c: usize,
): void {
  const width = (p as usize) << 3;
  for (let s = 0; s < segments; s++) {
    for (let i = 0; i < m; i++) {
      const at = ends + ((i as usize) << 2);
      const start = load<u32>(at);
      const count = load<u32>(at + segment) - start;
      row(count, values + (start << 3), indices + (start << 2), width, b, c + (i as usize) * width, s == 0);
    }
    ends += segment;
  }
}

/** A row of C, of so many bytes. */
function row(count: i32, values: usize, indices: usize, width: usize, b: usize, c: usize, fresh: bool): void {
  let j: usize = 0;
  while (j < width) {
    const at = b + j;
    const to = c + j;
    const from = fresh ? zeros : to;
    const left = width - j;
    if (left >= 256 && columns == 8) {
      thirtyTwo(count, values, indices, width, at, to, from);
      j += 256;
    } else if (left >= 128) {
      sixteen(count, values, indices, width, at, to, from);
      j += 128;
    } else if (left >= 32) {
      four(count, values, indices, width, at, to, from);
      j += 32;
    } else {
      let sum = f64.load(from);
      for (let k = 0; k < count; k++) {
        sum += f64.load(values + (k << 3)) * f64.load(at + load<u32>(indices + (k << 2)) * width);
      }
      f64.store(to, sum);
      j += 8;
    }
  }
}

/** Thirty-two neighbours in a row of C: sixteen sums of two lanes, more than there are registers, or eight of four. */
function thirtyTwo(count: i32, values: usize, indices: usize, bRow: usize, b: usize, c: usize, from: usize): void {
  let c0 = v128.load(from);
  let c1 = v128.load(from, 16);
  let c2 = v128.load(from, 32);
  let c3 = v128.load(from, 48);
  let c4 = v128.load(from, 64);
  let c5 = v128.load(from, 80);
  let c6 = v128.load(from, 96);
  let c7 = v128.load(from, 112);
  let c8 = v128.load(from, 128);
  let c9 = v128.load(from, 144);
  let c10 = v128.load(from, 160);
  let c11 = v128.load(from, 176);
  let c12 = v128.load(from, 192);
  let c13 = v128.load(from, 208);
  let c14 = v128.load(from, 224);
  let c15 = v128.load(from, 240);
  for (; count > 0; count--) {
    const x = v128.load64_splat(values);
    const at = b + load<u32>(indices) * bRow;
    c0 = f64x2.add(c0, f64x2.mul(x, v128.load(at)));
    c1 = f64x2.add(c1, f64x2.mul(x, v128.load(at, 16)));
    c2 = f64x2.add(c2, f64x2.mul(x, v128.load(at, 32)));
    c3 = f64x2.add(c3, f64x2.mul(x, v128.load(at, 48)));
    c4 = f64x2.add(c4, f64x2.mul(x, v128.load(at, 64)));
    c5 = f64x2.add(c5, f64x2.mul(x, v128.load(at, 80)));
    c6 = f64x2.add(c6, f64x2.mul(x, v128.load(at, 96)));
    c7 = f64x2.add(c7, f64x2.mul(x, v128.load(at, 112)));
    c8 = f64x2.add(c8, f64x2.mul(x, v128.load(at, 128)));
    c9 = f64x2.add(c9, f64x2.mul(x, v128.load(at, 144)));
    c10 = f64x2.add(c10, f64x2.mul(x, v128.load(at, 160)));
    c11 = f64x2.add(c11, f64x2.mul(x, v128.load(at, 176)));
    c12 = f64x2.add(c12, f64x2.mul(x, v128.load(at, 192)));
    c13 = f64x2.add(c13, f64x2.mul(x, v128.load(at, 208)));
    c14 = f64x2.add(c14, f64x2.mul(x, v128.load(at, 224)));
    c15 = f64x2.add(c15, f64x2.mul(x, v128.load(at, 240)));
    values += 8;
    indices += 4;
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
  v128.store(c, c2, 32);
  v128.store(c, c3, 48);
  v128.store(c, c4, 64);
  v128.store(c, c5, 80);
  v128.store(c, c6, 96);
  v128.store(c, c7, 112);
  v128.store(c, c8, 128);
  v128.store(c, c9, 144);
  v128.store(c, c10, 160);
  v128.store(c, c11, 176);
  v128.store(c, c12, 192);
  v128.store(c, c13, 208);
  v128.store(c, c14, 224);
  v128.store(c, c15, 240);
}

/** Sixteen neighbours in a row of C: eight sums of two lanes. */
function sixteen(count: i32, values: usize, indices: usize, bRow: usize, b: usize, c: usize, from: usize): void {
  let c0 = v128.load(from);
  let c1 = v128.load(from, 16);
  let c2 = v128.load(from, 32);
  let c3 = v128.load(from, 48);
  let c4 = v128.load(from, 64);
  let c5 = v128.load(from, 80);
  let c6 = v128.load(from, 96);
  let c7 = v128.load(from, 112);
  for (; count > 0; count--) {
    const x = v128.load64_splat(values);
    const at = b + load<u32>(indices) * bRow;
    c0 = f64x2.add(c0, f64x2.mul(x, v128.load(at)));
    c1 = f64x2.add(c1, f64x2.mul(x, v128.load(at, 16)));
    c2 = f64x2.add(c2, f64x2.mul(x, v128.load(at, 32)));
    c3 = f64x2.add(c3, f64x2.mul(x, v128.load(at, 48)));
    // Never so; but before a branch V8 has added up. Without it, it would load all of B's numbers first, more than registers hold.
    if (count < 0) break;
    c4 = f64x2.add(c4, f64x2.mul(x, v128.load(at, 64)));
    c5 = f64x2.add(c5, f64x2.mul(x, v128.load(at, 80)));
    c6 = f64x2.add(c6, f64x2.mul(x, v128.load(at, 96)));
    c7 = f64x2.add(c7, f64x2.mul(x, v128.load(at, 112)));
    values += 8;
    indices += 4;
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

/** Four neighbours in a row of C. */
function four(count: i32, values: usize, indices: usize, bRow: usize, b: usize, c: usize, from: usize): void {
  let c0 = v128.load(from);
  let c1 = v128.load(from, 16);
  for (; count > 0; count--) {
    const x = v128.load64_splat(values);
    const at = b + load<u32>(indices) * bRow;
    c0 = f64x2.add(c0, f64x2.mul(x, v128.load(at)));
    c1 = f64x2.add(c1, f64x2.mul(x, v128.load(at, 16)));
    values += 8;
    indices += 4;
  }
  v128.store(c, c0);
  v128.store(c, c1, 16);
}
