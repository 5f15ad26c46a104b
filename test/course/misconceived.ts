/** What becomes of a solution under a misconception. */
import type { Exercise } from "../../src/course/exercises/exercise";
import type { Implementation, Misconception } from "../../src/equations/equation";
import { numericalGradient } from "../../src/gradcheck";
import { Matrix } from "../../src/matrix";

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
    const isRecord = !Matrix.isMatrix(right) && typeof right === "object";
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
