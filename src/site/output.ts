/** What code cells have left behind, as HTML. */
import { stripVTControlCharacters } from "node:util";
import { asText } from "../show/html-text";
import { type Bundle, type Output, textOf } from "./executed-notebook";
import { type Context, markdownHtml, outputHtml } from "./markdown";

/** The MIME type of charts, of any Vega-Lite 5. */
const VEGA_LITE = /^application\/vnd\.vegalite\.v5\b/;

/** Keeps an image as a file of the book, and says where. */
export type KeepImage = (svg: string) => string;

/**
 * An output as HTML, in the richest form that a page can show.
 *
 * @param keep where the images of charts go
 */
export function renderOutput(output: Output, context: Context, keep: KeepImage): string {
  switch (output.output_type) {
    case "stream":
      return `<pre class="${output.name === "stderr" ? "stderr" : "stdout"}">${plain(output.text)}</pre>`;
    case "error":
      return `<pre class="stderr">${plain(output.traceback?.join("\n") || `${output.ename}: ${output.evalue}`)}</pre>`;
    default:
      return renderBundle(output.data, context, keep);
  }
}

function renderBundle(data: Bundle, context: Context, keep: KeepImage): string {
  const chart = Object.keys(data).find((type) => VEGA_LITE.test(type));
  const svg = textOf(data["image/svg+xml"]);
  const image = svg === "" ? pixels(data) : keep(svg);
  if (chart !== undefined) return renderChart(data[chart], image, textOf(data["text/plain"]));
  if ("text/html" in data) return `<div class="html">${outputHtml(textOf(data["text/html"]), context)}</div>`;
  if ("text/markdown" in data) return `<div class="html">${markdownHtml(textOf(data["text/markdown"]), context)}</div>`;
  if (image) return `<figure><img src="${image}" alt="${asText(textOf(data["text/plain"]))}"></figure>`;
  if ("text/latex" in data) return `<div class="html">${outputHtml(asText(textOf(data["text/latex"])), context)}</div>`;
  return `<pre>${plain(data["text/plain"])}</pre>`;
}

/** The image; where JavaScript runs, the chart itself takes its place. */
function renderChart(spec: unknown, image: string | undefined, words: string): string {
  const { description } = (spec ?? {}) as { description?: unknown };
  const alt = asText(typeof description === "string" ? description : words);
  const shown = image ? `<img src="${image}" alt="${alt}">` : `<figcaption>${alt}</figcaption>`;
  const json = JSON.stringify(spec).replaceAll("<", "\\u003c");
  return `<figure class="chart">${shown}<script type="application/json">${json}</script></figure>`;
}

function pixels(data: Bundle): string | undefined {
  const type = ["image/png", "image/jpeg"].find((type) => type in data);
  return type && `data:${type};base64,${textOf(data[type]).trim()}`;
}

function plain(text: unknown): string {
  return asText(stripVTControlCharacters(textOf(text)));
}
