/** The book: all notebooks as pages of HTML, with a contents page, in one folder that needs nothing else. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { coverageTable } from "../show/coverage";
import { Html, html } from "../show/html-text";
import { BookProblem } from "./book-problem";
import { codeBlock } from "./code";
import { type Notebook, readNotebook } from "./executed-notebook";
import { katexStyles } from "./formula";
import { makeLab } from "./lab/build";
import { makeLive } from "./live/build";
import { type Context, type Heading, Headings, markdownHtml } from "./markdown";
import { renderOutput } from "./output";
import { type PageLink, pageHtml } from "./page";

export { BookProblem } from "./book-problem";

const TITLE = "Backprop by hand";

/** What a book is made from. */
export interface BookParts {
  /** The project's folder. */
  readonly root: string;
  /** Absolute paths, in reading order. */
  readonly notebooks: readonly string[];
  /** Absolute paths of assignments, which come after them, and which nobody has run. */
  readonly assignments?: readonly string[];
  /** The folder of the book. What an earlier run has left in it is replaced. */
  readonly out: string;
  /** Whether JupyterLite is to lie beside the book, and pages link to it. */
  readonly lab?: boolean;
}

/** A notebook as a page. */
interface Chapter extends PageLink {
  readonly notebook: Notebook;
  readonly headings: readonly Heading[];
  readonly html: Html;
}

/**
 * The tutorial's notebooks, in reading order.
 *
 * @param root the project's folder
 * @returns their paths, below `root`
 * @throws {BookProblem} if there are none
 */
export function tutorial(root: string): string[] {
  const folder = join(root, "notebooks");
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => /^(\d\d-.*|cheat-sheet|the-notes)\.ipynb$/.test(name))
    : [];
  if (names.length === 0) throw new BookProblem(`${folder} has no notebooks such as 00-start-here.ipynb.`);
  return names.sort().map((name) => join(folder, name));
}

/**
 * The assignments, as students get them.
 *
 * @param root the project's folder
 * @returns their paths, below `root`
 */
export function assignments(root: string): string[] {
  const folder = join(root, "notebooks", "assignments");
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  return names.sort().map((name) => join(folder, name));
}

/**
 * Writes the book.
 *
 * @returns the names of its pages
 * @throws {BookProblem} if a notebook is missing, malformed or was not run, or has a formula, a link or an image that does
 *   not work, if two notebooks have one name, or if the folder holds other things than a book
 */
export async function makeBook({
  root,
  notebooks,
  assignments = [],
  out,
  lab = false,
}: BookParts): Promise<{ pages: string[] }> {
  const read = [...notebooks.map((path) => readNotebook(path)), ...assignments.map((path) => readNotebook(path, true))];
  const twice = read.find(({ name }, k) => read.findIndex((other) => other.name === name) !== k);
  if (twice)
    throw new BookProblem(`Two notebooks are called ${twice.name}.ipynb; a page can be made from one of them.`);
  const pages = new Map(read.map(({ path, name }) => [path, `${name}.html`]));
  const chapters = read.map((notebook) => chapterOf(notebook, (path) => pages.get(path)));

  empty(out);
  for (const [k, chapter] of chapters.entries()) {
    const { file, title, html: main, headings } = chapter;
    const [previous, next] = [chapters[k - 1], chapters[k + 1]];
    const { name } = chapter.notebook;
    const page = {
      title,
      book: TITLE,
      previous,
      next,
      outline: outlineOf(headings),
      main,
      notebook: name,
      lab,
    };
    write(join(out, file), pageHtml(page));
  }
  write(
    join(out, "index.html"),
    pageHtml({ title: TITLE, book: TITLE, main: contents(chapters, root, pages), wide: true, lab }),
  );
  write(join(out, MARK), "Made by npm run site.\n");
  writeStyles(root, out);
  await writeScript(root, out);
  await makeLive(root, [...notebooks, ...assignments], out);
  if (lab) await makeLab(root, out);
  return { pages: ["index.html", ...pages.values()] };
}

function chapterOf(notebook: Notebook, pageOf: Context["pageOf"]): Chapter {
  const headings = new Headings();
  const parts = notebook.cells.map(({ type, id, source, outputs, attachments, place }) => {
    const context = { place, path: notebook.path, attachments, pageOf };
    const code = source.trim() === "" ? undefined : new Html(codeBlock(source, type === "code" ? "typescript" : ""));
    const shown =
      type === "markdown"
        ? new Html(markdownHtml(source, context, headings))
        : html`<div class="input">${code}</div>
${outputs.map((output) => html`<div class="output">${renderOutput(output, context)}</div>`)}`;
    // A link can name a cell as JupyterLab does: #cell-id=…
    return html`<section class="${type === "markdown" ? "text" : "code"}" id="${`cell-id=${id}`}">
${shown}</section>`;
  });
  const title = headings.list.find(({ level }) => level === 1);
  return {
    notebook,
    file: `${notebook.name}.html`,
    title: title ? plainWords(title.html) : notebook.name,
    headings: headings.list,
    html: html`${parts}`,
  };
}

/** Headings are Markdown's, so there is nothing in them but words and marks around words. */
function plainWords(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replace(
      /&(amp|lt|gt|quot|#39);/g,
      (_, name) => ({ amp: "&", lt: "<", gt: ">", quot: '"' })[name as string] ?? "'",
    );
}

function outlineOf(headings: readonly Heading[], file = ""): Html | undefined {
  const places = headings.filter(({ level }) => level === 2);
  // The words of a heading are HTML that was sanitised.
  const items = places.map(
    ({ id, html: words }) => html`<li><a href="${file}#${encodeURI(id)}">${new Html(words)}</a></li>`,
  );
  return items.length === 0 ? undefined : html`<ul>\n${items}\n</ul>`;
}

function codeCells({ cells }: Notebook): number {
  return cells.filter(({ type, source }) => type === "code" && source.trim() !== "").length;
}

function contents(chapters: readonly Chapter[], root: string, pages: ReadonlyMap<string, string>): Html {
  const { description } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { description: string };
  const items = chapters.map(
    ({ file, title, headings, notebook }) =>
      html`<li data-chapter="${notebook.name}" data-cells="${codeCells(notebook)}"><h2><a href="${file}">${title}</a></h2>\n${outlineOf(headings, file)}</li>`,
  );
  const path = join(root, "notebooks", "contents");
  const context = { place: "the table of equations", path, pageOf: (path: string) => pages.get(path) };
  return html`<h1>${TITLE}</h1>
<p>${description}</p>
<ol class="contents">
${items}
</ol>
<h2 id="equations">Every equation</h2>
${new Html(markdownHtml(coverageTable().markdown, context))}`;
}

/** The file by which a folder is known to be a book's, and may be emptied. */
const MARK = ".book";

function empty(out: string): void {
  if (existsSync(out) && readdirSync(out).length > 0) {
    if (!existsSync(join(out, MARK))) {
      throw new BookProblem(`${out} holds other things than a book: name a folder that is empty or not there yet.`);
    }
    rmSync(out, { recursive: true });
  }
  mkdirSync(out, { recursive: true });
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** The book's own style sheet after KaTeX's, with the fonts in the one format that every browser reads today. */
function writeStyles(root: string, out: string): void {
  const fonts = join(dirname(katexStyles), "fonts");
  mkdirSync(join(out, "fonts"));
  for (const name of readdirSync(fonts).filter((name) => name.endsWith(".woff2"))) {
    copyFileSync(join(fonts, name), join(out, "fonts", name));
  }
  const katex = readFileSync(katexStyles, "utf8").replace(/,url\([^)]*\.(woff|ttf)\) format\("[^"]*"\)/g, "");
  write(join(out, "book.css"), `${katex}\n${readFileSync(join(root, "src/site/book.css"), "utf8")}`);
}

/** The program that draws the charts, with all that it needs, as a classic script: pages opened as files load no modules. */
async function writeScript(root: string, out: string): Promise<void> {
  await build({
    entryPoints: [join(root, "src/site/draw-charts.ts")],
    outfile: join(out, "book.js"),
    bundle: true,
    minify: true,
    platform: "browser",
    format: "iife",
    target: "es2020",
    legalComments: "eof",
    logLevel: "warning",
    absWorkingDir: root,
  });
}
