import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findPython } from "../../src/setup/find-python.mjs";
import { npmCli } from "../../src/setup/npm-step.mjs";
import { pythonEnvironment } from "../../src/setup/python-environment.mjs";
import { loggedRun } from "../../src/setup/run-process.mjs";
import { hashOfFile, staleness, writeStamp } from "../../src/setup/stamp.mjs";

/**
 * Puts what the project is compared with into test/bench: npm packages, exactly as locked, and a Python environment. What
 * can't be installed is left out of the comparison, and said.
 *
 * @param {import("../../src/setup/project.mjs").Project} project
 * @param {(line: string) => void} say
 */
export async function installPeers({ root, build, ...project }, say) {
  const bench = join(root, "test", "bench");
  const run = loggedRun(join(build, "bench", "install.log"), () => {});

  const modules = join(bench, "node_modules");
  const locked = { "test/bench/package-lock.json": hashOfFile(join(bench, "package-lock.json")) };
  const npmStamp = join(modules, ".bench.json");
  if (staleness(npmStamp, locked, root) !== undefined) {
    say("Installing the JavaScript packages of the comparison …");
    const { code } = await run(process.execPath, [npmCli(), "ci", "--ignore-scripts", "--no-audit"], { cwd: bench });
    if (code !== 0) throw new Error("npm can't install the packages in test/bench; see .build/bench/install.log");
    writeStamp(npmStamp, locked, { root, folders: [modules] });
  }

  const venv = join(bench, ".venv");
  const python = pythonIn(venv);
  const env = pythonEnvironment({ root, build, ...project, venv, python });
  const pinned = Object.fromEntries(
    ["requirements.txt", "requirements-torch.txt"].map((name) => [name, hashOfFile(join(bench, name))]),
  );
  const pipStamp = join(venv, ".bench.json");
  if (staleness(pipStamp, pinned, root) !== undefined) {
    say("Installing the Python packages of the comparison …");
    rmSync(venv, { recursive: true, force: true });
    await run((await findPython()).executable, ["-m", "venv", venv], { cwd: bench, env });
    for (const name of Object.keys(pinned)) {
      const { code } = await run(python, ["-m", "pip", "install", "--requirement", name], { cwd: bench, env });
      if (code !== 0) say(`What ${name} names can't be installed here, and is left out; see .build/bench/install.log`);
    }
    if (existsSync(python)) writeStamp(pipStamp, pinned, { root, folders: [venv] });
  }
}

/**
 * The interpreter of a virtual environment.
 *
 * @param {string} venv
 */
export function pythonIn(venv) {
  return process.platform === "win32" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");
}
