/** What the grader writes: a student's results and feedback, the class's grades and summary. Nothing depends on the clock. */

import { Html, html } from "../../show/html-text";
import type { ExerciseResult, NotebookResult } from "./grade-submission";
import type { Lateness } from "./teacher/deadlines";
import type { Mark } from "./teacher/marks";
import { tableText } from "./teacher/table";

/** An exercise that the checks have judged, and maybe a person. */
export interface MarkedExercise extends ExerciseResult {
  /** What a person has decided, and the points that the checks gave; `score` holds the person's. */
  readonly byHand?: Mark & { readonly checks: number };
}

/** The answer to a question that a person reads. */
export interface WrittenAnswer {
  readonly id: string;
  readonly points: number;
  /** What the student wrote; empty if nothing. */
  readonly answer: string;
  /** What the person gave for it; nothing until then. */
  readonly mark?: Mark;
}

/** One assignment of one student. */
export interface AssignmentResult extends NotebookResult {
  readonly assignment: string;
  readonly exercises: readonly MarkedExercise[];
  readonly written: readonly WrittenAnswer[];
  readonly late?: Lateness;
}

/** Everything of one student. */
export interface StudentResult {
  readonly student: string;
  /** The folder's name. */
  readonly folder: string;
  readonly assignments: readonly AssignmentResult[];
  /** What of theirs was not graded, and why: sentences. */
  readonly notGraded: readonly string[];
}

/** What a student has reached in all assignments; a written answer counts as soon as it is marked. */
export function totalOf({ assignments }: StudentResult): { score: number; points: number } {
  return {
    score: rounded(sum(assignments, (result) => reached(result) - lostByLateness(result))),
    points: sum(assignments.flatMap(scored), ({ points }) => points),
  };
}

/** Everything in an assignment that has points by now. */
function scored({ exercises, written }: AssignmentResult): { id: string; score: number; points: number }[] {
  const marked = written.flatMap(({ id, points, mark }) => (mark ? [{ id, score: mark.points, points }] : []));
  return [...exercises, ...marked];
}

function reached(result: AssignmentResult): number {
  return sum(scored(result), ({ score }) => score);
}

/** The points that lateness takes off. */
function lostByLateness(result: AssignmentResult): number {
  return rounded((reached(result) * (result.late?.percent ?? 0)) / 100);
}

function rounded(points: number): number {
  return Math.round(100 * points) / 100;
}

/** The results in Gradescope's format. */
export function gradescopeResults(student: StudentResult): string {
  const shown = { output_format: "text", visibility: "visible" };
  const tests = student.assignments.flatMap(({ exercises, written }) => [
    ...exercises.map(({ id, title, score, points, message, misconception, byHand }) => ({
      name: `${id} · ${title}`,
      number: id,
      score,
      max_score: points,
      status: score === points ? "passed" : "failed",
      output: [message, misconception?.hint, byHand && `${pointsByHand(byHand)} ${byHand.comment}`.trim()]
        .filter((part) => part !== undefined)
        .join(" "),
      ...shown,
    })),
    ...written.map(({ id, points, mark }) => ({
      name: `${id} · written answer`,
      number: id,
      ...(mark && { score: mark.points, max_score: points }),
      output: mark ? mark.comment : "A person reads your answer.",
      ...shown,
    })),
  ]);
  const { score } = totalOf(student);
  const told = [...student.notGraded, ...lateSentences(student)];
  return `${JSON.stringify(
    {
      score,
      ...(told.length > 0 && { output: told.join(" ") }),
      visibility: "visible",
      stdout_visibility: "hidden",
      tests,
    },
    null,
    2,
  )}\n`;
}

function pointsByHand({ points, checks }: { points: number; checks: number }): string {
  return `Marked by hand: ${points} (the checks gave ${checks}).`;
}

/** What a student should know of a late submission. */
function lateSentence(result: AssignmentResult): string | undefined {
  if (result.late === undefined) return undefined;
  const { submitted, deadline, days, percent } = result.late;
  return `${result.assignment} came at ${submitted}; the deadline was ${deadline}. That is ${days} ${days === 1 ? "day" : "days"} late, and takes off ${percent} % of its points: ${lostByLateness(result)}.`;
}

function lateSentences({ assignments }: StudentResult): string[] {
  return assignments.flatMap((result) => lateSentence(result) ?? []);
}

/** One line a student, one column an exercise. */
export function gradesCsv(students: readonly StudentResult[]): string {
  const ids = [
    ...new Set(
      students.flatMap(({ assignments }) =>
        assignments.flatMap(({ exercises, written }) => [...exercises, ...written].map(({ id }) => id)),
      ),
    ),
  ];
  const rows = students.map((student) => {
    const { assignments } = student;
    const scores = new Map<string, number | string>([
      ...assignments.flatMap(({ written }) => written.map(({ id }) => [id, "unmarked"] as const)),
      ...assignments.flatMap(scored).map(({ id, score }) => [id, score] as const),
    ]);
    const { score, points } = totalOf(student);
    const flags = assignments.flatMap((result) => result.flags).length;
    const late = rounded(sum(assignments, lostByLateness));
    const total = assignments.length === 0 ? ["", "", "", ""] : [score, points, flags, late];
    return [student.student, ...ids.map((id) => scores.get(id) ?? ""), ...total, student.notGraded.join(" ")];
  });
  const columns = ["student", ...ids, "total", "of", "flags", "taken off for lateness", "not graded"];
  return tableText([columns, ...rows]);
}

/** A student's page. */
export function feedbackPage(student: StudentResult, isolated: boolean): string {
  const { score, points } = totalOf(student);
  const parts = student.assignments.map((result) => {
    const { assignment, exercises, flags, written } = result;
    const lateness = lateSentence(result);
    return html`<h2>${assignment}</h2>
${lateness === undefined ? undefined : html`<p><b>Late.</b> ${lateness}</p>`}
${exercises.map(exerciseBlock)}
${written.map(writtenBlock)}
${flags.length === 0 ? undefined : html`<h3>Notes</h3>${list(flags)}`}`;
  });
  return page(
    `Feedback for ${student.student}`,
    html`<p class="total">${score} of ${points} points</p>${isolated ? undefined : unsafe("the")}
${student.notGraded.map((why) => html`<p><b>Not graded.</b> ${why}</p>`)}
<p>${encouragement(score, points)}</p>
${parts}`,
  );
}

function unsafe(whose: string): Html {
  return html`<p><b>Graded with --unsafe: ${whose} code was not kept apart.</b></p>`;
}

function list(items: readonly (string | Html)[]): Html {
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function encouragement(score: number, points: number): string {
  if (score === points) return points === 0 ? "" : "Everything is right. Well done!";
  if (score >= points / 2) return "Well on the way. Below is what each exercise still needs; start with the first one.";
  return "Below is what was found in each exercise. Take them one at a time: most mistakes here have a name, and a way out.";
}

/** A part of a page with a heading, and how much of the points was reached. */
function block(right: boolean, heading: string, reached: string, ...parts: readonly (Html | undefined)[]): Html {
  return html`<section class="${right ? "right" : "wrong"}"><h3>${heading} <span>${reached}</span></h3>
${parts}</section>`;
}

function exerciseBlock(result: MarkedExercise): Html {
  const { id, title, functionName, score, points, message, misconception, worst, byHand } = result;
  const right = score === points;
  return block(
    right,
    `${right ? "✓" : "✗"} ${id} · ${title}`,
    `${score} of ${points}`,
    html`<p><code>${functionName}</code>: ${message}</p>`,
    misconception && html`<p><b>Hint.</b> ${misconception.hint}</p>`,
    worst &&
      html`<p class="small">Furthest off: row ${worst.row}, column ${worst.col}; expected ${worst.expected}, got ${worst.got}.</p>`,
    byHand && html`<p class="lines"><b>${pointsByHand(byHand)}</b> ${byHand.comment}</p>`,
  );
}

function writtenBlock({ id, points, mark }: WrittenAnswer): Html {
  if (mark === undefined) return html`<p><b>${id}</b> (${points} points): a person reads your answer.</p>`;
  const right = mark.points === points;
  const heading = `${right ? "✓" : "✎"} ${id} · written answer`;
  return block(right, heading, `${mark.points} of ${points}`, html`<p class="lines">${mark.comment}</p>`);
}

/** All written answers, for the person who marks them; those that are not marked come first. */
export function writtenAnswersPage(students: readonly StudentResult[]): string {
  const all = students.flatMap(({ student, assignments }) =>
    assignments.flatMap(({ written }) => written.map((answer) => ({ student, ...answer }))),
  );
  const blocks = [...all.filter(({ mark }) => !mark), ...all.filter(({ mark }) => mark)].map(
    ({ student, id, points, answer, mark }) =>
      block(
        mark !== undefined,
        `${student} · ${id}`,
        mark ? `${mark.points} of ${points}` : `unmarked, ${points} points`,
        html`<p class="lines">${answer === "" ? html`<i>No answer.</i>` : answer}</p>`,
        mark && html`<p class="lines small">${mark.comment}</p>`,
      ),
  );
  const left = all.filter(({ mark }) => !mark).length;
  return page(
    "Written answers",
    html`<p>${all.length} answers, ${left} of them unmarked.</p>
${blocks}`,
  );
}

/** The class: how the points are spread, how each exercise went, and which mistakes were most common. */
export function summaryPage(
  students: readonly StudentResult[],
  problems: readonly string[],
  isolation: string,
): string {
  const shares = students.flatMap((student) => {
    const { score, points } = totalOf(student);
    return points === 0 ? [] : [score / points];
  });
  const bins = Array.from({ length: 10 }, (_, k) => ({
    label: `${10 * k}–${10 * (k + 1)} %`,
    value: shares.filter((share) => Math.min(9, Math.floor(10 * share)) === k).length,
  }));
  const results = students.flatMap(({ assignments }) => assignments);
  const all = results.flatMap(({ exercises }) => exercises);
  const marks = results.flatMap(scored);
  const titles = new Map(all.map(({ id, title }) => [id, title]));
  const ids = [...new Set(marks.map(({ id }) => id))];
  const means = ids.map((id) => {
    const own = marks.filter((result) => result.id === id);
    const [reached, points] = [sum(own, ({ score }) => score), sum(own, (one) => one.points)];
    const value = Math.round((1000 * reached) / Math.max(1, points)) / 10;
    return { label: `${id} · ${titles.get(id) ?? "written answer"}`, value };
  });
  const counts = new Map<string, number>();
  for (const { id, misconception } of all) {
    if (misconception) counts.set(`${id}: ${misconception.id}`, (counts.get(`${id}: ${misconception.id}`) ?? 0) + 1);
  }
  const common = [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, 20)
    .map(([label, value]) => ({ label, value }));
  const flagged = students.flatMap(({ student, assignments }) =>
    assignments.flatMap(({ flags }) => flags.map((flag) => `${student}: ${flag}`)),
  );
  return page(
    "The class",
    html`<p>${students.length} students. Kept apart by: ${isolation}.</p>${isolation === "none" ? unsafe("students'") : undefined}
<h2>Points</h2>${bars(bins)}<h2>Points per exercise, in per cent</h2>${bars(means)}
<h2>Most common mistakes</h2>${common.length === 0 ? html`<p>None that has a name.</p>` : bars(common)}
<h2>Not graded</h2>${studentList(students, ({ notGraded }) => notGraded, "Nothing: everything that was handed in was graded.")}
<h2>To mark</h2>${toMark(students)}
<h2>Late</h2>${studentList(students, lateSentences, "Nobody.")}
<h2>To look at</h2>${list([...problems, ...flagged])}`,
  );
}

/** What there is to say of each student, or that there is nothing. */
function studentList(
  students: readonly StudentResult[],
  of: (s: StudentResult) => readonly string[],
  none: string,
): Html {
  const items = students.flatMap((student) => of(student).map((sentence) => `${student.student}: ${sentence}`));
  return items.length === 0 ? html`<p>${none}</p>` : list(items);
}

/** Whose written answers are still to be marked. */
function toMark(students: readonly StudentResult[]): Html {
  const left = new Map<string, string[]>();
  for (const { student, assignments } of students) {
    for (const { id, mark } of assignments.flatMap(({ written }) => written)) {
      if (!mark) left.set(id, [...(left.get(id) ?? []), student]);
    }
  }
  if (left.size === 0) return html`<p>Nothing.</p>`;
  const items = [...left].map(([id, names]) => `${id}, ${names.length} unmarked: ${names.join(", ")}`);
  return html`<p><a href="written-answers.html">The written answers</a></p>${list(items)}`;
}

/** A bar chart that needs no program to be seen. */
function bars(data: readonly { readonly label: string; readonly value: number }[]): Html {
  const most = data.reduce((max, { value }) => Math.max(max, value), 1);
  const row = 26;
  const lines = data.map(({ label, value }, k) => {
    const y = k * row;
    const width = (320 * value) / most;
    return html`<text x="290" y="${y + 17}" text-anchor="end">${label}</text><rect x="300" y="${y + 4}" width="${width.toFixed(1)}" height="18"/><text x="${(306 + width).toFixed(1)}" y="${y + 17}">${value}</text>`;
  });
  return html`<svg role="img" viewBox="0 0 680 ${data.length * row}" width="680">${lines}</svg>`;
}

const styles = new Html(`
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em; color-scheme: light dark }
.total { font-size: 150%; font-weight: bold; margin: 0 } .small { font-size: 90%; opacity: 0.8 }
section { border-left: 4px solid; padding: 0 1em; margin: 1em 0 } section h3 span { float: right; font-weight: normal }
.lines { white-space: pre-line } .right { border-color: #009e73 } .wrong { border-color: #d55e00 }
svg { max-width: 100% } svg rect { fill: #0072b2 } svg text { font-size: 13px; fill: currentColor }
`);

function page(title: string, body: Html): string {
  return String(html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${title}</title><style>${styles}</style></head><body><h1>${title}</h1>
${body}
</body></html>
`);
}

function sum<T>(values: readonly T[], of: (item: T) => number): number {
  return values.reduce((total, item) => total + of(item), 0);
}
