/** Writes what the grader has to say: for each student results and feedback, for the teacher grades and a summary. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Notebook } from "../notebook";
import type { Isolation } from "../sandbox/sandbox";
import { writeWhole } from "../whole-file";
import type { Entries, Entry } from "./entries";
import type { NotebookResult } from "./grade-submission";
import type { Kept } from "./kept";
import {
  type AssignmentResult,
  feedbackPage,
  gradesCsv,
  gradescopeResults,
  type StudentResult,
  summaryPage,
} from "./reports";

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
  { masters, isolation, kept }: { masters: ReadonlyMap<string, Notebook>; isolation: Isolation; kept: Kept },
): StudentResult[] {
  const write = (path: string, text: string) => writeWhole(join(out, path), text, kept.folder);
  mkdirSync(kept.folder, { recursive: true });
  const students = byStudent(entries, results, masters);
  for (const student of students) {
    write(join(student.folder, "results.json"), gradescopeResults(student));
    write(join(student.folder, "feedback.html"), feedbackPage(student, isolation !== "none"));
  }
  write("summary.html", summaryPage(students, problems, isolation));
  write("grades.csv", gradesCsv(students));
  return students;
}

function byStudent(
  entries: readonly Entry[],
  results: readonly NotebookResult[],
  masters: ReadonlyMap<string, Notebook>,
): StudentResult[] {
  const list = entries.map(({ submission: { student }, assignment }, k) => {
    const result: AssignmentResult = { ...results[k], assignment, written: writtenIn(masters.get(assignment)) };
    return { student, result };
  });
  const names = [...new Set(list.map(({ student }) => student))].sort();
  const folders = new Set([".graded", ".shards", "grades.csv", "summary.html"]);
  return names.map((student) => {
    const folder = freeName(student, folders);
    folders.add(folder.toLowerCase());
    const assignments = list.filter((one) => one.student === student).map(({ result }) => result);
    assignments.sort((a, b) => (a.exercises[0]?.id ?? "").localeCompare(b.exercises[0]?.id ?? ""));
    return { student, folder, assignments };
  });
}

/** The questions of an assignment that a person reads. */
function writtenIn(master: Notebook | undefined): AssignmentResult["written"] {
  return (master?.cells ?? []).flatMap(({ cell_type, metadata: { nbgrader } }) =>
    cell_type === "markdown" && nbgrader?.grade ? [{ id: nbgrader.grade_id, points: nbgrader.points ?? 0 }] : [],
  );
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
