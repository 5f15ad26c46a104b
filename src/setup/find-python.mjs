import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Problem } from "./problem.mjs";

/** The oldest Python that every pinned package supports. */
const oldestPython = [3, 10];

/**
 * @typedef {object} Python
 * @property {number[]} version
 * @property {string} executable the installed one, also when the one asked belongs to a virtual environment
 * @property {string} file where the links to it end
 * @property {boolean} venv whether it can make virtual environments
 */

/** Runs on any Python from 2.7 on, so that a too old one can be named. */
const question = `
import json, os, sys
try:
    import ensurepip, venv
    can = True
except ImportError:
    can = False
installed = getattr(sys, "_base_executable", None) or sys.executable
print(json.dumps({"version": list(sys.version_info[:3]), "executable": installed, "file": os.path.realpath(installed), "venv": can}))
`;

/** @type {string[][]} */
const usualNames = [
  ["python3"],
  ["python"],
  ...[14, 13, 12, 11, 10].map((minor) => [`python3.${minor}`]),
  ...(process.platform === "win32" ? [["py", "-3"]] : []),
];

/**
 * Finds a Python that can hold JupyterLab: the one that the variable PYTHON names, or the first good one of the usual names.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Python>}
 * @throws {Problem} if none of them is new enough and can make virtual environments
 */
export async function findPython(env = process.env) {
  const asked = env.PYTHON;
  const oldest = oldestPython.join(".");
  /** @type {Python[]} */
  const unfit = [];
  for (const command of asked ? [[asked]] : usualNames) {
    const found = await askPython(command, env);
    if (found && isNewEnough(found) && found.venv) return found;
    if (found) unfit.push(found);
  }
  const withoutVenv = unfit.find(isNewEnough);
  if (withoutVenv) {
    throw new Problem(
      `Python ${withoutVenv.version.join(".")} (${withoutVenv.executable}) can't make virtual environments, because venv or ensurepip is missing: on Debian and Ubuntu, apt install python3-venv brings them.`,
    );
  }
  const remedy = asked
    ? "PYTHON names it; name a newer one, or unset it"
    : "install one from python.org or your system's packages, or name one: PYTHON=/path/to/python3";
  const [old] = unfit;
  if (old) {
    throw new Problem(
      `JupyterLab needs Python ≥ ${oldest}, and this is Python ${old.version.join(".")} (${old.executable}): ${remedy}.`,
    );
  }
  if (asked) throw new Problem(`PYTHON is set to ${asked}, and that does not run as a Python: correct it or unset it.`);
  throw new Problem(`JupyterLab needs Python ≥ ${oldest}, and none was found: ${remedy}.`);
}

/**
 * @param {string[]} command a name or path, and its first arguments
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Python | undefined>} undefined when it isn't there or isn't a Python
 */
export async function askPython([program, ...args], env) {
  try {
    const { stdout } = await promisify(execFile)(program, [...args, "-c", question], { env, timeout: 30_000 });
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

/** @param {Python} python */
function isNewEnough({ version: [major, minor] }) {
  return major > oldestPython[0] || (major === oldestPython[0] && minor >= oldestPython[1]);
}
