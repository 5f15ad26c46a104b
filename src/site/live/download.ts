/// <reference lib="dom" />
/** The learner's notebook as a file, which JupyterLab opens. */
import type { LiveCell } from "./live-cell";

interface NotebookCell {
  cell_type: string;
  id: string;
  source: string | string[];
  execution_count?: number | null;
  outputs?: unknown[];
}

/**
 * Has the browser save a notebook: the book's, with the learner's cells in it, and with what they have put out.
 *
 * @param name the notebook's, without its ending
 */
export async function download(name: string, cells: readonly LiveCell[]): Promise<void> {
  const response = await fetch(`files/notebooks/${name}.ipynb`);
  if (!response.ok) throw new Error(`${name}.ipynb is not there (${response.status})`);
  const notebook: { cells: NotebookCell[] } = await response.json();
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  for (const cell of notebook.cells) {
    const own = byId.get(cell.id);
    if (cell.cell_type !== "code" || !own) continue;
    cell.source = own.text;
    if (!own.outputs && !own.isEdited) continue;
    cell.execution_count = own.outputs ? own.number : null;
    cell.outputs = (own.outputs ?? []).map((output) => ({
      ...output,
      ...(output.output_type === "execute_result" && { execution_count: own.number }),
      ...("data" in output && { metadata: {} }),
    }));
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(
    new Blob([`${JSON.stringify(notebook, null, 1)}\n`], { type: "application/x-ipynb+json" }),
  );
  link.download = `${name}.ipynb`;
  link.click();
  URL.revokeObjectURL(link.href);
}
