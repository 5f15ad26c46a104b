import { writeFileSync } from "node:fs";
import { loadTypeScript } from "../setup/load-typescript.mjs";
import { Problem } from "../setup/problem.mjs";

/**
 * Scores a class's pre-test and post-test.
 *
 * @param {import("../setup/commands.mjs").Given} given
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code: 1 if rows were left out
 * @throws {Problem} if the answers can't be read
 */
export async function main({ values: { out }, positionals: [answers] }, project) {
  /** @type {typeof import("./study")} */
  const { score, summary, resultsTable } = await loadTypeScript(project, "src/course/study");
  const study = scored(score, answers);
  for (const line of summary(study)) console.log(line);
  if (out !== undefined) writeFileSync(out, resultsTable(study));
  for (const problem of study.problems) console.error(`${answers}, ${problem}.`);
  return study.problems.length > 0 ? 1 : 0;
}

/**
 * @param {typeof import("./study").score} score
 * @param {string} answers
 */
function scored(score, answers) {
  try {
    return score(answers);
  } catch (error) {
    throw new Problem(/** @type {Error} */ (error).message);
  }
}
