/** Notebook files as the course's tools read them: nbformat 4, and nbformat 3 made into it. Hostile files are expected. */

/** A cell as the tools use it. */
export interface Cell {
  readonly cell_type: string;
  readonly id?: string;
  readonly source: string | readonly string[];
  readonly metadata: { readonly nbgrader?: GradeMetadata };
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
}

/** What nbgrader notes in a cell. */
export interface GradeMetadata {
  readonly grade_id: string;
  readonly grade?: boolean;
  readonly solution?: boolean;
  readonly locked?: boolean;
  readonly points?: number;
  readonly schema_version?: number;
  /** Whether it is a task that is described and not written; there are none here, but nbgrader wants to hear so. */
  readonly task?: boolean;
}

/** A notebook as the tools use it. */
export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: { readonly kernelspec?: { readonly name?: string } };
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** A file that is no notebook; the message is a sentence for the student. */
export class NotANotebook extends Error {}

/** The most cells that are looked at. */
const MOST_CELLS = 2_000;

/** The longest source of a cell that is looked at, in characters. */
const LONGEST_SOURCE = 200_000;

/**
 * Reads a notebook, keeping only what the tools use. Nothing in it is trusted.
 *
 * @param text the file's contents
 * @throws NotANotebook
 */
export function parseNotebook(text: string): Notebook {
  if (text.trim() === "") throw new NotANotebook("The file is empty.");
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new NotANotebook(`The file is not a notebook: ${reasonOf(error as SyntaxError, text)}`);
  }
  if (!isRecord(value)) throw new NotANotebook("The file is not a notebook: its JSON is not an object.");
  const cells = cellsOf(value);
  if (cells === undefined) throw new NotANotebook("The file is not a notebook: it has no list of cells.");
  return {
    cells: cells.slice(0, MOST_CELLS).flatMap(readCell),
    metadata: kernelOf(value.metadata),
    nbformat: typeof value.nbformat === "number" ? value.nbformat : 4,
    nbformat_minor: typeof value.nbformat_minor === "number" ? value.nbformat_minor : 0,
  };
}

/** Why a text is no JSON. */
function reasonOf({ message }: SyntaxError, text: string): string {
  if (!/^[{[]/.test(text.trimStart())) return "it is not JSON, which would begin with a brace.";
  const position = Number(/position (\d+)/.exec(message)?.[1]);
  if (position >= text.length || /unterminated|end of json/i.test(message)) {
    return "it is not complete JSON. Was it cut off on its way?";
  }
  if (Number.isNaN(position)) return "it is not JSON, although it begins like it.";
  return `it is not JSON; line ${text.slice(0, position).split("\n").length} is where that shows.`;
}

/** The source of a cell as one text. */
export function sourceOf({ source }: Pick<Cell, "source">): string {
  return typeof source === "string" ? source : source.join("");
}

/** The name by which a cell of a submission is matched to the master's: its grade id. */
export function gradeIdOf(cell: Cell): string | undefined {
  return cell.metadata.nbgrader?.grade_id;
}

/** The questions of an assignment that a person reads the answers of. */
export function writtenQuestions(master: Notebook | undefined): { readonly id: string; readonly points: number }[] {
  return (master?.cells ?? []).flatMap(({ cell_type, metadata: { nbgrader } }) =>
    cell_type === "markdown" && nbgrader?.grade ? [{ id: nbgrader.grade_id, points: nbgrader.points ?? 0 }] : [],
  );
}

/** A text as nbformat writes sources: a list of lines that keep their ends. */
export function sourceLines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/** nbformat 4 has cells; nbformat 3 had worksheets of cells. */
function cellsOf(value: Record<string, unknown>): unknown[] | undefined {
  if (Array.isArray(value.cells)) return value.cells;
  if (!Array.isArray(value.worksheets)) return undefined;
  return value.worksheets.flatMap((sheet) => (isRecord(sheet) && Array.isArray(sheet.cells) ? sheet.cells : []));
}

function readCell(value: unknown): Cell[] {
  if (!isRecord(value) || !isName(value.cell_type)) return [];
  const source = textIn(value.source ?? value.input);
  if (source === undefined) return [];
  const nbgrader = readGradeMetadata(isRecord(value.metadata) ? value.metadata.nbgrader : undefined);
  return [
    {
      cell_type: value.cell_type,
      ...(isName(value.id) && { id: value.id }),
      source,
      metadata: nbgrader === undefined ? {} : { nbgrader },
    },
  ];
}

/** Of a notebook's metadata the kernel's name; others may be nested so deeply that nothing can write them again. */
function kernelOf(metadata: unknown): Notebook["metadata"] {
  const kernel = isRecord(metadata) ? metadata.kernelspec : undefined;
  const name = isRecord(kernel) ? kernel.name : undefined;
  return isName(name) ? { kernelspec: { name } } : {};
}

function readGradeMetadata(value: unknown): GradeMetadata | undefined {
  if (!isRecord(value) || !isName(value.grade_id)) return undefined;
  return {
    grade_id: value.grade_id,
    grade: value.grade === true,
    solution: value.solution === true,
    locked: value.locked === true,
    ...(typeof value.points === "number" && { points: value.points }),
    ...(typeof value.schema_version === "number" && { schema_version: value.schema_version }),
    task: value.task === true,
  };
}

function textIn(value: unknown): string | undefined {
  if (typeof value === "string") return value.slice(0, LONGEST_SOURCE);
  if (!Array.isArray(value)) return undefined;
  return value
    .filter((line): line is string => typeof line === "string")
    .join("")
    .slice(0, LONGEST_SOURCE);
}

/** Whether a value is a text of a length that a name may have; notebooks' own are far shorter. */
function isName(value: unknown): value is string {
  return typeof value === "string" && value.length <= 100;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
