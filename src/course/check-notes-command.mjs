import { parseArgs } from "node:util";
import { loadTypeScript } from "../setup/load-typescript.mjs";
import { Problem } from "../setup/problem.mjs";

const usage = `npm run check-notes -- FILE [--after FILE]

  FILE     notes with formulas between dollar signs: Markdown, or a notebook
  --after  a file whose definitions hold as well; may be given again`;

/**
 * Checks somebody's notes, equation by equation.
 *
 * @param {string[]} args
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code: 1 if an equation is false, or none of numbers
 * @throws {Problem} if the arguments are not as the usage says, or the file can't be read
 */
export async function main(args, project) {
  const { path, after } = read(args);
  /** @type {typeof import("../notes/open")} */
  const { checkNotes } = await loadTypeScript(project, "src/notes/open");
  const verdict = judged(() => checkNotes(path, after));
  console.log(String(verdict));
  return verdict.passed ? 0 : 1;
}

/**
 * @template T
 * @param {() => T} check
 */
function judged(check) {
  try {
    return check();
  } catch (error) {
    throw new Problem(/** @type {Error} */ (error).message);
  }
}

/** @param {string[]} args */
function read(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { after: { type: "string", multiple: true } },
      allowPositionals: true,
    });
    if (positionals.length !== 1) throw new Error(`got ${positionals.length} files; expected one`);
    return { path: positionals[0], after: values.after ?? [] };
  } catch (error) {
    throw new Problem(`${/** @type {Error} */ (error).message}\nUsage: ${usage}`);
  }
}
