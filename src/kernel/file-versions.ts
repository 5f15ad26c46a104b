/**
 * Which files have changed: asked for when a cell is run, instead of waiting for the operating system's word.
 *
 * A learner who saves a file and runs a cell at once must not get the old code, so that nothing is watched here: once for
 * every cell, each file that matters is looked at.
 */
import { type BigIntStats, readFileSync, statSync } from "node:fs";

/** File times come in steps of some ms: of a file that was written this shortly before it was read, the text decides. */
const CLOCK_STEP_NS = 50_000_000n;

interface Seen {
  /** Times, size and number; empty if there is no such file. */
  stamp: string;
  /** The text, as long as a later write could leave the same stamp. */
  text: string | undefined;
  version: number;
  turn: number;
}

/** The versions of files. */
export class FileVersions {
  readonly #files = new Map<string, Seen>();
  #turn = 0;

  /** From now on, files are looked at again. */
  nextTurn(): void {
    this.#turn++;
  }

  /** Counts how often {@link nextTurn} was called: within a turn no file changes. */
  get turn(): number {
    return this.#turn;
  }

  /** Whether there is a file at `path`. */
  has(path: string): boolean {
    this.of(path);
    return this.#files.get(path)?.stamp !== "";
  }

  /** A number that is another for every text that the file at `path` has had since it was first asked for. */
  of(path: string): number {
    const before = this.#files.get(path);
    if (before?.turn === this.#turn) return before.version;
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    const stamp = stats?.isFile() ? stampOf(stats) : "";
    const text = stats?.isFile() && isFresh(stats) ? textOf(path) : undefined;
    const same = before?.stamp === stamp && (before.text === undefined || before.text === (text ?? textOf(path)));
    const version = (before?.version ?? 0) + (same ? 0 : 1);
    this.#files.set(path, { stamp, text, version, turn: this.#turn });
    return version;
  }
}

function isFresh(stats: BigIntStats): boolean {
  return stats.mtimeNs > BigInt(Date.now()) * 1_000_000n - CLOCK_STEP_NS;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // removed just now; its stamp will say so
  }
}

function stampOf({ mtimeNs, ctimeNs, size, ino }: BigIntStats): string {
  return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
}
