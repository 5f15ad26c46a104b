/**
 * A check in every loop, for hosts that have no signals: a browser's worker can't be told to stop while it is in one.
 *
 * Each round counts down a number of the cell's own; at zero `__session__.check()` is asked, which throws if the cell shall
 * stop, and otherwise says how many rounds may pass until it is asked again.
 */
import ts from "typescript";
import { SESSION } from "./bind";

/** A transformer that puts the checks in. */
export function loopChecks(context: ts.TransformationContext): (file: ts.SourceFile) => ts.SourceFile {
  const f = context.factory;
  const rounds = f.createUniqueName(
    "__rounds__",
    ts.GeneratedIdentifierFlags.Optimistic | ts.GeneratedIdentifierFlags.FileLevel,
  );
  const ask = () =>
    f.createCallExpression(f.createPropertyAccessExpression(f.createIdentifier(SESSION), "check"), undefined, []);
  let found = false;

  /** `if (--__rounds__ < 0) __rounds__ = __session__.check();`, by a name that is no variable's box: these begin with `$`. */
  function check(): ts.Statement {
    found = true;
    return f.createIfStatement(
      f.createLessThan(f.createPrefixDecrement(rounds), f.createNumericLiteral(0)),
      f.createExpressionStatement(f.createAssignment(rounds, ask())),
    );
  }

  function checked(body: ts.Statement): ts.Statement {
    return ts.isBlock(body) ? f.updateBlock(body, [check(), ...body.statements]) : f.createBlock([check(), body], true);
  }

  function visit(node: ts.Node): ts.Node {
    const inner = ts.visitEachChild(node, visit, context);
    if (ts.isForStatement(inner)) {
      return f.updateForStatement(
        inner,
        inner.initializer,
        inner.condition,
        inner.incrementor,
        checked(inner.statement),
      );
    }
    if (ts.isForInStatement(inner)) {
      return f.updateForInStatement(inner, inner.initializer, inner.expression, checked(inner.statement));
    }
    if (ts.isForOfStatement(inner)) {
      const { awaitModifier, initializer, expression } = inner;
      return f.updateForOfStatement(inner, awaitModifier, initializer, expression, checked(inner.statement));
    }
    if (ts.isWhileStatement(inner)) return f.updateWhileStatement(inner, inner.expression, checked(inner.statement));
    if (ts.isDoStatement(inner)) return f.updateDoStatement(inner, checked(inner.statement), inner.expression);
    return inner;
  }

  return (file) => {
    const visited = ts.visitEachChild(file, visit, context);
    if (!found) return visited;
    const declaration = f.createVariableDeclaration(rounds, undefined, undefined, ask());
    const declared = f.createVariableStatement(
      undefined,
      f.createVariableDeclarationList([declaration], ts.NodeFlags.Let),
    );
    return f.updateSourceFile(visited, [declared, ...visited.statements]);
  };
}
