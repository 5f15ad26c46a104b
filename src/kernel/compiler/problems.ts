/** What is wrong with a cell, or with a file that it imports. */
import ts from "typescript";
import { pythonHint } from "./python-hints";

/** A place in a text: counted in UTF-16 units from its beginning, and by line and column from 0. */
export interface Position {
  offset: number;
  line: number;
  character: number;
}

/** One thing that is wrong. */
export interface Problem {
  /** The path of the file that it is in; nothing for the cell itself. */
  file?: string;
  code: number;
  message: string;
  start: Position;
  end: Position;
}

/** A problem that TypeScript found. */
export function problemOf(diagnostic: ts.Diagnostic, isCell: (file: ts.SourceFile) => boolean): Problem {
  const { file, start = 0, length = 0, code, messageText } = diagnostic;
  const position = (offset: number): Position => ({
    offset,
    ...(file ? file.getLineAndCharacterOfPosition(offset) : { line: 0, character: 0 }),
  });
  return {
    file: file && !isCell(file) ? file.fileName : undefined,
    code,
    message: withHelp(ts.flattenDiagnosticMessageText(messageText, "\n"), file, start),
    start: position(start),
    end: position(start + length),
  };
}

/** A message and, where a rule fits the line that it is about, a line of help for people who come from Python. */
function withHelp(message: string, file: ts.SourceFile | undefined, start: number): string {
  if (file === undefined) return message;
  const [before, after] = [file.text.lastIndexOf("\n", start - 1) + 1, file.text.indexOf("\n", start)];
  const help = pythonHint(message, file.text.slice(before, after < 0 ? undefined : after));
  return help === undefined ? message : `${message}\n${help}`;
}

/** "implicitly has an 'any' type", and a package without types: welcome in a notebook's cell, not in `src`. */
const LENIENT_IN_CELLS = new Set([7005, 7006, 7008, 7010, 7011, 7016, 7019, 7031, 7034, 7053]);

/** `import x = require("x")`: TypeScript wants it in CommonJS only. */
const IMPORT_BY_REQUIRE = 1202;

/** Whether TypeScript's complaint counts in a cell. */
export function countsInCell({ code, category }: ts.Diagnostic): boolean {
  return category === ts.DiagnosticCategory.Error && !LENIENT_IN_CELLS.has(code) && code !== IMPORT_BY_REQUIRE;
}
