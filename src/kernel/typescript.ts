/**
 * tslab's TypeScript compiler, loaded with our options in it, before tslab itself asks for it.
 *
 * tslab decides on the compiler's options inside `createConverter`, and offers no way to change them. What we change is
 * what it calls: three functions of the compiler's module are wrapped, and the module that tslab's `require` finds is
 * the one with the wrappers. (A patch to tslab's files would have to be made again at every `npm ci`, and would read
 * worse.) See {@link compiler} for what is changed and why.
 */
import { existsSync, readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { type CompiledModule, CompiledModules } from "./compiled-modules";
import { findDocComments, withoutDocComments } from "./doc-comments";
import { modulesOnDemand, withoutModulesOnDemand } from "./node-types";
import { Checker, compiledModules, type DiagnosticsOfFiles, lightProgram } from "./program";

/** tslab's build of the compiler. */
export type Compiler = Omit<typeof TypeScript, keyof DiagnosticsOfFiles> & DiagnosticsOfFiles;

/** The source maps of one compiled text: the first leads from it to an intermediate text, and so on to the source. */
export type SourceMaps = object[];

/** The compiler's text, made small by `build.mjs`. */
const COMPILER = join(__dirname, "typescript.js");

/** V8's compiled form of the compiler, beside the kernel: it halves the time to load it. */
export const CODE_CACHE = join(__dirname, "typescript.cache");

/** What the project's modules were compiled to with the kernel, beside it. */
export const COMPILED_MODULES = join(__dirname, "modules.json");

const INLINE_MAP = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;
/** What the compiler begins a module with that it makes into CommonJS. */
const COMMON_JS = /^Object\.defineProperty\(exports, "__esModule", \{ value: true \}\);$/m;
/** In the text of the callback that is recognised by it: `build.mjs` has shortened the names of functions. */
const FORGETS_FAILED_LOOKUPS = /\binvalidateResolutionsOfFailedLookupLocations\b/;
const MAP_COMMENT = /\/\/# sourceMappingURL=\S+\s*$/;

/** "implicitly has an 'any' type", and a package without types: welcome in a notebook's cell, not in `src`. */
const LENIENT_IN_CELLS = new Set([7005, 7006, 7008, 7010, 7011, 7016, 7019, 7031, 7034, 7053]);

const emitted = new Map<string, SourceMaps>();

/** The source maps of a text that the converter has just put out. */
export function takeSourceMaps(output: string): SourceMaps {
  const maps = emitted.get(output) ?? [];
  emitted.delete(output);
  return maps;
}

/** What need not be compiled. */
export const modules = new CompiledModules(COMPILED_MODULES);

let script: Script;

function load(): Compiler {
  const fromTslab = createRequire(require.resolve("tslab"));
  const path = fromTslab.resolve("@tslab/typescript-for-tslab");
  const cachedData = existsSync(CODE_CACHE) ? readFileSync(CODE_CACHE) : undefined;
  // Latin-1: the small text is ASCII. The grader, which bundles this too, has the package's own.
  const text = existsSync(COMPILER) ? readFileSync(COMPILER, "latin1") : Module.wrap(readFileSync(path, "utf8"));
  script = new Script(text, { filename: path, cachedData });
  const module = new Module(path);
  module.filename = path;
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path));
  const ts = module.exports as Compiler;
  const { readFile } = ts.sys;
  ts.sys.readFile = (path, encoding) => {
    const text = readFile(path, encoding);
    return text === undefined ? undefined : withoutModulesOnDemand(path, text);
  };
  module.exports = withOurOptions(ts);
  module.loaded = true;
  require.cache[path] = module;
  return module.exports;
}

function withOurOptions(ts: Compiler): Compiler {
  const checker = new Checker(ts, modules);
  findDocComments(ts as unknown as typeof TypeScript);
  return {
    ...ts,
    createWatchCompilerHost: ((
      rootFiles: string[],
      options: TypeScript.CompilerOptions,
      system: TypeScript.System,
      _createProgram: unknown,
      ...rest: unknown[]
    ) =>
      (ts.createWatchCompilerHost as (...args: unknown[]) => unknown)(
        rootFiles,
        {
          ...options,
          // The rules that `src` is written by: without `strict` unions narrow differently, and right code is refused.
          strict: true,
          useUnknownInCatchVariables: false,
          // Finds the types of packages that name them only under `exports`.
          moduleResolution: ts.ModuleResolutionKind.Bundler,
          inlineSourceMap: true,
          // Of all packages named @types only Node's are global; the others are there for whoever imports their package.
          types: ["node"],
          paths: modulesOnDemand(options.typeRoots),
        },
        withOurSystem(system),
        lightProgram(ts as unknown as typeof TypeScript, modules),
        ...rest,
      )) as Compiler["createWatchCompilerHost"],

    // tslab compiles cells twice: to an ES module, which its transformers work on, and that to CommonJS. We keep both
    // maps. The project's files come here as CommonJS already.
    transpileModule(input, options) {
      const inline = INLINE_MAP.exec(input);
      const text = inline ? input.slice(0, inline.index) : input;
      const maps: SourceMaps = inline ? [JSON.parse(Buffer.from(inline[1], "base64").toString())] : [];
      if (COMMON_JS.test(text)) {
        emitted.set(text, maps);
        return { outputText: text };
      }
      const output = ts.transpileModule(text, {
        ...options,
        compilerOptions: { ...options.compilerOptions, sourceMap: true },
      });
      const outputText = output.outputText.replace(MAP_COMMENT, "");
      emitted.set(outputText, [JSON.parse(output.sourceMapText ?? "{}"), ...maps]);
      return { ...output, outputText };
    },

    // One diagnostic for a chain of messages, which tslab would tear apart.
    getPreEmitDiagnosticsOfFiles: (program, files) =>
      checker
        .check(program, files)
        .filter((d) => !(LENIENT_IN_CELLS.has(d.code) && d.file?.fileName.endsWith("/__tslab__.ts")))
        .map((d) => ({ ...d, messageText: ts.flattenDiagnosticMessageText(d.messageText, "\n") })),
  };
}

/**
 * tslab's system, with three changes.
 * - TypeScript forgets at once that it didn't find a module, when a file turns up. It would set a timer to do so, and
 *   tslab's system knows of one timer only, the one to compile anew.
 * - It reads packages' files {@link withoutDocComments}.
 * - Of the project's modules it reads the declarations if they were compiled with the kernel.
 */
function withOurSystem(system: TypeScript.System): TypeScript.System {
  const setTimer: TypeScript.System["setTimeout"] = (callback, ...args) =>
    FORGETS_FAILED_LOOKUPS.test(String(callback)) ? callback() : system.setTimeout?.(callback, ...args);
  const readFile: TypeScript.System["readFile"] = (path, encoding) => {
    const text = system.readFile(path, encoding);
    return text === undefined ? undefined : (modules.declarations(path) ?? withoutDocComments(path, text));
  };
  return Object.assign(Object.create(system), { setTimeout: setTimer, readFile });
}

/**
 * The compiler that tslab uses. Ours are
 * - source maps, so that errors can point at the learner's lines;
 * - `strict`, as in the project's `tsconfig.json`, except that cells may leave parameters without a type;
 * - module resolution like a bundler's, as in `tsconfig.json`;
 * - whole messages where tslab would report every part of one as a message of its own.
 */
export const compiler: Compiler = load();

/** What the compiler made of the module at `path` and of all that it imports, after a cell with that import was converted. */
export function modulesFrom(path: string): Record<string, CompiledModule> {
  return compiledModules(compiler as unknown as typeof TypeScript, path);
}

/** V8's compiled form of the compiler, as far as it was used until now. */
export function codeCache(): Buffer {
  return script.createCachedData();
}
