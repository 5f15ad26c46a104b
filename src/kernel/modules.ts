/**
 * The project's own modules at run time: loaded once, and again when they were edited.
 *
 * A module keeps its state until its file changes. Then it is loaded anew, and so is everything that imports it, however
 * far up: otherwise `./src/index` would go on handing out functions of the old file.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";
import type { Listing } from "./listing";
import type { SourceMaps } from "./typescript";

interface Source {
  code: string;
  maps: SourceMaps;
}

interface Loaded {
  exports: unknown;
  /** Paths of the project's modules that this one asked for. */
  imports: Set<string>;
  /** Of a file that is read as it is (JSON): when it was written. */
  written: number | undefined;
}

const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname", "__importMeta"];

/** Resolves, loads and reloads modules; `require` is what cells call. */
export class ProjectModules {
  readonly #listing: Listing;
  readonly #sources = new Map<string, Source>();
  readonly #loaded = new Map<string, Loaded>();
  /** `require` for code at the project's root, which is where cells are. */
  readonly require: NodeJS.Require;

  /**
   * @param root the project's folder
   * @param listing is told of every text that is run, for tracebacks
   */
  constructor(root: string, listing: Listing) {
    this.#listing = listing;
    this.require = this.#requireFrom(root, new Set());
  }

  /**
   * New versions of modules: they and all that import them are loaded anew when next asked for.
   *
   * @param outputs compiled modules, by the path of their JavaScript
   */
  update(outputs: { path: string; data: string; maps: SourceMaps }[]): void {
    for (const { path, data, maps } of outputs) {
      this.#sources.set(path, { code: data, maps });
      this.#forget(path);
    }
    for (const [path, { written }] of this.#loaded) {
      if (written !== undefined && statSync(path, { throwIfNoEntry: false })?.mtimeMs !== written) {
        this.#forget(path);
      }
    }
  }

  #forget(path: string): void {
    if (this.#loaded.delete(path)) {
      for (const [importer, { imports }] of this.#loaded) {
        if (imports.has(path)) {
          this.#forget(importer);
        }
      }
    }
  }

  #requireFrom(directory: string, imports: Set<string>): NodeJS.Require {
    const fromDisk = createRequire(join(directory, "module.js"));
    const require = (id: string): unknown => {
      const path = this.#resolve(directory, id);
      if (path) {
        imports.add(path);
        return this.#load(path);
      }
      return requirePackage(fromDisk, id);
    };
    return Object.assign(require, fromDisk);
  }

  /** The path of the project's module that `id` names, or nothing if it names a package or an unknown file. */
  #resolve(directory: string, id: string): string | undefined {
    if (!/^\.{0,2}\//.test(id) && id !== "." && id !== "..") {
      return undefined;
    }
    const base = resolve(directory, id);
    if (extname(base) === ".json" && existsSync(base)) {
      return base;
    }
    return [base, `${base}.js`, base.replace(/\.[mc]?tsx?$/, ".js"), join(base, "index.js")].find((path) =>
      this.#sources.has(path),
    );
  }

  #load(path: string): unknown {
    const cached = this.#loaded.get(path);
    if (cached) {
      return cached.exports;
    }
    const source = this.#sources.get(path);
    const loaded: Loaded = { exports: {}, imports: new Set(), written: undefined };
    this.#loaded.set(path, loaded);
    try {
      if (source) {
        this.#run(path, source, loaded);
      } else {
        loaded.written = statSync(path).mtimeMs;
        loaded.exports = JSON.parse(readFileSync(path, "utf8"));
      }
    } catch (error) {
      this.#loaded.delete(path);
      throw error;
    }
    return loaded.exports;
  }

  #run(path: string, source: Source, loaded: Loaded): void {
    const file = path.replace(/\.js$/, ".ts");
    const filename = existsSync(file) ? file : path;
    const code = `"use strict";${source.code.replaceAll("import.meta", "__importMeta")}`;
    this.#listing.add(filename, { maps: source.maps, skippedColumns: '"use strict";'.length });
    const module = { exports: loaded.exports };
    const directory = dirname(filename);
    const meta = { url: pathToFileURL(filename).href, filename, dirname: directory };
    const require = this.#requireFrom(directory, loaded.imports);
    // Modules that import each other see what there is of this one already.
    Object.defineProperty(loaded, "exports", { get: () => module.exports });
    compileFunction(code, PARAMETERS, { filename }).call(
      module.exports,
      module.exports,
      require,
      module,
      filename,
      directory,
      meta,
    );
  }
}

/** A package, or a file that TypeScript doesn't compile. */
function requirePackage(require: NodeJS.Require, id: string): unknown {
  try {
    return require(id);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED") {
      const path = entryForImport(require, id);
      if (path) {
        return require(path);
      }
    }
    if (code === "ERR_REQUIRE_ASYNC_MODULE") {
      throw new Error(`The package "${id}" awaits something while it loads, and can't be loaded in a notebook`);
    }
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
  if (typeof target !== "object" || target === null) {
    return typeof target === "string" ? target : undefined;
  }
  for (const [condition, inner] of Object.entries(target)) {
    const path = ["node", "import", "default"].includes(condition) ? chosen(inner) : undefined;
    if (path) {
      return path;
    }
  }
  return undefined;
}
