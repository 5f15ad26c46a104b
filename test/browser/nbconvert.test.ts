/** What `jupyter nbconvert --to html` makes of a notebook: it draws no Vega-Lite, and shows the images of charts. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { project } from "../../src/setup/project.mjs";
import { pythonEnvironment } from "../../src/setup/python-environment.mjs";
import { read, root } from "../notebooks/notebook";
import { describeInBrowser, launch } from "./chromium";

describeInBrowser("nbconvert", () => {
  it("shows every chart as a picture", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nbconvert-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const notebook = join(root, "notebooks", "02-softmax-and-cross-entropy.ipynb");
    const charts = read(notebook)
      .cells.flatMap(({ outputs = [] }) => outputs)
      .filter(({ data }) => data && "application/vnd.vegalite.v5+json" in data).length;
    const args = ["-m", "jupyter", "nbconvert", "--to", "html", notebook, "--output-dir", folder, "--output", "page"];
    const run = spawn(project.python, args, { env: { ...pythonEnvironment(project), HOME: folder } });
    expect((await once(run, "close"))[0]).toBe(0);

    const browser = await launch();
    onTestFinished(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.route(/^https?:/, (route) => route.abort());
    await page.goto(pathToFileURL(join(folder, "page.html")).href, { waitUntil: "domcontentloaded" });
    const images = page.locator('[data-mime-type="image/svg+xml"] img');
    expect(await images.count()).toBe(charts);
    for (const image of await images.all()) {
      const width = await image.evaluate(async (element) => {
        await (element as HTMLImageElement).decode();
        return Math.min((element as HTMLImageElement).naturalWidth, element.getBoundingClientRect().width);
      });
      expect(width).toBeGreaterThan(300);
    }
  });
});
