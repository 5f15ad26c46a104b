/**
 * Runs the harness where it can do no harm: without network, with nothing of the disk but Node.js, its libraries and one
 * bundle, with bounds on time, memory, processes, files and output.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeWhole } from "../../setup/whole-file.mjs";
import type { Compiled, CompileOrder } from "../program/compile-process";
import { Compiler } from "../program/compiler";
import { noNewProcesses } from "./system-calls";
import { decodeMessage, type Message, type Order } from "./wire";

/** What keeps a student's process apart. */
export type Isolation = "bubblewrap" | "docker" | "podman" | "another user" | "none";

/** Bounds of one process. */
export interface Limits {
  /** Resident memory, in bytes. */
  readonly memory: number;
  /** The longest that the notebook's cells may run, in milliseconds. */
  readonly cells: number;
  /** All that the process may say, in bytes. */
  readonly output: number;
  /** The longest line that it may say, in bytes. */
  readonly line: number;
  /** How many threads it may have; Node.js itself needs about a dozen. */
  readonly threads: number;
}

/** Enough for every exercise, and little for a machine. */
export const defaultLimits: Limits = {
  memory: 768 * 2 ** 20,
  cells: 15_000,
  output: 64 * 2 ** 20,
  line: 4 * 2 ** 20,
  threads: 48,
};

/** How long the sandbox may take to start, in milliseconds. It is not the student's fault if it takes longer. */
const STARTING = 60_000;

/** How a student's process ended, if not by itself. */
export type Ending = "not started" | "finished" | "exited" | "time" | "memory" | "output" | "threads";

/** A place to compile and run students' code in. */
export interface Sandbox {
  readonly isolation: Isolation;
  /** What the teacher should know of it, if it is less than it could be. */
  readonly note?: string;
  /** Makes a notebook's code into a program, within bounds of time and memory. */
  compile(order: CompileOrder): Promise<Compiled>;
  /**
   * Runs a student's notebook and calls its functions.
   *
   * @param seconds how long the calls of each task may take
   * @param hear is told what the process says
   */
  run(order: Order, seconds: (id: string) => number, hear: (message: Message) => void): Promise<Ending>;
}

/** No sandbox is to be had on this machine. */
export class NoSandbox extends Error {}

/** The files that run in processes of their own, beside each other in one folder; see `buildHarness`. */
export const processFiles = { harness: "harness.mjs", compiler: "compiler.cjs" } as const;

/**
 * @param bundle the harness's file
 * @param unsafe whether to do without when there is none
 * @param kinds those that will do, the best first; "another user" is for root in a container that is thrown away, and
 *   needs another-user.py beside the bundle
 * @param arch the processor, as `process.arch` names it
 * @throws NoSandbox
 */
export function findSandbox(
  bundle: string,
  unsafe: boolean,
  limits: Limits = defaultLimits,
  kinds: readonly Exclude<Isolation, "none">[] = ["bubblewrap", "docker", "podman"],
  arch: string = process.arch,
): Sandbox {
  const isolation = unsafe ? "none" : kinds.find((kind) => works(kind, bundle));
  if (isolation === undefined) {
    throw new NoSandbox(
      "Students' code can't be kept apart on this machine: bubblewrap (bwrap) is missing or may not be used, and so are Docker and Podman. " +
        "Install bubblewrap, or, if you trust every submission with this machine, say --unsafe.",
    );
  }
  const compiler = new Compiler(join(dirname(bundle), processFiles.compiler));
  const filter = isolation === "bubblewrap" ? usableFilter(bundle, arch) : undefined;
  const unfiltered = isolation === "bubblewrap" && filter === undefined;
  return {
    isolation,
    ...(unfiltered && { note: `${NOT_FILTERED} (${arch}).` }),
    compile: (order) => compiler.compile(order),
    run: (order, seconds, hear) => run(isolation, bundle, filter, limits, order, seconds, hear),
  };
}

const NOT_FILTERED =
  "Students' code may start processes, which are counted and stopped: no filter of system calls is to be had on this machine";

/** The filter of system calls that bubblewrap can set here, if there is one. */
function usableFilter(bundle: string, arch: string): string | undefined {
  const filter = filterFile(bundle, { arch });
  if (filter === undefined) return undefined;
  const { program, args } = bubblewrap(bundle, ["--version"], true);
  const file = openSync(filter, "r");
  const env = { PATH: process.env.PATH };
  const stdio = ["ignore", "ignore", "ignore", "ignore", file] as const;
  const { status } = spawnSync(program, args, { stdio: [...stdio], timeout: 10_000, env });
  closeSync(file);
  return status === 0 ? filter : undefined;
}

function works(kind: Exclude<Isolation, "none">, bundle: string): boolean {
  if (kind === "docker" || kind === "podman") {
    return spawnSync(kind, ["info"], { stdio: "ignore", timeout: 10_000 }).status === 0;
  }
  const { program, args } =
    kind === "bubblewrap" ? bubblewrap(bundle, ["--version"]) : anotherUser(bundle, ["--check", bundle]);
  return spawnSync(program, args, { stdio: "ignore", timeout: 10_000, env: { PATH: process.env.PATH } }).status === 0;
}

/** Node.js's own file and the shared libraries that it loads. */
function nodeFiles(): string[] {
  const node = realpathSync(process.execPath);
  const listed = spawnSync("ldd", [node], { encoding: "utf8" }).stdout ?? "";
  return [node, ...[...listed.matchAll(/(\/\S+)\s+\(0x/g)].map((match) => match[1])];
}

let files: string[] | undefined;

function bubblewrap(bundle: string, nodeArgs: readonly string[], seccomp = false) {
  files ??= nodeFiles();
  const [node] = files;
  const binds = files.flatMap((file) => ["--ro-bind", realpathSync(file), file]);
  const args = [
    ...["--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox"],
    ...["--uid", "65534", "--gid", "65534", "--cap-drop", "ALL"],
    // Before what is bound: Node.js may itself lie below /tmp.
    ...["--tmpfs", "/tmp"],
    ...binds,
    ...["--ro-bind", bundle, "/harness.mjs"],
    ...["--dev-bind", "/dev/null", "/dev/null", "--dir", "/home/student", "--chdir", "/tmp"],
    ...["--remount-ro", "/tmp", "--remount-ro", "/"],
    ...(seccomp ? ["--seccomp", "4"] : []),
  ];
  return { program: "bwrap", args: [...args, "--", node, ...nodeArgs] };
}

/** Root's way to start a program that can do nothing to root's files and processes. */
function anotherUser(bundle: string, nodeArgs: readonly string[]) {
  const filter = filterFile(bundle, { sockets: false }) ?? "";
  const launcher = join(dirname(bundle), "another-user.py");
  return { program: "python3", args: ["-I", launcher, filter, realpathSync(process.execPath), ...nodeArgs] };
}

function command(isolation: Isolation, bundle: string, limits: Limits, name: string, seccomp: boolean) {
  const heap = `--max-old-space-size=${Math.round(limits.memory / 2 ** 21)}`;
  switch (isolation) {
    case "bubblewrap":
      return bubblewrap(bundle, [heap, "/harness.mjs", "3"], seccomp);
    case "docker":
    case "podman":
      // A container passes on no other file than the standard ones, so the answers come on the standard output.
      return {
        program: isolation,
        args: [
          ...["run", "--rm", "-i", "--name", name, "--network", "none", "--read-only", "--cap-drop", "ALL"],
          ...["--memory", String(limits.memory), "--pids-limit", "64", "--user", "65534:65534"],
          ...["--security-opt", "no-new-privileges", "-v", `${bundle}:/harness.mjs:ro`],
          ...[`node:${process.versions.node}-slim`, "node", heap, "/harness.mjs", "1"],
        ],
      };
    case "another user":
      return anotherUser(bundle, [heap, bundle, "3"]);
    case "none":
      return { program: process.execPath, args: [heap, bundle, "3"] };
  }
}

let runs = 0;

function run(
  isolation: Isolation,
  bundle: string,
  filter: string | undefined,
  limits: Limits,
  order: Order,
  seconds: (id: string) => number,
  hear: (message: Message) => void,
): Promise<Ending> {
  runs += 1;
  const name = `student-${process.pid}-${runs}`;
  const { program, args } = command(isolation, bundle, limits, name, filter !== undefined);
  const container = isolation === "docker" || isolation === "podman";
  // Files of at most 1 MB, no memory dumps, and little time of the processor beyond what the clock allows.
  const limited = ["-c", 'ulimit -f 2048; ulimit -c 0; exec "$0" "$@"', program, ...args];
  const seccomp = filter === undefined ? undefined : openSync(filter, "r");
  const child = spawn("/bin/sh", limited, {
    stdio: ["pipe", container ? "pipe" : "ignore", "ignore", container ? "ignore" : "pipe", seccomp ?? "ignore"],
    env: container ? process.env : { PATH: process.env.PATH },
    detached: isolation === "none",
  });
  if (seccomp !== undefined) closeSync(seccomp);
  const answers = child.stdio[container ? 1 : 3] as NodeJS.ReadableStream;
  return new Promise((resolve) => {
    let ending: Ending | undefined;
    let said = 0;
    let unended = 0;
    let rest: Buffer[] = [];
    let started = false;
    let finished = false;
    const stop = (why: Ending) => {
      ending ??= why;
      kill(child, isolation, name);
    };
    let deadline = setTimeout(() => stop("time"), STARTING);
    const allow = (milliseconds: number) => {
      clearTimeout(deadline);
      deadline = setTimeout(() => stop("time"), milliseconds);
    };
    const watch = setInterval(() => {
      if (container) return;
      const { memory, threads } = usageOf(child.pid as number);
      if (memory > limits.memory) stop("memory");
      if (threads > limits.threads) stop("threads");
    }, 50);
    // Each task's time begins once, whatever the process says.
    const notBegun = new Set(order.tasks.map(({ id }) => id));
    answers.on("data", (chunk: Buffer) => {
      said += chunk.length;
      unended += chunk.length;
      if (said > limits.output || unended > limits.line) {
        stop("output");
        return;
      }
      // Only the end of a line makes it worth looking at, so that a line without end costs nothing.
      let from = 0;
      for (let to = chunk.indexOf(10); to >= 0; to = chunk.indexOf(10, from)) {
        const message = decodeMessage(Buffer.concat([...rest, chunk.subarray(from, to)]).toString("utf8"));
        rest = [];
        from = to + 1;
        unended = chunk.length - from;
        if (message === undefined || ending !== undefined) continue;
        if (message.kind === "begin" && notBegun.delete(message.id)) allow(1000 * seconds(message.id));
        if (message.kind === "start" && !started) allow(limits.cells);
        if (message.kind === "start") started = true;
        if (message.kind === "end") finished = true;
        hear(message);
      }
      rest.push(chunk.subarray(from));
    });
    child.stdin?.on("error", () => {}); // the process may end before it has read everything
    child.stdin?.end(JSON.stringify(order));
    let closed = false;
    const close = () => {
      if (closed) return;
      closed = true;
      clearTimeout(deadline);
      clearInterval(watch);
      // A process that has said too much has started, even if it was stopped before that was read.
      if (started || ending === "output") resolve(ending ?? (finished ? "finished" : "exited"));
      else resolve("not started");
    };
    child.on("error", close);
    child.on("close", close);
  });
}

function kill(child: ChildProcess, isolation: Isolation, name: string): void {
  if (isolation === "docker" || isolation === "podman") spawn(isolation, ["rm", "-f", name], { stdio: "ignore" });
  if (isolation === "none" && child.pid !== undefined) {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  }
  child.kill("SIGKILL");
}

const filters = new Set<string>();

/** A filter of system calls as a file beside the bundle; written once, since others may be reading it. */
function filterFile(bundle: string, { sockets = true, arch = process.arch as string } = {}): string | undefined {
  const filter = noNewProcesses(arch, { sockets });
  if (filter === undefined) return undefined;
  const path = join(dirname(bundle), sockets ? "system-calls.bpf" : "no-sockets.bpf");
  if (filters.has(path)) return path;
  writeWhole(path, filter);
  filters.add(path);
  return path;
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
