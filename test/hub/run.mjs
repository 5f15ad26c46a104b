import { writeFileSync } from "node:fs";
import { Problem } from "../../src/setup/problem.mjs";
import { habitsOf } from "./classroom.mjs";
import { install } from "./install.mjs";
import { measureClass } from "./measure.mjs";
import { report } from "./report.mjs";

/**
 * Loads a real JupyterHub with classes of the sizes that are asked for, and says how they fared.
 *
 * @param {import("../../src/setup/commands.mjs").Given} given
 * @param {import("../../src/setup/project.mjs").Project} project
 * @returns {Promise<number>} 1 when somebody's work failed or was lost
 */
export async function main(given, project) {
  const { only, sizes, minutes, memory, json } = optionsFrom(given);
  const say = (/** @type {string} */ line) => console.error(line);
  await install(project, say);
  if (only) return 0;
  // JupyterLab's client tells of every connection that it makes and loses.
  console.debug = console.warn = () => {};
  /** @type {import("./measure.mjs").Figures[]} */
  const classes = [];
  for (const size of sizes) {
    say(`A class of ${size} …`);
    classes.push(await measureClass(project, habitsOf(size), { seconds: 60 * minutes, memory, say }));
    // After each class: what was measured is there, also if the rest is not waited for.
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(classes, undefined, 1)}\n`);
  }
  console.log(report(classes));
  return classes.some(({ problems }) => problems.length > 0) ? 1 : 0;
}

/**
 * @param {import("../../src/setup/commands.mjs").Given} given
 * @throws {Problem} if a number is none
 */
function optionsFrom({ values: { install = false, learners = "30", minutes = "1", memory = "1G", json } }) {
  const sizes = learners.split(",").map(Number);
  if (sizes.some((/** @type {number} */ size) => !Number.isInteger(size) || size < 1)) {
    throw new Problem(`hub: --learners takes whole numbers from 1 on, with commas between them, not ${learners}.`);
  }
  if (!(Number(minutes) >= 0)) throw new Problem(`hub: --minutes takes a number from 0 on, not ${minutes}.`);
  return { only: install, sizes, minutes: Number(minutes), memory, json };
}
