/**
 * The file that keeps what somebody has done: what they worked out with a pencil, what they wrote and had verified, which bugs they
 * hunted down. It is theirs: small, readable, and never written over when it can't be read.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What can be done. */
export type Kind = "pencil" | "written" | "bugs";

/** What was done, and on which day: `{ pencil: { E1: "2026-11-30" }, … }`. */
export type Done = Readonly<Record<Kind, Readonly<Record<string, string>>>>;

/** A record that is there or can be begun, or a sentence that says why it can't be read. */
export type LearnersRecord = { readonly done: Done; readonly rest: object } | { readonly unreadable: string };

const KINDS: readonly Kind[] = ["pencil", "written", "bugs"];

/** What the file says of itself. */
const ABOUT =
  "Your progress in “Backprop by hand”: what you worked out with a pencil, what you wrote and had verified, and the bugs you hunted down. The file is yours: keep it, copy it into another version of the project, delete it to begin again.";

/** Where it is, seen from the project's root: beside one's own notebooks, which a new version leaves alone. */
export function recordPath(): string {
  return process.env.BACKPROP_PROGRESS ?? join(process.cwd(), "my-notebooks", "progress.json");
}

/**
 * Reads a record. What an older or newer version has written and this one does not know is kept as `rest`.
 *
 * @param path the file; one that is not there is an empty record
 */
export function readRecord(path: string): LearnersRecord {
  if (!existsSync(path)) return { done: { pencil: {}, written: {}, bugs: {} }, rest: {} };
  try {
    const { about: _, ...rest } = plainObject(JSON.parse(readFileSync(path, "utf8")), "it");
    const done = Object.fromEntries(KINDS.map((kind) => [kind, plainObject(rest[kind] ?? {}, kind)]));
    for (const kind of KINDS) delete rest[kind];
    return { done: done as Done, rest };
  } catch (error) {
    return { unreadable: `${path} can't be read as progress (${(error as Error).message}); it is left as it is` };
  }
}

function plainObject(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${name} should be an object in braces`);
}

/**
 * Notes that something was done. The first day stays; nothing is written if it is there already.
 *
 * @param path the file
 * @param kind what was done
 * @param id an equation's id, or another name
 * @param day such as 2026-11-30
 * @returns a sentence if it could not be kept
 */
export function note(path: string, kind: Kind, id: string, day: string): string | undefined {
  const record = readRecord(path);
  if ("unreadable" in record) return record.unreadable;
  const { done, rest } = record;
  if (done[kind][id] !== undefined) return undefined;
  const changed = { about: ABOUT, ...done, [kind]: { ...done[kind], [id]: day }, ...rest };
  try {
    mkdirSync(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(changed, null, 2)}\n`);
    renameSync(draft, path);
    return undefined;
  } catch (error) {
    return `${path} can't be written (${(error as NodeJS.ErrnoException).code ?? String(error)}), so progress is not kept`;
  }
}
