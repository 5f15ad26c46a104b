/** TypeScript's opinion of a notebook's statements, as the kernel would have it: a cell with an error does not run. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** The first error of a statement. */
export interface TypeError {
  readonly message: string;
  /** Where it is, counted in characters from the statement's begin. */
  readonly offset: number;
}

/**
 * Codes that say nothing about a statement by itself: names that a notebook may declare again, or that another cell
 * declares; modules that are not there where work is graded; and implicit `any`, which the kernel lets pass as well.
 */
const NOT_COUNTED = new Set([
  2300, 2304, 2305, 2307, 2323, 2384, 2391, 2393, 2394, 2395, 2397, 2403, 2440, 2448, 2449, 2451, 2454, 2484, 2552,
  2580, 2614, 2686, 2724, 7005, 7006, 7008, 7010, 7011, 7016, 7019, 7031, 7034, 7053, 18004,
]);

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: ["node"],
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
};

const ROOT = process.cwd();
const NOTEBOOK = join(ROOT, "notebook-of-a-student.ts");
const STAND_IN = join(ROOT, "src/course/sandbox/stand-in.ts");

/** Files that are the same for every notebook. */
const known = new Map<string, ts.SourceFile | undefined>();

/** The errors of a notebook's top-level statements, by their places in the list. */
export function typeErrors(statements: readonly string[]): Map<number, TypeError> {
  const starts: number[] = [];
  let text = "export {};\n";
  for (const statement of statements) {
    starts.push(text.length);
    text += `${statement}\n;\n`;
  }
  const notebook = ts.createSourceFile(NOTEBOOK, text, ts.ScriptTarget.ES2022, true);
  const program = ts.createProgram([NOTEBOOK], options, hostFor(notebook));
  const errors = new Map<number, TypeError>();
  for (const { code, start, messageText, category } of program.getSemanticDiagnostics(notebook)) {
    if (start === undefined || category !== ts.DiagnosticCategory.Error || NOT_COUNTED.has(code)) continue;
    const place = starts.filter((begin) => begin <= start).length - 1;
    if (place < 0 || errors.has(place)) continue;
    const message = ts.flattenDiagnosticMessageText(messageText, " ").slice(0, 300);
    errors.set(place, { message, offset: start - starts[place] });
  }
  return errors;
}

function hostFor(notebook: ts.SourceFile): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    getCurrentDirectory: () => ROOT,
    fileExists: (path) => path === NOTEBOOK || existsSync(path),
    readFile: (path) => (path === NOTEBOOK ? notebook.text : readFileSync(path, "utf8")),
    getSourceFile: (path, version) => {
      if (path === NOTEBOOK) return notebook;
      if (!known.has(path)) known.set(path, host.getSourceFile(path, version));
      return known.get(path);
    },
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) => {
        if (from === NOTEBOOK && /^\.{1,2}\/src(\/|$)/.test(text)) {
          return { resolvedModule: { resolvedFileName: STAND_IN, extension: ts.Extension.Ts } };
        }
        return ts.resolveModuleName(text, from, options, host);
      }),
  };
}
