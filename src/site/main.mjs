import { join, relative, resolve } from "node:path";
import { loadTypeScript } from "../setup/load-typescript.mjs";
import { Problem } from "../setup/problem.mjs";

/**
 * Makes the book, with JupyterLite beside it: a folder of pages from the tutorial's notebooks, or from those that are named.
 *
 * @param {import("../setup/commands.mjs").Given} given
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code
 * @throws {Problem} if the book can't be made: as `tutorial` and `makeBook`
 */
export async function main({ values, positionals }, project) {
  const out = resolve(values.out ?? join(project.build, "site"));
  /** @type {typeof import("./book")} */
  const { assignments, makeBook, tutorial, BookProblem } = await loadTypeScript(project, "src/site/book");
  try {
    const notebooks = positionals.length > 0 ? positionals.map((path) => resolve(path)) : tutorial(project.root);
    const work = values.assignments ? assignments(project.root) : [];
    const { pages } = await makeBook({ root: project.root, notebooks, assignments: work, out, lab: true });
    console.log(`${pages.length} pages: ${relative(process.cwd(), join(out, "index.html"))}`);
    return 0;
  } catch (error) {
    throw error instanceof BookProblem ? new Problem(error.message) : error;
  }
}
