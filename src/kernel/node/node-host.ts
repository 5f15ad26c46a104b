/** Node.js as the kernel's host. */
import { writeSync } from "node:fs";
import { SourceMap } from "node:module";
import { inspect } from "node:util";
import { Script } from "node:vm";
import type { Cells } from "../core/cell";
import type { Guard, KernelHost } from "../core/host";
import type { Output } from "../core/output";
import type { FromKernel } from "../core/protocol";
import { disk } from "./disk";
import { guard, guardWithReactions, isSigint, TERMINATED } from "./guard";
import { InstalledPackages } from "./packages";
import type { RunState } from "./protocol";
import { SpareMemory } from "./spare-memory";
import { installStreams } from "./streams";
import { installTimers } from "./timers";

/** Node's own: not one that belongs to a cell. */
const { setImmediate: later } = globalThis;

/** This process. */
export class NodeHost implements KernelHost {
  readonly files = disk;
  readonly inspect = inspect;
  readonly packages: InstalledPackages;
  readonly guard: Guard;
  readonly #spareMemory = new SpareMemory();

  /** @param post tells the front ends */
  constructor(
    readonly root: string,
    readonly folder: string,
    readonly state: RunState,
    readonly post: (message: FromKernel) => void,
  ) {
    this.packages = new InstalledPackages(folder);
    this.guard = {
      run: guard,
      runWithReactions: guardWithReactions,
      isInterruption: (error) => isSigint(error) || (error === TERMINATED && state.interruptWanted),
      check: undefined,
    };
  }

  evaluate(text: string, name: string): unknown {
    return new Script(text, { filename: name }).runInThisContext();
  }

  toSource(map: string): ReturnType<KernelHost["toSource"]> {
    const decoded = new SourceMap(JSON.parse(map));
    return ({ line, column }) => {
      const entry = decoded.findEntry(line, column);
      return "originalLine" in entry ? { line: entry.originalLine, column: entry.originalColumn } : undefined;
    };
  }

  /** Afterwards, Node has told of the promises that were rejected and that nobody handles. */
  nextTurn(): Promise<void> {
    return new Promise((resolve) => {
      later(resolve);
    });
  }

  install(cells: Cells, output: Output): void {
    installStreams(output);
    installTimers(cells);
  }

  onUncaught(failed: (error: unknown) => void): void {
    process.on("uncaughtException", failed);
    process.on("unhandledRejection", failed);
  }

  complain(text: string): void {
    writeSync(2, text);
  }

  busy(): void {
    this.#spareMemory.busy();
  }

  idle(): void {
    this.#spareMemory.idle();
  }
}
