/// <reference lib="dom" />
/** Runs in the reader's browser: puts a chart in the place of its image. A page loads it when a chart comes into view. */
import embed, { type EmbedOptions } from "vega-embed";

/** Data and images are in the charts themselves; nothing is loaded. */
const nothing = () => Promise.reject(new Error("this book loads nothing"));

/** Charts look at the ground they are drawn on: in the dark, the page's own. */
const isDark = matchMedia("(prefers-color-scheme: dark)").matches;

const options: EmbedOptions = {
  renderer: "svg",
  ...(isDark && { config: { background: getComputedStyle(document.body).backgroundColor } }),
  actions: false,
  // Expressions are read and not made into programs, so that the page may forbid all but its own.
  ast: true,
  loader: { load: nothing, sanitize: nothing } as unknown as EmbedOptions["loader"],
};

async function drawChart(figure: HTMLElement): Promise<void> {
  const spec = JSON.parse(figure.querySelector("script")?.textContent ?? "");
  const place = document.createElement("div");
  place.hidden = true;
  figure.append(place);
  // The image stays where it is if its chart can't be drawn.
  await embed(place, spec, options);
  for (const fallback of figure.querySelectorAll(":scope > img, :scope > figcaption")) fallback.remove();
  // Parts that only answer to the mouse have no words, and are nothing to those who listen.
  for (const part of place.querySelectorAll('[role="graphics-symbol"]:not([aria-label])')) {
    part.setAttribute("aria-hidden", "true");
  }
  place.hidden = false;
}

Object.assign(globalThis, { drawChart });

/** What `book.js` leaves behind. */
export type DrawChart = typeof drawChart;
