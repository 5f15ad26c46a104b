/**
 * The live book, as a learner uses it: in Chromium, with no network but the site.
 *
 * @module-tag slow
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeBook, tutorial } from "../../src/site/book";
import { type Notebook, names, read, root } from "../notebooks/notebook";
import { describeInBrowser, launch } from "./chromium";
import { said } from "./outcomes";
import { type SiteServer, serve } from "./site-server";

describeInBrowser("the live book", () => {
  const folder = mkdtempSync(join(tmpdir(), "live-book-"));
  let browser: Browser;
  let server: SiteServer;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  const open = async () => {
    const made = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
    await made.route(
      (url) => !url.href.startsWith(server.url) && !/^(data|blob):/.test(url.protocol),
      (route) => {
        complaints.push(route.request().url());
        return route.abort();
      },
    );
    made.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    made.on("weberror", (error) => complaints.push(error.error().message));
    return made;
  };
  const visit = (name: string) => page.goto(`${server.url}${name}.html`);
  const settled = (section: Locator) =>
    expect.poll(() => section.getAttribute("data-state"), { timeout: 60_000 }).toMatch(/done|failed/);
  const write = async (section: Locator, code: string) => {
    await section.getByRole("button", { name: /^Edit/ }).click();
    const editor = section.getByRole("textbox");
    await editor.press("ControlOrMeta+a");
    await page.keyboard.insertText(code);
  };

  beforeAll(async () => {
    [browser] = await Promise.all([launch(), makeBook({ root, notebooks: tutorial(root), out: folder })]);
    server = await serve(folder);
    context = await open();
    page = await context.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("loads nothing of the kernel before the first run, and no more than 2.3 MB until the first ✓", async () => {
    server.sent.length = 0;
    await visit("03-output-layer");
    await page.waitForLoadState("networkidle");
    expect(server.sent.filter(({ path }) => path.startsWith("/kernel/"))).toEqual([]);
    const [first] = await page.locator("section.code").all();
    await first.getByRole("button", { name: "Run cell" }).click();
    await settled(first);
    expect(await first.getAttribute("data-state")).toBe("done");
    expect(server.sent.reduce((all, { bytes }) => all + bytes, 0)).toBeLessThan(2.3e6);
  });

  describe.each(names)("%s", (name) => {
    it("run as a whole, says what is committed: every ✓ and ✗, and every number to ten digits", async () => {
      await visit(name.replace(".ipynb", ""));
      await page.getByRole("button", { name: "Run all", exact: true }).click();
      const cells = await page.locator("section.code:has(.cell-bar)").all();
      const last = cells.at(-1);
      if (last) await expect.poll(() => last.getAttribute("data-state"), { timeout: 120_000 }).toMatch(/done|failed/);
      const [committed, rerun] = [read(join(root, "notebooks", name)), await downloaded()];
      for (const [k, cell] of committed.cells.entries()) {
        if (cell.cell_type !== "code") continue;
        expect({ id: cell.id, says: said(rerun.cells[k]) }).toEqual({ id: cell.id, says: said(cell) });
      }
    });

    it("draws its charts, and answers to a slider", async () => {
      for (const figure of (await page.locator("figure.chart").all()).slice(0, 3)) {
        await figure.scrollIntoViewIfNeeded();
        await figure.locator("svg.marks").waitFor();
        const slider = figure.locator('input[type="range"]').first();
        if ((await slider.count()) === 0) continue;
        await slider.press("Home");
        const before = await figure.locator("svg.marks").innerHTML();
        await slider.press("End");
        await expect.poll(() => figure.locator("svg.marks").innerHTML()).not.toBe(before);
      }
    });

    it("has no serious fault that axe-core finds", async () => {
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`)).toEqual([]);
    });

    it("needs no scrolling sideways at 390 px", async () => {
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      await page.setViewportSize({ width: 1280, height: 900 });
    });
  });

  it("a wrong answer is told its name, in the page and to those who listen", async () => {
    await visit("03-output-layer");
    const [first] = await page.locator("section.code").all();
    await write(
      first,
      'import { Matrix, verify } from "./src";\nverify("E10", (A2: Matrix, Y: Matrix) => A2.minus(Y))',
    );
    await first.getByRole("textbox").press("Shift+Enter");
    await settled(first);
    expect(await first.locator(".output").textContent()).toMatch(/✗[\s\S]*1\/N/);
    expect(await page.getByRole("status").textContent()).toContain("✗");
  });

  it("reloading keeps what was written, the contents page tells it, and Reset brings the book's text back", async () => {
    await page.reload();
    const [first] = await page.locator("section.code").all();
    expect(await first.locator(".input").textContent()).toContain("A2.minus(Y)");
    await page.goto(`${server.url}index.html`);
    const chapter = page.locator('li[data-chapter="03-output-layer"]');
    expect(await chapter.locator(".progress").textContent()).toMatch(/\d+ of \d+ cells run, 1 changed/);
    await visit("03-output-layer");
    await first.getByRole("button", { name: /^Reset/ }).click();
    expect(await first.locator(".input").textContent()).not.toContain("A2.minus(Y)");
  });

  it("a loop without end is stopped, and variables are kept", async () => {
    const [first, second] = await page.locator("section.code").all();
    await write(first, "let rounds = 0;\nwhile (true) rounds++;");
    await first.getByRole("textbox").press("Shift+Enter");
    await expect.poll(() => first.getAttribute("data-state"), { timeout: 30_000 }).toBe("running");
    await page.waitForTimeout(500);
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await settled(first);
    expect(await first.locator(".output").textContent()).toContain("variables and modules are still there");
    await write(second, "rounds > 0");
    await second.getByRole("textbox").press("Shift+Enter");
    await settled(second);
    expect(await second.locator(".output").textContent()).toBe("true");
  });

  it("a loop that is not in a cell ends the kernel, and the page says that it begins anew", async () => {
    const [first] = await page.locator("section.code").all();
    await write(first, '[1].map(eval("(x) => { for (;;) x++; }"))');
    await first.getByRole("textbox").press("Shift+Enter");
    await expect.poll(() => first.getAttribute("data-state"), { timeout: 30_000 }).toBe("running");
    await page.waitForTimeout(500);
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await expect.poll(() => page.getByRole("status").textContent(), { timeout: 10_000 }).toMatch(/begins anew/);
    await write(first, "1 + 1");
    await first.getByRole("textbox").press("Shift+Enter");
    await expect.poll(() => first.locator(".output").textContent(), { timeout: 30_000 }).toBe("2");
  });

  it("what does not run in a browser says so, and what to do", async () => {
    const [first] = await page.locator("section.code").all();
    await write(first, 'import { spawn } from "node:child_process"; spawn("ls")');
    await first.getByRole("textbox").press("Shift+Enter");
    await expect
      .poll(() => first.locator(".output").textContent(), { timeout: 30_000 })
      .toMatch(/does not run in a browser.*npm run lab/);
  });

  it("no page complains, and none asks anything of the network but the site", () => {
    expect(complaints).toEqual([]);
  });

  async function downloaded(): Promise<Notebook> {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download", exact: true }).click(),
    ]);
    return JSON.parse(readFileSync(await download.path(), "utf8"));
  }
});
