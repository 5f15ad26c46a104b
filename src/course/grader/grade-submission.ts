/** Grades one notebook: runs it in the sandbox, as often as it takes, and judges what comes back. */
import type { Exercise } from "../exercises/exercise";
import type { Notebook } from "../notebook";
import type { Answer } from "../plain-data";
import type { Program } from "../program/program";
import type { Sandbox } from "../sandbox/sandbox";
import { NO_DIGITS } from "../sandbox/stand-in";
import type { Ending } from "../sandbox/supervisor";
import { encodeQuestions } from "../sandbox/wire";
import { seedFor } from "./secret";
import { shown } from "./shown";

/** What became of one exercise. Plain data, which results are kept as. */
export interface ExerciseResult {
  readonly id: string;
  readonly title: string;
  readonly functionName: string;
  readonly latex: string;
  readonly points: number;
  readonly score: number;
  readonly message: string;
  /** The mistake, if it has a name. */
  readonly misconception?: { readonly id: string; readonly hint: string };
  /** The entry that is furthest off. */
  readonly worst?: { readonly row: number; readonly col: number; readonly expected: string; readonly got: string };
}

/** What became of one notebook. */
export interface NotebookResult {
  readonly exercises: readonly ExerciseResult[];
  /** What was remarkable, for the teacher: changed cells, cells that failed. */
  readonly flags: readonly string[];
  /** Why nothing of it was graded, as a sentence. */
  readonly notGraded?: string;
}

/** An assignment that is graded: its notebook and its exercises. */
export interface Graded {
  readonly master: Notebook;
  readonly exercises: readonly Exercise[];
}

/** How often a notebook is started again after it has ended too early, and after the sandbox itself has not started. */
const [MOST_STARTS, MOST_FAILED_STARTS] = [12, 3];

/** How long all runs of a notebook may take together, in seconds, beside what its exercises may take. */
const SECONDS = 60;

/** How long the calls of an exercise may take, in seconds, where it does not say so. */
const SECONDS_OF_ONE = 10;

/** Grades a notebook; never throws because of what is in it. */
export async function gradeNotebook(
  { master, exercises }: Graded,
  submission: Notebook,
  sandbox: Sandbox,
  secret: string,
): Promise<NotebookResult> {
  const compiled = await sandbox.compile({ master, submission });
  if ("problem" in compiled) return unreadable(exercises, compiled.problem);
  const { program } = compiled;
  const seedOf = ({ id, oneDrawForAll }: Exercise) => seedFor(secret, id, oneDrawForAll ? undefined : program.code);
  const { answers, failures, flags } = await collectAnswers(program, exercises, sandbox, seedOf);
  const results = exercises.map((exercise): ExerciseResult => {
    const { id, title, functionName, latex, points } = exercise;
    const about = { id, title, functionName, latex, points };
    const failure = failures.get(id);
    if (failure !== undefined) return { ...about, score: 0, message: failure };
    const given = answers.get(id) ?? new Map<number, Answer>();
    const verdict = exercise.judge(
      seedOf(exercise),
      (index) => given.get(index) ?? { kind: "failure", why: `${functionName} gave no answer` },
    );
    const { passed, explanation, misconception, worst } = verdict;
    return {
      ...about,
      score: passed ? points : 0,
      message: explanation,
      ...(misconception && { misconception }),
      ...(worst && {
        worst: { row: worst.row, col: worst.col, expected: String(worst.expected), got: String(worst.got) },
      }),
    };
  });
  return { exercises: results, flags: [...program.flags, ...flags] };
}

/** The result of something that can't be graded: a sentence says why. */
export function unreadable(exercises: readonly Exercise[], problem: string): NotebookResult {
  return {
    exercises: exercises.map(({ id, title, functionName, latex, points }) => ({
      id,
      title,
      functionName,
      latex,
      points,
      score: 0,
      message: problem,
    })),
    flags: [problem],
    notGraded: problem,
  };
}

/** Nothing of a submission could be run, by no doing of its own that could be told. */
export class NotStarted extends Error {}

/**
 * Runs the notebook until every exercise has its answers or a sentence that says why it has none.
 * @throws NotStarted
 */
async function collectAnswers(
  program: Program,
  exercises: readonly Exercise[],
  sandbox: Sandbox,
  seedOf: (exercise: Exercise) => number,
) {
  const answers = new Map<string, Map<number, Answer>>();
  const failures = new Map<string, string>();
  const failedCells = new Map<number, string>();
  const skip: number[] = [];
  const secondsOf = ({ seconds = SECONDS_OF_ONE }: Exercise) => seconds;
  const budget = 1000 * exercises.reduce((sum, exercise) => sum + secondsOf(exercise), SECONDS);
  let used = 0;
  let failedStarts = 0;
  let notRun: string | undefined;
  for (const exercise of exercises) {
    if (!program.declared.includes(exercise.functionName)) {
      failures.set(exercise.id, missingFunction(program, exercise.functionName));
    }
  }
  for (let start = 0; start < MOST_STARTS; start++) {
    const waiting = exercises.filter(({ id }) => !answers.has(id) && !failures.has(id));
    if (waiting.length === 0) break;
    let cell: number | undefined;
    let task: string | undefined;
    const fresh = new Map<string, Map<number, Answer>>();
    const tasks = waiting.map((exercise) => ({
      id: exercise.id,
      functionName: exercise.functionName,
      questions: encodeQuestions(exercise.questions(seedOf(exercise))),
      seconds: secondsOf(exercise),
    }));
    const started = performance.now();
    const { ending, messages } = await sandbox.run({ code: program.code, skip, tasks }, budget - used);
    if (ending === "not started") {
      // It is the machine's fault, not the student's: nothing of theirs has run.
      failedStarts += 1;
      if (failedStarts < MOST_FAILED_STARTS) continue;
      throw new NotStarted("The sandbox does not start. Is the machine short of memory or processes?");
    }
    used += performance.now() - started;
    for (const message of messages) {
      if (message.kind === "not run") notRun = message.why;
      if (message.kind === "cell") cell = message.cell;
      // What fails first in a cell may be why the rest of it does.
      if (message.kind === "cell failed" && message.cell < program.cells && !failedCells.has(message.cell)) {
        failedCells.set(message.cell, EXPECTED.has(message.why) ? message.why : shown(message.why));
      }
      if (message.kind === "begin" && tasks.some(({ id }) => id === message.id)) {
        task = message.id;
        fresh.set(message.id, new Map());
      }
      if (message.kind === "missing" && tasks.some(({ id }) => id === message.id)) {
        failures.set(message.id, notAFunction(exercises, message.id, failedCells));
      }
      if (message.kind === "answer" && !fresh.get(message.id)?.has(message.index)) {
        fresh.get(message.id)?.set(message.index, inOurWords(message.answer));
      }
    }
    if (notRun !== undefined) {
      for (const { id } of waiting) failures.set(id, `Nothing of the notebook ran; it says: ${shown(notRun)}`);
      break;
    }
    const unfinished = ending === "finished" ? undefined : task;
    for (const [id, given] of fresh) {
      if (id !== unfinished && !failures.has(id)) answers.set(id, given);
    }
    if (ending === "finished") {
      for (const { id } of waiting) if (!answers.has(id) && !failures.has(id)) failures.set(id, early[ending]);
    } else if (unfinished !== undefined) {
      const expected = tasks.find(({ id }) => id === unfinished)?.questions as unknown[];
      // It may have answered everything before it ended; then nothing is missing.
      if (fresh.get(unfinished)?.size === expected.length) answers.set(unfinished, fresh.get(unfinished) as never);
      else failures.set(unfinished, early[ending]);
    } else if (cell !== undefined && !skip.includes(cell)) {
      skip.push(cell);
      failedCells.set(cell, early[ending]);
    } else {
      for (const { id } of waiting) failures.set(id, early[ending]);
    }
    if (ending === "used up" || used >= budget) {
      for (const { id } of waiting) if (!answers.has(id)) failures.set(id, usedUp(budget));
      break;
    }
  }
  for (const { id } of exercises) {
    if (!answers.has(id) && !failures.has(id)) failures.set(id, "The notebook ended too early again and again.");
  }
  const flags = [...failedCells]
    .filter(([, why]) => !EXPECTED.has(why))
    .map(([k, why]) => `Code cell ${k + 1} of those that were run did not finish: ${why}`);
  if (notRun !== undefined) {
    flags.unshift(`Nothing of the notebook ran, which may not be the student's fault; it says: ${shown(notRun)}`);
  }
  return { answers, failures, flags };
}

/** An answer in which what the student's process says is a quotation. */
function inOurWords(answer: Answer): Answer {
  if (answer.kind !== "failure") return answer;
  if (answer.notWritten) return { kind: "failure", why: "It is not written yet.", notWritten: true };
  const memory = /allocation failed|out of memory/i.test(answer.why) ? " It used too much memory." : "";
  return { kind: "failure", why: `The program says: ${shown(answer.why)}.${memory}` };
}

/** How given cells fail that call what is not written yet, or need what is not there; nobody has to look at that. */
const EXPECTED = new Set(["Error: not written yet", `Error: ${NO_DIGITS}`]);

/** Why there are no answers, as a sentence for the student. */
const early: Readonly<Record<Exclude<Ending, "not started">, string>> = {
  finished: "There was no answer.",
  exited: "The program ended early, before the function had answered. Does something call process.exit()?",
  killed:
    "The program was killed and so ended early. That happens when something calls process.kill(), or the machine has no more memory.",
  time: "It took too long and was stopped. Is there a loop that does not end?",
  "used up": "It took too long and was stopped. Is there a loop that does not end?",
  memory: "It used too much memory and was stopped.",
  output: "It put out far too much and was stopped.",
  threads: "It started far too many threads or processes and was stopped.",
};

function usedUp(milliseconds: number): string {
  return `It was stopped: the notebook had used up its ${Math.round(milliseconds / 1000)} seconds, which are for all of its cells and functions together. What takes so long?`;
}

function missingFunction({ broken, declared }: Program, functionName: string): string {
  const problem = broken.get(functionName);
  if (problem !== undefined) {
    return `${problem.foundBy} found an error in ${functionName}, so it does not run in a notebook either; ${problem.text}`;
  }
  const functions = declared.filter((name) => /^\p{Letter}/u.test(name)).slice(0, 8);
  const found = functions.length === 0 ? "" : ` What is there: ${functions.join(", ")}.`;
  return `There is no function named ${functionName} in the notebook. Was it renamed, or its cell deleted?${found}`;
}

function notAFunction(exercises: readonly Exercise[], id: string, failed: ReadonlyMap<number, string>): string {
  const name = exercises.find((exercise) => exercise.id === id)?.functionName;
  const [why] = failed.values();
  const reason = why === undefined ? "" : ` A cell stopped with ${why}`;
  return `${name} is not a function when the notebook has run.${reason}`;
}
