import { existsSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { installFailure } from "./failure.mjs";
import { Problem } from "./problem.mjs";
import { hashOfFile, removeStamp, staleness, writeStamp } from "./stamp.mjs";

/**
 * The npm packages, exactly as locked.
 *
 * @param {import("./project.mjs").Project} project
 * @returns {import("./step.mjs").Step}
 */
export function npmStep(project) {
  const { root, nodeModules } = project;
  const stamp = join(nodeModules, ".set-up.json");
  const inputs = () => ({
    "package-lock.json": hashOfFile(join(root, "package-lock.json")),
    "the kind of Node": `${process.platform} ${process.arch} ${process.versions.modules}`,
  });
  return {
    title: "npm packages",
    reason: async () => staleness(stamp, inputs(), root),
    async perform(run) {
      removeStamp(stamp);
      const { code, output } = await run(process.execPath, [npmCli(), ...install], { cwd: root });
      if (code !== 0) throw installFailure("npm", output, project);
      writeStamp(stamp, inputs(), { root, folders: packageFolders(project) });
    },
  };
}

const install = [
  "ci",
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--prefer-offline",
  // Whatever the person's npm leaves out elsewhere: all of it is needed here.
  "--include=dev",
  "--include=optional",
  // Nor may it be silent, as it is under `npm test --silent`: what it says tells why it failed.
  "--loglevel=error",
  // A machine without a network is told so in seconds, not minutes.
  "--fetch-retries=3",
  "--fetch-retry-mintimeout=500",
  "--fetch-retry-maxtimeout=5000",
];

/**
 * npm's program, to be run by this very Node: npm's own launchers are shell scripts, and another one on Windows.
 *
 * @returns {string} the path of its npm-cli.js
 * @throws {Problem} if npm is neither beside Node nor in PATH
 */
export function npmCli() {
  const asked = process.env.npm_execpath;
  if (asked?.endsWith("npm-cli.js") && existsSync(asked)) return asked;
  const besideNode = dirname(process.execPath);
  const folders = [besideNode, join(besideNode, "..", "lib"), ...(process.env.PATH ?? "").split(delimiter)];
  for (const folder of folders) {
    const cli = join(folder, "node_modules", "npm", "bin", "npm-cli.js");
    if (existsSync(cli)) return cli;
    const launcher = join(folder, "npm");
    if (existsSync(launcher) && realpathSync(launcher).endsWith("npm-cli.js")) return realpathSync(launcher);
  }
  throw new Problem("npm was not found: it comes with Node from nodejs.org; install it and run again.");
}

/**
 * node_modules, and the folder of every package that npm says it has put there.
 *
 * @param {import("./project.mjs").Project} project
 */
function packageFolders({ root, nodeModules }) {
  /** @type {{ packages: Record<string, unknown> }} */
  const installed = JSON.parse(readFileSync(join(nodeModules, ".package-lock.json"), "utf8"));
  return [nodeModules, ...Object.keys(installed.packages).map((path) => join(root, path))];
}
