/**
 * The compiler of cells: one language service of TypeScript's, whose only root is the cell.
 *
 * A cell is a module. Its text comes first, so that no position in it is shifted; behind it stands what it needs of
 * earlier cells, and an export of all that it declares.
 */
import ts from "typescript";
import { type Arrangement, type Binding, bindToSession, type CellImport, withoutExports } from "./bind";
import { Dependents } from "./dependents";
import type { CompilerHost } from "./host";
import { loopChecks } from "./loop-checks";
import { ModuleFiles } from "./module-files";
import { awaits, declaredNames, exportedNames, identifiersIn } from "./names";
import { countsInCell, type Problem, problemOf } from "./problems";
import { SessionNames, VirtualFiles } from "./session-names";

/** A cell that is right. */
export interface CompiledCell {
  /** The body of a function, asynchronous if {@link isAsync}, of `__session__` and what else a cell finds around it. */
  code: string;
  /** The source map of `code`, as JSON. */
  map: string;
  isAsync: boolean;
  hasResult: boolean;
  /** The names that it gives values to. */
  values: ReadonlySet<string>;
  /** The modules that it imports. */
  imports: readonly CellImport[];
  /** Files of the project that it uses: those that names which it mentions were imported from. */
  uses: ReadonlyMap<string, string>;
  /**
   * Keeps what the cell declared, for the cells after it. To be called once it has ended.
   *
   * @param reached whether a name got its value, in a cell that failed; left out for one that did not
   * @returns what the learner should know: a line for each function that no longer fits
   */
  keep(reached?: (name: string) => boolean): string[];
}

/** What came of compiling: a cell, or what is wrong with it. */
export type Compilation = { ok: true; cell: CompiledCell } | { ok: false; problems: Problem[] };

/** What a host may ask for. */
export interface CompilerSettings {
  /** Puts a call of `__session__.check()` into every loop, now and then: for hosts that have no signals. */
  checksLoops?: boolean;
  /** How a cell's statements are put together, if they shall not just follow each other. */
  arrange?: Arrangement;
  /** Whether something that is wrong with a cell shall keep it from being compiled, as it does in a notebook. */
  counts?: (problem: Problem) => boolean;
}

/** JavaScript of a module of the project's, as CommonJS. */
export interface CompiledModule {
  code: string;
  map: string | undefined;
  /** What it imports before it begins. */
  imports: string[];
  isAsync: boolean;
}

/** How the project's own files are read: by the same rules as in `tsconfig.json`. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  resolveJsonModule: true,
  allowJs: true,
  allowImportingTsExtensions: true,
  esModuleInterop: true,
  strict: true,
  useUnknownInCatchVariables: false,
  preserveConstEnums: true,
  sourceMap: true,
  declaration: true,
  skipLibCheck: true,
};

/** What the cell's file and the declarations of its names seem to be called. */
const CELL = "__cell__.ts";

/** Compiles one session's cells, one after the other. */
export class CellCompiler {
  readonly host: CompilerHost;
  readonly #settings: CompilerSettings;
  readonly #virtual = new VirtualFiles();
  #names: SessionNames;
  #dependents = new Dependents();
  readonly #modules: ModuleFiles;
  readonly #service: ts.LanguageService;
  readonly #path: string;

  constructor(host: CompilerHost, settings: CompilerSettings = {}) {
    this.host = host;
    this.#settings = settings;
    this.#path = `${host.root}/${CELL}`;
    this.#names = new SessionNames(this.#virtual, host.root);
    this.#modules = new ModuleFiles(host, this.#virtual, OPTIONS);
    this.#virtual.put(this.#path, "");
    this.#service = ts.createLanguageService(this.#serviceHost());
  }

  /** Begins a new session. */
  reset(): void {
    this.#names = new SessionNames(this.#virtual, this.host.root);
    this.#dependents = new Dependents();
  }

  /**
   * Type-checks and compiles a cell. An error inside TypeScript costs this cell only.
   *
   * @param expected names that cells to come will give values to: this one may use them, and nothing is known of their types
   */
  compile(source: string, expected: ReadonlySet<string> = new Set()): Compilation {
    this.host.refresh();
    try {
      return this.#compile(source, expected);
    } catch (error) {
      // What was being checked is in no state to go on with; files that were read are kept.
      this.#service.cleanupSemanticCache();
      if (!(error instanceof RangeError)) throw error;
      const start = { offset: 0, line: 0, character: 0 };
      const message = "Something in this cell is nested too deeply for TypeScript to read.";
      return { ok: false, problems: [{ code: 1000, message, start, end: start }] };
    }
  }

  /** A cell that is to be looked at, not run. */
  inquire(
    source: string,
    alsoNamed: Iterable<string> = [],
  ): { service: ts.LanguageService; path: string; file: ts.SourceFile } {
    this.host.refresh();
    const { file } = this.#prepare(source, { forDocumentation: true, alsoNamed });
    return { service: this.#service, path: this.#path, file };
  }

  /** The text in which `name` is declared: of a file of the project, of the cell that is looked at, or of an earlier one. */
  sourceOf(path: string, name: string): string | undefined {
    if (path === this.#path) return this.#virtual.get(path)?.text;
    if (this.#virtual.get(path)) return this.#dependents.declarationOf(name);
    return this.host.isOwn(path) ? this.host.source(path) : undefined;
  }

  /** The names of the session. */
  get names(): Iterable<string> {
    return this.#names.all();
  }

  /** A module that is nowhere but in memory. Returns what is wrong with it. */
  addModule(path: string, source: string): Problem[] {
    this.host.refresh();
    this.#virtual.put(path, source);
    this.#prepare(`import {} from ${JSON.stringify(path.replace(/\.ts$/, ""))};`, {});
    return this.#modules.problems(this.#service.getProgram()!, [path]);
  }

  /** What the parser complains of in a file as it is now. */
  syntaxErrorsOf(path: string): Problem[] {
    const file = ts.createSourceFile(path, this.host.source(path) ?? "", ts.ScriptTarget.ESNext);
    return syntaxErrors(file).map((one) => problemOf(one, () => false));
  }

  /** Compiles a module of the project's, or one in memory, for its host to run. Types are not looked at. */
  compileModule(path: string, source = this.#virtual.get(path)?.text ?? ""): CompiledModule {
    const { outputText, sourceMapText } = ts.transpileModule(source, {
      fileName: path,
      compilerOptions: { ...OPTIONS, declaration: false, module: ts.ModuleKind.CommonJS },
    });
    const parsed = ts.createSourceFile(path, source, ts.ScriptTarget.ESNext);
    return {
      code: withoutMapComment(outputText),
      map: sourceMapText,
      imports: [...outputText.matchAll(IMPORT_IN_COMMON_JS)].map(([, specifier]) => specifier),
      isAsync: parsed.statements.some(awaits),
    };
  }

  /** The version of a module that is in memory; nothing of any other. */
  versionInMemory(path: string): number | undefined {
    return this.#virtual.get(path)?.version;
  }

  /**
   * The project's files that a module imports, directly or not, and itself: each with its text, the paths of what it
   * imports by their specifiers, and its declarations. Nothing if something is wrong with one of them.
   */
  describeModules(path: string): { path: string; text: string; imports: Map<string, string>; declarations: string }[] {
    this.#prepare(`import {} from ${JSON.stringify(path.replace(/\.ts$/, ""))};`, {});
    const program = this.#service.getProgram()!;
    if (this.#modules.problems(program, [path]).length > 0) return [];
    return this.#modules.closure(program, [path]).map((file) => {
      let declarations = "";
      if (!file.fileName.endsWith(".json")) program.emit(file, (_, text) => (declarations = text), undefined, true);
      return { path: file.fileName, text: file.text, imports: this.#modules.importsOf(program, file), declarations };
    });
  }

  #compile(source: string, expected: ReadonlySet<string>): Compilation {
    const { own, used, file: parsed } = this.#prepare(source, { alsoNamed: expected });
    const isCell = (file: ts.SourceFile) => file.fileName === this.#path;
    const syntax = syntaxErrors(parsed);
    if (syntax.length > 0) return { ok: false, problems: syntax.map((one) => problemOf(one, () => true)) };
    const program = this.#service.getProgram()!;
    const file = program.getSourceFile(this.#path)!;
    const inCell = this.#errors(program, source.length).map((one) => problemOf(one, isCell));
    const modules = this.#modules.importedBy(program, file, source.length);
    const { counts = () => true, arrange, checksLoops } = this.#settings;
    const problems = [...inCell, ...this.#modules.problems(program, modules)].filter(counts);
    if (problems.length > 0) return { ok: false, problems };

    const checker = program.getTypeChecker();
    const binding: Binding = { values: new Set(), imports: [], isAsync: false, hasResult: false };
    const variables = new Set([...used].filter((name) => this.#names.isVariable(name)));
    for (const name of expected) if (!this.#names.has(name)) variables.add(name);
    const bind = bindToSession({ checker, file, length: source.length, own, used: variables, arrange }, binding);
    const output = this.#emit(program, file, {
      before: checksLoops ? [bind, loopChecks] : [bind],
      after: [withoutExports],
    });
    const text = output.declarations;
    const cellText = file.text;
    const origins = this.#modules.origins(checker, file, own.keys());
    const uses = this.#dependents.origins([...used].filter((name) => !own.has(name)));
    const cell: CompiledCell = {
      code: output.code,
      map: output.map,
      ...binding,
      uses,
      keep: (reached = () => true) => {
        const wanted = (name: string) => own.has(name) && (!binding.values.has(name) || reached(name));
        const changed = this.#names.keep({ own, text, file: cellText }, wanted);
        this.#dependents.keep(parsed, wanted, origins);
        return this.#checkAgain(changed, own.keys());
      },
    };
    return { ok: true, cell };
  }

  /** Puts a cell's text, with what it needs behind it, where the language service reads it. */
  #prepare(
    source: string,
    { forDocumentation = false, alsoNamed = [] }: { forDocumentation?: boolean; alsoNamed?: Iterable<string> },
  ) {
    const file = parse(this.#path, source);
    const own = declaredNames(file.statements);
    const used = new Set([...identifiersIn(file)].filter((name) => this.#names.has(name)));
    const exported = exportedNames(file.statements);
    const fresh = [...own.keys()].filter((name) => !exported.has(name));
    const brought = [...used].map((name) => this.#names.bring(name, own.get(name), forDocumentation));
    // For names that may be meant, without a look at what they are.
    const named = [...alsoNamed]
      .filter((name) => !used.has(name) && !own.has(name))
      .map((name) => `declare let ${name}: any; type ${name} = any;`);
    // The semicolon keeps what is behind out of an expression that is just being written.
    this.#virtual.put(this.#path, `${source}\n;${[...brought, ...named, `export { ${fresh.join(", ")} };`].join(" ")}`);
    return { own, used, file };
  }

  #errors(program: ts.Program, length: number): ts.Diagnostic[] {
    const file = program.getSourceFile(this.#path)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].filter(
      (diagnostic) => (diagnostic.start ?? 0) < length && countsInCell(diagnostic),
    );
  }

  #emit(program: ts.Program, file: ts.SourceFile, transformers: ts.CustomTransformers) {
    const output: { code: string; map: string; declarations?: string } = { code: "", map: "" };
    program.emit(
      file,
      (path, text) => {
        if (path.endsWith(".d.ts")) output.declarations = text;
        else if (path.endsWith(".map")) output.map = text;
        else output.code = withoutMapComment(text);
      },
      undefined,
      false,
      transformers,
    );
    return output;
  }

  /**
   * Checks functions of earlier cells again that mention names which are now declared in other words. Their own
   * declarations may follow from these, so that it goes on with what mentions them.
   *
   * @param changed the names, with how they were declared before
   * @param own the names of the cell that changed them
   */
  #checkAgain(changed: ReadonlyMap<string, string>, own: Iterable<string>): string[] {
    const lines: string[] = [];
    const seen = new Set(own);
    for (let wave = changed; wave.size > 0; ) {
      const users = this.#dependents.usersOf(wave.keys()).filter(({ names }) => !names.some((name) => seen.has(name)));
      if (users.length === 0) break;
      const source = users.map(({ text }) => text).join("\n;");
      this.#prepare(source, {});
      const program = this.#service.getProgram()!;
      const errors = this.#errors(program, source.length);
      let start = 0;
      for (const { names, text, mentions } of users) {
        const end = start + text.length;
        const error = errors.find((one) => (one.start ?? 0) >= start && (one.start ?? 0) < end);
        for (const name of names) seen.add(name);
        if (error) {
          const causes = [...mentions].filter((name) => wave.has(name));
          const before = causes.map((name) => wave.get(name)).join(" and ");
          const now = causes.map((name) => this.#names.describe(name)).join(" and ");
          const message = ts.flattenDiagnosticMessageText(error.messageText, " ");
          lines.push(`${names.join(", ")} was checked with ${before}; now there is ${now}: ${message}`);
        }
        start = end + "\n;".length;
      }
      const { declarations = "" } = this.#emit(program, program.getSourceFile(this.#path)!, {});
      wave = this.#names.rewrite(declarations);
    }
    return lines;
  }

  #serviceHost(): ts.LanguageServiceHost {
    const { host } = this;
    const virtual = this.#virtual;
    const snapshots = new Map<string, { version: string; snapshot: ts.IScriptSnapshot | undefined }>();
    const version = (path: string) => {
      const file = virtual.get(path);
      return file ? `in memory ${file.version}` : host.version(path);
    };
    const read = (path: string) => virtual.get(path)?.text ?? host.readFile(path);
    const options = { ...OPTIONS, ...host.options };
    const serviceHost: ts.LanguageServiceHost & Invalidation = {
      getCompilationSettings: () => options,
      getScriptFileNames: () => [this.#path, ...host.globals, ...this.#names.augmentations],
      getScriptVersion: version,
      getScriptSnapshot: (path) => {
        const now = version(path);
        const known = snapshots.get(path);
        if (known?.version === now) return known.snapshot;
        const text = read(path);
        const snapshot = text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
        snapshots.set(path, { version: now, snapshot });
        return snapshot;
      },
      getCurrentDirectory: () => host.root,
      getDefaultLibFileName: (settings) => `${host.libraries}/${ts.getDefaultLibFileName(settings)}`,
      fileExists: (path) => virtual.get(path) !== undefined || host.fileExists(path),
      readFile: read,
      directoryExists: (path) => host.directoryExists(path),
      getDirectories: (path) => host.directories(path),
      readDirectory: (...found) => host.files(...found),
      realpath: (path) => (virtual.get(path) ? path : host.realpath(path)),
      useCaseSensitiveFileNames: () => true,
      resolveModuleNameLiterals: (literals, from) =>
        literals.map((literal) => this.#modules.resolve(literal.text, from)),
      hasInvalidatedResolutions: (path) => this.#modules.hasMissed(path),
    };
    return serviceHost;
  }
}

/** What the language service asks of its host, too, though its published types don't say so. */
interface Invalidation {
  hasInvalidatedResolutions(path: string): boolean;
}

/** Where a module as CommonJS, as TypeScript writes it, asks for another one before it begins. */
const IMPORT_IN_COMMON_JS = /^(?:(?:const|var) .*= )?(?:__\w+\()?require\("([^"]+)"\)/gm;

function withoutMapComment(code: string): string {
  return code.replace(/\/\/# sourceMappingURL=\S*\s*$/, "");
}

/** A cell's syntax tree. A cell is a module, whatever is in it. */
export function parse(path: string, source: string): ts.SourceFile {
  const options = {
    languageVersion: ts.ScriptTarget.ESNext,
    setExternalModuleIndicator: (file: { externalModuleIndicator?: unknown }) => {
      file.externalModuleIndicator = true;
    },
  };
  return ts.createSourceFile(path, source, options as ts.CreateSourceFileOptions, true);
}

/** What the parser complains of. */
export function syntaxErrors(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (file as unknown as { parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
}
