/** Compiles students' notebooks in processes of their own, which may take only so much time and memory. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Compiled, CompileOrder } from "./compile-process";

/** Bounds of compiling one notebook. */
export interface CompileLimits {
  /** Of the processor, in seconds. */
  readonly seconds: number;
  /** Of the heap, in bytes. */
  readonly memory: number;
}

/** Far more than what an ordinary notebook needs, and what a machine can spare. */
const compileLimits: CompileLimits = { seconds: 30, memory: 1.5 * 2 ** 30 };

/** Where /proc does not tell how long the processor has worked, the clock decides, which also ticks for others. */
const CLOCK_ALLOWANCE = 4;

/** How V8 ends a process whose heap is full. */
const HEAP_IS_FULL = "SIGABRT";

const TOO_MUCH_MEMORY = "TypeScript used too much memory over the notebook and was stopped.";
const TOO_LONG = "TypeScript took too long over the notebook and was stopped. Is there a type without end?";
const BROKE_DOWN = "TypeScript broke down over the notebook. Is something in it very long or nested very deeply?";

/** Makes programs of notebooks, as many at the same time as it is asked for. */
export class Compiler {
  readonly #bundle: string;
  readonly #limits: CompileLimits;
  readonly #idle: ChildProcess[] = [];

  /** @param bundle the file that `compile-process.ts` was bundled into */
  constructor(bundle: string, limits: CompileLimits = compileLimits) {
    this.#bundle = bundle;
    this.#limits = limits;
  }

  /** The program of a notebook, or a sentence for the student. Never throws because of what is in the notebook. */
  async compile(order: CompileOrder): Promise<Compiled> {
    const used = this.#idle.pop();
    if (used !== undefined) {
      const compiled = await this.#compileIn(used, order);
      if (!("problem" in compiled)) return compiled;
      // Those that were compiled there before may be to blame, so this one has a process of its own now.
    }
    return this.#compileIn(this.#start(), order);
  }

  /** A process in which there was a problem is ended; any other waits for the next notebook. */
  #compileIn(child: ChildProcess, order: CompileOrder): Promise<Compiled> {
    hold(child);
    return new Promise((resolve) => {
      const finish = (compiled: Compiled) => {
        clearInterval(watch);
        child.off("message", answered);
        child.off("exit", ended);
        child.off("error", ended);
        letGo(child);
        if ("problem" in compiled) child.kill("SIGKILL");
        else this.#idle.push(child);
        resolve(compiled);
      };
      const answered = (compiled: Compiled) => finish(compiled);
      const ended = (_: unknown, signal?: NodeJS.Signals | null) =>
        finish({ problem: signal === HEAP_IS_FULL ? TOO_MUCH_MEMORY : BROKE_DOWN });
      const begin = { clock: performance.now(), processor: secondsUsed(child.pid as number) ?? 0 };
      const watch = setInterval(() => {
        const used = secondsUsed(child.pid as number);
        const clock = (performance.now() - begin.clock) / 1000;
        const late = used === undefined ? clock / CLOCK_ALLOWANCE : used - begin.processor;
        if (late >= this.#limits.seconds) finish({ problem: TOO_LONG });
      }, 200);
      child.on("message", answered);
      child.on("exit", ended);
      child.on("error", ended);
      child.send(order);
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

/** This process waits for that one. */
function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

/** This process may end without that one's doing; it ends as well then. */
function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}
