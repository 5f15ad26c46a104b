/** The teacher's marks: points that a person gives, for a written answer or in place of what the checks say. */
import type { ClassList } from "./class-list";
import { teachersTable } from "./table";

/** Points given by a person. */
export interface Mark {
  readonly points: number;
  readonly comment: string;
}

/** All marks, and what is wrong with the rows that were left out. */
export interface Marks {
  of(student: string, exercise: string): Mark | undefined;
  readonly problems: readonly string[];
}

const columns = ["student", "exercise", "points", "comment"] as const;

/**
 * Reads the marks: a table with the columns student, exercise, points and comment. Rows without points are not marked yet.
 * A file that is not there is made, with a row for each written answer.
 *
 * @throws if the file is no such table
 */
export function readMarks(path: string | undefined, list: ClassList): Marks {
  const made = list.written.map(({ student, exercise }) => [student, exercise, "", ""]);
  const { rows, problems } = teachersTable(path, columns, ["student", "exercise", "points"], made);
  const marks = new Map<string, Mark & { line: number }>();
  for (const { line, cells, wrong } of rows) {
    if (cells.points === "") continue;
    const student = list.student(cells.student);
    const exercise = list.exercise(cells.exercise);
    const points = Number(/^\d+([.,]\d+)?$/.test(cells.points) ? cells.points.replace(",", ".") : Number.NaN);
    if (student === undefined) wrong("student", "a name as in grades.csv", cells.student);
    else if (exercise === undefined) wrong("exercise", `one of ${list.exerciseIds.join(", ")}`, cells.exercise);
    else if (!list.handedIn(student, exercise.assignment)) {
      wrong("exercise", `one that ${student} has handed in`, `${cells.exercise} of ${exercise.assignment}`);
    } else if (!(points <= exercise.points)) wrong("points", `a number from 0 to ${exercise.points}`, cells.points);
    else {
      const key = `${student}\0${cells.exercise}`;
      const first = marks.get(key);
      if (first)
        wrong("exercise", `one row for ${student}'s ${cells.exercise}`, `another one after line ${first.line}`);
      else marks.set(key, { points, comment: cells.comment, line });
    }
  }
  return { of: (student, exercise) => marks.get(`${student}\0${exercise}`), problems };
}
