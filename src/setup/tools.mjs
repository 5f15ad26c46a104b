import { join } from "node:path";
import { runInForeground } from "./run-process.mjs";

/** A program of node_modules for each of these commands, and its arguments. @type {Record<string, string[]>} */
const tools = {
  lint: ["@biomejs/biome/bin/biome", "check", "--error-on-warnings"],
  format: ["@biomejs/biome/bin/biome", "check", "--write"],
  typecheck: ["typescript/bin/tsc", "--noEmit"],
};

/**
 * @param {import("./commands.mjs").Given} given
 * @param {import("./project.mjs").Project} project
 * @param {string} name of the command
 * @returns {Promise<number>} the exit code
 */
export function main({ rest }, { root, nodeModules }, name) {
  const [program, ...args] = tools[name];
  return runInForeground(process.execPath, [join(nodeModules, program), ...args, ...rest], {
    cwd: root,
    env: process.env,
  });
}
