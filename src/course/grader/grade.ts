/** `npm run grade`: grades a class. What is graded stays graded, so that a run that was ended goes on where it was. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exercises } from "../exercises";
import { gradeIdOf, NotANotebook, type Notebook, parseNotebook } from "../notebook";
import type { Sandbox } from "../sandbox/sandbox";
import { type Graded, gradeNotebook, type NotebookResult } from "./grade-submission";
import {
  type AssignmentResult,
  feedbackPage,
  gradesCsv,
  gradescopeResults,
  type StudentResult,
  summaryPage,
} from "./reports";
import { type Submission, submissionsIn } from "./submissions";

/** What a run needs. */
export interface GradeOptions {
  /** A folder, a zip or a notebook. */
  readonly submissions: string;
  /** Where the results go. */
  readonly out: string;
  /** The instructor's notebooks by the names of their assignments. */
  readonly masters: ReadonlyMap<string, Notebook>;
  readonly sandbox: Sandbox;
  readonly secret: string;
  /** What else the results depend on: the graded program itself. */
  readonly version: string;
  /** How many submissions are graded at the same time. */
  readonly jobs: number;
  /** Told after each submission. */
  readonly onProgress?: (done: number, of: number) => void;
}

/** The folder in `out` that keeps what is graded. */
const KEPT = ".graded";

/**
 * Grades every submission and writes all results.
 * @returns the students' results
 */
export async function gradeClass(options: GradeOptions): Promise<StudentResult[]> {
  const { out, masters, sandbox, secret, version, jobs, onProgress } = options;
  const { submissions, problems } = submissionsIn(options.submissions);
  mkdirSync(join(out, KEPT), { recursive: true });
  const read = submissions.map((submission) => ({ submission, ...readSubmission(submission, masters) }));
  const usual = mostCommon(read.flatMap(({ assignment }) => assignment ?? [])) ?? [...masters.keys()][0];
  const chosen = oneForEach(read, usual, problems);
  const results: AssignmentResult[] = new Array(chosen.length);
  const kept = new Set<string>();
  let done = 0;
  let next = 0;
  const worker = async () => {
    for (let k = next++; k < chosen.length; k = next++) {
      const { submission, notebook, problem, assignment } = chosen[k];
      const master = masters.get(assignment) as Notebook;
      const graded: Graded = { master, exercises: exercises.filter((exercise) => exercise.assignment === assignment) };
      const hash = createHash("sha256").update(version).update("\0").update(secret).update("\0");
      const key = hash.update(sandbox.isolation).update("\0").update(assignment).update("\0").update(submission.data);
      const file = join(out, KEPT, `${key.digest("hex")}.json`);
      kept.add(file);
      let result = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as NotebookResult) : undefined;
      if (result === undefined) {
        result =
          notebook === undefined
            ? unreadable(graded, problem as string)
            : await gradeNotebook(graded, notebook, sandbox, secret);
        write(file, JSON.stringify(result));
      }
      const written = master.cells.flatMap(({ cell_type, metadata: { nbgrader } }) =>
        cell_type === "markdown" && nbgrader?.grade ? [{ id: nbgrader.grade_id, points: nbgrader.points ?? 0 }] : [],
      );
      results[k] = { ...result, assignment, written };
      done += 1;
      onProgress?.(done, chosen.length);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
  for (const name of readdirSync(join(out, KEPT))) {
    if (!kept.has(join(out, KEPT, name))) rmSync(join(out, KEPT, name));
  }
  const students = byStudent(chosen.map(({ submission }, k) => ({ submission, result: results[k] })));
  const isolated = sandbox.isolation !== "none";
  for (const student of students) {
    mkdirSync(join(out, student.folder), { recursive: true });
    write(join(out, student.folder, "results.json"), gradescopeResults(student));
    write(join(out, student.folder, "feedback.html"), feedbackPage(student, isolated));
  }
  write(join(out, "summary.html"), summaryPage(students, problems, sandbox.isolation));
  write(join(out, "grades.csv"), gradesCsv(students));
  return students;
}

interface Read {
  readonly submission: Submission;
  readonly notebook?: Notebook;
  readonly problem?: string;
  readonly assignment?: string;
}

/** The notebook of a submission, and which assignment it is. */
function readSubmission({ path, data }: Submission, masters: ReadonlyMap<string, Notebook>): Omit<Read, "submission"> {
  const byName = [...masters.keys()].find((name) => path.toLowerCase().includes(name));
  try {
    const notebook = parseNotebook(Buffer.from(data).toString("utf8"));
    const own = new Set(notebook.cells.flatMap((cell) => gradeIdOf(cell) ?? []));
    const shared = [...masters].map(([name, { cells }]) => ({
      name,
      count: cells.filter((cell) => own.has(gradeIdOf(cell) ?? "")).length,
    }));
    const best = shared.reduce((a, b) => (b.count > a.count ? b : a));
    return { notebook, assignment: best.count > 0 ? best.name : byName };
  } catch (error) {
    if (!(error instanceof NotANotebook)) throw error;
    return { problem: error.message, assignment: byName };
  }
}

function mostCommon(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

/** Of several notebooks of one student for one assignment the last by its name is graded, and the teacher is told. */
function oneForEach(read: readonly Read[], usual: string, problems: string[]): (Read & { assignment: string })[] {
  const chosen = new Map<string, Read & { assignment: string }>();
  for (const entry of read) {
    const assignment = entry.assignment ?? usual;
    const key = `${entry.submission.student}\0${assignment}`;
    const before = chosen.get(key);
    if (before) {
      problems.push(
        `${entry.submission.student} handed in more than one notebook for ${assignment}: ${entry.submission.path} was graded, ${before.submission.path} was not.`,
      );
    }
    chosen.set(key, { ...entry, assignment });
  }
  return [...chosen.values()];
}

function unreadable({ exercises }: Graded, problem: string): NotebookResult {
  return {
    exercises: exercises.map(({ id, title, functionName, latex, points }) => ({
      id,
      title,
      functionName,
      latex,
      points,
      score: 0,
      message: problem,
    })),
    flags: [problem],
  };
}

function byStudent(list: readonly { submission: Submission; result: AssignmentResult }[]): StudentResult[] {
  const names = [...new Set(list.map(({ submission }) => submission.student))].sort();
  const folders = new Set([KEPT, "grades.csv", "summary.html"]);
  return names.map((student) => {
    const folder = freeName(student, folders);
    folders.add(folder.toLowerCase());
    const assignments = list.filter(({ submission }) => submission.student === student).map(({ result }) => result);
    assignments.sort((a, b) => (a.exercises[0]?.id ?? "").localeCompare(b.exercises[0]?.id ?? ""));
    return { student, folder, assignments };
  });
}

/** A folder's name for a student: nothing in it leads elsewhere, and no two are the same on any disk. */
function freeName(student: string, taken: ReadonlySet<string>): string {
  const plain =
    student
      .normalize("NFC")
      .replace(/[\p{Cc}\p{Cf}/\\:*?"<>|]/gu, "_")
      .replace(/^[.\s]+|[.\s]+$/g, "_")
      .slice(0, 80) || "_";
  for (let k = 1; ; k++) {
    const name = k === 1 ? plain : `${plain}-${k}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

/** Writes a file so that it is there as a whole or not at all. */
function write(path: string, text: string): void {
  const draft = `${path}.draft`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}
