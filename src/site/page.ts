/** What all pages of the book have in common. */
import { asText } from "../show/html-text";

/** A page that another one links to. */
export interface PageLink {
  readonly file: string;
  readonly title: string;
}

/** What a page is made from. */
export interface PageParts {
  /** Plain text, for the browser's tab. */
  readonly title: string;
  readonly book: string;
  readonly previous?: PageLink;
  readonly next?: PageLink;
  /** The places on this page, as HTML. */
  readonly outline?: string;
  /** HTML. */
  readonly main: string;
  /** Whether a wide table needs more room than lines of text. */
  readonly wide?: boolean;
  /** Whether there are charts to draw. */
  readonly charts?: boolean;
}

/** A whole page as HTML. Everything that it needs lies beside it, so that it can be opened as a file. */
export function pageHtml({ title, book, previous, next, outline, main, wide, charts }: PageParts): string {
  const link = (page: PageLink | undefined, rel: string, [before, after]: readonly [string, string]) =>
    page ? `<a rel="${rel}" href="${page.file}">${before}${asText(page.title)}${after}</a>` : "<span></span>";
  const steps = previous || next ? `${link(previous, "prev", ["← ", ""])}${link(next, "next", ["", " →"])}` : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${asText(title === book ? book : `${title} · ${book}`)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="book.css">${charts ? '\n<script src="book.js" defer></script>' : ""}
</head>
<body>
<header><a href="index.html">${asText(book)}</a></header>
<div class="columns">
${outline ? `<nav class="outline" aria-label="On this page"><h2>On this page</h2>\n${outline}</nav>` : ""}
<main${wide ? ' class="wide"' : ""}>
${main}
${steps ? `<nav class="steps" aria-label="Chapters">${steps}</nav>` : ""}
</main>
</div>
</body>
</html>
`;
}
