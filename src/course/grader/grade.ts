/** `npm run grade`: grades a class, or one of several parts of it. A run that was ended goes on where it was. */
import { mkdirSync } from "node:fs";
import { exercises } from "../exercises";
import type { Notebook } from "../notebook";
import type { Sandbox } from "../sandbox/sandbox";
import { type Delivery, type Entry, entriesIn } from "./entries";
import { gradeNotebook, NotStarted, unreadable } from "./grade-submission";
import type { StudentResult } from "./reports";
import { Kept, type KeptResult, keyOf } from "./result-store";
import { writeResults } from "./results";
import { isIn, type Shard, writeReceipt } from "./shards";
import { shown } from "./shown";
import { decisionsIn, type TeacherFiles } from "./teacher/decisions";
import { writtenAnswers } from "./written-answers";

/** What a run needs. */
export interface GradeOptions extends TeacherFiles, Delivery {
  /** Where the results go. */
  readonly out: string;
  readonly sandbox: Sandbox;
  readonly secret: string;
  /** What else the results depend on: the graded program itself. */
  readonly version: string;
  /** How many submissions are graded at the same time. */
  readonly jobs: number;
  /** Told after each submission. */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Grades every submission and writes all results.
 * @returns the students' results
 */
export async function gradeClass(options: GradeOptions): Promise<StudentResult[]> {
  const { out, masters, secret, version } = options;
  const { isolation } = options.sandbox;
  const found = await entriesIn(options);
  const decisions = decisionsIn(options, found.entries, masters);
  const kept = new Kept(out);
  const results = await gradeEntries(found.entries, options, kept);
  const keys = found.entries.map((entry) => keyOf(entry, { secret, version, isolation }));
  kept.keepOnly(keys);
  return writeResults(out, found, results, { isolation, kept, decisions });
}

/**
 * Grades the submissions of one shard and keeps the results; `mergeShards` writes those of all shards.
 * @returns what became of them
 */
export async function gradeShard(options: GradeOptions, shard: Shard): Promise<KeptResult[]> {
  const { out, secret, version, sandbox } = options;
  const { entries } = await entriesIn(options);
  const own = entries.filter((entry) => isIn(shard, entry));
  const results = await gradeEntries(own, options, new Kept(out));
  writeReceipt(out, shard, own, { secret, version, isolation: sandbox.isolation });
  return results;
}

/** Grades what is not graded yet, several at a time. */
async function gradeEntries(entries: readonly Entry[], options: GradeOptions, kept: Kept): Promise<KeptResult[]> {
  const { sandbox, secret, version, jobs, onProgress } = options;
  mkdirSync(kept.folder, { recursive: true, mode: 0o700 }); // before anything is graded in vain
  const results: KeptResult[] = new Array(entries.length);
  let done = 0;
  let next = 0;
  const worker = async () => {
    for (let k = next++; k < entries.length; k = next++) {
      const key = keyOf(entries[k], { secret, version, isolation: sandbox.isolation });
      if (!kept.has(key) || kept.read(key).again) kept.write(key, await gradeEntry(entries[k], options));
      results[k] = kept.read(key);
      done += 1;
      onProgress?.(done, entries.length);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
  return results;
}

/** Grades one submission. Nothing about it ends the run: what goes wrong is its result. */
async function gradeEntry(
  { submission, problem, assignment }: Entry,
  { masters, sandbox, secret, readFile }: GradeOptions,
): Promise<KeptResult> {
  const own = exercises.filter((exercise) => exercise.assignment === assignment);
  const master = masters.get(assignment) as Notebook;
  const without = (why: string): KeptResult => ({
    ...unreadable(own, why),
    written: writtenAnswers(undefined, master),
  });
  if (problem !== undefined) return without(problem);
  try {
    const contents = await readFile(await submission.read());
    if ("problem" in contents) return without(contents.problem);
    const { notebook } = contents;
    const result = await gradeNotebook({ master, exercises: own }, notebook, sandbox, secret);
    return { ...result, written: writtenAnswers(notebook, master) };
  } catch (error) {
    // It may be the machine's fault, so the next run tries again.
    if (error instanceof NotStarted) return { ...without(error.message), again: true };
    return { ...without(`The grader broke down over it: ${shown(String(error))}`), again: true };
  }
}
