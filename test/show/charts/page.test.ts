import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as charts from "../../../src/show/charts";
import { Chart } from "../../../src/show/charts";

const page = readFileSync("docs/charts.md", "utf8");

it("docs/charts.md lists every chart", () => {
  const functions = Object.keys(charts).filter((name) => name !== "Chart");
  expect(functions.filter((name) => !page.includes(`\`${name}(`))).toEqual([]);
});

it("the page's specification is drawn as it stands there", () => {
  const [, code] = /```ts\nchart\((\{.*?\})\)\n```/s.exec(page)!;
  const made = charts.chart(new Function(`return ${code}`)());
  expect(Chart.isChart(made)).toBe(true);
  expect(String(made)).toBe("Petals. Drawn as bar of flower, petals. 2 rows.");
});
