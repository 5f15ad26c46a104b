import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../src/engine/compile.mjs";

/**
 * What no matrix product in WebAssembly can exceed on one core: as many float64 multiplications as additions, which wait for
 * nothing.
 *
 * @typedef {object} Limit
 * @property {2 | 4} lanes of its vectors
 * @property {number[]} perSecond floating-point operations, round by round
 */

/**
 * Measures it in a Node.
 *
 * @param {string} node its executable
 * @param {import("../../src/setup/project.mjs").Project} project
 * @param {string} folder where the project's own contestants are built
 * @param {number} rounds
 * @returns {Limit}
 */
export function measureLimit(node, { root }, folder, rounds) {
  const module = join(folder, "peak.wasm");
  writeFileSync(module, compile(join(root, "test", "bench", "peak.ts")));
  const { status, stdout, stderr } = spawnSync(node, [join(folder, "limit.mjs"), module, String(rounds)], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The limit of ${node} can't be measured:\n${stderr}`);
  return JSON.parse(stdout);
}
