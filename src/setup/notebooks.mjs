import { fileURLToPath } from "node:url";
import { fillNotebooks } from "./fill-notebooks.mjs";
import { pythonEnvironment } from "./python-environment.mjs";
import { runInForeground } from "./run-process.mjs";

/**
 * Puts the code of `src` under its equations, and executes the tutorial's notebooks with their kernel: in place, or as copies with
 * `--out DIR`.
 *
 * @param {import("./commands.mjs").Given} given
 * @param {import("./project.mjs").Project} project
 * @returns {Promise<number>} the exit code
 */
export async function main({ positionals, rest }, project) {
  await fillNotebooks(project);
  const program = fileURLToPath(new URL("execute_notebooks.py", import.meta.url));
  return runInForeground(project.python, [program, ...rest, ...positionals], {
    cwd: project.root,
    env: pythonEnvironment(project),
  });
}
