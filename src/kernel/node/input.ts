/** Asks the learner for a line of text, through the front end: `prompt`, and `question` of Node's readline. */
import readline from "node:readline";
import readlinePromises from "node:readline/promises";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Cells } from "../core/cell";
import type { Answer, RunState, ToSwitchboard } from "./protocol";

type Question = (query: string, options?: unknown, callback?: (answer: string) => void) => unknown;

/** The questions of cells, and their answers. */
export class Input {
  readonly #post: (message: ToSwitchboard) => void;
  readonly #answers: MessagePort;
  readonly #cells: Cells;
  readonly #state: RunState;
  #asked = 0;

  /**
   * @param post tells the switchboard
   * @param answers where it puts the answers
   */
  constructor(post: (message: ToSwitchboard) => void, answers: MessagePort, cells: Cells, state: RunState) {
    this.#post = post;
    this.#answers = answers;
    this.#cells = cells;
    this.#state = state;
  }

  /** From now on, cells can ask. */
  install(): void {
    const prompt = (message = "", initial?: string) => this.#ask(String(message)) || String(initial ?? "");
    Object.assign(globalThis, { prompt });
    // The process's own has ended, and an interface to it would be closed at once.
    const nothing = new Readable({ read() {} });
    Object.defineProperty(process, "stdin", { configurable: true, get: () => nothing });
    const { prototype } = readline.Interface as unknown as { prototype: { question: Question } };
    const later = (query: string) => this.#askLater(query);
    prototype.question = (query, options, callback = options as (answer: string) => void) => {
      later(query).then(callback);
    };
    Object.assign(prototype.question, { [promisify.custom]: later });
    (readlinePromises.Interface as unknown as { prototype: { question: Question } }).prototype.question = later;
  }

  /** Asks, and keeps the main thread waiting until there is an answer. */
  #ask(question: string): string {
    const asked = this.#send(question);
    for (;;) {
      const seen = this.#state.answers;
      const answer = this.#answer(asked);
      if (answer !== undefined) return answer;
      this.#state.waitForAnswer(seen);
    }
  }

  async #askLater(question: string): Promise<string> {
    const asked = this.#send(question);
    for (;;) {
      const seen = this.#state.answers;
      const answer = this.#answer(asked);
      if (answer !== undefined) return answer;
      await this.#state.nextAnswer(seen);
    }
  }

  #send(question: string): number {
    const cell = this.#cells.current;
    if (!cell?.allowsInput || cell.ended) {
      throw new Error("Nobody can be asked for input here: the front end does not offer it, or the cell has ended.");
    }
    cell.throwIfStopped();
    this.#asked++;
    this.#post({ type: "input", id: this.#asked, prompt: question });
    return this.#asked;
  }

  /** The answer to a question, if it is there. One to an earlier question, whose cell was stopped, is left out. */
  #answer(asked: number): string | undefined {
    for (;;) {
      const answer = receiveMessageOnPort(this.#answers) as { message: Answer } | undefined;
      if (!answer || answer.message.id === asked) return answer?.message.value;
    }
  }
}
