/**
 * What the two sides of the kernel say to each other.
 *
 * The *main thread* runs the learner's code, and may be stuck in it for hours. The *switchboard*, a worker thread, owns
 * the sockets and so always answers. They talk by messages, and by a few numbers in shared memory ({@link RunState}),
 * which can be read and written while the main thread is stuck.
 */
import type { MessagePort } from "node:worker_threads";
import type { FromKernel, Phase, RunningState, ToKernel } from "../core/protocol";

/** From the switchboard to the main thread. */
export type ToMain =
  | ToKernel
  /** End the process. */
  | { type: "shutdown" };

/** From the main thread to the switchboard. */
export type ToSwitchboard =
  | FromKernel
  /** The running cell wants a line of text from the learner. */
  | { type: "input"; id: number; prompt: string };

/** What the learner answered. It has a port of its own, from which a main thread that waits can take it. */
export interface Answer {
  /** Of the question. */
  id: number;
  value: string;
}

/** What the switchboard is started with. */
export interface SwitchboardData {
  connectionFile: string;
  shared: SharedArrayBuffer;
  /** The content of a `kernel_info_reply`: it is answered while the main thread is still starting, or stuck. */
  kernelInfo: Record<string, unknown>;
  /** Where {@link Answer}s are put. */
  answers: MessagePort;
}

/** What the thread that hears SIGINT is started with. */
export interface SigintData {
  shared: SharedArrayBuffer;
}

const PHASE = 0;
const WANTED = 1;
const BACKLOG = 2;
const ANSWERS = 3;

/** The most bytes of output that may wait for the switchboard before the main thread has to wait. */
const MOST_BACKLOG = 1 << 20;

/** The state that both threads see, in shared memory. */
export class RunState implements RunningState {
  readonly #cells: Int32Array;

  constructor(readonly shared: SharedArrayBuffer = new SharedArrayBuffer(16)) {
    this.#cells = new Int32Array(shared);
  }

  /** What the main thread is doing. */
  get phase(): Phase {
    return Atomics.load(this.#cells, PHASE) as Phase;
  }

  set phase(phase: Phase) {
    Atomics.store(this.#cells, PHASE, phase);
  }

  /** Whether somebody asked for what is running to be stopped, and the main thread hasn't heard of it yet. */
  get interruptWanted(): boolean {
    return Atomics.load(this.#cells, WANTED) === 1;
  }

  set interruptWanted(wanted: boolean) {
    Atomics.store(this.#cells, WANTED, wanted ? 1 : 0);
  }

  /**
   * The main thread has sent `bytes` of output. A loop that prints without end would fill the memory, since messages to
   * another thread are never refused: so it waits here while too much is under way.
   */
  sending(bytes: number): void {
    let backlog = Atomics.add(this.#cells, BACKLOG, bytes) + bytes;
    while (backlog > MOST_BACKLOG) {
      Atomics.wait(this.#cells, BACKLOG, backlog, 1000);
      backlog = Atomics.load(this.#cells, BACKLOG);
    }
  }

  /** The switchboard has passed `bytes` of output on. */
  sent(bytes: number): void {
    Atomics.sub(this.#cells, BACKLOG, bytes);
    Atomics.notify(this.#cells, BACKLOG);
  }

  /** How many answers of the learner's have come. */
  get answers(): number {
    return Atomics.load(this.#cells, ANSWERS);
  }

  /** The switchboard has put an answer where the main thread finds it. */
  answered(): void {
    Atomics.add(this.#cells, ANSWERS, 1);
    Atomics.notify(this.#cells, ANSWERS);
  }

  /** Keeps this thread waiting as long as there are `seen` answers. */
  waitForAnswer(seen: number): void {
    Atomics.wait(this.#cells, ANSWERS, seen, 1000);
  }

  /** Is kept when there are more than `seen` answers. */
  async nextAnswer(seen: number): Promise<void> {
    await (Atomics as unknown as WaitAsync).waitAsync(this.#cells, ANSWERS, seen).value;
  }
}

/** Newer than the types that the project is checked with. */
interface WaitAsync {
  waitAsync(array: Int32Array, index: number, value: number): { value: Promise<string> | string };
}
