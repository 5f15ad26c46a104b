/** Grades one notebook: runs it in the sandbox, as often as it takes, and judges what comes back. */

import { Verdict } from "../../verification/verdict";
import type { Exercise } from "../exercises/exercise";
import type { Notebook } from "../notebook";
import type { Answer } from "../plain-data";
import type { Program } from "../program/program";
import type { Sandbox } from "../sandbox/sandbox";
import { NO_DIGITS } from "../sandbox/stand-in";
import type { Ending } from "../sandbox/supervisor";
import { encodeQuestions, type Place } from "../sandbox/wire";
import { seedFor } from "./secret";
import { shown } from "./shown";

/** What became of one exercise. Plain data, which results are kept as. */
export interface ExerciseResult extends Pick<Exercise, "id" | "title" | "functionName" | "latex" | "points"> {
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

/** How many rounds of questions are listened to for each exercise. */
const MOST_ROUNDS = 4;

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
  const { rounds, failures, flags } = await collectAnswers(program, exercises, sandbox, seedOf);
  const results = exercises.map((exercise): ExerciseResult => {
    const failure = failures.get(exercise.id);
    if (failure !== undefined) return withoutPoints(exercise, failure);
    const given = rounds.get(exercise.id) ?? [];
    const { passed, explanation, misconception, worst } = verdictOn(exercise, seedOf(exercise), given);
    return {
      ...withoutPoints(exercise, explanation),
      ...(passed && { score: exercise.points }),
      ...(misconception && { misconception }),
      ...(worst && { worst: { ...worst, expected: String(worst.expected), got: String(worst.got) } }),
    };
  });
  return { exercises: results, flags: [...program.flags, ...flags] };
}

/** The answers of one round of questions, by their places; the first questions are asked again after the last. */
type Round = ReadonlyMap<number, Answer>;

/**
 * The verdict on the first round that is right, or else on the last: a function is asked where the notebook checks it, and
 * again at the end if it is another one by then, or had no answer.
 */
function verdictOn(exercise: Exercise, seed: number, rounds: readonly Round[]): Verdict {
  const verdicts = (rounds.length > 0 ? rounds : [new Map()]).map((round) => verdictOnRound(exercise, seed, round));
  return verdicts.find(({ passed }) => passed) ?? (verdicts.at(-1) as Verdict);
}

function verdictOnRound(exercise: Exercise, seed: number, given: Round): Verdict {
  const { functionName } = exercise;
  const answer = (index: number): Answer =>
    given.get(index) ?? { kind: "failure", why: `${functionName} gave no answer` };
  const first = exercise.judge(seed, answer);
  const count = exercise.questions(seed).length;
  if (!first.passed || !given.has(count)) return first;
  const second = exercise.judge(seed, (index) => given.get(count + index) ?? answer(index));
  if (second.passed) return first;
  const explanation = `Asked the same a second time, ${functionName} gave another answer. ${second.explanation}`;
  return new Verdict({ ...second, explanation });
}

function withoutPoints({ id, title, functionName, latex, points }: Exercise, message: string): ExerciseResult {
  return { id, title, functionName, latex, points, score: 0, message };
}

/** The result of something that can't be graded: a sentence says why. */
export function unreadable(exercises: readonly Exercise[], problem: string): NotebookResult {
  const results = exercises.map((exercise) => withoutPoints(exercise, problem));
  return { exercises: results, flags: [problem], notGraded: problem };
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
  const rounds = new Map<string, Map<number, Answer>[]>();
  const settled = new Set<string>();
  const failures = new Map<string, string>();
  const failedCells = new Map<number, string>();
  const skip: Place[] = [];
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
    const waiting = exercises.filter(({ id }) => !settled.has(id) && !failures.has(id));
    if (waiting.length === 0) break;
    let place: Place | undefined;
    let task: string | undefined;
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
      if (message.kind === "statement") place = message;
      // What fails first in a cell may be why the rest of it does.
      if (message.kind === "cell failed" && message.cell < program.cells && !failedCells.has(message.cell)) {
        failedCells.set(message.cell, EXPECTED.has(message.why) ? message.why : shown(message.why));
      }
      const begins = message.kind === "begin" && message.id !== task && tasks.some(({ id }) => id === message.id);
      if (begins && (rounds.get(message.id)?.length ?? 0) < MOST_ROUNDS) {
        task = message.id;
        rounds.set(task, [...(rounds.get(task) ?? []), new Map()]);
      }
      if (message.kind === "missing" && tasks.some(({ id }) => id === message.id)) {
        failures.set(message.id, notAFunction(exercises, message.id, failedCells));
      }
      const round = task === undefined ? undefined : rounds.get(task)?.at(-1);
      if (message.kind === "answer" && message.id === task && !round?.has(message.index)) {
        round?.set(message.index, inOurWords(message.answer));
      }
      if (message.kind === "asked" && message.id === task) {
        if (![...(round?.values() ?? [])].some(({ kind }) => kind === "failure")) settled.add(task);
        task = undefined;
      }
    }
    if (notRun !== undefined) {
      for (const { id } of waiting) failures.set(id, `Nothing of the notebook ran; it says: ${shown(notRun)}`);
      break;
    }
    /** Whatever it has answered until now decides; without any answer, this. */
    const settle = (id: string, why: string) => {
      if (rounds.get(id)?.length) settled.add(id);
      else failures.set(id, why);
    };
    if (ending !== "finished" && task !== undefined && !settled.has(task)) {
      const asked = exercises.find(({ id }) => id === task) as Exercise;
      const expected = asked.questions(seedOf(asked)).length;
      const own = rounds.get(task) as Map<number, Answer>[];
      // It may have answered everything before it ended; then nothing is missing.
      if ((own.at(-1)?.size ?? 0) < expected) own.pop();
      settle(task, early[ending]);
    } else if (ending !== "finished" && place !== undefined && !isIn(skip, place)) {
      skip.push(place);
      failedCells.set(place.cell, early[ending]);
    } else for (const { id } of waiting) if (!settled.has(id) && !failures.has(id)) settle(id, early[ending]);
    if (ending === "used up" || used >= budget) {
      for (const { id } of waiting) if (!settled.has(id)) failures.set(id, usedUp(budget));
      break;
    }
  }
  for (const { id } of exercises) {
    if (!settled.has(id) && !failures.has(id)) failures.set(id, "The notebook ended too early again and again.");
  }
  const flags = [...failedCells]
    .filter(([, why]) => !EXPECTED.has(why))
    .map(([k, why]) => `Code cell ${k + 1} of those that were run did not finish: ${why}`);
  if (notRun !== undefined) {
    flags.unshift(`Nothing of the notebook ran, which may not be the student's fault; it says: ${shown(notRun)}`);
  }
  return { rounds, failures, flags };
}

function isIn(places: readonly Place[], { cell, statement }: Place): boolean {
  return places.some((place) => place.cell === cell && place.statement === statement);
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

function missingFunction({ broken, declared, inText }: Program, functionName: string): string {
  const problem = broken.get(functionName);
  if (problem !== undefined) {
    return `${problem.foundBy} found an error in ${functionName}, so it does not run in a notebook either; ${problem.text}`;
  }
  const kind = inText.get(functionName);
  if (kind !== undefined) {
    return `${functionName} stands in a ${kind} cell, whose text nobody runs. Make it a code cell again: in JupyterLab, press Y on it.`;
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
