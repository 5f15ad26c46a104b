import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { loggedRun } from "./run-process.mjs";

/** The holder touches the lock this often, in milliseconds. */
const heartbeat = 2_000;
/** A lock that nobody touched for so long is left over: from another machine, and from this one. */
const abandonedAfter = { elsewhere: 60_000, here: 600_000 };

/**
 * @typedef {object} Holder
 * @property {string} host
 * @property {number} pid
 * @property {number} [child] the program that it runs just now: this one may outlive it
 */

/**
 * Does work that no two processes may do to one checkout at the same time. A lock that a killed set-up left behind
 * is taken over, as soon as the program that it was running has ended, too.
 *
 * @param {import("./project.mjs").Project} project
 * @param {import("./progress.mjs").Progress} progress
 * @param {(run: import("./run-process.mjs").Run) => Promise<void>} work gets the way to run programs under the lock
 */
export async function withLock(project, progress, work) {
  mkdirSync(project.build, { recursive: true });
  const path = join(project.build, "set-up.lock");
  const log = join(project.build, "set-up.log");
  let told = false;
  while (!take(path)) {
    const holder = currentHolder(path);
    if (holder?.pid && !told) {
      told = true;
      progress.say(`Another set-up of this folder is under way (process ${holder.pid}); waiting for it …`);
    }
    if (holder) await pause(200);
    else discard(path);
  }
  const beat = setInterval(() => touch(path), heartbeat);
  try {
    writeFileSync(log, "");
    await work(loggedRun(log, (child) => writeFileSync(path, JSON.stringify({ ...self(), child }))));
  } finally {
    clearInterval(beat);
    rmSync(path, { force: true });
  }
}

/** @returns {Holder} */
function self() {
  return { host: hostname(), pid: process.pid };
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, JSON.stringify(self()), { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {Holder | undefined} who holds the lock; undefined when it is free or left over
 */
function currentHolder(path) {
  try {
    const age = Date.now() - statSync(path).mtimeMs;
    /** @type {Holder} */
    let holder;
    try {
      holder = JSON.parse(readFileSync(path, "utf8"));
    } catch {
      // Just being written, or its writer died over it.
      return age < heartbeat ? { host: hostname(), pid: 0 } : undefined;
    }
    if (holder.host !== hostname()) return age < abandonedAfter.elsewhere ? holder : undefined;
    const alive = [holder.pid, holder.child].some((pid) => pid !== undefined && isAlive(pid));
    return alive && age < abandonedAfter.here ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * Removes a left-over lock. It is renamed first, so that of several set-ups that wait only one removes it; and it is
 * put back if it turns out to be the new lock of one that was faster.
 *
 * @param {string} path
 */
function discard(path) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (currentHolder(aside)) linkSync(aside, path);
  } catch {
    // Another one was faster.
  } finally {
    rmSync(aside, { force: true });
  }
}

/** @param {string} path */
function touch(path) {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Taken away by hand: the work goes on, and ends as it would have.
  }
}
