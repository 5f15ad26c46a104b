/** The instructor's solutions as functions, and what becomes of them under each misconception. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import type { Exercise } from "../../src/course/exercises/exercise";
import { type Notebook, parseNotebook, sourceOf } from "../../src/course/notebook";
import type { Implementation, Misconception } from "../../src/equations/equation";
import { numericalGradient } from "../../src/gradcheck";
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

/** A misconception of an exercise that is made of equations, as a function to be called like the solution. */
export function misconceived(
  { parts = [], functionName }: Pick<Exercise, "parts" | "functionName">,
  misconception: Misconception,
  solution: Implementation,
): Implementation {
  const part = parts.find(({ misconceptions }) => misconceptions.includes(misconception));
  if (part === undefined) throw new Error(`${functionName} has no misconception ${misconception.id}`);
  const { parameters, result } = part;
  return (...args) => {
    const right = solution(...args);
    const known = symbolsOf(
      parameters.map(({ name }) => name),
      args,
      right,
    );
    const isRecord = !(right instanceof Matrix) && typeof right === "object";
    const answer = asMatrix(isRecord ? (right as Record<string, Matrix>)[result.name] : right);
    const wrong = misconception.wrong(answer, ...parameters.map(({ name }) => known[name]));
    if (isRecord) return { ...(right as object), [result.name]: wrong };
    return result.number ? wrong.data[0] : wrong;
  };
}

/** The arguments of a call by their names, also those that are in records, and results on which others depend. */
function symbolsOf(names: readonly string[], args: readonly unknown[], right: unknown): Record<string, Matrix> {
  if (typeof args[0] === "function") {
    const [loss, W, gradient] = args as [(W: Matrix) => number, Matrix, Matrix];
    return { W, gradient, truth: truthOf(loss, W, gradient) };
  }
  const positional = args.map((arg, k) => [names[k], asMatrix(arg)]);
  const inRecords = args.flatMap((arg) => (isRecord(arg) ? Object.entries(arg) : []));
  if (inRecords.length === 0) return Object.fromEntries(positional);
  const [X, Y, , , slope] = args;
  return { ...Object.fromEntries(inRecords), ...(right as object), X, Y, slope: asMatrix(slope) } as Record<
    string,
    Matrix
  >;
}

/** The true gradient: the handed entry itself where it is right, so that equal numbers are exactly equal. */
function truthOf(loss: (W: Matrix) => number, W: Matrix, gradient: Matrix): Matrix {
  const handed = gradient.data;
  return numericalGradient(loss, W).map((slope, i, j) => {
    const given = handed[i * W.cols + j];
    if (Math.abs(slope) < 1e-9) return 0;
    if (Math.abs(slope - given) < 1e-6) return given;
    return Math.abs(slope + given) < 1e-6 ? -given : slope;
  });
}

function isRecord(value: unknown): value is Record<string, Matrix> {
  return typeof value === "object" && value !== null && !Matrix.isMatrix(value);
}

function asMatrix(value: unknown): Matrix {
  return typeof value === "number" ? new Matrix(1, 1, Float64Array.of(value)) : (value as Matrix);
}
