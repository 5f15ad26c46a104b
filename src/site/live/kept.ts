/// <reference lib="dom" />
/** What the browser keeps for a learner: changed cells, which cells were run, and files that cells have written. */

/** A cell that was changed. */
export interface Edit {
  /** The learner's text. */
  source: string;
  /** The book's text that it was made of: a new version of the book may have another. */
  base: string;
}

/** What is kept of one notebook, by the ids of its cells. */
export interface KeptNotebook {
  edits: Record<string, Edit>;
  /** Cells that ended without an error when they were last run. */
  done: Record<string, true>;
}

const NOTEBOOK = "backprop-by-hand/notebook/";
const FILE = "backprop-by-hand/file";

/** Whether what is kept is still here tomorrow; a browser may forbid it. */
let keeps = true;

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    keeps = false;
  }
}

/** Whether the browser has kept all that it was given. */
export function isKept(): boolean {
  return keeps;
}

/** What is kept of a notebook. */
export function notebookKept(name: string): KeptNotebook {
  const kept = read(NOTEBOOK + name) as Partial<KeptNotebook> | null;
  return { edits: kept?.edits ?? {}, done: kept?.done ?? {} };
}

/** Keeps it. */
export function keepNotebook(name: string, kept: KeptNotebook): void {
  write(NOTEBOOK + name, kept);
}

/** The learner's files, by their paths in the project. */
export function filesKept(): Record<string, string> {
  return (read(FILE) as Record<string, string> | null) ?? {};
}

/** Keeps a file. */
export function keepFile(path: string, text: string): void {
  write(FILE, { ...filesKept(), [path]: text });
}

/** What the learner has done, as the project's own file of it says. */
export function progressKept(): Record<"pencil" | "written" | "bugs", string[]> {
  const text = filesKept()["/book/my-notebooks/progress.json"];
  let done: Record<string, object | undefined> = {};
  try {
    done = JSON.parse(text ?? "{}");
  } catch {
    // It is the learner's to mend; nothing is told of it here.
  }
  const named = (kind: string) => Object.keys(done[kind] ?? {});
  return { pencil: named("pencil"), written: named("written"), bugs: named("bugs") };
}
