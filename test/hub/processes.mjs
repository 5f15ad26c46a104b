/** The machine's processes, as /proc tells of them: whose they are, and what they take. */
import { readdirSync, readFileSync } from "node:fs";

/**
 * @typedef {object} Relative
 * @property {number} pid
 * @property {"server" | "kernel" | "other"} kind
 * @property {string | undefined} learner the learner whose server it is, or belongs to
 */

/** Clock ticks of Linux a second. */
const ticks = 100;

/**
 * A process and all its descendants.
 *
 * @param {number} ancestor
 * @returns {Relative[]}
 */
export function familyOf(ancestor) {
  /** @type {Map<number, number>} */
  const parents = new Map();
  for (const name of readdirSync("/proc")) {
    if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(Number(name)));
  }
  /** @param {number} pid @returns {boolean} */
  const belongs = (pid) => pid === ancestor || (pid > 1 && belongs(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(belongs).map((pid) => {
    const command = read(pid, "cmdline");
    const learner = /(?:^|\0)JUPYTERHUB_USER=([^\0]*)/.exec(read(pid, "environ"))?.[1];
    const kind = command.includes("/.build/kernel/main.cjs")
      ? "kernel"
      : command.includes("jupyterhub-singleuser") && !command.startsWith("bwrap")
        ? "server"
        : "other";
    return { pid, kind, learner };
  });
}

/**
 * @param {number} pid
 * @returns {number} bytes, with what it shares divided among those that share it; 0 when it has ended
 */
export function proportionalMemory(pid) {
  return 1024 * Number(/^Pss:\s+(\d+) kB$/m.exec(read(pid, "smaps_rollup"))?.[1] ?? 0);
}

/**
 * @param {number} pid
 * @returns {number} seconds of a processor that it has had, with its children that have ended
 */
export function processorTime(pid) {
  const fields = statOf(pid);
  return fields.length === 0 ? 0 : fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticks;
}

/** @param {number} pid */
function parentOf(pid) {
  return Number(statOf(pid)[1] ?? 0);
}

/** @param {number} pid @returns {string[]} what follows the name, which may have spaces in it */
function statOf(pid) {
  return read(pid, "stat").split(") ").slice(1).join(") ").split(" ");
}

/** @param {number} pid @param {string} file */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // it has ended
  }
}
