/** A notebook's file, as far as a book needs it. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { BookProblem } from "./book-problem";

/** A MIME bundle: the same thing in several forms. Texts may come as lists of lines. */
export type Bundle = Readonly<Record<string, unknown>>;

/** What a code cell has left behind. */
export type Output =
  | { readonly output_type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string | readonly string[] }
  | { readonly output_type: "display_data" | "execute_result"; readonly data: Bundle }
  | { readonly output_type: "error"; readonly ename: string; readonly evalue: string; readonly traceback: string[] };

/** A cell, with its text in one piece. */
export interface Cell {
  readonly type: "markdown" | "code" | "raw";
  /** Unique in its notebook; "" in notebooks older than format 4.5. */
  readonly id: string;
  readonly source: string;
  readonly outputs: readonly Output[];
  /** Images that were dropped into a text, by name. */
  readonly attachments: Readonly<Record<string, Bundle>>;
  /** "02-example.ipynb, cell 3": counts as a person does. */
  readonly place: string;
}

/** A notebook, checked. */
export interface Notebook {
  /** The file's absolute path. */
  readonly path: string;
  /** The file's name without its ending. */
  readonly name: string;
  readonly cells: readonly Cell[];
}

/**
 * Reads a notebook that has been run, or one that is still to be.
 *
 * @param toDo whether it is work to be done, an assignment, so that its cells need not have been run
 * @throws {BookProblem} if it is not there, is no notebook of format 4, or has a code cell that was not run and had to be
 */
export function readNotebook(path: string, toDo = false): Notebook {
  const file = basename(path);
  const content = parsed(path, file);
  const cells = (content as { nbformat?: unknown; cells?: unknown } | null)?.cells;
  if ((content as { nbformat?: unknown } | null)?.nbformat !== 4 || !Array.isArray(cells)) {
    throw new BookProblem(`${file} is not a notebook of format 4: it has no list of cells.`);
  }
  return {
    path,
    name: file.replace(/\.ipynb$/, ""),
    cells: cells.map((cell, k) => cellOf(cell, `${file}, cell ${k + 1}`, file, toDo)),
  };
}

/** A text that may be given as a list of lines. */
export function textOf(text: unknown): string {
  return Array.isArray(text) ? text.join("") : typeof text === "string" ? text : "";
}

function parsed(path: string, file: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new BookProblem(code === "ENOENT" ? `${path} is not there.` : `${path} can't be read (${code}).`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BookProblem(`${file} is not valid JSON: ${(error as Error).message}.`);
  }
}

function cellOf(cell: unknown, place: string, file: string, toDo: boolean): Cell {
  const { cell_type, id, source, outputs, execution_count, attachments } = (cell ?? {}) as Record<string, unknown>;
  if (cell_type !== "markdown" && cell_type !== "code" && cell_type !== "raw") {
    throw new BookProblem(`${place} is neither text nor code: its cell_type is ${JSON.stringify(cell_type)}.`);
  }
  const code = textOf(source);
  if (!toDo && cell_type === "code" && code.trim() !== "" && typeof execution_count !== "number") {
    throw new BookProblem(
      `${place} was not run: run "npm run notebooks", or all of ${file} in JupyterLab, and save it.`,
    );
  }
  return {
    type: cell_type,
    id: textOf(id),
    source: code,
    outputs: Array.isArray(outputs) ? outputs : [],
    attachments: (attachments ?? {}) as Cell["attachments"],
    place,
  };
}
