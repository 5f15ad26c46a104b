/**
 * What the compiler of cells asks of its surroundings. It imports nothing of Node.js itself, so that a browser can be its
 * host as well: there the files are in memory.
 */
import type TypeScript from "typescript";

/** The files that cells see. All paths are absolute, with slashes. */
export interface CompilerHost {
  /** The project's folder. Cells are compiled as if they were files in it. */
  readonly root: string;
  /** The notebook's folder: a cell's `./x` that is not at the root is looked for here. */
  readonly folder: string;
  /** Where TypeScript's own declarations of JavaScript are. */
  readonly libraries: string;
  /** Which types are global, and where modules' types are. */
  readonly options: Pick<TypeScript.CompilerOptions, "lib" | "types" | "typeRoots" | "paths">;
  /** Files of declarations that every cell sees. */
  readonly globals: readonly string[];

  /** Something is asked for: files may be other ones than before, and stay as they are until the next time. */
  refresh(): void;
  /** The text of a file as the compiler shall see it, which need not be what lies on the disk. */
  readFile(path: string): string | undefined;
  /** The text of a file as it was written. */
  source(path: string): string | undefined;
  /** Something that is another whenever {@link readFile} returns something else. */
  version(path: string): string;
  fileExists(path: string): boolean;
  directoryExists(path: string): boolean;
  /** The names of the folders in a folder. */
  directories(path: string): string[];
  /** The files below a folder, for the completion of paths. */
  files: NonNullable<TypeScript.LanguageServiceHost["readDirectory"]>;
  realpath(path: string): string;
  /** Whether a file is the learner's to change: one of the project, not of a package. */
  isOwn(path: string): boolean;
  /** Whether a file of the project is known to be right, so that it need not be checked. */
  isChecked(path: string): boolean;
}
