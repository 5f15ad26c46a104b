/** Answers the requests that need the learner's code or its types: the main thread's side of the protocol. */
import { Cell, type Cells } from "./cell";
import { codePointToUnit, unitToCodePoint } from "./code-points";
import { History } from "./history";
import type { LateErrors } from "./late-errors";
import type { MimeBundle } from "./mime";
import type { Output } from "./output";
import type { Request } from "./protocol";
import type { CellRunner, Outcome } from "./runner";
import type { ErrorReport, Reporter } from "./traceback";
import { compiler, isCompleteCode, JupyterHandlerImpl } from "./tslab";

/** A reply's type and content, and whether the cells that wait behind it shall not run. */
export interface Reply {
  msgType: string;
  content: Record<string, unknown>;
  abortQueued: boolean;
}

/** What an `execute_request` says. */
interface ExecuteContent {
  code: string;
  silent?: boolean;
  store_history?: boolean;
  user_expressions?: Record<string, string>;
  stop_on_error?: boolean;
}

/**
 * tslab's handler, with an execution of its own. tslab's would print results and errors to a stream, leave cells out that
 * come within 200 ms of a failure, and knows nothing of history and expressions.
 */
export class Handler extends JupyterHandlerImpl {
  readonly #runner: CellRunner;
  readonly #cells: Cells;
  readonly #output: Output;
  readonly #lateErrors: LateErrors;
  readonly #reporter: Reporter;
  readonly #history = new History();
  #count = 0;

  constructor(runner: CellRunner, cells: Cells, output: Output, lateErrors: LateErrors, reporter: Reporter) {
    super(runner.executor, false);
    this.#runner = runner;
    this.#cells = cells;
    this.#output = output;
    this.#lateErrors = lateErrors;
    this.#reporter = reporter;
  }

  /** The reply to `request`; nothing if there is none to this type. */
  async answer({ header, content }: Request): Promise<Reply | undefined> {
    switch (header.msg_type) {
      case "execute_request":
        return this.#execute(header, content as unknown as ExecuteContent);
      case "complete_request":
        return reply("complete_reply", this.#complete(content as { code: string; cursor_pos: number }));
      case "inspect_request":
        return reply("inspect_reply", { ...this.#inspect(content as { code: string; cursor_pos: number }) });
      case "is_complete_request":
        return reply("is_complete_reply", isComplete(String(content.code)));
      case "history_request":
        return reply("history_reply", { status: "ok", history: this.#history.answer(content) });
      default:
        return undefined;
    }
  }

  async #execute(header: Request["header"], content: ExecuteContent): Promise<Reply> {
    const { code, silent = false, store_history = true, user_expressions = {}, stop_on_error = true } = content;
    if (!silent && store_history) {
      this.#count++;
      this.#history.add(this.#count, code);
    }
    const count = this.#count;
    const cell = new Cell(header, count, silent);
    this.#cells.begin(cell);
    this.#output.send(cell, "execute_input", { code, execution_count: count });
    this.#lateErrors.tell();
    try {
      const question = QUESTION.exec(code);
      if (question) {
        return reply("execute_reply", {
          execution_count: count,
          user_expressions: {},
          payload: this.#page(question[1]),
        });
      }
      const outcome = await this.#runner.run(cell, code);
      if (!outcome.ok) {
        const report = this.#reporter.report(outcome.error);
        this.#output.send(cell, "error", { ...report });
        const failed = { status: "error", execution_count: count, ...report };
        return { msgType: "execute_reply", content: failed, abortQueued: stop_on_error };
      }
      if (outcome.bundle) {
        this.#history.addOutput(count, outcome.bundle["text/plain"]);
        this.#output.send(cell, "execute_result", { execution_count: count, data: outcome.bundle, metadata: {} });
      }
      const expressions = await this.#evaluate(cell, user_expressions);
      return reply("execute_reply", { execution_count: count, user_expressions: expressions, payload: [] });
    } finally {
      cell.ended = true;
    }
  }

  /** What is known of `name`, for the front end's pager. */
  #page(name: string): object[] {
    const { found, data } = this.#inspect({ code: name, cursor_pos: [...name].length });
    const page = found ? data : { "text/plain": `Nothing is known of ${name}.` };
    return [{ source: "page", data: page, start: 0 }];
  }

  /** The values that a front end wants to know after a cell. */
  async #evaluate(cell: Cell, expressions: Record<string, string>): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries(expressions)) {
      values[name] = described(await this.#runner.run(cell, `(${expression})`), this.#reporter);
    }
    return values;
  }

  #complete({ code, cursor_pos }: { code: string; cursor_pos: number }): Record<string, unknown> {
    const position = codePointToUnit(code, cursor_pos);
    const { cursor_start, cursor_end, ...rest } = this.handleComplete({ code, cursor_pos: position });
    return {
      ...rest,
      cursor_start: unitToCodePoint(code, cursor_start),
      cursor_end: unitToCodePoint(code, cursor_end),
    };
  }

  #inspect({ code, cursor_pos }: { code: string; cursor_pos: number }) {
    return this.handleInspect({ code, cursor_pos: codePointToUnit(code, cursor_pos), detail_level: 0 });
  }
}

/** A cell that asks what a name is, as in other kernels: `softmax?` */
const QUESTION = /^\s*([\p{L}_$][\p{L}\p{N}_$.]*)\?\s*$/u;

function reply(msgType: string, content: Record<string, unknown>): Reply {
  return { msgType, content: { status: "ok", ...content }, abortQueued: false };
}

function described(
  outcome: Outcome,
  reporter: Reporter,
): { status: "ok"; data: MimeBundle; metadata: object } | ({ status: "error" } & ErrorReport) {
  return outcome.ok
    ? { status: "ok", data: outcome.bundle ?? { "text/plain": "undefined" }, metadata: {} }
    : { status: "error", ...reporter.report(outcome.error) };
}

/** Whether a console should run `code` or wait for more lines of it. tslab doesn't tell wrong code from unfinished. */
function isComplete(code: string): { status: string; indent?: string } {
  const { completed, indent } = isCompleteCode(code);
  if (!completed) {
    return { status: "incomplete", indent: indent ?? "" };
  }
  const { parseDiagnostics } = compiler.createSourceFile("cell.ts", code, compiler.ScriptTarget.Latest) as unknown as {
    parseDiagnostics: { code: number }[];
  };
  if (parseDiagnostics.length === 0) {
    return { status: "complete" };
  }
  return parseDiagnostics.some((diagnostic) => UNTERMINATED.has(diagnostic.code))
    ? { status: "incomplete", indent: "" }
    : { status: "invalid" };
}

/** An unterminated template literal, and a comment without its end. */
const UNTERMINATED = new Set([1160, 1010]);
