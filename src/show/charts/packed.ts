/**
 * Many numbers in one string. A notebook's file gives every number of a list a line of its own, with its indentation; a string stays
 * one line, and the chart takes it apart.
 */
import type { Part } from "./chart";

/** The numbers with six significant digits, one space between them. */
export function packed(values: ArrayLike<number>): string {
  return Array.from(values, (value) => Number(value.toPrecision(6))).join(" ");
}

/**
 * Transforms that take packed fields apart, all of one length: each row of data becomes one row per number.
 *
 * The row itself keeps its string: vega writes calculated fields into the very row, and a row that a slider's filter lets through a
 * second time must be as it was.
 */
export function unpacked(fields: readonly string[]): Part[] {
  const list = (field: string) => `${field} list`;
  return [
    ...fields.map((field) => ({ calculate: `split(datum.${field}, ' ')`, as: list(field) })),
    { flatten: fields.map(list), as: fields },
    ...fields.map((field) => ({ calculate: `toNumber(datum.${field})`, as: field })),
  ];
}
