/** Pages that are made of what others have written, opened as files: nothing in them acts. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { feedbackPage, type StudentResult, summaryPage, writtenAnswersPage } from "../../src/course/grader/reports";
import { makeBook } from "../../src/site/book";
import { root } from "../notebooks/notebook";
import { describeInBrowser, launch } from "./chromium";

/** Says that it has run, in all the ways in which it could be heard. */
const act = "window.acted=true;document.title='acted';fetch('http://127.0.0.1:9/acted')";
const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="${act}"><script>${act}</script><rect width="9" height="9"/></svg>`;
const markups = [
  `<script>${act}</script>`,
  `<img src="x" onerror="${act}">`,
  `"><img src=x onerror=${act}>`,
  `'><svg onload=${act}>`,
  `</script><script>${act}</script>`,
  `</style></title></textarea><script>${act}</script>`,
  `<iframe srcdoc="<script>parent.${act}</script>"></iframe>`,
  `<details open ontoggle="${act}">x</details>`,
  `<a href="javascript:${act}" autofocus onfocus="${act}">x</a>`,
  `<style onload="${act}">p { color: red }</style><link rel="stylesheet" href="data:text/css,a" onload="${act}">`,
  `<math><mtext><table><mglyph><style><img src=x onerror="${act}"></style></mglyph></table></mtext></math>`,
  `<base href="http://127.0.0.1:9/"><form action="http://127.0.0.1:9/"><button formaction="javascript:${act}">x</button></form>`,
  `<meta http-equiv="refresh" content="0;url=javascript:${act}"><object data="data:text/html,<script>${act}</script>"></object>`,
  svg,
];

const spec = (text: string) => ({
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  description: text,
  title: text,
  data: { values: [{ a: text, b: 1 }], url: "http://127.0.0.1:9/data.json" },
  mark: { type: "bar", href: `javascript:${act}` },
  encoding: {
    x: { field: "a", type: "nominal" },
    y: { field: "b", type: "quantitative" },
    href: { value: `javascript:${act}` },
    url: { value: "http://127.0.0.1:9/image.png" },
  },
  transform: [{ calculate: `(function(){${act}})()`, as: "c" }],
});

const bundles = markups.flatMap((text) => [
  { "text/html": text },
  { "text/markdown": `${text}\n\n[x](javascript:${act}) ![x](x" onerror="${act})` },
  { "text/latex": `$\\href{javascript:${act}}{x} \\text{${text.replace(/[{}$\\#%^_&~]/g, "")}}$`, "text/plain": text },
  { "text/plain": text },
  { "image/png": `x" onerror="${act}" y="${text}`, "text/plain": text },
  { "image/jpeg": `x'><script>${act}</script>${text}`, "text/plain": text },
  { "image/svg+xml": text.includes("<svg") ? text : `${svg}${text}`, "text/plain": text },
  { "application/vnd.vegalite.v5+json": spec(text), "image/svg+xml": svg, "text/plain": text },
  { "application/javascript": act, "text/plain": text },
]);
const outputs = [
  ...bundles.map((data) => ({ output_type: "display_data", data, metadata: {} })),
  ...markups.flatMap((text) => [
    { output_type: "stream", name: "stdout", text },
    { output_type: "error", ename: text, evalue: text, traceback: [text] },
  ]),
];
const notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    {
      cell_type: "markdown",
      id: "title",
      metadata: {},
      source: `# ${markups[0]} title ${markups[1]}\n\n## ${markups[5]}`,
    },
    ...markups.map((text, k) => ({ cell_type: "markdown", id: `m${k}`, metadata: {}, source: text })),
    {
      cell_type: "code",
      id: `"><script>${act}</script>`,
      metadata: {},
      source: markups.join("\n"),
      execution_count: 1,
      outputs,
    },
  ],
};

const student = (text: string): StudentResult => ({
  student: text,
  folder: "x",
  notGraded: [text],
  assignments: [
    {
      assignment: text,
      flags: [text],
      exercises: [
        {
          id: text,
          title: text,
          functionName: text,
          latex: text,
          points: 4,
          score: 1,
          message: text,
          misconception: { id: text, hint: text },
          worst: { row: 0, col: 0, expected: text, got: text },
          byHand: { points: 1, comment: text, checks: 0 },
        },
      ],
      written: [
        { id: text, points: 5, answer: text, mark: { points: 1, comment: text } },
        { id: text, points: 5, answer: text },
      ],
      late: { submitted: text, deadline: text, days: 1, percent: 10 },
    },
  ],
});

describeInBrowser("what others have written", () => {
  const folder = mkdtempSync(join(tmpdir(), "hostile pages "));
  const book = join(folder, "book");
  let browser: Browser;
  beforeAll(async () => {
    writeFileSync(join(folder, "hostile.ipynb"), JSON.stringify(notebook));
    await makeBook({ root, notebooks: [join(folder, "hostile.ipynb")], out: book });
    const students = markups.map(student);
    mkdirSync(join(folder, "graded"));
    writeFileSync(join(folder, "graded/summary.html"), summaryPage(students, markups, markups[0]));
    writeFileSync(join(folder, "graded/written-answers.html"), writtenAnswersPage(students));
    for (const [k, one] of students.entries()) {
      writeFileSync(join(folder, `graded/feedback-${k}.html`), feedbackPage(one, false));
    }
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(["book", "graded"])("does nothing on any page of %s, and asks nobody for anything", async (part) => {
    const asked: string[] = [];
    const context = await browser.newContext();
    await context.route(/^(?!file:|data:|blob:)/, (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    const page = await context.newPage();
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      return dialog.dismiss();
    });
    const pages = readdirSync(join(folder, part)).filter((name) => name.endsWith(".html"));
    expect(pages.length).toBeGreaterThan(1);
    for (const name of pages) {
      const url = pathToFileURL(join(folder, part, name)).href;
      await page.goto(url);
      for (const link of await page.locator("main a, body > p a").all()) await link.focus();
      await page.locator("body").evaluate((body) => body.scrollIntoView(false));
      await page.waitForTimeout(500);
      expect(page.url(), name).toBe(url);
      expect(await page.title(), name).not.toBe("acted");
      expect(await page.evaluate(() => (globalThis as { acted?: boolean }).acted), name).toBeUndefined();
      const kinds = "script:not([src]):not([type='application/json']), iframe, object, embed, form[action], base";
      expect(await page.locator(kinds).evaluateAll((all) => all.map((one) => one.outerHTML)), name).toEqual([]);
      expect(await page.locator("meta[http-equiv='Content-Security-Policy']").count(), name).toBe(1);
    }
    expect([asked, dialogs]).toEqual([[], []]);
    await context.close();
  });

  it("is in no file of its own that could act when it is opened", () => {
    const endings = readdirSync(book, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => /\.\w+$/.exec(name)?.[0]);
    expect([...new Set(endings)].sort()).toEqual([
      ".book",
      ".css",
      ".gz",
      ".html",
      ".ipynb",
      ".js",
      ".json",
      ".ts",
      ".woff2",
    ]);
  });

  it("would act on a page without these guards", async () => {
    const page = await browser.newPage();
    await page.setContent(`<p>${markups[1]}`);
    await expect.poll(() => page.evaluate(() => (globalThis as { acted?: boolean }).acted)).toBe(true);
  });
});
