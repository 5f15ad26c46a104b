/** The students' repository: what is in the zip that `npm run release` makes. The image is built from it, and nbgitpuller hands it out. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { loadTypeScript } from "../../src/setup/load-typescript.mjs";
import { Problem } from "../../src/setup/problem.mjs";

/** The branch that students pull. */
export const branch = "main";

/**
 * @param {import("../../src/setup/project.mjs").Project} project
 * @returns {string} its folder
 */
export function handoutOf({ build }) {
  return join(build, "hub", "handout", "backprop-by-hand");
}

/**
 * Makes the repository.
 *
 * @param {import("../../src/setup/project.mjs").Project} project
 * @param {import("../../src/setup/run-process.mjs").Run} run
 * @returns {Promise<string>} its folder
 * @throws {Problem} with what a program said that failed
 */
export async function makeHandout(project, run) {
  const { release, studentZip } = await loadTypeScript(project, "src/course/release");
  await release(project.root);
  const repository = handoutOf(project);
  rmSync(repository, { recursive: true, force: true });
  const author = ["-c", "user.name=Teacher", "-c", "user.email=teacher@example.org"];
  for (const [program, ...args] of [
    [project.python, "-m", "zipfile", "-e", join(project.root, studentZip), join(repository, "..")],
    ["git", "-C", repository, "init", "--quiet", `--initial-branch=${branch}`],
    ["git", "-C", repository, "add", "--all"],
    ["git", "-C", repository, ...author, "commit", "--quiet", "--message=Handed out"],
  ]) {
    const { code, output } = await run(program, args, { cwd: project.root });
    if (code !== 0) throw new Problem(`${program} ${args.join(" ")} failed:\n${output.slice(-2000)}`);
  }
  return repository;
}
