// `npm test`: the checks and the quick tests. With `--all` the slow tests, too, and the maths on other Nodes.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pythonEnvironment } from "../../src/setup/python-environment.mjs";
import { runInForeground } from "../../src/setup/run-process.mjs";
import { setUp } from "../../src/setup/set-up.mjs";
import { nodeAt, otherNodes } from "./other-nodes.mjs";
import { Summary } from "./summary.mjs";

/**
 * Where files or a name are given, Vitest runs alone, so that a single file starts at once: a kernel that is
 * out of date is built by those tests that start one.
 *
 * @param {import("../../src/setup/commands.mjs").Given} given
 * @param {import("../../src/setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code
 */
export async function main({ values, positionals, rest }, project) {
  const all = values.all === true;
  const forVitest = [...positionals, ...rest];
  if (forVitest.length > 0) return node(project, [vitest, "run", ...forVitest]);

  await setUp(project, { quiet: true });
  console.log(all ? planOfAll : planOfQuick);
  const summary = new Summary();
  await summary.check("lint and format", () => node(project, [biome, "check", "--error-on-warnings"]));
  // The types keep a core busy while many a test only waits. What they say is shown after the tests.
  let said = "";
  const types = summary.check("types, beside the tests", () =>
    node(project, [tsc, "--noEmit", "--pretty"], { say: (text) => (said += text) }),
  );
  const report = join(project.build, "test-report.json");
  await summary.tests("tests", report, !all, () => node(project, [vitest, "run", ...options(report, !all)]));
  await types;
  process.stdout.write(said);
  for (const version of all ? otherNodes : []) {
    const report = join(project.build, `test-report-${version}.json`);
    await summary.tests(`the maths on Node ${version}`, report, true, async () => {
      const executable = await nodeAt(version, project);
      return node(project, [vitest, "run", ...maths(project), ...options(report, true)], { executable });
    });
  }
  return summary.close(all ? undefined : "Left out: # slow tests; npm test -- --all runs them, too.");
}

const planOfQuick = `The plan: lint and format, then the tests, and the types beside them; some 10 minutes on two cores.
Slow tests are left out, such as those of fresh set-ups, on a JupyterHub, of a class at the grader and of every attack on it,
of every equation sabotaged, of thousands of seeds, and on other Nodes.
npm test -- --all runs them, too; npm test -- FILE runs a single file.`;
const planOfAll = `The plan: lint and format, then all tests, and the types beside them, then the maths on ${otherNodes.length} other Nodes; some 30 minutes on two cores.`;

const biome = "@biomejs/biome/bin/biome";
const tsc = "typescript/bin/tsc";
const vitest = "vitest/vitest.mjs";

/**
 * @param {string} report where the results go in JSON
 * @param {boolean} quick whether slow tests are left out
 */
function options(report, quick) {
  const reporters = ["--reporter=default", "--reporter=./test/run/progress.mjs", "--reporter=json"];
  return [...(quick ? ["--tagsFilter=!slow"] : []), ...reporters, `--outputFile.json=${report}`];
}

/**
 * The tests of what computes: newer Nodes have vectors of four lanes.
 *
 * @param {import("../../src/setup/project.mjs").Project} project
 */
function maths({ root }) {
  const groundFloor = readdirSync(join(root, "test")).filter((file) => file.endsWith(".test.ts"));
  return ["test/engine", ...groundFloor.map((file) => `test/${file}`)];
}

/**
 * @param {import("../../src/setup/project.mjs").Project} project
 * @param {string[]} command a program of node_modules, and its arguments
 * @param {{ executable?: string, say?: (text: string) => void }} [options] which Node, and who hears the program
 */
function node(project, [program, ...args], { executable = process.execPath, say } = {}) {
  return runInForeground(executable, [join(project.nodeModules, program), ...args], {
    cwd: project.root,
    env: pythonEnvironment(project),
    say,
  });
}
