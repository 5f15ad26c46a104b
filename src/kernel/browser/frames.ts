/** Tables in a browser, where polars does not run: as much as it takes to read a table, and to look at it. */

/** A column. */
class Series {
  constructor(
    readonly name: string,
    readonly values: readonly unknown[],
  ) {}

  get length(): number {
    return this.values.length;
  }

  toArray(): unknown[] {
    return [...this.values];
  }
}

/** What does not run here, and what to do instead. */
function refuse(what: string): never {
  throw new Error(
    `${what} is polars' own and does not run in a browser: here a table can be read, shown and trained on. With the project on your computer (npm run lab) all of polars is there.`,
  );
}

const unknownMembers: ProxyHandler<object> = {
  get(target, name) {
    if (typeof name === "symbol" || name in target || name === "then" || name === "toJSON") {
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    }
    return refuse(`DataFrame.${name}`);
  },
};

const MOST_ROWS = 8;

class Frame {
  readonly #columns: readonly Series[];

  constructor(columns: readonly Series[]) {
    this.#columns = columns;
  }

  get columns(): string[] {
    return this.#columns.map(({ name }) => name);
  }

  get height(): number {
    return this.#columns[0]?.length ?? 0;
  }

  get width(): number {
    return this.#columns.length;
  }

  get shape(): { height: number; width: number } {
    return { height: this.height, width: this.width };
  }

  getColumn(name: string): Series {
    const found = this.#columns.find((column) => column.name === name);
    if (!found) throw new Error(`there is no column "${name}"; there are ${this.columns.join(", ")}`);
    return found;
  }

  head(count = 5): Frame {
    return frame(this.#columns.map(({ name, values }) => new Series(name, values.slice(0, count))));
  }

  toRecords(): Record<string, unknown>[] {
    return Array.from({ length: this.height }, (_, row) =>
      Object.fromEntries(this.#columns.map(({ name, values }) => [name, values[row]])),
    );
  }

  toString(): string {
    const rows = this.head(MOST_ROWS).toRecords();
    const lines = [this.columns, ...rows.map((row) => Object.values(row).map((value) => String(value ?? "null")))];
    return `shape: (${this.height}, ${this.width})\n${lines.map((line) => line.join("\t")).join("\n")}`;
  }

  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const cell = (tag: string) => (value: unknown) => `<${tag}>${escaped(String(value ?? "null"))}</${tag}>`;
    const rows = this.head(MOST_ROWS).toRecords();
    const body = rows.map((row) => `<tr>${Object.values(row).map(cell("td")).join("")}</tr>`).join("");
    const head = `<tr>${this.columns.map(cell("th")).join("")}</tr>`;
    const table = `<table><thead>${head}</thead><tbody>${body}</tbody></table>`;
    return {
      "text/html": `<p>${this.height} rows, ${this.width} columns</p>${table}`,
      "text/plain": this.toString(),
    };
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[letter] ?? "");
}

function frame(columns: readonly Series[]): Frame {
  return new Proxy(new Frame(columns), unknownMembers) as Frame;
}

/** The fields of lines of text. A field in double quotes may hold separators, line feeds and, doubled, double quotes. */
function lines(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  const field = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^${separator === "\t" ? "\\t" : `\\${separator}`}\\r\\n]*))(\\r?\\n|.|$)`,
    "gsy",
  );
  let row: string[] = [];
  while (field.lastIndex < text.length) {
    const [, quoted, plain, end] = field.exec(text) ?? [];
    row.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end === separator) {
      if (field.lastIndex === text.length) row.push("");
      continue;
    }
    rows.push(row);
    row = [];
    if (end === undefined) break;
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

interface CsvOptions {
  hasHeader?: boolean;
  sep?: string;
  inferSchemaLength?: number | null;
}

/** Reads CSV, from its text or its bytes. */
function readCSV(
  data: string | Uint8Array,
  { hasHeader = true, sep = ",", inferSchemaLength }: CsvOptions = {},
): Frame {
  const text = typeof data === "string" ? data : new TextDecoder().decode(data);
  const rows = lines(text, sep);
  const names = hasHeader ? (rows.shift() ?? []) : (rows[0] ?? []).map((_, k) => `column_${k + 1}`);
  const wrong = rows.findIndex((row) => row.length !== names.length);
  if (wrong >= 0) {
    throw new Error(
      `row ${wrong + 1} has ${rows[wrong].length} fields; expected ${names.length}, as many as the first`,
    );
  }
  return frame(
    names.map((name, k) => {
      const texts = rows.map((row) => (row[k] === "" ? null : row[k]));
      const isNumbers = inferSchemaLength !== 0 && texts.every((one) => one === null || Number.isFinite(Number(one)));
      return new Series(name, isNumbers ? texts.map((one) => (one === null ? null : Number(one))) : texts);
    }),
  );
}

const known = {
  readCSV,
  readParquet: () => {
    throw new Error("Parquet can't be read in a browser; save the table as CSV, or use the project on your computer");
  },
  DataFrame: (columns: Record<string, unknown[]>) =>
    frame(Object.entries(columns).map(([name, values]) => new Series(name, values))),
};

/** What a cell or a module gets that asks for `nodejs-polars`. */
export const frames: object = new Proxy({ ...known, default: known, __esModule: true } as Record<string, unknown>, {
  get: (target, name) =>
    typeof name === "symbol" || name in target || name === "then" ? target[name as string] : refuse(String(name)),
});
