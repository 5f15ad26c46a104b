/**
 * Compiles a notebook's cells for the sandbox, by the kernel's own compiler: what names mean, and what is an error, is the
 * same in both.
 *
 * The kernel does not run a cell with an error at all. Here only the statements with the errors are left out.
 */
import { realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { Script } from "node:vm";
import ts from "typescript";
import type { Parts } from "../../kernel/compiler/bind";
import { CellCompiler, type CompiledCell } from "../../kernel/compiler/compiler";
import { NodeProject } from "../../kernel/node/node-project";

/** Where a statement is in its cell, in characters. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** Why a statement was left out. */
export interface StatementError {
  readonly message: string;
  /** Where it is, in characters. */
  readonly start: number;
  /** TypeScript, if it is not said. */
  readonly foundBy?: "Node.js";
}

/** A cell without the statements that have an error. */
export interface CheckedCell {
  /** An object: its imports, and what it does. Nothing if TypeScript can't be brought to compile it. */
  readonly code?: string;
  /** The first error of each statement that was left out, by its place in the list. */
  readonly errors: ReadonlyMap<number, StatementError>;
}

/** What is imported and is not there where work is graded; what is exported, which nobody hears of; types of cells to come. */
const EXCUSED = new Set([2305, 2306, 2307, 2315, 2323, 2484, 2497, 2503, 2528, 2614, 2724]);

/** A cell is looked at again without the statements that have an error, at most so often. */
const MOST_ROUNDS = 8;

/** The kernel's compiler, for one notebook after the other. */
export class CellChecker {
  readonly #compiler: CellCompiler;

  /** @param root the project's folder */
  constructor(root: string) {
    this.#compiler = new CellCompiler(new GradingHost(root), {
      arrange: inPieces,
      counts: ({ code }) => !EXCUSED.has(code),
    });
  }

  /** Forgets the cells of the notebook before. */
  begin(): void {
    this.#compiler.reset();
  }

  /**
   * Compiles a cell, and keeps what it declares for those after it.
   *
   * @param source the cell
   * @param statements where its statements are
   * @param declared the names that any cell of the notebook declares
   */
  check(source: string, statements: readonly Extent[], declared: ReadonlySet<string>): CheckedCell {
    const errors = new Map<number, StatementError>();
    const compile = (isIn: (place: number) => boolean) =>
      this.#compiler.compile(
        without(
          source,
          statements.filter((_, place) => !isIn(place)),
        ),
        declared,
      );
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const compilation = compile((place) => !errors.has(place));
      const before = errors.size;
      if (compilation.ok) {
        const code = codeOf(compilation.cell);
        // What can't even begin to run would keep all else of its cell from running.
        for (const [place, { start }] of refusal(code) === undefined ? [] : statements.entries()) {
          const alone = compile((other) => other === place);
          const message = alone.ok && !errors.has(place) ? refusal(codeOf(alone.cell)) : undefined;
          if (message !== undefined) errors.set(place, { message, start, foundBy: "Node.js" });
        }
        if (errors.size > before) continue;
        compilation.cell.keep();
        return { code, errors };
      }
      for (const { start, message } of compilation.problems) {
        const place = statements.findIndex((one) => one.start <= start.offset && start.offset < one.end);
        if (place >= 0 && !errors.has(place))
          errors.set(place, { message: message.slice(0, 300), start: start.offset });
      }
      if (errors.size === before) break;
    }
    return { errors };
  }
}

function codeOf({ code, imports }: CompiledCell): string {
  return `{ imports: ${JSON.stringify(imports)}, run: async function* (__session__, require) {\n${code}\n} }`;
}

/** Why Node.js does not take some code, if it does not. */
function refusal(code: string): string | undefined {
  try {
    new Script(`(${code})`);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return error.message;
  }
}

/** The text with spaces in place of some parts, so that everything else stays where it is. */
export function without(text: string, parts: readonly Extent[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end } of parts) {
    pieces.push(text.slice(at, start), text.slice(start, end).replace(/[^\n]/g, " "));
    at = end;
  }
  return pieces.join("") + text.slice(at);
}

/**
 * A cell as the body of a generator, which stops once between what is there from the start and what it does when it is its
 * turn. A statement that throws keeps no other from running, and one that did not end the last time is left out.
 */
function inPieces({ opened, functions, statements }: Parts, f: ts.NodeFactory): ts.Statement[] {
  const failed = f.createPropertyAccessExpression(f.createIdentifier("__session__"), "failed");
  const tried = (block: readonly ts.Statement[]) => {
    const report = f.createExpressionStatement(
      f.createCallExpression(failed, undefined, [f.createIdentifier("$error")]),
    );
    const caught = f.createCatchClause("$error", f.createBlock([report]));
    return f.createTryStatement(f.createBlock(block, true), caught, undefined);
  };
  const early = statements
    .filter(({ from }) => ts.isEnumDeclaration(from) && isConstant(from))
    .map(({ become }) => tried(become));
  const begins = f.createPropertyAccessExpression(f.createIdentifier("__session__"), "begins");
  const rest = statements.flatMap(({ from, become }, place) => {
    // What others mean by their names has to stand where they can see it.
    if (ts.isFunctionDeclaration(from) || isUsing(from)) return become;
    if (become.length === 0 || ts.isEmptyStatement(from)) return [];
    const turn = f.createCallExpression(begins, undefined, [f.createNumericLiteral(place)]);
    return [f.createIfStatement(turn, tried(become))];
  });
  const pause = f.createExpressionStatement(f.createYieldExpression(undefined, undefined));
  return [...opened, ...functions, ...early, pause, ...functions, ...rest];
}

/** Whether an enum can be there before anything has run: its values are numbers, texts, and each other. */
function isConstant({ members }: ts.EnumDeclaration): boolean {
  const names = new Set(
    members.map(({ name }) => (ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined)),
  );
  const constant = (value: ts.Expression): boolean => {
    if (ts.isNumericLiteral(value) || ts.isStringLiteralLike(value)) return true;
    if (ts.isIdentifier(value)) return names.has(value.text);
    if (ts.isParenthesizedExpression(value)) return constant(value.expression);
    if (ts.isPrefixUnaryExpression(value)) return constant(value.operand);
    return ts.isBinaryExpression(value) && constant(value.left) && constant(value.right);
  };
  return members.every(({ initializer }) => initializer === undefined || constant(initializer));
}

function isUsing(statement: ts.Statement): boolean {
  if (!ts.isVariableStatement(statement)) return false;
  const kind = statement.declarationList.flags & ts.NodeFlags.BlockScoped;
  return kind === ts.NodeFlags.Using || kind === ts.NodeFlags.AwaitUsing;
}

/** A cell may import what it likes: TypeScript finds nothing of this disk but the project's source and packages. */
class GradingHost extends NodeProject {
  readonly #allowed: readonly string[];

  constructor(root: string) {
    super(root, root);
    const paths = [join(root, "src"), join(root, "node_modules"), join(root, "package.json")];
    this.#allowed = paths.flatMap((path) => [path, realpathSync(path)]);
  }

  override fileExists(path: string): boolean {
    return this.#isAllowed(path) && super.fileExists(path);
  }

  override readFile(path: string): string | undefined {
    return this.#isAllowed(path) ? super.readFile(path) : undefined;
  }

  override directoryExists(path: string): boolean {
    return super.directoryExists(path) && (this.#isAllowed(path) || this.#allowed.some((one) => one.startsWith(path)));
  }

  /** What cells import is known to be right. */
  override isChecked(): boolean {
    return true;
  }

  #isAllowed(path: string): boolean {
    return this.#allowed.some((one) => path === one || path.startsWith(one + sep));
  }
}
