/** Runs cells with tslab's executor, one at a time, and says what came of each. */
import type { Cell, Cells } from "./cell";
import type { CellConverter } from "./converter";
import { guardWithReactions } from "./guard";
import { type MimeBundle, mimeBundle } from "./mime";
import type { ProjectModules } from "./modules";
import { KERNEL, type RunState } from "./protocol";
import { createExecutor, type Executor } from "./tslab";

/** What came of a cell: how the value of its last expression is shown, if it has one, or what it failed with. */
export type Outcome = { ok: true; bundle: MimeBundle | undefined } | { ok: false; error: unknown };

/** tslab's executor, with its results and errors as values instead of printed text. */
export class CellRunner {
  readonly #converter: CellConverter;
  readonly #cells: Cells;
  readonly #state: RunState;
  /** tslab's executor, which the handler asks for completions. */
  readonly executor: Executor;
  #shown: { value: unknown } | undefined;
  #failure: { error: unknown } | undefined;

  /** @param root the project's folder */
  constructor(root: string, converter: CellConverter, modules: ProjectModules, cells: Cells, state: RunState) {
    this.#converter = converter;
    this.#cells = cells;
    this.#state = state;
    const converters = { node: converter, browser: converter, close: () => converter.close() };
    this.executor = createExecutor(root, converters, {
      log: (value) => {
        this.#shown = { value };
      },
      // Either what was thrown, or a format with values: what is wrong with a cell that begins with "@module".
      error: (error, ...values) => {
        if (values.length > 0) {
          console.error(error, ...values);
        } else {
          this.#failure = { error };
        }
      },
    });
    // What tslab's wrapper around a cell's code hands to it: its own `require` knows neither folders nor edits.
    Object.assign(globalThis, { __tslab__: { exports: this.executor.locals, require: modules.require } });
  }

  /** Runs `source` on behalf of `cell`. Never rejects. */
  run(cell: Cell, source: string): Promise<Outcome> {
    return new Promise((resolve) => {
      const before = { ...this.executor.locals };
      let running = true;
      const end = (outcome: Outcome) => {
        if (running) {
          running = false;
          this.#state.phase = KERNEL;
          this.#settle(outcome.ok, before);
          resolve(outcome);
        }
      };
      cell.fail = (error) => {
        if (running) {
          end({ ok: false, error });
          this.executor.interrupt(); // it must not go on waiting, and take the cell's end for its own later
        }
      };
      this.#execute(cell, source).then((outcome) => {
        if (!cell.stopped) {
          end(outcome);
        }
      });
    });
  }

  /**
   * Keeps the names that the cell declared. The compiler's output sets all of them to `undefined` first: those that a
   * failed cell didn't get to have their old values again.
   */
  #settle(ok: boolean, before: Record<string, unknown>): void {
    if (ok) {
      this.#converter.succeeded();
      return;
    }
    const { locals } = this.executor;
    const reached = new Set(Object.keys(locals).filter((name) => locals[name] !== undefined));
    this.#converter.failed((name) => reached.has(name));
    for (const [name, value] of Object.entries(before)) {
      if (locals[name] === undefined) {
        locals[name] = value;
      }
    }
  }

  async #execute(cell: Cell, source: string): Promise<Outcome> {
    this.#shown = undefined;
    this.#failure = undefined;
    this.#converter.input = { cell, source };
    try {
      const executed = this.#cells.within(cell, () => this.executor.execute(source));
      executed.catch(() => {}); // it is awaited below, after more code of the cell's
      if (this.#cells.isInterruption(this.#reported())) {
        this.#cells.signalled(cell);
      }
      // The reactions to promises that are due after the cell's own code; a loop may be in one of them.
      this.#cells.drain(cell);
      if (await executed) {
        await nextTurn();
        const value = this.#value();
        const bundle =
          value !== undefined && this.#cells.within(cell, () => guardWithReactions(() => mimeBundle(value)));
        return { ok: true, bundle: bundle ? ((await bundle) as MimeBundle) : undefined };
      }
      return { ok: false, error: this.#reported() };
    } catch (error) {
      if (this.#cells.isInterruption(error)) {
        this.#cells.signalled(cell);
      }
      return { ok: false, error };
    }
  }

  /** What tslab's executor said of a failure. */
  #reported(): unknown {
    return this.#failure?.error;
  }

  /** The value of the last expression. tslab says nothing of a null. */
  #value(): unknown {
    const name = this.#converter.lastExpression;
    if (this.#shown) {
      return this.#shown.value;
    }
    const { locals } = this.executor;
    const value = name ? locals[name] : undefined;
    if (name) {
      delete locals[name];
    }
    return value;
  }
}

const { setImmediate: later } = globalThis;

/** After this, Node has told of the promises that were rejected and that nobody handles. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    later(resolve);
  });
}
