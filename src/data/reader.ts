/** Who reads files and takes tables apart. In Node it is polars; where that does not run, another reader can stand in. */
import type { DataFrame } from "nodejs-polars";
import { polarsReader } from "./polars";

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** One value a row: a text, a number, a bigint, a boolean; null or undefined where there is none. */
  readonly values: readonly unknown[];
}

/** All that tables need from outside. */
export interface TableReader {
  /**
   * The first of some files that there is.
   *
   * @param paths absolute, or relative to the project's root
   * @returns its path and what is in it; undefined if there is none of them
   */
  file(paths: readonly string[]): { readonly path: string; readonly bytes: Uint8Array } | undefined;
  /** What gzip has packed; throws if it was not gzip. */
  gunzip(bytes: Uint8Array): Uint8Array;
  /**
   * The fields of lines of text, column by column, as text. Every line has as many fields as the first.
   *
   * @param separator one character; fields in double quotes may hold it, and line feeds
   */
  fields(text: string, separator: string): (string | null)[][];
  /** The columns of a Parquet file. */
  parquet(bytes: Uint8Array): Column[];
  /** Whether a value is a table of the reader's own. */
  isFrame(value: unknown): value is DataFrame;
  /** The columns of such a table; whole numbers too large for a float come as bigints. */
  columns(frame: DataFrame): Column[];
  /** Such a table, for a learner to look at. */
  frame(columns: readonly Column[]): DataFrame;
}

let reader: TableReader = polarsReader;

/** The reader that is in use. */
export function tableReader(): TableReader {
  return reader;
}

/**
 * Has another reader read tables.
 *
 * @param other used from now on
 */
export function readTablesWith(other: TableReader): void {
  reader = other;
}
