/** What a cell puts out while it runs: printed text, displayed bundles, updates of them. */
import type { Cell, Cells } from "./cell";
import type { KernelHost } from "./host";

/** The hook for live output, for libraries that are used in cells: `globalThis[Symbol.for("Jupyter.broadcast")]`. */
type Broadcast = (
  msgType: "display_data" | "update_display_data" | "clear_output",
  content: Record<string, unknown>,
) => void;

/**
 * Sends output to the front ends, on behalf of the cell that it comes from.
 *
 * All of it leaves at once, since the front ends are served from another thread: also out of a loop that doesn't let go of
 * this one.
 */
export class Output {
  readonly #host: KernelHost;
  readonly #cells: Cells;

  constructor(host: KernelHost, cells: Cells) {
    this.#host = host;
    this.#cells = cells;
  }

  /** From now on, libraries that are used in cells can show what changes while a cell runs. */
  install(): void {
    const broadcast: Broadcast = (msgType, content) => this.show(msgType, { metadata: {}, transient: {}, ...content });
    Object.assign(globalThis, { [Symbol.for("Jupyter.broadcast")]: broadcast });
  }

  /** Sends a message on behalf of `cell`. */
  send(cell: Cell | undefined, msgType: string, content: Record<string, unknown>): void {
    if (!cell?.silent) {
      this.#host.post({ type: "publish", parent: cell?.header, msgType, content });
    }
  }

  /** Sends text to a stream on behalf of `cell`. */
  print(cell: Cell | undefined, name: "stdout" | "stderr", text: string): void {
    if (text !== "" && !cell?.silent) {
      this.send(cell, "stream", { name, text });
      this.#host.state.sending(text.length);
    }
  }

  /** Sends text that the code at work prints. */
  printed(name: "stdout" | "stderr", text: string): void {
    const cell = this.#cells.current;
    cell?.throwIfStopped();
    this.print(cell, name, text);
  }

  /** Sends a message on behalf of the code at work. */
  show(msgType: string, content: Record<string, unknown>): void {
    const cell = this.#cells.current;
    cell?.throwIfStopped();
    this.send(cell, msgType, content);
  }
}
