import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadTypeScript } from "../setup/load-typescript.mjs";
import { Problem } from "../setup/problem.mjs";

const usage = "npm run site -- [--out DIR] [NOTEBOOK …]";

/**
 * Makes the book: a folder of HTML pages from the tutorial's notebooks, or from those that are named.
 *
 * @param {string[]} args `--out DIR` for another place than .build/site
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code
 * @throws {Problem} if the arguments are not as the usage says, or the book can't be made: as `tutorial` and `makeBook`
 */
export async function main(args, project) {
  const { values, positionals } = read(args);
  const out = resolve(values.out ?? join(project.build, "site"));
  /** @type {typeof import("./book")} */
  const { makeBook, tutorial, BookProblem } = await loadTypeScript(project, "src/site/book");
  try {
    const notebooks = positionals.length > 0 ? positionals.map((path) => resolve(path)) : tutorial(project.root);
    const { pages } = await makeBook({ root: project.root, notebooks, out });
    console.log(`${pages.length} pages; open ${relative(process.cwd(), join(out, "index.html"))} in a browser.`);
    return 0;
  } catch (error) {
    throw error instanceof BookProblem ? new Problem(error.message) : error;
  }
}

/** @param {string[]} args */
function read(args) {
  try {
    return parseArgs({ args, options: { out: { type: "string" } }, allowPositionals: true });
  } catch (error) {
    throw new Problem(`${/** @type {Error} */ (error).message}\nUsage: ${usage}`);
  }
}
