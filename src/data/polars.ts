/** Files and tables, read by Node and nodejs-polars. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import type { DataFrame, Series } from "nodejs-polars";
import type { Column, TableReader } from "./reader";

/** The kernel, the tests and the commands all start at the project's root. */
const ROOT = process.cwd();

/** Loaded at first use: it takes a tenth of a second, and most notebooks need no table. */
function polars(): typeof import("nodejs-polars") {
  return createRequire(join(ROOT, "package.json"))("nodejs-polars");
}

/** The reader of tables in Node. */
export const polarsReader: TableReader = {
  file(paths) {
    const path = paths.map((name) => resolve(ROOT, name)).find((name) => existsSync(name) && statSync(name).isFile());
    return path === undefined ? undefined : { path, bytes: readFileSync(path) };
  },

  gunzip: (bytes) => gunzipSync(bytes),

  fields(text, separator) {
    // a schema inferred from no line at all: every column is text
    const options = { hasHeader: false, inferSchemaLength: 0, sep: separator, truncateRaggedLines: false };
    const frame = polars().readCSV(Buffer.from(text), options);
    return polarsReader.columns(frame).map(({ values }) => values as (string | null)[]);
  },

  parquet: (bytes) => polarsReader.columns(polars().readParquet(Buffer.from(bytes))),

  isFrame: (value): value is DataFrame => typeof (value as DataFrame | null | undefined)?.getColumn === "function",

  columns: (frame) => frame.columns.map((name) => ({ name, values: valuesOf(frame.getColumn(name)) })),

  frame: (columns: readonly Column[]) =>
    polars().DataFrame(Object.fromEntries(columns.map(({ name, values }) => [name, [...values]]))),
};

/** `toArray` rounds whole numbers of 64 bits to floats; as text they keep all digits. */
function valuesOf(series: Series): unknown[] {
  const values = Array.from(series.toArray() as Iterable<unknown>);
  if (!values.some((value) => typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER)) return values;
  if (!/U?Int64/.test(String(series.dtype))) return values;
  const digits = Array.from(series.cast(polars().Utf8).toArray() as Iterable<string | null>);
  return digits.map((text) => (text === null ? null : BigInt(text)));
}
