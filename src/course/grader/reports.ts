/** What the grader writes: a student's results and feedback, the class's grades and summary. Nothing depends on the clock. */
import type { ExerciseResult, NotebookResult } from "./grade-submission";

/** One assignment of one student. */
export interface AssignmentResult extends NotebookResult {
  readonly assignment: string;
  /** Questions that a person reads. */
  readonly written: readonly { readonly id: string; readonly points: number }[];
}

/** Everything of one student. */
export interface StudentResult {
  readonly student: string;
  /** The folder's name. */
  readonly folder: string;
  readonly assignments: readonly AssignmentResult[];
}

/** What a student has reached in all assignments. */
export function totalOf({ assignments }: StudentResult): { score: number; points: number } {
  const all = assignments.flatMap(({ exercises }) => exercises);
  return { score: sum(all, ({ score }) => score), points: sum(all, ({ points }) => points) };
}

/** The results in Gradescope's format. */
export function gradescopeResults(student: StudentResult): string {
  const tests = student.assignments.flatMap(({ exercises }) =>
    exercises.map(({ id, title, score, points, message, misconception }) => ({
      name: `${id} · ${title}`,
      number: id,
      score,
      max_score: points,
      status: score === points ? "passed" : "failed",
      output: misconception === undefined ? message : `${message} ${misconception.hint}`,
      output_format: "text",
      visibility: "visible",
    })),
  );
  const { score } = totalOf(student);
  return `${JSON.stringify({ score, visibility: "visible", stdout_visibility: "hidden", tests }, null, 2)}\n`;
}

/** One line a student, one column an exercise. */
export function gradesCsv(students: readonly StudentResult[]): string {
  const ids = [
    ...new Set(
      students.flatMap(({ assignments }) => assignments.flatMap(({ exercises }) => exercises.map(({ id }) => id))),
    ),
  ];
  const rows = students.map((student) => {
    const scores = new Map(
      student.assignments.flatMap(({ exercises }) => exercises.map(({ id, score }) => [id, score])),
    );
    const { score, points } = totalOf(student);
    const flags = student.assignments.flatMap((result) => result.flags).length;
    return [student.student, ...ids.map((id) => scores.get(id) ?? ""), score, points, flags];
  });
  return [["student", ...ids, "total", "of", "flags"], ...rows]
    .map((row) => `${row.map(csvField).join(",")}\r\n`)
    .join("");
}

/** A field that neither breaks the table nor is taken for a formula by a spreadsheet. */
function csvField(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A student's page. */
export function feedbackPage(student: StudentResult, isolated: boolean): string {
  const { score, points } = totalOf(student);
  const parts = student.assignments.map(({ assignment, exercises, flags, written }) => {
    const own = exercises.map(exerciseBlock).join("\n");
    const manual = written.map(
      ({ id, points }) => `<p><b>${asText(id)}</b> (${points} points): a person reads your answer.</p>`,
    );
    const notes =
      flags.length === 0 ? "" : `<h3>Notes</h3><ul>${flags.map((flag) => `<li>${asText(flag)}</li>`).join("")}</ul>`;
    return `<h2>${asText(assignment)}</h2>\n${own}\n${manual.join("\n")}\n${notes}`;
  });
  const warning = isolated ? "" : "<p><b>Graded with --unsafe: the code was not kept apart.</b></p>";
  return page(
    `Feedback for ${student.student}`,
    `<p class="total">${score} of ${points} points</p>${warning}<p>${encouragement(score, points)}</p>\n${parts.join("\n")}`,
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
}: ExerciseResult): string {
  const right = score === points;
  const hint = misconception ? `<p><b>Hint.</b> ${asText(misconception.hint)}</p>` : "";
  const entry = worst
    ? `<p class="small">Furthest off: row ${worst.row}, column ${worst.col}; expected ${asText(worst.expected)}, got ${asText(worst.got)}.</p>`
    : "";
  return `<section class="${right ? "right" : "wrong"}"><h3>${right ? "✓" : "✗"} ${asText(id)} · ${asText(title)} <span>${score} of ${points}</span></h3>
<p><code>${asText(functionName)}</code>: ${asText(message)}</p>${hint}${entry}</section>`;
}

/** The class: how the points are spread, how each exercise went, and which mistakes were most common. */
export function summaryPage(
  students: readonly StudentResult[],
  problems: readonly string[],
  isolation: string,
): string {
  const shares = students.map((student) => {
    const { score, points } = totalOf(student);
    return points === 0 ? 0 : score / points;
  });
  const bins = Array.from({ length: 10 }, (_, k) => ({
    label: `${10 * k}–${10 * (k + 1)} %`,
    value: shares.filter((share) => Math.min(9, Math.floor(10 * share)) === k).length,
  }));
  const all = students.flatMap(({ assignments }) => assignments.flatMap(({ exercises }) => exercises));
  const ids = [...new Set(all.map(({ id }) => id))];
  const means = ids.map((id) => {
    const own = all.filter((result) => result.id === id);
    const percent =
      (100 * sum(own, ({ score }) => score)) /
      Math.max(
        1,
        sum(own, ({ points }) => points),
      );
    return { label: `${id} · ${own[0].title}`, value: Math.round(10 * percent) / 10 };
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
<h2>To look at</h2><ul>${[...problems.map((problem) => `<li>${asText(problem)}</li>`), ...flagged].join("\n")}</ul>`,
  );
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
.right { border-color: #009e73 } .wrong { border-color: #d55e00 }
svg { max-width: 100% } svg rect { fill: #0072b2 } svg text { font-size: 13px; fill: currentColor }
</style></head><body><h1>${asText(title)}</h1>
${body}
</body></html>
`;
}

/** Text that HTML does not take for markup. */
function asText(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0);
}
