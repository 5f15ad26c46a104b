/** Tables as a spreadsheet reads and writes them (CSV), with the lines that their rows stand in. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { writeWhole } from "../../../setup/whole-file.mjs";
import { textIn } from "../../encoding";

/** A row of a table that was read. */
export interface Row<Column extends string> {
  /** The line of the file that it begins in, counted from 1. */
  readonly line: number;
  /** Its cells without spaces around them; empty where the table has no such column. */
  readonly cells: Readonly<Record<Column, string>>;
}

/**
 * Reads a table with a header line, separated by commas, semicolons or tabs, in UTF-8, UTF-16 or Windows' encoding.
 *
 * @param columns those that are read, in any order; more may be there
 * @param needed those that have to be there
 * @throws if the file is no such table; file and line are named
 */
export function readTable<Column extends string>(
  path: string,
  columns: readonly Column[],
  needed: readonly Column[],
): Row<Column>[] {
  if (!statSync(path).isFile()) throw new RangeError(`${path} is no file; expected a table (CSV)`);
  const text = textIn(readFileSync(path));
  const header = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = [";", "\t"].find((separator) => header.includes(separator)) ?? ",";
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as never;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as unknown as { lines?: number };
    throw new RangeError(`${basename(path)}, line ${lines ?? 1}: expected a table (CSV), got: ${error.message}`);
  }
  const names = records.shift()?.record.map((name) => name.toLowerCase()) ?? [];
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new RangeError(
      `${basename(path)}, line 1: expected the columns ${columns.join(", ")}; got ${names.join(", ") || "none"}`,
    );
  }
  return records
    .filter(({ record }) => record.some((cell) => cell !== ""))
    .map(({ record, info }) => ({
      line: info.lines - record.join("").split("\n").length + 1,
      cells: Object.fromEntries(columns.map((name) => [name, record[names.indexOf(name)] ?? ""])) as never,
    }));
}

/** Tells of a cell that can't be right. */
export type Wrong = (column: string, expected: string, got: string) => void;

/**
 * A table that the teacher fills in: made, with these rows, if it is not there, and empty if there is to be none. What is wrong
 * with its cells is noted with file, line and column.
 *
 * @throws as `readTable`
 */
export function teachersTable<Column extends string>(
  path: string | undefined,
  columns: readonly Column[],
  needed: readonly Column[],
  rows: readonly (readonly string[])[],
): { readonly rows: readonly (Row<Column> & { readonly wrong: Wrong })[]; readonly problems: string[] } {
  if (path === undefined) return { rows: [], problems: [] };
  if (!existsSync(path)) writeWhole(path, tableText([columns, ...rows]));
  const problems: string[] = [];
  const read = readTable(path, columns, needed).map((row) => {
    const wrong: Wrong = (column, expected, got) =>
      problems.push(`${basename(path)}, line ${row.line}, ${column}: expected ${expected}, got ${JSON.stringify(got)}`);
    return { ...row, wrong };
  });
  return { rows: read, problems };
}

/** A table as the text of a file. */
export function tableText(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** A text as a cell holds it that a spreadsheet must not take for a formula; some read full-width signs as others. */
export function cellText(text: string): string {
  return /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/.test(text) ? `'${text}` : text;
}

/** A field that does not break the table. */
function field(value: string | number): string {
  const text = typeof value === "string" ? cellText(value) : String(value);
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
