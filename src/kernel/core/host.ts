/**
 * What the kernel asks of the machine that it runs on: Node.js, or a browser's worker. The core imports neither.
 */
import type { CompilerHost } from "../compiler/host";
import type { Cells } from "./cell";
import type { Output } from "./output";
import type { FromKernel, RunningState } from "./protocol";

/** Files, on a disk or in memory. All paths are absolute, with slashes. */
export interface Files {
  /** The text of a file; nothing if there is none. */
  read(path: string): string | undefined;
  isFile(path: string): boolean;
  isFolder(path: string): boolean;
  /** The names of the folders in a folder. */
  folders(path: string): string[];
  /** The files below a folder, for the completion of paths. */
  below: CompilerHost["files"];
  /** Where a path leads, if it is a link's; otherwise itself. */
  realpath(path: string): string;
  /**
   * What is another whenever a file was written, and "" if there is none. If that was so shortly before that the next write
   * could leave the same, it is not `sure`, and the text decides.
   */
  stamp(path: string): { stamp: string; sure: boolean };
  /** What a file's text is recognised by. */
  hash(text: string): string;
}

/** Packages, and the modules that the host brings itself. */
export interface Packages {
  /**
   * A package; a promise of it if it awaits something while it loads.
   *
   * @param directory of the module that wants it
   * @param isCell whether it is a cell: it may want what is installed for its notebook's folder alone
   */
  load(directory: string, specifier: string, isCell: boolean): unknown;
  /** What else a module in `directory` finds on its `require`. */
  requireOf(directory: string): object;
}

/** A place in a text, counted from 0. */
export interface TextPlace {
  line: number;
  column: number;
}

/** Runs code so that it can be stopped. */
export interface Guard {
  /** Runs `action`. Throws what it throws, or something that {@link Guard.isInterruption} knows if it was stopped. */
  run<Result>(action: () => Result): Result;
  /** Runs `action`, and then the reactions to promises that are due, as far as the host can run them. */
  runWithReactions<Result>(action: () => Result): Result;
  /** Whether `error` is what code fails with that was stopped. */
  isInterruption(error: unknown): boolean;
  /**
   * For hosts that have no signals: what every loop of a cell calls now and then. Throws if the cell shall stop; returns how
   * many rounds may pass until it is to be called again.
   */
  readonly check: (() => number) | undefined;
}

/** A kernel's machine. */
export interface KernelHost {
  /** The project's folder: `./src` and `./data` mean the same in all notebooks. */
  readonly root: string;
  /** The notebook's. */
  readonly folder: string;
  readonly files: Files;
  readonly packages: Packages;
  readonly guard: Guard;
  readonly state: RunningState;
  /** The value of a program's text. Tracebacks know it as `name`. */
  evaluate(text: string, name: string): unknown;
  /** A value as text, as Node.js prints it. */
  inspect(value: unknown, options?: { depth?: number; breakLength?: number }): string;
  /** The way from a compiled text to its source, by its source map. */
  toSource(map: string): (place: TextPlace) => TextPlace | undefined;
  /** Waits until rejected promises that nobody handles have been told of. */
  nextTurn(): Promise<void>;
  /** Tells the front ends. */
  post(message: FromKernel): void;
  /** From now on, what cells print, display and set timers for comes through these. */
  install(cells: Cells, output: Output): void;
  /** Has `failed` told of every error that nobody catches. */
  onUncaught(failed: (error: unknown) => void): void;
  /** Tells whoever looks after the kernel, since no cell is to blame. */
  complain(text: string): void;
  /** Something is asked for, and nothing any more: a time to give memory back. */
  busy(): void;
  idle(): void;
}
