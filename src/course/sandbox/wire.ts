/** Arguments and answers as JSON, and back. What comes from a student's process is checked field by field. */
import { Matrix } from "../../matrix";
import { missLoss } from "../miss-loss";
import type { Answer, Argument } from "../plain-data";

/** A matrix as JSON: its numbers' bytes in base64, since JSON knows neither NaN nor −0. */
interface WireMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: string;
}

/** A statement on the top level: of which cell, and which of it, both counted from 0. */
export interface Place {
  readonly cell: number;
  readonly statement: number;
}

/** What a student's process is asked to do. */
export interface Order {
  /** The student's notebook as one program. */
  readonly code: string;
  /** The statements that are left out because they did not end the last time. */
  readonly skip: readonly Place[];
  /** The functions to be called, with what, and how long that may take. */
  readonly tasks: readonly {
    readonly id: string;
    readonly functionName: string;
    readonly questions: unknown;
    readonly seconds: number;
  }[];
}

/** What a student's process says while it works. */
export type Message =
  | { readonly kind: "start" }
  | { readonly kind: "not run"; readonly why: string }
  | ({ readonly kind: "statement" } & Place)
  | { readonly kind: "cell failed"; readonly cell: number; readonly why: string }
  | { readonly kind: "begin"; readonly id: string }
  | { readonly kind: "missing"; readonly id: string }
  | { readonly kind: "answer"; readonly id: string; readonly index: number; readonly answer: Answer }
  /** All questions of a task have been asked, and some of the first again. */
  | { readonly kind: "asked"; readonly id: string }
  | { readonly kind: "end" };

/** Nothing that an exercise asks for is larger. */
const MOST_NUMBERS = 200_000;

/** The longest sentence that is passed on. */
const LONGEST = 500;

/** The arguments of all calls as JSON. */
export function encodeQuestions(questions: readonly (readonly Argument[])[]): unknown {
  return questions.map((args) =>
    args.map((arg) => {
      if (arg.kind === "matrix") return { kind: arg.kind, value: encodeMatrix(arg.value) };
      if (arg.kind === "record") return { kind: arg.kind, fields: mapped(arg.fields, encodeMatrix) };
      if (arg.kind === "loss") return { ...arg, X: encodeMatrix(arg.X), Y: encodeMatrix(arg.Y) };
      return arg;
    }),
  );
}

/** The arguments of all calls, from the parent's JSON; what students are not to see is out of their sight from then on. */
export function decodeQuestions(questions: unknown): Argument[][] {
  // biome-ignore lint/suspicious/noExplicitAny: it was made by encodeQuestions
  return (questions as any[][]).map((args) =>
    args.map((arg): Argument => {
      if (arg.kind === "matrix") return { kind: "matrix", value: decodeMatrix(arg.value) as Matrix };
      if (arg.kind === "record") {
        return { kind: "record", fields: mapped(arg.fields, (M) => decodeMatrix(M) as Matrix) };
      }
      if (arg.kind === "loss") {
        const [X, Y] = [arg.X, arg.Y].map((M) => decodeMatrix(M) as Matrix);
        return { kind: "function", value: missLoss(X, Y, arg.penalty) };
      }
      return arg;
    }),
  );
}

/** An answer as JSON. */
export function encodeAnswer(answer: Answer): unknown {
  if (answer.kind === "failure") return answer;
  if (answer.kind === "record") return { kind: answer.kind, fields: mapped(answer.fields, encodeValue) };
  return { kind: answer.kind, value: encodeValue(answer.value) };
}

/** A line from a student's process as a message; nothing if it is none, whatever it is. */
export function decodeMessage(line: string): Message | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { kind, cell, statement, id, index } = value;
  if (kind === "start" || kind === "end") return { kind };
  if (kind === "not run") return { kind, why: sentence(value.why) };
  if (kind === "statement" && isIndex(cell) && isIndex(statement)) return { kind, cell, statement };
  if (kind === "cell failed" && isIndex(cell)) return { kind, cell, why: sentence(value.why) };
  if (typeof id !== "string") return undefined;
  if (kind === "begin" || kind === "missing" || kind === "asked") return { kind, id };
  if (kind === "answer" && isIndex(index)) {
    const answer = decodeAnswer(value.answer);
    return answer && { kind, id, index, answer };
  }
  return undefined;
}

/** A message as it was before it went from one thread to another, which keeps a Matrix's numbers and not what it is. */
export function revived(message: Message): Message {
  if (message.kind !== "answer") return message;
  const { answer } = message;
  if (answer.kind === "matrix") return { ...message, answer: { kind: "matrix", value: matrixOf(answer.value) } };
  if (answer.kind !== "record") return message;
  const fields = mapped(answer.fields, (value) => (typeof value === "number" ? value : matrixOf(value)));
  return { ...message, answer: { kind: "record", fields } };
}

function matrixOf({ rows, cols, data }: Pick<Matrix, "rows" | "cols" | "data">): Matrix {
  return new Matrix(rows, cols, data);
}

function decodeAnswer(value: unknown): Answer | undefined {
  if (!isRecord(value)) return undefined;
  if (value.kind === "failure") {
    return {
      kind: "failure",
      why: sentence(value.why),
      ...(value.notWritten === true && { notWritten: true as const }),
    };
  }
  if (value.kind === "record" && isRecord(value.fields)) {
    const fields: Record<string, Matrix | number> = {};
    for (const [name, field] of Object.entries(value.fields).slice(0, 40)) {
      const decoded = decodeValue(field);
      if (decoded !== undefined && name !== "__proto__") fields[name] = decoded;
    }
    return { kind: "record", fields };
  }
  const decoded = decodeValue(value.value);
  if (value.kind === "number" && typeof decoded === "number") return { kind: "number", value: decoded };
  return value.kind === "matrix" && typeof decoded === "object" ? { kind: "matrix", value: decoded } : undefined;
}

function encodeValue(value: Matrix | number): unknown {
  if (typeof value !== "number") return encodeMatrix(value);
  return { number: encodeMatrix(new Matrix(1, 1, Float64Array.of(value))) };
}

function decodeValue(value: unknown): Matrix | number | undefined {
  return isRecord(value) && value.number !== undefined ? decodeMatrix(value.number)?.data[0] : decodeMatrix(value);
}

function encodeMatrix({ rows, cols, data }: Matrix): WireMatrix {
  return { rows, cols, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64") };
}

function decodeMatrix(value: unknown): Matrix | undefined {
  if (!isRecord(value)) return undefined;
  const { rows, cols, data } = value;
  if (!isIndex(rows) || !isIndex(cols) || rows < 1 || cols < 1 || rows * cols > MOST_NUMBERS) return undefined;
  if (typeof data !== "string") return undefined;
  const bytes = Buffer.from(data, "base64");
  if (bytes.length !== rows * cols * 8) return undefined;
  return new Matrix(rows, cols, new Float64Array(new Uint8Array(bytes).buffer));
}

function mapped<A, B>(fields: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, f(value)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isIndex(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 1e9;
}

/** Text out of a student's process, without what could disturb a terminal. */
function sentence(value: unknown): string {
  const text = typeof value === "string" ? value : "something that is not text";
  return text.slice(0, LONGEST).replace(/[\p{Cc}\p{Cf}]/gu, " ");
}
