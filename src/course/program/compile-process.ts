/**
 * The process in which students' notebooks are compiled: TypeScript can be kept busy for ever, and run out of memory, by
 * what it is asked to read. Its working directory is the project's folder.
 */
import type { Notebook } from "../notebook";
import { CellChecker } from "./cell-checker";
import { type Program, programOf } from "./program";

/** What is to be compiled. */
export interface CompileOrder {
  readonly master: Notebook;
  readonly submission: Notebook;
}

/** A program, or a sentence that says why there is none. */
export type Compiled = { readonly program: Program } | { readonly problem: string };

const checker = new CellChecker(process.cwd());

function compiled({ master, submission }: CompileOrder): Compiled {
  try {
    return { program: programOf(master, submission, checker) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { problem: "TypeScript can't read the notebook: something in it is nested far too deeply." };
  }
}

process.on("message", (order: CompileOrder) => process.send?.(compiled(order)));
// Whoever started this process has ended.
process.on("disconnect", () => process.exit(0));
