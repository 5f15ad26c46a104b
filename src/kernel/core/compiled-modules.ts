/**
 * The project's modules as they were when the kernel was built: checked, and compiled.
 *
 * Nearly every notebook begins with `import … from "./src"`. To check and to compile all of that takes more than a second
 * of processor time in every kernel, and as much memory as a third of Node's types. As long as a module and all that it
 * imports are what they were at the build, the compiler reads its declarations instead, and its JavaScript is taken from
 * here. When one of them changes, it and all that import it are read from their source.
 */
import type { CellCompiler, CompiledModule } from "../compiler/compiler";
import type { FileVersions } from "./file-versions";
import type { Files } from "./host";
import { join, relative } from "./paths";

/** A file of the project. */
interface KnownModule {
  /** Of its text. */
  hash: string;
  /** The project's files that it imports, by their paths from the project's root. */
  imports: string[];
  /** What the compiler made of it; nothing of JSON, and of a module whose declarations can't be written. */
  output?: CompiledOutput;
}

/** What the compiler makes of a module. */
export interface CompiledOutput extends CompiledModule {
  declarations: string;
}

/** Where the project's modules are. What was compiled is not read before one of them is wanted. */
const SOURCES = /^src[\\/]/;

/** Compiled modules by their paths from the project's root. */
export class CompiledModules {
  readonly #file: string;
  readonly #root: string;
  readonly #files: Files;
  readonly #versions: FileVersions;
  #known: Map<string, KnownModule> | undefined;
  /** Whether a file has the text that was compiled, by the version of the file that was looked at. */
  readonly #same = new Map<string, { version: number; same: boolean }>();
  /** What was found in this turn. */
  readonly #found = new Map<string, CompiledOutput | undefined>();
  #turn = -1;

  /**
   * @param file the modules as JSON; there may be none
   * @param root the project's folder
   */
  constructor(file: string, root: string, files: Files, versions: FileVersions) {
    this.#file = file;
    this.#root = root;
    this.#files = files;
    this.#versions = versions;
  }

  /** What was compiled of the module at `path`, unless it, or something that it imports, is another now. */
  find(path: string): CompiledOutput | undefined {
    const name = relative(this.#root, path);
    if (!SOURCES.test(name)) return undefined;
    if (this.#turn !== this.#versions.turn) {
      this.#found.clear();
      this.#turn = this.#versions.turn;
    }
    if (!this.#found.has(name)) {
      const output = this.#modules.get(name)?.output;
      const isCurrent = output && [...this.#closure(name)].every((each) => this.#isSame(each));
      this.#found.set(name, isCurrent ? output : undefined);
      if (!isCurrent) this.#modules.delete(name);
    }
    return this.#found.get(name);
  }

  get #modules(): Map<string, KnownModule> {
    this.#known ??= new Map(Object.entries(JSON.parse(this.#files.read(this.#file) ?? "{}")));
    return this.#known;
  }

  /** A module, and all that it imports, directly or not. */
  #closure(name: string, found = new Set<string>()): Set<string> {
    if (!found.has(name)) {
      found.add(name);
      for (const imported of this.#modules.get(name)?.imports ?? []) this.#closure(imported, found);
    }
    return found;
  }

  #isSame(name: string): boolean {
    const path = join(this.#root, name);
    const version = this.#versions.of(path);
    const before = this.#same.get(name);
    if (before?.version === version) return before.same;
    const text = this.#files.read(path);
    const same = text !== undefined && this.#files.hash(text) === this.#modules.get(name)?.hash;
    this.#same.set(name, { version, same });
    return same;
  }
}

/**
 * Compiles `src` with all that it imports, for {@link CompiledModules} to read.
 *
 * @returns JSON: no module if there is something wrong with one of them
 */
export function compiledModules(compiler: CellCompiler, files: Files, root: string): string {
  const described = compiler.describeModules(`${compiler.host.root}/src/index.ts`);
  const nameOf = (path: string) => relative(compiler.host.root, path);
  const known = described.map(({ path, imports, declarations }): [string, KnownModule] => {
    const text = files.read(join(root, nameOf(path))) ?? "";
    // Declarations leave out the imports that they don't need.
    const all = [...imports.keys()].map((specifier) => `import ${JSON.stringify(specifier)};\n`).join("");
    const output = declarations && { declarations: `${declarations}${all}`, ...compiler.compileModule(path, text) };
    return [
      nameOf(path),
      { hash: files.hash(text), imports: [...imports.values()].map(nameOf), ...(output && { output }) },
    ];
  });
  return JSON.stringify(Object.fromEntries(known));
}
