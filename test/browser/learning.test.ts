/** What a learner does in JupyterLab: answers, trains, interrupts, follows links, turns off the light. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { equations } from "../../src/equations";
import { names, printed, read, root, textOf } from "../notebooks/notebook";
import { describeInBrowser, launch } from "./chromium";
import { contrast, shownContrast } from "./contrast";
import { drawingsIn } from "./drawing";
import { fresh, JupyterLab, notebookOf } from "./jupyterlab";
import { NotebookTab } from "./notebook-tab";

describeInBrowser("a learner in JupyterLab", () => {
  let browser: Browser;
  let page: Page;
  let lab: JupyterLab;
  beforeAll(async () => {
    const committed = Object.fromEntries(names.map((name) => [name, read(`${root}/notebooks/${name}`)]));
    [browser, lab] = await Promise.all([
      launch(),
      JupyterLab.start({
        ...committed,
        "03-fresh.ipynb": fresh("03-output-layer.ipynb"),
        "live.ipynb": notebookOf(
          'import { initialise, Random, Training, spirals, trainLive } from "./src";',
          "const run = new Training({ data: spirals({ classes: 3 }), parameters: initialise({ inputs: 2, hidden: 8, classes: 3, random: new Random(1) }), random: new Random(1), learningRate: 0.1 });",
          "await trainLive(run, 1e9);",
          "run.history.at(-1)!.epoch",
          "await trainLive(run, 3);",
        ),
      }),
    ]);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await lab.open(page);
  });
  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
  });

  it("an answer of one's own: wrong with its name and a hint, then right", async () => {
    const tab = await NotebookTab.open(page, "03-fresh.ipynb");
    const { cells } = lab.saved("03-fresh.ipynb");
    const imports = cells.findIndex(({ source }) => textOf(source).includes('from "./src"'));
    const mine = cells.findIndex(({ metadata }) => metadata.tags?.includes("your-turn"));
    await tab.start(imports);
    await tab.finished(imports);
    const answer = async (rule: string, before: number | null) => {
      await tab.type(mine, `verify("E12", (dZ2: Matrix) => ${rule})`);
      const count = await tab.finished(mine, before);
      return { count, output: await (await tab.cell(mine)).waitForSelector(".jp-OutputArea-output") };
    };

    const wrong = await answer("dZ2.columnSums().scale(1 / dZ2.rows)", null);
    const said = (await wrong.output.textContent()) ?? "";
    expect(said).toMatch(/^\s*✗ E12 gradB2/);
    const { misconceptions } = equations.find(({ id }) => id === "E12")!;
    const hint = misconceptions.map((misconception) => misconception.hint).find((hint) => said.includes(hint));
    expect(said).toContain(`Hint. ${hint}`);
    // The equation is typeset, and the entries that are off are marked.
    await wrong.output.waitForSelector("mjx-container");
    expect(await wrong.output.$$("td")).not.toEqual([]);

    const right = await answer("dZ2.columnSums()", wrong.count);
    expect(await right.output.textContent()).toMatch(/^\s*✓ E12 gradB2/);
    await tab.shutDown();
  });

  it("training is seen while it runs, can be interrupted, and what was learned is kept", async () => {
    const tab = await NotebookTab.open(page, "live.ipynb");
    const [setUp, training, asked, more] = [1, 2, 3, 4];
    await tab.start(0);
    await tab.start(setUp);
    await tab.finished(setUp);

    await tab.start(training);
    const cell = await tab.cell(training);
    const epoch = async () => Number(/epoch (\d+)/.exec((await cell.textContent()) ?? "")?.[1] ?? -1);
    // Each update puts a new canvas in the place of the old one, perhaps just while that is looked at.
    const hash = async () => (await (await drawingsIn(page, cell, 1))[0].look()).hash;
    const hashes = new Set<string>();
    const differentHashes = async () => hashes.add(await hash()).size;
    const before = await epoch();
    await expect.poll(epoch, { timeout: 60_000 }).toBeGreaterThan(before + 1);
    await expect.poll(differentHashes, { timeout: 60_000 }).toBeGreaterThan(2);
    // In place: it is still one chart and one line.
    expect(await cell.$$(".jp-OutputArea-child")).toHaveLength(2);
    const seen = await epoch();

    await tab.interrupt();
    await tab.finished(training, null);
    // The last update may still be drawn.
    const stillChanging = async () => {
      const earlier = await hash();
      return (await hash()) !== earlier;
    };
    await expect.poll(stillChanging, { timeout: 60_000 }).toBe(false);
    // Pointing at the curve draws a rule, and reads the line there.
    const [drawing] = await drawingsIn(page, cell, 1);
    const unpointed = await drawing.look();
    expect(await drawing.tooltip()).toMatch(/epoch.*\d.*training.*\d/s);
    await drawing.changed(unpointed);
    await tab.start(asked);
    await tab.finished(asked);
    await tab.save();
    const kept = Number(printed(lab.saved("live.ipynb").cells[asked]).trim());
    expect(kept).toBeGreaterThanOrEqual(seen);

    // It goes on from there.
    await tab.start(more);
    await tab.finished(more);
    await tab.save();
    expect(printed(lab.saved("live.ipynb").cells[more])).toContain(`epoch ${kept + 3} · `);
    await tab.shutDown();
  });

  it("the table of equations leads to each one's derivation", { tags: ["slow"] }, async () => {
    for (const { id, title, notebook } of equations.filter((_, k) => k % 6 === 1)) {
      const start = await NotebookTab.open(page, "00-start-here.ipynb");
      const table = read(`${root}/notebooks/00-start-here.ipynb`).cells.findIndex(({ outputs = [] }) =>
        outputs.some(({ data }) => String(data?.["text/markdown"]).includes(`| [${id} · ${title}]`)),
      );
      const link = await (await start.cell(table)).waitForSelector(`a:text("${id} · ${title}")`);
      await link.click();
      await NotebookTab.inFront(page, `${notebook}.ipynb`);
      const heading = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) h2", { hasText: `${id} · ${title}` });
      await expect.poll(() => heading.evaluate(isInView), { timeout: 60_000 }).toBe(true);
    }
  });

  it("in the dark theme charts and verdicts stay readable", async () => {
    const tab = await NotebookTab.open(page, "02-softmax-and-cross-entropy.ipynb");
    await tab.menu("Settings", "Theme", "JupyterLab Dark");
    await page.waitForSelector('body[data-jp-theme-light="false"]', { state: "attached" });
    for (const [index, { outputs = [] }] of lab.saved("02-softmax-and-cross-entropy.ipynb").cells.entries()) {
      if (outputs.length === 0) continue;
      const cell = await tab.cell(index);
      const charts = outputs.filter(({ data }) => data && "application/vnd.vegalite.v5+json" in data);
      for (const drawing of await drawingsIn(page, cell, charts.length)) {
        const { lightest, darkest } = await drawing.look();
        expect(contrast(lightest, darkest)).toBeGreaterThan(12);
      }
      for (const text of await cell.$$(
        ".jp-RenderedHTML :is(td, div, code, b), .jp-RenderedText pre, .vega-bind-name",
      )) {
        expect(await text.evaluate(shownContrast), (await text.textContent()) ?? "").toBeGreaterThan(3);
      }
    }
  });

  it("nothing goes wrong in the page, and nothing is asked of another place", () => {
    expect(lab.complaints).toEqual([]);
  });
});

function isInView(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= window.innerHeight;
}
