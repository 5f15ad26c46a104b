/**
 * The program that tslab's converter has TypeScript rebuild twice for every cell, without what nobody needs of it.
 *
 * - By default TypeScript keeps a graph of which file refers to which, to find out what a change affects, and makes it
 *   anew for every program: of all of Node's types too, and for every cell. tslab wants to know what a cell imports.
 * - The project's files are compiled to CommonJS at once, not to ES modules first, as tslab needs it for cells.
 * - Files that were found right are not checked again as long as they, and what they import, are the same.
 */
import type * as TypeScript from "@tslab/typescript-for-tslab";
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
  resolvedModules?: { forEach(use: (found: { resolvedModule?: { resolvedFileName: string } }) => void): void };
}

/** tslab's own files: the cell, and the declarations of the cells before. */
const OWN_FILES = /\/__(tslab|prev)__(\.d)?\.ts$/;

/** A `createProgram` for TypeScript's watch host, in place of `createEmitAndSemanticDiagnosticsBuilderProgram`. */
export function lightProgram(ts: typeof TypeScript): TypeScript.CreateProgram<Builder> {
  const { bindSourceFile } = ts as unknown as Internals;
  return (rootNames, options, host, oldProgram, diagnostics, references) => {
    const builder = ts.createAbstractBuilder(rootNames, options ?? {}, host, oldProgram, diagnostics, references);
    const program = builder.getProgram();
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
      const toCommonJs = { module: ts.ModuleKind.CommonJS, declaration: false };
      return withOptions(program, toCommonJs, () => program.emit(file, write, token));
    };
    const getAllDependencies = (file: TypeScript.SourceFile) =>
      [...importsOf(file, program)].map(({ fileName }) => fileName);
    return Object.assign(builder as Builder, { emit, getAllDependencies });
  };
}

/** Finds what is wrong with files, and remembers those with which nothing is. */
export class Checker {
  readonly #ts: DiagnosticsOfFiles;
  /** Files with nothing wrong, and what they imported then. */
  readonly #right = new WeakMap<TypeScript.SourceFile, Set<TypeScript.SourceFile>>();

  constructor(ts: DiagnosticsOfFiles) {
    this.#ts = ts;
  }

  /** The diagnostics of `files`. */
  check(program: TypeScript.Program, files: readonly TypeScript.SourceFile[]): TypeScript.Diagnostic[] {
    return files.flatMap((file) => {
      if (OWN_FILES.test(file.fileName)) {
        return this.#ts.getPreEmitDiagnosticsOfFiles(program, [file]);
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
function importsOf(file: FileWithImports, program: TypeScript.Program, found = new Set<FileWithImports>()) {
  found.add(file);
  file.resolvedModules?.forEach(({ resolvedModule }) => {
    const imported = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
    if (imported && !found.has(imported) && !program.isSourceFileFromExternalLibrary(imported)) {
      importsOf(imported, program, found);
    }
  });
  return found;
}
