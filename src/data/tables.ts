/**
 * Data: the handwritten digits that come with the project, and tables of a learner's own, read by nodejs-polars.
 *
 * Paths are relative to the project's root, from whatever folder a notebook is opened.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import type { DataFrame } from "nodejs-polars";
import { kindOf, Matrix } from "../matrix";
import { Random } from "../random";
import { checkSeed, checkShare } from "../shapes";
import { oneHot } from "./labels";
import { type Samples, takeRows } from "./samples";

/** The kernel, the tests and the commands all start at the project's root. */
const ROOT = process.cwd();

/** Samples that know where in the table they come from. */
export interface LabelledSamples extends Samples {
  /** N class ids: the columns of Y in which the ones are. */
  readonly labels: readonly number[];
  /** N row numbers of the table, counted from 0. */
  readonly rows: readonly number[];
}

/** A table made ready for the network, split into samples to learn from and samples to test on. */
export interface Dataset {
  /** The samples to learn from. */
  readonly training: LabelledSamples;
  /** The samples to test on; none of them is in `training`. */
  readonly test: LabelledSamples;
  /** C, the number of classes. */
  readonly classes: number;
  /** C names: class id k is `classNames[k]`. */
  readonly classNames: readonly string[];
  /** D names: column k of X is `features[k]`. */
  readonly features: readonly string[];
  /** The table as it was read. */
  readonly frame: DataFrame;
}

/** How a table is split. */
export interface SplitOptions {
  /** Which rows are drawn for the test part: the same seed, the same rows. 1 by default. */
  readonly seed?: number;
  /** The share of rows that are kept for the test, between 0 and 1; 0.2 by default. */
  readonly testShare?: number;
}

/** How a learner's own table is read. */
export interface TableOptions extends SplitOptions {
  /** The column that says of which class a row is. */
  readonly label: string;
  /**
   * Whether each feature gets mean 0 and standard deviation 1, by the mean and deviation of the *training* rows (a constant
   * column becomes 0). True by default.
   */
  readonly standardise?: boolean;
}

const DIGITS = { path: "data/digits.csv.gz", rows: 1797, pixels: 64, ink: 16, classes: 10 } as const;

/**
 * The handwritten digits: 1,797 images of 8×8 pixels, scaled from 0 … 16 to 0 … 1 (X is N×64), of the classes 0 to 9.
 *
 * The split is stratified: of every digit the same share goes to the test part.
 *
 * Source: UCI, Optical Recognition of Handwritten Digits (Alpaydin and Kaynak, 1998; CC BY 4.0); see data/README.md.
 *
 * @throws if data/digits.csv.gz is missing or is not that file, or an option is out of range
 */
export function loadDigits(options: SplitOptions = {}): Dataset {
  const frame = readFrame("loadDigits", DIGITS.path, { hasHeader: false });
  const width = DIGITS.pixels + 1;
  if (frame.height !== DIGITS.rows || frame.width !== width) {
    throw new Error(
      `loadDigits: ${DIGITS.path} is ${frame.height}×${frame.width}; expected ${DIGITS.rows} rows of ${DIGITS.pixels} pixels and a label. Get the file again from the project's repository`,
    );
  }
  const features = Array.from({ length: DIGITS.pixels }, (_, k) => `pixel ${Math.floor(k / 8)},${k % 8}`);
  frame.columns = [...features, "digit"];
  const columns = frame.columns.map((name, j) =>
    numbersIn("loadDigits", frame, name, (value) => {
      const most = j < DIGITS.pixels ? DIGITS.ink : DIGITS.classes - 1;
      if (!Number.isInteger(value) || value < 0 || value > most) return `a whole number from 0 to ${most}`;
    }),
  );
  const X = Matrix.generate(DIGITS.rows, DIGITS.pixels, (i, j) => columns[j][i] / DIGITS.ink);
  const classNames = Array.from({ length: DIGITS.classes }, (_, digit) => String(digit));
  const labels = columns[DIGITS.pixels];
  const parts = splitRows("loadDigits", labels, classNames, options);
  const part = (rows: number[]) => takeLabelled(X, labels, DIGITS.classes, rows);
  return {
    training: part(parts.training),
    test: part(parts.test),
    classes: DIGITS.classes,
    classNames,
    features,
    frame,
  };
}

/**
 * A table of your own: one row a sample, one column the label, every other column a number.
 *
 * Labels may be words or whole numbers; they get class ids in alphabetical or numerical order. The split is stratified.
 *
 * @param table a CSV file with a header line (`.csv`, `.csv.gz`) or a Parquet file (`.parquet`), by its path from the project's
 *   root, or a polars DataFrame
 * @throws if the file is missing, empty or malformed, the label column is missing, a value is missing or not a number, there
 *   is one class only, or there are too few rows; column and row are named, rows counted from 0 below the header:
 *   `loadTable: column "age" has "n/a" in row 17; expected a number`
 */
export function loadTable(table: string | DataFrame, options: TableOptions): Dataset {
  const { label, standardise = true } = options ?? {};
  const frame = typeof table === "string" ? readFrame("loadTable", table, { hasHeader: true }) : table;
  checkFrame(frame, label);
  const features = frame.columns.filter((name) => name !== label);
  const { labels, classNames } = classesIn(frame, label);
  const columns = features.map((name) => numbersIn("loadTable", frame, name));
  const raw = Matrix.generate(frame.height, features.length, (i, j) => columns[j][i]);
  const parts = splitRows("loadTable", labels, classNames, options);
  const X = standardise ? standardised(raw, parts.training) : raw;
  const part = (rows: number[]) => takeLabelled(X, labels, classNames.length, rows);
  return {
    training: part(parts.training),
    test: part(parts.test),
    classes: classNames.length,
    classNames,
    features,
    frame,
  };
}

function takeLabelled(X: Matrix, labels: readonly number[], classes: number, rows: number[]): LabelledSamples {
  const ofRows = rows.map((row) => labels[row]);
  return { X: takeRows(X, rows), Y: oneHot(ofRows, classes), labels: ofRows, rows };
}

/** A column as finite numbers; `expected` may ask more of a value, and then says what. */
function numbersIn(
  fn: string,
  frame: DataFrame,
  name: string,
  expected: (value: number) => string | undefined = () => undefined,
): number[] {
  return valuesIn(frame, name).map((value, row) => {
    const number = numberFrom(value);
    const complaint = Number.isFinite(number) ? expected(number) : "a number";
    if (complaint === undefined) return number;
    throw new RangeError(`${fn}: column "${name}" has ${written(value)} in row ${row}; expected ${complaint}`);
  });
}

/** The number that a table's value stands for: quoted numbers and yes-no columns count too. NaN if it is none. */
function numberFrom(value: unknown): number {
  if (typeof value === "string") return value.trim() === "" ? Number.NaN : Number(value);
  return ["number", "bigint", "boolean"].includes(typeof value) ? Number(value) : Number.NaN;
}

function valuesIn(frame: DataFrame, name: string): unknown[] {
  return Array.from(frame.getColumn(name).toArray() as Iterable<unknown>);
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === "string" && value.trim() === "");
}

/** A table's value as an error message shows it. */
function written(value: unknown): string {
  if (isMissing(value)) return "nothing";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** The classes of a label column: a class id for each row, and the classes' names in order. */
function classesIn(frame: DataFrame, label: string): { labels: number[]; classNames: string[] } {
  const values = valuesIn(frame, label);
  values.forEach((value, row) => {
    const isWord = typeof value === "string" || typeof value === "boolean";
    if (isMissing(value) || !(isWord || Number.isInteger(numberFrom(value)))) {
      throw new RangeError(
        `loadTable: label column "${label}" has ${written(value)} in row ${row}; expected a class, a word or a whole number`,
      );
    }
  });
  const names = [...new Set(values.map(String))];
  const inOrder = names.every((name) => Number.isFinite(Number(name)))
    ? names.sort((a, b) => Number(a) - Number(b))
    : names.sort();
  if (inOrder.length < 2) {
    throw new RangeError(
      `loadTable: label column "${label}" holds one class only, ${written(values[0])}; expected two or more`,
    );
  }
  const ids = new Map(inOrder.map((name, id) => [name, id]));
  return { labels: values.map((value) => ids.get(String(value))!), classNames: inOrder };
}

/** Draws the test rows, the same share of every class, and returns both parts in random order. */
function splitRows(
  fn: string,
  labels: readonly number[],
  classNames: readonly string[],
  { seed = 1, testShare = 0.2 }: SplitOptions,
): { training: number[]; test: number[] } {
  checkShare(fn, "testShare", testShare);
  checkSeed(fn, seed);
  const random = new Random(seed);
  const order = random.permutation(labels.length);
  const isTest = new Set<number>();
  classNames.forEach((name, id) => {
    const rows = order.filter((row) => labels[row] === id);
    const kept = Math.round(testShare * rows.length);
    if (kept === rows.length) {
      throw new RangeError(
        `${fn}: class "${name}" has ${rows.length} rows; with a testShare of ${testShare} none is left to learn from`,
      );
    }
    for (const row of rows.slice(0, kept)) isTest.add(row);
  });
  if (isTest.size === 0) {
    throw new RangeError(
      `${fn}: the table has ${labels.length} rows of ${classNames.length} classes; expected enough for a testShare of ${testShare} of each class`,
    );
  }
  // The first rows of every class are gone to the test part, so what is left of `order` is no longer random.
  const mixed = random.permutation(labels.length);
  return { training: mixed.filter((row) => !isTest.has(row)), test: mixed.filter((row) => isTest.has(row)) };
}

/** (x − mean) / standard deviation, column by column, both of the training rows; 0 where those are all equal. */
function standardised(X: Matrix, trainingRows: number[]): Matrix {
  const training = takeRows(X, trainingRows);
  const mean = training.columnSums().scale(1 / training.rows);
  const variance = training
    .map((x, _i, j) => (x - mean.data[j]) ** 2)
    .columnSums()
    .scale(1 / training.rows);
  return X.map((x, _i, j) => {
    const deviation = Math.sqrt(variance.data[j]);
    return deviation > 1e-12 * Math.abs(mean.data[j]) ? (x - mean.data[j]) / deviation : 0;
  });
}

function checkFrame(frame: DataFrame, label: string): void {
  if (typeof frame?.getColumn !== "function") {
    throw new TypeError(`loadTable: table is ${kindOf(frame)}; expected the path of a file or a polars DataFrame`);
  }
  const named = frame.columns.map((name) => `"${name}"`).join(", ");
  if (typeof label !== "string" || !frame.columns.includes(label)) {
    throw new RangeError(`loadTable: label is ${JSON.stringify(label)}; expected one of the columns ${named}`);
  }
  if (frame.width < 2)
    throw new RangeError(`loadTable: the table has only the label column; expected features beside it`);
  if (frame.height < 2) {
    throw new RangeError(
      `loadTable: the table has ${frame.height} rows; expected at least one for each of two classes`,
    );
  }
}

/** A table from a file: the file's name says what is in it. */
function readFrame(fn: string, path: string, { hasHeader }: { hasHeader: boolean }): DataFrame {
  const file = resolve(ROOT, path);
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new Error(`${fn}: there is no file ${path} in ${ROOT}; expected a path from the project's root`);
  }
  const isParquet = extname(path) === ".parquet";
  if (!isParquet && !/\.csv(\.gz)?$/.test(path)) {
    throw new Error(`${fn}: path is "${path}"; expected a name that ends in .csv, .csv.gz or .parquet`);
  }
  try {
    const bytes = readFileSync(file);
    if (isParquet) return polars().readParquet(bytes);
    const csv = withoutTrailingLines(path.endsWith(".gz") ? gunzipSync(bytes) : bytes);
    // column types are decided by all lines: a single word makes a column one of words, and the word is then found
    const inferSchemaLength = csv.filter((byte) => byte === LINE_FEED).length + 1;
    return polars().readCSV(csv, { hasHeader, inferSchemaLength, truncateRaggedLines: false });
  } catch (error) {
    const reason = String((error as Error).message).split("\n")[0];
    const expected = isParquet ? "a Parquet file" : "a CSV file, every line with the same number of fields";
    throw new Error(`${fn}: ${path} can't be read (${reason}); expected ${expected}`);
  }
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** polars reads an empty last line as a row of missing values. */
function withoutTrailingLines(csv: Buffer): Buffer {
  let end = csv.length;
  while (end > 0 && (csv[end - 1] === LINE_FEED || csv[end - 1] === CARRIAGE_RETURN)) end--;
  return csv.subarray(0, end);
}

/** Loaded at first use: it takes a tenth of a second, and most notebooks need no table. */
function polars(): typeof import("nodejs-polars") {
  return createRequire(join(ROOT, "package.json"))("nodejs-polars");
}
