/** A learner works through a notebook: opens it, runs its cells one after the other, saves it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pulledTo } from "./learner.mjs";

/** The notebooks of a lesson, by their path in what is handed out. The last one is handed in. */
export const lessons = [
  "notebooks/01-forward-pass.ipynb",
  "notebooks/02-softmax-and-cross-entropy.ipynb",
  "notebooks/03-output-layer.ipynb",
  "notebooks/04-hidden-layer.ipynb",
  "notebooks/assignments/output-layer.ipynb",
];

/** Only these differ from run to run: they tell the time that something took. */
const TIMES = /\b\d+(\.\d+)? (ms|s|seconds)\b/g;

/**
 * How a notebook went.
 *
 * @typedef {object} Account
 * @property {string} path in the home directory
 * @property {number} kernelSeconds from opening it until its kernel has run the first cell
 * @property {number} seconds all in all
 * @property {number[]} cells the seconds of each cell but the first
 * @property {string[]} problems what was not as it should be
 * @property {any} saved the notebook as it was saved last
 */

/**
 * Works through a notebook as its student would who has it all right.
 *
 * @param {import("./learner.mjs").Learner} learner
 * @param {string} lesson one of {@link lessons}
 * @param {(kernel: import("./learner.mjs").Kernel, cell: number, cells: number) => Promise<void>} [between]
 *   what the learner does before each cell
 * @returns {Promise<Account>}
 */
export async function workThrough(learner, lesson, between = async () => {}) {
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const path = `${pulledTo}/${lesson}`;
  const notebook = await learner.open(path);
  const handedOut = structuredClone(notebook);
  if (lesson.includes("assignments/"))
    solve(notebook, join(learner.hub.root, lesson.replace("assignments", "instructor")));
  const kernel = await learner.openKernel(path);
  /** @type {Account} */
  const account = { path, kernelSeconds: 0, seconds: 0, cells: [], problems: [], saved: undefined };
  const code = notebook.cells.filter((/** @type {any} */ cell) => cell.cell_type === "code");
  for (const [k, cell] of code.entries()) {
    await between(kernel, k, code.length);
    const { status, outputs, seconds } = await kernel.run(cell.source);
    if (k === 0) account.kernelSeconds = since();
    else account.cells.push(seconds);
    cell.outputs = outputs;
    cell.execution_count = k + 1;
    if (status === "aborted") account.problems.push(`${path}: cell ${cell.id} was not run`);
    if (k === Math.floor(code.length / 2)) await learner.saveNotebook(path, notebook);
  }
  await learner.saveNotebook(path, notebook);
  await kernel.close();
  account.saved = notebook;
  account.seconds = since();
  account.problems.push(...(lesson.includes("assignments/") ? unsolved(notebook) : differences(handedOut, notebook)));
  return account;
}

/** @param {any} notebook @param {string} solved the file with the solutions */
function solve(notebook, solved) {
  const { cells } = JSON.parse(readFileSync(solved, "utf8"));
  const solutions = new Map(cells.map((/** @type {any} */ cell) => [cell.metadata.nbgrader?.grade_id, cell]));
  for (const cell of notebook.cells) {
    const { solution, grade_id } = cell.metadata.nbgrader ?? {};
    if (solution && cell.cell_type === "code") cell.source = textOf(solutions.get(grade_id).source);
  }
}

/** @param {any} notebook @returns {string[]} the checks that are not passed */
function unsolved({ cells }) {
  return cells
    .filter((/** @type {any} */ cell) => cell.metadata.nbgrader?.grade && cell.cell_type === "code")
    .filter((/** @type {any} */ cell) => !printed(cell).startsWith("✓"))
    .map((/** @type {any} */ cell) => `${cell.metadata.nbgrader.grade_id}: ${printed(cell).slice(0, 200)}`);
}

/**
 * Every ✓, and everything else, has to come out as it is in the book.
 *
 * @param {any} handedOut
 * @param {any} run
 * @returns {string[]}
 */
function differences(handedOut, run) {
  return handedOut.cells.flatMap((/** @type {any} */ cell, /** @type {number} */ k) => {
    const [before, after] = [cell, run.cells[k]].map((each) => printed(each).replace(TIMES, "(a time)"));
    return before === after ? [] : [`cell ${cell.id}: ${after.slice(0, 200)} instead of ${before.slice(0, 200)}`];
  });
}

/** @param {any} cell @returns {string} everything that it printed or showed as text, and the names of its errors */
function printed({ outputs = [] }) {
  return outputs
    .map((/** @type {any} */ { text, data, ename, evalue }) =>
      [textOf(text), textOf(data?.["text/plain"]), ename ? `${ename}: ${evalue}` : ""].join(""),
    )
    .join("");
}

/** @param {string | string[] | undefined} text */
function textOf(text) {
  return Array.isArray(text) ? text.join("") : (text ?? "");
}
