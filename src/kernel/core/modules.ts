/**
 * The project's own modules at run time: loaded once, and again when they were edited.
 *
 * A module keeps its state until its file changes. Then it is loaded anew, and so is everything that imports it, however
 * far up: otherwise `./src/index` would go on handing out functions of the old file.
 */
import type { CellCompiler, CompiledModule } from "../compiler/compiler";
import type { KernelHost } from "./host";
import type { Listing } from "./listing";
import { dirname, extname, fileUrl, join, relative, resolve } from "./paths";
import type { Project } from "./project";

interface Loaded {
  readonly exports: unknown;
  /** Paths of the project's modules that this one asked for. */
  readonly imports: Set<string>;
  /** The version of its file that was loaded. */
  readonly version: number;
  /** If it awaits something: until then. */
  pending: Promise<unknown> | undefined;
}

const PARAMETERS = "exports, require, module, __filename, __dirname, __importMeta";

/** What a module may leave out at the end of another's name, and what TypeScript writes instead of what is there. */
const ENDINGS = [".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".json"];

/** Resolves, loads and reloads modules; `require` is what cells call. */
export class ProjectModules {
  readonly #host: KernelHost;
  readonly #project: Project;
  readonly #compiler: CellCompiler;
  readonly #listing: Listing;
  readonly #root: string;
  readonly #folder: string;
  readonly #loaded = new Map<string, Loaded>();
  /** `require` for cells. */
  readonly require: NodeJS.Require;

  /**
   * @param host in whose folders cells look for modules: the project's first, then the notebook's
   * @param listing is told of every text that is run, for tracebacks
   */
  constructor(host: KernelHost, project: Project, compiler: CellCompiler, listing: Listing) {
    this.#root = host.root;
    this.#folder = host.folder;
    this.#host = host;
    this.#project = project;
    this.#compiler = compiler;
    this.#listing = listing;
    this.require = this.#requireFrom(host.root, new Set(), new Map());
  }

  /** The module that a cell knows as `specifier`; a promise of it if it awaits something. */
  get(specifier: string): unknown {
    this.#forgetChanged();
    return this.#get(this.#root, specifier, new Set());
  }

  /** The files of the project that have changed since a module was loaded, among it and what it imports. */
  changedSince(path: string): string[] {
    return [...this.#closure(path)]
      .filter((each) => this.#loaded.get(each)?.version !== this.#versionOf(each))
      .map((each) => relative(this.#root, each));
  }

  /** Has modules be loaded anew whose files are other ones now, and all that import them. */
  #forgetChanged(): void {
    for (const [path, { version }] of [...this.#loaded]) {
      if (version !== this.#versionOf(path)) this.#forget(path);
    }
  }

  #versionOf(path: string): number {
    return this.#compiler.versionInMemory(this.#project.seen(path)) ?? this.#project.versions.of(path);
  }

  #forget(path: string): void {
    if (this.#loaded.delete(path)) {
      for (const [importer, { imports }] of [...this.#loaded]) {
        if (imports.has(path)) this.#forget(importer);
      }
    }
  }

  #closure(path: string, found = new Set<string>()): Set<string> {
    if (!found.has(path)) {
      found.add(path);
      for (const imported of this.#loaded.get(path)?.imports ?? []) this.#closure(imported, found);
    }
    return found;
  }

  /** @param imports is given the path if the module is the project's */
  #get(directory: string, specifier: string, imports: Set<string>): unknown {
    const path = this.#resolve(directory, specifier);
    if (path === undefined) return this.#host.packages.load(directory, specifier, directory === this.#root);
    imports.add(path);
    return this.#load(path);
  }

  /** @param ready modules that were loaded before, by their names here: those that await something */
  #requireFrom(directory: string, imports: Set<string>, ready: ReadonlyMap<string, unknown>): NodeJS.Require {
    const require = (specifier: string): unknown => {
      if (ready.has(specifier)) return ready.get(specifier);
      const module = this.#get(directory, specifier, imports);
      if (module instanceof Promise) {
        throw new Error(
          `"${specifier}" awaits something while it loads: import it, or write await import("${specifier}")`,
        );
      }
      return module;
    };
    return Object.assign(require, this.#host.packages.requireOf(directory)) as NodeJS.Require;
  }

  /** The path of the project's module that is meant, or nothing if it is a package or an unknown file. */
  #resolve(directory: string, specifier: string): string | undefined {
    if (!/^\.{0,2}\//.test(specifier) && specifier !== "." && specifier !== "..") return undefined;
    // What a cell imports may be beside its notebook, too.
    const folders = directory === this.#root ? [directory, this.#folder] : [directory];
    for (const folder of folders) {
      const base = resolve(folder, specifier);
      const written = base.replace(/\.([mc]?)js$/, ".$1ts");
      const candidates = [
        base,
        written,
        ...ENDINGS.map((end) => base + end),
        ...ENDINGS.map((end) => join(base, `index${end}`)),
      ];
      const found = candidates.find((path) => ENDINGS.includes(extname(path)) && this.#isFile(path));
      if (found && !found.includes("/node_modules/")) return found;
    }
    return undefined;
  }

  #isFile(path: string): boolean {
    const isInMemory = this.#compiler.versionInMemory(this.#project.seen(path)) !== undefined;
    return isInMemory || this.#host.files.isFile(path);
  }

  #load(path: string): unknown {
    const known = this.#loaded.get(path);
    if (known) return known.pending ?? known.exports;
    const version = this.#versionOf(path);
    const module = { exports: {} as unknown };
    const loaded: Loaded = {
      // Modules that import each other see what there is of this one already.
      get exports() {
        return module.exports;
      },
      imports: new Set(),
      version,
      pending: undefined,
    };
    this.#loaded.set(path, loaded);
    const failed = (error: unknown): never => {
      this.#loaded.delete(path);
      throw error;
    };
    try {
      if (extname(path) === ".json") {
        module.exports = JSON.parse(this.#read(path));
        return module.exports;
      }
      const pending = this.#run(path, module, loaded.imports);
      if (!pending) return module.exports;
      const ended = pending.then(() => {
        loaded.pending = undefined;
        return module.exports;
      }, failed);
      loaded.pending = ended;
      return ended;
    } catch (error) {
      return failed(error);
    }
  }

  /** Runs a module, after all that it imports. Returns a promise if one of them awaits something. */
  #run(path: string, module: { exports: unknown }, imports: Set<string>): Promise<unknown> | undefined {
    const { code, map, imports: wanted, isAsync } = this.#compile(path);
    const directory = dirname(path);
    const ready = new Map<string, unknown>();
    const require = this.#requireFrom(directory, imports, ready);
    const run = (): unknown => {
      const before = `(function (${PARAMETERS}) { "use strict"; ${isAsync ? "return (async () => { " : ""}`;
      const after = isAsync ? "\n})();\n})" : "\n})";
      this.#listing.add(path, { map, skippedColumns: before.length, lines: code.split("\n").length });
      const text = `${before}${code.replaceAll("import.meta", "__importMeta")}${after}`;
      const meta = { url: fileUrl(path), filename: path, dirname: directory };
      const parameters = [module.exports, require, module, path, directory, meta];
      const run = this.#host.evaluate(text, path) as (...parameters: unknown[]) => unknown;
      return run.apply(module.exports, parameters);
    };
    const waited: Promise<unknown>[] = [];
    for (const specifier of wanted) {
      const imported = this.#get(directory, specifier, imports);
      if (imported instanceof Promise) waited.push(imported.then((exports) => ready.set(specifier, exports)));
    }
    if (waited.length > 0) return Promise.all(waited).then(run);
    const ended = run();
    return isAsync ? (ended as Promise<unknown>) : undefined;
  }

  #compile(path: string): CompiledModule {
    const seen = this.#project.seen(path);
    if (this.#compiler.versionInMemory(seen) !== undefined) return this.#compiler.compileModule(seen);
    const source = this.#read(path);
    if (extname(path) === ".cjs") return { code: source, map: undefined, imports: [], isAsync: false };
    return this.#project.compiled.find(path) ?? this.#compiler.compileModule(seen, source);
  }

  #read(path: string): string {
    const text = this.#host.files.read(path);
    if (text === undefined) throw new Error(`${relative(this.#root, path)} can't be read`);
    return text;
  }
}
