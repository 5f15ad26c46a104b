import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { argumentsOf } from "./arguments.mjs";
import { commands } from "./commands.mjs";
import { helpFor, listOfCommands, versionOf } from "./help.mjs";
import { Problem } from "./problem.mjs";
import { project } from "./project.mjs";
import { setUp } from "./set-up.mjs";

/**
 * Runs one of the `commands`: reads its arguments, sets the project up as far as it needs, calls its `main(given, project)`, exits with
 * the number that it returns, and says what to do next. A {@link Problem} is shown as its sentence; any other error is a fault of this
 * project and keeps its stack.
 *
 * @param {string[]} args the command's name and what it is given
 */
export async function runCommand([name = "setup", ...args]) {
  try {
    process.exitCode = await run(name, args);
  } catch (error) {
    console.error(error instanceof Problem ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

/**
 * @param {string} name
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function run(name, args) {
  if (!Object.hasOwn(commands, name)) throw new Problem(`There is no command ${name}. npm run help lists them.`);
  const { module, needs, next } = commands[name];
  const given = argumentsOf(name, args, process.env);
  if (given.values.version || given.values.help) {
    console.log(given.values.version ? versionOf(project) : helpFor(name));
    return 0;
  }
  if (name === "help") console.log(`${versionOf(project)}\n\n${listOfCommands()}`);
  if (needs !== "nothing") await setUp(project, { quiet: module !== undefined, oldKernel: needs === "any kernel" });
  let code = 0;
  if (module !== undefined) {
    const { main } = await import(pathToFileURL(join(project.root, module)).href);
    code = await main(given, project, name);
  }
  const sentence = typeof next === "string" ? next : next(given);
  if (code === 0 && sentence !== "") console.error(`\nNext: ${sentence}`);
  return code;
}
