/** Looking is not changing: a notebook that is opened, looked through and closed in JupyterLab is as it was. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { names, read, root } from "../notebooks/notebook";
import { describeInBrowser, launch } from "./chromium";
import { drawingsIn } from "./drawing";
import { JupyterLab } from "./jupyterlab";
import { NotebookTab } from "./notebook-tab";

const CHART = "application/vnd.vegalite.v5+json";

describeInBrowser("looking at a notebook in JupyterLab", () => {
  let browser: Browser;
  let page: Page;
  let lab: JupyterLab;
  beforeAll(async () => {
    [browser, lab] = await Promise.all([
      launch(),
      JupyterLab.start(Object.fromEntries(names.map((name) => [name, read(join(root, "notebooks", name))]))),
    ]);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await lab.open(page);
  });
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  it.each(names)("%s is as it was", async (name) => {
    const file = join(lab.folder, "notebooks", name);
    const before = readFileSync(file, "utf8");
    const tab = await NotebookTab.open(page, name);
    for (const [index, { outputs = [] }] of lab.saved(name).cells.entries()) {
      const charts = outputs.filter(({ data }) => data && CHART in data);
      if (charts.length === 0) continue;
      for (const drawing of await drawingsIn(page, await tab.cell(index), charts.length)) await drawing.look();
    }
    expect(await page.evaluate(() => window.jupyterapp.shell.currentWidget.context.model.dirty)).toBe(false);
    // without saving: if there were something to save, a dialog would ask
    await page.evaluate(async () => {
      const { id, context } = window.jupyterapp.shell.currentWidget;
      await context.sessionContext.shutdown();
      await window.jupyterapp.commands.execute("application:close", { id });
    });
    expect(readFileSync(file, "utf8")).toBe(before);
  });
});
