import { diskFailure } from "./failure.mjs";
import { hasKernel, kernelStep } from "./kernel-step.mjs";
import { labSettingsStep } from "./lab-settings-step.mjs";
import { withLock } from "./lock.mjs";
import { npmStep } from "./npm-step.mjs";
import { Progress } from "./progress.mjs";
import { pythonStep } from "./python-step.mjs";

/**
 * The steps in their order; each may need the ones before it.
 *
 * @param {import("./project.mjs").Project} project
 * @param {boolean} oldKernel whether a kernel that is out of date will do
 * @returns {import("./step.mjs").Step[]}
 */
function stepsOf(project, oldKernel) {
  const packages = [npmStep(project), pythonStep(project), labSettingsStep(project)];
  return oldKernel && hasKernel(project) ? packages : [...packages, kernelStep(project)];
}

/**
 * Installs, builds and registers what is missing or out of date, and nothing else. When all is in place this takes
 * some hundredths of a second. Two set-ups of one checkout wait for each other.
 *
 * @param {import("./project.mjs").Project} project
 * @param {{ quiet?: boolean, progress?: Progress, oldKernel?: boolean, steps?: import("./step.mjs").Step[] }} options
 *   quiet: say nothing when there is nothing to do; oldKernel: one that is out of date will do; steps: other ones than a
 *   checkout needs
 * @throws {import("./problem.mjs").Problem} if a step fails over what the person can mend: a program that is missing or
 *   too old, no network, a disk that is full or can't be written
 */
export async function setUp(
  project,
  { quiet = false, progress = new Progress(), oldKernel = false, steps = stepsOf(project, oldKernel) } = {},
) {
  if (await allInPlace(steps)) {
    if (!quiet) progress.say("Everything is in place.");
    return;
  }
  try {
    await withLock(project, progress, (run) => performAll(steps, progress, run));
  } catch (error) {
    throw diskFailure(error);
  }
}

/**
 * @param {import("./step.mjs").Step[]} steps
 * @param {Progress} progress
 * @param {import("./run-process.mjs").Run} run
 */
async function performAll(steps, progress, run) {
  for (const [index, step] of steps.entries()) {
    const label = `[${index + 1}/${steps.length}] ${step.title}`;
    const reason = await step.reason();
    if (reason === undefined) progress.say(`${label}: in place`);
    else await progress.during(`${label} (${reason})`, () => step.perform(run));
  }
}

/** @param {import("./step.mjs").Step[]} steps */
async function allInPlace(steps) {
  for (const step of steps) if ((await step.reason()) !== undefined) return false;
  return true;
}
