/** What a learner does step by step in JupyterLab: pencil, function, picture; and what is kept of it. */
import { existsSync, readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { textOf } from "../notebooks/notebook";
import { describeInBrowser, launch } from "./chromium";
import { drawingsIn } from "./drawing";
import { fresh, JupyterLab } from "./jupyterlab";
import { NotebookTab } from "./notebook-tab";

describeInBrowser("a learner at work in JupyterLab", () => {
  let browser: Browser;
  let page: Page;
  let lab: JupyterLab;
  let tab: NotebookTab;
  const indexOf = (id: string) => lab.saved("02.ipynb").cells.findIndex((cell) => cell.id === id);

  beforeAll(async () => {
    [browser, lab] = await Promise.all([
      launch(),
      JupyterLab.start({ "02.ipynb": fresh("02-softmax-and-cross-entropy.ipynb") }),
    ]);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await lab.open(page);
    tab = await NotebookTab.open(page, "02.ipynb");
    for (const id of ["02-02", "02-progress"]) await run(id);
  });
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  /** How often each cell was run, to know when it has been run once more. */
  const counts = new Map<string, number | null>();

  async function finished(id: string): Promise<string> {
    counts.set(id, await tab.finished(indexOf(id), counts.get(id) ?? null));
    const cell = await tab.cell(indexOf(id));
    return (await (await cell.waitForSelector(".jp-OutputArea-output")).textContent()) ?? "";
  }
  async function run(id: string): Promise<void> {
    await tab.start(indexOf(id));
    counts.set(id, await tab.finished(indexOf(id), counts.get(id) ?? null));
  }
  async function answer(id: string, source: string): Promise<string> {
    await tab.type(indexOf(id), source);
    return finished(id);
  }

  it("nothing is kept at first, and E1 is the next thing to do", async () => {
    const cell = await tab.cell(indexOf("02-progress"));
    expect(await cell.textContent()).toContain("Next: E1 with a pencil");
    expect(existsSync(lab.progress)).toBe(false);
  });

  it("a number worked out with a pencil: wrong with the reason, then right", async () => {
    expect(await answer("E7-pencil", 'pencil("E7", { row: 0, col: 1 }, -4.09)')).toMatch(
      /^\s*✗ E7 dA2\[0, 1\].*that is without the mean's 1\/N, and N is 2 here\./,
    );
    expect(await answer("E7-pencil", 'pencil("E7", { row: 0, col: 1 }, -2.04)')).toMatch(
      /^\s*✓ E7 dA2\[0, 1\].*right\./,
    );
    expect(JSON.parse(readFileSync(lab.progress, "utf8"))).toMatchObject({
      pencil: { E7: expect.any(String) },
      written: {},
    });
  });

  it("a function of one's own: wrong, then right, and kept", async () => {
    const mine = (rule: string) =>
      `function myGradA2(A2: Matrix, Y: Matrix): Matrix {\n  return Y.map((y, i, j) => ${rule});\n}\nverify("E7", myGradA2)`;
    expect(await answer("E7-write", mine("(y === 0 ? 0 : -y / A2.get(i, j))"))).toMatch(/^\s*✗ E7 gradA2/);
    expect(await answer("E7-write", mine("(y === 0 ? 0 : -y / A2.get(i, j) / A2.rows)"))).toMatch(/^\s*✓ E7 gradA2/);
    expect(JSON.parse(readFileSync(lab.progress, "utf8"))).toMatchObject({ written: { E7: expect.any(String) } });
    await tab.start(indexOf("02-progress"));
    expect(await finished("02-progress")).toMatch(/E7 ✓/);
  });

  it("the circuit is stepped through with its slider", async () => {
    await run("02-circuit");
    const cell = await tab.cell(indexOf("02-circuit"));
    const [drawing] = await drawingsIn(page, cell, 1);
    const before = await drawing.look();
    const [slider] = await drawing.sliders();
    await slider.press("End");
    expect(await slider.inputValue()).toBe("5");
    await drawing.changed(before);
  });

  it("nothing goes wrong in the page, and nothing is asked of another place", () => {
    expect(lab.complaints).toEqual([]);
    expect(textOf(lab.saved("02.ipynb").cells[0].source)).toContain("# 02");
  });
});
