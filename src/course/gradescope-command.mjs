import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadTypeScript } from "../setup/load-typescript.mjs";
import { Problem } from "../setup/problem.mjs";

const usage = `npm run gradescope -- [ASSIGNMENT …] [--secret FILE]

  ASSIGNMENT  which of the assignments the autograder grades, like forward-pass; all of them when left out
  --secret    the file with your secret seed; ~/.backprop-by-hand-secret when left out, and made when it is not there`;

/**
 * Makes the autograder's zip for Gradescope.
 *
 * @param {string[]} args
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code
 * @throws {Problem} if the arguments are not as the usage says, or there is no such assignment
 * @throws {RangeError} if the secret's file lies where the zip goes, or what is in it can be guessed
 */
export async function main(args, project) {
  const { assignments, secretFile } = readArguments(args);
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

/** @param {string[]} args */
function readArguments(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { secret: { type: "string" } },
    });
    return {
      assignments: positionals,
      secretFile: resolve(values.secret ?? join(homedir(), ".backprop-by-hand-secret")),
    };
  } catch (error) {
    throw new Problem(`${/** @type {Error} */ (error).message}\n\n${usage}`);
  }
}
