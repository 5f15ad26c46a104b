/** Sends messages on a ZeroMQ socket one after the other: zeromq.js refuses one that comes while another is on its way. */

type Frames = (string | Uint8Array)[];

/** A socket that can be written to. */
interface Writable {
  send(frames: Frames): Promise<void>;
}

/** The messages that are to leave by one socket. */
export class Outbox {
  readonly #socket: Writable;
  readonly #waiting: Frames[] = [];
  #sending: Promise<void> | undefined;

  /** @param socket written to by nobody else */
  constructor(socket: Writable) {
    this.#socket = socket;
  }

  /** Sends `frames` after all before them; at once, if there are none. */
  send(frames: Frames): void {
    this.#waiting.push(frames);
    this.#sending ??= this.#sendAll();
  }

  /** Settles when all messages have left. */
  async flushed(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    try {
      for (let frames = this.#waiting.shift(); frames; frames = this.#waiting.shift()) {
        await this.#socket.send(frames);
      }
    } finally {
      this.#sending = undefined;
    }
  }
}
