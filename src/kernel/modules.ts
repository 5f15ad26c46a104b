/**
 * The project's own modules at run time: loaded once, and again when they were edited.
 *
 * A module keeps its state until its file changes. Then it is loaded anew, and so is everything that imports it, however
 * far up: otherwise `./src/index` would go on handing out functions of the old file.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, extname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";
import type { CellCompiler, CompiledModule } from "./compiler/compiler";
import type { Listing } from "./listing";
import type { NodeHost } from "./node-host";

interface Loaded {
  readonly exports: unknown;
  /** Paths of the project's modules that this one asked for. */
  readonly imports: Set<string>;
  /** The version of its file that was loaded. */
  readonly version: number;
  /** If it awaits something: until then. */
  pending: Promise<unknown> | undefined;
}

const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname", "__importMeta"];

/** What a module may leave out at the end of another's name, and what TypeScript writes instead of what is there. */
const ENDINGS = [".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".json"];

/** Resolves, loads and reloads modules; `require` is what cells call. */
export class ProjectModules {
  readonly #host: NodeHost;
  readonly #compiler: CellCompiler;
  readonly #listing: Listing;
  readonly #root: string;
  readonly #folder: string;
  readonly #loaded = new Map<string, Loaded>();
  /** `require` for cells. */
  readonly require: NodeJS.Require;

  /**
   * @param root the project's folder, where cells look for modules
   * @param folder the notebook's, where they look next
   * @param listing is told of every text that is run, for tracebacks
   */
  constructor(root: string, folder: string, host: NodeHost, compiler: CellCompiler, listing: Listing) {
    this.#root = root;
    this.#folder = folder;
    this.#host = host;
    this.#compiler = compiler;
    this.#listing = listing;
    this.require = this.#requireFrom(root, new Set(), new Map());
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
    return this.#compiler.versionInMemory(this.#host.seen(path)) ?? this.#host.versions.of(path);
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
    if (path === undefined) return loadPackage(this.#packagesFor(directory, specifier), specifier);
    imports.add(path);
    return this.#load(path);
  }

  /** Where a package is looked for. What a cell imports may be installed for the notebook's folder alone. */
  #packagesFor(directory: string, specifier: string): NodeJS.Require {
    const [here, there] = [directory, this.#folder].map((folder) => createRequire(join(folder, "module.js")));
    const isHere = directory !== this.#root || isBuiltin(specifier) || isInstalled(here, specifier);
    return isHere || !isInstalled(there, specifier) ? here : there;
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
    return Object.assign(require, createRequire(join(directory, "module.js")));
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
    const isInMemory = this.#compiler.versionInMemory(this.#host.seen(path)) !== undefined;
    return isInMemory || (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
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
        module.exports = JSON.parse(readFileSync(path, "utf8"));
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
      const before = `"use strict"; ${isAsync ? "return (async () => { " : ""}`;
      const after = isAsync ? "\n})();" : "";
      this.#listing.add(path, { map, skippedColumns: before.length, lines: code.split("\n").length });
      const text = `${before}${code.replaceAll("import.meta", "__importMeta")}${after}`;
      const meta = { url: pathToFileURL(path).href, filename: path, dirname: directory };
      const parameters = [module.exports, require, module, path, directory, meta];
      return compileFunction(text, PARAMETERS, { filename: path }).call(module.exports, ...parameters);
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
    const seen = this.#host.seen(path);
    if (this.#compiler.versionInMemory(seen) !== undefined) return this.#compiler.compileModule(seen);
    const source = readFileSync(path, "utf8");
    if (extname(path) === ".cjs") return { code: source, map: undefined, imports: [], isAsync: false };
    return this.#host.compiled.find(path) ?? this.#compiler.compileModule(seen, source);
  }
}

function isInstalled(require: NodeJS.Require, specifier: string): boolean {
  const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [specifier];
  return (require.resolve.paths(specifier) ?? []).some((folder) => existsSync(join(folder, name)));
}

/** A package, or a file that TypeScript doesn't compile; a promise of it if it awaits something while it loads. */
function loadPackage(require: NodeJS.Require, id: string): unknown {
  try {
    return require(id);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED") {
      const path = entryForImport(require, id);
      if (path) return loadPackage(require, path);
    }
    if (code === "ERR_REQUIRE_ASYNC_MODULE") return import(pathToFileURL(require.resolve(id)).href);
    throw error;
  }
}

/** The file of a package that says only under the condition "import" where it is: Node's `require` can load it, but not find it. */
function entryForImport(require: NodeJS.Require, id: string): string | undefined {
  const [, name, rest] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(id) ?? [];
  for (const modules of require.resolve.paths(id) ?? []) {
    const manifest = join(modules, name, "package.json");
    if (existsSync(manifest)) {
      const { exports } = JSON.parse(readFileSync(manifest, "utf8"));
      const target = chosen(exports?.[`.${rest}`] ?? (rest === "" ? exports : undefined));
      return target && join(modules, name, target);
    }
  }
  return undefined;
}

/** What the conditions of an `exports` entry choose. */
function chosen(target: unknown): string | undefined {
  if (typeof target !== "object" || target === null) return typeof target === "string" ? target : undefined;
  for (const [condition, inner] of Object.entries(target)) {
    const path = ["node", "import", "default"].includes(condition) ? chosen(inner) : undefined;
    if (path) return path;
  }
  return undefined;
}
