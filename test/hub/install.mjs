/** What the tests on a JupyterHub need: the Hub, its proxy and its client in test/hub, the image in .build/hub. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findPython } from "../../src/setup/find-python.mjs";
import { npmCli } from "../../src/setup/npm-step.mjs";
import { Problem } from "../../src/setup/problem.mjs";
import { loggedRun } from "../../src/setup/run-process.mjs";
import { hash, hashOfFile, staleness, writeStamp } from "../../src/setup/stamp.mjs";
import { handoutOf, makeHandout } from "./handout.mjs";
import { assemble, imageOf, installRequirements } from "./image.mjs";

/**
 * @typedef {object} Part
 * @property {string} title
 * @property {string} stamp
 * @property {Record<string, string>} inputs
 * @property {string[]} folders
 * @property {(run: import("../../src/setup/run-process.mjs").Run) => Promise<unknown>} install
 */

/** What the build reads of `.binder` once the requirements are there. */
const builders = [".binder/postBuild", ".binder/.dockerignore"];

/** What is not in the image, or is made anew. */
const left = [".ipynb_checkpoints", "instructor"];

/**
 * Why the tests on a JupyterHub can't run.
 *
 * @param {import("../../src/setup/project.mjs").Project} project
 * @returns {string | undefined} undefined when all is in place
 */
export function missing(project) {
  for (const { title, stamp, inputs } of partsOf(project)) {
    const reason = staleness(stamp, inputs, project.root);
    if (reason !== undefined) return `${title}: ${reason}`;
  }
  return undefined;
}

/**
 * Installs what is missing or out of date.
 *
 * @param {import("../../src/setup/project.mjs").Project} project
 * @param {(line: string) => void} say
 * @throws {Problem} when something can't be installed
 */
export async function install(project, say) {
  const log = join(project.build, "hub", "install.log");
  mkdirSync(join(project.build, "hub"), { recursive: true });
  const run = loggedRun(log, () => {});
  for (const { title, stamp, inputs, folders, install } of partsOf(project)) {
    if (staleness(stamp, inputs, project.root) === undefined) continue;
    say(`Installing ${title} …`);
    rmSync(stamp, { force: true });
    await install(run);
    writeStamp(stamp, inputs, { root: project.root, folders });
  }
}

/**
 * @param {import("../../src/setup/project.mjs").Project} project
 * @returns {Part[]}
 */
function partsOf(project) {
  const folder = join(project.root, "test", "hub");
  const modules = join(folder, "node_modules");
  const venv = join(folder, ".venv");
  const image = imageOf(project);
  /** @param {import("../../src/setup/run-process.mjs").Run} run @param {string} program @param {string[]} args */
  const step = async (run, program, ...args) => {
    const { code, output } = await run(program, args, { cwd: folder });
    if (code !== 0) throw new Problem(`${program} ${args.join(" ")} failed:\n${output.slice(-2000)}`);
  };
  return [
    {
      title: "the Hub's proxy and client",
      stamp: join(modules, ".hub.json"),
      inputs: { "test/hub/package-lock.json": hashOfFile(join(folder, "package-lock.json")) },
      folders: [modules],
      install: (run) => step(run, process.execPath, npmCli(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"),
    },
    {
      title: "the Hub",
      stamp: join(venv, ".hub.json"),
      inputs: { "test/hub/requirements.txt": hashOfFile(join(folder, "requirements.txt")) },
      folders: [join(venv, "bin")],
      install: async (run) => {
        rmSync(venv, { recursive: true, force: true });
        await step(run, (await findPython()).executable, "-m", "venv", venv);
        await step(run, join(venv, "bin/pip"), "install", "--no-deps", "--requirement=requirements.txt");
      },
    },
    {
      title: "the image's environment",
      stamp: join(image.prefix, ".hub.json"),
      inputs: { ".binder/requirements.txt": hashOfFile(join(project.root, ".binder/requirements.txt")) },
      folders: [join(image.prefix, "bin")],
      install: (run) => installRequirements(image, project.root, run),
    },
    {
      title: "the image",
      stamp: join(image.prefix, "share", ".hub.json"),
      inputs: Object.fromEntries(
        [...builders, "data", "notebooks", "package.json", "package-lock.json", "src"].map((path) => [
          path,
          hashOfTree(join(project.root, path)),
        ]),
      ),
      folders: [image.home, handoutOf(project), join(image.prefix, "share/jupyter/kernels")],
      install: async (run) => assemble(image, await makeHandout(project, run), run),
    },
  ];
}

/**
 * @param {string} path a file, or a folder with all that is in it
 * @returns {string}
 */
function hashOfTree(path) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return hashOfFile(path);
  }
  const lines = entries
    .filter(({ name }) => !left.includes(name))
    .map((entry) => `${entry.name} ${hashOfTree(join(path, entry.name))}`);
  return hash(lines.join("\n"));
}
