/** What a front end asks while a learner writes: how a name goes on, what it is, and whether a cell is complete. */
import ts from "typescript";
import { type CellCompiler, parse, syntaxErrors } from "./compiler";

/** What may stand between two positions of a text. */
export interface Completion {
  start: number;
  end: number;
  matches: string[];
}

/** How a text may go on at `position`. */
export function complete(compiler: CellCompiler, source: string, position: number): Completion {
  const { service, path } = compiler.inquire(source, compiler.names);
  const found = service.getCompletionsAtPosition(path, position, {
    includeCompletionsForModuleExports: false,
    includeCompletionsWithInsertText: false,
  });
  const word =
    found?.optionalReplacementSpan ?? found?.entries.find(({ replacementSpan }) => replacementSpan)?.replacementSpan;
  const start = word?.start ?? position - (/[\p{L}\p{N}_$]*$/u.exec(source.slice(0, position))?.[0].length ?? 0);
  const end = word ? word.start + word.length : position;
  const prefix = source.slice(start, position).toLowerCase();
  const matches = (found?.entries ?? [])
    .map(({ name, sortText }) => ({ name, rank: `${rankOf(name, prefix)}${sortText}` }))
    .filter(({ rank }) => !rank.startsWith("-"))
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0))
    .map(({ name }) => name);
  return { start, end: Math.max(end, position), matches };
}

/** Names that begin with what is written come first, then those that have it somewhere else; others not at all. */
function rankOf(name: string, prefix: string): string {
  const at = name.toLowerCase().indexOf(prefix);
  return at < 0 ? "-" : at === 0 ? "0" : "1";
}

/**
 * What is known of the name at `position`; inside of a call's brackets, where there is no name, of the function.
 *
 * @param withSource whether the text of its declaration is wanted too
 * @returns nothing if there is no name, or nobody knows it
 */
export function inspect(
  compiler: CellCompiler,
  source: string,
  position: number,
  withSource = false,
): string | undefined {
  const { service, path, file } = compiler.inquire(source);
  const place = [nameAt(file, position), functionAround(file, position)].find(
    (name) => name && isKnown(service, path, name),
  );
  const info = place && service.getQuickInfoAtPosition(path, place.getStart(file));
  if (!place || !info) return undefined;
  const parts = [
    ts
      .displayPartsToString(info.displayParts)
      .replace(/^\(alias\) /, "")
      .replace(/\nimport .*$/s, ""),
    ts.displayPartsToString(info.documentation),
    (info.tags ?? []).map(tagText).join("\n"),
    withSource ? (sourceOf(compiler, service, path, place.getStart(file)) ?? "") : "",
  ];
  const [first, ...rest] = parts.filter((part) => part !== "");
  return [first, ...rest].join("\n\n");
}

function tagText({ name, text }: ts.JSDocTagInfo): string {
  return `@${name} ${ts.displayPartsToString(text)}`.trim();
}

/** The name that a position is in or at the end of. */
function nameAt(file: ts.SourceFile, position: number): ts.Node | undefined {
  const touches = (node: ts.Node) => node.getStart(file) <= position && position <= node.end;
  const find = (node: ts.Node): ts.Node | undefined =>
    ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword
      ? node
      : ts.forEachChild(node, (child) => (touches(child) ? find(child) : undefined));
  return find(file);
}

/** The name of the function that a position is in the brackets of. They may not be closed yet. */
function functionAround(file: ts.SourceFile, position: number): ts.Node | undefined {
  const endOf = ({ end }: ts.Node) =>
    file.text[end - 1] === ")" ? end - 1 : end + file.text.slice(end).search(/\S|$/);
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
    if (isCall && node.arguments && node.expression.end < position && position <= endOf(node)) {
      const { expression } = node;
      found = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    }
    if (node.pos <= position) ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isKnown(service: ts.LanguageService, path: string, name: ts.Node): boolean {
  const program = service.getProgram();
  const file = program?.getSourceFile(path);
  const token = file && tokenAt(file, name.getStart());
  const symbol = token && program?.getTypeChecker().getSymbolAtLocation(token);
  return symbol !== undefined && symbol.escapedName !== "unknown";
}

function tokenAt(file: ts.SourceFile, start: number): ts.Node | undefined {
  const find = (node: ts.Node): ts.Node | undefined => {
    if (node.getStart(file) === start && node.getChildCount(file) === 0) return node;
    return ts.forEachChild(node, (child) => (child.pos <= start && start < child.end ? find(child) : undefined));
  };
  return find(file);
}

/**
 * The text of what a cell's last expression names, as it was written: that is how one reads an equation's code.
 *
 * @returns nothing if it is no name, or one that comes from elsewhere than the session and the project
 */
export function sourceOfLast(compiler: CellCompiler, source: string): string | undefined {
  const { service, path, file } = compiler.inquire(source);
  const last = file.statements.at(-1);
  if (!last || !ts.isExpressionStatement(last)) return undefined;
  const { expression } = last;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  return ts.isIdentifier(name) ? sourceOf(compiler, service, path, name.getStart(file)) : undefined;
}

/** The text of the declaration of the name at `start`, as it was written. */
function sourceOf(
  compiler: CellCompiler,
  service: ts.LanguageService,
  path: string,
  start: number,
): string | undefined {
  for (const { fileName, name } of service.getDefinitionAtPosition(path, start) ?? []) {
    const text = compiler.sourceOf(fileName, name);
    const file = ts.createSourceFile(fileName, text ?? "", ts.ScriptTarget.ESNext, true);
    const declaration = declarationOf(file, name);
    if (declaration) return declaration.getText(file);
  }
  return undefined;
}

function declarationOf(file: ts.SourceFile, name: string): ts.Node | undefined {
  const find = (node: ts.Node): ts.Node | undefined => {
    const named = (node as { name?: ts.Node }).name;
    if (
      named &&
      ts.isIdentifier(named) &&
      named.text === name &&
      !ts.isImportSpecifier(node) &&
      !ts.isExportSpecifier(node)
    ) {
      return ts.isVariableDeclaration(node) ? node.parent.parent : node;
    }
    return ts.forEachChild(node, find);
  };
  return find(file);
}

/** Whether a console should run `source`, wait for more lines of it, or say that it is wrong. */
export function completeness(source: string): { status: "complete" | "incomplete" | "invalid"; indent?: string } {
  const file = parse("cell.ts", source);
  const end = source.trimEnd().length;
  const errors = syntaxErrors(file);
  const last = file.statements.at(-1);
  const misses =
    errors.length > 0 && errors.every(({ start, code }) => UNTERMINATED.has(code) || (start >= end && code !== STRING));
  if (misses || (errors.length === 0 && last && lacksBody(last, source)))
    return { status: "incomplete", indent: indentOf(source) };
  return { status: errors.length > 0 ? "invalid" : "complete" };
}

/** An unterminated template literal, and a comment without its end. */
const UNTERMINATED = new Set([1160, 1010]);

/** An unterminated text, which can't go on in the next line. */
const STRING = 1002;

/** Whether a statement is a function of which there is only the head. */
function lacksBody(statement: ts.Statement, source: string): boolean {
  const isAmbient = ts.getCombinedModifierFlags(statement as ts.FunctionDeclaration) & ts.ModifierFlags.Ambient;
  return ts.isFunctionDeclaration(statement) && !statement.body && !isAmbient && !source.trimEnd().endsWith(";");
}

function indentOf(source: string): string {
  const line = source.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(line)?.[0] ?? "";
  return /(?:[{([]|=>)$/.test(line) ? `${indent}  ` : indent;
}
