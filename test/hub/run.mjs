import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Problem } from "../../src/setup/problem.mjs";
import { habitsOf } from "./classroom.mjs";
import { install } from "./install.mjs";
import { measureClass } from "./measure.mjs";
import { report } from "./report.mjs";

const usage = "npm run hub -- [--learners 1,5,30] [--minutes M] [--memory 1G] [--json FILE] | --install";

/**
 * Loads a real JupyterHub with classes of the sizes that are asked for, and says how they fared.
 *
 * @param {string[]} args
 * @param {import("../../src/setup/project.mjs").Project} project
 * @returns {Promise<number>} 1 when somebody's work failed or was lost
 */
export async function main(args, project) {
  const { only, sizes, minutes, memory, json } = optionsFrom(args);
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

/** @param {string[]} args */
function optionsFrom(args) {
  const options = /** @type {const} */ ({
    install: { type: "boolean", default: false },
    learners: { type: "string", default: "30" },
    minutes: { type: "string", default: "1" },
    memory: { type: "string", default: "1G" },
    json: { type: "string" },
  });
  try {
    const { values } = parseArgs({ args, options });
    const sizes = values.learners.split(",").map(Number);
    if (sizes.some((size) => !Number.isInteger(size) || size < 1)) {
      throw new Error(`--learners takes whole numbers from 1 on, with commas between them, not ${values.learners}.`);
    }
    const minutes = Number(values.minutes);
    if (!(minutes >= 0)) throw new Error(`--minutes takes a number from 0 on, not ${values.minutes}.`);
    return { only: values.install, sizes, minutes, memory: values.memory, json: values.json };
  } catch (error) {
    throw new Problem(`${/** @type {Error} */ (error).message}\n${usage}`);
  }
}
