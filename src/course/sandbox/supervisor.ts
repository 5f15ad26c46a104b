/**
 * The thread that starts a student's process and listens to it. What the process says is counted here, in bytes, in frames and
 * in time, where a flood keeps nobody else waiting; what comes of it is handed over as a whole, and bounded.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { Group } from "./cgroup";
import { decodeMessage, type Message } from "./wire";

/** Bounds of one process. */
export interface Limits {
  /** Memory, in bytes. */
  readonly memory: number;
  /** The longest that a statement of the notebook may run, in milliseconds. */
  readonly statement: number;
  /** All that the process may say, in bytes. */
  readonly output: number;
  /** The longest line that it may say, in bytes. */
  readonly line: number;
  /** How many lines it may say. */
  readonly frames: number;
  /** How many threads it may have; Node.js itself needs about a dozen. */
  readonly threads: number;
}

/** How a student's process ended, if not by itself. */
export type Ending =
  | "not started"
  | "finished"
  | "exited"
  | "killed"
  | "time"
  | "used up"
  | "memory"
  | "output"
  | "threads";

/** One run of a student's process. */
export interface Run {
  readonly program: string;
  readonly args: readonly string[];
  /** What it is given on its standard input. */
  readonly input: string;
  /** How long the calls of each task may take, in seconds, by their ids. */
  readonly seconds: Readonly<Record<string, number>>;
  /** How long all of it may take, in milliseconds. */
  readonly milliseconds: number;
  readonly limits: Limits;
  /** A file with the filter of system calls, which the program is given as its file 4. */
  readonly filter?: string;
  /** Where a control group can be made; otherwise each process has its bounds by itself. */
  readonly groups?: string;
  /** Where no filter of system calls keeps it from starting processes: these are counted then. */
  readonly counted: boolean;
  /** Docker or Podman, which make bounds of their own; they are told to end the container of this name. */
  readonly container?: string;
  /** A name that no other run has. */
  readonly name: string;
}

/** What came of it. */
export interface Outcome {
  readonly ending: Ending;
  readonly messages: readonly Message[];
}

/** How long the sandbox may take to start, in milliseconds. It is not the student's fault if it takes longer. */
const STARTING = 60_000;

/** Seconds of the processor for each second of the clock, and some to start with: Node.js has threads of its own. */
const [PROCESSORS, START] = [2, 10];

function supervise(run: Run): Promise<Outcome> {
  const { limits, container, counted } = run;
  const group = run.groups === undefined ? undefined : new Group(run.groups, run.name, limits);
  const child = start(run, group);
  const answers = child.stdio[container ? 1 : 3] as NodeJS.ReadableStream;
  return new Promise((resolve) => {
    const messages: Message[] = [];
    let ending: Ending | undefined;
    let [said, unended, frames] = [0, 0, 0];
    let rest: Buffer[] = [];
    let started = false;
    let finished = false;
    const stop = (why: Ending) => {
      ending ??= why;
      kill(child, run, group);
    };
    let deadline = setTimeout(() => stop("time"), STARTING);
    let end: NodeJS.Timeout | undefined;
    const allow = (milliseconds: number) => {
      clearTimeout(deadline);
      deadline = setTimeout(() => stop("time"), milliseconds);
    };
    const watch = setInterval(() => {
      if (!counted) return;
      const { memory, threads } = usageOf(child.pid as number);
      if (memory > limits.memory) stop("memory");
      if (threads > limits.threads) stop("threads");
    }, 50);
    // The time of each task and each statement begins once, whatever the process says; a task may be asked twice.
    const begun = new Set<string>();
    const begin = (what: string, milliseconds: number) => {
      if (!begun.has(what)) allow(milliseconds);
      begun.add(what);
    };
    const hear = (message: Message) => {
      if (message.kind === "begin" && Object.hasOwn(run.seconds, message.id)) {
        const again = begun.has(message.id) ? " again" : "";
        begin(`${message.id}${again}`, 1000 * run.seconds[message.id]);
      }
      if (message.kind === "asked") begin(`after ${message.id}`, limits.statement);
      if (message.kind === "statement") begin(`${message.cell} ${message.statement}`, limits.statement);
      if (message.kind === "start" && !started) {
        started = true;
        allow(limits.statement);
        end = setTimeout(() => stop("used up"), run.milliseconds);
      }
      if (message.kind === "end") finished = true;
      messages.push(message);
    };
    answers.on("data", (chunk: Buffer) => {
      if (ending !== undefined) return;
      said += chunk.length;
      unended += chunk.length;
      // Only the end of a line makes it worth looking at, so that a line without end costs nothing.
      let from = 0;
      for (let to = chunk.indexOf(10); to >= 0; to = chunk.indexOf(10, from)) {
        frames += 1;
        if (frames > limits.frames || said > limits.output || unended > limits.line) break;
        const message = decodeMessage(Buffer.concat([...rest, chunk.subarray(from, to)]).toString("utf8"));
        rest = [];
        from = to + 1;
        unended = chunk.length - from;
        if (message !== undefined) hear(message);
      }
      if (frames > limits.frames || said > limits.output || unended > limits.line) stop("output");
      else rest.push(chunk.subarray(from));
    });
    child.stdin?.on("error", () => {}); // the process may end before it has read everything
    child.stdin?.end(run.input);
    let closed = false;
    const close = (code: unknown, signal?: NodeJS.Signals | null) => {
      if (closed) return;
      closed = true;
      clearTimeout(deadline);
      clearTimeout(end);
      clearInterval(watch);
      const reached = group?.reached;
      group?.end();
      // A process that has said too much has started, even if it was stopped before that was read.
      const hasStarted = started || ending === "output";
      const why = ending ?? (finished ? "finished" : (reached ?? endingOf(code, signal)));
      resolve({ ending: hasStarted ? why : "not started", messages });
    };
    child.on("error", close);
    child.on("close", close);
  });
}

function start({ program, args, limits, milliseconds, filter, container, name }: Run, group: Group | undefined) {
  const seconds = Math.ceil((PROCESSORS * milliseconds) / 1000) + START;
  const bounds = [
    // Files of at most 1 MB and no memory dumps.
    "ulimit -f 2048; ulimit -c 0",
    `ulimit -S -t ${seconds}; ulimit -H -t ${seconds + 2}`,
    // Of data, not of addresses, of which WebAssembly sets far more aside than it ever uses.
    group ? `echo 0 > '${group.door}'` : `ulimit -d ${Math.round(limits.memory / 1024)}`,
  ];
  const shell = container ? 'exec "$0" "$@"' : `${bounds.join("; ")}; exec "$0" "$@"`;
  const seccomp = filter === undefined ? undefined : openSync(filter, "r");
  const child = spawn("/bin/sh", ["-c", shell, program, ...args], {
    stdio: ["pipe", container ? "pipe" : "ignore", "ignore", container ? "ignore" : "pipe", seccomp ?? "ignore"],
    env: container ? process.env : { PATH: process.env.PATH },
    detached: name.startsWith("alone-"),
  });
  if (seccomp !== undefined) closeSync(seccomp);
  return child;
}

function kill(child: ChildProcess, { container, name }: Run, group: Group | undefined): void {
  if (container) spawn(container, ["rm", "-f", name], { stdio: "ignore" });
  group?.kill();
  if (name.startsWith("alone-") && child.pid !== undefined) {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  }
  child.kill("SIGKILL");
}

const { signals } = constants;

/** What the exit code of a process tells; bubblewrap and the shell add 128 to the signal that has ended it. */
function endingOf(code: unknown, name: NodeJS.Signals | null | undefined): Ending {
  const signal = name ? signals[name] : typeof code === "number" && code > 128 ? code - 128 : undefined;
  if (signal === undefined) return "exited";
  // V8 aborts when it gets no more memory, and the harness leaves nobody else a way to.
  if (signal === signals.SIGABRT || signal === signals.SIGTRAP || signal === signals.SIGILL) return "memory";
  return signal === signals.SIGXCPU ? "time" : "killed";
}

/** The resident memory, in bytes, and the threads of a process and its descendants; 0 where /proc does not tell. */
function usageOf(pid: number): { memory: number; threads: number } {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    const memory = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096;
    const threads = readdirSync(`/proc/${pid}/task`).length;
    return (children === "" ? [] : children.split(" ")).reduce(
      (sum, child) => {
        const own = usageOf(Number(child));
        return { memory: sum.memory + own.memory, threads: sum.threads + own.threads };
      },
      { memory, threads },
    );
  } catch {
    return { memory: 0, threads: 0 }; // it has just ended
  }
}

supervise(workerData as Run).then((outcome) => parentPort?.postMessage(outcome));
