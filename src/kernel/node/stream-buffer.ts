/** Joins pieces of printed text into fewer messages, without keeping a first line waiting. */
import type { Header } from "../core/protocol";

/** The least time between two messages of text, in ms. */
const PAUSE = 25;

/** Text on its way to the front ends. A new text after a pause goes out at once; what follows closely is collected. */
export class StreamBuffer {
  readonly #send: (parent: Header | undefined, name: string, text: string) => void;
  #parent: Header | undefined;
  #name = "";
  #pieces: string[] = [];
  #lastSent = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param send sends `text` to the stream `name` ("stdout" or "stderr") of the cell that `parent` asked to run */
  constructor(send: (parent: Header | undefined, name: string, text: string) => void) {
    this.#send = send;
  }

  /** Takes `text`, which leaves now or within {@link PAUSE}. */
  add(parent: Header | undefined, name: string, text: string): void {
    if (this.#name !== name || this.#parent?.msg_id !== parent?.msg_id) {
      this.flush();
      this.#parent = parent;
      this.#name = name;
    }
    this.#pieces.push(text);
    const pause = this.#lastSent + PAUSE - performance.now();
    if (pause <= 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), pause);
  }

  /** Sends what was collected. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pieces.length > 0) {
      const text = this.#pieces.join("");
      this.#pieces = [];
      this.#lastSent = performance.now();
      this.#send(this.#parent, this.#name, text);
    }
  }
}
