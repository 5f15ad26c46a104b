/**
 * TypeScript's opinion of a notebook, as the kernel has it: the same compiler with the same options, cell after cell, each
 * with the declarations of those before it.
 *
 * The kernel does not run a cell with an error at all. Here only the statements with the errors are left out.
 */
import { realpathSync } from "node:fs";
import { join, sep } from "node:path";
import type { SourceFile } from "@tslab/typescript-for-tslab";
import { SourceWatch } from "../../kernel/source-watch";
import { type Converter, type ConvertResult, compiler, createConverter, type Diagnostic } from "../../kernel/tslab";
import { takeSourceMaps } from "../../kernel/typescript";

/** The first error of a statement. */
export interface TypeError {
  readonly message: string;
  /** Where it is, counted in characters from the begin of the cell. */
  readonly start: number;
}

/** Where a statement is in its cell, in characters. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** "Cannot find name …", in its several forms: no error if another cell declares it. */
const UNKNOWN_NAME = new Set([2304, 2503, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 2708, 18004]);

/** What follows from an unknown name in what a statement declares. */
const PRIVATE_NAME = /is using private name '(.+)'/;

/** What is imported and is not there where work is graded; and what is exported, which nobody hears of. */
const IMPORTS_AND_EXPORTS = new Set([2305, 2306, 2307, 2323, 2484, 2497, 2528, 2614, 2724]);

/** A cell is looked at again without the statements that have an error, at most so often. */
const MOST_ROUNDS = 8;

const ERROR = 1;

/** The kernel's compiler, for one notebook after the other. */
export class CellChecker {
  readonly #converter: Converter;
  #declarations = "";

  /** @param root the project's folder, which has to be the working directory */
  constructor(root: string) {
    new SourceWatch(root).install(compiler.sys);
    cellsAlone();
    readOnlyBelow([join(root, "src"), join(root, "node_modules"), join(root, "package.json")]);
    this.#converter = createConverter({ isJS: false, isBrowser: false });
  }

  /** Forgets the cells of the notebook before. */
  begin(): void {
    this.#declarations = "";
  }

  /**
   * The errors of a cell's statements, by their places in the list.
   *
   * @param source the cell
   * @param statements where its statements are
   * @param declared the names that any cell of the notebook declares
   */
  check(source: string, statements: readonly Extent[], declared: ReadonlySet<string>): Map<number, TypeError> {
    const errors = new Map<number, TypeError>();
    const left = new Set(statements.keys());
    for (let round = 0; round < MOST_ROUNDS && left.size > 0; round++) {
      const text = without(
        source,
        statements.filter((_, k) => !left.has(k)),
      );
      const { diagnostics, declOutput } = this.#convert(text);
      if (diagnostics.length === 0) {
        this.#declarations = declOutput ?? this.#declarations;
        break;
      }
      const before = left.size;
      for (const diagnostic of diagnostics) {
        if (diagnostic.fileName !== undefined || diagnostic.category !== ERROR) continue;
        const { offset } = diagnostic.start;
        const place = statements.findIndex(({ start, end }) => start <= offset && offset < end);
        if (place < 0) continue;
        left.delete(place);
        if (errors.has(place) || isExcused(diagnostic, text, declared)) continue;
        errors.set(place, { message: diagnostic.messageText.slice(0, 300), start: offset });
      }
      if (left.size === before) break;
    }
    return errors;
  }

  #convert(text: string): ConvertResult {
    const result = this.#converter.convert(this.#declarations, text);
    // Nobody needs the maps here, and they would be kept for ever.
    for (const output of [result.output, ...(result.sideOutputs ?? []).map(({ data }) => data)]) {
      if (output !== undefined) takeSourceMaps(output);
    }
    return result;
  }
}

function isExcused(
  { code, start, end, messageText }: Diagnostic,
  text: string,
  declared: ReadonlySet<string>,
): boolean {
  if (IMPORTS_AND_EXPORTS.has(code)) return true;
  const name = UNKNOWN_NAME.has(code) ? text.slice(start.offset, end.offset) : PRIVATE_NAME.exec(messageText)?.[1];
  return name !== undefined && declared.has(name);
}

/** The text with spaces in place of some parts, so that everything else stays where it is. */
export function without(text: string, parts: readonly Extent[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end } of parts) {
    pieces.push(text.slice(at, start), text.slice(start, end).replace(/[^\n]/g, " "));
    at = end;
  }
  return pieces.join("") + text.slice(at);
}

/** Has TypeScript check and compile the cells alone: what they import is known to be right, and does not run here. */
function cellsAlone(): void {
  const { createWatchCompilerHost } = compiler as unknown as WatchHosts;
  (compiler as unknown as WatchHosts).createWatchCompilerHost = (...args) => {
    const host = createWatchCompilerHost(...args);
    const { createProgram } = host;
    host.createProgram = (...settings) =>
      Object.assign(createProgram(...settings), { getAllDependencies: (cell: SourceFile) => [cell.fileName] });
    return host;
  };
}

/** What is changed of the compiler, in as much of its types as matters. */
interface WatchHosts {
  createWatchCompilerHost(...args: unknown[]): { createProgram(...settings: unknown[]): object };
}

/** A cell may import what it likes; TypeScript finds nothing of this disk but these files and folders. */
function readOnlyBelow(paths: readonly string[]): void {
  const allowed = paths.flatMap((path) => [path, realpathSync(path)]);
  const isAllowed = (path: string) => allowed.some((one) => path === one || path.startsWith(one + sep));
  const { sys } = compiler;
  const { fileExists, readFile } = sys;
  sys.fileExists = (path) => isAllowed(path) && fileExists(path);
  sys.readFile = (path, encoding) => (isAllowed(path) ? readFile(path, encoding) : undefined);
}
