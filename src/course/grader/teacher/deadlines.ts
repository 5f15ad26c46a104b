/** The teacher's deadlines: when an assignment is due, who may take longer, who came late, and what that costs. */
import type { ClassList } from "./class-list";
import { type Row, teachersTable, type Wrong } from "./table";

/** How late something came, and what it costs. */
export interface Lateness {
  /** The times as the teacher wrote them. */
  readonly submitted: string;
  readonly deadline: string;
  /** Begun days after the deadline. */
  readonly days: number;
  /** Per cent of the points, from 0 to 100. */
  readonly percent: number;
}

/** All deadlines, and what is wrong with the rows that were left out. */
export interface Deadlines {
  /** How late a submission came; nothing if it was in time, or nothing is known. */
  lateness(student: string, assignment: string): Lateness | undefined;
  /**
   * The deadline that a submission seems to have missed and that nothing is decided about.
   * @param modified when its file was last changed, in milliseconds of Unix time
   */
  missed(student: string, assignment: string, modified: number): string | undefined;
  readonly problems: readonly string[];
}

const columns = ["assignment", "student", "deadline", "grace minutes", "penalty per day", "submitted"] as const;
type Cells = Row<(typeof columns)[number]>["cells"];

const DAY = 24 * 60 * 60 * 1000;

/** What one row says; what it leaves open is empty. */
interface Rule {
  readonly line: number;
  readonly deadline?: Time;
  readonly submitted?: Time;
  readonly graceMinutes?: number;
  readonly penaltyPerDay?: number;
}

interface Time {
  readonly text: string;
  readonly at: number;
}

/**
 * Reads the deadlines: a table with the columns assignment, student, deadline, grace minutes, penalty per day (in per cent of
 * the points) and submitted. A row without a student is for all; a student's own row says what is different for them.
 * A file that is not there is made, with an empty row for each assignment.
 *
 * @throws if the file is no such table
 */
export function readDeadlines(path: string | undefined, list: ClassList): Deadlines {
  const made = list.assignments.map((name) => [name, "", "", "", "", ""]);
  const { rows, problems } = teachersTable(path, columns, ["assignment", "student", "deadline"], made);
  const rules = new Map<string, Rule>();
  const undecided = new Set<string>();
  for (const { line, cells, wrong } of rows) {
    const student = cells.student === "" ? "" : list.student(cells.student);
    if (!list.assignments.includes(cells.assignment)) {
      wrong("assignment", `one of ${list.assignments.join(", ")}`, cells.assignment);
    } else if (student === undefined) wrong("student", "a name as in grades.csv, or nothing", cells.student);
    else {
      const key = `${student}\0${cells.assignment}`;
      const before = problems.length;
      const rule = { line, ...ruleIn(cells, wrong) };
      const first = rules.get(key);
      const whose = student === "" ? cells.assignment : `${student}'s ${cells.assignment}`;
      if (first) wrong("assignment", `one row for ${whose}`, `another one after line ${first.line}`);
      if (problems.length > before) undecided.add(key);
      else rules.set(key, rule);
    }
  }
  const ruleFor = (student: string, assignment: string): Rule | undefined => {
    const key = `${student}\0${assignment}`;
    // Nobody loses points because of a row that could not be read.
    if (undecided.has(key) || undecided.has(`\0${assignment}`)) return undefined;
    const general = rules.get(`\0${assignment}`);
    const own = rules.get(key);
    return general || own ? ({ ...general, ...own } as Rule) : undefined;
  };
  return {
    lateness: (student, assignment) => {
      const { deadline, submitted, graceMinutes = 0, penaltyPerDay = 0 } = ruleFor(student, assignment) ?? {};
      if (deadline === undefined || submitted === undefined) return undefined;
      const late = submitted.at - deadline.at;
      if (late <= 60_000 * graceMinutes) return undefined;
      const days = Math.ceil(late / DAY);
      const percent = Math.min(100, days * penaltyPerDay);
      return { submitted: submitted.text, deadline: deadline.text, days, percent };
    },
    missed: (student, assignment, modified) => {
      const { deadline, submitted, graceMinutes = 0 } = ruleFor(student, assignment) ?? {};
      if (deadline === undefined || submitted !== undefined) return undefined;
      return modified - deadline.at > 60_000 * graceMinutes ? deadline.text : undefined;
    },
    problems,
  };
}

function ruleIn(cells: Cells, wrong: Wrong): Omit<Rule, "line"> {
  const rule: { -readonly [key in keyof Rule]: Rule[key] } = { line: 0 };
  for (const column of ["deadline", "submitted"] as const) {
    if (cells[column] === "") continue;
    const at = timeIn(cells[column]);
    if (at === undefined) wrong(column, "a time with its zone, like 2026-10-12 23:59 +02:00", cells[column]);
    else rule[column] = { text: cells[column], at };
  }
  if (cells.student === "" && cells.submitted !== "") {
    wrong("submitted", "a student in the row of a time of submission", cells.submitted);
  }
  const grace = cells["grace minutes"];
  if (/^\d+$/.test(grace)) rule.graceMinutes = Number(grace);
  else if (grace !== "") wrong("grace minutes", "a whole number", grace);
  const penalty = cells["penalty per day"].replace(/\s*%$/, "").replace(",", ".");
  if (/^\d+(\.\d+)?$/.test(penalty) && Number(penalty) <= 100) rule.penaltyPerDay = Number(penalty);
  else if (penalty !== "") wrong("penalty per day", "per cent from 0 to 100", cells["penalty per day"]);
  const { line: _, ...said } = rule;
  return said;
}

/** Milliseconds of Unix time; nothing if it is no time, or does not say its zone. */
function timeIn(text: string): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?) ?(Z|([+-]\d\d):?(\d\d))$/.exec(text);
  if (parts === null) return undefined;
  const [, date, time, zone, hours, minutes] = parts;
  const midnight = new Date(`${date}T00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== date) return undefined;
  const at = Date.parse(`${date}T${time}${zone === "Z" ? "Z" : `${hours}:${minutes}`}`);
  return Number.isNaN(at) ? undefined : at;
}
