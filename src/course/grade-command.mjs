import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { bundleOf, loadTypeScript } from "../setup/load-typescript.mjs";
import { Problem } from "../setup/problem.mjs";

const usage = `npm run grade -- SUBMISSIONS --out DIR [--marks FILE] [--deadlines FILE] [--secret FILE] [--jobs N] [--readable] [--unsafe]
npm run grade -- SUBMISSIONS --out DIR --shard i/n [--secret FILE] [--jobs N] [--unsafe]
npm run grade -- SUBMISSIONS --out DIR --merge [PART …] [--marks FILE] [--deadlines FILE] [--secret FILE]

  SUBMISSIONS  a folder of notebooks, one a student, or of folders; or a zip as Moodle, Canvas and Gradescope give it out
  --out DIR    where the grades and the feedback go
  --marks      a table (CSV) of your marks for written answers, or in place of the checks'; made when it is not there
  --deadlines  a table (CSV) of deadlines, extensions and late submissions; made when it is not there
  --secret     the file with your secret seed; ~/.backprop-by-hand-secret when left out, and made when it is not there
  --jobs       how many submissions are graded at the same time; one for each processor when left out
  --readable   others on this machine may read the results; without it they are for you alone
  --unsafe     grade also where students' code cannot be kept apart from this machine
  --shard i/n  grade the i-th of n parts of the class only, for --merge
  --merge      write the grades of a class that was graded in shards; PART … are their --out folders, if not DIR`;

/** The grader, in TypeScript. */
const GRADER = "src/course/grader/index";

/**
 * Grades a class, a part of it, or puts the parts together.
 *
 * @param {string[]} args
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code: 1 if something was not graded, or rows of the teacher's files were left out
 * @throws {Problem} if the arguments are not as the usage says, students' code cannot be kept apart from this machine, the
 *   secret or the shards do not fit, or the results can't be written
 */
export async function main(args, project) {
  const { submissions, parts, out, secret, jobs, unsafe, readable, shard, marks, deadlines } = readArguments(args);
  /** @type {string[]} */
  const problems = [];
  const onProblem = (/** @type {string} */ sentence) => {
    problems.push(sentence);
    console.error(sentence);
  };
  const grader = await loadTypeScript(project, GRADER);
  const harness = await grader.buildHarness(project.root, join(project.build, "course"));
  if (!readable) process.umask(0o077);
  try {
    const part = shard === undefined ? undefined : grader.shardOf(shard);
    const inputs = {
      submissions,
      out,
      masters: grader.mastersIn(join(project.root, "notebooks/instructor")),
      secret: grader.secretIn(secret, out, console.error),
      version: version(project),
      readFile: grader.fileReader(harness),
      marks,
      deadlines,
      onProblem,
    };
    if (parts !== undefined) return report(await grader.mergeShards({ ...inputs, parts }), out, problems);
    const sandbox = grader.findSandbox(harness, unsafe);
    if (sandbox.isolation !== "bubblewrap") console.error(notes[sandbox.isolation]);
    if (sandbox.note !== undefined) console.error(sandbox.note);
    const options = { ...inputs, sandbox, jobs, onProgress: showProgress };
    if (part === undefined) return report(await grader.gradeClass(options), out, problems);
    const results = await grader.gradeShard(options, part);
    console.log(
      `Shard ${shard}: ${results.length} submissions graded; --merge writes the grades when all shards are there`,
    );
    return results.some((/** @type {{ notGraded?: string }} */ { notGraded }) => notGraded !== undefined) ? 1 : 0;
  } catch (error) {
    throw asProblem(error, grader);
  }
}

/**
 * @param {readonly { student: string, notGraded: readonly string[] }[]} students
 * @param {string} out
 * @param {readonly string[]} problems rows of the teacher's files that were left out
 * @returns the exit code
 */
function report(students, out, problems) {
  console.log(`${students.length} students: ${join(out, "grades.csv")} and ${join(out, "summary.html")}`);
  const missing = students.filter(({ notGraded }) => notGraded.length > 0);
  if (missing.length > 0) {
    const whose = missing.length === 1 ? "1 student" : `${missing.length} students`;
    console.error(
      `Something of ${whose} was not graded; the last column of grades.csv and the summary say what and why.`,
    );
  }
  if (problems.length > 0) {
    const rows = problems.length === 1 ? "1 row" : `${problems.length} rows`;
    console.error(`${rows} of your files left out, see above. Mend them and run it again; nothing is graded twice.`);
  }
  return missing.length + problems.length > 0 ? 1 : 0;
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
        marks: { type: "string" },
        deadlines: { type: "string" },
        secret: { type: "string" },
        jobs: { type: "string" },
        unsafe: { type: "boolean" },
        readable: { type: "boolean" },
        shard: { type: "string" },
        merge: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new Problem(`${/** @type {Error} */ (error).message}\n\n${usage}`);
  }
  const { values, positionals } = parsed;
  const [submissions, ...parts] = positionals.map((path) => resolve(path));
  if (submissions === undefined || values.out === undefined) throw new Problem(usage);
  if (values.shard !== undefined && (values.marks ?? values.deadlines) !== undefined) {
    throw new Problem("grade: --marks and --deadlines go with --merge; a shard's results do not depend on them.");
  }
  if (values.merge ? values.shard !== undefined : parts.length > 0) throw new Problem(usage);
  for (const path of [submissions, ...parts]) if (!existsSync(path)) throw new Problem(`grade: ${path} is not there.`);
  const jobs = Number(values.jobs ?? availableParallelism());
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new Problem(`grade: --jobs is ${values.jobs}; expected a whole number of at least 1`);
  }
  const secret = resolve(values.secret ?? join(homedir(), ".backprop-by-hand-secret"));
  if ((values.merge || values.shard !== undefined) && !existsSync(secret)) {
    throw new Problem(
      `grade: ${secret} is not there, and all shards need the same secret. Write a line of random characters into it, on every machine the same.`,
    );
  }
  return {
    submissions,
    parts: values.merge ? parts : undefined,
    out: resolve(values.out),
    secret,
    jobs,
    unsafe: values.unsafe === true,
    readable: values.readable === true,
    shard: values.shard,
    marks: values.marks === undefined ? undefined : resolve(values.marks),
    deadlines: values.deadlines === undefined ? undefined : resolve(values.deadlines),
  };
}

/**
 * What the grades depend on beside the submissions: the course's programs and the instructor's notebooks.
 *
 * @param {import("../setup/project.mjs").Project} project
 */
function version(project) {
  const hash = createHash("sha256");
  const names = ["harness.mjs", "supervisor.mjs", "reader.mjs", "compiler.cjs"];
  const own = names.map((name) => join(project.build, "course", name));
  const built = [bundleOf(project, GRADER), ...own];
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
  if (process.stderr.isTTY) process.stderr.write(`\r${bar}${done === of ? "\n" : ""}`);
  else if (done === of || done % 25 === 0) process.stderr.write(`${bar}\n`);
}

/**
 * @param {unknown} error
 * @param {{ NoSandbox: new (message: string) => Error }} grader
 */
function asProblem(error, { NoSandbox }) {
  if (error instanceof NoSandbox || error instanceof RangeError) return new Problem(error.message);
  const { code, path, syscall } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === "ENOSPC")
    return new Problem("grade: the disk is full. What is graded so far is kept; make room and start again.");
  // Node.js says so of a folder that it can't make on a disk that is read-only.
  const isReadOnly = code === "ENOENT" && syscall === "mkdir";
  if (
    code === "EACCES" ||
    code === "EROFS" ||
    code === "EPERM" ||
    code === "ENOTDIR" ||
    code === "EEXIST" ||
    isReadOnly
  ) {
    return new Problem(`grade: ${path} can't be written (${code}). Choose another --out, or change its rights.`);
  }
  return error;
}
