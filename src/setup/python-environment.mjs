import { delimiter, dirname, join } from "node:path";

/**
 * The environment variables for the programs of .venv: they see .venv and nothing of what the person has installed or
 * configured for other Pythons and Jupyters, which may not fit.
 *
 * @param {import("./project.mjs").Project} project
 * @param {NodeJS.ProcessEnv} [outer]
 * @returns {NodeJS.ProcessEnv}
 */
export function pythonEnvironment({ python, venv }, outer = process.env) {
  const env = { ...outer };
  for (const name of foreign) delete env[name];
  const path = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  return {
    ...env,
    [path]: [dirname(python), env[path]].join(delimiter),
    VIRTUAL_ENV: venv,
    PYTHONNOUSERSITE: "1",
    PYTHONUTF8: "1",
    PIP_USER: "0",
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTER_CONFIG_DIR: join(venv, "person", "config"),
    JUPYTER_DATA_DIR: join(venv, "person", "data"),
  };
}

const foreign = [
  "PYTHONHOME",
  "PYTHONPATH",
  "PYTHONSTARTUP",
  "PIP_PREFIX",
  "PIP_TARGET",
  "JUPYTER_PATH",
  "JUPYTER_CONFIG_PATH",
  "JUPYTERLAB_DIR",
  "JUPYTERLAB_SETTINGS_DIR",
  "JUPYTERLAB_WORKSPACES_DIR",
];
