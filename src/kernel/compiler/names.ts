/** Names in a cell's syntax: which ones its statements declare, and which ones they mention. */
import ts from "typescript";

/** How a name is declared on the top level of a cell. A name may have a value, or be a type, or both. */
export interface DeclaredName {
  /** What declares its value; nothing of a type alone. */
  value?: "let" | "const" | "var" | "function" | "class" | "enum" | "namespace" | "import";
  /** Whether an interface or a type alias of this name is declared. */
  type?: boolean;
  /** Whether somebody else is said to bring its value (`declare`). */
  ambient?: boolean;
}

/** The names that statements declare for the whole session. Those of blocks are not among them, but for `var`. */
export function declaredNames(statements: Iterable<ts.Statement>): Map<string, DeclaredName> {
  const names = new Map<string, DeclaredName>();
  const add = (name: string, declared: DeclaredName) => names.set(name, { ...names.get(name), ...declared });
  for (const statement of statements) {
    const ambient = hasModifier(statement, ts.SyntaxKind.DeclareKeyword) || undefined;
    if (ts.isVariableStatement(statement)) {
      const value = keywordOf(statement.declarationList);
      if (value !== undefined) {
        for (const name of boundNames(statement.declarationList)) add(name, { value, ambient });
      }
    } else if (ts.isImportDeclaration(statement)) {
      for (const { name } of importedNames(statement)) add(name, { value: "import" });
    } else if (ts.isImportEqualsDeclaration(statement)) {
      add(statement.name.text, { value: "import" });
    } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
      add(statement.name.text, { type: true });
    } else if (ts.isFunctionDeclaration(statement)) {
      if (statement.name) add(statement.name.text, { value: "function", ambient });
    } else if (ts.isClassDeclaration(statement)) {
      if (statement.name) add(statement.name.text, { value: "class", ambient });
    } else if (ts.isEnumDeclaration(statement)) {
      add(statement.name.text, { value: "enum", ambient });
    } else if (ts.isModuleDeclaration(statement)) {
      if (!isAugmentation(statement)) add(statement.name.text, { value: "namespace", ambient });
    } else {
      for (const name of varsInBlocks(statement)) add(name, { value: "var" });
    }
  }
  return names;
}

/** The keyword of a list of variables; nothing for `using`, whose names end with their cell. */
export function keywordOf(list: ts.VariableDeclarationList): "let" | "const" | "var" | undefined {
  switch (list.flags & ts.NodeFlags.BlockScoped) {
    case ts.NodeFlags.Let:
      return "let";
    case ts.NodeFlags.Const:
      return "const";
    case ts.NodeFlags.None:
      return "var";
    default:
      return undefined;
  }
}

/** The names that variables give values to, also those in patterns. */
export function boundNames(list: ts.VariableDeclarationList): string[] {
  const inside = (name: ts.BindingName): string[] =>
    ts.isIdentifier(name)
      ? [name.text]
      : name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : inside(element.name)));
  return list.declarations.flatMap(({ name }) => inside(name));
}

/** What an import brings: the name here, and the one that the module exports; none for the module as a whole. */
export function importedNames({
  importClause,
}: ts.ImportDeclaration): { name: string; exported?: string; isType: boolean }[] {
  if (!importClause) return [];
  const { name, namedBindings, isTypeOnly } = importClause;
  const names = name ? [{ name: name.text, exported: "default", isType: isTypeOnly }] : [];
  if (!namedBindings) return names;
  if (ts.isNamespaceImport(namedBindings)) return [...names, { name: namedBindings.name.text, isType: isTypeOnly }];
  const elements = namedBindings.elements.map((element) => ({
    name: element.name.text,
    exported: (element.propertyName ?? element.name).text,
    isType: isTypeOnly || element.isTypeOnly,
  }));
  return [...names, ...elements];
}

/** `declare global` and `declare module "x"`, which add to what is known everywhere. */
export function isAugmentation(node: ts.ModuleDeclaration): boolean {
  return ts.isStringLiteral(node.name) || (node.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
}

export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) === true;
}

/** The names that are exported where they are declared, or in a list. */
export function exportedNames(statements: Iterable<ts.Statement>): Set<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    if (hasModifier(statement, ts.SyntaxKind.ExportKeyword)) {
      for (const name of declaredNames([statement]).keys()) names.add(name);
    } else if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier && statement.exportClause) {
      if (ts.isNamedExports(statement.exportClause)) {
        for (const { name } of statement.exportClause.elements) names.add(name.text);
      }
    }
  }
  return names;
}

/** Every identifier in a file: names, and properties too. */
export function identifiersIn(file: ts.SourceFile): Iterable<string> {
  return (file as unknown as { identifiers: ReadonlyMap<string, string> }).identifiers.keys();
}

/** What functions and classes within a statement mention: they may run when its cell has long ended. */
export function mentionedByFunctions(statement: ts.Statement): Set<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node, inside: boolean): void => {
    if (inside && ts.isIdentifier(node)) found.add(node.text);
    const within = inside || ts.isFunctionLike(node) || ts.isClassLike(node);
    ts.forEachChild(node, (child) => visit(child, within));
  };
  visit(statement, false);
  return found;
}

/** Whether there are functions or classes in a node. */
export function hasFunctions(node: ts.Node): boolean {
  return (
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    ts.forEachChild(node, (child) => hasFunctions(child) || undefined) === true
  );
}

/** The names that a declaration's types refer to. */
export function mentionedByTypes(declaration: ts.Node): Set<string> {
  const found = new Set<string>();
  const addLeftmost = (node: ts.Node): void => {
    if (ts.isQualifiedName(node)) addLeftmost(node.left);
    else if (ts.isPropertyAccessExpression(node)) addLeftmost(node.expression);
    else if (ts.isIdentifier(node)) found.add(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node)) addLeftmost(node.typeName);
    else if (ts.isTypeQueryNode(node)) addLeftmost(node.exprName);
    else if (ts.isExpressionWithTypeArguments(node) || ts.isComputedPropertyName(node)) addLeftmost(node.expression);
    else if (ts.isVariableDeclaration(node) && node.initializer) addLeftmost(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return found;
}

/** Whether something in a statement is awaited on the top level of its cell. */
export function awaits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true;
  if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.AwaitUsing)
    return true;
  if (ts.isFunctionLike(node) || ts.isPropertyDeclaration(node) || ts.isClassStaticBlockDeclaration(node)) return false;
  return ts.forEachChild(node, (child) => awaits(child) || undefined) ?? false;
}

function varsInBlocks(statement: ts.Statement): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isVariableDeclarationList(node) && keywordOf(node) === "var") found.push(...boundNames(node));
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}
