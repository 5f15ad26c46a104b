/** What all pages of the book have in common. */
import { type Html, html } from "../show/html-text";

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
  /** The places on this page. */
  readonly outline?: Html;
  readonly main: Html;
  /** Whether a wide table needs more room than lines of text. */
  readonly wide?: boolean;
  /** Whether there are charts to draw. */
  readonly charts?: boolean;
}

/** What a page may do: nothing but show what lies beside it or in it, and run the one program that draws the charts. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'";

/** A whole page as HTML. Everything that it needs lies beside it, so that it can be opened as a file. */
export function pageHtml({ title, book, previous, next, outline, main, wide, charts }: PageParts): string {
  const link = (page: PageLink | undefined, rel: string, [before, after]: readonly [string, string]) =>
    page ? html`<a rel="${rel}" href="${page.file}">${before}${page.title}${after}</a>` : html`<span></span>`;
  const steps = html`<nav class="steps" aria-label="Chapters">${link(previous, "prev", ["← ", ""])}${link(next, "next", ["", " →"])}</nav>`;
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === book ? book : `${title} · ${book}`}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="book.css">
${charts ? html`<script src="book.js" defer></script>` : undefined}
</head>
<body>
<header><a href="index.html">${book}</a></header>
<div class="columns">
${outline ? html`<nav class="outline" aria-label="On this page"><h2>On this page</h2>\n${outline}</nav>` : undefined}
<main class="${wide ? "wide" : ""}">
${main}
${previous || next ? steps : undefined}
</main>
</div>
</body>
</html>
`);
}
