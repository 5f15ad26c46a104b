import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Writes a file that is there as a whole or not at all, whenever its writer is stopped: under another name first, then it
 * gets its own. Several writers of one file, also on several machines, are not in each other's way. Makes the folders that
 * are missing.
 *
 * @param {string} path the file; one that is there already is replaced
 * @param {string | Uint8Array} data its contents; a text is written as UTF-8
 * @param {string} [drafts] where the other name is, on the same disk; a writer that is killed leaves it there
 * @throws Node's own error if the file can't be written, such as ENOSPC or EACCES; what was there before stays
 */
export function writeWhole(path, data, drafts = dirname(path)) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = join(drafts, `${basename(path)}.${randomBytes(6).toString("hex")}.draft`);
  try {
    writeFileSync(draft, data);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
