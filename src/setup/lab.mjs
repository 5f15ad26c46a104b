import { existsSync } from "node:fs";
import { join } from "node:path";
import { makeOwnNotebooks, OWN, tellOwnNotebooks } from "./fresh.mjs";
import { isFree } from "./port.mjs";
import { Problem } from "./problem.mjs";
import { pythonEnvironment } from "./python-environment.mjs";
import { runInForeground } from "./run-process.mjs";

const firstNotebook = "00-start-here.ipynb";

/**
 * Runs JupyterLab on the project until Ctrl-C, which ends it without a question.
 *
 * @param {import("./commands.mjs").Given} given
 * @param {import("./project.mjs").Project} project
 * @returns {Promise<number>} the exit code
 */
export async function main({ values: { fresh }, rest }, project) {
  const { root, python } = project;
  if (fresh) for (const line of tellOwnNotebooks(makeOwnNotebooks(root))) console.log(line);
  const options = [...defaults(root, fresh ? OWN : "notebooks"), ...(await portOptions(rest)), ...rest];
  return runInForeground(python, ["-m", "jupyterlab", ...options], { cwd: root, env: pythonEnvironment(project) });
}

/**
 * @param {string} root
 * @param {string} folder of the notebook to open
 */
function defaults(root, folder) {
  const options = ["-y", `--ServerApp.root_dir=${root}`];
  if (existsSync(join(root, folder, firstNotebook))) {
    options.push(`--LabApp.default_url=/lab/tree/${folder}/${firstNotebook}`);
  }
  // In a container one is root, and Jupyter refuses to run then unless told to.
  if (process.getuid?.() === 0) options.push("--allow-root");
  return options;
}

/**
 * Jupyter itself takes the next port when its usual one is busy. One that was asked for by number is not replaced.
 *
 * @param {string[]} args
 * @returns {Promise<string[]>}
 */
async function portOptions(args) {
  const port = Number(argumentOf(args, ["--port", "--ServerApp.port"]));
  if (!port) return [];
  const host = argumentOf(args, ["--ip", "--ServerApp.ip"]) ?? "localhost";
  if (await isFree(port, host)) return ["--ServerApp.port_retries=0"];
  throw new Problem(`Port ${port} is in use: name another with --port, or none and the next free one is taken.`);
}

/**
 * @param {string[]} args
 * @param {string[]} names of one option
 * @returns {string | undefined} what follows it, after a space or an equals sign
 */
function argumentOf(args, names) {
  for (const [index, arg] of args.entries()) {
    if (names.includes(arg)) return args[index + 1];
    const name = names.find((name) => arg.startsWith(`${name}=`));
    if (name) return arg.slice(name.length + 1);
  }
  return undefined;
}
