/**
 * JupyterLite with the kernel, in Chromium, with no network but the site.
 *
 * @module-tag slow
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { assignments, makeBook, tutorial } from "../../src/site/book";
import { type Cell, names, read, root } from "../notebooks/notebook";
import { describeInBrowser, launch } from "./chromium";
import { NotebookTab } from "./notebook-tab";
import { said } from "./outcomes";
import { type SiteServer, serve } from "./site-server";

describeInBrowser("JupyterLite", () => {
  const out = mkdtempSync(join(tmpdir(), "lite-"));
  let browser: Browser;
  let server: SiteServer;
  let page: Page;

  beforeAll(async () => {
    const parts = { root, notebooks: tutorial(root), assignments: assignments(root), out, lab: true };
    [browser] = await Promise.all([launch(), makeBook(parts)]);
    server = await serve(out);
    const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
    await context.route(
      (url) => !url.href.startsWith(server.url) && !/^(data|blob):/.test(url.protocol),
      (route) => route.abort(),
    );
    page = await context.newPage();
    await page.goto(`${server.url}lab/index.html`);
    await page.waitForFunction(() => Boolean(window.jupyterapp), undefined, { timeout: 60_000 });
    await page.evaluate(() => window.jupyterapp.restored.then(() => {}));
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(out, { recursive: true, force: true });
  });

  it.each(names)("%s, run as a whole, says what is committed", async (name) => {
    const tab = await NotebookTab.open(page, name);
    await tab.restartAndRunAll();
    const rerun = await page.evaluate(() => {
      const { model } = window.jupyterapp.shell.currentWidget.content;
      return [...model.cells].map((cell) => (cell as unknown as { toJSON(): unknown }).toJSON());
    });
    const committed = read(join(root, "notebooks", name)).cells;
    for (const [k, cell] of committed.entries()) {
      if (cell.cell_type === "code") expect([cell.id, said(rerun[k] as Cell)]).toEqual([cell.id, said(cell)]);
    }
    await tab.shutDown();
  });

  it("stops a loop without end, keeps variables, and completes names", async () => {
    const [name] = names;
    const tab = await NotebookTab.open(page, name);
    const at = read(join(root, "notebooks", name)).cells.findIndex(({ cell_type }) => cell_type === "code");
    await tab.type(at, "let rounds = 0;\nwhile (true) rounds++;");
    await page.waitForTimeout(1500);
    await tab.interrupt();
    const first = await tab.finished(at);
    await tab.type(at, "rounds > 0");
    await tab.finished(at, first);
    expect(await (await tab.cell(at)).textContent()).toContain("true");
    await tab.shutDown();
  });

  it("each assignment opens with the kernel, and its first cell runs", async () => {
    for (const path of assignments(root)) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      const tab = await NotebookTab.open(page, name);
      const at = read(path).cells.findIndex(({ cell_type }) => cell_type === "code");
      await tab.start(at);
      expect(await tab.finished(at)).toBe(1);
      await tab.shutDown();
    }
  });
});
