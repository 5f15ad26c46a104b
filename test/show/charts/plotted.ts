/** What a compiled chart really draws: the data that reach its marks. */
import { createRequire } from "node:module";
import type { Chart } from "../../../src/show/charts";
import type { Histogram } from "../../../src/show/charts/bins";

const require = createRequire(import.meta.url);
const vega = require("vega");
const vegaLite = require("vega-lite");

type Row = Record<string, unknown>;

/** A mark of the scene: its kind, and for each item the row of data behind it. */
export interface DrawnMark {
  readonly kind: string;
  readonly rows: readonly Row[];
  readonly items: readonly Record<string, unknown>[];
}

/**
 * Runs a chart headless.
 *
 * @param signals values for its sliders
 * @returns every mark that has items with data
 */
export function drawn(chart: Chart, signals: Readonly<Record<string, unknown>> = {}): DrawnMark[] {
  const view = new vega.View(vega.parse(vegaLite.compile(chart.spec).spec), { renderer: "none" });
  view.run();
  for (const [name, value] of Object.entries(signals)) view.signal(name, value);
  view.run();
  const marks: DrawnMark[] = [];
  const visit = (node: { marktype?: string; role?: string; items?: never[] }) => {
    const items = (node.items ?? []) as (Row & { items?: never[]; datum?: Row })[];
    if (node.marktype !== undefined && node.marktype !== "group" && node.role === "mark") {
      marks.push({ kind: node.marktype, rows: items.map(({ datum }) => datum ?? {}), items });
    }
    for (const item of items) visit(item);
  };
  visit(view.scenegraph().root);
  view.finalize();
  return marks;
}

/** All words that a chart's marks (not its axes) write; the light ground behind some of them is no second word. */
export function wordsIn(chart: Chart, signals: Readonly<Record<string, unknown>> = {}): string[] {
  return drawn(chart, signals)
    .filter(({ kind }) => kind === "text")
    .flatMap(({ items }) =>
      items
        .filter(({ stroke }) => stroke === undefined)
        .map(({ text }) => (Array.isArray(text) ? text.join("\n") : String(text))),
    );
}

/** The histograms in a chart's data, with their packed counts as numbers, panel after panel. */
export function histogramsIn(chart: Chart): (Omit<Histogram, "name"> & { panel: number; label: string })[] {
  type Packed = Omit<Histogram, "name" | "counts"> & { panel: number; label: string; count: string };
  const { values } = (chart.spec as unknown as { data: { values: Packed[] } }).data;
  return values.map(({ count, ...row }) => ({ ...row, counts: count.split(" ").map(Number) }));
}
