/** The image that repo2docker makes of `.binder`, as a folder: its steps in its order, in a bare environment. */
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findPython } from "../../src/setup/find-python.mjs";
import { Problem } from "../../src/setup/problem.mjs";

/** What a build may know of the machine: how it reaches the network. */
const network = /^(https?_proxy|no_proxy|pip_.*|npm_config_(registry|cafile)|\w*_ca_\w*|ssl_cert_\w+)$/i;

/**
 * Where the parts of an image are.
 *
 * @typedef {object} Image
 * @property {string} prefix the Python environment, in place of repo2docker's conda environment
 * @property {string} home the home directory as the build leaves it: the repository
 */

/**
 * @param {import("../../src/setup/project.mjs").Project} project
 * @returns {Image}
 */
export function imageOf({ build }) {
  return { prefix: join(build, "hub", "image", "prefix"), home: join(build, "hub", "image", "home") };
}

/**
 * The environment variables of a build and of a container.
 *
 * @param {Image} image
 * @param {string} home
 */
export function imageEnvironment({ prefix }, home) {
  const reach = Object.entries(process.env).filter(([name]) => network.test(name));
  return {
    ...Object.fromEntries(reach),
    LANG: "C.UTF-8",
    USER: "jovyan",
    HOME: home,
    REPO_DIR: home,
    NB_PYTHON_PREFIX: prefix,
    KERNEL_PYTHON_PREFIX: prefix,
    PATH: [join(prefix, "bin"), "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
  };
}

/**
 * The steps before the repository is there, which a builder keeps as long as this one file is the same.
 *
 * @param {Image} image
 * @param {string} repository its folder
 * @param {import("../../src/setup/run-process.mjs").Run} run
 * @throws {Problem} with the end of what a step said that failed
 */
export async function installRequirements(image, repository, run) {
  const { prefix, home } = image;
  for (const folder of [home, prefix]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(home, ".binder"), { recursive: true });
  cpSync(join(repository, ".binder/requirements.txt"), join(home, ".binder/requirements.txt"));
  await step(image, run, (await findPython()).executable, "-m", "venv", prefix);
  await step(image, run, join(prefix, "bin/pip"), "install", "--no-cache-dir", "-r", ".binder/requirements.txt");
}

/**
 * The steps with the repository.
 *
 * @param {Image} image with the requirements installed
 * @param {string} repository its folder
 * @param {import("../../src/setup/run-process.mjs").Run} run
 * @throws {Problem} with the end of what a step said that failed
 */
export async function assemble(image, repository, run) {
  const { home } = image;
  const ignored = readFileSync(join(repository, ".binder/.dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => join(repository, line));
  rmSync(home, { recursive: true, force: true });
  cpSync(repository, home, { recursive: true, filter: (path) => !ignored.includes(path) });
  chmodSync(join(home, ".binder/postBuild"), 0o755);
  await step(image, run, "./.binder/postBuild");
}

/**
 * @param {Image} image
 * @param {import("../../src/setup/run-process.mjs").Run} run
 * @param {string} program
 * @param {string[]} args
 */
async function step(image, run, program, ...args) {
  const { code, output } = await run(program, args, { cwd: image.home, env: imageEnvironment(image, image.home) });
  if (code !== 0) throw new Problem(`${program} ${args.join(" ")} failed:\n${output.slice(-2000)}`);
}
