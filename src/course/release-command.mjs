import { loadTypeScript } from "../setup/load-typescript.mjs";
import { Problem } from "../setup/problem.mjs";

/**
 * Makes the students' notebooks and the students' zip.
 *
 * @param {string[]} args none
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code
 * @throws {Problem} if there are arguments; and as `release`
 */
export async function main(args, project) {
  if (args.length > 0) {
    throw new Problem(`npm run release: got ${args.join(" ")}; expected no arguments: it makes all assignments`);
  }
  const { release } = await loadTypeScript(project, "src/course/release");
  for (const line of await release(project.root)) console.log(line);
  return 0;
}
