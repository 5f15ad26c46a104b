/** Text as HTML, and HTML that is made of text: what is put into it is escaped, unless it says that it is HTML already. */

/**
 * Text that HTML does not take for markup, in an element and in an attribute.
 *
 * @param text any text
 */
export function asText(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? "&#39;");
}

/** HTML, as it is. */
export class Html {
  readonly #html: string;

  /** @param html taken as it is; texts go into `html` instead */
  constructor(html: string) {
    this.#html = html;
  }

  toString(): string {
    return this.#html;
  }
}

/** What can be put into `html`. Nothing shows where `undefined` is. */
type Part = Html | string | number | undefined | readonly Part[];

/**
 * HTML with values in it: `` html`<td title="${title}">${text}</td>` ``. Texts are escaped, in elements and in attributes
 * between quotation marks; HTML is taken as it is; lists stand one after the other.
 */
export function html(markup: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(markup.reduce((before, next, k) => before + written(parts[k - 1]) + next));
}

function written(part: Part): string {
  if (part instanceof Html) return String(part);
  if (part === undefined) return "";
  return typeof part === "object" ? part.map(written).join("\n") : asText(String(part));
}
