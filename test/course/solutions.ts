/** The instructor's solutions as functions. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import type { Exercise } from "../../src/course/exercises/exercise";
import { type Notebook, parseNotebook, sourceOf } from "../../src/course/notebook";
import type { Implementation } from "../../src/equations/equation";
import { Matrix } from "../../src/matrix";
import { Random } from "../../src/random";

export const root = resolve(import.meta.dirname, "../..");
const folder = join(root, "notebooks/instructor");

/** The instructor's notebooks by the name of their assignment. */
export const instructorNotebooks: ReadonlyMap<string, Notebook> = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => [name.slice(0, -6), parseNotebook(readFileSync(join(folder, name), "utf8"))]),
);

/** All functions of an assignment's given cells and solutions, by their names. */
export function functionsOf(notebook: Notebook): Record<string, Implementation> {
  const cells = notebook.cells.filter(({ cell_type, metadata }) => cell_type === "code" && metadata.nbgrader);
  const code = cells
    .filter(({ metadata }) => metadata.nbgrader?.grade !== true)
    .map(sourceOf)
    .filter((source) => !source.startsWith("import "))
    .join("\n");
  const names = [...code.matchAll(/^function (\w+)/gm)].map((match) => match[1]);
  const { outputText } = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  return new Function("Matrix", "Random", `${outputText}\nreturn { ${names.join(", ")} };`)(Matrix, Random);
}

/** The instructor's solution of an exercise. */
export function solutionOf(exercise: Exercise): Implementation {
  const notebook = instructorNotebooks.get(exercise.assignment) as Notebook;
  return functionsOf(notebook)[exercise.functionName];
}
