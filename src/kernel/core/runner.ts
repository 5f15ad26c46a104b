/** Runs cells, one at a time, and says what came of each. */
import type { CellCompiler, CompiledCell } from "../compiler/compiler";
import { sourceOfLast } from "../compiler/inquiries";
import { type Cell, type Cells, Interrupted } from "./cell";
import type { KernelHost } from "./host";
import type { Listing } from "./listing";
import { type MimeBundle, mimeBundle } from "./mime";
import type { ProjectModules } from "./modules";
import type { Output } from "./output";
import { relative } from "./paths";
import type { Project } from "./project";
import { CELL, KERNEL } from "./protocol";
import { type ReadyCell, type Result, Session } from "./session";
import { TypeScriptError } from "./traceback";

/** What came of a cell: how the value of its last expression is shown, if it has one, or what it failed with. */
export type Outcome = { ok: true; bundle: MimeBundle | undefined } | { ok: false; error: unknown };

/** The comment that makes a cell a module, which cells after it import as `./name`: tslab's users know it. */
const MODULE = /^\s*\/\*\*[^/]*@module\s+([\w.-]+)/;

/** What running cells takes. */
export interface Machinery {
  host: KernelHost;
  project: Project;
  compiler: CellCompiler;
  modules: ProjectModules;
  listing: Listing;
  cells: Cells;
  /** Where the learner is told what is worth knowing. */
  output: Pick<Output, "print">;
}

/** The learner's session. */
export class CellRunner {
  readonly #with: Machinery;
  readonly #session: Session;
  #scripts = 0;

  constructor(machinery: Machinery) {
    this.#with = machinery;
    this.#session = new Session(machinery.host, machinery.modules, `${machinery.host.root}/cell.ts`);
  }

  /** Runs `source` on behalf of `cell`. Never rejects. */
  run(cell: Cell, source: string): Promise<Outcome> {
    const { state } = this.#with.host;
    return new Promise((resolve) => {
      let compiled: CompiledCell | undefined;
      let running = true;
      const end = (outcome: Outcome) => {
        if (!running) return;
        running = false;
        state.phase = KERNEL;
        const notes = compiled?.keep(outcome.ok ? undefined : (name) => this.#session.reached(name)) ?? [];
        for (const note of notes) this.#with.output.print(cell, "stderr", `${note}\n`);
        resolve(outcome);
      };
      cell.fail = (error) => end({ ok: false, error });
      try {
        state.phase = KERNEL;
        const module = MODULE.exec(source)?.[1];
        if (module !== undefined) {
          this.#addModule(cell, module, source);
          end({ ok: true, bundle: undefined });
          return;
        }
        compiled = this.#compile(cell, source);
        const ready = this.#prepare(cell, source, compiled);
        this.#execute(cell, ready, source).then((outcome) => {
          if (!cell.stopped) end(outcome);
        });
      } catch (error) {
        end({ ok: false, error });
      }
    });
  }

  /** @throws {TypeScriptError} if something is wrong with it */
  #compile(cell: Cell, source: string): CompiledCell {
    const { host, project, compiler, listing } = this.#with;
    const compilation = compiler.compile(source);
    if (compilation.ok) return compilation.cell;
    listing.add(this.#nextScript(), { map: undefined, cell: { count: cell.count, source } });
    const problems = compilation.problems.map((problem) => ({
      ...problem,
      file: problem.file && relative(host.root, project.onDisk(problem.file)),
    }));
    throw new TypeScriptError(problems, { count: cell.count, source });
  }

  /** A cell that is a module for those after it. What is wrong with it does not keep it from being one. */
  #addModule(cell: Cell, name: string, source: string): void {
    const { compiler, output } = this.#with;
    for (const { start, message } of compiler.addModule(`${compiler.host.root}/${name}.ts`, source)) {
      output.print(cell, "stderr", `${name}.ts:${start.line + 1}:${start.character + 1}: ${message}\n`);
    }
  }

  #prepare(cell: Cell, source: string, compiled: CompiledCell): ReadyCell {
    const { listing, host, output } = this.#with;
    const { state } = host;
    const script = this.#nextScript();
    const ready = this.#session.prepare(compiled, script);
    const lines = compiled.code.split("\n").length;
    const { skippedColumns } = ready;
    listing.add(script, { map: compiled.map, skippedColumns, lines, cell: { count: cell.count, source } });
    if (state.interruptWanted) {
      state.interruptWanted = false;
      throw new Interrupted();
    }
    output.print(cell, "stderr", this.#staleness(compiled));
    state.phase = CELL;
    return ready;
  }

  /**
   * Says which files have changed since the names were imported from them that a cell uses. What is not right can't be
   * imported again, and is said to be so.
   */
  #staleness({ uses }: CompiledCell): string {
    const { project, modules, compiler } = this.#with;
    const changed = new Set([...uses.values()].flatMap((path) => modules.changedSince(project.onDisk(path))));
    return [...changed]
      .map((file) => {
        const [error] = compiler.syntaxErrorsOf(`${project.root}/${file}`);
        if (!error) return `${file} has changed since you imported it: run the cell with import again\n`;
        const { line } = error.start;
        return `${file} has changed since you imported it, and its line ${line + 1} is not right: ${error.message}\n`;
      })
      .join("");
  }

  async #execute(cell: Cell, ready: ReadyCell, source: string): Promise<Outcome> {
    const { cells, host } = this.#with;
    try {
      const { value } = await this.#result(cell, ready);
      await host.nextTurn();
      if (value === undefined) return { ok: true, bundle: undefined };
      const text = typeof value === "function" ? this.#sourceOfLast(source) : undefined;
      const bundle = cells.within(cell, () => host.guard.runWithReactions(() => mimeBundle(value, host.inspect, text)));
      return { ok: true, bundle: (await bundle) as MimeBundle };
    } catch (error) {
      if (cells.isInterruption(error)) cells.signalled(cell);
      return { ok: false, error };
    }
  }

  #sourceOfLast(source: string): string | undefined {
    const { compiler, host } = this.#with;
    const { state } = host;
    state.phase = KERNEL;
    const text = sourceOfLast(compiler, source);
    state.phase = CELL;
    return text;
  }

  /** Runs a cell, and then the reactions to promises that are due after its own code; a loop may be in one of them. */
  #result(cell: Cell, ready: ReadyCell): Result | Promise<Result> {
    const { cells, host } = this.#with;
    try {
      const result = cells.within(cell, () => host.guard.run(() => ready.start()));
      // It is awaited after more code of the cell's.
      if (result instanceof Promise) result.catch(() => {});
      return result;
    } catch (error) {
      if (cells.isInterruption(error)) cells.signalled(cell);
      throw error;
    } finally {
      cells.drain(cell);
    }
  }

  #nextScript(): string {
    this.#scripts++;
    return `cell-${this.#scripts}`;
  }
}
