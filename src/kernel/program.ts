/**
 * The program that tslab's converter has TypeScript rebuild twice for every cell, without what nobody needs of it.
 *
 * - By default TypeScript keeps a graph of which file refers to which, to find out what a change affects, and makes it
 *   anew for every program: of all of Node's types too, and for every cell. tslab wants to know what a cell imports.
 * - The project's files are compiled to CommonJS at once, not to ES modules first, as tslab needs it for cells.
 * - Files that were found right are not checked again as long as they, and what they import, are the same.
 * - Modules that were compiled with the kernel are not compiled again.
 */

import { relative } from "node:path";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { type CompiledModule, type CompiledModules, hashOf, type JavaScript } from "./compiled-modules";
import { writeOutShorthand } from "./shorthand";

type Builder = TypeScript.EmitAndSemanticDiagnosticsBuilderProgram;

/** What we use of the compiler that is not in its published types. */
interface Internals {
  bindSourceFile(file: TypeScript.SourceFile, options: TypeScript.CompilerOptions): void;
}

/** tslab's addition to the compiler. */
export interface DiagnosticsOfFiles {
  /** The diagnostics of some files of a program. */
  getPreEmitDiagnosticsOfFiles(
    program: TypeScript.Program,
    files: readonly TypeScript.SourceFile[],
  ): TypeScript.Diagnostic[];
}

interface FileWithImports extends TypeScript.SourceFile {
  resolvedModules?: {
    forEach(use: (found: { resolvedModule?: { resolvedFileName: string } }, specifier: string) => void): void;
  };
}

/** tslab's own files: the cell, and the declarations of the cells before. */
const OWN_FILES = /\/__(tslab|prev)__(\.d)?\.ts$/;

let latest: TypeScript.Program | undefined;

/**
 * A `createProgram` for TypeScript's watch host, in place of `createEmitAndSemanticDiagnosticsBuilderProgram`.
 *
 * @param modules what need not be compiled
 */
export function lightProgram(ts: typeof TypeScript, modules: CompiledModules): TypeScript.CreateProgram<Builder> {
  const { bindSourceFile } = ts as unknown as Internals;
  return (rootNames, options, host, oldProgram, diagnostics, references) => {
    const builder = ts.createAbstractBuilder(rootNames, options ?? {}, host, oldProgram, diagnostics, references);
    const program = builder.getProgram();
    latest = program;
    for (const name of rootNames ?? []) {
      const file = OWN_FILES.test(name) ? program.getSourceFile(name) : undefined;
      if (file) {
        // tslab looks at a cell's names before anything else makes TypeScript find them.
        bindSourceFile(file, program.getCompilerOptions());
      }
    }
    const emit: Builder["emit"] = (file, write, token, onlyDeclarations, transformers) => {
      if (!file || OWN_FILES.test(file.fileName)) {
        const before = [...(transformers?.before ?? []), writeOutShorthand(ts, program.getTypeChecker())];
        return program.emit(file, write, token, onlyDeclarations, { ...transformers, before });
      }
      const known = modules.javaScript(file.fileName, file.text);
      if (known) {
        write?.(known.path, known.text, false);
        return { emitSkipped: false, diagnostics: [] };
      }
      return withOptions(program, toCommonJs(ts), () => program.emit(file, write, token));
    };
    const getAllDependencies = (file: TypeScript.SourceFile) =>
      [...importsOf(file, program)].map(({ fileName }) => fileName);
    return Object.assign(builder as Builder, { emit, getAllDependencies });
  };
}

function toCommonJs(ts: typeof TypeScript): TypeScript.CompilerOptions {
  return { module: ts.ModuleKind.CommonJS, declaration: false };
}

/**
 * A module of the project and all that it imports, by their paths from the project's root.
 *
 * @param path of the module: a cell that imports it was the last to be converted, and nothing was wrong
 */
export function compiledModules(ts: typeof TypeScript, path: string): Record<string, CompiledModule> {
  const program = latest!;
  const nameOf = ({ fileName }: TypeScript.SourceFile) => relative(program.getCurrentDirectory(), fileName);
  const index = program.getSourceFile(path);
  const files = index ? [...importsOf(index, program)] : [];
  return Object.fromEntries(
    files.map((file) => {
      const imports = directImports(file, program);
      const output = file.fileName.endsWith(".json") ? undefined : compile(ts, program, file, [...imports.keys()]);
      return [nameOf(file), { hash: hashOf(file.text), imports: [...imports.values()].map(nameOf), output }];
    }),
  );
}

/** @param specifiers of the project's files that it imports: declarations leave out what they don't need */
function compile(
  ts: typeof TypeScript,
  program: TypeScript.Program,
  file: TypeScript.SourceFile,
  specifiers: string[],
): CompiledModule["output"] {
  let declarations = "";
  let javaScript: JavaScript | undefined;
  program.emit(file, (_, text) => (declarations = text), undefined, true);
  withOptions(program, toCommonJs(ts), () => program.emit(file, (path, text) => (javaScript = { path, text })));
  const imports = specifiers.map((specifier) => `import ${JSON.stringify(specifier)};\n`).join("");
  return javaScript && declarations !== "" ? { declarations: `${declarations}${imports}`, javaScript } : undefined;
}

/** Finds what is wrong with files, and remembers those with which nothing is. */
export class Checker {
  readonly #ts: DiagnosticsOfFiles;
  readonly #modules: CompiledModules;
  /** Files with nothing wrong, and what they imported then. */
  readonly #right = new WeakMap<TypeScript.SourceFile, Set<TypeScript.SourceFile>>();

  /** @param modules what was found right before */
  constructor(ts: DiagnosticsOfFiles, modules: CompiledModules) {
    this.#ts = ts;
    this.#modules = modules;
  }

  /** The diagnostics of `files`. */
  check(program: TypeScript.Program, files: readonly TypeScript.SourceFile[]): TypeScript.Diagnostic[] {
    return files.flatMap((file) => {
      if (OWN_FILES.test(file.fileName)) {
        return this.#ts.getPreEmitDiagnosticsOfFiles(program, [file]);
      }
      if (this.#modules.javaScript(file.fileName, file.text)) {
        return [];
      }
      const imports = importsOf(file, program);
      const before = this.#right.get(file);
      if (before?.size === imports.size && [...imports].every((imported) => before.has(imported))) {
        return [];
      }
      // Nobody asks for the declarations of a project's file, so they need not be writable.
      const diagnostics = withOptions(program, { declaration: false }, () =>
        this.#ts.getPreEmitDiagnosticsOfFiles(program, [file]),
      ).filter((diagnostic) => diagnostic.file !== undefined); // others are about options, and tslab leaves them out too
      if (diagnostics.length === 0) {
        this.#right.set(file, imports);
      }
      return diagnostics;
    });
  }
}

function withOptions<Result>(
  program: TypeScript.Program,
  changed: TypeScript.CompilerOptions,
  action: () => Result,
): Result {
  const options = program.getCompilerOptions();
  const before = { ...options };
  Object.assign(options, changed);
  try {
    return action();
  } finally {
    Object.assign(options, before);
  }
}

/** `file`, and the project's files that it imports, directly or not. */
function importsOf(file: TypeScript.SourceFile, program: TypeScript.Program, found = new Set<TypeScript.SourceFile>()) {
  found.add(file);
  for (const imported of directImports(file, program).values()) {
    if (!found.has(imported)) {
      importsOf(imported, program, found);
    }
  }
  return found;
}

/** The project's files that `file` imports, by what it calls them. */
function directImports(file: FileWithImports, program: TypeScript.Program): Map<string, TypeScript.SourceFile> {
  const imports = new Map<string, TypeScript.SourceFile>();
  file.resolvedModules?.forEach(({ resolvedModule }, specifier) => {
    const imported = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
    if (imported && !program.isSourceFileFromExternalLibrary(imported)) {
      imports.set(specifier, imported);
    }
  });
  return imports;
}
