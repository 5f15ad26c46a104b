/** What later cells know of the names that a cell declared, when the cell failed midway. */
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { compiler as ts } from "./tslab";

/**
 * The declarations after a cell that failed: those of names that got a value, and for the others what held before. So a
 * loop that was stopped leaves the losses that it had collected, and `const net = train()` that failed leaves the old `net`.
 *
 * @param before the declarations before the cell
 * @param after those that a cell run to its end would have left
 * @param hasValue whether a name got its value
 */
export function declarationsAfterFailure(before: string, after: string, hasValue: (name: string) => boolean): string {
  const kept = new Set<string>();
  const reached = statementsOf(after).flatMap((statement) =>
    reduced(statement, (name) => {
      const wanted = isType(statement) || hasValue(name);
      if (wanted) {
        kept.add(name);
      }
      return wanted;
    }),
  );
  const old = statementsOf(before).flatMap((statement) => reduced(statement, (name) => !kept.has(name)));
  return [...reached, ...old].join("\n");
}

function statementsOf(declarations: string): TypeScript.Statement[] {
  return [...ts.createSourceFile("before.d.ts", declarations, ts.ScriptTarget.Latest, true).statements];
}

function isType(statement: TypeScript.Statement): boolean {
  return (
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    (ts.isImportDeclaration(statement) && statement.importClause?.isTypeOnly === true)
  );
}

/** `statement` with only the names that are wanted; nothing if none is left. */
function reduced(statement: TypeScript.Statement, wanted: (name: string) => boolean): string[] {
  if (ts.isVariableStatement(statement)) {
    const keyword = statement.declarationList.flags & ts.NodeFlags.Const ? "const" : "let";
    return statement.declarationList.declarations
      .filter(({ name }) => ts.isIdentifier(name) && wanted(name.text))
      .map((declaration) => `declare ${keyword} ${declaration.getText()};`);
  }
  if (ts.isImportDeclaration(statement) && statement.importClause) {
    return reducedImport(statement, statement.importClause, wanted);
  }
  const { name } = statement as { name?: TypeScript.Node };
  return name && ts.isIdentifier(name) && !wanted(name.text) ? [] : [statement.getText()];
}

function reducedImport(
  statement: TypeScript.ImportDeclaration,
  { isTypeOnly, name, namedBindings }: TypeScript.ImportClause,
  wanted: (name: string) => boolean,
): string[] {
  const bindings = name && wanted(name.text) ? [name.text] : [];
  if (namedBindings && ts.isNamespaceImport(namedBindings) && wanted(namedBindings.name.text)) {
    bindings.push(namedBindings.getText());
  }
  if (namedBindings && ts.isNamedImports(namedBindings)) {
    const elements = namedBindings.elements.filter((element) => wanted(element.name.text));
    bindings.push(...(elements.length > 0 ? [`{ ${elements.map((element) => element.getText()).join(", ")} }`] : []));
  }
  const from = statement.moduleSpecifier.getText();
  return bindings.length > 0 ? [`import ${isTypeOnly ? "type " : ""}${bindings.join(", ")} from ${from};`] : [];
}
