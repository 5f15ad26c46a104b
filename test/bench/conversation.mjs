import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * A contestant that runs in a process of its own, and is asked one thing at a time.
 *
 * @typedef {object} Conversation
 * @property {(request: object) => Promise<any>} ask
 * @property {() => void} end the process is told to stop
 */

/**
 * @param {string} name for messages
 * @param {readonly string[]} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Conversation}
 */
export function converse(name, [program, ...args], env) {
  const child = spawn(program, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint = `${complaint}${chunk}`.slice(-2000);
  });
  child.on("error", (error) => {
    complaint += error.message;
  });
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} ended: ${complaint.trim() || "without a word"}`);
      return JSON.parse(value);
    },
    end: () => void child.kill(),
  };
}
