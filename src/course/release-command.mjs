import { loadTypeScript } from "../setup/load-typescript.mjs";

/**
 * Makes the students' notebooks and the students' zip.
 *
 * @param {import("../setup/commands.mjs").Given} _
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code
 * @throws as `release`
 */
export async function main(_, project) {
  const { release } = await loadTypeScript(project, "src/course/release");
  for (const line of await release(project.root)) console.log(line);
  return 0;
}
