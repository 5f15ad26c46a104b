import { relative } from "node:path";
import { Problem } from "./problem.mjs";

/** What package managers print when nothing answers at the other end. */
const noNetwork =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|SOCKET_TIMEOUT|NewConnectionError|ConnectTimeoutError|NameResolutionError|ReadTimeoutError|ProxyError|Failed to establish a new connection|Temporary failure in name resolution/;
const noSpace = /ENOSPC|No space left on device|Errno 28/;

/**
 * Says it when the disk is what stops a set-up.
 *
 * @param {unknown} error from a call of node:fs
 * @returns {unknown} a Problem, or the error itself when it is of another kind
 */
export function diskFailure(error) {
  const { code, path, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === "ENOSPC") return new Problem(`The disk is full (${message}): make room and run again.`);
  if (!path || !["EACCES", "EPERM", "EROFS", "EBUSY", "ENOTEMPTY"].includes(code ?? "")) return error;
  return new Problem(
    `${path} can't be written (${code}): close what uses it, make the folder writable, and run again.`,
  );
}

/**
 * Says why a program that installs things failed.
 *
 * @param {string} program as a person calls it
 * @param {string} output all that it printed
 * @param {import("./project.mjs").Project} project
 * @returns {Problem}
 */
export function installFailure(program, output, { root, build }) {
  if (noSpace.test(output))
    return new Problem(`The disk is full: ${program} could not write; make room and run again.`);
  if (noNetwork.test(output)) {
    return new Problem(
      `No network: ${program} could not reach its package registry; connect (or set its proxy or mirror) and run again, it goes on where it stopped.`,
    );
  }
  const end = output.trim().split("\n").slice(-8).join("\n  ");
  const log = relative(root, build).replaceAll("\\", "/");
  return new Problem(`${program} failed (the whole of it is in ${log}/set-up.log):\n  ${end}`);
}
