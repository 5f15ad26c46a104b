/** The lists of numbers that are not 0, with which `multiplySparse` computes. */

/**
 * Makes the lists of A.
 *
 * @param m rows of A
 * @param n columns of A
 * @param a address of A, which lies row after row without a gap
 * @param values address where the numbers that are not 0 are written: of as many as there are, and one more
 * @param indices address where their columns are written, of as many
 * @param ends address where it is written, of each row and one more, where in the two lists it begins
 */
export function listNonzeros(m: i32, n: i32, a: usize, values: usize, indices: usize, ends: usize): void {
  let found: usize = 0;
  for (let i = 0; i < m; i++) {
    store<u32>(ends, found as u32);
    ends += 4;
    for (let j = 0; j < n; j++) {
      const value = f64.load(a);
      f64.store(values + (found << 3), value);
      store<u32>(indices + (found << 2), j);
      if (value != 0) found++;
      a += 8;
    }
  }
  store<u32>(ends, found as u32);
}

/** So many columns of Aᵀ make a segment of its rows: then what a product reads of B meanwhile stays in the first-level cache. */
const SEGMENT: i32 = 128;

/**
 * The lists of Aᵀ, made from those of A: so the rows of Aᵀ have the numbers in the order of A's rows.
 *
 * @param m rows of A
 * @param n columns of A
 * @param values as in `multiplySparse`
 * @param indices as there
 * @param ends as there, of rows in one segment
 * @param segment as there
 * @param toValues address where the numbers of Aᵀ are written
 * @param toIndices address where their columns are written, which are rows of A
 * @param toEnds address where n counts are written for each segment of the rows of Aᵀ, and before them n more: where rows begin
 */
export function transposeSparse(
  m: i32,
  n: i32,
  values: usize,
  indices: usize,
  ends: usize,
  segment: usize,
  toValues: usize,
  toIndices: usize,
  toEnds: usize,
): void {
  const bytes = (n as usize) << 2;
  memory.fill(toEnds, 0, bytes);
  for (let at = ends; at < ends + ((m as usize) << 2); at += 4) {
    const rowEnd = load<u32>(at + segment);
    for (let k = load<u32>(at); k < rowEnd; k++) {
      const count = toEnds + (load<u32>(indices + (k << 2)) << 2);
      store<u32>(count, load<u32>(count) + 1);
    }
  }
  let sum: u32 = 0;
  for (let at = toEnds; at < toEnds + bytes; at += 4) {
    const count = load<u32>(at);
    store<u32>(at, sum);
    sum += count;
  }
  for (let i = 0; i < m; i++) {
    if (i % SEGMENT == 0) {
      memory.copy(toEnds + bytes, toEnds, bytes);
      toEnds += bytes;
    }
    const rowEnd = load<u32>(ends + segment);
    for (let k = load<u32>(ends); k < rowEnd; k++) {
      const next = toEnds + (load<u32>(indices + (k << 2)) << 2);
      const place = load<u32>(next);
      store<u32>(next, place + 1);
      f64.store(toValues + (place << 3), f64.load(values + (k << 3)));
      store<u32>(toIndices + (place << 2), i);
    }
    ends += 4;
  }
}
