/**
 * Which source files have changed: asked for when a cell is run, instead of waiting for the operating system's word.
 *
 * TypeScript watches files through `sys.watchFile` and learns of a change some time after it. A learner who saves a file
 * and runs a cell at once must not get the old code, so that nothing is watched here: before a cell is converted,
 * {@link SourceWatch.poll} looks at every file of the project and tells TypeScript what is new.
 */
import { type BigIntStats, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, sep } from "node:path";
import type { FileWatcherCallback, System } from "@tslab/typescript-for-tslab";

/** File times come in steps of some ms: of a file that was written this shortly before it was read, the text decides. */
const CLOCK_STEP_NS = 50_000_000n;

/** One version of a file. */
interface Version {
  /** Times, size and number; empty if there is no such file. */
  stamp: string;
  /** The text, as long as a later write could leave the same stamp. */
  text: string | undefined;
}

interface Watched {
  callbacks: Set<FileWatcherCallback>;
  version: Version;
}

interface WatchedDirectory {
  callbacks: Set<(path: string) => void>;
  entries: Set<string>;
  stamp: string;
}

/** TypeScript's watchers, called when {@link poll} finds a change. */
export class SourceWatch {
  readonly #files = new Map<string, Watched>();
  /** The versions that TypeScript has read, of files that it doesn't watch yet. */
  readonly #read = new Map<string, Version>();
  readonly #directories = new Map<string, WatchedDirectory>();
  readonly #recursive = new Map<string, Set<(path: string) => void>>();
  readonly #root: string;
  readonly #readAnew: (path: string) => string[];

  /**
   * @param root the folder whose files may change; those of installed packages are taken not to
   * @param readAnew which other files TypeScript has to read again when one has changed
   */
  constructor(root: string, readAnew: (path: string) => string[] = () => []) {
    this.#root = root;
    this.#readAnew = readAnew;
  }

  /** Takes the place of the watching functions of TypeScript's `sys`, and notes which versions it reads. */
  install(sys: System): void {
    const readFile = sys.readFile;
    sys.readFile = (path, encoding) => {
      if (this.#isSource(path) && !this.#files.has(path)) {
        this.#read.set(path, look(path));
      }
      return readFile(path, encoding);
    };
    sys.watchFile = (path, callback) => {
      if (!this.#isSource(path)) {
        return { close() {} };
      }
      const file = this.#files.get(path) ?? { callbacks: new Set(), version: this.#read.get(path) ?? look(path) };
      this.#files.set(path, file);
      this.#read.delete(path);
      file.callbacks.add(callback);
      return { close: () => file.callbacks.delete(callback) };
    };
    sys.watchDirectory = (path, callback, recursive) => {
      if (!this.#isSource(path)) {
        return { close() {} };
      }
      if (recursive) {
        const callbacks = this.#recursive.get(path) ?? new Set();
        this.#recursive.set(path, callbacks.add(callback));
        this.#watchTree(path);
        return { close: () => callbacks.delete(callback) };
      }
      const directory = this.#watchDirectory(path);
      directory.callbacks.add(callback);
      return { close: () => directory.callbacks.delete(callback) };
    };
  }

  /** Tells TypeScript of every file that was changed, made or removed since it was last read. */
  poll(): void {
    for (const [path, file] of this.#files) {
      const before = file.version;
      file.version = look(path);
      if (file.version.stamp !== before.stamp || (before.text !== undefined && before.text !== textOf(path))) {
        // FileWatcherEventKind: Created, Changed, Deleted
        const kind = before.stamp === "" ? 0 : file.version.stamp === "" ? 2 : 1;
        for (const other of this.#readAnew(path)) {
          this.#tell(other, 1);
        }
        this.#tell(path, kind);
      }
    }
    for (const [path, directory] of [...this.#directories]) {
      const stamp = stampOf(path);
      if (stamp !== directory.stamp) {
        this.#directoryChanged(path, directory, stamp);
      }
    }
  }

  #tell(path: string, kind: number): void {
    for (const callback of [...(this.#files.get(path)?.callbacks ?? [])]) {
      callback(path, kind);
    }
  }

  #directoryChanged(path: string, directory: WatchedDirectory, stamp: string): void {
    const entries = entriesOf(path);
    const changed = [...entries].filter((entry) => !directory.entries.has(entry));
    changed.push(...[...directory.entries].filter((entry) => !entries.has(entry)));
    directory.entries = entries;
    directory.stamp = stamp;
    for (const entry of changed) {
      const full = join(path, entry);
      for (const callback of [...directory.callbacks]) {
        callback(full);
      }
      for (const [top, callbacks] of this.#recursive) {
        if (path === top || path.startsWith(top + sep)) {
          this.#watchTree(full);
          for (const callback of [...callbacks]) {
            callback(full);
          }
        }
      }
    }
  }

  #watchDirectory(path: string): WatchedDirectory {
    let directory = this.#directories.get(path);
    if (!directory) {
      directory = { callbacks: new Set(), entries: entriesOf(path), stamp: stampOf(path) };
      this.#directories.set(path, directory);
    }
    return directory;
  }

  #watchTree(path: string): void {
    if (!this.#isSource(path) || this.#directories.has(path)) {
      return;
    }
    try {
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        if (entry.isDirectory()) {
          this.#watchTree(join(path, entry.name));
        }
      }
      this.#watchDirectory(path);
    } catch {
      // a file, or no longer there
    }
  }

  #isSource(path: string): boolean {
    if (path !== this.#root && !path.startsWith(this.#root + sep)) {
      return false;
    }
    const parts = path.slice(this.#root.length).split(/[\\/]/);
    return (
      !parts.includes("node_modules") &&
      !parts.slice(0, -1).some((part) => part.startsWith(".")) &&
      !basename(path).startsWith(".")
    );
  }
}

function look(path: string): Version {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!stats) {
    return { stamp: "", text: undefined };
  }
  const fresh = stats.mtimeNs > BigInt(Date.now()) * 1_000_000n - CLOCK_STEP_NS;
  return { stamp: stampFrom(stats), text: fresh ? textOf(path) : undefined };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // removed just now; its stamp will say so
  }
}

function stampOf(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats ? stampFrom(stats) : "";
}

function stampFrom(stats: BigIntStats): string {
  return `${stats.mtimeNs} ${stats.ctimeNs} ${stats.size} ${stats.ino}`;
}

function entriesOf(path: string): Set<string> {
  try {
    return new Set(readdirSync(path));
  } catch {
    return new Set();
  }
}
