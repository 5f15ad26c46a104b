/** What a chart in a page looks like: its pixels. */
import type { ElementHandle, Page } from "playwright-core";
import { expect } from "vitest";

/** What can be told of a picture. */
export interface Look {
  /** Another one for other pixels. */
  readonly hash: string;
  /** How many different colours there are. */
  readonly colours: number;
  /** The share of pixels that are not as the corner is. */
  readonly inked: number;
  /** The lightest and the darkest pixel's luminance, by WCAG. */
  readonly lightest: number;
  readonly darkest: number;
}

/** A chart, drawn by vega on a canvas. */
export class Drawing {
  readonly #page: Page;

  constructor(
    page: Page,
    /** The element that holds the canvas and the sliders. */
    readonly element: ElementHandle<HTMLElement | SVGElement>,
  ) {
    this.#page = page;
  }

  /** Looks at the pixels, once what has just happened is drawn. */
  look(): Promise<Look> {
    return this.element.evaluate(async (element) => {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      const canvas = element.querySelector("canvas") as HTMLCanvasElement;
      const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
        0,
        0,
        canvas.width,
        canvas.height,
      );
      const pixels = new Uint32Array(data.buffer);
      let hash = 2166136261;
      let inked = 0;
      const colours = new Set<number>();
      for (const pixel of pixels) {
        hash = Math.imul(hash ^ pixel, 16777619) >>> 0;
        if (pixel !== pixels[0]) inked++;
        colours.add(pixel);
      }
      const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
      const luminances = [...colours].map((pixel) => {
        const [r, g, b] = [0, 8, 16].map((bits) => linear(((pixel >>> bits) & 255) / 255));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      });
      return {
        hash: hash.toString(16),
        colours: colours.size,
        inked: inked / pixels.length,
        lightest: luminances.reduce((a, b) => Math.max(a, b)),
        darkest: luminances.reduce((a, b) => Math.min(a, b)),
      };
    });
  }

  /** Waits until it looks different. */
  async changed(before: Look): Promise<Look> {
    await expect.poll(async () => (await this.look()).hash, { timeout: 30_000 }).not.toBe(before.hash);
    return this.look();
  }

  /** The sliders below it. */
  sliders(): Promise<ElementHandle<HTMLElement | SVGElement>[]> {
    return this.element.$$('input[type="range"]');
  }

  /** Points at place after place until something answers with a tooltip, and returns what it says. */
  async tooltip(): Promise<string> {
    const canvas = await this.element.waitForSelector("canvas, svg.marks");
    await canvas.scrollIntoViewIfNeeded();
    const box = await canvas.boundingBox();
    if (box === null) throw new Error("The chart is not in view.");
    const visible = this.#page.locator("#vg-tooltip-element.visible");
    for (const down of [0.5, 0.6, 0.4, 0.7, 0.3, 0.8]) {
      for (let right = 0.08; right < 1; right += 0.04) {
        await this.#page.mouse.move(box.x + right * box.width, box.y + down * box.height);
        if ((await visible.count()) > 0) return (await visible.textContent()) ?? "";
      }
    }
    return "";
  }
}

/** The drawings inside an element, once there are as many as there should be. */
export async function drawingsIn(
  page: Page,
  element: ElementHandle<HTMLElement | SVGElement>,
  count: number,
): Promise<Drawing[]> {
  await expect
    .poll(async () => (await element.$$(".vega-embed canvas.marks, .vega-embed svg.marks")).length, { timeout: 60_000 })
    .toBe(count);
  const embeds = await element.$$(".vega-embed");
  return embeds.map((embed) => new Drawing(page, embed));
}
