import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import { Chart } from "../../../src/show/charts";
import type { Part, VegaLiteSpec } from "../../../src/show/charts/chart";
import { chartImage } from "../../../src/show/charts/svg";
import { gallery } from "./gallery";

const require = createRequire(import.meta.url);
const vega = require("vega");
const vegaLite = require("vega-lite");

const schema = JSON.parse(readFileSync("node_modules/vega-lite/build/vega-lite-schema.json", "utf8"));
const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

/** Vega-Lite draws a subtitle that is an expression, as it does a title, and hands on an expression for the number of columns; its schema has forgotten to say so. */
function asDeclared(spec: VegaLiteSpec): VegaLiteSpec {
  const title = spec.title as Part;
  return {
    ...spec,
    title: { ...title, ...("subtitle" in title && { subtitle: "words" }) },
    ...("columns" in spec && { columns: 1 }),
  };
}

describe("the schema check itself", () => {
  it("refuses a mark and a property that Vega-Lite does not know", () => {
    const { spec } = new Chart({ title: "t", description: "d", spec: { data: { values: [] }, mark: "line" } });
    expect(validate(spec)).toBe(true);
    expect(validate({ ...spec, mark: "curve" })).toBe(false);
    expect(validate({ ...spec, colour: "red" })).toBe(false);
  });
});

describe.each(Object.entries(gallery))("%s", (_, chart) => {
  it("is what the JSON schema of vega-lite 5.6 asks for", () => {
    validate(asDeclared(chart.spec));
    expect(validate.errors ?? []).toEqual([]);
  });

  it("compiles without a warning", () => {
    const warnings: unknown[] = [];
    const logger = {
      level: () => logger,
      error: () => logger,
      warn: (...w: unknown[]) => warnings.push(w),
      info: () => logger,
      debug: () => logger,
    };
    vegaLite.compile(chart.spec, { logger });
    expect(warnings).toEqual([]);
  });

  it("is JSON: nothing is lost on the way into a notebook", () => {
    expect(JSON.parse(JSON.stringify(chart.spec))).toEqual(chart.spec);
  });

  it("has a title and a sentence as alternative text", () => {
    expect(chart.spec.description).toBe(chart.description);
    expect(chart.description).toMatch(/^[A-Z0-9−].{20,}[.]$/s);
    expect(chart.description).not.toMatch(/NaN|undefined/);
    expect(chart.title).toMatch(/^.{4,60}$/);
  });

  it("fits a notebook on a laptop, and is small", () => {
    const svg = chartImage(chart);
    const [, width, height] = svg.match(/ width="(\d+)" height="(\d+)"/)!.map(Number);
    expect(width).toBeLessThanOrEqual(720);
    expect(height).toBeLessThanOrEqual(760);
    // as a notebook's file holds it, six levels deep
    const written = JSON.stringify({ a: { b: { c: { d: { e: chart.spec } } } } }, null, 1);
    expect(svg.length + written.length).toBeLessThan(160_000);
  });

  it("draws something, on a white card", () => {
    const svg = chartImage(chart);
    expect(svg).toMatch(/<rect width="\d+" height="\d+" fill="white"\/>/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg.match(/<(path|line|text|rect)\b/g)!.length).toBeGreaterThan(5);
  });

  it("is the same to the letter when drawn again", () => {
    expect(chartImage(chart)).toBe(chartImage(chart));
  });

  it("is drawn at once as vega draws it in its own time", async () => {
    const image = chartImage(chart);
    const view = new vega.View(vega.parse(vegaLite.compile(chart.spec).spec), { renderer: "none" });
    const texts = (svg: string) => svg.match(/<(text|tspan)[^>]*>[^<]*/g)?.map((tag) => tag.replace(/^[^>]*>/, ""));
    const theirs: string = await view.toSVG();
    expect(texts(image)).toEqual(texts(theirs));
    const frame = (svg: string) => [
      svg.match(/ width="(\d+)" height="(\d+)"/)![0],
      svg.match(/<g fill="none" stroke-miterlimit="10" transform="[^"]*"/)![0],
    ];
    expect(frame(image)).toEqual(frame(theirs));
  });
});
