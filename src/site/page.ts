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
  /** The name of the notebook that it is made from, whose cells can be run. */
  readonly notebook?: string;
  /** Whether JupyterLite lies beside the book. */
  readonly lab?: boolean;
}

/** What a page may do: nothing but show and run what lies beside it or in it. */
const POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'";

/** A whole page as HTML. Everything that it needs lies beside it, so that it can be opened as a file. */
export function pageHtml({ title, book, previous, next, outline, main, wide, notebook, lab }: PageParts): string {
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
<script src="live.js" defer></script>
</head>
<body${notebook ? html` data-notebook="${notebook}"` : undefined}>
<header><a href="index.html">${book}</a>${lab ? labLinks(notebook) : undefined}</header>
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

/** The same notebook, or all of them, in JupyterLite: as JupyterLab, and as Jupyter Notebook, which suits a small screen. */
function labLinks(notebook: string | undefined): Html {
  const path = notebook === undefined ? "" : `?path=${encodeURIComponent(`notebooks/${notebook}.ipynb`)}`;
  const narrow = notebook === undefined ? "tree" : "notebooks";
  return html`<nav class="lab" aria-label="JupyterLite"><a href="lab/index.html${path}">JupyterLab</a> <a href="${narrow}/index.html${path}">Notebook</a></nav>`;
}
