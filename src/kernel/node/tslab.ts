/**
 * The package `tslab`, of which a cell may import the display functions that its users know.
 *
 * The rest of tslab is replaced. It brings a compiler of its own, which takes as long to load as ours, and which the
 * display functions do not need: in place of it the package is given its version.
 */
import Module, { createRequire } from "node:module";

/** What `tslab.display` shows, and whether it replaces what it showed before. */
export type DisplayWriter = (data: { data: object; metadata: object; transient: object }, update: boolean) => void;

/**
 * Loads the package for cells, and has its `display` write to `writer`.
 *
 * @param version of the compiler, which `tslab.versions` tells
 */
export function installTslab(version: string, writer: DisplayWriter): void {
  const fromTslab = createRequire(require.resolve("tslab"));
  const path = fromTslab.resolve("@tslab/typescript-for-tslab");
  const standIn = new Module(path);
  standIn.exports = { version, sys: {} };
  standIn.loaded = true;
  require.cache[path] = standIn;
  const jupyter: { lastWriteDisplayData: DisplayWriter } = require("tslab/dist/jupyter");
  jupyter.lastWriteDisplayData = writer;
}
