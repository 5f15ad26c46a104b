/** The process in which files that were handed in are read: they may be made to take for ever, and to fill the memory. */
import { readFileSync } from "node:fs";
import { NotANotebook, type Notebook } from "../notebook";
import { notebookIn } from "../notebook-file";

/** What is in a file: a notebook, or a sentence that says why there is none. */
export type FileContents = { readonly notebook: Notebook } | { readonly problem: string };

function contentsOf(bytes: Uint8Array): FileContents {
  try {
    return { notebook: notebookIn(bytes) };
  } catch (error) {
    if (error instanceof NotANotebook) return { problem: error.message };
    if (error instanceof RangeError) return { problem: "The file is nested far too deeply to be a notebook." };
    throw error;
  }
}

process.on("message", ({ file }: { file: string }) => process.send?.(contentsOf(readFileSync(file))));
// Whoever started this process has ended.
process.on("disconnect", () => process.exit(0));
