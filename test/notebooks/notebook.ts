/** The tutorial's notebooks, as files. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { buildKernel } from "../../src/kernel/build.mjs";

export const root = resolve(import.meta.dirname, "../..");

export interface Output {
  output_type: "stream" | "display_data" | "execute_result" | "error";
  name?: string;
  text?: string | string[];
  data?: Record<string, unknown>;
  ename?: string;
  evalue?: string;
}

export interface Cell {
  id: string;
  cell_type: "markdown" | "code";
  source: string | string[];
  metadata: { tags?: string[] };
  execution_count?: number | null;
  outputs?: Output[];
}

export interface Notebook {
  cells: Cell[];
  metadata: { kernelspec: { name: string }; language_info: object };
  nbformat: number;
  nbformat_minor: number;
}

/** The names of the tutorial's notebooks, in reading order. */
export const names = readdirSync(join(root, "notebooks"))
  .filter((file) => /^\d\d-.*\.ipynb$/.test(file))
  .sort();

export function read(path: string): Notebook {
  return JSON.parse(readFileSync(path, "utf8")) as Notebook;
}

export function textOf(source: string | string[] | undefined): string {
  return Array.isArray(source) ? source.join("") : (source ?? "");
}

export function codeCells(notebook: Notebook): Cell[] {
  return notebook.cells.filter((cell) => cell.cell_type === "code");
}

/** Everything that a cell printed or showed as text. */
export function printed(cell: Cell): string {
  return (cell.outputs ?? [])
    .map((output) => textOf(output.text) + textOf(output.data?.["text/plain"] as string | undefined))
    .join("\n");
}

/** The marks of the verdicts that a cell shows: "✓" or "✗". */
export function verdicts(cell: Cell): string[] {
  return [...printed(cell).matchAll(/^([✓✗]) (?:E\d+ |backward)/gm)].map((match) => match[1]);
}

/** Whether the text around a cell says that its verdict should be ✗. */
export function mayFail(cell: Cell): boolean {
  return (cell.metadata.tags ?? []).some((tag) => tag === "wrong-on-purpose" || tag === "your-turn");
}

/** Executes notebooks of a copy of the project, or of the project itself, and writes the results into a folder. */
export async function execute(
  project: string,
  notebooks: readonly string[],
  out: string,
): Promise<{ code: number; said: string }> {
  if (project === root) await buildKernel(root);
  const python = join(root, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const program = join(project, "src/setup/execute_notebooks.py");
  const paths = notebooks.map((name) => join(project, "notebooks", name));
  const path = [join(project, "jupyter"), join(root, ".venv/share/jupyter")].join(delimiter);
  const child = spawn(python, [program, ...paths, "--out", out], {
    cwd: project,
    env: { ...process.env, JUPYTER_PATH: path, JUPYTER_PREFER_ENV_PATH: "0", PYTHONUTF8: "1" },
  });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  child.stderr.on("data", (data) => (said += data));
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => done({ code: code ?? -1, said }));
  });
}
