/**
 * Documentation comments in packages' declarations, parsed when somebody asks for them.
 *
 * TypeScript parses every one of them into a tree of its own: of the libraries of JavaScript and Node.js that is half of
 * the time to read them, and a sixth of their memory, for texts that are shown when a learner inspects a name.
 * So the parser is given them as ordinary comments, of the same length, and a file's are put into its tree when the
 * documentation of something in it is wanted.
 */
import type * as TypeScript from "typescript";

type Node = TypeScript.Node & { jsDoc?: { parent: TypeScript.Node }[] };

/** A symbol, or a signature, which has one declaration. */
interface Declared {
  declarations?: Node[];
  declaration?: Node;
}

/** What we use of the compiler that is not in its published types. */
interface Internals {
  objectAllocator: {
    getSymbolConstructor(): { prototype: object };
    getSignatureConstructor(): { prototype: object };
  };
}

/** Methods of symbols and signatures that read documentation. */
const READERS = [
  "getDocumentationComment",
  "getContextualDocumentationComment",
  "getJsDocTags",
  "getContextualJsDocTags",
];

const PACKAGED_DECLARATIONS = /\/node_modules\/.*\.d\.[cm]?ts$/;

/** The beginning of a documentation comment that stands on a line of its own. */
const BEGINNING = /^([ \t]*\/\*)\*(?!\/)/gm;

/** The text of a file as the parser shall see it: `text`, for packages' declarations without documentation comments. */
export function withoutDocComments(path: string, text: string): string {
  return PACKAGED_DECLARATIONS.test(path) ? text.replace(BEGINNING, "$1 ") : text;
}

/**
 * Has the compiler's symbols and signatures find documentation that {@link withoutDocComments} hid.
 *
 * @param ts the compiler that parsed the files
 * @param readFile reads what the compiler read, but for the comments
 */
export function findDocComments(ts: typeof TypeScript, readFile: (path: string) => string | undefined): void {
  const shown = new WeakSet<TypeScript.SourceFile>();
  const show = (declaration: Node) => {
    const file = declaration.getSourceFile();
    if (!shown.has(file) && PACKAGED_DECLARATIONS.test(file.fileName)) {
      shown.add(file);
      const text = readFile(file.fileName);
      if (text !== undefined && withoutDocComments(file.fileName, text) === file.text) {
        copyDocComments(ts, ts.createSourceFile(file.fileName, text, file.languageVersion, true), file);
      }
    }
  };
  const { objectAllocator } = ts as unknown as Internals;
  for (const { prototype } of [objectAllocator.getSymbolConstructor(), objectAllocator.getSignatureConstructor()]) {
    const methods = prototype as Record<string, ((this: Declared, ...args: unknown[]) => unknown) | undefined>;
    for (const name of READERS) {
      const read = methods[name];
      if (read) {
        methods[name] = function (...args) {
          const { declarations = this.declaration ? [this.declaration] : [] } = this;
          declarations.forEach(show);
          return read.apply(this, args);
        };
      }
    }
  }
}

/** Moves documentation from one tree to another of the same shape. */
function copyDocComments(ts: typeof TypeScript, from: Node, to: Node): void {
  if (from.jsDoc) {
    to.jsDoc = from.jsDoc;
    for (const comment of from.jsDoc) comment.parent = to;
  }
  const targets = childrenOf(ts, to);
  for (const [index, child] of childrenOf(ts, from).entries()) copyDocComments(ts, child, targets[index]);
}

function childrenOf(ts: typeof TypeScript, node: Node): Node[] {
  const children: Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
}
