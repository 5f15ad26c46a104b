/**
 * A class graded in parts, on one machine or many: each part keeps its results and leaves a receipt; merging makes the
 * same files of them as one run over the whole class, or says in a sentence what does not fit together.
 */
import { createHash, createHmac } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../setup/whole-file.mjs";
import { type Delivery, type Entry, entriesIn } from "./entries";
import type { StudentResult } from "./reports";
import { type Basis, Kept, keyOf } from "./result-store";
import { writeResults } from "./results";
import { decisionsIn, type TeacherFiles } from "./teacher/decisions";

/** The i-th of n parts of a class, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/**
 * @param text like `3/16`
 * @throws if it is no such text
 */
export function shardOf(text: string): Shard {
  const [, index, of] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (!(index >= 1 && index <= of)) {
    throw new RangeError(`--shard is ${text}; expected i/n with i from 1 to n, like 3/16`);
  }
  return { index, of };
}

/** Whether an entry belongs to a shard: told by its student and assignment alone, so that no other entry moves it. */
export function isIn({ index, of }: Shard, { submission: { student }, assignment }: Entry): boolean {
  const digest = createHash("sha256").update(`${student}\0${assignment}`).digest();
  return digest.readUInt32BE(0) % of === index - 1;
}

/** What a shard leaves behind when all of it is graded. */
interface Receipt extends Shard, Omit<Basis, "secret"> {
  /** Tells secrets apart and does not tell them. */
  readonly secretDigest: string;
  /** The keys of its results, by what was graded. */
  readonly keys: Readonly<Record<string, string>>;
}

const FOLDER = ".shards";

/** Notes that a shard is graded. */
export function writeReceipt(out: string, shard: Shard, entries: readonly Entry[], basis: Basis): void {
  const { version, isolation, secret } = basis;
  const receipt: Receipt = {
    ...shard,
    version,
    isolation,
    secretDigest: digestOf(secret),
    keys: Object.fromEntries(entries.map((entry) => [titleOf(entry), keyOf(entry, basis)])),
  };
  writeWhole(join(out, FOLDER, `${shard.index}-of-${shard.of}.json`), JSON.stringify(receipt));
}

/** What merging needs. */
export interface MergeOptions extends Omit<Basis, "isolation">, TeacherFiles, Omit<Delivery, "student"> {
  /** Where the results go. */
  readonly out: string;
  /** The folders into which the shards were graded; `out` itself if there are none. */
  readonly parts: readonly string[];
}

/**
 * Writes the results of a class that was graded in shards. Nothing is graded here, and nothing is written before all
 * shards are found to be of this class, these submissions and this secret.
 *
 * @returns the students' results
 * @throws if a shard is missing, there twice, or of something else
 */
export async function mergeShards(options: MergeOptions): Promise<StudentResult[]> {
  const { out, parts, masters, secret, version } = options;
  const delivered = await entriesIn(options);
  const { entries } = delivered;
  const shards = shardsIn(parts.length === 0 ? [out] : parts);
  const { isolation } = shards[0];
  for (const shard of shards) {
    const found: [ok: boolean, otherwise: string][] = [
      [shard.secretDigest === digestOf(secret), "was graded with another secret"],
      [shard.version === version, "was graded with another version of the grader or of the instructor's notebooks"],
      [
        shard.isolation === isolation,
        `was kept apart by ${shard.isolation}, ${nameOf(shards[0])} by ${isolation}; expected the same for all`,
      ],
    ];
    const wrong = found.find(([ok]) => !ok);
    if (wrong) throw mismatch(`${nameOf(shard)} ${wrong[1]}`);
    const own = entries.filter((entry) => isIn(shard, entry));
    checkEntries(shard, own, { secret, version, isolation });
  }
  const decisions = decisionsIn(options, entries, masters);
  const kept = new Kept(out);
  const keys = entries.map((entry) => keyOf(entry, { secret, version, isolation }));
  for (const [k, key] of keys.entries()) {
    const shard = shards.find((one) => isIn(one, entries[k])) as Found;
    kept.copyFrom(new Kept(shard.part), key);
  }
  kept.keepOnly(keys);
  const results = keys.map((key) => kept.read(key));
  return writeResults(out, delivered, results, { isolation, kept, decisions });
}

interface Found extends Receipt {
  /** The folder in which it was found. */
  readonly part: string;
}

/** The receipts in some folders: each shard of one n once. */
function shardsIn(parts: readonly string[]): Found[] {
  const shards = parts.flatMap((part) => {
    const folder = join(part, FOLDER);
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
    if (names.length === 0) throw mismatch(`${part} holds no shard that was graded to its end`);
    return names.sort().map((name): Found => ({ ...JSON.parse(readFileSync(join(folder, name), "utf8")), part }));
  });
  const [first] = shards;
  const seen = new Map<number, Found>();
  for (const shard of shards) {
    if (shard.of !== first.of) {
      throw mismatch(`${nameOf(shard)} does not go with ${nameOf(first)}; expected shards of one number`);
    }
    const other = seen.get(shard.index);
    if (other) throw mismatch(`shard ${shard.index}/${shard.of} is there twice, in ${other.part} and in ${shard.part}`);
    seen.set(shard.index, shard);
  }
  const missing = Array.from({ length: first.of }, (_, k) => k + 1).filter((index) => !seen.has(index));
  if (missing.length > 0) {
    throw mismatch(
      `of ${first.of} shards ${missing.length} ${missing.length === 1 ? "is" : "are"} missing or not finished: ${missing.map((index) => `${index}/${first.of}`).join(", ")}`,
    );
  }
  return shards;
}

/** Whether a shard has graded what it would grade today. */
function checkEntries(shard: Found, expected: readonly Entry[], basis: Basis): void {
  const kept = new Kept(shard.part);
  const left = new Map(Object.entries(shard.keys));
  for (const entry of expected) {
    const title = titleOf(entry);
    const key = keyOf(entry, basis);
    if (left.get(title) !== key) {
      const why = left.has(title) ? "has changed since" : "was not there";
      throw mismatch(`${nameOf(shard)} was graded from other submissions: ${entry.submission.path} ${why}`);
    }
    if (!kept.has(key)) throw mismatch(`${nameOf(shard)} has lost its result of ${title}`);
    left.delete(title);
  }
  const [gone] = left.keys();
  if (gone !== undefined) {
    throw mismatch(`${nameOf(shard)} was graded from other submissions: ${gone} is not among these`);
  }
}

function mismatch(what: string): RangeError {
  return new RangeError(`mergeShards: ${what}. Grade that shard again, or leave out what is not meant.`);
}

function nameOf({ index, of, part }: Found): string {
  return `shard ${index}/${of} in ${part}`;
}

/** An entry's name in receipts. */
function titleOf({ submission: { student }, assignment }: Entry): string {
  return `${student}'s ${assignment}`;
}

function digestOf(secret: string): string {
  return createHmac("sha256", secret).update("shards").digest("hex");
}
