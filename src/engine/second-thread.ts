/**
 * A second thread that takes parts of larger products off the main thread's hands.
 *
 * Both take one part after the other, by a common counter. So the main thread never waits for a thread that still sleeps, or
 * is not there yet: it goes on by itself, and waits at the end for at most the one part that the other has begun. Which
 * thread computes a part changes no bit of it.
 *
 * The thread looks out for more work for a moment, then sleeps; it ends when there was nothing for ten seconds, and keeps no
 * process alive.
 */
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { Products, ProductsModule, WebAssemblyApi } from "./operations";
import { rowsOfSlice, runPart, takePart, type Work } from "./parts-of-work";

/** What the second thread needs to compute in a memory that both threads see. */
export interface SharedMemory {
  /** Every memory has another; none has 0. */
  readonly number: number;
  /** A WebAssembly module: the products. */
  readonly module: object;
  /** The WebAssembly memory in which they work. */
  readonly memory: object;
  /** The address of the second thread's own room there, where products may pack. */
  readonly room: number;
  /** Whether tiles of products are wide. */
  readonly wide: boolean;
}

/** Which words of the common state hold what. */
const layout = {
  /** Counts how often the second thread was called. */
  calls: 0,
  /** How many slices have been taken from the front and, in the upper half of the word, from the back. */
  taken: 1,
  /** How many rows there are, and how many each slice has. */
  count: 2,
  rows: 3,
  /** Which operation, of all that can be divided. */
  operation: 4,
  /** How many arguments follow the number of rows. */
  length: 5,
  /** 1 while the second thread may be computing. */
  working: 6,
  /** The number of the memory that the second thread sees; 0 for none. */
  memory: 7,
  /** The number of the memory that it was told of last. */
  told: 8,
  /** 1 when the second thread has ended. */
  ended: 9,
  /** So many words. */
  size: 10,
} as const;

/** More slices, taken from the front, than there ever are. */
const ALL = 0xffff;

/** The most arguments after the number of rows. */
const ARGUMENTS = 11;

/** The operations by the number that stands for each. */
const names = Object.keys({
  multiply: 0,
  multiplyColumns: 0,
  multiplySparse: 0,
} satisfies Record<keyof Products, 0>) as readonly (keyof Products)[];

/**
 * From so many nanoseconds of work on, two threads take less time than one. For less, telling the second thread and moving
 * matrices from one core to the other takes as long as is gained.
 */
const WORTH_SHARING = 20_000;

/** So many times a thread looks whether the other has done something, before it sleeps until then: for some 20 and 100 µs. */
const LOOKS = { main: 1000, second: 5000 } as const;

/** The milliseconds after which the thread ends if there was nothing to do. */
const IDLE = 10_000;

/** The common state. */
interface State {
  readonly words: Int32Array;
  /** The arguments after the number of rows, and then their steps. */
  readonly numbers: Float64Array;
}

/** A thread, from its start to its end. */
interface Running extends State {
  readonly port: MessagePort;
}

/** What the second thread is given when it starts. */
interface Given extends State {
  readonly port: MessagePort;
  readonly idle: number;
  readonly looks: number;
  readonly layout: typeof layout;
  readonly names: typeof names;
}

/** Starts the thread when it is first needed, and again if it has ended. */
export class SecondThread {
  readonly #worthSharing: number;
  readonly #idle: number;
  #running?: Running;
  #failed = false;

  /**
   * @param worthSharing from so many nanoseconds on, work is shared
   * @param idle the thread ends when there was nothing to do for so many milliseconds
   */
  constructor(worthSharing = WORTH_SHARING, idle = IDLE) {
    this.#worthSharing = worthSharing;
    this.#idle = idle;
  }

  /** Whether so many rows, each of so many nanoseconds, are enough for two threads. */
  isWorth(count: number, cost: number): boolean {
    return count * cost >= this.#worthSharing;
  }

  /**
   * Does work on both threads, if it is enough and the second one is ready.
   *
   * @param shared where the matrices are
   * @param work what is to be done
   * @param operations what this thread computes with
   * @returns false if nothing was done
   */
  share(shared: SharedMemory, work: Work, operations: Products): boolean {
    const { operation, count, args, steps, cost } = work;
    if (!this.isWorth(count, cost)) return false;
    const state = this.#ready(shared);
    if (state === undefined) return false;
    const { words, numbers } = state;
    const { taken, calls } = layout;
    // If the work before was interrupted, parts of it may be left: nobody takes them any more.
    Atomics.store(words, taken, ALL);
    untilIdle(words);
    numbers.set(args);
    numbers.set(steps, ARGUMENTS);
    words[layout.length] = args.length;
    words[layout.operation] = names.indexOf(operation);
    words[layout.rows] = rowsOfSlice(work);
    words[layout.count] = count;
    Atomics.store(words, taken, 0);
    Atomics.add(words, calls, 1);
    Atomics.notify(words, calls);
    for (let part = takePart(words, layout, false); part !== undefined; part = takePart(words, layout, false)) {
      runPart(operations, work, part.start, part.rows);
    }
    untilIdle(words);
    return true;
  }

  /** The state of the thread, if it sees this memory. If not, it is told of it: the next time it will. */
  #ready(shared: SharedMemory): State | undefined {
    if (this.#failed) return undefined;
    if (this.#running === undefined || Atomics.load(this.#running.words, layout.ended) === 1) {
      this.#running = this.#start();
    }
    const running = this.#running;
    if (running === undefined) return undefined;
    const { words, port } = running;
    if (words[layout.told] !== shared.number) {
      port.postMessage(shared);
      words[layout.told] = shared.number;
      Atomics.add(words, layout.calls, 1);
      Atomics.notify(words, layout.calls);
    }
    return Atomics.load(words, layout.memory) === shared.number ? running : undefined;
  }

  /** Where no thread may be started, or it fails, the main thread goes on alone. */
  #start(): Running | undefined {
    const { port1, port2 } = new MessageChannel();
    port1.unref();
    const words = new Int32Array(new SharedArrayBuffer(4 * layout.size));
    words[layout.taken] = ALL;
    words[layout.rows] = 1;
    const numbers = new Float64Array(new SharedArrayBuffer(8 * 2 * ARGUMENTS));
    const given: Given = { words, numbers, port: port2, idle: this.#idle, looks: LOOKS.second, layout, names };
    try {
      const worker = new Worker(`(${secondThread})(require("node:worker_threads"), ${takePart})`, {
        eval: true,
        execArgv: [],
        env: {},
        workerData: given,
        transferList: [port2],
      });
      worker.on("error", () => {
        this.#failed = true;
      });
      worker.unref();
      return { words, numbers, port: port1 };
    } catch {
      this.#failed = true;
      return undefined;
    }
  }
}

/** Returns when the second thread is in no part. */
function untilIdle(words: Int32Array): void {
  const { working } = layout;
  for (let look = 0; look < LOOKS.main; look++) if (Atomics.load(words, working) === 0) return;
  while (Atomics.load(words, working) === 1) Atomics.wait(words, working, 1);
}

/** What the second thread runs. Its text is taken out of this module: it knows nothing but what it is given. */
function secondThread(
  { receiveMessageOnPort, workerData }: typeof import("node:worker_threads"),
  nextPart: typeof takePart,
): void {
  const { words, numbers, port, idle, looks, layout: at, names } = workerData as Given;
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  const steps = numbers.length / 2;
  let operations: ProductsModule | undefined;
  const isCalled = (heard: number) => {
    for (let look = 0; look < looks; look++) if (Atomics.load(words, at.calls) !== heard) return true;
    return Atomics.wait(words, at.calls, heard, idle) !== "timed-out";
  };
  for (let heard = 0; isCalled(heard); ) {
    heard = Atomics.load(words, at.calls);
    while (words[at.memory] !== words[at.told]) {
      const shared: SharedMemory = receiveMessageOnPort(port)?.message;
      const imports = { env: { memory: shared.memory }, math: Math };
      operations = new WebAssembly.Instance(shared.module, imports).exports as ProductsModule;
      operations.prepare(shared.room, shared.wide);
      Atomics.store(words, at.memory, shared.number);
    }
    Atomics.store(words, at.working, 1);
    for (let part = nextPart(words, at, true); part !== undefined; part = nextPart(words, at, true)) {
      const { start, rows } = part;
      const args = Array.from({ length: words[at.length] }, (_, k) => numbers[k] + start * numbers[steps + k]);
      operations?.[names[words[at.operation]]](rows, ...args);
    }
    Atomics.store(words, at.working, 0);
    Atomics.notify(words, at.working);
  }
  Atomics.store(words, at.memory, 0);
  Atomics.store(words, at.ended, 1);
}
