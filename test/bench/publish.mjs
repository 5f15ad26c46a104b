import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { report, speedTable, stepParts } from "./report.mjs";

/** What was measured last, whole. */
export const FIGURES = "test/bench/figures.json";

/** The page that tells of it, between two marks. */
const PAGE = "docs/performance.md";
const PART = /(<!-- figures:[^\n]*-->\n\n).*?(\n\n<!-- \/figures -->)/s;

/** The notebook that tells of it, and its cell. */
const NOTEBOOK = "notebooks/06-training.ipynb";
const CELL = "06-speed";

/**
 * The files that tell what was measured, as they should be: all tables, the page with its part of them, and notebook 06.
 *
 * @param {string} root
 * @param {import("./report.mjs").Figures} figures of all parts
 * @returns {Map<string, string>} by path, from the project's root
 * @throws if the page or the notebook has no place for them
 */
export function publications(root, figures) {
  const read = (/** @type {string} */ path) => readFileSync(join(root, path), "utf8");
  const page = read(PAGE);
  if (!PART.test(page)) throw new Error(`publish: ${PAGE} has no <!-- figures: … --> and <!-- /figures -->`);
  const notebook = read(NOTEBOOK);
  const cell = JSON.parse(notebook).cells.find((/** @type {{ id: string }} */ { id }) => id === CELL);
  if (!cell || !notebook.includes(asWritten(cell.source))) throw new Error(`publish: ${NOTEBOOK} has no cell ${CELL}`);
  const [text] = cell.source.join("").split("\n\n| ");
  const source = `${text}\n\n${speedTable(figures)}`.split(/(?<=\n)/);
  return new Map([
    [FIGURES, `${JSON.stringify(figures, undefined, 1)}\n`],
    ["test/bench/results.md", `# What was measured\n\n${report(figures)}`],
    [PAGE, page.replace(PART, (_, before, after) => `${before}${stepParts(figures).join("\n\n")}${after}`)],
    // not parsed and written again: the outputs' numbers keep the form in which `npm run notebooks` has written them
    [NOTEBOOK, notebook.replace(asWritten(cell.source), () => asWritten(source))],
  ]);
}

/** @param {string[]} source of a cell, as it stands in the notebook's file */
function asWritten(source) {
  return `"source": ${JSON.stringify(source, undefined, 1).replaceAll("\n", "\n   ")}`;
}

/**
 * Writes them.
 *
 * @param {string} root
 * @param {import("./report.mjs").Figures} figures of all parts
 */
export function publish(root, figures) {
  for (const [path, text] of publications(root, figures)) writeFileSync(join(root, path), text);
}
