/**
 * Where a place in running code was written: the texts that were compiled, and the way back to their sources.
 *
 * It is the memory behind every traceback. `Error.prepareStackTrace` reads it, so that an error's `stack` speaks of the
 * learner's lines wherever it is printed, and leaves out our own frames, tslab's, Node's and those of packages.
 */
import type { KernelHost, TextPlace } from "./host";
import { join, relative } from "./paths";

/** What is known of a compiled text. */
export interface Listed {
  /** The source map of the text, as JSON; none of a text that is its own source. */
  map: string | undefined;
  /** Columns that were put before its first line. */
  skippedColumns?: number;
  /** The number of its lines. What comes after them was put there to run it. */
  lines?: number;
  /** A cell: its execution count and its source. Left out for a file. */
  cell?: { count: number; source: string };
}

/** A place in a source. Lines and columns count from 1. */
export interface Place {
  /** "Cell [3]", or the path of a file in the project. */
  name: string;
  line: number;
  column: number;
  isCell: boolean;
}

/** A line of a stack trace: where the call was made, and in which function. */
export interface Frame {
  place: Place;
  text: string;
}

/** How many calls deep a stack trace reaches: packages may have many of their own above the learner's. */
const STACK_DEPTH = 50;

/** All texts that were compiled in this process. */
export class Listing {
  readonly #root: string;
  readonly #cells = new Map<string, string>();
  readonly #frames = new WeakMap<object, Frame[]>();
  readonly #listed = new Map<string, Listed & { toSource?: (place: TextPlace) => TextPlace | undefined }>();
  readonly #host: Pick<KernelHost, "files" | "toSource">;

  /** @param host with the project's folder: file names are shown relative to it */
  constructor(host: Pick<KernelHost, "root" | "files" | "toSource">) {
    this.#root = host.root;
    this.#host = host;
  }

  /** Notes a text that is run under `script` as its file name. */
  add(script: string, listed: Listed): void {
    this.#listed.set(script, listed);
    if (listed.cell) this.#cells.set(`Cell [${listed.cell.count}]`, listed.cell.source);
  }

  /** Has every error's `stack` speak of sources. */
  install(): void {
    Error.stackTraceLimit = STACK_DEPTH;
    Error.prepareStackTrace = (error, sites) => {
      const frames = sites.map((site) => this.#frame(site)).filter((frame): frame is Frame => frame !== undefined);
      this.#frames.set(error, frames);
      return [headline(error), ...frames.map(({ text }) => `    at ${text}`)].join("\n");
    };
  }

  /** The frames of an error's stack that are in the learner's code, innermost first. */
  framesOf(error: Error): Frame[] {
    void error.stack; // prepares it, if nobody has read it yet
    return this.#frames.get(error) ?? [];
  }

  /** Where line `line` and column `column` of the text run as `script` was written, if that is the learner's code. */
  place(script: string, line: number, column: number): Place | undefined {
    const listed = this.#listed.get(script);
    if (!listed || line > (listed.lines ?? Number.POSITIVE_INFINITY)) return undefined;
    const { cell, map, skippedColumns = 0 } = listed;
    let at = { line: line - 1, column: Math.max(0, column - 1 - (line === 1 ? skippedColumns : 0)) };
    if (map !== undefined) {
      listed.toSource ??= this.#host.toSource(map);
      const written = listed.toSource(at);
      if (!written) return undefined;
      at = written;
    }
    return {
      name: cell ? `Cell [${cell.count}]` : relative(this.#root, script),
      line: at.line + 1,
      column: at.column + 1,
      isCell: cell !== undefined,
    };
  }

  /** The line of source that a place is in, if it can still be read. */
  lineAt(place: Place): string | undefined {
    const source = place.isCell ? this.#cells.get(place.name) : this.#host.files.read(join(this.#root, place.name));
    return source?.split(/\r?\n/)[place.line - 1];
  }

  #frame(site: NodeJS.CallSite): Frame | undefined {
    const script = site.getScriptNameOrSourceURL();
    const place = script ? this.place(script, site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1) : undefined;
    if (!place) return undefined;
    const where = describePlace(place);
    const name = nameOf(site);
    return { place, text: name ? `${name} (${where})` : where };
  }
}

/** A place as a reader looks for it: "Cell [3], line 2", "src/backward.ts:12:5". */
export function describePlace(place: Place): string {
  return place.isCell ? `${place.name}, line ${place.line}` : `${place.name}:${place.line}:${place.column}`;
}

function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** Owners that say nothing: a function's own class, and the object that holds the names of cells. */
const NAMELESS = new Set(["Object", "Function", "Proxy"]);

/** The function of a frame, without the wrapper that a cell is run in. */
function nameOf(frame: NodeJS.CallSite): string | undefined {
  const name = frame.getFunctionName();
  if (!name || name === "Object.<anonymous>" || name === "eval") return undefined;
  const type = frame.isConstructor() ? "new " : "";
  const owner = !frame.isToplevel() && !frame.isConstructor() ? frame.getTypeName() : undefined;
  const qualified = owner && !NAMELESS.has(owner) && !name.startsWith(`${owner}.`) ? `${owner}.${name}` : name;
  return `${frame.isAsync() ? "async " : ""}${type}${qualified}`;
}
