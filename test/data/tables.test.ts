import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import pl from "nodejs-polars";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { predict } from "../../src/data/labels";
import { type Dataset, loadDigits, loadTable } from "../../src/data/tables";

const folder = mkdtempSync(join(tmpdir(), "tables-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** Twelve flowers of three species, and a column that is always 1. */
const flowers = [
  "petal,sepal,one,species",
  ...Array.from({ length: 12 }, (_, i) => `${i},${i * i},1,${["rose", "aster", "lily"][i % 3]}`),
].join("\n");

function share(part: { labels: readonly number[] }, label: number): number {
  return part.labels.filter((other) => other === label).length / part.labels.length;
}

describe("loadDigits", () => {
  const digits = loadDigits();
  const lines = gunzipSync(readFileSync("data/digits.csv.gz")).toString().trim().split("\n");

  it("comes from the file that data/README.md describes", () => {
    const sum = createHash("sha256").update(readFileSync("data/digits.csv.gz")).digest("hex");
    expect(readFileSync("data/README.md", "utf8")).toContain(sum);
  });

  it("has every line once, its 64 pixels divided by 16 and its label", () => {
    expect(digits.training.X.shape).toBe("1438×64");
    expect(digits.test.X.shape).toBe("359×64");
    const rows = [...digits.training.rows, ...digits.test.rows];
    expect(rows.slice().sort((a, b) => a - b)).toEqual(lines.map((_, i) => i));
    for (const part of [digits.training, digits.test]) {
      for (const i of [0, 17, part.rows.length - 1]) {
        const numbers = lines[part.rows[i]].split(",").map(Number);
        expect(Array.from(part.X.row(i).data)).toEqual(numbers.slice(0, 64).map((pixel) => pixel / 16));
        expect(part.labels[i]).toBe(numbers[64]);
      }
      expect(predict(part.Y)).toEqual(part.labels);
    }
  });

  it("keeps the same share of every digit in both parts", () => {
    for (let digit = 0; digit < 10; digit++) {
      expect(Math.abs(share(digits.training, digit) - share(digits.test, digit))).toBeLessThan(0.003);
    }
  });

  it("is split by the seed", () => {
    expect(loadDigits({ seed: 1 }).test.rows).toEqual(digits.test.rows);
    expect(loadDigits({ seed: 2 }).test.rows).not.toEqual(digits.test.rows);
    expect(loadDigits({ testShare: 0.5 }).test.X.rows).toBeCloseTo(1797 / 2, -1);
  });

  it("has the table as polars read it, with named columns", () => {
    expect([digits.frame.height, digits.frame.width]).toEqual([1797, 65]);
    expect(digits.frame.columns[64]).toBe("digit");
    expect(digits.features[9]).toBe("pixel 1,1");
    expect(digits.classNames.join("")).toBe("0123456789");
  });

  it("refuses options out of range", () => {
    expect(() => loadDigits({ testShare: 1 })).toThrow("loadDigits: testShare is 1; expected a number between 0 and 1");
    expect(() => loadDigits({ seed: 0.5 })).toThrow("loadDigits: seed is 0.5; expected a whole number");
  });
});

describe("loadDigits, from a project whose file is broken", () => {
  const root = process.cwd();
  afterEach(() => process.chdir(root));

  /** `loadDigits` as it is in a project with this file. */
  async function loadFrom(name: string, content: string | Buffer) {
    const project = join(folder, name);
    mkdirSync(join(project, "data"), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
    if (content.length > 0) writeFileSync(join(project, "data/digits.csv.gz"), content);
    process.chdir(project);
    vi.resetModules();
    return (await import("../../src/data/tables")).loadDigits();
  }

  const csv = gunzipSync(readFileSync("data/digits.csv.gz")).toString();

  it.each([
    ["missing", "", "loadDigits: there is no file data/digits.csv.gz in"],
    ["cut off", readFileSync("data/digits.csv.gz").subarray(0, 9000), "can't be read (unexpected end of file)"],
    ["unzipped", csv, "loadDigits: data/digits.csv.gz can't be read (incorrect header check); expected a CSV file"],
    ["short", gzipSync(csv.slice(0, 1461)), "loadDigits: data/digits.csv.gz is 10×65; expected 1797 rows of 64 pixels"],
    [
      "dark",
      gzipSync(csv.replace("0,0,5,13", "0,0,5,17")),
      'column "pixel 0,3" has 17 in row 0; expected a whole number from 0 to 16',
    ],
    ["wordy", gzipSync(csv.replace("0,0,5,13", "0,0,5,x")), 'column "pixel 0,3" has "x" in row 0; expected a number'],
  ])("says what is wrong: %s", async (name, content, message) => {
    await expect(loadFrom(name, content)).rejects.toThrow(message);
  });
});

describe("loadTable", () => {
  it("gives words class ids in alphabetical order", () => {
    const table = loadTable(file("flowers.csv", flowers), { label: "species", standardise: false });
    expect(table.classNames).toEqual(["aster", "lily", "rose"]);
    expect(table.features).toEqual(["petal", "sepal", "one"]);
    expect(table.classes).toBe(3);
    for (const part of [table.training, table.test]) {
      part.rows.forEach((row, i) => {
        expect(Array.from(part.X.row(i).data)).toEqual([row, row * row, 1]);
        expect(table.classNames[part.labels[i]]).toBe(["rose", "aster", "lily"][row % 3]);
      });
    }
    expect(table.training.rows.length + table.test.rows.length).toBe(12);
    expect(table.test.rows).toHaveLength(3);
  });

  it("gives numbers class ids in numerical order", () => {
    const rows = [30, 4, 100, 30, 4, 100].map((label, i) => `${i},${label}`);
    const table = loadTable(file("numbers.csv", ["x,y", ...rows].join("\n")), { label: "y", testShare: 0.5 });
    expect(table.classNames).toEqual(["4", "30", "100"]);
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

  it("reads CSV, gzipped CSV, Parquet and a DataFrame alike", () => {
    const options = { label: "species", seed: 3 };
    const expected = loadTable(file("flowers.csv", `${flowers}\n\n`), options);
    const frame = pl.readCSV(Buffer.from(flowers));
    const others = [
      loadTable(file("flowers.csv.gz", gzipSync(flowers)), options),
      loadTable(file("flowers.parquet", frame.writeParquet() as Buffer), options),
      loadTable(frame, options),
    ];
    const plain = ({ frame: _, ...rest }: Dataset) => rest;
    for (const other of others) expect(plain(other)).toEqual(plain(expected));
  });

  it("counts quoted numbers and yes-no columns as numbers", () => {
    const table = file("quoted.csv", 'a,b,c\n"1",true,x\n" 2",false,y\n3,true,x\n4,false,y\n');
    const { training, test } = loadTable(table, { label: "c", standardise: false, testShare: 0.5 });
    for (const part of [training, test]) {
      part.rows.forEach((row, i) => {
        expect(Array.from(part.X.row(i).data)).toEqual([row + 1, row % 2 === 0 ? 1 : 0]);
      });
    }
  });

  it.each([
    ["a hole", "a,b,y\n1,2,x\n3,,z\n", 'loadTable: column "b" has nothing in row 1; expected a number'],
    ["a word", "a,b,y\n1,2,x\n3,n/a,z\n", 'loadTable: column "b" has "n/a" in row 1; expected a number'],
    ["a word far down", `a,y\n${"1,x\n".repeat(500)}oh,z\n`, 'loadTable: column "a" has "oh" in row 500;'],
    ["infinity", "a,y\n1,x\ninf,z\n", 'loadTable: column "a" has Infinity in row 1; expected a number'],
    ["a blank line", "a,y\n1,x\n\n3,z\n", 'loadTable: label column "y" has nothing in row 1'],
    ["no label", "a,y\n1,x\n2,\n", 'loadTable: label column "y" has nothing in row 1; expected a class'],
    ["a label in between", "a,y\n1,0\n2,0.5\n", 'loadTable: label column "y" has 0.5 in row 1; expected a class'],
    ["one class", "a,y\n1,x\n2,x\n", 'loadTable: label column "y" holds one class only, "x"; expected two or more'],
    ["no label column", "a,b\n1,x\n2,z\n", 'loadTable: label is "y"; expected one of the columns "a", "b"'],
    ["no feature", "y\nx\nz\n", "loadTable: the table has only the label column; expected features beside it"],
    ["only a header", "a,y\n", "loadTable: the table has 0 rows; expected at least one for each of two classes"],
    [
      "one row per class",
      "a,y\n1,x\n2,z\n",
      "loadTable: the table has 2 rows of 2 classes; expected enough for a testShare",
    ],
    ["nothing in it", "", "bad.csv can't be read (no data: empty CSV); expected a CSV file"],
    ["too long a line", "a,y\n1,x\n2,z,3\n", "expected a CSV file, every line with the same number of fields"],
    ["an open quote", 'a,y\n1,"x\n', "bad.csv can't be read"],
  ])("names function, argument, place, expected and got: %s", (_, content, message) => {
    const path = file("bad.csv", content);
    expect(() => loadTable(path, { label: "y" })).toThrow(message);
    expect(() => loadTable(path, { label: "y" })).toThrow(/^loadTable: .*/);
  });

  it("says when a class would have no row left to learn from", () => {
    const path = file("few.csv", "a,y\n1,x\n2,x\n3,x\n4,z\n");
    expect(() => loadTable(path, { label: "y", testShare: 0.6 })).toThrow(
      'loadTable: class "z" has 1 rows; with a testShare of 0.6 none is left to learn from',
    );
  });

  it("refuses files that are missing or of another kind", () => {
    expect(() => loadTable("data/none.csv", { label: "y" })).toThrow(
      /^loadTable: there is no file data\/none\.csv in .*; expected a path from the project's root$/,
    );
    expect(() => loadTable("data", { label: "y" })).toThrow("there is no file data in");
    expect(() => loadTable("data/README.md", { label: "y" })).toThrow("expected a name that ends in .csv, .csv.gz");
    expect(() => loadTable(file("no.csv.gz", "a,y\n"), { label: "y" })).toThrow(
      "can't be read (incorrect header check)",
    );
    expect(() => loadTable(file("no.parquet", "a,y\n"), { label: "y" })).toThrow("expected a Parquet file");
    expect(() => loadTable(file("zipped.csv", gzipSync(flowers)), { label: "y" })).toThrow("zipped.csv can't be read");
  });

  it("refuses what is no table and a label that is no name", () => {
    expect(() => loadTable([[1]] as never, { label: "y" })).toThrow("loadTable: table is an array; expected the path");
    expect(() => loadTable(pl.DataFrame({ a: [1] }), {} as never)).toThrow(
      'loadTable: label is undefined; expected one of the columns "a"',
    );
  });
});
