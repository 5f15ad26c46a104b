/**
 * Runs the harness where it can do no harm: without network, with nothing of the disk but Node.js, its libraries and one
 * bundle, with bounds on time, memory, processes, files and output.
 */
import { spawnSync } from "node:child_process";
import { closeSync, openSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { writeWhole } from "../../setup/whole-file.mjs";
import { BoundedProcesses } from "../bounded-process";
import type { Compiled, CompileOrder } from "../program/compile-process";
import { groupParent } from "./cgroup";
import type { Limits, Outcome, Run } from "./supervisor";
import { noNewProcesses } from "./system-calls";
import { type Order, revived } from "./wire";

/** What keeps a student's process apart. */
export type Isolation = "bubblewrap" | "docker" | "podman" | "another user" | "none";

/** Enough for every exercise, and little for a machine. */
export const defaultLimits: Limits = {
  memory: 768 * 2 ** 20,
  statement: 20_000,
  output: 16 * 2 ** 20,
  line: 4 * 2 ** 20,
  frames: 20_000,
  threads: 48,
};

/** Of compiling one notebook: far more than what an ordinary one needs, and what a machine can spare. */
const compileLimits = { seconds: 30, memory: 1.5 * 2 ** 30 };

const compileSentences = {
  memory: "TypeScript used too much memory over the notebook and was stopped.",
  time: "TypeScript took too long over the notebook and was stopped. Is there a type without end?",
  brokeDown: "TypeScript broke down over the notebook. Is something in it very long or nested very deeply?",
};

/** Makes programs of notebooks, each in a process that may take only so much time and memory. */
export function compilerIn(folder: string, limits = compileLimits): BoundedProcesses<CompileOrder, Compiled> {
  return new BoundedProcesses(join(folder, processFiles.compiler), limits, compileSentences);
}

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
   * @param milliseconds how long all of it may take, from when it has started
   * @returns how it ended, and what the process has said
   */
  run(order: Order, milliseconds: number): Promise<Outcome>;
}

/** No sandbox is to be had on this machine. */
export class NoSandbox extends Error {}

/** The files that run in processes of their own, beside each other in one folder; see `buildHarness`. */
export const processFiles = {
  harness: "harness.mjs",
  supervisor: "supervisor.mjs",
  reader: "reader.mjs",
  compiler: "compiler.cjs",
} as const;

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
  const compiler = compilerIn(dirname(bundle));
  const groups = isolation === "docker" || isolation === "podman" ? undefined : groupParent();
  const filter = isolation === "bubblewrap" ? usableFilter(bundle, arch) : undefined;
  const unfiltered = isolation === "bubblewrap" && filter === undefined;
  return {
    isolation,
    ...(unfiltered && {
      note: `Students' code may start processes, which are counted and stopped: no filter of system calls is to be had on this machine (${arch}).`,
    }),
    compile: (order) => compiler.work(order),
    run: (order, milliseconds) => {
      runs += 1;
      const name = `${isolation === "none" ? "alone" : "student"}-${process.pid}-${runs}`;
      const container = isolation === "docker" || isolation === "podman" ? isolation : undefined;
      return supervised(bundle, {
        ...command(isolation, bundle, limits, name, filter !== undefined),
        input: JSON.stringify(order),
        seconds: Object.fromEntries(order.tasks.map(({ id, seconds }) => [id, seconds])),
        milliseconds,
        limits,
        filter,
        groups,
        counted: groups === undefined && (isolation === "none" || unfiltered),
        container,
        name,
      });
    },
  };
}

/** The filter of system calls that bubblewrap can set here, if there is one. */
function usableFilter(bundle: string, arch: string): string | undefined {
  const filter = filterFile(bundle, { arch });
  return filter !== undefined && starts(bubblewrap(bundle, ["--version"], true), filter) ? filter : undefined;
}

/** Whether a program can be started here, with this file as its file 4. */
function starts({ program, args }: { program: string; args: readonly string[] }, file = "/dev/null"): boolean {
  const opened = openSync(file, "r");
  const stdio = ["ignore" as const, "ignore" as const, "ignore" as const, "ignore" as const, opened];
  const { status } = spawnSync(program, args, { stdio, timeout: 10_000, env: { PATH: process.env.PATH } });
  closeSync(opened);
  return status === 0;
}

function works(kind: Exclude<Isolation, "none">, bundle: string): boolean {
  if (kind === "docker" || kind === "podman") {
    return spawnSync(kind, ["info"], { stdio: "ignore", timeout: 10_000 }).status === 0;
  }
  return starts(kind === "bubblewrap" ? bubblewrap(bundle, ["--version"]) : anotherUser(bundle, ["--check", bundle]));
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

/** What a thread may need for all that a process may say, in MB. */
const LISTENING = 256;

/** Has a thread of its own start the process and listen to it; when the thread ends, so does the process. */
function supervised(bundle: string, run: Run): Promise<Outcome> {
  return new Promise((resolve) => {
    const thread = new Worker(join(dirname(bundle), processFiles.supervisor), {
      workerData: run,
      resourceLimits: { maxOldGenerationSizeMb: LISTENING },
    });
    thread.once("message", ({ ending, messages }: Outcome) => {
      resolve({ ending, messages: messages.map(revived) });
    });
    thread.once("error", ({ code }: NodeJS.ErrnoException) => {
      resolve({ ending: code === "ERR_WORKER_OUT_OF_MEMORY" ? "output" : "not started", messages: [] });
    });
    thread.once("exit", () => resolve({ ending: "not started", messages: [] }));
  });
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
