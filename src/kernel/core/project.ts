/** The compiler's host: a project's files, as the compiler shall see them. */
import type { CompilerHost } from "../compiler/host";
import type { CompiledModules } from "./compiled-modules";
import { withoutDocComments } from "./doc-comments";
import type { FileVersions } from "./file-versions";
import type { Files } from "./host";
import { modulesOnDemand, withoutModulesOnDemand } from "./node-types";

/** JavaScript as the oldest Node.js that will do has it. */
const LIBRARIES = ["lib.es2023.d.ts", "lib.es2024.string.d.ts", "lib.es2024.sharedmemory.d.ts"];

/** What a project is made of. */
export interface ProjectParts {
  /** The project's folder, and the notebook's. */
  root: string;
  folder: string;
  files: Files;
  versions: FileVersions;
  /** What need not be compiled. */
  compiled: CompiledModules;
  /** Where TypeScript's own declarations of JavaScript are. */
  libraries: string;
  /** Files of declarations that every cell sees. */
  globals: readonly string[];
}

/**
 * Files as the compiler sees them, which is not quite as they are:
 * - packages' declarations {@link withoutDocComments}, and Node's {@link withoutModulesOnDemand};
 * - declarations in place of the project's modules that were compiled with the kernel.
 *
 * TypeScript takes a backslash for the end of a folder's name. In the path of a project that has one, it sees a look-alike.
 */
export class Project implements CompilerHost {
  readonly root: string;
  readonly folder: string;
  readonly libraries: string;
  readonly options: CompilerHost["options"];
  readonly globals: readonly string[];
  readonly versions: FileVersions;
  /** What need not be compiled. */
  readonly compiled: CompiledModules;
  readonly #disk: string;
  readonly #files: Files;

  constructor({ root, folder, files, versions, compiled, libraries, globals }: ProjectParts) {
    this.#disk = root;
    this.root = root.replaceAll("\\", "＼");
    this.folder = this.seen(folder);
    this.#files = files;
    this.versions = versions;
    this.compiled = compiled;
    this.libraries = this.seen(libraries);
    const typeRoots = [`${this.root}/node_modules/@types`];
    // Of all packages named @types only Node's are global; the others are there for whoever imports their package.
    this.options = {
      lib: LIBRARIES,
      types: ["node"],
      typeRoots,
      paths: modulesOnDemand(this.realpath(`${typeRoots[0]}/node`)),
    };
    this.globals = globals.map((path) => this.seen(path));
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
    const text = this.#files.read(file);
    return text === undefined ? undefined : withoutModulesOnDemand(path, withoutDocComments(path, text));
  }

  source(path: string): string | undefined {
    return this.#files.read(this.onDisk(path));
  }

  version(path: string): string {
    if (!this.isOwn(path)) return "installed";
    const file = this.onDisk(path);
    return this.compiled.find(file) ? "compiled" : String(this.versions.of(file));
  }

  fileExists(path: string): boolean {
    if (this.isOwn(path)) return this.versions.has(this.onDisk(path));
    return this.#files.isFile(this.onDisk(path));
  }

  directoryExists(path: string): boolean {
    return this.#files.isFolder(this.onDisk(path));
  }

  directories(path: string): string[] {
    return this.directoryExists(path) ? this.#files.folders(this.onDisk(path)) : [];
  }

  files(
    path: string,
    ...rest: [extensions?: readonly string[], exclude?: readonly string[], include?: readonly string[], depth?: number]
  ) {
    return this.#files.below(this.onDisk(path), ...rest).map((file) => this.seen(file));
  }

  realpath(path: string): string {
    return this.seen(this.#files.realpath(this.onDisk(path)));
  }

  isOwn(path: string): boolean {
    return path.startsWith(`${this.root}/`) && !path.includes("/node_modules/") && !path.includes("/.build/");
  }

  isChecked(path: string): boolean {
    return this.compiled.find(this.onDisk(path)) !== undefined;
  }
}
