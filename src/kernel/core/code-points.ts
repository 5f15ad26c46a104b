/** Positions in a text: Jupyter counts code points, JavaScript UTF-16 units, and "𝑥" is one of the former and two of the latter. */

/** The index, in UTF-16 units, of the code point `position`. */
export function codePointToUnit(text: string, position: number): number {
  return [...text].slice(0, position).join("").length;
}

/** Which code point is at the index `unit`. */
export function unitToCodePoint(text: string, unit: number): number {
  return [...text.slice(0, unit)].length;
}
