/** Submissions for tests: notebooks of students who hand in this or that, graded in the real sandbox. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildHarness, fileReader } from "../../src/course/grader";
import type { ReadFile } from "../../src/course/grader/entries";
import { gradeClass } from "../../src/course/grader/grade";
import type { StudentResult } from "../../src/course/grader/reports";
import { type Cell, gradeIdOf, type Notebook, sourceOf } from "../../src/course/notebook";
import { findSandbox, type Sandbox } from "../../src/course/sandbox/sandbox";
import { studentVersion } from "../../src/course/student-version";
import { instructorNotebooks, root } from "./solutions";

export const masters = instructorNotebooks;

/** A folder of its own for a test file. */
export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `${name}-`));
}

/** What a student writes into the solution cells, by grade id; `right` stands for the instructor's solution. */
export type Answers = Readonly<Record<string, string>>;

/** A student's notebook: the stubs, but for the answers; other answers than those in cells go into cells of their own. */
export function notebookOf(
  assignment: string,
  answers: Answers,
  change: (cells: Cell[]) => Cell[] = (cells) => cells,
): string {
  const master = masters.get(assignment) as Notebook;
  const student = studentVersion(master);
  const cells = student.cells.map((cell, k) => {
    const id = gradeIdOf(cell);
    const answer = id === undefined ? undefined : answers[id.replace(/-solution$/, "")];
    if (!cell.metadata.nbgrader?.solution || answer === undefined) return cell;
    return { ...cell, source: answer === "right" ? sourceOf(master.cells[k]) : answer };
  });
  return JSON.stringify({ ...student, cells: change(cells) });
}

/** The instructor's solution of a cell. */
export function solutionText(assignment: string, gradeId: string): string {
  const cell = (masters.get(assignment) as Notebook).cells.find((c) => gradeIdOf(c) === `${gradeId}-solution`);
  return sourceOf(cell as Cell);
}

/** A code cell of a student's own. */
export function ownCell(source: string): Cell {
  return { cell_type: "code", id: `own-${source.length}`, source, metadata: {}, outputs: [] };
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, data] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), data);
  }
}

let reader: Promise<ReadFile> | undefined;

/** Reads files as the grader does. */
export const readFile: ReadFile = async (bytes) => {
  reader ??= buildHarness(root, temporaryFolder("reader")).then(fileReader);
  return (await reader)(bytes);
};

/** The sandbox of this machine. */
export async function realSandbox(folder: string): Promise<Sandbox> {
  return findSandbox(await buildHarness(root, folder), false);
}

/** Grades a folder; `onProgress` is told after each submission. */
export async function graded(
  submissions: string,
  out: string,
  sandbox: Sandbox,
  onProgress?: () => void,
): Promise<Map<string, StudentResult>> {
  const students = await gradeClass({
    submissions,
    out,
    masters,
    sandbox,
    secret: "a secret of the tests",
    version: "1",
    readFile,
    jobs: 2,
    onProgress,
  });
  return new Map(students.map((student) => [student.student, student]));
}

/** A student's points by exercise. */
export function scores(student: StudentResult | undefined): Record<string, number> {
  const all = student?.assignments.flatMap(({ exercises }) => exercises) ?? [];
  return Object.fromEntries(all.map(({ id, score }) => [id, score]));
}

/** What a student is told of an exercise. */
export function message(student: StudentResult | undefined, id: string): string {
  return (
    student?.assignments.flatMap(({ exercises }) => exercises).find((exercise) => exercise.id === id)?.message ?? ""
  );
}

/** The texts of all files below a folder, by their paths. */
export function filesBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
    }),
  );
}
