import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { installFailure } from "./failure.mjs";
import { askPython, findPython } from "./find-python.mjs";
import { pythonEnvironment } from "./python-environment.mjs";
import { hashOfFile, removeStamp, staleness, writeStamp } from "./stamp.mjs";

/**
 * The virtual environment .venv with the pinned Python packages. It holds absolute paths, and those of the Python
 * that made it, so it is made anew rather than repaired.
 *
 * @param {import("./project.mjs").Project} project
 * @returns {import("./step.mjs").Step}
 */
export function pythonStep(project) {
  const { root, venv, python } = project;
  const stamp = join(venv, ".set-up.json");
  const env = pythonEnvironment(project);

  /** @param {import("./find-python.mjs").Python} current */
  const inputs = (current) => ({
    "requirements.txt": hashOfFile(join(root, "requirements.txt")),
    "the project's folder": root,
    "the kind of machine": `${process.platform} ${process.arch}`,
    "Python's version": current.version.slice(0, 2).join("."),
  });

  return {
    title: "Python packages in .venv",
    async reason() {
      if (!existsSync(venv)) return "not there yet";
      const current = await askPython([python], env);
      if (!current) return "its Python does not run";
      if (process.env.PYTHON && (await findPython()).file !== current.file) return "PYTHON names another";
      return staleness(stamp, inputs(current), root);
    },
    async perform(run) {
      const found = await findPython();
      removeStamp(stamp);
      rmSync(venv, { recursive: true, force: true });
      const made = await run(found.executable, ["-m", "venv", venv], { cwd: root, env });
      if (made.code !== 0) throw installFailure("python -m venv", made.output, project);
      const installed = await run(python, ["-m", "pip", ...install], { cwd: root, env });
      if (installed.code !== 0) throw installFailure("pip", installed.output, project);
      writeStamp(stamp, inputs((await askPython([python], env)) ?? found), {
        root,
        folders: installedFolders(project),
      });
    },
  };
}

const install = [
  "install",
  "--requirement=requirements.txt",
  // Every package is listed, so there is nothing to resolve.
  "--no-deps",
  "--no-input",
  "--disable-pip-version-check",
  "--progress-bar=off",
  "--retries=3",
];

/**
 * The folder of the programs, site-packages, and each package in it.
 *
 * @param {import("./project.mjs").Project} project
 */
function installedFolders({ venv, python }) {
  const lib = join(venv, process.platform === "win32" ? "Lib" : "lib");
  const sitePackages =
    process.platform === "win32"
      ? join(lib, "site-packages")
      : join(lib, readdirSync(lib).find((name) => name.startsWith("python3")) ?? "python3", "site-packages");
  const packages = readdirSync(sitePackages, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "__pycache__")
    .map((entry) => join(sitePackages, entry.name));
  return [dirname(python), sitePackages, ...packages];
}
