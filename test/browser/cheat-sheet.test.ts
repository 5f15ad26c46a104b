/** The cheat sheet is for the wall: printed from the book, it fits on one page. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { makeBook } from "../../src/site/book";
import { root } from "../notebooks/notebook";
import { describeInBrowser, launch } from "./chromium";

describeInBrowser("the cheat sheet", () => {
  it("is one page, on A4 and on Letter", async () => {
    const out = mkdtempSync(join(tmpdir(), "cheat-sheet-"));
    onTestFinished(() => rmSync(out, { recursive: true, force: true }));
    await makeBook({ root, notebooks: [join(root, "notebooks/cheat-sheet.ipynb")], out });
    const browser = await launch();
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    await page.goto(pathToFileURL(join(out, "cheat-sheet.html")).href);
    await page.evaluate(() => document.fonts.ready.then(() => {}));
    for (const format of ["A4", "Letter"]) {
      const printed = (await page.pdf({ format })).toString("latin1");
      expect(printed.match(/\/Type\s*\/Page\b(?!s)/g), format).toHaveLength(1);
    }
  });
});
