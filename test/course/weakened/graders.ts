/** Weakened graders: each believes, or bears, one thing too much. Whatever they run is kept from this machine all the same. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../solutions";
import type { CheckName, WeakOrder } from "./harness";

/** What a weakened grader has seen of a student's process. */
export interface Seen {
  /** The exit code; nothing if it had to be ended. */
  readonly code: number | undefined;
  readonly stdout: string;
  /** What it said on the channel of the answers; what is not JSON is left out. */
  readonly said: readonly Record<string, unknown>[];
  /** All that it put out, in bytes. */
  readonly bytes: number;
  /** The most that it used at a time. */
  readonly memory: number;
  readonly processes: number;
  /** The most that one of its processes had. */
  readonly threads: number;
  /** What it left in the folder for results. */
  readonly files: readonly string[];
  /** What somebody outside heard from it. */
  readonly heard: string;
}

/** A weakened grader. */
export interface Weakness {
  /** What is naive about it. */
  readonly naive: string;
  readonly check: CheckName;
  /** Whether the points are given; or, for an attack on the grader itself, whether it is brought down or loses others' results. */
  readonly falls: (seen: Seen) => boolean;
  /** Whether it falls by never coming to an end. */
  readonly endless?: true;
  /** The time limit starts when the checks begin, and with `renewed` again with everything that the process says. */
  readonly deadline?: "checks" | "renewed";
  /** Of the processor, in seconds. */
  readonly processorSeconds?: number;
  /** Of V8's heap, in MB. */
  readonly heap?: number;
  readonly network?: true;
  /** Whether what is right stands in the environment, or in the arguments. */
  readonly expectedIn?: "environment" | "arguments";
  readonly publicSeed?: true;
}

/** Beyond these a machine is taken for brought down. */
export const tooMuch = { memory: 1e9, processes: 12, threads: 60, bytes: 40e6 } as const;

/** How long the checks of a weakened grader may take, in milliseconds, if its deadline works. */
const CHECKS = 1_000;

/** After this a process that still runs is taken for endless; without a deadline of its own. */
const ENDLESS = 5_000;

/** Bundles what runs in the weakened graders' process. */
export async function buildWeakHarness(): Promise<string> {
  const outfile = join(root, ".build", `weakened-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, "test/course/weakened/harness.ts")],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "silent",
  });
  return outfile;
}

/**
 * Runs a submission in a weakened grader.
 *
 * @param heard tells what somebody outside has heard, when the process has ended
 */
export async function runWeakened(
  harness: string,
  weakness: Weakness,
  order: WeakOrder,
  heard: () => Promise<string>,
): Promise<Seen> {
  const results = mkdtempSync(join(root, ".build/weakened-results-"));
  mkdirSync(results, { recursive: true });
  const expected = JSON.stringify(order.inputs.map((input) => input.expected));
  const node = [process.execPath, `--max-old-space-size=${weakness.heap ?? 4096}`, harness, "run"];
  const args = [
    ...["--unshare-user", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--new-session", "--clearenv"],
    ...(weakness.network ? [] : ["--unshare-net"]),
    ...(weakness.expectedIn === "environment" ? ["--setenv", "EXPECTED", expected] : []),
    ...["--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--bind", results, "/mnt"],
    ...["--", ...node, ...(weakness.expectedIn === "arguments" ? [expected] : [])],
  ];
  const limit = weakness.processorSeconds === undefined ? "" : `ulimit -t ${weakness.processorSeconds}; `;
  const child = spawn("/bin/sh", ["-c", `${limit}ulimit -c 0; exec "$0" "$@"`, "bwrap", ...args], {
    stdio: ["pipe", "pipe", "ignore", "pipe"],
  });
  const most = { bytes: 0, memory: 0, processes: 0, threads: 0 };
  const texts = { stdout: "", answers: "" };
  let stopped = false;
  const stop = () => {
    stopped = true;
    child.kill("SIGKILL");
  };
  const within = (milliseconds: number | undefined) => {
    clearTimeout(deadline);
    deadline = milliseconds === undefined ? undefined : setTimeout(stop, milliseconds);
  };
  // Whoever never comes to an end is not waited for; the others have as long as a busy machine may need.
  let deadline: NodeJS.Timeout | undefined = setTimeout(stop, 60_000);
  let endless: NodeJS.Timeout | undefined;
  const hear = (into: keyof typeof texts) => (chunk: Buffer) => {
    most.bytes += chunk.length;
    if (most.bytes > tooMuch.bytes) stop();
    if (texts[into].length < 1e6) texts[into] += chunk.toString("utf8");
    if (into === "stdout") return;
    if (texts.answers.includes('"ready"')) endless ??= weakness.endless && setTimeout(stop, ENDLESS);
    const begun = texts.answers.includes('"begin"');
    if (weakness.deadline === "renewed" || (weakness.deadline === "checks" && begun)) within(CHECKS);
  };
  child.stdout?.on("data", hear("stdout"));
  (child.stdio[3] as NodeJS.ReadableStream).on("data", hear("answers"));
  child.stdin?.on("error", () => {});
  child.stdin?.end(JSON.stringify(order));
  const watch = setInterval(() => {
    const now = usageOf(child.pid as number);
    for (const what of ["memory", "processes", "threads"] as const) {
      most[what] = Math.max(most[what], now[what]);
      if (most[what] > tooMuch[what]) stop();
    }
  }, 20);
  const exit = await new Promise<number | null>((done) => child.on("close", done));
  clearTimeout(deadline);
  clearTimeout(endless);
  clearInterval(watch);
  const files = readdirSync(results);
  rmSync(results, { recursive: true });
  return {
    ...most,
    code: stopped ? undefined : (exit ?? undefined),
    stdout: texts.stdout,
    said: texts.answers.split("\n").flatMap(parsed),
    files,
    heard: await heard(),
  };
}

function parsed(line: string): Record<string, unknown>[] {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" && value !== null ? [value] : [];
  } catch {
    return [];
  }
}

function usageOf(pid: number): { memory: number; processes: number; threads: number } {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    const memory = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096;
    const own = { memory, processes: 1, threads: readdirSync(`/proc/${pid}/task`).length };
    return (children === "" ? [] : children.split(" ")).map(Number).reduce((sum, child) => {
      const { memory, processes, threads } = usageOf(child);
      return {
        memory: sum.memory + memory,
        processes: sum.processes + processes,
        threads: Math.max(sum.threads, threads),
      };
    }, own);
  } catch {
    return { memory: 0, processes: 0, threads: 0 };
  }
}
