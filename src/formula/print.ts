/** Prints formulas: entry by entry and, where they are matrix operations, in words. */
import { functions } from "./functions";
import type { Entry, Index, Node, Over, Shape, Step } from "./tree";

const LEVEL = { "+": 1, "−": 1, "·": 2, "×": 2, "/": 2, ":": 2 } as const;

/** A node as one writes it on a line: `Σ_k X[i,k] · W1[k,h] + b1[h]`. */
export function text(node: Node, level = 0): string {
  switch (node.kind) {
    case "number":
      return numberText(node.value);
    case "size":
      return node.letter;
    case "equal":
      return `[${node.left} = ${node.right}]`;
    case "entry": {
      const at = node.at.filter(({ fixed }) => fixed !== 0).map(indexText);
      if (node.stride !== undefined) return `${node.name}.data[${node.at.map(indexText).join(` * ${node.stride} + `)}]`;
      return at.length === 0 ? node.name : `${node.name}[${at.join(",")}]`;
    }
    case "negative":
      return `−${text(node.of, 3)}`;
    case "call":
      return `${functions[node.name].text}(${node.args.map((arg) => text(arg)).join(", ")})`;
    case "over":
      return bracketed(`${node.how}_${node.index} ${text(node.of, 2)}`, level > 2);
    case "binary": {
      const own = LEVEL[node.op];
      const op = node.op === "×" ? "·" : node.op === ":" ? "/" : node.op;
      // What comes after a sum over an index would be taken into it.
      const left = node.left.kind === "over" && own === 2 ? `(${text(node.left)})` : text(node.left, own);
      return bracketed(`${left} ${op} ${text(node.right, own + (op === "+" || op === "·" ? 0 : 1))}`, own < level);
    }
  }
}

/** A step on one line: `Z1[i,h] = …`. */
export function stepText({ name, at, body }: Step): string {
  const letters = at.filter((letter) => letter !== undefined);
  return `${name}${letters.length === 0 ? "" : `[${letters.join(",")}]`} = ${text(body)}`;
}

/** How matrix operations are written in words: `A1ᵀ · dZ2`. */
const words = {
  transposed: (M: string) => `${simple(M)}ᵀ`,
  product: (A: string, B: string) => `${factor(A)} · ${factor(B)}`,
  binary: (op: "+" | "−" | "⊙" | "/", A: string, B: string) =>
    op === "⊙" || op === "/" ? `${factor(A)} ${op} ${factor(B)}` : `${A} ${op} ${op === "−" ? factor(B, /[+−]/) : B}`,
  scaled: (A: string, by: string, over: boolean) => (over ? `${factor(A)}/${by}` : `${by} · ${factor(A)}`),
  applied: (name: keyof typeof functions, A: string, rest: readonly string[]) =>
    `${functions[name].text}(${[A, ...rest].join(", ")})`,
  sums: (how: Over["how"], A: string, over: "rows" | "columns" | "all") => {
    const of =
      how === "Σ"
        ? "the sum"
        : how === "mean"
          ? "the mean"
          : how === "max"
            ? "the maximum"
            : how === "min"
              ? "the minimum"
              : "the product";
    return over === "all" ? `${of} of ${A}` : `${of} of ${A} over its ${over}`;
  },
  negative: (A: string) => `−${factor(A, /[+−]/)}`,
};

function simple(A: string): string {
  return /^[\w′]+$/.test(A) ? A : `(${A})`;
}

function factor(A: string, joined = / [+−] /): string {
  return joined.test(A) && !/^\([^()]*\)$/.test(A) ? `(${A})` : A;
}

/** A step as operations on whole matrices, in words; nothing if it is none. */
export function inWords(step: Step, shapes: Readonly<Record<string, Shape>>): string | undefined {
  return operations(step.body, step.at, shapes);
}

function operations(node: Node, at: Step["at"], shapes: Readonly<Record<string, Shape>>): string | undefined {
  const of = (inner: Node) => operations(inner, at, shapes);
  switch (node.kind) {
    case "entry":
      return whole(node, at);
    case "negative": {
      const inner = of(node.of);
      return inner && words.negative(inner);
    }
    case "call": {
      const inner = of(node.args[0]);
      return (
        inner &&
        words.applied(
          node.name,
          inner,
          node.args.slice(1).map((arg) => text(arg)),
        )
      );
    }
    case "binary": {
      if (node.op === "×" || node.op === ":") return undefined;
      const plain = (inner: Node) => inner.kind === "number" || inner.kind === "size" || isNumber(inner, shapes);
      if (plain(node.right) && (node.op === "·" || node.op === "/")) {
        const left = of(node.left);
        return left && words.scaled(left, text(node.right), node.op === "/");
      }
      if (plain(node.left) && node.op === "·") {
        const right = of(node.right);
        return right && words.scaled(right, text(node.left), false);
      }
      const [left, right] = [of(node.left), of(node.right)];
      return left && right && words.binary(node.op === "·" ? "⊙" : node.op, left, right);
    }
    case "over":
      return overWords(node, at);
    default:
      return undefined;
  }
}

function isNumber(node: Node, shapes: Readonly<Record<string, Shape>>): boolean {
  return node.kind === "entry" && (shapes[node.name]?.every((size) => size === "1") ?? false);
}

/** An entry that stands for its whole matrix, or for the transposed one. */
function whole({ name, at: [row, col], stride }: Entry, at: Step["at"]): string | undefined {
  if (stride !== undefined || [row, col].some(({ shift, fixed }) => shift !== undefined || fixed === -1))
    return undefined;
  const [first, second] = [row.letter, col.letter];
  if ((first === at[0] || row.fixed === 0) && (second === at[1] || col.fixed === 0)) return name;
  if (first !== undefined && first === at[1] && second === at[0]) return words.transposed(name);
  return undefined;
}

function overWords(node: Over, at: Step["at"]): string | undefined {
  if (node.without !== undefined || node.until !== undefined) return undefined;
  const { of, index } = node;
  if (node.how === "Σ" && of.kind === "binary" && of.op === "·") {
    const [left, right] = [side(of.left, index, at), side(of.right, index, at)];
    if (left?.where === "row" && right?.where === "column") return words.product(left.words(true), right.words(false));
    if (left?.where === "column" && right?.where === "row") return words.product(right.words(true), left.words(false));
  }
  if (of.kind === "entry" && of.at[0].letter === index && of.at[1].letter === at[1] && plainIndices(of))
    return words.sums(node.how, of.name, "rows");
  if (of.kind === "entry" && of.at[1].letter === index && of.at[0].letter === at[0] && plainIndices(of))
    return words.sums(node.how, of.name, "columns");
  return undefined;
}

function plainIndices(entry: Entry): boolean {
  return (
    entry.stride === undefined &&
    entry.at.every(({ shift, fixed }) => shift === undefined && (fixed === undefined || fixed === 0))
  );
}

/** A factor of a product that is summed over an index: whether it gives the result's rows or columns, and in which words. */
function side(node: Node, index: string, at: Step["at"]) {
  const inner = node.kind === "call" ? node.args[0] : node;
  if (inner.kind !== "entry" || !plainIndices(inner)) return undefined;
  const [first, second] = inner.at.map(({ letter }) => letter);
  const name = node.kind === "call" ? words.applied(node.name, inner.name, []) : inner.name;
  const other = first === index ? second : second === index ? first : undefined;
  if (other === undefined || (other !== at[0] && other !== at[1])) return undefined;
  const where = other === at[0] ? ("row" as const) : ("column" as const);
  // On the left the summed index is the column; on the right it is the row.
  const turned = (left: boolean) => (left ? first === index : second === index);
  return { where, words: (left: boolean) => (turned(left) ? words.transposed(name) : name) };
}

function indexText({ letter, shift = 0, fixed }: Index): string {
  if (letter === undefined) return fixed === -1 ? "last" : String(fixed ?? 0);
  return shift === 0 ? letter : `${letter} ${shift > 0 ? "+" : "−"} ${Math.abs(shift)}`;
}

function numberText(x: number): string {
  return String(Number(x.toPrecision(4))).replaceAll("-", "−");
}

function bracketed(inside: string, needed: boolean): string {
  return needed ? `(${inside})` : inside;
}
