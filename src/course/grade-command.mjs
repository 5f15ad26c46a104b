import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { join, resolve } from "node:path";
import { bundleOf, loadTypeScript } from "../setup/load-typescript.mjs";
import { Problem } from "../setup/problem.mjs";

/** The grader, in TypeScript. */
const GRADER = "src/course/grader/index";

/**
 * Grades a class, a part of it, or puts the parts together.
 *
 * @param {import("../setup/commands.mjs").Given} given
 * @param {import("../setup/project.mjs").Project} project
 * @returns {Promise<number>} the exit code: 1 if something was not graded, or rows of the teacher's files were left out
 * @throws {Problem} if the arguments are not as the usage says, students' code cannot be kept apart from this machine, the
 *   secret or the shards do not fit, or the results can't be written
 */
export async function main(given, project) {
  const { submissions, parts, out, secret, jobs, unsafe, readable, shard, marks, deadlines } = settled(given);
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

/**
 * @param {import("../setup/commands.mjs").Given} given
 * @throws {Problem} if they do not go together, or a file is not there
 */
function settled({ values, positionals }) {
  const [submissions, ...parts] = positionals.map((path) => resolve(path));
  if (values.shard !== undefined && (values.marks ?? values.deadlines) !== undefined) {
    throw new Problem("grade: --marks and --deadlines go with --merge; a shard's results do not depend on them.");
  }
  if (values.merge && values.shard !== undefined) {
    throw new Problem(
      "grade: --shard grades a part of the class, and --merge puts the parts together: one after the other.",
    );
  }
  if (!values.merge && parts.length > 0) {
    throw new Problem(`grade: ${parts[0]} is one too many; with --merge it would be a shard's folder.`);
  }
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
  // Node.js says ENOENT of a folder that it can't make on a disk that is read-only.
  const refused = ["EACCES", "EROFS", "EPERM", "ENOTDIR", "EEXIST", ...(syscall === "mkdir" ? ["ENOENT"] : [])];
  if (refused.includes(code ?? "")) {
    return new Problem(`grade: ${path} can't be written (${code}). Choose another --out, or change its rights.`);
  }
  return error;
}
