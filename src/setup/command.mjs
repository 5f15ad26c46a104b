import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Problem } from "./problem.mjs";
import { project } from "./project.mjs";
import { setUp } from "./set-up.mjs";

/**
 * Sets the project up, then runs a module's `main(arguments, project)` and exits with the number it returns.
 * A {@link Problem} is shown as its sentence; any other error is a fault of this project and keeps its stack.
 *
 * @param {string[]} args those of start.mjs
 */
export async function runCommand(args) {
  const oldKernel = args[0] === "--old-kernel";
  /** @type {(string | undefined)[]} */
  const [module, ...others] = oldKernel ? args.slice(1) : args;
  try {
    await setUp(project, { quiet: module !== undefined, oldKernel });
    if (module === undefined) return;
    const { main } = await import(pathToFileURL(join(project.root, module)).href);
    process.exitCode = await main(others, project);
  } catch (error) {
    console.error(error instanceof Problem ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
