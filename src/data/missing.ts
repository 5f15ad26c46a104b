/** Values that a table does not have. */
import type { Classes, Place } from "./columns";

/**
 * The rows to go on with, once nothing is missing any more or it is known what to do.
 *
 * @param given the columns to learn from, by name and as numbers, NaN where there is none; the label; and what to do
 * @param place names a row for a person
 * @returns row numbers, and what was done, a sentence each
 * @throws if a value is missing and nothing is said of what to do, a column has none at all, or a label should get a mean
 */
export function wholeRows(
  given: {
    names: readonly string[];
    numbers: readonly number[][];
    label: string;
    labels: Classes["labels"];
    missing?: "drop" | "mean";
  },
  place: Place,
): { rows: number[]; notes: string[] } {
  const { names, numbers, label, labels, missing } = given;
  const holes = names.map((name, j) => ({ name, rows: rowsWhere(numbers[j], Number.isNaN) }));
  const unlabelled = rowsWhere(labels, (id) => id === undefined);
  const all = labels.map((_, row) => row);
  const gaps = [...holes, { name: label, rows: unlabelled }].filter(({ rows }) => rows.length > 0);
  const empty = gaps.find(({ rows }) => rows.length === all.length);
  if (empty !== undefined) {
    throw new RangeError(`column "${empty.name}" has no value at all; name the columns to use with { features: […] }`);
  }
  const told = gaps.map(({ name, rows }) => `column "${name}" has no value in ${places(rows, place)}`);
  if (told.length === 0) return { rows: all, notes: [] };
  if (missing === undefined || (missing === "mean" && unlabelled.length > 0)) {
    throw new RangeError(
      missing === "mean"
        ? `column "${label}" has no value in ${places(unlabelled, place)}, and a label has no mean; give { missing: "drop" }`
        : `${told.join("; ")}. Give { missing: "drop" } to leave out these rows, or { missing: "mean" } to put in the column's mean`,
    );
  }
  if (missing === "mean") return { rows: all, notes: told.map((text) => `${text}: there is the column's mean`) };
  const incomplete = new Set(gaps.flatMap(({ rows }) => rows));
  return {
    rows: all.filter((row) => !incomplete.has(row)),
    notes: told.map((text) => `${text}: left out`),
  };
}

function rowsWhere<T>(values: readonly T[], is: (value: T) => boolean): number[] {
  return values.flatMap((value, row) => (is(value) ? [row] : []));
}

/** `line 3, line 7 and 12 more` */
function places(rows: readonly number[], place: Place): string {
  const some = rows.slice(0, 5).map(place);
  return rows.length > 5 ? `${some.join(", ")} and ${rows.length - 5} more` : some.join(", ");
}

/**
 * The column with its mean over the training rows where there is no value.
 *
 * @throws if none of those rows has one
 */
export function filled(values: readonly number[], training: readonly number[]): number[] {
  if (!values.some(Number.isNaN)) return [...values];
  const known = training.map((row) => values[row]).filter((value) => !Number.isNaN(value));
  if (known.length === 0)
    throw new RangeError("a column has no value in any row to learn from; choose columns with { features: […] }");
  const mean = known.reduce((sum, value) => sum + value / known.length, 0);
  return values.map((value) => (Number.isNaN(value) ? mean : value));
}
