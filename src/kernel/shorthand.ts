/**
 * `{ W1, b1 }` in a cell, with names from earlier cells.
 *
 * tslab writes `exports.W1` for a name that an earlier cell declared, except in a shorthand property: there it asks for the
 * property's symbol, not the variable's, and the name is left as it is, undefined. So shorthand is written out before.
 */
import type * as TypeScript from "@tslab/typescript-for-tslab";

/** The file in which tslab keeps the declarations of earlier cells. */
const EARLIER_CELLS = /\/__prev__\.d\.ts$/;

/** A transformer that turns `{ W1 }` into `{ W1: exports.W1 }` where an earlier cell declared `W1`. */
export function writeOutShorthand(
  ts: typeof TypeScript,
  checker: TypeScript.TypeChecker,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const isFromEarlierCell = (property: TypeScript.ShorthandPropertyAssignment) =>
    checker
      .getShorthandAssignmentValueSymbol(property)
      ?.declarations?.some((declaration) => EARLIER_CELLS.test(declaration.getSourceFile().fileName));

  return (context) => {
    const { factory } = context;
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      if (!ts.isShorthandPropertyAssignment(node) || !isFromEarlierCell(node)) {
        return ts.visitEachChild(node, visit, context);
      }
      const name = factory.createIdentifier(node.name.text);
      const value = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), name);
      const initialised = node.objectAssignmentInitializer
        ? factory.createAssignment(
            value,
            ts.visitNode(node.objectAssignmentInitializer, visit) as TypeScript.Expression,
          )
        : value;
      return ts.setTextRange(
        factory.createPropertyAssignment(factory.createIdentifier(node.name.text), initialised),
        node,
      );
    };
    return (file) => ts.visitNode(file, visit) as TypeScript.SourceFile;
  };
}
