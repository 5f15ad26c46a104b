/** Tables of a learner's own: one row a sample, one column the label, every other column a number. */
import type { DataFrame } from "nodejs-polars";
import { kindOf, Matrix } from "../matrix";
import { classesIn, numbersIn, type Place, suspiciousClasses } from "./columns";
import { filled, wholeRows } from "./missing";
import { type Column, tableReader } from "./reader";
import { type Dataset, labelledSamples, type SplitOptions, splitRows } from "./split";
import { readTableText } from "./table-text";

/** How a learner's own table is read. */
export interface TableOptions extends SplitOptions {
  /** The column that says of which class a row is. */
  readonly label: string;
  /** The columns to learn from; all but the label by default. */
  readonly features?: readonly string[];
  /**
   * What to do where a value is missing: `"drop"` leaves out the whole row, `"mean"` puts in the mean of the column's training
   * rows. By default it is an error that names the lines.
   */
  readonly missing?: "drop" | "mean";
  /**
   * Whether each feature gets mean 0 and standard deviation 1, by the mean and deviation of the *training* rows (a column that is
   * constant there becomes 0). True by default.
   */
  readonly standardise?: boolean;
}

/** A learner's own table, ready for the network. */
export interface TableDataset extends Dataset {
  /** What was done to the table, in a few lines; shows itself. */
  readonly summary: Summary;
}

/** What was done to a table. */
export class Summary {
  constructor(
    /** What the table has become. */
    readonly result: string,
    /** What was left out, filled in or looks odd; a sentence each. */
    readonly notes: readonly string[],
  ) {}

  /** Result and notes, a line each. */
  toString(): string {
    return [this.result, ...this.notes.map((note) => `· ${note}`)].join("\n");
  }

  /** What a notebook shows. */
  [Symbol.for("Jupyter.display")](): Readonly<Record<string, string>> {
    return { "text/plain": this.toString() };
  }
}

/** A table as it was found. */
interface Found {
  /** What to call it in messages. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly place: Place;
  readonly notes: readonly string[];
  readonly frame?: DataFrame;
}

/**
 * A table of your own: one row a sample, one column the label, every other column a number.
 *
 * Labels may be words or whole numbers; they get class ids in alphabetical or numerical order. The split is stratified. What looks
 * odd is said in the output, and stands in `summary`.
 *
 * @param table the path of a file, from the notebook's folder or the project's root, or a polars DataFrame. `.csv` and `.tsv`
 *   (also with `.gz`) have a header line and commas, semicolons or tabs between the fields; `.parquet` is read, too
 * @param options `label`, and what else is not as by default
 * @throws if the file is missing or is no such table, a column is missing, a value is missing or not a number, there is one class only,
 *   or there are too few rows; column and line are named: `loadTable: column "age" has "old" in line 18; expected a number`
 */
export function loadTable(table: string | DataFrame, options: TableOptions): TableDataset {
  return naming("loadTable", () =>
    prepare(typeof table === "string" ? readFile(table) : readFrame(table), options ?? {}),
  );
}

/** Puts the function's name before the message of an error. */
function naming<T>(fn: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || error.message.startsWith(`${fn}: `)) throw error;
    throw new (error.constructor as ErrorConstructor)(`${fn}: ${error.message}`, { cause: error.cause });
  }
}

function prepare(found: Found, options: TableOptions): TableDataset {
  const { label, standardise = true, missing } = options;
  checkOptions(found, options);
  const columnOf = new Map(found.columns.map((column) => [column.name, column]));
  const names = options.features ?? found.columns.map(({ name }) => name).filter((name) => name !== label);
  const numbers = names.map((name) => numbersIn(columnOf.get(name)!, found.place));
  const { labels, classNames } = classesIn(columnOf.get(label)!, found.place);
  const { rows, notes } = wholeRows({ names, numbers, label, labels, missing }, found.place);
  const kept = rows.map((row) => labels[row]!);
  if (rows.length < 2) {
    throw new RangeError(`the table has ${rows.length} rows; expected at least one for each of two classes`);
  }
  const parts = splitRows("loadTable", kept, classNames, options);
  const columns = numbers.map((values) =>
    filled(
      rows.map((row) => values[row]),
      parts.training,
    ),
  );
  const ready = standardise ? columns.map((values) => standardised(values, parts.training)) : columns;
  const X = Matrix.generate(rows.length, names.length, (i, j) => ready[j][i]);
  const constant = columns.filter((values) => parts.training.every((row) => values[row] === values[parts.training[0]]));
  const summary = new Summary(
    `${found.name}: ${parts.training.length} rows to learn from and ${parts.test.length} to test on, ` +
      `${names.length} features${standardise ? " (mean 0, deviation 1)" : ""}, ${classNames.length} classes: ${shortList(classNames)}`,
    [
      ...found.notes,
      ...notes,
      ...suspiciousClasses(classNames),
      ...constant.map(
        (values) =>
          `column "${names[columns.indexOf(values)]}" is the same in all rows to learn from: it teaches nothing`,
      ),
      ...names
        .filter((_, j) => tellsTheClass(columns[j], kept, classNames.length))
        .map((name) => `column "${name}" alone gives the class away: is it the label once more, or a row number?`),
    ],
  );
  if (summary.notes.length > 0) console.warn(summary.toString());
  return {
    training: labelledSamples(X, kept, classNames.length, parts.training, rows),
    test: labelledSamples(X, kept, classNames.length, parts.test, rows),
    classes: classNames.length,
    classNames,
    features: names,
    frame: found.frame ?? frameOf(found, names, numbers),
    summary,
  };
}

function checkOptions({ name, columns }: Found, { label, features, missing }: TableOptions): void {
  const names = columns.map((column) => column.name);
  const quoted = names.map((column) => `"${column}"`).join(", ");
  if (typeof label !== "string" || !names.includes(label)) {
    const noHeader = names.some((column) => /^[+-]?\d/.test(column));
    throw new RangeError(
      `label is ${JSON.stringify(label)}; expected one of the columns ${quoted}${
        noHeader ? `. Does ${name} start with a row? It needs a first line with the columns' names` : ""
      }`,
    );
  }
  if (features !== undefined) {
    if (!Array.isArray(features))
      throw new TypeError(`features is ${kindOf(features)}; expected an array of columns' names`);
    const wrong = features.find((feature) => !names.includes(feature) || feature === label);
    if (wrong !== undefined) {
      throw new RangeError(
        `features has ${JSON.stringify(wrong)}${wrong === label ? ", the label" : ""}; expected some of the columns ${quoted}`,
      );
    }
    const twice = features.find((feature, k) => features.indexOf(feature) < k);
    if (twice !== undefined) throw new RangeError(`features has "${twice}" twice`);
  }
  if ((features ?? names.slice(1)).length === 0) {
    throw new RangeError("the table has only the label column; expected features beside it");
  }
  if (missing !== undefined && missing !== "drop" && missing !== "mean") {
    throw new RangeError(`missing is ${JSON.stringify(missing)}; expected "drop" or "mean"`);
  }
  if (columns[0].values.length < 2) {
    throw new RangeError(
      `the table has ${columns[0].values.length} rows; expected at least one for each of two classes`,
    );
  }
}

/**
 * (x − mean) / standard deviation, both of the training rows; 0 where those are all equal.
 *
 * The column is first brought to 0 … 1, so that no square over- or underflows, and no difference between large numbers is lost.
 */
function standardised(values: readonly number[], training: readonly number[]): number[] {
  const known = training.map((row) => values[row]);
  const low = known.reduce((a, b) => Math.min(a, b));
  const high = known.reduce((a, b) => Math.max(a, b));
  if (low === high) return values.map(() => 0);
  const unit = Number.isFinite(high - low)
    ? (value: number) => (value - low) / (high - low)
    : (value: number) => (value / 4 - low / 4) / (high / 4 - low / 4);
  const units = known.map(unit);
  const mean = units.reduce((sum, value) => sum + value, 0) / units.length;
  const deviation = Math.sqrt(units.reduce((sum, value) => sum + (value - mean) ** 2, 0) / units.length);
  return values.map((value) => (unit(value) - mean) / deviation);
}

/** Whether the values, sorted, fall into as many runs of one class as there are classes; asked of five rows a class or more. */
function tellsTheClass(values: readonly number[], labels: readonly number[], classes: number): boolean {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]++;
  if (counts.some((count) => count < 5)) return false;
  const order = values.map((_, row) => row).sort((a, b) => values[a] - values[b]);
  let runs = 1;
  for (let k = 1; k < order.length; k++) {
    const [before, row] = [order[k - 1], order[k]];
    if (labels[before] === labels[row]) continue;
    if (values[before] === values[row]) return false;
    runs++;
  }
  return runs === classes;
}

function shortList(names: readonly string[]): string {
  return names.length > 8 ? `${names.slice(0, 7).join(", ")}, … ${names[names.length - 1]}` : names.join(", ");
}

/** The table for a learner to look at: features as numbers, all else as it stands. */
function frameOf({ columns }: Found, names: readonly string[], numbers: readonly number[][]): DataFrame {
  return tableReader().frame(
    columns.map((column) => {
      const j = names.indexOf(column.name);
      return j < 0 ? column : { ...column, values: numbers[j].map((value) => (Number.isNaN(value) ? null : value)) };
    }),
  );
}

function readFrame(table: DataFrame): Found {
  const reader = tableReader();
  if (!reader.isFrame(table)) {
    throw new TypeError(`table is ${kindOf(table)}; expected the path of a file or a polars DataFrame`);
  }
  return { name: "the table", columns: reader.columns(table), place: byRow, notes: [], frame: table };
}

function byRow(row: number): string {
  return `row ${row + 1}`;
}

/** A table from a file: the file's name says what is in it. */
function readFile(path: string): Found {
  const kind = /\.(csv|tsv|parquet)(\.gz)?$/i.exec(path);
  const isParquet = kind?.[1].toLowerCase() === "parquet";
  if (kind === null || (isParquet && kind[2])) {
    throw new Error(`table is "${path}"; expected a name that ends in .csv, .tsv (these also with .gz) or .parquet`);
  }
  const reader = tableReader();
  const beside = process.env.NOTEBOOK_FOLDER;
  const file = reader.file([...(beside === undefined ? [] : [`${beside}/${path}`]), path]);
  if (file === undefined) {
    const folders = [...new Set([...(beside === undefined ? [] : [beside]), process.cwd()])];
    throw new Error(
      `there is no file ${path} in ${folders.join(" or in ")}; expected a path from the notebook's folder or the project's root`,
    );
  }
  const name = path.split(/[\\/]/).at(-1)!;
  if (isParquet) {
    const columns = attempt(
      () => reader.parquet(file.bytes),
      (reason) => `${name} can't be read as Parquet (${reason})`,
    );
    return { name, columns, place: byRow, notes: [] };
  }
  const bytes = kind[2]
    ? attempt(
        () => reader.gunzip(file.bytes),
        (reason) => `${name} can't be unpacked by gzip (${reason})`,
      )
    : file.bytes;
  const { columns, lines, notes } = readTableText(name, bytes, reader);
  return { name, columns, place: (row) => `line ${lines[row]}`, notes };
}

/** Does what may fail for reasons that only a library knows, and says so in our words. */
function attempt<T>(work: () => T, words: (reason: string) => string): T {
  try {
    return work();
  } catch (error) {
    throw new Error(words(String((error as Error).message).split("\n")[0]));
  }
}
