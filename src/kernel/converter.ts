/**
 * tslab's converter, made to see every edit, and to keep declarations in step with what cells really did.
 */
import type { Cell } from "./cell";
import { Interrupted } from "./cell";
import { declarationsAfterFailure } from "./declarations";
import type { Listing } from "./listing";
import type { ProjectModules } from "./modules";
import { CELL, KERNEL, type RunState } from "./protocol";
import { SourceWatch } from "./source-watch";
import { TypeScriptError } from "./traceback";
import { type Converter, type ConvertResult, compiler, createConverter } from "./tslab";
import { modules as compiledBefore, takeSourceMaps } from "./typescript";

/** A text to convert: a cell's, or an expression that a front end wants to know. */
export interface Input {
  cell: Cell;
  source: string;
}

/** Turns cells into JavaScript; what tslab's executor works with. */
export class CellConverter implements Converter {
  readonly #watch: SourceWatch;
  readonly #listing: Listing;
  readonly #modules: ProjectModules;
  readonly #state: RunState;
  #inner: Converter | undefined;
  #scripts = 0;
  /** The names of the cells before, with their types. tslab's executor has its own, and keeps none of a failed cell. */
  #declarations = "";
  #nextDeclarations: string | undefined;
  /** What is being converted. */
  input: Input | undefined;
  /** Under which name the last converted cell keeps the value of its last expression. */
  lastExpression: string | undefined;

  /** @param root the project's folder, which is also the working directory */
  constructor(root: string, listing: Listing, modules: ProjectModules, state: RunState) {
    this.#watch = new SourceWatch(root, (path) => compiledBefore.changed(path));
    this.#listing = listing;
    this.#modules = modules;
    this.#state = state;
  }

  /** Starts the compiler, which takes a while. */
  warm(): void {
    if (!this.#inner) {
      this.#watch.install(compiler.sys);
      this.#inner = createConverter({ isJS: false, isBrowser: false });
    }
  }

  /** The last converted cell has run to its end. */
  succeeded(): void {
    this.#declarations = this.#nextDeclarations ?? this.#declarations;
    this.#nextDeclarations = undefined;
  }

  /** The last converted cell has failed; `hasValue` tells which names got their values. */
  failed(hasValue: (name: string) => boolean): void {
    if (this.#nextDeclarations !== undefined) {
      this.#declarations = declarationsAfterFailure(this.#declarations, this.#nextDeclarations, hasValue);
      this.#nextDeclarations = undefined;
    }
  }

  /** Type-checks and compiles a cell. @throws {TypeScriptError} if it is not right */
  convert(_: string, source: string): ConvertResult {
    this.#state.phase = KERNEL;
    const { cell } = this.input!;
    this.#nextDeclarations = undefined;
    const result = this.#fresh().convert(this.#declarations, source);
    if (result.diagnostics.length > 0) {
      this.#listing.add(this.#nextScript(), { maps: [], cell: { count: cell.count, source } });
      throw new TypeScriptError(result.diagnostics, { count: cell.count, source });
    }
    this.#modules.update(
      (result.sideOutputs ?? []).map((output) => ({ ...output, maps: takeSourceMaps(output.data) })),
    );
    const output = result.output === undefined ? undefined : this.#listed(result.output, cell, source);
    if (this.#state.interruptWanted) {
      this.#state.interruptWanted = false;
      throw new Interrupted();
    }
    this.lastExpression = result.lastExpressionVar;
    this.#nextDeclarations = result.declOutput ?? "";
    this.#state.phase = CELL;
    return { ...result, output, sideOutputs: undefined };
  }

  /** tslab's word on the name at `position`. */
  inspect: Converter["inspect"] = (_, source, position) => this.#fresh().inspect(this.#declarations, source, position);

  /** What may be written at `position`. */
  complete: Converter["complete"] = (_, source, position) =>
    this.#fresh().complete(this.#declarations, source, position);

  /** A cell that begins with a `@module` comment. */
  addModule: Converter["addModule"] = (name, content, meta) => this.#fresh().addModule(name, content, meta);

  /** Lets the compiler go. */
  close(): void {
    this.#inner?.close();
  }

  #fresh(): Converter {
    this.warm();
    this.#watch.poll();
    return this.#inner!;
  }

  /** The output, under a name that tracebacks know it by. tslab puts the beginning of a function before its first line. */
  #listed(output: string, cell: Cell, source: string): string {
    const script = this.#nextScript();
    const lines = output.split("\n").length;
    const maps = takeSourceMaps(output);
    this.#listing.add(script, { maps, skippedLines: 1, lines, cell: { count: cell.count, source } });
    return `"use strict";\n${output}\n//# sourceURL=${script}`;
  }

  #nextScript(): string {
    this.#scripts++;
    return `cell-${this.#scripts}`;
  }
}
