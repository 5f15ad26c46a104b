import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";

/**
 * Runs a program to its end. Its output goes to the set-up's log, and comes back for telling what went wrong.
 *
 * @callback Run
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number | null, output: string }>} code is null when it was killed or is not there
 */

/**
 * @param {string} log the file that collects what the programs print
 * @param {(pid: number | undefined) => void} onStart told the process id of each program while it runs
 * @returns {Run}
 */
export function loggedRun(log, onStart) {
  return (program, args, options) =>
    new Promise((resolve) => {
      appendFileSync(log, `\n$ ${[program, ...args].join(" ")}\n`);
      const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
      onStart(child.pid);
      // A program that is ended takes this one with it: what it leaves is half-made.
      const release = onEnd(() => {
        child.once("close", () => process.exit(130));
        child.kill("SIGTERM");
      });
      let output = "";
      /** @param {Buffer | string} chunk */
      const collect = (chunk) => {
        output += chunk;
        appendFileSync(log, chunk);
      };
      child.stdout.on("data", collect);
      child.stderr.on("data", collect);
      child.on("error", collect);
      child.on("close", (code) => {
        release();
        onStart(undefined);
        resolve({ code, output });
      });
    });
}

/**
 * Runs a program until it ends or this process is told to end. It talks to the person itself, or to `say`.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, say?: (text: string) => void }} options
 * @returns {Promise<number>} its exit code
 */
export function runInForeground(program, args, { say, ...options }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: say ? ["ignore", "pipe", "pipe"] : "inherit" });
    if (say) for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", say);
    const release = onEnd(() => child.kill("SIGTERM"));
    child.on("error", reject);
    child.on("close", (code) => {
      release();
      resolve(code ?? 130);
    });
  });
}

/**
 * Says what happens, instead of dying at once, when this process is told to end. On Ctrl-C a terminal tells the
 * children as well; from elsewhere only this process may hear it.
 *
 * @param {() => void} end
 * @returns {() => void} takes it back
 */
function onEnd(end) {
  /** @type {NodeJS.Signals[]} */
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
}
