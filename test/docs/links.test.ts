/** Every link of a text leads somewhere: Markdown files, and what notebooks say between their cells. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { marked, type Token } from "marked";
import { describe, expect, it } from "vitest";
import { projectFiles } from "../../src/course/release";

const root = resolve(import.meta.dirname, "../..");
const files = projectFiles(root);
/** As they are written: a disk that is blind to capitals would forgive a link what others do not. */
const known = new Set(files.flatMap((file) => [file, ...parents(file)]));
const texts = files.filter((file) => /\.(md|ipynb)$/.test(file));

function parents(file: string): string[] {
  const parent = posix.dirname(file);
  return parent === "." ? [] : [parent, ...parents(parent)];
}

interface Cell {
  id?: string;
  cell_type: string;
  source: string | string[];
}

const cellsOf = (file: string): Cell[] => JSON.parse(readFileSync(join(root, file), "utf8")).cells;

function markdownOf(file: string): string {
  if (file.endsWith(".md")) return readFileSync(join(root, file), "utf8");
  const cells = cellsOf(file).filter(({ cell_type }) => cell_type === "markdown");
  return cells.map(({ source }) => [source].flat().join("")).join("\n\n");
}

/** Where the links and pictures of a text lead. */
function linksOf(markdown: string): string[] {
  const links: string[] = [];
  marked.walkTokens(marked.lexer(markdown), (token: Token) => {
    if (token.type === "link" || token.type === "image") links.push(token.href);
    if (token.type === "html") {
      for (const [, target] of token.text.matchAll(/(?:href|src)="([^"]+)"/g)) links.push(target);
    }
  });
  return links;
}

/** The names under which GitHub knows the headings of a text. */
function anchorsOf(markdown: string): string[] {
  const anchors: string[] = [];
  marked.walkTokens(marked.lexer(markdown), (token: Token) => {
    if (token.type !== "heading") return;
    const words = token.text.replace(/\]\([^)]*\)/g, "").toLowerCase();
    const anchor = words.replace(/[^\p{Letter}\p{Number}\p{Mark}_ -]/gu, "").replaceAll(" ", "-");
    const before = anchors.filter((other) => other.replace(/-\d+$/, "") === anchor).length;
    anchors.push(before === 0 ? anchor : `${anchor}-${before}`);
  });
  return anchors;
}

/** The names under which JupyterLab knows a place of a notebook: its cells' ids, and its headings' words. */
function placesOf(notebook: string): string[] {
  const headings = [...markdownOf(notebook).matchAll(/^#+ +(.*)$/gm)].map(([, words]) =>
    words.trim().replaceAll(" ", "-"),
  );
  return [...cellsOf(notebook).map(({ id }) => `cell-id=${id}`), ...headings];
}

/** What is wrong with a link of a file; undefined when nothing is. */
function wrongWith(link: string, file: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(link)) return link.startsWith("http://") ? "http, and not https" : undefined;
  if (link.startsWith("/")) return "begins at the root of a disk or a server";
  const [path, anchor] = link.split("#").map(decodeURIComponent);
  const target = path === "" ? file : posix.normalize(posix.join(dirname(file), path)).replace(/\/$/, "");
  if (target !== "." && !known.has(target)) return "leads to no file of the project";
  if (anchor === undefined || anchor === "") return undefined;
  const page = [target, `${target}/README.md`].find((path) => /\.(md|ipynb)$/.test(path) && known.has(path));
  if (page === undefined) return "has an anchor where there are no headings";
  const anchors = page.endsWith(".md") ? anchorsOf(markdownOf(page)) : placesOf(page);
  return anchors.includes(anchor) ? undefined : `there is no such place in ${page}`;
}

describe("links", () => {
  it.each(texts)("%s: each leads to a file that is there, and to a place in it", (file) => {
    const links = linksOf(markdownOf(file)).filter((link) => !link.startsWith("attachment:"));
    const wrong = links.map((link) => [link, wrongWith(link, file)]).filter(([, why]) => why !== undefined);
    expect(wrong).toEqual([]);
  });

  it.each([
    ["gone.md", "leads to no file of the project"],
    ["readme.md", "leads to no file of the project"],
    ["README.md#not-there", "there is no such place in README.md"],
    ["notebooks/00-start-here.ipynb#cell-id=not-there", "there is no such place in notebooks/00-start-here.ipynb"],
    ["/etc/passwd", "begins at the root of a disk or a server"],
    ["http://example.org", "http, and not https"],
    ["LICENSE#x", "has an anchor where there are no headings"],
    ["README.md#the-notebooks", undefined],
    ["#the-notebooks", undefined],
    ["src", undefined],
    ["https://example.org/#x", undefined],
  ])("%s: %s", (link, why) => {
    expect(wrongWith(link, "README.md")).toBe(why);
  });
});

/** Files that a text names as code, `src/backward.ts`, move as well. */
describe("files that a text names", () => {
  const pages = texts.filter((file) => file.endsWith(".md") && file !== "CHANGELOG.md");

  it.each(pages)("%s: each is there", (file) => {
    const codes: string[] = [];
    marked.walkTokens(marked.lexer(markdownOf(file)), (token: Token) => {
      if (token.type === "codespan") codes.push(token.text);
    });
    const named = codes.filter((code) => /^(src|test|docs|notebooks|\.github)\/[\w./-]*\w$/.test(code));
    const there = (path: string) =>
      existsSync(join(root, path)) ||
      existsSync(join(root, dirname(file), path)) ||
      statSync(join(root, `${path}.ts`), { throwIfNoEntry: false });
    expect(named.filter((path) => !there(path))).toEqual([]);
  });
});
