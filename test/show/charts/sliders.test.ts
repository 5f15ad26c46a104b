import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import type { Chart, Part } from "../../../src/show/charts/chart";
import { gallery } from "./gallery";

const require = createRequire(import.meta.url);
const vega = require("vega");
const vegaLite = require("vega-lite");

interface Slider {
  readonly name: string;
  readonly value: number;
  readonly bind: { readonly min: number; readonly max: number } | { readonly options: readonly number[] };
}

function slidersOf({ spec }: Chart): Slider[] {
  return ((spec.params ?? []) as unknown as Slider[]).filter(({ bind }) => bind !== undefined);
}

const charts = Object.entries(gallery).filter(([, chart]) => slidersOf(chart).length > 0);

describe.each(charts)("%s", (_, chart) => {
  it.each(slidersOf(chart))("looks as it did when its slider comes back: $name", async ({ name, value, bind }) => {
    const warnings: string[] = [];
    const logger = vega.logger(vega.Warn);
    logger.warn = (...words: unknown[]) => {
      warnings.push(words.join(" "));
      return logger;
    };
    const view = new vega.View(vega.parse(vegaLite.compile(chart.spec as Part).spec), { renderer: "none", logger });
    const picture = async () => {
      vega.resetSVGDefIds();
      return view.toSVG();
    };
    const atFirst = await picture();
    const ends = "options" in bind ? [bind.options[0], bind.options[bind.options.length - 1]] : [bind.min, bind.max];
    for (const there of ends) {
      await view.signal(name, there).runAsync();
      if (there !== value) expect(await picture()).not.toBe(atFirst);
      await view.signal(name, value).runAsync();
      expect(await picture()).toBe(atFirst);
    }
    expect(warnings).toEqual([]);
    view.finalize();
  });
});
