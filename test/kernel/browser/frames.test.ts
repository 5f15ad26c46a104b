import { expect, it } from "vitest";
import { frames } from "../../../src/kernel/browser/frames";

/** What is used here of the stand-in for polars. */
const pl = frames as {
  readCSV(text: string | Uint8Array, options?: object): Frame;
  readParquet(bytes: Uint8Array): Frame;
  DataFrame(columns: Record<string, unknown[]>): Frame;
  col(name: string): unknown;
};

interface Frame {
  columns: string[];
  shape: { height: number; width: number };
  getColumn(name: string): { toArray(): unknown[] };
  groupBy(name: string): unknown;
  toRecords(): Record<string, unknown>[];
}

it("reads numbers as numbers, texts as texts, and nothing as null", () => {
  const table = pl.readCSV("x,name\n1.5,a\n,b\n-2e3,\n");
  expect(table.shape).toEqual({ height: 3, width: 2 });
  expect(table.getColumn("x").toArray()).toEqual([1.5, null, -2000]);
  expect(table.getColumn("name").toArray()).toEqual(["a", "b", null]);
});

it("fields in quotes hold separators, line feeds and quotes", () => {
  const table = pl.readCSV('a,b\r\n"1, or 2","say ""no""\nlater"\r\n', {});
  expect(table.toRecords()).toEqual([{ a: "1, or 2", b: 'say "no"\nlater' }]);
});

it("without a header and a schema, all is text, and other separators will do", () => {
  const table = pl.readCSV("1\t2\n3\t", { hasHeader: false, sep: "\t", inferSchemaLength: 0 });
  expect(table.columns).toEqual(["column_1", "column_2"]);
  expect(table.toRecords()).toEqual([
    { column_1: "1", column_2: "2" },
    { column_1: "3", column_2: null },
  ]);
});

it("a line with another number of fields is refused, and said which", () => {
  expect(() => pl.readCSV("a,b\n1,2\n3\n")).toThrow("row 2 has 1 fields; expected 2, as many as the first");
});

it("what is polars' own says that it does not run here, and what to do", () => {
  const table = pl.DataFrame({ x: [1, 2] });
  expect(() => table.groupBy("x")).toThrow(/DataFrame\.groupBy is polars' own.*npm run lab/);
  expect(() => pl.col("x")).toThrow(/^col is polars' own/);
  expect(() => pl.readParquet(new Uint8Array())).toThrow("save the table as CSV");
  expect(() => table.getColumn("y")).toThrow('there is no column "y"; there are x');
});
