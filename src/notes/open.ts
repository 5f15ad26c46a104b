/** Notes in a file: Markdown, or a notebook. */
import { readFileSync } from "node:fs";
import { checkTexts, type NotesVerdict } from "./document";

/**
 * Judges somebody's notes: every equation in them is run on random numbers, every derivative in them is taken by dual numbers
 * through the network that they define. docs/notes.md tells what is read.
 *
 * @param path a Markdown file, or a notebook, whose text cells are read; from the folder in which the kernel works
 * @param after files whose definitions hold as well: `["notebooks/00-start-here.ipynb"]`
 * @returns a verdict that shows itself as the notes with marks: ✓ true, ✗ false, – no equation of numbers
 * @throws if there is no such file, or a notebook is no notebook
 */
export function checkNotes(path: string, after: readonly string[] = []): NotesVerdict {
  return checkTexts(textsOf(path), after.flatMap(textsOf));
}

/** The texts of a file: of a notebook, each text cell is one. */
function textsOf(path: string): string[] {
  let source: string;
  try {
    source = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `checkNotes: ${path} ${code === "ENOENT" ? "is not there" : `cannot be read (${code})`}; expected a Markdown file or a notebook`,
    );
  }
  if (!path.endsWith(".ipynb")) return [source];
  let cells: readonly { readonly cell_type: string; readonly source: string | readonly string[] }[];
  try {
    ({ cells } = JSON.parse(source));
    return cells.filter(({ cell_type }) => cell_type === "markdown").map((cell) => [cell.source].flat().join(""));
  } catch {
    throw new Error(`checkNotes: ${path} is no notebook; expected a Markdown file or a notebook`);
  }
}
