/** Every notebook of the tutorial in JupyterLab, run from a fresh start. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeCells, mayFail, names, type Output, printed, read, root, textOf, verdicts } from "../notebooks/notebook";
import { describeInBrowser, launch } from "./chromium";
import { type Drawing, drawingsIn } from "./drawing";
import { fresh, JupyterLab } from "./jupyterlab";
import { NotebookTab } from "./notebook-tab";

const CHART = "application/vnd.vegalite.v5+json";
/** Only these may differ from run to run: they tell the time that something took. */
const TIMES = /\b\d+(\.\d+)? (ms|s|seconds)\b/g;

describeInBrowser("notebooks in JupyterLab", () => {
  let browser: Browser;
  let page: Page;
  let lab: JupyterLab;
  beforeAll(async () => {
    [browser, lab] = await Promise.all([
      launch(),
      JupyterLab.start(Object.fromEntries(names.map((name) => [name, fresh(name)]))),
    ]);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await lab.open(page);
  });
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  describe.each(names)("%s", (name) => {
    const committed = read(join(root, "notebooks", name));
    const charts = committed.cells
      .map((cell, index) => ({
        index,
        specs: (cell.outputs ?? []).flatMap(({ data }) => (data && CHART in data ? [data[CHART]] : [])),
      }))
      .filter(({ specs }) => specs.length > 0);
    let tab: NotebookTab;
    beforeAll(async () => {
      // As if it were the first: what another one has kept is not shown.
      rmSync(lab.progress, { force: true });
      tab = await NotebookTab.open(page, name);
      await tab.restartAndRunAll();
      await tab.save();
    });
    afterAll(() => tab?.shutDown());

    /** Does something with every chart of the notebook, one after the other. */
    async function forEachChart(work: (drawing: Drawing, spec: unknown) => Promise<void>) {
      for (const { index, specs } of charts) {
        const drawings = await drawingsIn(page, await tab.cell(index), specs.length);
        for (const [k, drawing] of drawings.entries()) await work(drawing, specs[k]);
      }
    }

    it("runs without an error, and every verdict is ✓ but where the text says ✗", () => {
      for (const cell of codeCells(lab.saved(name))) {
        expect(cell.outputs?.filter(({ output_type }) => output_type === "error")).toEqual([]);
        if (mayFail(cell)) expect(printed(cell)).toMatch([cell.source].flat().join("").includes("pencil(") ? /✎/ : /✗/);
        else expect(verdicts(cell), `cell ${cell.id}`).not.toContain("✗");
      }
    });

    it("shows what is committed", () => {
      const texts = (outputs: Output[] = []) => outputs.map(({ text, data }) => [textOf(text), texted(data)]);
      const rerun = lab.saved(name).cells;
      for (const [k, { id, outputs }] of committed.cells.entries()) {
        expect({ id, outputs: texts(rerun[k].outputs) }).toEqual({ id, outputs: texts(outputs) });
      }
    });

    it("draws every chart", async () => {
      await forEachChart(async (drawing) => {
        await expect
          .poll(() => drawing.look(), { timeout: 30_000 })
          .toMatchObject({ colours: expect.toSatisfy((n) => n > 10) });
        expect((await drawing.look()).inked).toBeGreaterThan(0.02);
      });
    });

    it("every slider changes what is drawn, there and back", async () => {
      await forEachChart(async (drawing) => {
        for (const slider of await drawing.sliders()) {
          await slider.press("Home");
          const first = await drawing.look();
          await slider.press("End");
          await drawing.changed(first);
          await slider.press("Home");
          // Not to the pixel: a canvas is drawn anew in part, and edges of that part are smoothed differently.
          await expect.poll(async () => (await drawing.look()).inked).toBeCloseTo(first.inked, 3);
        }
      });
    });

    it("charts with something to say answer when pointed at", async () => {
      await forEachChart(async (drawing, spec) => {
        if (!JSON.stringify(spec).includes('"tooltip"')) return;
        expect(await drawing.tooltip(), JSON.stringify((spec as { title: unknown }).title)).toMatch(/\S/);
      });
    });
  });

  it("nothing goes wrong in the page, and nothing is asked of another place", () => {
    expect(lab.complaints).toEqual([]);
  });
});

/** Those forms of an output that are text to read. */
function texted(data: Output["data"] = {}) {
  const readable = Object.entries(data).filter(([type]) => /^text\//.test(type));
  return Object.fromEntries(readable.map(([type, text]) => [type, textOf(text as string).replace(TIMES, "(a time)")]));
}
