/** The compiler's host in Node.js: a project's folder on a disk. */
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { CompiledModules } from "./compiled-modules";
import type { CompilerHost } from "./compiler/host";
import { withoutDocComments } from "./doc-comments";
import { FileVersions } from "./file-versions";
import { modulesOnDemand, withoutModulesOnDemand } from "./node-types";

/** What the project's modules were compiled to with the kernel, beside it. */
export const COMPILED_MODULES = join(__dirname, "modules.json");

/** The types of global names that Node's own types do not have; `build.mjs` writes them. */
const GLOBALS = join(__dirname, "globals.d.ts");

/** JavaScript as the oldest Node.js that will do has it. */
const LIBRARIES = ["lib.es2023.d.ts", "lib.es2024.string.d.ts", "lib.es2024.sharedmemory.d.ts"];

/**
 * Files as the compiler sees them, which is not quite as they are:
 * - packages' declarations {@link withoutDocComments}, and Node's {@link withoutModulesOnDemand};
 * - declarations in place of the project's modules that were compiled with the kernel.
 *
 * TypeScript takes a backslash for the end of a folder's name. In the path of a project that has one, it sees a look-alike.
 */
export class NodeHost implements CompilerHost {
  readonly root: string;
  readonly folder: string;
  readonly libraries: string;
  readonly options: CompilerHost["options"];
  readonly globals: readonly string[];
  readonly versions = new FileVersions();
  /** What need not be compiled. */
  readonly compiled: CompiledModules;
  readonly #disk: string;

  /**
   * @param root the project's folder
   * @param folder the notebook's
   */
  constructor(root: string, folder: string) {
    this.#disk = root;
    this.root = root.replaceAll("\\", "＼");
    this.folder = this.seen(folder);
    this.compiled = new CompiledModules(COMPILED_MODULES, root, this.versions);
    this.libraries = this.seen(join(dirname(require.resolve("typescript/package.json")), "lib"));
    const typeRoots = [`${this.root}/node_modules/@types`];
    // Of all packages named @types only Node's are global; the others are there for whoever imports their package.
    this.options = {
      lib: LIBRARIES,
      types: ["node"],
      typeRoots,
      paths: modulesOnDemand(this.realpath(`${typeRoots[0]}/node`)),
    };
    this.globals = existsSync(GLOBALS) ? [this.seen(GLOBALS)] : [];
  }

  /** A path on the disk as the compiler sees it. */
  seen(path: string): string {
    return path === this.#disk || path.startsWith(`${this.#disk}/`) ? this.root + path.slice(this.#disk.length) : path;
  }

  /** A path that the compiler sees, on the disk. */
  onDisk(path: string): string {
    return path === this.root || path.startsWith(`${this.root}/`) ? this.#disk + path.slice(this.root.length) : path;
  }

  refresh(): void {
    this.versions.nextTurn();
  }

  readFile(path: string): string | undefined {
    const file = this.onDisk(path);
    const compiled = this.compiled.find(file);
    if (compiled) return compiled.declarations;
    const text = ts.sys.readFile(file);
    return text === undefined ? undefined : withoutModulesOnDemand(path, withoutDocComments(path, text));
  }

  source(path: string): string | undefined {
    return ts.sys.readFile(this.onDisk(path));
  }

  version(path: string): string {
    if (!this.isOwn(path)) return "installed";
    const file = this.onDisk(path);
    return this.compiled.find(file) ? "compiled" : String(this.versions.of(file));
  }

  fileExists(path: string): boolean {
    if (this.isOwn(path)) return this.versions.has(this.onDisk(path));
    return statSync(this.onDisk(path), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  directoryExists(path: string): boolean {
    return statSync(this.onDisk(path), { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  directories(path: string): string[] {
    if (!this.directoryExists(path)) return [];
    const entries = readdirSync(this.onDisk(path), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name);
  }

  files(
    path: string,
    ...rest: [extensions?: readonly string[], exclude?: readonly string[], include?: readonly string[], depth?: number]
  ) {
    return ts.sys.readDirectory(this.onDisk(path), ...rest).map((file) => this.seen(file));
  }

  realpath(path: string): string {
    try {
      return this.seen(realpathSync.native(this.onDisk(path)));
    } catch {
      return path;
    }
  }

  isOwn(path: string): boolean {
    return path.startsWith(`${this.root}/`) && !path.includes("/node_modules/") && !path.includes("/.build/");
  }

  isChecked(path: string): boolean {
    return this.compiled.find(this.onDisk(path)) !== undefined;
  }
}
