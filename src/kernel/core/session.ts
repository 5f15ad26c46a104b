/** Running cells with the variables of a session. */
import { SESSION } from "../compiler/bind";
import type { CompiledCell } from "../compiler/compiler";
import { Boxes, namespaceOf } from "./boxes";
import type { KernelHost } from "./host";
import type { ProjectModules } from "./modules";
import { dirname, fileUrl } from "./paths";

/** Before a cell's text, on its first line. */
const BEFORE = `function (${SESSION}, require, __filename, __dirname) { "use strict"; `;

/** What a cell finds under the name {@link SESSION}. */
interface Surroundings {
  box: Boxes["box"];
  load(specifier: unknown): Promise<unknown>;
  /** For loops, on hosts that have no signals. */
  readonly check: (() => number) | undefined;
  readonly meta: { url: string; filename: string; dirname: string };
  /** The value of the last expression. */
  result: unknown;
}

/** The value of a cell's last expression, which may be a promise itself. */
export interface Result {
  value: unknown;
}

/** A cell that is ready to run. */
export interface ReadyCell {
  /** How many characters stand before its text, on its first line. */
  readonly skippedColumns: number;
  /** Runs it. Returns the value of its last expression in a holder; if the cell awaits something, a promise of that. */
  start(): Result | Promise<Result>;
}

/** One session. */
export class Session {
  readonly #host: KernelHost;
  readonly #modules: ProjectModules;
  readonly #file: string;
  readonly #boxes = new Boxes();
  #before = new Map<string, PropertyDescriptor | undefined>();

  /** @param file what cells take for the file that they are in */
  constructor(host: KernelHost, modules: ProjectModules, file: string) {
    this.#host = host;
    this.#modules = modules;
    this.#file = file;
  }

  /**
   * Makes a cell ready.
   *
   * @param script what tracebacks know it by
   * @throws {SyntaxError} if the host does not take it: a bad regular expression, say
   */
  prepare({ code, isAsync, imports, values }: CompiledCell, script: string): ReadyCell {
    const before = `(${isAsync ? "async " : ""}${BEFORE}`;
    const cell = this.#host.evaluate(`${before}${code}\n})`, script) as (...parameters: unknown[]) => unknown;
    const start = () => {
      this.#before = new Map([...values].map((name) => [name, this.#boxes.stateOf(name)]));
      const surroundings = this.#surroundings();
      const run = (): Result | Promise<Result> => {
        const ended = cell(surroundings, this.#modules.require, this.#file, dirname(this.#file));
        const result = () => ({ value: surroundings.result });
        return isAsync ? (ended as Promise<unknown>).then(result) : result();
      };
      const loaded = imports.map((one) => {
        const module = this.#modules.get(one.specifier);
        const follow = (exports: unknown) => this.#boxes.follow(one, exports);
        return module instanceof Promise ? module.then(follow) : follow(module);
      });
      return loaded.some((one) => one instanceof Promise) ? Promise.all(loaded).then(run) : run();
    };
    return { skippedColumns: before.length, start };
  }

  /** Whether the cell that was started last gave `name` a value. */
  reached(name: string): boolean {
    const before = this.#before.get(name);
    const now = this.#boxes.stateOf(name);
    return now !== undefined && (!before || !Object.is(before.value, now.value) || before.get !== now.get);
  }

  #surroundings(): Surroundings {
    return {
      box: (name, isVar) => this.#boxes.box(name, isVar),
      load: async (specifier) => namespaceOf(await this.#modules.get(String(specifier))),
      check: this.#host.guard.check,
      meta: { url: fileUrl(this.#file), filename: this.#file, dirname: dirname(this.#file) },
      result: undefined,
    };
  }
}
