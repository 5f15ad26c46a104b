/** Errors that nobody caught: in a timer's callback, in a promise that nobody awaits. None is swallowed. */
import { type Cell, type Cells, Interrupted } from "./cell";
import type { KernelHost } from "./host";
import type { Output } from "./output";
import type { Reporter } from "./traceback";

/**
 * Shows errors at the cell that they come from. A cell that is still running fails. For one that has ended, an `error` is
 * added to its output; since a program that executes notebooks listens to the running cell only, that one is told too.
 */
export class LateErrors {
  readonly #host: Pick<KernelHost, "onUncaught" | "complain">;
  readonly #cells: Cells;
  readonly #output: Output;
  readonly #reporter: Reporter;
  /** What happened while no cell was running. */
  #untold: string[] = [];

  constructor(host: Pick<KernelHost, "onUncaught" | "complain">, cells: Cells, output: Output, reporter: Reporter) {
    this.#host = host;
    this.#cells = cells;
    this.#output = output;
    this.#reporter = reporter;
  }

  /** Hears of every error that the host finds uncaught. */
  install(): void {
    this.#host.onUncaught((error) => this.failed(this.#cells.current, error));
  }

  /** `error` came out of what `cell` started. */
  failed(cell: Cell | undefined, error: unknown): void {
    if (error instanceof Interrupted || this.#cells.isInterruption(error)) {
      return; // the cell is told of it already
    }
    if (!cell) {
      this.#host.complain(`${this.#reporter.report(error).traceback.join("\n")}\n`);
      return;
    }
    if (!cell.ended) {
      cell.fail(error);
      return;
    }
    const report = this.#reporter.report(error);
    this.#output.send(cell, "error", { ...report });
    this.#untold.push(`After cell [${cell.count}] had ended: ${report.traceback.join("\n")}\n`);
    this.tell();
  }

  /** Tells the running cell, if there is one, of what came out of earlier ones. */
  tell(): void {
    const { running } = this.#cells;
    if (running) {
      this.#output.print(running, "stderr", this.#untold.join(""));
      this.#untold = [];
    }
  }
}
