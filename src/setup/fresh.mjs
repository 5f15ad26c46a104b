import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";

/** The learner's own folder, which git does not see. */
export const OWN = "my-notebooks";

/** Where a copy notes what it was made from. */
const NOTE = "backprop_by_hand";

/**
 * Makes the learner's own copies of the tutorial's notebooks: without outputs, so that nothing is known before it is asked. Each is made
 * once and never written again, whatever becomes of the original.
 *
 * @param {string} root the project's folder
 * @returns {{ made: string[], changed: string[] }} the copies that were made, and those whose original has changed since
 */
export function makeOwnNotebooks(root) {
  const names = readdirSync(join(root, "notebooks")).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
  const [made, changed] = [/** @type {string[]} */ ([]), /** @type {string[]} */ ([])];
  mkdirSync(join(root, OWN), { recursive: true });
  for (const name of names.sort()) {
    const original = JSON.parse(readFileSync(join(root, "notebooks", name), "utf8"));
    const path = join(root, OWN, name);
    const digest = digestOf(original);
    if (existsSync(path)) {
      const from = digestNoted(readFileSync(path, "utf8"));
      if (from !== undefined && from !== digest) changed.push(name);
      continue;
    }
    const copy = {
      ...original,
      metadata: { ...original.metadata, [NOTE]: { made_from: `notebooks/${name}`, digest } },
      cells: original.cells.map((/** @type {any} */ cell) => freshCell(cell, names)),
    };
    // "wx": what is there by now, nobody writes over
    writeFileSync(path, `${JSON.stringify(copy, null, 1)}\n`, { flag: "wx" });
    made.push(name);
  }
  return { made, changed };
}

/**
 * What to tell about it, a sentence a line.
 *
 * @param {{ made: string[], changed: string[] }} outcome of `makeOwnNotebooks`
 * @returns {string[]}
 */
export function tellOwnNotebooks({ made, changed }) {
  const fresh =
    made.length === 0 ? [] : [`${OWN}/ has ${made.length} new notebook${made.length === 1 ? "" : "s"} of yours.`];
  const told = changed.map(
    (name) =>
      `${OWN}/${name}: notebooks/${name} has changed since yours was made. Yours is as you left it; rename it, and the next "npm run lab -- --fresh" makes a new one.`,
  );
  return [...fresh, ...told];
}

/** A cell without what running it has left; links that stay within the copies stay, the others lead to the originals' places. */
function freshCell(/** @type {any} */ cell, /** @type {string[]} */ names) {
  if (cell.cell_type === "code") return { ...cell, execution_count: null, outputs: [] };
  if (cell.cell_type !== "markdown") return cell;
  const text = [cell.source].flat().join("");
  const linked = text.replace(/(\]\()([^)\s]+)/g, (/** @type {string} */ link, begin, target) => {
    const [file] = target.split("#");
    if (/^[a-z]+:/i.test(target) || file === "" || names.includes(file)) return link;
    return begin + posix.normalize(`../notebooks/${target}`);
  });
  return { ...cell, source: linked.split(/(?<=\n)/) };
}

/** A digest of what a notebook says, whatever it has put out. */
function digestOf(/** @type {any} */ notebook) {
  const said = notebook.cells.map((/** @type {any} */ cell) => [cell.cell_type, [cell.source].flat().join("")]);
  return createHash("sha256").update(JSON.stringify(said)).digest("hex").slice(0, 16);
}

/** The digest of the original that a copy was made from; none if it does not say so any more. */
function digestNoted(/** @type {string} */ text) {
  try {
    return /** @type {string | undefined} */ (JSON.parse(text).metadata[NOTE].digest);
  } catch {
    return undefined;
  }
}
