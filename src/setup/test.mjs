import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pythonEnvironment } from "./python-environment.mjs";
import { runInForeground } from "./run-process.mjs";

/** Where Vitest leaves its results in JSON. */
const testReport = ".build/test-report.json";

/**
 * Runs every check there is, each to its end, and says at the end which passed.
 *
 * @param {string[]} args passed on to Vitest
 * @param {import("./project.mjs").Project} project
 * @returns {Promise<number>} the exit code
 */
export async function main(args, project) {
  mkdirSync(project.build, { recursive: true });
  rmSync(join(project.root, testReport), { force: true });
  const lines = [];
  let failed = 0;
  for (const [name, program, ...options] of checks) {
    console.log(`\n━━ ${name}`);
    const started = performance.now();
    const passed = await succeeds(project, [program, ...options, ...(name === "tests" ? args : [])]);
    if (!passed) failed += 1;
    lines.push(`${passed ? "✓" : "✗"} ${name}  (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  }
  console.log(`\n${lines.join("\n")}`);
  return failed === 0 ? 0 : 1;
}

/** Each with a program of node_modules and its arguments. */
const checks = [
  ["lint and format", "@biomejs/biome/bin/biome", "check", "--error-on-warnings"],
  ["types", "typescript/bin/tsc", "--noEmit"],
  ["tests", "vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${testReport}`],
];

/**
 * @param {import("./project.mjs").Project} project
 * @param {string[]} command
 */
async function succeeds(project, [program, ...args]) {
  const code = await runInForeground(process.execPath, [join(project.nodeModules, program), ...args], {
    cwd: project.root,
    env: pythonEnvironment(project),
  });
  return code === 0;
}
