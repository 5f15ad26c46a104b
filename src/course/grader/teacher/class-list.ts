/** Who has handed in what: what the rows of the teacher's files are checked against. */
import { exercises } from "../../exercises";
import type { Notebook } from "../../notebook";
import { writtenQuestions } from "../../notebook";
import type { Entry } from "../entries";
import { cellText } from "./table";

/** The students and the exercises of a class. */
export class ClassList {
  readonly #students = new Map<string, string>();
  readonly #handedIn = new Set<string>();
  readonly #exercises = new Map<string, { assignment: string; points: number }>();
  readonly #written: { student: string; exercise: string }[];
  /** The names of the assignments. */
  readonly assignments: readonly string[];

  constructor(entries: readonly Entry[], masters: ReadonlyMap<string, Notebook>) {
    this.assignments = [...masters.keys()];
    for (const { submission, assignment } of entries) {
      const { student } = submission;
      this.#students.set(comparable(student), student).set(comparable(cellText(student)), student);
      this.#handedIn.add(`${student}\0${assignment}`);
    }
    for (const { id, assignment, points } of exercises) this.#exercises.set(id, { assignment, points });
    for (const [assignment, master] of masters) {
      for (const { id, points } of writtenQuestions(master)) this.#exercises.set(id, { assignment, points });
    }
    this.#written = entries.flatMap(({ submission: { student }, assignment }) =>
      writtenQuestions(masters.get(assignment)).map(({ id }) => ({ student, exercise: id })),
    );
  }

  /** The student of that name as the results call them. */
  student(name: string): string | undefined {
    return this.#students.get(comparable(name));
  }

  /** The exercise of that id: of which assignment it is, and what it is worth. */
  exercise(id: string): { readonly assignment: string; readonly points: number } | undefined {
    return this.#exercises.get(id);
  }

  /** The ids of all exercises, those that a person reads among them. */
  get exerciseIds(): string[] {
    return [...this.#exercises.keys()];
  }

  handedIn(student: string, assignment: string): boolean {
    return this.#handedIn.has(`${student}\0${assignment}`);
  }

  /** What a person has to read, sorted by exercise and student. */
  get written(): { student: string; exercise: string }[] {
    const order = ({ student, exercise }: { student: string; exercise: string }) => `${exercise}\0${student}`;
    return [...this.#written].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }
}

function comparable(name: string): string {
  return name.normalize("NFC").trim();
}
