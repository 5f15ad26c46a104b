/**
 * The program that tslab's converter asks TypeScript to rebuild twice for every cell, without what nobody needs of it.
 *
 * By default TypeScript keeps a graph of which file refers to which, to find out what a change affects, and makes it
 * anew for every program: of all of Node's types too, and for every cell. tslab only wants to know what a cell imports.
 */
import type * as TypeScript from "@tslab/typescript-for-tslab";

type Builder = TypeScript.EmitAndSemanticDiagnosticsBuilderProgram;

/** What we use of the compiler that is not in its published types. */
interface Internals {
  bindSourceFile(file: TypeScript.SourceFile, options: TypeScript.CompilerOptions): void;
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
    return Object.assign(builder as Builder, {
      getAllDependencies: (file: TypeScript.SourceFile) =>
        [...importsOf(file, program)].map(({ fileName }) => fileName),
    });
  };
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
