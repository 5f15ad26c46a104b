/** The tests on a real JupyterHub. Where what they need is not installed, they are left out, and say so; on CI that is a failure. */
import { spawnSync } from "node:child_process";
import { describe, it, TestRunner } from "vitest";
import { project } from "../../src/setup/project.mjs";
import { missing } from "./install.mjs";

const tags = ["slow"];
const problem = TestRunner.matchesTags(tags) ? findProblem() : undefined;

function findProblem(): string | undefined {
  if (process.platform !== "linux") return "they need Linux";
  const trial = spawnSync("bwrap", ["--unshare-user", "--unshare-pid", "--ro-bind", "/", "/", "true"]);
  if (trial.status !== 0) return "bubblewrap (bwrap) is missing or may not be used";
  const reason = missing(project);
  return reason && `${reason}; npm run hub -- --install puts everything in place`;
}

/** Like `describe`, for tests that need the Hub, its image, or both. */
export function describeOnHub(name: string, tests: () => void): void {
  if (problem === undefined) {
    describe(name, { tags }, tests);
  } else if (process.env.CI) {
    it(name, { tags }, () => {
      throw new Error(`On CI nothing may be left out: ${problem}.`);
    });
  } else {
    console.log(`${name}: left out (${problem}).`);
    describe.skip(name, { tags }, tests);
  }
}
