import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadTypeScript } from "../setup/load-typescript.mjs";
import { Problem } from "../setup/problem.mjs";

const usage = `npm run study -- ANSWERS.csv [--out RESULTS.csv]

  ANSWERS.csv  a table with the columns student, test (pre or post), q1 … q10 (a, b, c, d or empty)
  --out        where the results go, a row a student`;

/**
 * Scores a class's pre-test and post-test.
 *
 * @param {string[]} args
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code: 1 if rows were left out
 * @throws {Problem} if the arguments are not as the usage says, or the answers can't be read
 */
export async function main(args, project) {
  const { answers, out } = read(args);
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

/** @param {string[]} args */
function read(args) {
  try {
    const { values, positionals } = parseArgs({ args, options: { out: { type: "string" } }, allowPositionals: true });
    if (positionals.length !== 1) throw new Error(`got ${positionals.length} files; expected one`);
    return { answers: positionals[0], out: values.out };
  } catch (error) {
    throw new Problem(`${/** @type {Error} */ (error).message}\nUsage: ${usage}`);
  }
}
