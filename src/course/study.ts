/** What a class has learned: answers to the pre-test and the post-test, scored and put side by side. */
import { readTable, tableText } from "./grader/teacher/table";

/** The right answers to notebooks/instructor/pre-test.md and post-test.md. */
export const KEYS = { pre: "abccccbdbd", post: "caabbbbadb" } as const;

type Test = keyof typeof KEYS;
const QUESTIONS = KEYS.pre.length;
const QUESTION_COLUMNS = Array.from({ length: QUESTIONS }, (_, k) => `q${k + 1}`);

/** A student's row of the results. */
export interface Result {
  readonly student: string;
  /** How many answers were right; `undefined` if the student did not take the test. */
  readonly pre?: number;
  readonly post?: number;
}

/** What a class has answered, and what could not be read. */
export interface Study {
  readonly results: readonly Result[];
  /** By question, how many of those who took the test answered it rightly. */
  readonly right: Readonly<Record<Test, readonly number[]>>;
  readonly took: Readonly<Record<Test, number>>;
  /** Sentences about rows that were left out. */
  readonly problems: readonly string[];
}

/**
 * Scores answers.
 *
 * @param path a table with the columns student, test (pre or post) and q1 … q10, each a letter from a to d or empty
 * @throws if the file is no such table
 */
export function score(path: string): Study {
  const columns = ["student", "test", ...QUESTION_COLUMNS];
  const results = new Map<string, { pre?: number; post?: number }>();
  const right = { pre: QUESTION_COLUMNS.map(() => 0), post: QUESTION_COLUMNS.map(() => 0) };
  const took = { pre: 0, post: 0 };
  const problems: string[] = [];
  for (const { line, cells } of readTable(path, columns, columns)) {
    const { student } = cells;
    const test = cells.test.toLowerCase();
    const answers = QUESTION_COLUMNS.map((name) => cells[name].toLowerCase());
    const strange = answers.findIndex((answer) => !/^[abcd]?$/.test(answer));
    const found: [wrong: boolean, problem: string][] = [
      [student === "", "student is empty; expected a name or a number"],
      [test !== "pre" && test !== "post", `test is “${cells.test}”; expected pre or post`],
      [strange >= 0, `q${strange + 1} is “${cells[`q${strange + 1}`]}”; expected a, b, c, d or nothing`],
      [results.get(student)?.[test as Test] !== undefined, `${student} has a ${test}-test already`],
    ];
    const problem = found.find(([wrong]) => wrong)?.[1];
    if (problem !== undefined) {
      problems.push(`line ${line}: ${problem}; the row is left out`);
      continue;
    }
    const which = test as Test;
    const correct = answers.map((answer, k) => answer === KEYS[which][k]);
    results.set(student, { ...results.get(student), [which]: correct.filter(Boolean).length });
    took[which]++;
    for (const [k, isRight] of correct.entries()) if (isRight) right[which][k]++;
  }
  const list = [...results].map(([student, scores]) => ({ student, ...scores }));
  return { results: list.sort((a, b) => a.student.localeCompare(b.student)), right, took, problems };
}

/**
 * Of what there was left to learn, the share that was learned (Hake's normalised gain).
 *
 * @returns `undefined` where a test is missing, or where nothing was left to learn
 */
export function gain({ pre, post }: Result): number | undefined {
  return pre === undefined || post === undefined || pre === QUESTIONS ? undefined : (post - pre) / (QUESTIONS - pre);
}

/** The results as a table (CSV): one row a student. */
export function resultsTable({ results }: Study): string {
  const rows = results.map((result) => [
    result.student,
    result.pre ?? "",
    result.post ?? "",
    gain(result)?.toFixed(3) ?? "",
  ]);
  return tableText([["student", "pre", "post", "gain"], ...rows]);
}

/** What there is to say of the class, a line each. */
export function summary(study: Study): string[] {
  const { results, right, took } = study;
  const both = results.filter(({ pre, post }) => pre !== undefined && post !== undefined);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const gains = both.map(gain).filter((value) => value !== undefined);
  const share = (count: number, of: number) => (of === 0 ? "–" : `${Math.round((100 * count) / of)} %`);
  return [
    `${took.pre} took the pre-test, ${took.post} the post-test, ${both.length} both.`,
    ...(both.length === 0
      ? []
      : [
          `Of those: ${mean(both.map(({ pre }) => pre as number)).toFixed(1)} right of ${QUESTIONS} before, ${mean(both.map(({ post }) => post as number)).toFixed(1)} after.`,
        ]),
    ...(gains.length === 0 ? [] : [`Mean gain: ${mean(gains).toFixed(2)} of what was left to learn.`]),
    ...QUESTION_COLUMNS.map(
      (_, k) =>
        `Question ${k + 1}: ${share(right.pre[k], took.pre)} right before, ${share(right.post[k], took.post)} after.`,
    ),
  ];
}
