import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Where the parts of a checkout are.
 *
 * @typedef {object} Project
 * @property {string} root the checkout's absolute path
 * @property {string} nodeModules
 * @property {string} venv Python's virtual environment, with JupyterLab
 * @property {string} python the interpreter in it
 * @property {string} build everything that is generated from the sources
 */

/**
 * @param {string} root a checkout's absolute path
 * @returns {Project}
 */
export function projectAt(root) {
  const venv = join(root, ".venv");
  return {
    root,
    nodeModules: join(root, "node_modules"),
    venv,
    python: process.platform === "win32" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python"),
    build: join(root, ".build"),
  };
}

/** The checkout that this file belongs to. */
export const project = projectAt(fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, ""));
