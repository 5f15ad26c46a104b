/** HTML that does nothing but show itself: no scripts, no forms, nothing from other places. */
import sanitizeHtml from "sanitize-html";

/** Properties that change how a thing looks, and not where on the page it is. */
const properties = [
  "background",
  "background-color",
  "border",
  "border-bottom",
  "border-collapse",
  "border-left",
  "border-radius",
  "border-right",
  "border-spacing",
  "border-top",
  "color",
  "display",
  "font-family",
  "font-size",
  "font-style",
  "font-variant-numeric",
  "font-weight",
  "line-height",
  "margin",
  "margin-bottom",
  "margin-left",
  "margin-right",
  "margin-top",
  "max-width",
  "min-width",
  "opacity",
  "outline",
  "outline-offset",
  "overflow-wrap",
  "overflow-x",
  "padding",
  "padding-bottom",
  "padding-left",
  "padding-right",
  "padding-top",
  "text-align",
  "text-decoration",
  "vertical-align",
  "white-space",
  "width",
];
/** Values that load nothing: the only functions are colours. */
const harmless = /^(?:[^()\\@;{}]|\b(?:rgba?|hsla?)\([\d\s.,%/]*\))*$/;

/** What becomes of the parts of the HTML that point or speak. */
export interface Rewriting {
  /** A link's target on the book's pages; undefined where it leads nowhere that a reader of the book could go. */
  readonly link: (href: string) => string | undefined;
  /** A text outside of code, with its characters escaped; what comes back is taken as it is. */
  readonly text: (text: string) => string;
}

/** The HTML without what could act, load or deceive; links and texts rewritten. */
export function sanitised(html: string, { link, text }: Rewriting): string {
  return sanitizeHtml(html, {
    allowedTags: [...sanitizeHtml.defaults.allowedTags, "img", "details", "summary", "del", "ins"],
    allowedAttributes: {
      "*": ["style", "title", "lang", "dir", "class", "aria-label"],
      a: ["href"],
      img: ["src", "alt", "width", "height"],
      td: ["colspan", "rowspan", "align"],
      th: ["colspan", "rowspan", "align", "scope"],
      ol: ["start"],
      details: ["open"],
      ...Object.fromEntries(["h1", "h2", "h3", "h4", "h5", "h6"].map((heading) => [heading, ["id"]])),
    },
    allowedClasses: { "*": ["hljs", "hljs-*", "language-*", "anchor"] },
    allowedStyles: { "*": Object.fromEntries(properties.map((property) => [property, [harmless]])) },
    allowedSchemes: ["http", "https", "mailto"],
    allowedSchemesByTag: { img: ["data"] },
    allowProtocolRelative: false,
    transformTags: {
      a: (tagName, { href, ...attribs }) => {
        const target = href === undefined ? undefined : link(href);
        return target === undefined ? { tagName: "span", attribs } : { tagName, attribs: { ...attribs, href: target } };
      },
    },
    textFilter: (escaped, tagName) => (tagName === "code" || tagName === "pre" ? escaped : text(escaped)),
  });
}

/** A text as HTML. */
export function asText(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] as string);
}

/** The text that HTML like that of `asText` stands for. */
export function fromText(html: string): string {
  return html.replace(
    /&(amp|lt|gt|quot);/g,
    (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"' })[name] ?? "",
  );
}
