/**
 * Which files have changed: asked for when a cell is run, instead of waiting for the operating system's word.
 *
 * A learner who saves a file and runs a cell at once must not get the old code, so that nothing is watched here: once for
 * every cell, each file that matters is looked at.
 */
import type { Files } from "./host";

interface Seen {
  /** Empty if there is no such file. */
  stamp: string;
  /** The text, as long as a later write could leave the same stamp. */
  text: string | undefined;
  version: number;
  turn: number;
}

/** The versions of files. */
export class FileVersions {
  readonly #files = new Map<string, Seen>();
  readonly #disk: Files;
  #turn = 0;

  constructor(files: Files) {
    this.#disk = files;
  }

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
    const { stamp, sure } = this.#disk.stamp(path);
    const textNow = () => this.#disk.read(path) ?? ""; // if it was removed just now, its stamp will say so
    const text = sure ? undefined : textNow();
    const same = before?.stamp === stamp && (before.text === undefined || before.text === (text ?? textNow()));
    const version = (before?.version ?? 0) + (same ? 0 : 1);
    this.#files.set(path, { stamp, text, version, turn: this.#turn });
    return version;
  }
}
