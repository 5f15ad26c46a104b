/** Writes what the grader has to say: for each student results and feedback, for the teacher grades and a summary. */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../setup/whole-file.mjs";
import type { Isolation } from "../sandbox/sandbox";
import type { Entries, Entry } from "./entries";
import type { ExerciseResult } from "./grade-submission";
import {
  type AssignmentResult,
  feedbackPage,
  gradesCsv,
  gradescopeResults,
  type MarkedExercise,
  type StudentResult,
  summaryPage,
  writtenAnswersPage,
} from "./reports";
import type { Kept, KeptResult } from "./result-store";
import { shown } from "./shown";
import type { Missing } from "./submissions";
import type { Deadlines } from "./teacher/deadlines";
import type { Decisions } from "./teacher/decisions";
import type { Mark } from "./teacher/marks";

/** What the results are made of beside the entries. */
export interface ResultOptions {
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
  { entries, missing, problems }: Entries,
  results: readonly KeptResult[],
  { isolation, kept, decisions }: ResultOptions,
): StudentResult[] {
  const write = (path: string, text: string) => writeWhole(join(out, path), text, kept.folder);
  mkdirSync(kept.folder, { recursive: true });
  const students = byStudent(entries, missing, results, decisions);
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
  missing: readonly Missing[],
  results: readonly KeptResult[],
  { marks, deadlines }: Decisions,
): StudentResult[] {
  const list = entries.map(({ submission: { student }, assignment, notes }, k) => {
    const { flags, notGraded } = results[k];
    const result: AssignmentResult = {
      assignment,
      flags: [...notes, ...flags],
      notGraded,
      exercises: results[k].exercises.map((exercise) => withMark(exercise, marks.of(student, exercise.id))),
      written: results[k].written.map((answer) => ({ ...answer, mark: marks.of(student, answer.id) })),
      late: deadlines.lateness(student, assignment),
    };
    return { student, result };
  });
  const names = [...new Set([...list, ...missing].map(({ student }) => student))].sort();
  const folders = new Set([".graded", ".shards", "grades.csv", "summary.html", "written-answers.html"]);
  return names.map((student) => {
    const folder = freeName(student, folders);
    folders.add(folder.toLowerCase());
    const assignments = list.filter((one) => one.student === student).map(({ result }) => result);
    assignments.sort((a, b) => (a.exercises[0]?.id ?? "").localeCompare(b.exercises[0]?.id ?? ""));
    const notGraded = [
      ...missing.filter((one) => one.student === student).map(({ why }) => why),
      ...assignments.flatMap(({ assignment, notGraded: why }) => (why ? [`${assignment}: ${why}`] : [])),
    ];
    return { student, folder, assignments, notGraded };
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
    return `${shown(path)} ${sign}; its deadline is ${deadline}. If it came late, write the time into the column "submitted" of the deadlines; nothing was taken off.`;
  });
}

/** The longest name of a folder, in bytes; disks take 255. */
const LONGEST_NAME = 120;

/** A folder's name for a student: nothing in it leads elsewhere, and no two are the same on any disk. */
function freeName(student: string, taken: ReadonlySet<string>): string {
  const safe =
    student
      .normalize("NFC")
      .replace(/[\p{Cc}\p{Cf}\p{Cs}/\\:*?"<>|]/gu, "_")
      .replace(/^[.\s]+|[.\s]+$/g, "_") || "_";
  const digest = createHash("sha256").update(student).digest("hex").slice(0, 8);
  const bytes = Buffer.from(safe);
  // A decoder that is told of more to come leaves out a character of which only a part is there.
  const short = new TextDecoder().decode(bytes.subarray(0, LONGEST_NAME), { stream: true });
  const plain = bytes.length <= LONGEST_NAME ? safe : `${short}-${digest}`;
  for (let k = 1; ; k++) {
    const name = k === 1 ? plain : `${plain}-${k}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}
