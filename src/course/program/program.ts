/**
 * From a submitted notebook to one program for the sandbox.
 *
 * Cells are matched to the master's by their grade ids: given cells come from the master, checks are left out, and what
 * the student wrote is taken as it is, in its order. All cells see each other's names. Functions are there from the start,
 * so neither an earlier cell that fails nor the order of the cells matters. A statement that throws does not keep those
 * below it from running: in the notebook it may well be right, with data and checks that are not here. Statements that
 * TypeScript rejects are left out, one by one, and so are those that Node.js does not take.
 */
import { Script } from "node:vm";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { compiler as ts } from "../../kernel/tslab";
import { takeSourceMaps } from "../../kernel/typescript";
import { type Cell, gradeIdOf, type Notebook, sourceOf } from "../notebook";
import { type CellChecker, without } from "./type-errors";

/** A submission made ready. */
export interface Program {
  /** The body of an async function of `require`, `$begin` and `$failed`; it returns the functions by their names. */
  readonly code: string;
  /** The functions that the notebook declares. */
  readonly declared: readonly string[];
  /** Why declarations were left out, by their names. */
  readonly broken: ReadonlyMap<string, Problem>;
  /** What was done to the notebook's graded parts, for the teacher. */
  readonly flags: readonly string[];
  /** How many cells there are; they are counted in this order. */
  readonly cells: number;
}

/** Why a declaration was left out. */
export interface Problem {
  readonly foundBy: "TypeScript" | "Node.js";
  /** Where and what. */
  readonly text: string;
}

/** A statement on the top level of a cell. */
interface Statement {
  readonly node: TypeScript.Statement;
  readonly file: TypeScript.SourceFile;
  /** The cell, counted from 0. */
  readonly cell: number;
}

/** More source than this is not looked at. */
const MOST_SOURCE = 1_000_000;

/**
 * @param master the instructor's notebook
 * @param submission the student's
 * @param checker says which statements TypeScript rejects
 */
export function programOf(master: Notebook, submission: Notebook, checker: CellChecker): Program {
  const { sources, flags } = chosenCells(master, submission);
  let left = MOST_SOURCE;
  const files = sources.map((source, k) => {
    left -= source.length;
    return ts.createSourceFile(`cell-${k}.ts`, left < 0 ? "" : source, ts.ScriptTarget.ES2022, true);
  });
  if (left < 0) flags.push("The notebook holds more than a million characters of code; the rest was not looked at.");
  const broken = new Map<string, Problem>();
  const note = (
    { node, file }: Statement,
    message: string,
    position: number,
    foundBy: Problem["foundBy"] = "TypeScript",
  ) => {
    const line = file.getLineAndCharacterOfPosition(position).line + 1;
    for (const name of namesOf(node)) broken.set(name, { foundBy, text: `line ${line} of its cell: ${message}` });
  };
  const sound = files.flatMap((file, cell) =>
    file.statements
      .map((node): Statement => ({ node, file, cell }))
      .filter((statement) => {
        const problem = syntaxProblem(statement);
        if (problem) note(statement, ts.flattenDiagnosticMessageText(problem.messageText, " "), problem.start);
        return problem === undefined;
      }),
  );
  const known = new Set(
    files.flatMap(({ statements }) => statements.flatMap((node) => [...valuesOf(node), ...typesOf(node)])),
  );
  checker.begin();
  const kept = files.flatMap((file, cell) => {
    const own = sound.filter((statement) => statement.cell === cell);
    const extents = own.map(({ node }) => ({ start: node.getStart(file), end: node.end }));
    const rest = file.statements.filter((node) => !own.some((statement) => statement.node === node));
    const text = without(
      file.text,
      rest.map(({ pos, end }) => ({ start: pos, end })),
    );
    const wrong = checker.check(text, extents, known);
    return own.filter((statement, k) => {
      const error = wrong.get(k);
      if (error) note(statement, error.message, error.start);
      return error === undefined;
    });
  });
  const refused = refusedBy(kept, files.length);
  for (const [statement, why] of refused) {
    note(statement, why, statement.node.getStart(statement.file), "Node.js");
  }
  const [first] = refused;
  if (first !== undefined) {
    const more = refused.size > 1 ? ` (and ${refused.size - 1} more)` : "";
    flags.push(
      `Code cell ${first[0].cell + 1} of those that were run has a statement that was left out${more}: ${first[1]}`,
    );
  }
  const runnable = kept.filter((statement) => !refused.has(statement));
  const declared = runnable.flatMap(({ node }) => namesOf(node));
  for (const name of declared) broken.delete(name);
  const code = assembled(runnable, files.length);
  return { code, declared: [...new Set(declared)], broken, flags, cells: files.length };
}

/**
 * The statements that can't even begin to run, with what Node.js says of them: bad regular expressions, for example, which
 * TypeScript does not read. One of them would keep all others from running.
 */
function refusedBy(statements: readonly Statement[], cells: number): Map<Statement, string> {
  const refused = new Map<Statement, string>();
  if (refusal(assembled(statements, cells)) === undefined) return refused;
  for (let cell = 0; cell < cells; cell++) {
    const own = statements.filter((statement) => statement.cell === cell);
    if (refusal(assembled(own, cells)) === undefined) continue;
    for (const statement of own) {
      const why = refusal(assembled([statement], cells));
      if (why !== undefined) refused.set(statement, why);
    }
  }
  return refused;
}

/** Why Node.js does not take a program, if it does not. */
function refusal(code: string): string | undefined {
  try {
    new Script(`(async function () {\n${code}\n})`);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return error.message;
  }
}

/** The cells that are run, and what is remarkable about them. */
function chosenCells(master: Notebook, submission: Notebook): { sources: string[]; flags: string[] } {
  const flags: string[] = [];
  const known = new Map(master.cells.flatMap((cell) => (gradeIdOf(cell) ? [[gradeIdOf(cell) as string, cell]] : [])));
  const kernel = submission.metadata.kernelspec?.name;
  if (kernel !== "tslab") {
    const name = kernel === undefined ? "not named" : `"${kernel.slice(0, 40)}"`;
    flags.push(`The notebook's kernel is ${name} instead of "tslab".`);
  }
  const seen = new Set<string>();
  const sources: string[] = [];
  for (const cell of submission.cells) {
    const id = gradeIdOf(cell);
    const original = id === undefined ? undefined : known.get(id);
    if (id !== undefined && original !== undefined) {
      if (seen.has(id)) flags.push(`The cell ${id} is there more than once.`);
      seen.add(id);
      const { locked, grade } = original.metadata.nbgrader ?? {};
      if (locked && sourceOf(cell).trim() !== sourceOf(original).trim()) {
        flags.push(`The cell ${id} was changed; the original was used.`);
      }
      if (locked && grade) continue;
      if (locked) {
        sources.push(sourceOf(original));
        continue;
      }
    }
    if (cell.cell_type === "code") sources.push(sourceOf(cell));
  }
  const missing = [...known].filter(([id]) => !seen.has(id));
  for (const [id] of missing) flags.push(`The cell ${id} is missing.`);
  const given = missing.filter(([, cell]) => isGiven(cell)).map(([, cell]) => sourceOf(cell));
  return { sources: [...given, ...sources], flags };
}

function isGiven({ cell_type, metadata }: Cell): boolean {
  return cell_type === "code" && metadata.nbgrader?.locked === true && metadata.nbgrader.grade !== true;
}

/** The first syntax error within a statement. */
function syntaxProblem({
  node,
  file,
}: Statement): { start: number; messageText: TypeScript.DiagnosticMessageChain | string } | undefined {
  const { parseDiagnostics = [] } = file as unknown as { parseDiagnostics?: TypeScript.DiagnosticWithLocation[] };
  return parseDiagnostics.find(({ start }) => start >= node.pos && start <= node.end);
}

/** The names that a statement gives a value; what `declare` names has one already. */
function namesOf(node: TypeScript.Statement): string[] {
  if (isDeclared(node)) return [];
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.flatMap(({ name }) => bound(name));
  if (ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)) return [node.name.text];
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return node.name ? [node.name.text] : [];
  return [];
}

/** The names that a statement gives a value, by a declaration or an import. */
function valuesOf(node: TypeScript.Statement): string[] {
  return ts.isImportDeclaration(node) ? importText(node).bindings : namesOf(node);
}

function typesOf(node: TypeScript.Statement): string[] {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) ? [node.name.text] : [];
}

function bound(name: TypeScript.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : bound(element.name)));
}

/** The text of a cell, in the making. */
interface CellText {
  /** What its own names are that other cells declare as well. */
  readonly own: ReadonlySet<string>;
  /** Those of them that have a value by now. */
  readonly given: Set<string>;
  /** What is there before any cell has begun, and what the cell begins with. */
  readonly before: string[];
  readonly hoisted: string[];
  readonly rest: string[];
}

/**
 * The statements of all cells as the body of one async function.
 *
 * Each cell is a generator, which stops once between what is there from the start and what it does when it is its turn.
 * Names that one cell alone declares are the program's. Any other name is the cell's own, as in the kernel, so that its
 * functions go on to mean what they meant there; cells that do not declare it see the value that it was given last.
 */
function assembled(statements: readonly Statement[], cells: number): string {
  const { names, shared } = declarers(statements);
  let functions = 0;
  const texts = Array.from({ length: cells }, (_, k): CellText => {
    const own = new Set([...shared].filter((name) => names.get(name)?.has(k)));
    return { own, given: new Set(), before: [], hoisted: [], rest: [] };
  });
  for (const { node, file, cell } of statements) {
    const { own, given, before, hoisted, rest } = texts[cell];
    const ownValues = valuesOf(node).filter((name) => own.has(name));
    const passed = ownValues.map(pass).join(" ");
    for (const name of ownValues) given.add(name);
    const last = [...given].map(pass).join(" ");
    if (ts.isImportDeclaration(node)) {
      const { text } = importText(node);
      if (text !== "") before.push(tried(`${text} ${passed}`, cell));
      hoisted.push(passed);
    } else if (ts.isFunctionDeclaration(node)) {
      if (node.name === undefined || node.body === undefined) continue;
      const made = `$function${functions++}`;
      before.push(`const ${made} = ${withoutModifiers(node, file, isExport)};`);
      const assigned = tried(`${node.name.text} = ${made}; ${passed}`, cell);
      before.push(assigned);
      hoisted.push(assigned);
    } else if (ts.isVariableStatement(node)) {
      const assignments = node.declarationList.declarations.flatMap(({ name, initializer }) =>
        initializer === undefined ? [] : [`(${name.getText(file)} = ${initializer.getText(file)}\n);`],
      );
      if (!isDeclared(node)) rest.push(`${assignments.join(" ")} ${last}`);
    } else if (isDeclared(node)) {
      // Somebody else is said to bring it.
    } else if (ts.isClassDeclaration(node) && node.name) {
      rest.push(`${node.name.text} = ${withoutModifiers(node, file, isNoDecorator)}; ${last}`);
    } else if (ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)) {
      const { text } = node.name;
      const made = `${text} = (() => { ${withoutModifiers(node, file, isExport)}\nreturn typeof ${text} === "undefined" ? undefined : ${text}; })(); ${last}`;
      if (ts.isEnumDeclaration(node) && isConstant(node)) before.push(tried(made, cell));
      else rest.push(made);
    } else if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
      // Types are gone when the program runs.
    } else if (ts.isExportDeclaration(node) || ts.isExportAssignment(node)) {
      // A notebook has nobody to export to.
    } else {
      rest.push(`${textOf(node, file)}\n; ${last}`);
    }
  }
  const list = [...names.keys()];
  const program = [
    ...list.map((name) => `var ${name}: any;`),
    INTEROPERATION,
    `const $pass = { ${[...shared].map((name) => `${name}: ($value: any) => { ${name} = $value; }`).join(", ")} };`,
    `const $cells = [\n${texts.map((text, k) => `${cellText(text, k)},`).join("\n")}\n];`,
    "for (const $one of $cells) await $one.next();",
    "for (let $k = 0; $k < $cells.length; $k++) if ($begin($k)) await $cells[$k].next();",
    `return { ${list.map((name) => `${JSON.stringify(name)}: () => ${name}`).join(", ")} };`,
  ].join("\n");
  const { outputText } = ts.transpileModule(`async function $program() {\n${program}\n}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true },
    transformers: { before: [importsByRequire] },
  });
  takeSourceMaps(outputText); // or they would be kept for ever
  return `${outputText}\nreturn $program();`;
}

/** Gives the program's variable the value of the cell's. */
function pass(name: string): string {
  return `$pass.${name}(${name});`;
}

/** The names that have values, each with the cells that declare it, and those that are declared by several. */
function declarers(statements: readonly Statement[]): {
  names: ReadonlyMap<string, ReadonlySet<number>>;
  shared: ReadonlySet<string>;
} {
  const names = new Map<string, Set<number>>();
  for (const { node, cell } of statements) {
    for (const name of valuesOf(node)) {
      if (!MACHINERY.test(name)) names.set(name, (names.get(name) ?? new Set()).add(cell));
    }
  }
  return { names, shared: new Set([...names.keys()].filter((name) => (names.get(name)?.size ?? 0) > 1)) };
}

/** A cell as a generator that has been called. */
function cellText({ own, before, hoisted, rest }: CellText, cell: number): string {
  const variables = [...own].map((name) => `var ${name}: any;`).join(" ");
  const body = [...hoisted, ...rest.map((text) => tried(text, cell))].join("\n");
  return `(async function* () { ${variables}\n${before.join("\n")}\nyield;\n$cell: { ${body} } })()`;
}

/** Names of the program's own. */
const MACHINERY = /^(require|\$(begin|failed|default|import|pass|cells|function\d+|error))$/;

/** A module of Node.js is its own default, as in the kernel. */
const INTEROPERATION = `
const $default = ($module: any) => ($module?.__esModule ? $module.default : $module);
const $import = async ($id: any) => {
  const $module = require(String($id));
  return $module?.__esModule ? $module : { ...$module, default: $module };
};`;

/** Has `import(…)` find what `import … from` finds. */
function importsByRequire(
  context: TypeScript.TransformationContext,
): (file: TypeScript.SourceFile) => TypeScript.SourceFile {
  const visit = (node: TypeScript.Node): TypeScript.Node => {
    const seen = ts.visitEachChild(node, visit, context);
    if (!ts.isCallExpression(seen) || seen.expression.kind !== ts.SyntaxKind.ImportKeyword) return seen;
    return context.factory.createCallExpression(context.factory.createIdentifier("$import"), undefined, seen.arguments);
  };
  return (file) => ts.visitEachChild(file, visit, context);
}

/** A statement that keeps no other from running when it throws. */
function tried(text: string, cell: number): string {
  return `try { ${text}\n} catch ($error) { $failed(${cell}, $error); }`;
}

/** Whether an enum can be there before anything has run: its values are numbers, texts, and each other. */
function isConstant({ members }: TypeScript.EnumDeclaration): boolean {
  const names = new Set(members.map(({ name }) => (ts.isComputedPropertyName(name) ? undefined : name.text)));
  const constant = (value: TypeScript.Expression): boolean => {
    if (ts.isNumericLiteral(value) || ts.isStringLiteralLike(value)) return true;
    if (ts.isIdentifier(value)) return names.has(value.text);
    if (ts.isParenthesizedExpression(value)) return constant(value.expression);
    if (ts.isPrefixUnaryExpression(value)) return constant(value.operand);
    return ts.isBinaryExpression(value) && constant(value.left) && constant(value.right);
  };
  return members.every(({ initializer }) => initializer === undefined || constant(initializer));
}

function importText({ importClause, moduleSpecifier }: TypeScript.ImportDeclaration): {
  bindings: string[];
  text: string;
} {
  const from = `require(${JSON.stringify((moduleSpecifier as TypeScript.StringLiteral).text)})`;
  const targets: [name: string, value: string][] = [];
  if (importClause?.name) targets.push([importClause.name.text, "$default($module)"]);
  const named = importClause?.namedBindings;
  if (named && ts.isNamespaceImport(named)) targets.push([named.name.text, "$module"]);
  if (named && ts.isNamedImports(named)) {
    for (const { name, propertyName, isTypeOnly } of named.elements) {
      const imported = (propertyName ?? name).text;
      const value = imported === "default" ? "$default($module)" : `$module[${JSON.stringify(imported)}]`;
      if (!isTypeOnly) targets.push([name.text, value]);
    }
  }
  if (importClause?.isTypeOnly) return { bindings: [], text: "" };
  const assignments = targets.map(([name, value]) => `${name} = ${value};`).join(" ");
  return { bindings: targets.map(([name]) => name), text: `{ const $module = ${from}; ${assignments} }` };
}

type Modified = TypeScript.Statement & { readonly modifiers?: readonly TypeScript.ModifierLike[] };

function isDeclared({ modifiers = [] }: Modified): boolean {
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
}

function isNoDecorator({ kind }: TypeScript.ModifierLike): boolean {
  return kind !== ts.SyntaxKind.Decorator;
}

function isExport({ kind }: TypeScript.ModifierLike): boolean {
  return EXPORTS.has(kind);
}

/** A declaration as an expression: without `export`, and what else can't stand there. */
function withoutModifiers(
  node: Modified,
  file: TypeScript.SourceFile,
  dropped: (modifier: TypeScript.ModifierLike) => boolean,
): string {
  const last = (node.modifiers ?? []).filter(dropped).at(-1);
  return file.text.slice(last ? last.end : node.getStart(file), node.end).trim();
}

/** A statement's text. A `return` in it, which ends a cell of a notebook, ends the cell here as well. */
function textOf(node: TypeScript.Statement, file: TypeScript.SourceFile): string {
  const returns: TypeScript.ReturnStatement[] = [];
  const visit = (part: TypeScript.Node): void => {
    if (ts.isReturnStatement(part)) returns.push(part);
    else if (!ts.isFunctionLike(part) && !ts.isClassLike(part)) ts.forEachChild(part, visit);
  };
  visit(node);
  let text = "";
  let at = node.getStart(file);
  for (const part of returns) {
    text += `${file.text.slice(at, part.getStart(file))}{ ${part.expression?.getText(file) ?? ""}; break $cell; }`;
    at = part.end;
  }
  return text + file.text.slice(at, node.end);
}

const EXPORTS = new Set([ts.SyntaxKind.ExportKeyword, ts.SyntaxKind.DefaultKeyword]);
