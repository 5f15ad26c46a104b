import { loadTypeScript } from "../setup/load-typescript.mjs";
import { Problem } from "../setup/problem.mjs";

/**
 * Checks somebody's notes, equation by equation.
 *
 * @param {import("../setup/commands.mjs").Given} given
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code: 1 if an equation is false, or none of numbers
 * @throws {Problem} if the file can't be read
 */
export async function main({ values: { after }, positionals: [path] }, project) {
  /** @type {typeof import("../notes/open")} */
  const { checkNotes } = await loadTypeScript(project, "src/notes/open");
  try {
    const verdict = checkNotes(path, after === undefined ? [] : [after]);
    console.log(String(verdict));
    return verdict.passed ? 0 : 1;
  } catch (error) {
    throw new Problem(/** @type {Error} */ (error).message);
  }
}
