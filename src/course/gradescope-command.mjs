import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { loadTypeScript } from "../setup/load-typescript.mjs";
import { Problem } from "../setup/problem.mjs";

/**
 * Makes the autograder's zip for Gradescope.
 *
 * @param {import("../setup/commands.mjs").Given} given
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code
 * @throws {Problem} if there is no such assignment
 * @throws {RangeError} if the secret's file lies where the zip goes, or what is in it can be guessed
 */
export async function main({ values, positionals: assignments }, project) {
  const secretFile = resolve(values.secret ?? join(homedir(), ".backprop-by-hand-secret"));
  const { autograderZip } = await loadTypeScript(project, "src/course/gradescope/autograder-zip");
  const { mastersIn, secretIn } = await loadTypeScript(project, "src/course/grader/index");
  const known = [...mastersIn(join(project.root, "notebooks/instructor")).keys()];
  const strange = assignments.find((name) => !known.includes(name));
  if (strange !== undefined) {
    throw new Problem(`gradescope: there is no assignment ${strange}; expected some of ${known.join(", ")}`);
  }
  const path = join(project.build, "gradescope/autograder.zip");
  const zip = await autograderZip(
    project.root,
    assignments.length > 0 ? assignments : known,
    secretIn(secretFile, dirname(path), console.error),
  );
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, zip, { mode: 0o600 });
  console.log(`${path} (${Math.round(zip.length / 1000)} kB). It holds your secret seed: it is for Gradescope alone.`);
  return 0;
}
