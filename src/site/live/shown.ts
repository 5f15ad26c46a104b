/** Outputs as the book shows them, made in the page: entry point of `shown.js`, which a page loads with the first output. */

import { asText } from "../../show/html-text";
import { BookProblem } from "../book-problem";
import type { Output } from "../executed-notebook";
import { renderOutput } from "../output";

/** The page of a notebook that lies beside this page's. */
const pageOf = (path: string) => /([^/]+)\.ipynb$/.exec(path)?.[1].concat(".html");

/** An output as HTML; links lead to other notebooks' pages, within the page and out into the web. */
function showOutput(output: Output): string {
  try {
    return String(renderOutput(output, { place: "this output", path: "/output", pageOf }));
  } catch (error) {
    if (!(error instanceof BookProblem)) throw error;
    const text = "data" in output ? output.data["text/plain"] : undefined;
    return `<pre>${asText(String(text ?? ""))}</pre><pre class="stderr">${asText(error.message)}</pre>`;
  }
}

Object.assign(globalThis, { showOutput });

/** What `shown.js` leaves behind. */
export type ShowOutput = typeof showOutput;
