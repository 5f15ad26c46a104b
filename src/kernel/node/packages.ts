/** Packages and Node's own modules, for cells and for the project's modules. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Packages } from "../core/host";

/** Packages as they are installed. */
export class InstalledPackages implements Packages {
  readonly #folder: string;

  /** @param folder the notebook's: what a cell imports may be installed for it alone */
  constructor(folder: string) {
    this.#folder = folder;
  }

  load(directory: string, specifier: string, isCell: boolean): unknown {
    const [here, there] = [directory, this.#folder].map((folder) => createRequire(join(folder, "module.js")));
    const isHere = !isCell || isBuiltin(specifier) || isInstalled(here, specifier);
    return loadPackage(isHere || !isInstalled(there, specifier) ? here : there, specifier);
  }

  requireOf(directory: string): object {
    return createRequire(join(directory, "module.js"));
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
