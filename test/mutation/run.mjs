import { rmSync } from "node:fs";
import { join } from "node:path";
import { runInForeground } from "../../src/setup/run-process.mjs";
import { report } from "./report.mjs";

/**
 * Mutates the maths line by line and has the tests notice (Stryker). Takes minutes.
 *
 * @param {import("../../src/setup/commands.mjs").Given} given
 * @param {import("../../src/setup/project.mjs").Project} project
 * @returns {Promise<number>} 0 when every mutant is noticed, or listed with a proof that it changes nothing
 */
export async function main({ rest }, project) {
  const results = join(project.build, "mutation-report.json");
  rmSync(results, { force: true });
  const stryker = join(project.nodeModules, "@stryker-mutator", "core", "bin", "stryker.js");
  const code = await runInForeground(process.execPath, [stryker, "run", ...rest], {
    cwd: project.root,
    env: process.env,
  });
  return code === 0 ? report(results, join(project.root, "test", "mutation", "equivalent.md")) : code;
}
