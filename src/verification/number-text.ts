/**
 * Two different numbers as people write them, with as many digits as it takes to tell them apart, at least four.
 */
export function figures(a: number, b: number): [string, string] {
  for (let digits = 4; digits < 17; digits++) {
    if (figure(a, digits) !== figure(b, digits)) return [figure(a, digits), figure(b, digits)];
  }
  return [figure(a, 17), figure(b, 17)];
}

/** A number with at most four digits, or as many as asked for, as people write it: 0.0003142, −2, ∞, 1.5e−9. */
export function figure(x: number, digits = 4): string {
  return String(Number(x.toPrecision(digits)))
    .replaceAll("-", "−")
    .replace("Infinity", "∞");
}
