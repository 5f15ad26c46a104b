import { main as makeAssignments } from "../course/release-command.mjs";
import { main as makeSite } from "./main.mjs";

/**
 * Makes the students' notebooks and the students' zip; with `--site` the book with these assignments, too.
 *
 * @param {import("../setup/commands.mjs").Given} given
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code
 * @throws {import("../setup/problem.mjs").Problem} as the two commands do
 */
export async function main(given, project) {
  const code = await makeAssignments(given, project);
  return given.values.site ? makeSite({ ...given, values: { assignments: true } }, project) : code;
}
