/** A number with at most four digits, as people write it: 0.0003142, −2, ∞, 1.5e−9. */
export function figure(x: number): string {
  return String(Number(x.toPrecision(4)))
    .replaceAll("-", "−")
    .replace("Infinity", "∞");
}
