/** The book as its readers open it: as files, with no network at all. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeBook, tutorial } from "../../src/site/book";
import { names, read, root } from "../notebooks/notebook";
import { describeInBrowser, launch } from "./chromium";
import { shownContrast } from "./contrast";

const CHART = "application/vnd.vegalite.v5+json";

describeInBrowser("the book in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "a book "));
  const url = (page: string) => pathToFileURL(join(folder, page)).href;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** Whatever a page complains of or asks of the network. */
  const complaints: string[] = [];
  const open = async (options: BrowserContextOptions) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    await context.route(/^(?!file:|data:|blob:)/, (route) => {
      complaints.push(route.request().url());
      return route.abort();
    });
    context.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    context.on("weberror", (error) => complaints.push(error.error().message));
    return context;
  };
  beforeAll(async () => {
    [browser] = await Promise.all([launch(), makeBook({ root, notebooks: tutorial(root), out: folder })]);
    context = await open({});
    page = await context.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(names)("%s", (name) => {
    const specs = read(join(root, "notebooks", name)).cells.flatMap(({ outputs = [] }) =>
      outputs.flatMap(({ data }) => (data && CHART in data ? [data[CHART]] : [])),
    );
    beforeAll(async () => {
      await page.goto(url(name.replace(".ipynb", ".html")));
    });

    it("typesets every formula with its fonts, and leaves no dollar sign", async () => {
      expect(await page.locator("main .katex").count()).toBeGreaterThan(3);
      expect(await page.locator(".katex-error").count()).toBe(0);
      const rest = await page.locator("main").evaluate((main) => {
        const copy = main.cloneNode(true) as HTMLElement;
        for (const other of copy.querySelectorAll("code, pre, script, figure, .katex")) other.remove();
        return copy.textContent;
      });
      expect(rest).not.toContain("$");
      await page.evaluate(() => document.fonts.ready);
      expect(await page.evaluate(() => document.fonts.check("16px KaTeX_Main"))).toBe(true);
    });

    it("draws every chart, answers to sliders, and to pointing", async () => {
      const figures = await page.locator("figure.chart").all();
      expect(figures).toHaveLength(specs.length);
      for (const [k, figure] of figures.entries()) {
        await figure.scrollIntoViewIfNeeded();
        const drawing = figure.locator("svg.marks");
        await drawing.waitFor();
        expect(await figure.locator("img").count()).toBe(0);
        expect(await drawing.locator("path, line, rect, text").count()).toBeGreaterThan(10);
        for (const slider of await figure.locator('input[type="range"]').all()) {
          await slider.press("Home");
          const first = await drawing.innerHTML();
          await slider.press("End");
          await expect.poll(() => drawing.innerHTML()).not.toBe(first);
          await slider.press("Home");
          await expect.poll(() => drawing.innerHTML()).toBe(first);
        }
        if (JSON.stringify(specs[k]).includes('"tooltip"')) expect(await pointedAt(figure, page)).toMatch(/\S/);
      }
    });

    it("needs no scrolling sideways on a phone", async () => {
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      await page.setViewportSize({ width: 1280, height: 900 });
    });

    it("where no JavaScript runs, shows the images of all charts", async () => {
      const plain = await open({ javaScriptEnabled: false });
      const page = await plain.newPage();
      await page.goto(url(name.replace(".ipynb", ".html")));
      const images = await page.locator("figure.chart > img").all();
      expect(images).toHaveLength(specs.length);
      for (const image of images) {
        expect((await image.boundingBox())?.width).toBeGreaterThan(150);
        expect(await image.getAttribute("alt")).toMatch(/\w{3}/);
      }
      await plain.close();
    });

    it("is readable in the dark", async () => {
      const dark = await open({ colorScheme: "dark", javaScriptEnabled: true });
      const page = await dark.newPage();
      await page.goto(url(name.replace(".ipynb", ".html")));
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(20, 23, 28)");
      const texts = page.locator(
        "main :is(p, li, td, th, h1, h2, a, summary, .output div, .output pre, code, code span)",
      );
      const faint = await texts.evaluateAll((elements, measure) => {
        const contrast = new Function("element", `return (${measure})(element)`) as typeof shownContrast;
        return elements.filter((element) => contrast(element) < 3).map((element) => element.outerHTML.slice(0, 200));
      }, shownContrast.toString());
      expect(faint).toEqual([]);
      await dark.close();
    });
  });

  it("the contents lead to every chapter and every equation, and chapters to each other", async () => {
    await page.goto(url("index.html"));
    await page.getByRole("link", { name: "E8 · The softmax Jacobian" }).last().click();
    const heading = page.locator("h2", { hasText: "E8 · The softmax Jacobian" });
    await expect.poll(() => heading.evaluate((h) => h.getBoundingClientRect().top)).toBeLessThan(300);
    await page
      .getByRole("navigation", { name: "Chapters" })
      .getByRole("link", { name: "03 · The output layer" })
      .click();
    await page.waitForURL(url("03-output-layer.html"));
    await page.getByRole("link", { name: "Backprop by hand" }).click();
    await page.waitForURL(url("index.html"));
  });

  it("no page complains, and none asks anything of the network", () => {
    expect(complaints).toEqual([]);
  });
});

/** Points at place after place until a tooltip answers. */
async function pointedAt(figure: ReturnType<Page["locator"]>, page: Page): Promise<string> {
  const box = await figure.locator("svg.marks").boundingBox();
  const tooltip = page.locator("#vg-tooltip-element.visible");
  for (const down of [0.5, 0.6, 0.4, 0.7, 0.3, 0.8]) {
    for (let right = 0.08; box && right < 1; right += 0.04) {
      await page.mouse.move(box.x + right * box.width, box.y + down * box.height);
      if ((await tooltip.count()) > 0) return (await tooltip.textContent()) ?? "";
    }
  }
  return "";
}
