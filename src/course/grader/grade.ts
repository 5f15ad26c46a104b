/** `npm run grade`: grades a class, or one of several parts of it. A run that was ended goes on where it was. */
import { mkdirSync } from "node:fs";
import { exercises } from "../exercises";
import type { Notebook } from "../notebook";
import type { Sandbox } from "../sandbox/sandbox";
import { type Entry, entriesIn } from "./entries";
import { gradeNotebook, type NotebookResult, unreadable } from "./grade-submission";
import type { StudentResult } from "./reports";
import { Kept, keyOf } from "./result-store";
import { writeResults } from "./results";
import { isIn, type Shard, writeReceipt } from "./shards";
import { decisionsIn, type TeacherFiles } from "./teacher/decisions";

/** What a run needs. */
export interface GradeOptions extends TeacherFiles {
  /** A folder, a zip or a notebook. */
  readonly submissions: string;
  /** Whose they all are; told by the files' names when left out. */
  readonly student?: string;
  /** Where the results go. */
  readonly out: string;
  /** The instructor's notebooks by the names of their assignments. */
  readonly masters: ReadonlyMap<string, Notebook>;
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
  const found = entriesIn(options.submissions, masters, options.student);
  const decisions = decisionsIn(options, found.entries, masters);
  const kept = new Kept(out);
  const results = await gradeEntries(found.entries, options, kept);
  kept.keepOnly(found.entries.map((entry) => keyOf(entry, { secret, version, isolation })));
  return writeResults(out, found, results, { masters, isolation, kept, decisions });
}

/**
 * Grades the submissions of one shard and keeps the results; `mergeShards` writes those of all shards.
 * @returns how many there are
 */
export async function gradeShard(options: GradeOptions, shard: Shard): Promise<number> {
  const { out, masters, secret, version, sandbox } = options;
  const { entries } = entriesIn(options.submissions, masters);
  const own = entries.filter((entry) => isIn(shard, entry));
  await gradeEntries(own, options, new Kept(out));
  writeReceipt(out, shard, own, { secret, version, isolation: sandbox.isolation });
  return own.length;
}

/** Grades what is not graded yet, several at a time. */
async function gradeEntries(
  entries: readonly Entry[],
  { masters, sandbox, secret, version, jobs, onProgress }: GradeOptions,
  kept: Kept,
): Promise<NotebookResult[]> {
  mkdirSync(kept.folder, { recursive: true }); // before anything is graded in vain
  const results: NotebookResult[] = new Array(entries.length);
  let done = 0;
  let next = 0;
  const worker = async () => {
    for (let k = next++; k < entries.length; k = next++) {
      const key = keyOf(entries[k], { secret, version, isolation: sandbox.isolation });
      if (!kept.has(key)) kept.write(key, await gradeEntry(entries[k], masters, sandbox, secret));
      results[k] = kept.read(key);
      done += 1;
      onProgress?.(done, entries.length);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
  return results;
}

async function gradeEntry(
  { notebook, problem, assignment }: Entry,
  masters: ReadonlyMap<string, Notebook>,
  sandbox: Sandbox,
  secret: string,
): Promise<NotebookResult> {
  const own = exercises.filter((exercise) => exercise.assignment === assignment);
  if (notebook === undefined) return unreadable(own, problem as string);
  return gradeNotebook({ master: masters.get(assignment) as Notebook, exercises: own }, notebook, sandbox, secret);
}
