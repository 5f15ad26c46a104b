/** The project's own modules, as far as types go: where they are, what they import, and whether they are right. */
import ts from "typescript";
import type { CompilerHost } from "./host";
import { type Problem, problemOf } from "./problems";
import type { VirtualFiles } from "./session-names";

type Resolved = ts.ResolvedModuleWithFailedLookupLocations;

/** What we use of a program that is not in its published types. */
interface Internals extends ts.Program {
  getResolvedModuleFromModuleSpecifier(specifier: ts.StringLiteralLike, from: ts.SourceFile): Resolved | undefined;
}

/** What the files of cells' names are called: see `session-names.ts`. */
const OF_SESSION = /^\.\/(\$|__cell_)/;

/** Files of the project and what is known of them. */
export class ModuleFiles {
  readonly #host: CompilerHost;
  readonly #virtual: VirtualFiles;
  readonly #options: ts.CompilerOptions;
  readonly #resolutionHost: ts.ModuleResolutionHost;
  /** What files of the project import that was not found: it may be there now. */
  readonly #missed = new Map<string, Set<string>>();
  /** Where files found what they import. */
  readonly #resolved = new Map<string, Resolved>();
  /** Files with nothing wrong, and what they imported then. */
  readonly #right = new WeakMap<ts.SourceFile, Set<ts.SourceFile>>();

  constructor(host: CompilerHost, virtual: VirtualFiles, options: ts.CompilerOptions) {
    this.#host = host;
    this.#virtual = virtual;
    this.#options = { ...options, ...host.options };
    this.#resolutionHost = {
      fileExists: (path) => virtual.get(path) !== undefined || host.fileExists(path),
      readFile: (path) => host.readFile(path),
      directoryExists: (path) => host.directoryExists(path),
      realpath: (path) => host.realpath(path),
      getCurrentDirectory: () => host.root,
    };
  }

  /** Where a module is. What a cell imports may be at the project's root or beside the notebook. */
  resolve(specifier: string, from: string): Resolved {
    const { root, folder } = this.#host;
    if (OF_SESSION.test(specifier)) {
      const path = `${root}/${specifier.slice(2)}`;
      const extension = this.#virtual.get(`${path}.d.ts`) ? ts.Extension.Dts : ts.Extension.Ts;
      return {
        resolvedModule: { resolvedFileName: path + extension, extension, isExternalLibraryImport: false },
      } as Resolved;
    }
    // A module of Node.js is declared by its name; nobody has a file for it, but those that `paths` says.
    if (specifier.startsWith("node:") && !this.#options.paths?.[specifier])
      return { resolvedModule: undefined } as Resolved;
    const key = `${from}\n${specifier}`;
    const before = this.#resolved.get(key);
    if (before && this.#isStill(before)) return before;
    let found = ts.resolveModuleName(specifier, from, this.#options, this.#resolutionHost);
    if (!found.resolvedModule && this.#virtual.get(from)) {
      found = ts.resolveModuleName(specifier, `${folder}/cell.ts`, this.#options, this.#resolutionHost);
    }
    const missed = this.#missed.get(from) ?? new Set();
    if (found.resolvedModule) missed.delete(specifier);
    else if (this.#host.isOwn(from)) this.#missed.set(from, missed.add(specifier));
    const isLasting = found.resolvedModule
      ? !this.#virtual.get(from)
      : !this.#host.isOwn(from) && !this.#virtual.get(from);
    if (isLasting) this.#resolved.set(key, found as Resolved);
    return found as Resolved;
  }

  /** Whether a module that was found is where it was. Packages do not change, and what they do not find is not there. */
  #isStill({ resolvedModule }: Resolved): boolean {
    const path = resolvedModule?.resolvedFileName;
    return path === undefined || !this.#host.isOwn(path) || this.#host.fileExists(path);
  }

  /** Whether a file imports something that was not found when it was last looked for. */
  hasMissed(path: string): boolean {
    return (this.#missed.get(path)?.size ?? 0) > 0;
  }

  /** The project's files that the first `length` characters of a cell import. */
  importedBy(program: ts.Program, cell: ts.SourceFile, length: number): string[] {
    const { imports } = cell as unknown as { imports: readonly ts.StringLiteralLike[] };
    return imports
      .filter(({ pos }) => pos < length)
      .flatMap((specifier) => this.#file(program, cell, specifier)?.fileName ?? []);
  }

  /** What is wrong with files of the project, and with all that they import. */
  problems(program: ts.Program, paths: readonly string[]): Problem[] {
    return this.closure(program, paths).flatMap((file) => {
      if (file.fileName.endsWith(".json") || this.#host.isChecked(file.fileName)) return [];
      const imports = new Set(this.closure(program, [file.fileName]));
      const before = this.#right.get(file);
      if (before?.size === imports.size && [...imports].every((imported) => before.has(imported))) return [];
      const wrong = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].filter(
        ({ category }) => category === ts.DiagnosticCategory.Error,
      );
      if (wrong.length === 0) this.#right.set(file, imports);
      return wrong.map((diagnostic) => problemOf(diagnostic, () => false));
    });
  }

  /** Files of the project, and those that they import, directly or not. */
  closure(program: ts.Program, paths: readonly string[]): ts.SourceFile[] {
    const found = new Set<ts.SourceFile>();
    const add = (file: ts.SourceFile | undefined) => {
      if (!file || found.has(file)) return;
      found.add(file);
      for (const path of this.importsOf(program, file).values()) add(program.getSourceFile(path));
    };
    for (const path of paths) add(program.getSourceFile(path));
    return [...found];
  }

  /** The paths of the project's files that a file imports, by its specifiers. */
  importsOf(program: ts.Program, file: ts.SourceFile): Map<string, string> {
    const { imports = [] } = file as unknown as { imports?: readonly ts.StringLiteralLike[] };
    return new Map(
      imports.flatMap((specifier) => {
        const imported = this.#file(program, file, specifier);
        return imported ? [[specifier.text, imported.fileName] as const] : [];
      }),
    );
  }

  /** Of names that a cell imports from files of the project: the paths of those that define them. */
  origins(checker: ts.TypeChecker, cell: ts.SourceFile, names: Iterable<string>): Map<string, string> {
    const { locals } = cell as unknown as { locals: ReadonlyMap<ts.__String, ts.Symbol> };
    const found = new Map<string, string>();
    for (const name of names) {
      const symbol = locals.get(ts.escapeLeadingUnderscores(name));
      if (!symbol || !(symbol.flags & ts.SymbolFlags.Alias)) continue;
      const path = checker.getAliasedSymbol(symbol).declarations?.[0]?.getSourceFile().fileName;
      if (path !== undefined && this.#host.isOwn(path)) found.set(name, path);
    }
    return found;
  }

  #file(program: ts.Program, from: ts.SourceFile, specifier: ts.StringLiteralLike): ts.SourceFile | undefined {
    if (OF_SESSION.test(specifier.text)) return undefined;
    const resolved = (program as Internals).getResolvedModuleFromModuleSpecifier(specifier, from)?.resolvedModule;
    const file = resolved && program.getSourceFile(resolved.resolvedFileName);
    return file && (this.#host.isOwn(file.fileName) || this.#virtual.get(file.fileName)) ? file : undefined;
  }
}
