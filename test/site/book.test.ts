import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeBook, tutorial } from "../../src/site/book";
import { names, read, root, textOf } from "../notebooks/notebook";

const folder = mkdtempSync(join(tmpdir(), "a book "));
const out = join(folder, "out");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the book of the tutorial", () => {
  let pages: string[] = [];
  const html = (page: string) => readFileSync(join(out, page), "utf8");
  const pageOf = (name: string) => name.replace(".ipynb", ".html");
  /** The notebooks, and after them the pages to look things up in. */
  const chapters = [...names, "cheat-sheet.ipynb", "the-notes.ipynb"];
  beforeAll(async () => {
    ({ pages } = await makeBook({ root, notebooks: tutorial(root), out }));
  }, 60_000);

  it("has the contents and a page for each notebook", () => {
    expect(pages).toEqual(["index.html", ...chapters.map(pageOf)]);
  });

  it.each(names)("%s: every word of every text, in order", (name) => {
    const words = wordsOf(shownText(html(pageOf(name))));
    let at = 0;
    for (const { id, source, cell_type } of read(join(root, "notebooks", name)).cells) {
      if (cell_type !== "markdown") continue;
      for (const word of wordsOf(withoutMarkup(textOf(source)))) {
        const found = words.indexOf(word, at);
        expect(found, `“${word}” of cell ${id}`).toBeGreaterThanOrEqual(0);
        at = found + 1;
      }
    }
  });

  it.each(names)("%s: all code and all that was printed, to the letter", (name) => {
    const shown = shownText(html(pageOf(name)));
    for (const { source, cell_type, outputs = [] } of read(join(root, "notebooks", name)).cells) {
      if (cell_type !== "code") continue;
      expect(shown).toContain(textOf(source));
      for (const { text } of outputs) expect(shown).toContain(textOf(text));
    }
  });

  it.each(names)("%s: every chart with its image and its specification", (name) => {
    const specs = read(join(root, "notebooks", name)).cells.flatMap(({ outputs = [] }) =>
      outputs.map(({ data }) => data?.["application/vnd.vegalite.v5+json"]).filter((spec) => spec !== undefined),
    );
    const figures = [
      ...html(pageOf(name)).matchAll(/<figure class="chart"><img src="([^"]*)".*?<script[^>]*>(.*?)<\/script>/gs),
    ];
    expect(figures.map((figure) => JSON.parse(figure[2]))).toEqual(specs);
    const begin = "data:image/svg+xml;base64,";
    for (const [, image] of figures) {
      expect(image.startsWith(begin)).toBe(true);
      expect(Buffer.from(image.slice(begin.length), "base64").toString()).toMatch(/^<svg /);
    }
  });

  it("every link leads to a page and a place that are there", () => {
    for (const page of pages) {
      const links = [...html(page).matchAll(/<(?:a|link|script|img)\b[^>]* (?:href|src)="([^"]*)"/g)].map(
        (match) => match[1],
      );
      expect(links.length).toBeGreaterThan(5);
      for (const link of links.filter((link) => !/^(https?|data):/.test(link))) {
        const [file, place] = decodeURI(link.replaceAll("&amp;", "&")).split("#");
        const target = file || page;
        expect(existsSync(join(out, target)), `${page} → ${link}`).toBe(true);
        if (place) expect(html(target), `${page} → ${link}`).toContain(` id="${place.replaceAll("<", "&lt;")}"`);
      }
    }
  });

  it("pages are chained in reading order", () => {
    const steps = chapters.map((name) =>
      [...html(pageOf(name)).matchAll(/<a rel="(prev|next)" href="([^"]*)"/g)].map((m) => m[2]),
    );
    const chain = chapters.map((_, k) =>
      [chapters[k - 1], chapters[k + 1]].filter((name) => name !== undefined).map(pageOf),
    );
    expect(steps).toEqual(chain);
  });

  it("nothing is asked of any other place", () => {
    const files = readdirSync(out, { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.(html|css|svg)$/.test(file),
    );
    for (const file of files) {
      expect(html(file).replace(/<script type="application\/json">.*?<\/script>/gs, "")).not.toMatch(
        /(src|href)="(https?:)?\/\/(?!www\.w3\.org)[^"]*\.(js|css|png|svg|woff2?)|url\((["']?)(https?:)?\/\/|@import/,
      );
    }
  });

  it("made again, it is the same to the letter, and nothing of the old one is left", async () => {
    const before = contentOf(out);
    writeFileSync(join(out, "07-old.html"), "old");
    await makeBook({ root, notebooks: tutorial(root), out });
    expect(contentOf(out)).toEqual(before);
  }, 60_000);
});

describe("npm run site says in a sentence what is wrong", () => {
  const cell = { cell_type: "markdown", source: "# x", metadata: {}, id: "a" };
  const cases: [string, string | object | undefined, string][] = [
    ["a notebook that is not there", undefined, "bad.ipynb is not there."],
    ["one that is no JSON", '{"cells": [', "bad.ipynb is not valid JSON: "],
    ["one that is no notebook", [1, 2], "bad.ipynb is not a notebook of format 4: it has no list of cells."],
    ["one of an old format", { nbformat: 3, worksheets: [] }, "bad.ipynb is not a notebook of format 4"],
    [
      "one that was not run",
      { nbformat: 4, cells: [cell, { cell_type: "code", source: "1", outputs: [], execution_count: null }] },
      'bad.ipynb, cell 2 was not run: run "npm run notebooks", or all of bad.ipynb in JupyterLab, and save it.',
    ],
    [
      "a link to nowhere",
      { nbformat: 4, cells: [{ ...cell, source: "[a](gone.ipynb)" }] },
      "bad.ipynb, cell 1 links to gone.ipynb, which is not there.",
    ],
  ];

  it.each(cases)("%s", async (_, content, sentence) => {
    const notebook = join(folder, "bad.ipynb");
    rmSync(notebook, { force: true });
    if (content !== undefined) writeFileSync(notebook, typeof content === "string" ? content : JSON.stringify(content));
    const making = makeBook({ root, notebooks: [notebook], out: join(folder, "bad") });
    await expect(making).rejects.toThrow(sentence);
    expect(existsSync(join(folder, "bad")), "a folder was touched").toBe(false);
  });

  it("a folder that holds other things is not emptied", async () => {
    const other = join(folder, "other");
    mkdirSync(other);
    writeFileSync(join(other, "thesis.txt"), "all of it");
    const making = makeBook({ root, notebooks: tutorial(root), out: other });
    await expect(making).rejects.toThrow(`${other} holds other things than a book`);
    expect(readdirSync(other)).toEqual(["thesis.txt"]);
  });

  it("as a command: the sentence alone, and exit code 1", () => {
    const { status, stderr, stdout } = site("--out", join(folder, "bad"), join(folder, "nothing.ipynb"));
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: "",
      stderr: `\n${join(folder, "nothing.ipynb")} is not there.\n`,
    });
  });

  it("as a command: one notebook alone becomes a book", () => {
    const one = join(folder, "one");
    const { status, stdout, stderr } = site("--out", one, join(root, "notebooks", names[3]));
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^\nNext: open .*\/one\/index\.html .*\n$/),
    });
    expect(stdout).toMatch(/^2 pages: .*index\.html\n$/);
    expect(readdirSync(one)).toEqual(expect.arrayContaining([names[3].replace(".ipynb", ".html"), "kernel", "lab"]));
  });
});

function site(...args: string[]) {
  const command = `
    import { runCommand } from "./src/setup/command.mjs";
    await runCommand(${JSON.stringify(["site", ...args])});`;
  return spawnSync(process.execPath, ["--input-type=module", "--eval", command], { cwd: root, encoding: "utf8" });
}

function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((file) => [file.name, readFileSync(join(file.parentPath, file.name)).toString("base64")]),
  );
}

/** What a person reads on a page, formulas left out. */
function shownText(page: string): string {
  const main = /<main.*<\/main>/s.exec(page)?.[0] ?? "";
  return main
    .replace(/<script.*?<\/script>/gs, "")
    .replace(/<span class="katex">.*?<\/math><\/span><span class="katex-html" aria-hidden="true">/gs, "<span>")
    .replace(/<\/?(p|pre|summary|details|li|h\d|t[dh]|div|section)\b[^>]*>/g, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(
      /&(amp|lt|gt|quot|#39);/g,
      (_, name) => ({ amp: "&", lt: "<", gt: ">", quot: '"' })[name as string] ?? "'",
    );
}

/** Markdown without formulas, tags, the targets of links, and marks. */
function withoutMarkup(markdown: string): string {
  return markdown
    .replace(/<!--.*?-->|```\w*\n|```/g, " ")
    .replace(/\$\$[\s\S]*?\$\$|(?<![`$])\$(?![\s{])[^$`]*?\$/g, " ")
    .replace(/<\/?[a-z][^>]*>/g, " ")
    .replace(/\]\([^)]*\)/g, "]")
    .replaceAll("*", "");
}

/** Words of two letters and more, wherever marks and spaces stand. */
function wordsOf(text: string): string[] {
  return text.match(/\p{L}[\p{L}\p{N}]+/gu) ?? [];
}
