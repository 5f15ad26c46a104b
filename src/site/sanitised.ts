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

/**
 * The HTML without what could act, load or deceive.
 *
 * @param link a link's target on the book's pages; undefined where it leads nowhere that a reader of the book could go
 */
export function sanitised(html: string, link: (href: string) => string | undefined): string {
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
  });
}

/** Rewrites the texts of sanitised HTML, characters escaped, but for those in code. */
export function mapTexts(html: string, rewrite: (text: string) => string): string {
  let code = 0;
  return html.replace(/<(\/?)(\w+)[^>]*>|[^<]+/g, (part, slash: string | undefined, tag: string | undefined) => {
    if (tag === undefined) return code > 0 ? part : rewrite(part);
    if (tag === "code" || tag === "pre") code += slash ? -1 : 1;
    return part;
  });
}

/** The text that HTML like that of `asText` stands for. */
export function fromText(html: string): string {
  return html.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" })[name] ?? "",
  );
}
