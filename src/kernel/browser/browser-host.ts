/** A browser's worker as the kernel's host. */
import { GREATEST_LOWER_BOUND, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { formatWithOptions, inspect } from "node-inspect-extracted";
import { type Cells, Interrupted } from "../core/cell";
import type { Guard, KernelHost, Packages } from "../core/host";
import type { Output } from "../core/output";
import type { FromKernel, RunningState } from "../core/protocol";
import { BrowserPackages } from "./browser-packages";
import type { MemoryFiles } from "./memory-files";
import { ROOT } from "./node-modules";

/** Where the source maps of the project's compiled modules are, by their modules' names. */
export const MAPS = "/kernel/maps.json";

/** How often a loop asks whether it shall stop, in ms. */
const ASK_EVERY = 200;

/** How many rounds of a loop pass until the clock is looked at. */
const ROUNDS = 2000;

/** What belongs to the browser: not what a cell may have replaced. */
const { setTimeout: wait, console: browserConsole } = globalThis;

/** Texts that are evaluated, which tracebacks know by their names. */
// biome-ignore lint/security/noGlobalEval: to run what a learner writes is what a kernel is for
const evaluateText = globalThis.eval;

/** This worker. */
export class BrowserHost implements KernelHost {
  readonly root = ROOT;
  readonly inspect = inspect as KernelHost["inspect"];
  readonly packages: Packages;
  readonly guard: Guard;
  readonly state: RunningState = { phase: 0, interruptWanted: false, sending() {} };
  #cells: Cells | undefined;
  #asked = performance.now();
  #knownMaps: Record<string, string> | undefined;

  /**
   * @param folder the notebook's
   * @param wantsStop asks the page's service worker whether what is running shall stop, if there is one
   * @param tell tells the page
   */
  constructor(
    readonly folder: string,
    readonly files: MemoryFiles,
    readonly wantsStop: (() => boolean) | undefined,
    readonly tell: (message: FromKernel) => void,
  ) {
    this.packages = new BrowserPackages(files, (data, update) =>
      this.#output?.show(update ? "update_display_data" : "display_data", { ...data }),
    );
    this.guard = {
      run: (action) => action(),
      runWithReactions: (action) => action(),
      isInterruption: (error) => error instanceof Interrupted,
      check: () => this.#check(),
    };
  }

  #output: Output | undefined;

  /** Throws if the cell shall stop. Otherwise returns how many rounds may pass until the next look at the clock. */
  #check(): number {
    const cell = this.#cells?.current;
    const now = performance.now();
    if (this.wantsStop && now - this.#asked > ASK_EVERY) {
      if (this.wantsStop()) cell?.stop();
      this.#asked = performance.now();
    }
    cell?.throwIfStopped();
    return ROUNDS;
  }

  get #maps(): Readonly<Record<string, string>> {
    this.#knownMaps ??= JSON.parse(this.files.read(MAPS) ?? "{}") as Record<string, string>;
    return this.#knownMaps;
  }

  evaluate(text: string, name: string): unknown {
    return evaluateText(`${text}\n//# sourceURL=${name}`);
  }

  toSource(map: string): ReturnType<KernelHost["toSource"]> {
    // A module that was compiled beforehand has its name in place of its map.
    const decoded = new TraceMap(map.startsWith("{") ? map : this.#maps[map]);
    return ({ line, column }) => {
      const { line: written, column: at } = originalPositionFor(decoded, {
        line: line + 1,
        column,
        bias: GREATEST_LOWER_BOUND,
      });
      return written === null ? undefined : { line: written - 1, column: at };
    };
  }

  /** After two turns, a browser has told of the promises that were rejected and that nobody handles. */
  async nextTurn(): Promise<void> {
    await nextTask();
    await nextTask();
  }

  post(message: FromKernel): void {
    this.tell(message);
  }

  install(cells: Cells, output: Output): void {
    this.#cells = cells;
    this.#output = output;
    cells.installTimer("setTimeout", clearTimeout, false);
    cells.installTimer("setInterval", clearInterval, true);
    cells.installTimer("setImmediate", clearImmediate, false);
    cells.installTask(globalThis, "queueMicrotask");
    installConsole(output);
  }

  onUncaught(failed: (error: unknown) => void): void {
    addEventListener("error", (event) => {
      event.preventDefault();
      failed((event as ErrorEvent).error ?? new Error((event as ErrorEvent).message));
    });
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      failed((event as PromiseRejectionEvent).reason);
    });
  }

  complain(text: string): void {
    browserConsole.error(text);
  }

  busy(): void {}

  idle(): void {}
}

/** Waits for a turn of its own. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    wait(resolve, 0);
  });
}

/** The console's lines become the cell's output. */
function installConsole(output: Output): void {
  const counts = new Map<string, number>();
  const since = new Map<string, number>();
  let indent = "";
  const print = (name: "stdout" | "stderr", values: unknown[]) => {
    const text = formatWithOptions({}, ...values);
    output.printed(name, `${indent}${text.replaceAll("\n", `\n${indent}`)}\n`);
  };
  const log = (...values: unknown[]) => print("stdout", values);
  const warn = (...values: unknown[]) => print("stderr", values);
  const elapsed = (label: string) => `${label}: ${(performance.now() - (since.get(label) ?? 0)).toFixed(3)}ms`;
  const group = (...values: unknown[]) => {
    if (values.length > 0) log(...values);
    indent += "  ";
  };
  const replaced = {
    log,
    info: log,
    debug: log,
    warn,
    error: warn,
    trace: warn,
    dir: (value: unknown, options?: object) => output.printed("stdout", `${indent}${inspect(value, options)}\n`),
    table: log,
    assert: (condition: unknown, ...values: unknown[]) => {
      if (!condition) warn("Assertion failed", ...values);
    },
    count: (label = "default") => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      log(`${label}: ${counts.get(label)}`);
    },
    time: (label = "default") => {
      since.set(label, performance.now());
    },
    timeLog: (label = "default") => log(elapsed(label)),
    timeEnd: (label = "default") => log(elapsed(label)),
    group,
    groupCollapsed: group,
    groupEnd: () => {
      indent = indent.slice(2);
    },
  };
  globalThis.console = { ...browserConsole, ...replaced } as Console;
}
