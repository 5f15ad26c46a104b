/** What the grader writes: a student's results and feedback, the class's grades and summary. Nothing depends on the clock. */

import { asText } from "../../show/html-text";
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
  const told = [...student.notGraded, ...student.assignments.flatMap((result) => lateSentence(result) ?? [])];
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
    const own = exercises.map(exerciseBlock).join("\n");
    const manual = written.map(writtenBlock);
    const lateness = lateSentence(result);
    const late = lateness === undefined ? "" : `<p><b>Late.</b> ${asText(lateness)}</p>\n`;
    const notes =
      flags.length === 0 ? "" : `<h3>Notes</h3><ul>${flags.map((flag) => `<li>${asText(flag)}</li>`).join("")}</ul>`;
    return `<h2>${asText(assignment)}</h2>\n${late}${own}\n${manual.join("\n")}\n${notes}`;
  });
  const warning = isolated ? "" : "<p><b>Graded with --unsafe: the code was not kept apart.</b></p>";
  const missing = student.notGraded.map((why) => `<p><b>Not graded.</b> ${asText(why)}</p>`).join("\n");
  return page(
    `Feedback for ${student.student}`,
    `<p class="total">${score} of ${points} points</p>${warning}${missing}<p>${encouragement(score, points)}</p>\n${parts.join("\n")}`,
  );
}

function encouragement(score: number, points: number): string {
  if (score === points) return "Everything is right. Well done!";
  if (score >= points / 2) return "Well on the way. Below is what each exercise still needs; start with the first one.";
  return "Below is what was found in each exercise. Take them one at a time: most mistakes here have a name, and a way out.";
}

function exerciseBlock({
  id,
  title,
  functionName,
  score,
  points,
  message,
  misconception,
  worst,
  byHand,
}: MarkedExercise): string {
  const right = score === points;
  const hint = misconception ? `<p><b>Hint.</b> ${asText(misconception.hint)}</p>` : "";
  const entry = worst
    ? `<p class="small">Furthest off: row ${worst.row}, column ${worst.col}; expected ${asText(worst.expected)}, got ${asText(worst.got)}.</p>`
    : "";
  const hand = byHand ? `<p class="lines"><b>${asText(pointsByHand(byHand))}</b> ${asText(byHand.comment)}</p>` : "";
  return `<section class="${right ? "right" : "wrong"}"><h3>${right ? "✓" : "✗"} ${asText(id)} · ${asText(title)} <span>${score} of ${points}</span></h3>
<p><code>${asText(functionName)}</code>: ${asText(message)}</p>${hint}${entry}${hand}</section>`;
}

function writtenBlock({ id, points, mark }: WrittenAnswer): string {
  if (mark === undefined) return `<p><b>${asText(id)}</b> (${points} points): a person reads your answer.</p>`;
  const right = mark.points === points;
  return `<section class="${right ? "right" : "wrong"}"><h3>${right ? "✓" : "✎"} ${asText(id)} · written answer <span>${mark.points} of ${points}</span></h3>
<p class="lines">${asText(mark.comment)}</p></section>`;
}

/** All written answers, for the person who marks them; those that are not marked come first. */
export function writtenAnswersPage(students: readonly StudentResult[]): string {
  const all = students.flatMap(({ student, assignments }) =>
    assignments.flatMap(({ written }) => written.map((answer) => ({ student, ...answer }))),
  );
  const blocks = [...all.filter(({ mark }) => !mark), ...all.filter(({ mark }) => mark)].map(
    ({ student, id, points, answer, mark }) =>
      `<section class="${mark ? "right" : "wrong"}"><h3>${asText(student)} · ${asText(id)} <span>${mark ? `${mark.points} of ${points}` : `unmarked, ${points} points`}</span></h3>
<p class="lines">${answer === "" ? "<i>No answer.</i>" : asText(answer)}</p>${mark ? `<p class="lines small">${asText(mark.comment)}</p>` : ""}</section>`,
  );
  const left = all.filter(({ mark }) => !mark).length;
  return page("Written answers", `<p>${all.length} answers, ${left} of them unmarked.</p>\n${blocks.join("\n")}`);
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
    const percent =
      (100 * sum(own, ({ score }) => score)) /
      Math.max(
        1,
        sum(own, ({ points }) => points),
      );
    return { label: `${id} · ${titles.get(id) ?? "written answer"}`, value: Math.round(10 * percent) / 10 };
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
    assignments.flatMap(({ flags }) => flags.map((flag) => `<li>${asText(student)}: ${asText(flag)}</li>`)),
  );
  const warning = isolation === "none" ? "<p><b>Graded with --unsafe: students' code was not kept apart.</b></p>" : "";
  return page(
    "The class",
    `<p>${students.length} students. Kept apart by: ${asText(isolation)}.</p>${warning}
<h2>Points</h2>${bars(bins)}<h2>Points per exercise, in per cent</h2>${bars(means)}
<h2>Most common mistakes</h2>${common.length === 0 ? "<p>None that has a name.</p>" : bars(common)}
<h2>Not graded</h2>${notGradedList(students)}
<h2>To mark</h2>${toMark(students)}
<h2>Late</h2>${lateList(students)}
<h2>To look at</h2><ul>${[...problems.map((problem) => `<li>${asText(problem)}</li>`), ...flagged].join("\n")}</ul>`,
  );
}

/** Of whom something was not graded, and why. */
function notGradedList(students: readonly StudentResult[]): string {
  const items = students.flatMap(({ student, notGraded }) =>
    notGraded.map((why) => `<li>${asText(student)}: ${asText(why)}</li>`),
  );
  return items.length === 0
    ? "<p>Nothing: everything that was handed in was graded.</p>"
    : `<ul>${items.join("\n")}</ul>`;
}

/** Whose written answers are still to be marked. */
function toMark(students: readonly StudentResult[]): string {
  const left = new Map<string, string[]>();
  for (const { student, assignments } of students) {
    for (const { id, mark } of assignments.flatMap(({ written }) => written)) {
      if (!mark) left.set(id, [...(left.get(id) ?? []), student]);
    }
  }
  if (left.size === 0) return "<p>Nothing.</p>";
  const items = [...left].map(
    ([id, names]) => `<li>${asText(id)}, ${names.length} unmarked: ${asText(names.join(", "))}</li>`,
  );
  return `<p><a href="written-answers.html">The written answers</a></p><ul>${items.join("\n")}</ul>`;
}

/** Who came late, and what it cost. */
function lateList(students: readonly StudentResult[]): string {
  const items = students.flatMap(({ student, assignments }) =>
    assignments.flatMap((result) => {
      const sentence = lateSentence(result);
      return sentence === undefined ? [] : [`<li>${asText(student)}: ${asText(sentence)}</li>`];
    }),
  );
  return items.length === 0 ? "<p>Nobody.</p>" : `<ul>${items.join("\n")}</ul>`;
}

/** A bar chart that needs no program to be seen. */
function bars(data: readonly { readonly label: string; readonly value: number }[]): string {
  const most = data.reduce((max, { value }) => Math.max(max, value), 1);
  const row = 26;
  const lines = data.map(({ label, value }, k) => {
    const y = k * row;
    const width = (320 * value) / most;
    return `<text x="290" y="${y + 17}" text-anchor="end">${asText(label)}</text><rect x="300" y="${y + 4}" width="${width.toFixed(1)}" height="18"/><text x="${(306 + width).toFixed(1)}" y="${y + 17}">${value}</text>`;
  });
  return `<svg role="img" viewBox="0 0 680 ${data.length * row}" width="680">${lines.join("")}</svg>`;
}

function page(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${asText(title)}</title><style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em; color-scheme: light dark }
.total { font-size: 150%; font-weight: bold; margin: 0 } .small { font-size: 90%; opacity: 0.8 }
section { border-left: 4px solid; padding: 0 1em; margin: 1em 0 } section h3 span { float: right; font-weight: normal }
.lines { white-space: pre-line } .right { border-color: #009e73 } .wrong { border-color: #d55e00 }
svg { max-width: 100% } svg rect { fill: #0072b2 } svg text { font-size: 13px; fill: currentColor }
</style></head><body><h1>${asText(title)}</h1>
${body}
</body></html>
`;
}

function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0);
}
