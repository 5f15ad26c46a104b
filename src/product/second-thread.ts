/**
 * A second thread that takes parts of large products off the main thread's hands.
 *
 * Both take one part after the other, by a common counter. So the main thread never waits for a thread that still sleeps, or
 * is not there yet: it goes on by itself, and waits at the end for at most the one part that the other has begun. Which
 * thread computes a part changes no bit of it.
 *
 * The thread sleeps while there is nothing to do, ends when there was nothing for ten seconds, and keeps no process alive.
 */
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { Operations, WebAssemblyApi } from "./operations";
import { MOST_PARTS, type Multiplication, partsOf } from "./parts";

/** What the second thread needs to compute in a memory that both threads see. */
export interface SharedMemory {
  /** Every memory has another; none has 0. */
  readonly number: number;
  /** A WebAssembly module: the operations. */
  readonly module: object;
  /** The WebAssembly memory in which they work. */
  readonly memory: object;
  /** The address of the second thread's own room there. */
  readonly room: number;
}

/** Which words of the common state hold what. */
const layout = {
  /** Counts how often the second thread was called. */
  calls: 0,
  /** The next part, which nobody has taken yet. */
  next: 1,
  /** How many parts there are. */
  count: 2,
  /** 1 while the second thread may be computing. */
  working: 3,
  /** The number of the memory that the second thread sees; 0 for none. */
  memory: 4,
  /** 1 when the second thread has ended. */
  ended: 5,
  /** Where the parts begin. */
  parts: 6,
  /** So many words each. */
  part: 13,
} as const;

/**
 * From so many multiplications on, two threads take less time than one: some 0.4 ms of work. With fewer, waking the second
 * thread and moving matrices from one core to the other takes as long as is gained.
 */
const WORTH_SHARING = 4_000_000;

/** So many times the main thread looks whether the other has finished, before it sleeps until then: for about 20 µs. */
const LOOKS = 1000;

/** The milliseconds after which the thread ends if there was nothing to do. */
const IDLE = 10_000;

/** A thread, from its start to its end. */
interface Running {
  readonly words: Int32Array;
  readonly port: MessagePort;
  /** The number of the memory that it was told of last. */
  told: number;
}

/** What the second thread is given when it starts. */
interface Given {
  readonly words: Int32Array;
  readonly port: MessagePort;
  readonly idle: number;
  readonly layout: typeof layout;
}

/** Starts the thread when it is first needed, and again if it has ended. */
export class SecondThread {
  private readonly worthSharing: number;
  private readonly idle: number;
  private running?: Running;
  private failed = false;

  /**
   * @param worthSharing from so many multiplications on, products are shared
   * @param idle the thread ends when there was nothing to do for so many milliseconds
   */
  constructor(worthSharing = WORTH_SHARING, idle = IDLE) {
    this.worthSharing = worthSharing;
    this.idle = idle;
  }

  /**
   * Computes a product on both threads, if it is large enough and the second one is ready.
   *
   * @param shared where the matrices are
   * @param whole the product
   * @param compute computes a part on this thread
   * @returns false if nothing was computed
   */
  share(shared: SharedMemory, whole: Multiplication, compute: (part: Multiplication) => void): boolean {
    if (whole.m * whole.n * whole.p < this.worthSharing) return false;
    const words = this.ready(shared);
    if (words === undefined) return false;
    const { next, count, calls } = layout;
    // If the product before was interrupted, parts of it may be left: nobody takes them any more.
    Atomics.store(words, next, MOST_PARTS);
    untilIdle(words);
    const parts = partsOf(whole);
    parts.forEach((part, k) => {
      write(part, words, k);
    });
    words[count] = parts.length;
    Atomics.store(words, next, 0);
    Atomics.add(words, calls, 1);
    Atomics.notify(words, calls);
    for (let k = Atomics.add(words, next, 1); k < parts.length; k = Atomics.add(words, next, 1)) compute(parts[k]);
    untilIdle(words);
    return true;
  }

  /** The words of the thread, if it sees this memory. If not, it is told of it: the next time it will. */
  private ready(shared: SharedMemory): Int32Array | undefined {
    if (this.failed) return undefined;
    if (this.running === undefined || Atomics.load(this.running.words, layout.ended) === 1) this.running = this.start();
    const { running } = this;
    if (running === undefined) return undefined;
    const { words, port } = running;
    if (running.told !== shared.number) {
      running.told = shared.number;
      port.postMessage(shared);
      Atomics.add(words, layout.calls, 1);
      Atomics.notify(words, layout.calls);
    }
    return Atomics.load(words, layout.memory) === shared.number ? words : undefined;
  }

  /** Where no thread may be started, or it fails, the main thread goes on alone. */
  private start(): Running | undefined {
    const { port1, port2 } = new MessageChannel();
    port1.unref();
    const words = new Int32Array(new SharedArrayBuffer(4 * (layout.parts + layout.part * MOST_PARTS)));
    try {
      const worker = new Worker(`(${secondThread})(require("node:worker_threads"))`, {
        eval: true,
        execArgv: [],
        env: {},
        workerData: { words, port: port2, idle: this.idle, layout } satisfies Given,
        transferList: [port2],
      });
      worker.on("error", () => {
        this.failed = true;
      });
      worker.unref();
      return { words, port: port1, told: 0 };
    } catch {
      this.failed = true;
      return undefined;
    }
  }
}

/** Returns when the second thread is in no part. */
function untilIdle(words: Int32Array): void {
  const { working } = layout;
  for (let look = 0; look < LOOKS; look++) if (Atomics.load(words, working) === 0) return;
  while (Atomics.load(words, working) === 1) Atomics.wait(words, working, 1);
}

/** Writes a part as the second thread reads it: whether it is sparse, and the numbers that the operation takes. */
function write({ sparse, add, ...part }: Multiplication, words: Int32Array, k: number): void {
  const { m, n, p, a, aRow, aCol, b, bRow, bCol, c, cRow } = part;
  const numbers = [m, n, p, a, aRow, aCol, b, bRow, bCol, c, cRow, Number(add), Number(sparse)];
  words.set(numbers, layout.parts + k * layout.part);
}

/** What the second thread runs. Its text is taken out of this module: it knows nothing but what it is given. */
function secondThread({ receiveMessageOnPort, workerData }: typeof import("node:worker_threads")): void {
  const { words, port, idle, layout: at } = workerData as Given;
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  let room = 0;
  let operations: Operations | undefined;
  for (let heard = 0; Atomics.wait(words, at.calls, heard, idle) !== "timed-out"; ) {
    heard = Atomics.load(words, at.calls);
    for (let told = receiveMessageOnPort(port); told !== undefined; told = receiveMessageOnPort(port)) {
      const shared: SharedMemory = told.message;
      const imports = { env: { memory: shared.memory }, math: Math };
      operations = new WebAssembly.Instance(shared.module, imports).exports as Operations;
      room = shared.room;
      Atomics.store(words, at.memory, shared.number);
    }
    Atomics.store(words, at.working, 1);
    for (let k = Atomics.add(words, at.next, 1); k < words[at.count]; k = Atomics.add(words, at.next, 1)) {
      const start = at.parts + k * at.part;
      const [m, n, p, a, aRow, aCol, b, bRow, bCol, c, cRow, add, sparse] = words.subarray(start, start + at.part);
      if (sparse === 1) operations?.multiplySparse(room, m, n, p, a, aRow, aCol, b, c);
      else operations?.multiply(room, m, n, p, a, aRow, aCol, b, bRow, bCol, c, cRow, add === 1);
    }
    Atomics.store(words, at.working, 0);
    Atomics.notify(words, at.working);
  }
  Atomics.store(words, at.memory, 0);
  Atomics.store(words, at.ended, 1);
}
