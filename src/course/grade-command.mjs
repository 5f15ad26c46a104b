import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { bundleOf, loadTypeScript } from "../setup/load-typescript.mjs";
import { Problem } from "../setup/problem.mjs";

const usage = `npm run grade -- SUBMISSIONS --out DIR [--secret FILE] [--jobs N] [--unsafe]

  SUBMISSIONS  a folder of notebooks, one a student, or of folders; or a zip as Moodle, Canvas and Gradescope give it out
  --out DIR    where the grades and the feedback go
  --secret     the file with your secret seed; ~/.backprop-by-hand-secret when left out, and made when it is not there
  --jobs       how many submissions are graded at the same time; one for each processor when left out
  --unsafe     grade also where students' code cannot be kept apart from this machine`;

/** The grader, in TypeScript. */
const GRADER = "src/course/grader/index";

/**
 * Grades a class.
 *
 * @param {string[]} args
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code
 */
export async function main(args, project) {
  const { submissions, out, secret, jobs, unsafe } = readArguments(args);
  const grader = await loadTypeScript(project, GRADER);
  const harness = await grader.buildHarness(project.root, join(project.build, "course"));
  try {
    const sandbox = grader.findSandbox(harness, unsafe);
    if (sandbox.isolation !== "bubblewrap") console.error(notes[sandbox.isolation]);
    const students = await grader.gradeClass({
      submissions,
      out,
      masters: grader.mastersIn(join(project.root, "notebooks/instructor")),
      sandbox,
      secret: grader.secretIn(secret, out),
      version: version(project),
      jobs,
      onProgress: showProgress,
    });
    console.error("");
    console.log(`${students.length} students graded: ${join(out, "grades.csv")} and ${join(out, "summary.html")}`);
    return 0;
  } catch (error) {
    throw asProblem(error, grader);
  }
}

/** @type {Record<string, string>} */
const notes = {
  docker: "bubblewrap is not to be had; using Docker, which this grader has not been tested with.",
  podman: "bubblewrap is not to be had; using Podman, which this grader has not been tested with.",
  none: "--unsafe: students' code is NOT kept apart from this machine, and the report says so.",
};

/** @param {string[]} args */
function readArguments(args) {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        out: { type: "string" },
        secret: { type: "string" },
        jobs: { type: "string" },
        unsafe: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new Problem(`${/** @type {Error} */ (error).message}\n\n${usage}`);
  }
  const { values, positionals } = parsed;
  if (positionals.length !== 1 || values.out === undefined) throw new Problem(usage);
  const submissions = resolve(positionals[0]);
  if (!existsSync(submissions)) throw new Problem(`grade: ${submissions} is not there.`);
  const jobs = Number(values.jobs ?? availableParallelism());
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new Problem(`grade: --jobs is ${values.jobs}; expected a whole number of at least 1`);
  }
  return {
    submissions,
    out: resolve(values.out),
    secret: resolve(values.secret ?? join(homedir(), ".backprop-by-hand-secret")),
    jobs,
    unsafe: values.unsafe === true,
  };
}

/**
 * What the grades depend on beside the submissions: the course's programs and the instructor's notebooks.
 *
 * @param {import("../setup/project.mjs").Project} project
 */
function version(project) {
  const hash = createHash("sha256");
  const built = [bundleOf(project, GRADER), join(project.build, "course/harness.mjs")];
  const folder = join(project.root, "notebooks/instructor");
  const masters = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
  for (const file of [...built, ...masters]) hash.update(readFileSync(file));
  return hash.digest("hex");
}

/**
 * @param {number} done
 * @param {number} of
 */
function showProgress(done, of) {
  const width = 30;
  const full = Math.round((width * done) / of);
  const bar = `${"█".repeat(full)}${"░".repeat(width - full)} ${done} of ${of}`;
  if (process.stderr.isTTY) process.stderr.write(`\r${bar}`);
  else if (done === of || done % 25 === 0) process.stderr.write(`${bar}\n`);
}

/**
 * @param {unknown} error
 * @param {{ NoSandbox: new (message: string) => Error }} grader
 */
function asProblem(error, { NoSandbox }) {
  if (error instanceof NoSandbox || error instanceof RangeError) return new Problem(error.message);
  const { code, path } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === "ENOSPC")
    return new Problem("grade: the disk is full. What is graded so far is kept; make room and start again.");
  if (code === "EACCES" || code === "EROFS" || code === "EPERM" || code === "ENOTDIR" || code === "EEXIST") {
    return new Problem(`grade: ${path} can't be written (${code}). Choose another --out, or change its rights.`);
  }
  return error;
}
