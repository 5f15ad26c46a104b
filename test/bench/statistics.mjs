/**
 * The middle value; of an even number of values, the mean of the two in the middle.
 *
 * @param {readonly number[]} values
 * @returns {number}
 * @throws {RangeError} if there are none
 */
export function median(values) {
  if (values.length === 0) throw new RangeError("median: there are no values");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * How many times as long the first takes as the second, round by round: the median of the ratios. The machine's speed
 * drifts, and both of a round have met the same.
 *
 * @param {readonly number[]} values
 * @param {readonly number[]} others as many
 * @returns {number}
 */
export function medianRatio(values, others) {
  if (values.length !== others.length)
    throw new RangeError(`medianRatio: ${values.length} and ${others.length} rounds`);
  return median(values.map((value, round) => value / others[round]));
}

/**
 * The names in another order each round, so that nobody is always measured after the same neighbour.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {number} round counted from 0
 * @returns {T[]}
 */
export function rotated(items, round) {
  const start = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/**
 * The multiplications and additions in the matrix products of a training step: X·W1, A1·W2, A1ᵀ·dZ2, dZ2·W2ᵀ, Xᵀ·dZ1.
 *
 * @param {{ N: number, D: number, H: number, C: number }} size
 * @returns {number}
 */
export function floatingPointOperations({ N, D, H, C }) {
  return 2 * N * H * (2 * D + 3 * C);
}
