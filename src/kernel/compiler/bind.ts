/**
 * From a cell's names to the session's variables.
 *
 * A name of the session is a box, which all cells share: `lr = 0.5` becomes `$lr.v = 0.5`, and a function that reads `lr`
 * reads `$lr.v`, whichever cell gave it its value. A declaration becomes an assignment. Functions are assigned when the
 * cell starts, everything else when its statement runs.
 */
import ts from "typescript";
import { awaits, boundNames, type DeclaredName, importedNames, isAugmentation, keywordOf } from "./names";

/** What a cell's JavaScript calls the object that gives it its boxes and takes its result. */
export const SESSION = "__session__";

/** A module that a cell imports. It is loaded before the cell begins. */
export interface CellImport {
  specifier: string;
  /** Names here, and what the module calls them: nothing for the module as a whole. */
  names: { name: string; exported?: string }[];
  /** Whether the module as a whole is what `require` gives (`import x = require("x")`). */
  plain: boolean;
}

/** What binding finds out about a cell. */
export interface Binding {
  /** The names that get values in it. */
  values: Set<string>;
  imports: CellImport[];
  isAsync: boolean;
  /** Whether its last statement is an expression, whose value is shown. */
  hasResult: boolean;
}

/** What a cell's JavaScript is made of. */
export interface Parts {
  /** Its boxes: what comes first. */
  opened: ts.Statement[];
  /** Its functions, put into their boxes. */
  functions: ts.Statement[];
  /** What each of its statements has become, with what it was. */
  statements: { from: ts.Statement; become: ts.Statement[] }[];
}

/** Puts the parts of a cell together. */
export type Arrangement = (parts: Parts, factory: ts.NodeFactory) => ts.Statement[];

const inOrder: Arrangement = ({ opened, functions, statements }) => [
  ...opened,
  ...functions,
  ...statements.flatMap(({ become }) => become),
];

/** What binding has to know of a cell. */
export interface CellToBind {
  checker: ts.TypeChecker;
  file: ts.SourceFile;
  /** How long the learner's text is; what follows in the file is the compiler's. */
  length: number;
  own: ReadonlyMap<string, DeclaredName>;
  /** Names of earlier cells that have values. */
  used: ReadonlySet<string>;
  /** If the statements shall not just follow each other. */
  arrange?: Arrangement;
}

/** A transformer that binds a cell's names, and fills `binding` while it does. */
export function bindToSession(
  { checker, file, length, own, used, arrange = inOrder }: CellToBind,
  binding: Binding,
): ts.TransformerFactory<ts.SourceFile> {
  const names = sessionSymbols();
  for (const name of names.values()) {
    if (own.has(name)) binding.values.add(name);
  }
  return (context) => {
    const f = context.factory;
    const boxes = new Map<string, ts.Identifier>();

    const ofSession = (name: string) => f.createPropertyAccessExpression(f.createIdentifier(SESSION), name);

    function boxOf(name: string): ts.Expression {
      const unique = ts.GeneratedIdentifierFlags.Optimistic | ts.GeneratedIdentifierFlags.FileLevel;
      const box = boxes.get(name) ?? f.createUniqueName(`$${name}`, unique);
      boxes.set(name, box);
      return f.createPropertyAccessExpression(box, "v");
    }

    const assign = (name: string, value: ts.Expression) =>
      f.createExpressionStatement(f.createAssignment(boxOf(name), value));

    const expression = (node: ts.Expression) => ts.visitNode(node, visit) as ts.Expression;

    /** A function without a name takes that of its variable. A property of a box would give it none. */
    function named(name: ts.BindingName, initializer: ts.Expression): ts.Expression {
      const value = expression(initializer);
      if (!ts.isIdentifier(name) || !isNameless(initializer)) return value;
      const holder = f.createObjectLiteralExpression([
        f.createPropertyAssignment(f.createComputedPropertyName(f.createStringLiteral(name.text)), value),
      ]);
      return f.createElementAccessExpression(holder, f.createStringLiteral(name.text));
    }

    /** What a declaration gives values to, as the left side of an assignment. */
    function target(name: ts.BindingName): ts.Expression {
      if (ts.isIdentifier(name)) return ts.setTextRange(boxOf(name.text), name);
      const withDefault = ({ name: inner, initializer }: ts.BindingElement) =>
        initializer ? f.createAssignment(target(inner), named(inner, initializer)) : target(inner);
      if (ts.isArrayBindingPattern(name)) {
        return f.createArrayLiteralExpression(
          name.elements.map((element) => {
            if (ts.isOmittedExpression(element)) return f.createOmittedExpression();
            return element.dotDotDotToken ? f.createSpreadElement(target(element.name)) : withDefault(element);
          }),
        );
      }
      return f.createObjectLiteralExpression(
        name.elements.map((element) => {
          if (element.dotDotDotToken) return f.createSpreadAssignment(target(element.name));
          const key = (ts.visitNode(element.propertyName, visit) ?? element.name) as ts.PropertyName;
          const plain = ts.isIdentifier(key) ? f.createIdentifier(key.text) : key;
          return f.createPropertyAssignment(plain, withDefault(element));
        }),
      );
    }

    /** Declarations as one expression that assigns; nothing where a `var` gets no value. */
    function assignments(list: ts.VariableDeclarationList): ts.Expression | undefined {
      const parts = list.declarations.flatMap((declaration): ts.Expression[] => {
        const { name, initializer } = declaration;
        if (initializer)
          return [ts.setTextRange(f.createAssignment(target(name), named(name, initializer)), declaration)];
        return keywordOf(list) === "var" ? [] : [f.createAssignment(target(name), f.createVoidZero())];
      });
      return parts.length > 0 ? parts.reduce((all, part) => f.createComma(all, part)) : undefined;
    }

    function visit(node: ts.Node): ts.VisitResult<ts.Node | undefined> {
      if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
      if (ts.isIdentifier(node)) {
        const name = isUse(node) ? sessionName(node, checker.getSymbolAtLocation(node)) : undefined;
        return name === undefined ? node : ts.setTextRange(boxOf(name), node);
      }
      if (ts.isShorthandPropertyAssignment(node)) {
        const name = sessionName(node.name, checker.getShorthandAssignmentValueSymbol(node));
        if (name === undefined) return ts.visitEachChild(node, visit, context);
        const { objectAssignmentInitializer: initial } = node;
        const value = initial ? f.createAssignment(boxOf(name), expression(initial)) : boxOf(name);
        return ts.setTextRange(f.createPropertyAssignment(f.createIdentifier(node.name.text), value), node);
      }
      if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
        return f.updateCallExpression(
          node,
          ofSession("load"),
          undefined,
          ts.visitNodes(node.arguments, visit, ts.isExpression),
        );
      }
      if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) return ofSession("meta");
      // A function that is called through its box must not get the box as its `this`.
      if (ts.isCallExpression(node) && isBound(node.expression)) {
        const callee = f.createParenthesizedExpression(
          f.createComma(f.createNumericLiteral(0), expression(node.expression)),
        );
        return f.updateCallExpression(node, callee, undefined, ts.visitNodes(node.arguments, visit, ts.isExpression));
      }
      if (ts.isTaggedTemplateExpression(node) && isBound(node.tag)) {
        const tag = f.createParenthesizedExpression(f.createComma(f.createNumericLiteral(0), expression(node.tag)));
        return f.updateTaggedTemplateExpression(
          node,
          tag,
          undefined,
          ts.visitNode(node.template, visit) as ts.TemplateLiteral,
        );
      }
      if (ts.isVariableStatement(node) && isOfSession(node.declarationList)) {
        const all = assignments(node.declarationList);
        return all && ts.setTextRange(f.createExpressionStatement(all), node);
      }
      if (ts.isVariableDeclarationList(node) && isOfSession(node)) {
        return ts.isForStatement(node.parent) ? assignments(node) : target(node.declarations[0].name);
      }
      return ts.visitEachChild(node, visit, context);
    }

    /** A declaration that stays one, and is put into its box. */
    function declaration(
      node: ts.FunctionDeclaration | ts.ClassDeclaration | ts.EnumDeclaration | ts.ModuleDeclaration,
    ) {
      const visited = ts.visitEachChild(node, visit, context);
      const kept = visited.modifiers?.filter(({ kind }) => !EXPORTS.has(kind));
      const name = node.name && binding.values.has(node.name.text) ? node.name.text : undefined;
      return {
        statement: ts.isModuleDeclaration(visited)
          ? f.updateModuleDeclaration(visited, kept, visited.name, visited.body)
          : withModifiers(visited, kept),
        put: name === undefined ? [] : [assign(name, f.createIdentifier(name))],
      };
    }

    function withModifiers<Declaration extends ts.FunctionDeclaration | ts.ClassDeclaration | ts.EnumDeclaration>(
      node: Declaration,
      modifiers: readonly ts.ModifierLike[] | undefined,
    ): ts.Statement {
      if (ts.isFunctionDeclaration(node)) {
        const { asteriskToken, name, typeParameters, parameters, type, body } = node;
        const kept = modifiers as readonly ts.Modifier[] | undefined;
        return f.updateFunctionDeclaration(node, kept, asteriskToken, name, typeParameters, parameters, type, body);
      }
      if (ts.isClassDeclaration(node)) {
        return f.updateClassDeclaration(
          node,
          modifiers,
          node.name,
          node.typeParameters,
          node.heritageClauses,
          node.members,
        );
      }
      return f.updateEnumDeclaration(node, modifiers as readonly ts.Modifier[] | undefined, node.name, node.members);
    }

    /** What a statement becomes. Functions are put into their boxes before anything else. */
    function bound(statement: ts.Statement, functions: ts.Statement[]): ts.Statement[] {
      if (ts.isImportDeclaration(statement)) {
        if (bringsValues(statement)) binding.imports.push(importOf(statement));
        return [];
      }
      if (ts.isImportEqualsDeclaration(statement)) {
        const { name, moduleReference } = statement;
        if (!binding.values.has(name.text)) return [];
        if (!ts.isExternalModuleReference(moduleReference)) return [assign(name.text, entity(moduleReference))];
        const { text } = moduleReference.expression as ts.StringLiteral;
        binding.imports.push({ specifier: text, names: [{ name: name.text }], plain: true });
        return [];
      }
      if (ts.isExportDeclaration(statement)) return [];
      if (ts.isExportAssignment(statement)) {
        return [ts.setTextRange(f.createExpressionStatement(expression(statement.expression)), statement)];
      }
      if (isDeclaration(statement)) {
        if (!statement.name) {
          const value = nameless(statement as ts.FunctionDeclaration | ts.ClassDeclaration);
          return [f.createExpressionStatement(f.createParenthesizedExpression(value))];
        }
        const { statement: kept, put } = declaration(statement);
        if (!ts.isFunctionDeclaration(statement)) return [kept, ...put];
        if (statement.body) functions.push(...put);
        return [kept];
      }
      const visited = ts.visitNode(statement, visit) as ts.Statement | undefined;
      return visited ? [visited] : [];
    }

    /** What `export default` has no name for. */
    function nameless(node: ts.FunctionDeclaration | ts.ClassDeclaration): ts.Expression {
      const visited = ts.visitEachChild(node, visit, context);
      if (ts.isClassDeclaration(visited)) {
        return f.createClassExpression(
          undefined,
          undefined,
          visited.typeParameters,
          visited.heritageClauses,
          visited.members,
        );
      }
      const { asteriskToken, typeParameters, parameters, type, body } = visited;
      const kept = node.modifiers?.filter((one): one is ts.Modifier => one.kind === ts.SyntaxKind.AsyncKeyword);
      return f.createFunctionExpression(kept, asteriskToken, undefined, typeParameters, parameters, type, body!);
    }

    return (root) => {
      const mine = root.statements.filter(({ pos }) => pos < length);
      const functions: ts.Statement[] = [];
      const statements = mine.map((from) => ({ from, become: bound(from, functions) }));
      const last = statements.at(-1);
      const [end] = last?.become ?? [];
      if (
        last &&
        (ts.isExpressionStatement(last.from) || ts.isExportAssignment(last.from)) &&
        ts.isExpressionStatement(end)
      ) {
        binding.hasResult = true;
        const result = f.createExpressionStatement(f.createAssignment(ofSession("result"), end.expression));
        last.become = [ts.setTextRange(result, end)];
      }
      binding.isAsync = mine.some(awaits);
      return f.updateSourceFile(root, arrange({ opened: opened(), functions, statements }, f));
    };

    /** The boxes, which the cell opens once: `const $lr = __session__.box("lr")`. A `var` has one from the start. */
    function opened(): ts.Statement[] {
      const vars = [...own].filter(([name, { value }]) => value === "var" && binding.values.has(name));
      for (const [name] of vars) boxOf(name);
      if (boxes.size === 0) return [];
      const declarations = [...boxes].map(([name, box]) => {
        const isVar = own.get(name)?.value === "var" && binding.values.has(name);
        const given = [f.createStringLiteral(name), ...(isVar ? [f.createTrue()] : [])];
        return f.createVariableDeclaration(
          box,
          undefined,
          undefined,
          f.createCallExpression(ofSession("box"), undefined, given),
        );
      });
      return [f.createVariableStatement(undefined, f.createVariableDeclarationList(declarations, ts.NodeFlags.Const))];
    }

    function entity(name: ts.EntityName): ts.Expression {
      if (ts.isIdentifier(name)) return expression(name);
      return f.createPropertyAccessExpression(entity(name.left), f.createIdentifier(name.right.text));
    }

    function isBound(node: ts.Node): boolean {
      return ts.isIdentifier(node) && sessionName(node, checker.getSymbolAtLocation(node)) !== undefined;
    }
  };

  /** The symbols of the session's variables in this cell, with their names. */
  function sessionSymbols(): Map<ts.Symbol, string> {
    const found = new Map<ts.Symbol, string>();
    const { locals } = file as unknown as {
      locals: ReadonlyMap<ts.__String, ts.Symbol & { exportSymbol?: ts.Symbol }>;
    };
    for (const [escaped, symbol] of locals) {
      const name = ts.unescapeLeadingUnderscores(escaped);
      const declared = own.get(name);
      if (declared ? declared.ambient : !used.has(name)) continue;
      const local = symbol.exportSymbol ?? symbol;
      if (!hasValue(local) || local.declarations?.every((node) => isTypeOnlyImport(node))) continue;
      found.set(symbol, name);
      found.set(local, name);
    }
    return found;
  }

  function hasValue(symbol: ts.Symbol): boolean {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    // What is imported from a package without types is unknown to the checker.
    const isUnknown = target.escapedName === "unknown" && !target.declarations;
    return isUnknown || (target.flags & ts.SymbolFlags.Value) !== 0 || (symbol.flags & ts.SymbolFlags.Value) !== 0;
  }

  /** The session's name that an identifier stands for. Inside a class, an enum or a namespace, its own name is itself. */
  function sessionName(node: ts.Identifier, symbol: ts.Symbol | undefined): string | undefined {
    const name = symbol && names.get(symbol);
    if (name === undefined || node.pos >= length) return undefined;
    for (let at: ts.Node = node.parent; at; at = at.parent) {
      const isScope = ts.isClassDeclaration(at) || ts.isEnumDeclaration(at) || ts.isModuleDeclaration(at);
      if (isScope && symbol?.declarations?.some((one) => one === at)) return undefined;
    }
    return name;
  }

  /** Whether the variables of a list are the session's: those of statements on the top level, and `var` in its blocks. */
  function isOfSession(list: ts.VariableDeclarationList): boolean {
    const keyword = keywordOf(list);
    const [first] = boundNames(list);
    if (keyword === undefined || first === undefined) return keyword !== undefined && isOnTop(list);
    if (own.get(first)?.ambient && isOnTop(list)) return false;
    return keyword === "var" ? !isInFunction(list) : isOnTop(list);
  }

  function bringsValues(node: ts.ImportDeclaration): boolean {
    const all = importedNames(node);
    return !node.importClause?.isTypeOnly && (all.length === 0 || all.some(({ name }) => binding.values.has(name)));
  }

  function importOf(node: ts.ImportDeclaration): CellImport {
    const brought = importedNames(node).filter(({ name }) => binding.values.has(name));
    return {
      specifier: (node.moduleSpecifier as ts.StringLiteral).text,
      names: brought.map(({ name, exported }) => ({ name, exported })),
      plain: false,
    };
  }
}

/** Leaves out what a module would export: a cell has nobody to export to. */
export function withoutExports(context: ts.TransformationContext): (file: ts.SourceFile) => ts.SourceFile {
  return (file) =>
    context.factory.updateSourceFile(
      file,
      file.statements.filter((statement) => !ts.isExportDeclaration(statement)),
    );
}

const EXPORTS = new Set([ts.SyntaxKind.ExportKeyword, ts.SyntaxKind.DefaultKeyword]);

function isDeclaration(
  node: ts.Statement,
): node is ts.FunctionDeclaration | ts.ClassDeclaration | ts.EnumDeclaration | ts.ModuleDeclaration {
  if (ts.isModuleDeclaration(node)) return !isAugmentation(node);
  return ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isEnumDeclaration(node);
}

/** Whether an identifier is used as a variable: it does not name a declaration or a property. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isBindingElement(parent) && parent.propertyName === node) return false;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  return (parent as { name?: ts.Node }).name !== node;
}

/** Whether an expression is a function or a class that takes the name of the variable which it is given to. */
function isNameless(node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
    return isNameless(node.expression);
  }
  return ts.isArrowFunction(node) || ((ts.isFunctionExpression(node) || ts.isClassExpression(node)) && !node.name);
}

function isTypeOnlyImport(node: ts.Node): boolean {
  if (ts.isImportSpecifier(node)) return node.isTypeOnly || node.parent.parent.isTypeOnly;
  if (ts.isNamespaceImport(node)) return node.parent.isTypeOnly;
  return ts.isImportClause(node) && node.isTypeOnly;
}

function isOnTop(list: ts.VariableDeclarationList): boolean {
  return ts.isVariableStatement(list.parent) && ts.isSourceFile(list.parent.parent);
}

function isInFunction(node: ts.Node): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (ts.isFunctionLike(at) || ts.isClassStaticBlockDeclaration(at) || ts.isModuleDeclaration(at)) return true;
  }
  return false;
}
