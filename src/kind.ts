/** What something is, in a word or two, for messages: "undefined", "null", "an array", "a string", "an object". */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  return `${/^[aeiou]/.test(typeof value) ? "an" : "a"} ${typeof value}`;
}

/** A number as it is written, and anything else by its kind, for messages: "1.5", "NaN", "a string". */
export function numberOrKind(value: unknown): string {
  return typeof value === "number" ? String(value) : kindOf(value);
}
