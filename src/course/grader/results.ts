/** Writes what the grader has to say: for each student results and feedback, for the teacher grades and a summary. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../setup/whole-file.mjs";
import { type Cell, gradeIdOf, type Notebook, sourceOf, writtenQuestions } from "../notebook";
import type { Isolation } from "../sandbox/sandbox";
import { WRITTEN_STUB } from "../student-version";
import type { Entries, Entry } from "./entries";
import type { ExerciseResult, NotebookResult } from "./grade-submission";
import {
  type AssignmentResult,
  feedbackPage,
  gradesCsv,
  gradescopeResults,
  type MarkedExercise,
  type StudentResult,
  summaryPage,
  type WrittenAnswer,
  writtenAnswersPage,
} from "./reports";
import type { Kept } from "./result-store";
import type { Deadlines } from "./teacher/deadlines";
import type { Decisions } from "./teacher/decisions";
import type { Mark } from "./teacher/marks";

/** More of an answer than this is not shown. */
const LONGEST_ANSWER = 20_000;

/** What the results are made of beside the entries. */
export interface ResultOptions {
  readonly masters: ReadonlyMap<string, Notebook>;
  readonly isolation: Isolation;
  readonly kept: Kept;
  readonly decisions: Decisions;
}

/**
 * Writes all files into a folder, the grades last.
 *
 * @param results what became of each entry, in their order
 * @returns the students' results, sorted by their names
 */
export function writeResults(
  out: string,
  { entries, problems }: Entries,
  results: readonly NotebookResult[],
  { masters, isolation, kept, decisions }: ResultOptions,
): StudentResult[] {
  const write = (path: string, text: string) => writeWhole(join(out, path), text, kept.folder);
  mkdirSync(kept.folder, { recursive: true });
  const students = byStudent(entries, results, masters, decisions);
  for (const student of students) {
    write(join(student.folder, "results.json"), gradescopeResults(student));
    write(join(student.folder, "feedback.html"), feedbackPage(student, isolation !== "none"));
  }
  const { marks, deadlines } = decisions;
  const seen = [...marks.problems, ...deadlines.problems, ...problems, ...missedDeadlines(entries, deadlines)];
  write("written-answers.html", writtenAnswersPage(students));
  write("summary.html", summaryPage(students, seen, isolation));
  write("grades.csv", gradesCsv(students));
  return students;
}

function byStudent(
  entries: readonly Entry[],
  results: readonly NotebookResult[],
  masters: ReadonlyMap<string, Notebook>,
  { marks, deadlines }: Decisions,
): StudentResult[] {
  const list = entries.map(({ submission: { student }, assignment, notebook }, k) => {
    const { flags } = results[k];
    const result: AssignmentResult = {
      assignment,
      flags,
      exercises: results[k].exercises.map((exercise) => withMark(exercise, marks.of(student, exercise.id))),
      written: answersIn(notebook, masters.get(assignment)).map((answer) => ({
        ...answer,
        mark: marks.of(student, answer.id),
      })),
      late: deadlines.lateness(student, assignment),
    };
    return { student, result };
  });
  const names = [...new Set(list.map(({ student }) => student))].sort();
  const folders = new Set([".graded", ".shards", "grades.csv", "summary.html", "written-answers.html"]);
  return names.map((student) => {
    const folder = freeName(student, folders);
    folders.add(folder.toLowerCase());
    const assignments = list.filter((one) => one.student === student).map(({ result }) => result);
    assignments.sort((a, b) => (a.exercises[0]?.id ?? "").localeCompare(b.exercises[0]?.id ?? ""));
    return { student, folder, assignments };
  });
}

/** A result of the checks, in place of which a person may have given points. */
function withMark(result: ExerciseResult, mark: Mark | undefined): MarkedExercise {
  return mark === undefined ? result : { ...result, score: mark.points, byHand: { ...mark, checks: result.score } };
}

/** Submissions that look late and about which the teacher has said nothing. */
function missedDeadlines(entries: readonly Entry[], deadlines: Deadlines): string[] {
  return entries.flatMap(({ submission: { path, student, modified, late: byCanvas }, assignment }) => {
    const time = byCanvas ? Number.POSITIVE_INFINITY : modified;
    const deadline = time === undefined ? undefined : deadlines.missed(student, assignment, time);
    if (time === undefined || deadline === undefined) return [];
    const sign = byCanvas
      ? "is marked LATE by Canvas"
      : `was last changed at ${new Date(time).toISOString().slice(0, 16)}Z`;
    return `${path} ${sign}; its deadline is ${deadline}. If it came late, write the time into the column "submitted" of the deadlines; nothing was taken off.`;
  });
}

/** What a student has written in answer to the questions that a person reads. */
function answersIn(notebook: Notebook | undefined, master: Notebook | undefined): WrittenAnswer[] {
  const given = new Set(master?.cells.map((cell) => textOf(cell)));
  return writtenQuestions(master).map(({ id, points }) => {
    const cells = notebook?.cells ?? [];
    const at = cells.findIndex((cell) => gradeIdOf(cell) === id);
    const own = at < 0 ? "" : textOf(cells[at]);
    const unanswered = at >= 0 && (own === "" || own === WRITTEN_STUB);
    const text = unanswered ? writtenBelow(cells.slice(at + 1), given) : own;
    return { id, points, answer: text.slice(0, LONGEST_ANSWER) };
  });
}

/** What stands in markdown cells up to the next that is given; some leave the answer's cell as it is and add their own. */
function writtenBelow(cells: readonly Cell[], given: ReadonlySet<string>): string {
  const end = cells.findIndex((cell) => gradeIdOf(cell) !== undefined || given.has(textOf(cell)));
  return cells
    .slice(0, end < 0 ? cells.length : end)
    .filter(({ cell_type }) => cell_type === "markdown")
    .map(textOf)
    .join("\n\n");
}

function textOf(cell: Cell): string {
  return sourceOf(cell).trim();
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
