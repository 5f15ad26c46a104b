import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import pl from "nodejs-polars";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { polarsReader } from "../../src/data/polars";
import { readTablesWith } from "../../src/data/reader";
import { loadTable, type TableDataset, type TableOptions } from "../../src/data/tables";

const folder = mkdtempSync(join(tmpdir(), "tables-"));
afterAll(() => rmSync(folder, { recursive: true }));

const warn = vi.spyOn(console, "warn");
beforeEach(() => {
  warn.mockReset().mockImplementation(() => {});
});
afterEach(() => {
  delete process.env.NOTEBOOK_FOLDER;
});

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** What comes of a file with this content. */
function load(content: string | Buffer, options: Partial<TableOptions> = {}, name = "mine.csv"): TableDataset {
  return loadTable(file(name, content), { label: "y", testShare: 0.5, standardise: false, ...options });
}

/** All rows of X in the order of the table, each with its class's name. */
function rowsOf({ training, test, classNames }: TableDataset): (number | string)[][] {
  const rows: (number | string)[][] = [];
  for (const part of [training, test]) {
    part.rows.forEach((row, i) => {
      rows[row] = [...part.X.row(i).data, classNames[part.labels[i]]];
    });
  }
  return rows;
}

/** Twelve flowers of three species, and a column that is always 1. */
const flowers = [
  "petal,sepal,one,species",
  ...Array.from({ length: 12 }, (_, i) => `${i},${i * i},1,${["rose", "aster", "lily"][i % 3]}`),
].join("\n");

/** Four rows of two classes. */
const good = "a,b,y\n1,10,x\n2,20,x\n3,30,z\n4,40,z\n";
const goodRows = [
  [1, 10, "x"],
  [2, 20, "x"],
  [3, 30, "z"],
  [4, 40, "z"],
];

describe("loadTable", () => {
  it("gives words class ids in alphabetical order", () => {
    const table = loadTable(file("flowers.csv", flowers), { label: "species", standardise: false });
    expect(table.classNames).toEqual(["aster", "lily", "rose"]);
    expect(table.features).toEqual(["petal", "sepal", "one"]);
    expect(table.classes).toBe(3);
    rowsOf(table).forEach((row, i) => {
      expect(row).toEqual([i, i * i, 1, ["rose", "aster", "lily"][i % 3]]);
    });
    expect(table.training.rows.length + table.test.rows.length).toBe(12);
    expect(table.test.rows).toHaveLength(3);
  });

  it("gives numbers class ids in numerical order", () => {
    const rows = [30, 4, 100, 30, 4, 100].map((label, i) => `${i},${label}`);
    expect(load(["x,y", ...rows].join("\n")).classNames).toEqual(["4", "30", "100"]);
  });

  it("standardises by mean and deviation of the training rows, and makes a constant column 0", () => {
    const { training, test, features } = loadTable(file("flowers.csv", flowers), { label: "species" });
    for (const [j, name] of features.entries()) {
      const column = training.X.toRows().map((row) => row[j]);
      const mean = column.reduce((a, b) => a + b) / column.length;
      const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length;
      expect(mean).toBeCloseTo(0, 12);
      expect(variance).toBeCloseTo(name === "one" ? 0 : 1, 12);
    }
    const raw = training.rows;
    const mean = raw.reduce((a, b) => a + b) / raw.length;
    const deviation = Math.sqrt(raw.reduce((sum, x) => sum + (x - mean) ** 2, 0) / raw.length);
    test.rows.forEach((row, i) => {
      expect(test.X.get(i, 0)).toBeCloseTo((row - mean) / deviation, 12);
    });
  });

  it.each([1e200, 1e300, 8e307, 1e-200, 1e-310])("standardises numbers whose squares are no numbers: %s", (unit) => {
    const column = (scale: number) =>
      ["a,y", ...[-2, -1, 0, 1, 2, 2].map((k, i) => `${k * scale},${"xz"[i % 2]}`)].join("\n");
    const [usual, odd] = [1, unit].map((scale) => load(column(scale), { standardise: true }).training.X);
    odd.data.forEach((value, k) => {
      expect(value).toBeCloseTo(usual.data[k], 9);
    });
  });

  it("tells apart values that differ by little", () => {
    const text = ["a,y", ...[0, 1, 2, 3].map((k) => `${1e15 + k},${"xz"[k % 2]}`)].join("\n");
    const { training } = load(text, { standardise: true });
    expect(Array.from(training.X.data, Math.abs)).toEqual([1, 1]);
  });

  it("reads CSV, gzipped CSV, semicolons, tabs, Parquet and a DataFrame alike", () => {
    const options = { label: "species", seed: 3 };
    const expected = loadTable(file("flowers.csv", `\uFEFF${flowers}\n\n`), options);
    const frame = pl.readCSV(Buffer.from(flowers));
    const others = [
      loadTable(file("flowers.csv.gz", gzipSync(flowers)), options),
      loadTable(file("windows.csv", flowers.replaceAll("\n", "\r\n")), options),
      loadTable(file("european.csv", flowers.replaceAll(",", ";")), options),
      loadTable(file("flowers.tsv", flowers.replaceAll(",", "\t")), options),
      loadTable(file("flowers.parquet", frame.writeParquet() as Buffer), options),
      loadTable(frame, options),
    ];
    const plain = ({ frame: _, summary: __, ...rest }: TableDataset) => rest;
    for (const other of others) expect(plain(other)).toEqual(plain(expected));
    expect(expected.frame.columns).toEqual(["petal", "sepal", "one", "species"]);
    expect(expected.frame.getColumn("sepal").toArray()).toEqual(frame.getColumn("sepal").toArray());
  });

  it("finds a file beside the notebook first, then at the project's root", () => {
    file("package.csv", good);
    process.env.NOTEBOOK_FOLDER = folder;
    expect(rowsOf(loadTable("package.csv", { label: "y", testShare: 0.5, standardise: false }))).toEqual(goodRows);
    expect(() => loadTable("data/digits.csv.gz", { label: "y" })).toThrow(
      "loadTable: digits.csv.gz calls columns 1 and 2 by one name",
    );
  });

  it("sums up what was done, and says it at once only if something is odd", () => {
    const { summary } = load(good);
    expect(inspect(String(summary))).toBe(
      "'mine.csv: 2 rows to learn from and 2 to test on, 2 features, 2 classes: x, z'",
    );
    expect((summary as unknown as Record<symbol, () => object>)[Symbol.for("Jupyter.display")]()).toEqual({
      "text/plain": String(summary),
    });
    expect(warn).not.toHaveBeenCalled();
    const odd = load(good.replaceAll(",", ";")).summary;
    expect(odd.notes).toEqual(["fields are separated by semicolons"]);
    expect(warn).toHaveBeenCalledExactlyOnceWith(String(odd));
  });

  it("says when a class would have no row left to learn from", () => {
    expect(() => load("a,y\n1,x\n2,x\n3,x\n4,z\n", { testShare: 0.6 })).toThrow(
      'loadTable: class "z" has 1 rows; with a testShare of 0.6 none is left to learn from',
    );
  });

  it("refuses what is no table and a label that is no name", () => {
    expect(() => loadTable([[1]] as never, { label: "y" })).toThrow("loadTable: table is an array; expected the path");
    expect(() => loadTable(pl.DataFrame({ a: [1] }), {} as never)).toThrow(
      'loadTable: label is undefined; expected one of the columns "a"',
    );
  });

  it("can be read by somebody else than polars", () => {
    const asked: string[] = [];
    readTablesWith({
      ...polarsReader,
      file: ([path]) => ({ path, bytes: new TextEncoder().encode(good) }),
      fields(text, separator) {
        asked.push(text);
        const rows = text.split("\n").map((row) => row.split(separator));
        return rows[0].map((_, j) => rows.map((row) => row[j]));
      },
    });
    try {
      expect(rowsOf(loadTable("nowhere.csv", { label: "y", testShare: 0.5, standardise: false }))).toEqual(goodRows);
      expect(asked).toEqual([good.trim()]);
    } finally {
      readTablesWith(polarsReader);
    }
  });
});

describe("an odd table is read, and what was done is told", () => {
  const many = (row: (i: number) => string) => Array.from({ length: 12 }, (_, i) => row(i)).join("\n");
  it.each<[string, string, Partial<TableOptions>, unknown, string | undefined]>([
    ["semicolons", good.replaceAll(",", ";"), {}, goodRows, "fields are separated by semicolons"],
    ["tabs", good.replaceAll(",", "\t"), {}, goodRows, "fields are separated by tabs"],
    [
      "an index without a name",
      ",a,b,y\n0,1,10,x\n1,2,20,x\n2,3,30,z\n3,4,40,z\n",
      {},
      goodRows,
      "left out: column 1, which has no name and only counts the rows",
    ],
    [
      "a separator at the end of each line",
      good.replaceAll("\n", ",\n"),
      {},
      goodRows,
      "left out: column 4, which has no name and no values",
    ],
    [
      "spaces around numbers",
      good
        .replaceAll(",", " , ")
        .replaceAll(" y", "y")
        .replaceAll(/ ([xz])/g, "$1"),
      {},
      goodRows,
      undefined,
    ],
    ["spaces around the columns' names", good.replace("a,b", " a , b"), {}, goodRows, undefined],
    ["empty lines", good.replaceAll("\n", "\n\n"), {}, goodRows, undefined],
    ["CR LF and a byte order mark", `\uFEFF${good.replaceAll("\n", "\r\n")}`, {}, goodRows, undefined],
    [
      "quotes, with a comma and a line feed in a column that is not used",
      'a,b,c,y\n"1",10,"p,\nq",x\n2,20,"say ""hi""",x\n3,30,,z\n4,40,r,z\n',
      { features: ["a", "b"] },
      goodRows,
      undefined,
    ],
    [
      "yes-no columns",
      "a,b,y\n1,true,x\n2,False,x\n3,TRUE,z\n4,false,z\n",
      {},
      [
        [1, 1, "x"],
        [2, 0, "x"],
        [3, 1, "z"],
        [4, 0, "z"],
      ],
      undefined,
    ],
    ["powers of ten", "a,b,y\n1e0,+1E1,x\n.2e1,20.,x\n3,3e+1,z\n40e-1,40,z\n", {}, goodRows, undefined],
    ["a name of an object's own", good.replaceAll("a,b", "__proto__,constructor"), {}, goodRows, undefined],
    [
      "labels beyond 2⁵³",
      "a,y\n1,9007199254740992\n2,9007199254740993\n3,9007199254740992\n4,9007199254740993\n",
      {},
      [
        [1, "9007199254740992"],
        [2, "9007199254740993"],
        [3, "9007199254740992"],
        [4, "9007199254740993"],
      ],
      undefined,
    ],
    [
      "one number written in three ways",
      "a,y\n1,7\n2,07\n3,7.0\n4,8\n5,8\n6,8\n",
      {},
      [
        [1, "7"],
        [2, "7"],
        [3, "7"],
        [4, "8"],
        [5, "8"],
        [6, "8"],
      ],
      undefined,
    ],
    [
      "classes that differ by a space",
      "a,y\n1,x\n2,x\n3,x \n4,x \n",
      {},
      [
        [1, "x"],
        [2, "x"],
        [3, "x "],
        [4, "x "],
      ],
      'classes "x" and "x " differ only by spaces or capitals, and count as 2',
    ],
    [
      "classes that differ by capitals",
      "a,y\n1,Rose\n2,rose\n3,Rose\n4,rose\n",
      {},
      [
        [1, "Rose"],
        [2, "rose"],
        [3, "Rose"],
        [4, "rose"],
      ],
      'classes "Rose" and "rose" differ only by spaces or capitals, and count as 2',
    ],
    [
      "a class that looks like none",
      "a,y\n1,?\n2,z\n3,?\n4,z\n",
      {},
      [
        [1, "?"],
        [2, "z"],
        [3, "?"],
        [4, "z"],
      ],
      'class "?" counts as a class, though it looks like a missing label',
    ],
    [
      "a missing value, dropped",
      good.replace("2,20,x", "2,,x\n5,50,x"),
      { missing: "drop" },
      [goodRows[0], undefined, [5, 50, "x"], goodRows[2], goodRows[3]],
      'column "b" has no value in line 3: left out',
    ],
    [
      "a missing label, dropped",
      good.replace("20,x", "20,").replace("10,x\n", "10,x\n0,0,x\n"),
      { missing: "drop" },
      [goodRows[0], [0, 0, "x"], undefined, goodRows[2], goodRows[3]],
      'column "y" has no value in line 4: left out',
    ],
    [
      "a constant column",
      "a,b,y\n1,5,x\n2,5,x\n3,5,z\n4,5,z\n",
      {},
      [
        [1, 5, "x"],
        [2, 5, "x"],
        [3, 5, "z"],
        [4, 5, "z"],
      ],
      'column "b" is the same in all rows to learn from: it teaches nothing',
    ],
    [
      "a row number that gives the class away",
      `id,y\n${many((i) => `${i},${i < 6 ? "x" : "z"}`)}`,
      {},
      Array.from({ length: 12 }, (_, i) => [i, i < 6 ? "x" : "z"]),
      'column "id" alone gives the class away: is it the label once more, or a row number?',
    ],
    [
      "the label once more",
      `copy,y\n${many((i) => `${i % 2},${i % 2 ? "x" : "z"}`)}`,
      {},
      Array.from({ length: 12 }, (_, i) => [i % 2, i % 2 ? "x" : "z"]),
      'column "copy" alone gives the class away: is it the label once more, or a row number?',
    ],
  ])("%s", (_, content, options, rows, note) => {
    const table = load(content, options);
    expect(rowsOf(table)).toEqual(rows);
    expect(table.summary.notes).toEqual(note === undefined ? [] : [note]);
  });

  it("fills in the mean of the training rows on request", () => {
    const table = load("a,y\n1,x\nn/a,x\n5,z\n,z\n9,z\n2,x\n", { missing: "mean", testShare: 0.3 });
    const known = table.training.rows.map((row) => [1, Number.NaN, 5, Number.NaN, 9, 2][row]);
    const there = known.filter((value) => !Number.isNaN(value));
    const mean = there.reduce((a, b) => a + b) / there.length;
    expect(rowsOf(table)[1][0]).toBeCloseTo(mean, 12);
    expect(rowsOf(table)[3][0]).toBeCloseTo(mean, 12);
    expect(table.summary.notes).toEqual(['column "a" has no value in line 3, line 5: there is the column\'s mean']);
  });

  it("keeps the digits of whole numbers of 64 bits in a DataFrame and in Parquet", () => {
    const frame = pl.readCSV(
      Buffer.from("a,y\n1,9007199254740993\n2,9007199254740992\n3,9007199254740993\n4,9007199254740992\n"),
    );
    for (const table of [frame, file("large.parquet", frame.writeParquet() as Buffer)]) {
      expect(loadTable(table, { label: "y", testShare: 0.5 }).classNames).toEqual([
        "9007199254740992",
        "9007199254740993",
      ]);
    }
  });
});

describe("a table that can't be right is refused, by name, place and what to do", () => {
  const utf16 = Buffer.from(`\uFEFF${good}`, "utf16le");
  it.each<[string, string | Buffer, string, Partial<TableOptions>?]>([
    [
      "a hole",
      "a,b,y\n1,2,x\n3,,z\n",
      'column "b" has no value in line 3. Give { missing: "drop" } to leave out these rows, or { missing: "mean" }',
    ],
    [
      "many holes",
      `a,y\n${"n/a,x\n".repeat(9)}1,z\n`,
      'column "a" has no value in line 2, line 3, line 4, line 5, line 6 and 4 more. Give',
    ],
    ["a hole behind lines that are no rows", "a,y\n\n\n1,x\n\nnan,z\n", 'column "a" has no value in line 6.'],
    ["a hole behind a field of two lines", 'a,b,y\n1,"1\n",x\n,3,z\n', 'column "a" has no value in line 4.'],
    ["no label in a row", "a,y\n1,x\n2,\n3,z\n", 'column "y" has no value in line 3. Give'],
    [
      "no label, and a mean asked for",
      "a,y\n1,x\n2,\n3,z\n",
      'column "y" has no value in line 3, and a label has no mean; give { missing: "drop" }',
      { missing: "mean" },
    ],
    [
      "a column without values",
      "a,b,y\n1,,x\n2,,z\n",
      'column "b" has no value at all; name the columns to use',
      { missing: "drop" },
    ],
    [
      "a word",
      "a,b,y\n1,2,x\n3,tall,z\n",
      'column "b" has "tall" in line 3; expected a number. A column of words can be left out',
    ],
    ["a word far down", `a,y\n${"1,x\n".repeat(500)}oh,z\n`, 'column "a" has "oh" in line 502;'],
    ["a unit", "a,y\n5 cm,x\n6 cm,z\n", 'column "a" has "5 cm" in line 2; expected a number'],
    ["infinity", "a,y\n1,x\ninf,z\n", 'column "a" has "inf" in line 3; expected a number'],
    ["a number too large", "a,y\n1,x\n1e999,z\n", 'column "a" has "1e999" in line 3; expected a number'],
    [
      "a decimal comma",
      "a;y\n1,5;x\n2,25;z\n",
      'column "a" has "1,5" in line 2; expected a number. A decimal comma has to be a point: 1.5',
    ],
    [
      "a comma that may be either",
      "a;y\n1,234;x\n2;z\n",
      'has "1,234" in line 2; expected a number. If the comma separates thousands, leave it out (1234); if it is a decimal comma',
    ],
    [
      "commas between thousands",
      'a,y\n"1,234,567",x\n2,z\n',
      'has "1,234,567" in line 2; expected a number. Write it without what separates the thousands',
    ],
    [
      "spaces between thousands",
      "a,y\n1 234,x\n2,z\n",
      'has "1 234" in line 2; expected a number. Write it without what separates the thousands',
    ],
    [
      "points between thousands and a decimal comma",
      "a;y\n1.234,5;x\n2;z\n",
      'has "1.234,5" in line 2; expected a number. Write it with a decimal point and nothing else',
    ],
    [
      "a decimal comma in a table of commas",
      "a,y\n1,5,x\n2,5,z\n",
      "has 3 fields in line 2 and 2 in line 1, the header; expected as many, separated by commas. A comma within a field needs quotes around it, a decimal comma has to be a point",
    ],
    [
      "too short a line",
      "a,b,y\n1,2,x\n3,z\n",
      "has 2 fields in line 3 and 3 in line 1, the header; expected as many, separated by commas",
    ],
    ["a comment before the header", `# made by hand\n${good}`, "has a line that starts with #, line 1: a comment?"],
    ["a comment in between", good.replace("3,30", "# half\n3,30"), "has a line that starts with #, line 4: a comment?"],
    [
      "a label in between",
      "a,y\n1,0\n2,0.5\n",
      'label column "y" has "0.5" in line 3; expected a class, a word or a whole number',
    ],
    ["one class", "a,y\n1,x\n2,x\n", 'label column "y" holds one class only, "x"; expected two or more'],
    ["no label column", "a,b\n1,x\n2,z\n", 'label is "y"; expected one of the columns "a", "b"'],
    [
      "no header line",
      "1,10,x\n2,20,z\n",
      'label is "y"; expected one of the columns "1", "10", "x". Does mine.csv start with a row? It needs a first line with the columns\' names',
    ],
    [
      "two columns of one name",
      "a,y,y\n1,x,x\n2,z,z\n",
      'calls columns 2 and 3 by one name, "y"; rename one, or add a first line with names',
    ],
    [
      "a column without a name",
      "a,,y\n1,7,x\n2,5,z\n",
      "has no name for column 2 in its first line; every column needs one",
    ],
    ["no feature", "y\nx\nz\n", "the table has only the label column; expected features beside it"],
    ["only a header", "a,y\n", "the table has 0 rows; expected at least one for each of two classes"],
    [
      "one row per class",
      "a,y\n1,x\n2,z\n",
      "the table has 2 rows of 2 classes; expected enough for a testShare",
      { testShare: 0.2 },
    ],
    ["nothing in it", "", "mine.csv is empty; expected a line with the columns' names, then a line a row"],
    ["an open quote", 'a,y\n1,"x\n2,z\n', "has a quotation mark in line 2 that is never closed"],
    [
      "UTF-16",
      utf16,
      "mine.csv is not UTF-8 but looks like UTF-16, two bytes a letter. In a spreadsheet, save it as “CSV UTF-8”",
    ],
    ["UTF-16 without a mark", Buffer.from(good.repeat(20), "utf16le"), "looks like UTF-16"],
    [
      "Latin-1",
      Buffer.from("a,y\n1,x\n2,é\n", "latin1"),
      "mine.csv is not UTF-8: line 3 has bytes that are no letter in it. Older files are often in Latin-1",
    ],
    ["gzip by another name", gzipSync(good), "mine.csv is packed by gzip; give it a name that ends in .gz"],
    [
      "a spreadsheet by another name",
      Buffer.from("PK\u0003\u0004\u0000"),
      "mine.csv is no text but a ZIP archive, as .xlsx and .ods files are",
    ],
    [
      "CR alone",
      good.replaceAll("\n", "\r"),
      "mine.csv ends its lines with CR alone, as old Macs did; save it with LF or CR LF",
    ],
    [
      "a feature that is not there",
      good,
      'features has "c"; expected some of the columns "a", "b", "y"',
      { features: ["a", "c"] },
    ],
    [
      "the label as a feature",
      good,
      'features has "y", the label; expected some of the columns',
      { features: ["a", "y"] },
    ],
    ["a feature twice", good, 'features has "a" twice', { features: ["a", "a"] }],
    ["an unknown wish", good, 'missing is "zero"; expected "drop" or "mean"', { missing: "zero" as never }],
  ])("%s", (_, content, message, options = {}) => {
    expect(() => load(content, options)).toThrow(message);
    expect(() => load(content, options)).toThrow(/^loadTable: /);
  });

  it("refuses files that are missing or of another kind", () => {
    expect(() => loadTable("data/none.csv", { label: "y" })).toThrow(
      /^loadTable: there is no file data\/none\.csv in .*; expected a path from the notebook's folder or the project's root$/,
    );
    expect(() => loadTable("data/README.md", { label: "y" })).toThrow("expected a name that ends in .csv, .tsv");
    expect(() => load(good, {}, "no.csv.gz")).toThrow("no.csv.gz can't be unpacked by gzip (incorrect header check)");
    expect(() => load(good, {}, "no.parquet")).toThrow("no.parquet can't be read as Parquet");
  });
});
