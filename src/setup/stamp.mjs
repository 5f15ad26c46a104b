import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * A note left beside the result of a step: what it was made from, and what lies in it.
 *
 * @typedef {object} Stamp
 * @property {Record<string, string>} inputs by name, as a person would call them
 * @property {Record<string, string[]>} listing the entries of the result's folders
 */

/**
 * @param {string | Buffer} content
 * @returns {string} short, and another one for other content
 */
export function hash(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

/**
 * @param {string} path
 * @returns {string} the hash of the file's content, or "" when there is no such file
 */
export function hashOfFile(path) {
  return existsSync(path) ? hash(readFileSync(path)) : "";
}

/**
 * Why a step's result can't be used as it is.
 *
 * @param {string} path where its stamp is
 * @param {Record<string, string>} inputs what the result would be made from now
 * @param {string} root the listing's paths start here
 * @returns {string | undefined} undefined when it can be used
 */
export function staleness(path, inputs, root) {
  const stamp = readStamp(path);
  if (!stamp) return "not complete yet";
  for (const name of new Set([...Object.keys(inputs), ...Object.keys(stamp.inputs)])) {
    if (stamp.inputs[name] !== inputs[name]) return `${name} changed`;
  }
  for (const [folder, names] of Object.entries(stamp.listing)) {
    const present = new Set(entriesOf(join(root, folder)));
    const lost = names.find((name) => !present.has(name));
    if (lost !== undefined) return `${folder}/${lost} is missing`;
  }
  return undefined;
}

/**
 * @param {string} path
 * @param {Record<string, string>} inputs
 * @param {{ root: string, folders: string[] }} result the folders whose entries must stay there
 */
export function writeStamp(path, inputs, { root, folders }) {
  const listing = Object.fromEntries(
    folders.map((folder) => [relative(root, folder).replaceAll("\\", "/"), entriesOf(folder)]),
  );
  writeFileSync(path, JSON.stringify({ inputs, listing }));
}

/**
 * To be called before a result is touched, so that one that is left half-made has no stamp.
 *
 * @param {string} path
 */
export function removeStamp(path) {
  rmSync(path, { force: true });
}

/**
 * @param {string} path
 * @returns {Stamp | undefined}
 */
function readStamp(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** @param {string} folder */
function entriesOf(folder) {
  try {
    return readdirSync(folder).filter((name) => name !== "__pycache__");
  } catch {
    return [];
  }
}
