/** Answers the requests that need the learner's code or its types: the kernel's side of the protocol. */
import type { CellCompiler } from "../compiler/compiler";
import { complete, completeness, inspect } from "../compiler/inquiries";
import { Cell, type Cells } from "./cell";
import { codePointToUnit, unitToCodePoint } from "./code-points";
import type { LateErrors } from "./late-errors";
import type { MimeBundle } from "./mime";
import type { Output } from "./output";
import type { Request } from "./protocol";
import type { CellRunner, Outcome } from "./runner";
import type { ErrorReport, Reporter } from "./traceback";

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
  allow_stdin?: boolean;
}

/** What a front end wants to know of a position in a text. */
interface Place {
  code: string;
  cursor_pos: number;
  detail_level?: number;
}

/** Answers requests one after the other. */
export class Handler {
  readonly #runner: CellRunner;
  readonly #compiler: CellCompiler;
  readonly #cells: Cells;
  readonly #output: Output;
  readonly #lateErrors: LateErrors;
  readonly #reporter: Reporter;
  #count = 0;

  constructor(
    runner: CellRunner,
    compiler: CellCompiler,
    cells: Cells,
    output: Output,
    lateErrors: LateErrors,
    reporter: Reporter,
  ) {
    this.#runner = runner;
    this.#compiler = compiler;
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
        return reply("complete_reply", this.#complete(content as unknown as Place));
      case "inspect_request":
        return reply("inspect_reply", this.#inspect(content as unknown as Place));
      case "is_complete_request":
        return reply("is_complete_reply", { ...completeness(String(content.code)) });
      default:
        return undefined;
    }
  }

  async #execute(header: Request["header"], content: ExecuteContent): Promise<Reply> {
    const {
      code,
      silent = false,
      store_history = true,
      user_expressions = {},
      stop_on_error = true,
      allow_stdin = false,
    } = content;
    if (!silent && store_history) this.#count++;
    const count = this.#count;
    const cell = new Cell(header, count, silent, allow_stdin);
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
    const text = inspect(this.#compiler, name, name.length) ?? `Nothing is known of ${name}.`;
    return [{ source: "page", data: { "text/plain": text }, start: 0 }];
  }

  /** The values that a front end wants to know after a cell. */
  async #evaluate(cell: Cell, expressions: Record<string, string>): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries(expressions)) {
      values[name] = described(await this.#runner.run(cell, `(${expression})`), this.#reporter);
    }
    return values;
  }

  #complete({ code, cursor_pos }: Place): Record<string, unknown> {
    const { start, end, matches } = complete(this.#compiler, code, codePointToUnit(code, cursor_pos));
    return {
      matches,
      cursor_start: unitToCodePoint(code, start),
      cursor_end: unitToCodePoint(code, end),
      metadata: {},
    };
  }

  #inspect({ code, cursor_pos, detail_level }: Place): Record<string, unknown> {
    const found = inspect(this.#compiler, code, codePointToUnit(code, cursor_pos), detail_level === 1);
    return { found: found !== undefined, data: found === undefined ? {} : { "text/plain": found }, metadata: {} };
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
