/** Processes of our own that look at what students have written, and may take only so much time and memory over it. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** Bounds of one piece of work. */
export interface WorkLimits {
  /** Of the processor, in seconds. */
  readonly seconds: number;
  /** Of the heap, in bytes. */
  readonly memory: number;
}

/** What a student is told when a bound is reached. */
export interface Sentences {
  readonly memory: string;
  readonly time: string;
  /** When the process ends in any other way. */
  readonly brokeDown: string;
}

/** Why there is no result, as a sentence for the student. */
export interface Refused {
  readonly problem: string;
}

/** Where /proc does not tell how long the processor has worked, the clock decides, which also ticks for others. */
const CLOCK_ALLOWANCE = 4;

/** How V8 ends a process whose heap is full. */
const HEAP_IS_FULL = "SIGABRT";

/** Does one kind of work in processes that are used again and again, as many at the same time as it is asked for. */
export class BoundedProcesses<Order extends object, Result extends object> {
  readonly #bundle: string;
  readonly #limits: WorkLimits;
  readonly #sentences: Sentences;
  readonly #idle: ChildProcess[] = [];

  /** @param bundle a program that answers each message by one of `Result` */
  constructor(bundle: string, limits: WorkLimits, sentences: Sentences) {
    this.#bundle = bundle;
    this.#limits = limits;
    this.#sentences = sentences;
  }

  /** The result, or why there is none. Never throws because of what is in the order. */
  async work(order: Order): Promise<Result | Refused> {
    const used = this.#idle.pop();
    if (used !== undefined) {
      const result = await this.#workIn(used, order);
      if (!("problem" in result)) return result;
      // Those whose work was done there before may be to blame, so this one has a process of its own now.
    }
    return this.#workIn(this.#start(), order);
  }

  /** Ends the processes that wait for work. */
  rest(): void {
    for (const child of this.#idle.splice(0)) child.kill("SIGKILL");
  }

  /** A process in which there was a problem is ended; any other waits for more work. */
  #workIn(child: ChildProcess, order: Order): Promise<Result | Refused> {
    // This process waits for that one, until it has answered.
    for (const held of [child, child.channel]) held?.ref();
    return new Promise((resolve) => {
      const finish = (result: Result | Refused) => {
        clearInterval(watch);
        child.off("message", answered);
        child.off("exit", ended);
        child.off("error", ended);
        for (const held of [child, child.channel]) held?.unref();
        if ("problem" in result) child.kill("SIGKILL");
        else this.#idle.push(child);
        resolve(result);
      };
      const { memory, time, brokeDown } = this.#sentences;
      const answered = (result: Result | Refused) => finish(result);
      const ended = (_: unknown, signal?: NodeJS.Signals | null) =>
        finish({ problem: signal === HEAP_IS_FULL ? memory : brokeDown });
      const begin = { clock: performance.now(), processor: secondsUsed(child.pid as number) ?? 0 };
      const watch = setInterval(() => {
        const used = secondsUsed(child.pid as number);
        const clock = (performance.now() - begin.clock) / 1000;
        const late = used === undefined ? clock / CLOCK_ALLOWANCE : used - begin.processor;
        if (late >= this.#limits.seconds) finish({ problem: time });
      }, 200);
      child.on("message", answered);
      child.on("exit", ended);
      child.on("error", ended);
      child.send(order, (error) => error && ended(error));
    });
  }

  #start(): ChildProcess {
    const heap = `--max-old-space-size=${Math.round(this.#limits.memory / 2 ** 20)}`;
    const child = spawn("/bin/sh", ["-c", 'ulimit -c 0; exec "$0" "$@"', process.execPath, heap, this.#bundle], {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      serialization: "advanced",
    });
    child.on("error", () => {}); // whoever waits for it listens as well
    child.on("exit", () => {
      const at = this.#idle.indexOf(child);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    return child;
  }
}

/** How long the processor has worked for a process, in seconds; nothing where /proc does not tell. */
function secondsUsed(pid: number): number | undefined {
  try {
    // The name, which is in brackets, may hold spaces. The clock of /proc ticks a hundred times a second.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}
