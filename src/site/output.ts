/** What code cells have left behind, as HTML. */
import { stripVTControlCharacters } from "node:util";
import { asText, Html, html } from "../show/html-text";
import { type Bundle, type Output, textOf } from "./executed-notebook";
import { type Context, markdownHtml, outputHtml } from "./markdown";

/** The MIME type of charts, of any Vega-Lite 5. */
const VEGA_LITE = /^application\/vnd\.vegalite\.v5\b/;

/**
 * An output as HTML, in the richest form that a page can show.
 */
export function renderOutput(output: Output, context: Context): Html {
  switch (output.output_type) {
    case "stream":
      return html`<pre class="${output.name === "stderr" ? "stderr" : "stdout"}">${plain(output.text)}</pre>`;
    case "error":
      return html`<pre class="stderr">${plain(output.traceback?.join("\n") || `${output.ename}: ${output.evalue}`)}</pre>`;
    default:
      return renderBundle(output.data, context);
  }
}

function renderBundle(data: Bundle, context: Context): Html {
  const chart = Object.keys(data).find((type) => VEGA_LITE.test(type));
  const image = imageIn(data);
  const rich = (clean: string) => html`<div class="html">${new Html(clean)}</div>`;
  if (chart !== undefined) return renderChart(data[chart], image, textOf(data["text/plain"]));
  if ("text/html" in data) return rich(outputHtml(textOf(data["text/html"]), context));
  if ("text/markdown" in data) return rich(markdownHtml(textOf(data["text/markdown"]), context));
  if (image) return html`<figure><img src="${image}" alt="${textOf(data["text/plain"])}"></figure>`;
  if ("text/latex" in data) return rich(outputHtml(asText(textOf(data["text/latex"])), context));
  return html`<pre>${plain(data["text/plain"])}</pre>`;
}

/** The image; where JavaScript runs, the chart itself takes its place. */
function renderChart(spec: unknown, image: string | undefined, words: string): Html {
  const { description } = (spec ?? {}) as { description?: unknown };
  const alt = typeof description === "string" ? description : words;
  const shown = image ? html`<img src="${image}" alt="${alt}">` : html`<figcaption>${alt}</figcaption>`;
  // Between these tags nothing is escaped, and nothing but "<" could end them.
  const json = new Html(JSON.stringify(spec).replaceAll("<", "\\u003c"));
  return html`<figure class="chart">${shown}<script type="application/json">${json}</script></figure>`;
}

/** An image within the page: a file of its own could be opened by itself, and a drawing (SVG) would run its scripts then. */
function imageIn(data: Bundle): string | undefined {
  const svg = textOf(data["image/svg+xml"]);
  if (svg !== "") return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  const type = ["image/png", "image/jpeg"].find((type) => type in data);
  return type && `data:${type};base64,${textOf(data[type]).trim()}`;
}

function plain(text: unknown): string {
  return stripVTControlCharacters(textOf(text));
}
