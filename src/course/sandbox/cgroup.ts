/** Bounds that the operating system itself keeps for all processes of one run together: a control group (cgroup v2) of Linux. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What one run may use. */
export interface GroupLimits {
  /** In bytes. */
  readonly memory: number;
  /** Processes and threads together. */
  readonly threads: number;
}

/** The bounds of a group that something has run into. */
export type Reached = "memory" | "threads" | undefined;

/**
 * The folder in which groups can be made here, with bounds of memory and of processes: where root may, and where systemd has
 * given a part of the tree to the user, as it does for programs that are started from a desktop or with
 * `systemd-run --user --scope`.
 *
 * @returns nothing where no such group can be used
 */
export function groupParent(): string | undefined {
  try {
    const mount = /^\S+ \S+ \S+ \S+ (\S+) .* - cgroup2 /m.exec(readFileSync("/proc/self/mountinfo", "utf8"))?.[1];
    const own = /^0::(.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1];
    if (mount === undefined || own === undefined) return undefined;
    for (let path = dirname(own); ; path = dirname(path)) {
      const parent = join(mount, path);
      if (isUsable(parent)) return parent;
      if (path === "/") return undefined;
    }
  } catch {
    return undefined; // another system than Linux
  }
}

function isUsable(parent: string): boolean {
  const name = `backprop-try-${process.pid}`;
  try {
    const controllers = readFileSync(join(parent, "cgroup.subtree_control"), "utf8").trim().split(" ");
    if (!controllers.includes("memory") || !controllers.includes("pids")) return false;
    const group = new Group(parent, name, { memory: 2 ** 26, threads: 8 });
    const { status } = spawnSync("/bin/sh", ["-c", 'echo 0 > "$0"', group.door]);
    group.end();
    return status === 0;
  } catch {
    return false;
  }
}

/** A group of one run. */
export class Group {
  readonly #folder: string;

  /** @throws Node's own error if it can't be made */
  constructor(parent: string, name: string, { memory, threads }: GroupLimits) {
    this.#folder = join(parent, name);
    mkdirSync(this.#folder);
    this.#write("memory.max", memory);
    if (existsSync(join(this.#folder, "memory.swap.max"))) this.#write("memory.swap.max", 0);
    this.#write("pids.max", threads);
  }

  /** The file into which a process writes 0 to enter, with all that it starts from then on. */
  get door(): string {
    return join(this.#folder, "cgroup.procs");
  }

  /** Which bound has ended something or kept it from starting. */
  get reached(): Reached {
    const count = (file: string, event: string) =>
      Number(new RegExp(`^${event} (\\d+)$`, "m").exec(readFileSync(join(this.#folder, file), "utf8"))?.[1] ?? 0);
    if (count("memory.events", "oom_kill") > 0) return "memory";
    return count("pids.events", "max") > 0 ? "threads" : undefined;
  }

  /** Ends all processes in it. */
  kill(): void {
    if (existsSync(join(this.#folder, "cgroup.kill"))) this.#write("cgroup.kill", 1);
  }

  /** Removes it; a group in which a process is still ending is tried again a few times, and left empty at worst. */
  end(tries = 20): void {
    this.kill();
    try {
      rmdirSync(this.#folder);
    } catch {
      if (tries > 0) setTimeout(() => this.end(tries - 1), 50);
    }
  }

  #write(file: string, value: number): void {
    writeFileSync(join(this.#folder, file), String(value));
  }
}
