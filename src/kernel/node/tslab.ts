/**
 * The package `tslab`, of which a cell may import the display functions that its users know.
 *
 * The rest of tslab is replaced, and not even loaded: its compiler takes as long to load as ours, and its kernel a tenth of a
 * start. In place of the one the display functions are given its version, in place of the other what they write to.
 */
import Module, { createRequire } from "node:module";

/** What `tslab.display` shows, and whether it replaces what it showed before. */
export type DisplayWriter = (data: { data: object; metadata: object; transient: object }, update: boolean) => void;

/**
 * Makes ready what the package needs once a cell imports it, and has its `display` write to `writer`.
 *
 * @param version of the compiler, which `tslab.versions` tells
 */
export function installTslab(version: string, writer: DisplayWriter): void {
  const fromTslab = createRequire(require.resolve("tslab"));
  const standIns = {
    "@tslab/typescript-for-tslab": { version, sys: {} },
    "./jupyter": { __esModule: true, lastWriteDisplayData: writer },
  };
  for (const [name, exports] of Object.entries(standIns)) {
    const path = fromTslab.resolve(name);
    require.cache[path] = Object.assign(new Module(path), { exports, loaded: true });
  }
}
