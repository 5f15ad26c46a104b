/** Sends messages on a ZeroMQ socket one after the other: zeromq.js refuses one that comes while another is on its way. */

type Frames = (string | Uint8Array)[];

/** A socket that can be written to. */
interface Writable {
  send(frames: Frames): Promise<void>;
  close(): void;
}

/** The messages that are to leave by one socket. */
export class Outbox {
  readonly #socket: Writable;
  readonly #waiting: Frames[] = [];
  #sending: Promise<void> | undefined;
  #closed = false;

  /** @param socket written to by nobody else */
  constructor(socket: Writable) {
    this.#socket = socket;
  }

  /** Sends `frames` after all before them; at once, if there are none. After {@link close}, nobody hears of them. */
  send(frames: Frames): void {
    if (!this.#closed) {
      this.#waiting.push(frames);
      this.#sending ??= this.#sendAll();
    }
  }

  /** Sends what waits, and nothing after it, and closes the socket. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#sending;
    this.#socket.close();
  }

  async #sendAll(): Promise<void> {
    try {
      for (let frames = this.#waiting.shift(); frames; frames = this.#waiting.shift()) await this.#socket.send(frames);
    } finally {
      this.#sending = undefined;
    }
  }
}
