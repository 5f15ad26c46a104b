/** What a cell puts out while it runs: printed text, displayed bundles, updates of them. */
import { Console } from "node:console";
import { Writable } from "node:stream";
import type { MessagePort } from "node:worker_threads";
import ts from "typescript";
import type { Cell, Cells } from "./cell";
import type { RunState, ToSwitchboard } from "./protocol";
import { installTslab } from "./tslab";

/** Node's own: not one that a cell's callback is told apart by. */
const { nextTick } = process;

/** The hook for live output, for libraries that are used in cells: `globalThis[Symbol.for("Jupyter.broadcast")]`. */
type Broadcast = (
  msgType: "display_data" | "update_display_data" | "clear_output",
  content: Record<string, unknown>,
) => void;

/**
 * Sends output to the front ends, on behalf of the cell that it comes from.
 *
 * All of it leaves at once, since the switchboard sends it from a thread of its own: also out of a loop that
 * doesn't let go of the main thread.
 */
export class Output {
  readonly #port: Pick<MessagePort, "postMessage">;
  readonly #cells: Cells;
  readonly #state: RunState;
  /** Callbacks of what was written in this turn. */
  readonly #written: (() => void)[] = [];

  /** @param port to the switchboard */
  constructor(port: Pick<MessagePort, "postMessage">, cells: Cells, state: RunState) {
    this.#port = port;
    this.#cells = cells;
    this.#state = state;
  }

  /** From now on, all that is printed or displayed in this process is a cell's output. */
  install(): void {
    loadConsole();
    this.#takeOver(process.stdout, "stdout");
    this.#takeOver(process.stderr, "stderr");
    installTslab(ts.version, (data, update) =>
      this.#fromCell(update ? "update_display_data" : "display_data", { ...data }),
    );
    const broadcast: Broadcast = (msgType, content) =>
      this.#fromCell(msgType, { metadata: {}, transient: {}, ...content });
    Object.assign(globalThis, { [Symbol.for("Jupyter.broadcast")]: broadcast });
  }

  /** Sends a message on behalf of `cell`. */
  send(cell: Cell | undefined, msgType: string, content: Record<string, unknown>): void {
    if (!cell?.silent) {
      this.#port.postMessage({ type: "publish", parent: cell?.header, msgType, content } satisfies ToSwitchboard);
    }
  }

  /** Sends text to a stream on behalf of `cell`. */
  print(cell: Cell | undefined, name: "stdout" | "stderr", text: string): void {
    if (text !== "" && !cell?.silent) {
      this.send(cell, "stream", { name, text });
      this.#state.sending(text.length);
    }
  }

  #fromCell(msgType: string, content: Record<string, unknown>): void {
    const cell = this.#cells.current;
    cell?.throwIfStopped();
    this.send(cell, msgType, content);
  }

  /** Calls back once all is done that is being done: one tick for many lines. */
  #tellWritten(done: () => void): void {
    if (this.#written.push(done) === 1) {
      nextTick(() => {
        for (const callback of this.#written.splice(0)) callback();
      });
    }
  }

  #takeOver(stream: NodeJS.WriteStream, name: "stdout" | "stderr"): void {
    const decoder = new TextDecoder();
    const write = (
      chunk: string | Uint8Array,
      encoding?: BufferEncoding | ((error?: Error) => void),
      written?: (error?: Error) => void,
    ): boolean => {
      const cell = this.#cells.current;
      cell?.throwIfStopped();
      this.print(cell, name, typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
      const done = typeof encoding === "function" ? encoding : written;
      if (done) this.#tellWritten(done);
      return true;
    };
    stream.write = write as typeof stream.write;
  }
}

/** Node loads parts of its console when something is first printed. If a signal came then, they would be broken for good. */
function loadConsole(): void {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  new Console(nowhere).log({});
}
