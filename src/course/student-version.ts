/** From an instructor's notebook to the students': without solutions, outputs, and whatever else could tell. */
import { type Cell, type Notebook, sourceLines, sourceOf } from "./notebook";

/** What stands where a solution was. nbgrader puts the same line there, see nbgrader_config.py. */
export const STUB = 'throw new Error("not written yet");';

/** What stands where a written answer was. */
export const WRITTEN_STUB = "*Your answer.*";

const BEGIN = /BEGIN SOLUTION/;
const END = /END SOLUTION/;

/**
 * The students' version of a notebook.
 *
 * @throws if a solution is not closed, or a cell that should hold one does not
 */
export function studentVersion(notebook: Notebook): Notebook {
  return {
    cells: notebook.cells.map(studentCell),
    metadata: {
      kernelspec: { display_name: "TypeScript (tslab)", language: "typescript", name: "tslab" },
      language_info: { file_extension: ".ts", mimetype: "text/typescript", name: "typescript" },
    } as Notebook["metadata"],
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** A notebook as the text of its file. */
export function notebookText(notebook: Notebook): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

function studentCell(cell: Cell): Cell {
  const { cell_type, id, metadata } = cell;
  const { nbgrader } = metadata;
  const written = cell_type === "markdown";
  const text = withoutSolution(sourceOf(cell), written ? WRITTEN_STUB : STUB, id ?? "");
  if (nbgrader?.solution && text === sourceOf(cell)) {
    throw new Error(`studentVersion: cell ${id} is a solution; expected BEGIN SOLUTION … END SOLUTION in it`);
  }
  return {
    cell_type,
    ...(cell_type === "code" && { execution_count: null }),
    id,
    metadata: nbgrader === undefined ? {} : { nbgrader },
    ...(cell_type === "code" && { outputs: [] }),
    source: sourceLines(text),
  };
}

/** Puts the stub in place of each solution, with the indentation of its first line. */
function withoutSolution(text: string, stub: string, cell: string): string {
  const kept: string[] = [];
  let inside = false;
  for (const line of text.split("\n")) {
    if (BEGIN.test(line)) {
      if (inside) throw new Error(`studentVersion: cell ${cell} begins a solution inside a solution`);
      inside = true;
      kept.push(`${/^\s*/.exec(line)?.[0] ?? ""}${stub}`);
    } else if (END.test(line)) {
      if (!inside) throw new Error(`studentVersion: cell ${cell} ends a solution that has not begun`);
      inside = false;
    } else if (!inside) {
      kept.push(line);
    }
  }
  if (inside) throw new Error(`studentVersion: cell ${cell} begins a solution and does not end it`);
  return kept.join("\n");
}
