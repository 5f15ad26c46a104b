/** A table in a file of text: its columns, the line that each row stands in, and what is wrong with it, in words. */
import type { Column, TableReader } from "./reader";

/** A table whose values are text. */
export interface TextTable {
  readonly columns: readonly Column[];
  /** The line of the file that each row starts in, counted from 1 as editors count. */
  readonly lines: readonly number[];
  /** What was done that one might not expect. */
  readonly notes: readonly string[];
}

/** A row of the table; a quoted line feed spreads it over several lines of the file. */
interface Row {
  readonly text: string;
  readonly line: number;
}

const SEPARATORS = { ",": "commas", ";": "semicolons", "\t": "tabs" } as const;
type Separator = keyof typeof SEPARATORS;

const SAVE_AS_UTF8 = "In a spreadsheet, save it as “CSV UTF-8”";

/**
 * The table that a file of text holds: a header line with the columns' names, then one line a row, separated by commas, semicolons
 * or tabs.
 *
 * @param name the file's name, for messages
 * @param bytes what is in the file
 * @param reader takes the lines apart
 * @throws if it is no such table; the message says what it is, in which line, and what to do
 */
export function readTableText(name: string, bytes: Uint8Array, reader: TableReader): TextTable {
  const text = decoded(name, bytes);
  const rows = rowsOf(name, text).filter((row) => row.text.trim() !== "");
  if (rows.length === 0)
    throw new Error(`${name} is empty; expected a line with the columns' names, then a line a row`);
  const separator = separatorOf(rows);
  checkRows(name, rows, separator);
  const fields = reader.fields(rows.map((row) => row.text).join("\n"), separator);
  const notes = separator === "," ? [] : [`fields are separated by ${SEPARATORS[separator]}`];
  const lines = rows.slice(1).map(({ line }) => line);
  const columns = fields.map(([header, ...values]) => ({ name: (header ?? "").trim(), values }));
  return { ...namedColumns(name, columns, notes), lines };
}

/** Text from UTF-8, and a sentence about anything else. */
function decoded(name: string, bytes: Uint8Array): string {
  const starts = (...magic: number[]) => magic.every((byte, k) => bytes[k] === byte);
  if (starts(0x1f, 0x8b)) throw new Error(`${name} is packed by gzip; give it a name that ends in .gz`);
  if (starts(0x50, 0x4b, 3, 4)) {
    throw new Error(`${name} is no text but a ZIP archive, as .xlsx and .ods files are. ${SAVE_AS_UTF8}`);
  }
  const zeros = bytes.subarray(0, 1000).filter((byte) => byte === 0).length;
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff) || zeros > 100) {
    throw new Error(`${name} is not UTF-8 but looks like UTF-16, two bytes a letter. ${SAVE_AS_UTF8}`);
  }
  const strange = firstStrangeLine(bytes);
  if (strange !== undefined) {
    throw new Error(
      `${name} is not UTF-8: line ${strange} has bytes that are no letter in it. Older files are often in Latin-1. ${SAVE_AS_UTF8}`,
    );
  }
  const text = new TextDecoder().decode(bytes);
  if (text.includes("\0")) throw new Error(`${name} is no text: it has bytes that are 0`);
  if (/\r(?!\n)/.test(text) && !text.includes("\n")) {
    throw new Error(
      `${name} ends its lines with CR alone, as old Macs did; save it with LF or CR LF (in JupyterLab or VS Code: “line endings”)`,
    );
  }
  return text.replaceAll("\r\n", "\n");
}

/** The first line that is not UTF-8; no byte of a letter beyond ASCII is a line feed. */
function firstStrangeLine(bytes: Uint8Array): number | undefined {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(10, start);
    const end = feed < 0 ? bytes.length : feed;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return undefined;
}

/** The text cut at line feeds that stand in no quotes. */
function rowsOf(name: string, text: string): Row[] {
  const rows: Row[] = [];
  let row: Row = { text: "", line: 1 };
  let open = false;
  text.split("\n").forEach((part, k) => {
    row = open ? { text: `${row.text}\n${part}`, line: row.line } : { text: part, line: k + 1 };
    if (part.split('"').length % 2 === 0) open = !open;
    if (!open) rows.push(row);
  });
  if (open) throw new Error(`${name} has a quotation mark in line ${row.line} that is never closed`);
  return rows;
}

/** How many fields a row has. */
function fieldsIn({ text }: Row, separator: string): number {
  // what stands between quotation marks is every other part
  const outside = text.split('"').filter((_, k) => k % 2 === 0);
  return outside.reduce((count, part) => count + part.split(separator).length - 1, 1);
}

/** The separator by which most of the first rows have as many fields as the header, and more than one. */
function separatorOf(rows: readonly Row[]): Separator {
  const some = rows.slice(0, 50);
  const agreement = (separator: Separator) => {
    const expected = fieldsIn(rows[0], separator);
    return expected === 1 ? 0 : some.filter((row) => fieldsIn(row, separator) === expected).length;
  };
  return (Object.keys(SEPARATORS) as Separator[]).reduce((best, other) =>
    agreement(other) > agreement(best) ? other : best,
  );
}

function checkRows(name: string, rows: readonly Row[], separator: Separator): void {
  const count = fieldsIn(rows[0], separator);
  const wrong = rows.find((row) => fieldsIn(row, separator) !== count);
  const comment = [rows[0], ...(wrong ? [wrong] : [])].find(({ text }) => /^\s*(#|%|\/\/)/.test(text));
  if (comment !== undefined) {
    const mark = /^\s*(#|%|\/\/)/.exec(comment.text)?.[1];
    throw new Error(
      `${name} has a line that starts with ${mark}, line ${comment.line}: a comment? The table has to start with the columns' names, and every line is a row; delete the line, or the ${mark}`,
    );
  }
  if (wrong === undefined) return;
  const got = fieldsIn(wrong, separator);
  const comma =
    separator === "," && got > count
      ? ". A comma within a field needs quotes around it, a decimal comma has to be a point"
      : "";
  throw new Error(
    `${name} has ${got} ${got === 1 ? "field" : "fields"} in line ${wrong.line} and ${count} in line ${rows[0].line}, the header; expected as many, separated by ${SEPARATORS[separator]}${comma}`,
  );
}

/** Leaves out a nameless column if it is empty or only counts the rows; two columns of one name are refused. */
function namedColumns(
  name: string,
  columns: readonly Column[],
  before: readonly string[],
): { columns: Column[]; notes: string[] } {
  const notes = [...before];
  const named = columns.filter((column, j) => {
    if (column.name !== "") return true;
    const where = `column ${j + 1}, which has no name`;
    if (column.values.every((value) => value === null || value === "")) notes.push(`left out: ${where} and no values`);
    else if (countsRows(column.values)) notes.push(`left out: ${where} and only counts the rows`);
    else throw new Error(`${name} has no name for column ${j + 1} in its first line; every column needs one`);
    return false;
  });
  const twice = named.findIndex((column, j) => named.findIndex((other) => other.name === column.name) < j);
  if (twice >= 0) {
    const first = columns.findIndex((column) => column.name === named[twice].name);
    const second = columns.findIndex((column, j) => j > first && column.name === named[twice].name);
    throw new Error(
      `${name} calls columns ${first + 1} and ${second + 1} by one name, "${named[twice].name}"; rename one, or add a first line with names if there is none`,
    );
  }
  return { columns: named, notes };
}

/** Whether the values are 0, 1, 2, … or 1, 2, 3, … */
function countsRows(values: readonly unknown[]): boolean {
  const first = Number(values[0]);
  return values[0] !== null && (first === 0 || first === 1) && values.every((value, i) => Number(value) === first + i);
}
