/**
 * LaTeX as a list of the things that stand beside each other: letters, numbers, signs, fractions, each with what is written
 * below and above it. KaTeX reads the LaTeX; what it is about, nothing in here knows.
 */
import katex from "katex";

/** What is written below and above a thing, and how many primes it has. */
interface Scripts {
  readonly sub?: readonly Item[];
  readonly sup?: readonly Item[];
  readonly primes?: number;
}

/** One thing of a formula. */
export type Item = Scripts &
  (
    | { readonly kind: "letter" | "number" | "sign" | "relation" | "open" | "close" | "text"; readonly text: string }
    | { readonly kind: "space" | "comma" }
    | { readonly kind: "fraction"; readonly over: readonly Item[]; readonly under: readonly Item[] }
    | { readonly kind: "root"; readonly of: readonly Item[] }
    | {
        readonly kind: "rows";
        readonly how: "cases" | "lines";
        /** Row by row, each cell a list. */
        readonly rows: readonly (readonly (readonly Item[])[])[];
      }
  );

/** A formula that cannot be read: the message says what was met. */
export class Unreadable extends Error {}

/** A node of KaTeX's parse tree, as far as it is looked at. */
interface TreeNode {
  readonly type: string;
  readonly text?: string;
  readonly name?: string;
  readonly label?: string;
  readonly font?: string;
  readonly family?: string;
  readonly left?: string;
  readonly right?: string;
  readonly delim?: string;
  readonly mclass?: string;
  readonly body?: TreeNode | readonly TreeNode[] | readonly (readonly TreeNode[])[];
  readonly base?: TreeNode | null;
  readonly sub?: TreeNode | null;
  readonly sup?: TreeNode | null;
  readonly numer?: TreeNode;
  readonly denom?: TreeNode;
  readonly mathml?: readonly TreeNode[];
  readonly dimension?: { readonly number: number; readonly unit: string };
}

type Parse = (latex: string, options: object) => readonly TreeNode[];

/** Longer formulas are nobody's notes. */
const LONGEST = 6000;

/**
 * The things that a formula is made of.
 *
 * @throws {Unreadable} if it is not LaTeX that KaTeX knows
 */
export function itemsOf(latex: string): Item[] {
  if (latex.length > LONGEST) throw new Unreadable(`the formula is longer than ${LONGEST} characters`);
  const { __parse } = katex as unknown as { __parse: Parse };
  let tree: readonly TreeNode[];
  try {
    tree = __parse(latex, { displayMode: true, strict: "ignore", maxExpand: 500, trust: false });
  } catch (error) {
    const reason = (error as Error).message.replace(/^KaTeX parse error: /, "").split("\n")[0];
    throw new Unreadable(`this is no LaTeX that KaTeX reads: ${reason}`);
  }
  try {
    return joined(tree.flatMap(itemsOfNode));
  } catch (error) {
    if (error instanceof RangeError) throw new Unreadable("the formula is nested too deeply");
    throw error;
  }
}

const GREEK = new Map(
  Object.entries({
    alpha: "α",
    beta: "β",
    gamma: "γ",
    delta: "δ",
    epsilon: "ϵ",
    varepsilon: "ε",
    eta: "η",
    theta: "θ",
    lambda: "λ",
    mu: "μ",
    pi: "π",
    rho: "ρ",
    sigma: "σ",
    tau: "τ",
    phi: "φ",
    varphi: "φ",
    psi: "ψ",
    omega: "ω",
    Delta: "Δ",
    Theta: "Θ",
    Phi: "Φ",
    ell: "ℓ",
  }).map(([name, letter]) => [`\\${name}`, letter]),
);

const SIGNS = new Map([
  ["\\cdot", "·"],
  ["\\times", "×"],
  ["\\ast", "*"],
  ["*", "*"],
  ["∗", "*"],
  ["\\odot", "⊙"],
  ["\\circ", "⊙"],
  ["\\otimes", "⊗"],
  ["\\oplus", "⊕"],
  ["/", "/"],
  ["+", "+"],
  ["-", "−"],
  ["−", "−"],
  ["\\pm", "±"],
  ["\\partial", "∂"],
  ["\\nabla", "∇"],
  ["\\infty", "∞"],
  ["\\top", "⊤"],
  ["\\intercal", "⊤"],
  ["|", "|"],
  ["\\vert", "|"],
  ["\\sum", "Σ"],
  ["\\prod", "Π"],
  ["\\max", "max"],
  ["\\min", "min"],
  ["\\dots", "…"],
  ["\\ldots", "…"],
  ["\\cdots", "…"],
]);

const RELATIONS = new Map([
  ["=", "="],
  [":=", "="],
  ["\\equiv", "="],
  ["≠", "≠"],
  ["<", "<"],
  [">", ">"],
  ["\\le", "≤"],
  ["\\leq", "≤"],
  ["\\ge", "≥"],
  ["\\geq", "≥"],
  ["\\in", "∈"],
  ["\\approx", "≈"],
  ["\\sim", "∼"],
  ["\\propto", "∝"],
  ["\\to", "→"],
  ["\\rightarrow", "→"],
  ["\\longrightarrow", "→"],
  ["\\Rightarrow", "⇒"],
  ["\\Longrightarrow", "⇒"],
  ["\\iff", "⇔"],
  ["\\Leftrightarrow", "⇔"],
  ["\\Longleftrightarrow", "⇔"],
  ["\\leftarrow", "←"],
  ["\\gets", "←"],
]);

const list = (body: TreeNode["body"]): readonly TreeNode[] =>
  body === undefined ? [] : Array.isArray(body) ? (body as readonly TreeNode[]) : [body as TreeNode];

function inside(node: TreeNode | null | undefined): Item[] {
  return !node ? [] : joined(itemsOfNode(node));
}

function itemsOfNode(node: TreeNode): Item[] {
  switch (node.type) {
    case "ordgroup":
    case "styling":
    case "sizing":
    case "color":
    case "mclass":
      return list(node.body).flatMap(itemsOfNode);
    case "mathord":
    case "textord":
    case "atom":
      return [ofText(node.text ?? "", node.family)];
    case "op":
      return node.name === undefined ? list(node.body).flatMap(itemsOfNode) : [ofText(node.name, "op")];
    case "operatorname":
      return [{ kind: "letter", text: plainText(node) }];
    case "font": {
      const text = plainText(node);
      if (node.font === "mathbb" || (node.font === "mathbf" && text === "1"))
        return [{ kind: "letter", text: `${text}` === "1" ? "𝟙" : `𝔹${text}` }];
      const isWord = /^[A-Za-z][A-Za-z ]+$/.test(text);
      return isWord ? [{ kind: "letter", text }] : list(node.body).flatMap(itemsOfNode);
    }
    case "text":
      return [{ kind: "text", text: plainText(node) }];
    case "supsub":
      return withScripts(node);
    case "genfrac":
      return [{ kind: "fraction", over: inside(node.numer), under: inside(node.denom) }];
    case "sqrt":
      return [{ kind: "root", of: inside(node.body as TreeNode) }];
    case "leftright": {
      const body = list(node.body);
      if (body.length === 1 && body[0].type === "array" && node.left === "\\{") return [rows(body[0], "cases")];
      return [delimiter(node.left ?? "", "open"), ...body.flatMap(itemsOfNode), delimiter(node.right ?? "", "close")];
    }
    case "delimsizing":
      return [delimiter(node.delim ?? "", node.mclass === "mclose" ? "close" : "open")];
    case "array":
      return [rows(node, "lines")];
    case "accent": {
      const [base, ...more] = inside(node.base);
      if (base?.kind !== "letter" || more.length > 0)
        throw new Unreadable(`${node.label} above more than a letter is not read`);
      return [{ ...base, text: `${base.text}${MARKS.get(node.label ?? "") ?? ""}` }];
    }
    case "kern":
      return (node.dimension?.unit === "em" && node.dimension.number >= 1) ||
        (node.dimension?.unit === "mu" && node.dimension.number >= 18)
        ? [{ kind: "space" }]
        : [];
    case "spacing":
      return [];
    case "htmlmathml":
      return (node.mathml ?? []).flatMap(itemsOfNode);
    case "horizBrace":
      return inside(node.base);
    case "underline":
    case "overline":
    case "enclose":
    case "phantom":
    case "lap":
    case "smash":
    case "vcenter":
    case "mathchoice":
    case "middle":
      throw new Unreadable(`\\${node.type} is not read`);
    default:
      throw new Unreadable(`${node.type} is not read`);
  }
}

const MARKS = new Map([
  ["\\hat", "\u0302"],
  ["\\widehat", "\u0302"],
  ["\\tilde", "\u0303"],
  ["\\bar", "\u0304"],
  ["\\vec", ""],
  ["\\mathbf", ""],
]);

function ofText(text: string, family?: string): Item {
  const greek = GREEK.get(text);
  if (greek !== undefined) return { kind: "letter", text: greek };
  const sign = SIGNS.get(text);
  if (sign !== undefined) return { kind: "sign", text: sign };
  const relation = RELATIONS.get(text);
  if (relation !== undefined) return { kind: "relation", text: relation };
  if (/^[\d.]$/.test(text)) return { kind: "number", text };
  if (/^[A-Za-z]$/.test(text)) return { kind: "letter", text };
  if (family === "open" || family === "close") return delimiter(text, family);
  if (text === ",") return { kind: "comma" };
  if (text === ";" || text === ":") return { kind: "space" };
  if (family === "op" || /^\\(exp|ln|log|tanh|lg)$/.test(text))
    return { kind: "letter", text: text.replace(/^\\/, "") };
  if (family === "rel") return { kind: "relation", text };
  if (text === "\\prime") return { kind: "sign", text: "′" };
  if (text === "\\&" || text === "&") return { kind: "space" };
  return { kind: "sign", text };
}

function delimiter(text: string, kind: "open" | "close"): Item {
  const plain = text.replace(/^\\(?=[{}])/, "").replace(/^\\l?r?(vert|Vert|brace|brack)$/, "|");
  if (plain === ".") return { kind: "space" };
  if (plain === "|") return { kind: "sign", text: "|" };
  return { kind, text: plain };
}

function rows(node: TreeNode, how: "cases" | "lines"): Item {
  const body = node.body as readonly (readonly TreeNode[])[];
  return { kind: "rows", how, rows: body.map((row) => row.map(inside)) };
}

function withScripts(node: TreeNode): Item[] {
  // What stands below a brace is a comment.
  if (node.base?.type === "horizBrace") return inside(node.base);
  const base = node.base ? itemsOfNode(node.base) : [];
  const last = base.at(-1);
  if (last === undefined) throw new Unreadable("an index stands on nothing");
  const above = inside(node.sup);
  const primes = above.filter((item) => item.kind === "sign" && item.text === "′").length;
  const sup = above.filter((item) => !(item.kind === "sign" && item.text === "′"));
  const scripts: Scripts = {
    ...(node.sub ? { sub: inside(node.sub) } : {}),
    ...(sup.length === 0 ? {} : { sup: [...(last.sup ?? []), ...sup] }),
    ...(primes === 0 ? {} : { primes }),
  };
  return [...base.slice(0, -1), { ...last, ...scripts }];
}

/** Digits that stand side by side are one number. */
function joined(items: readonly Item[]): Item[] {
  const result: Item[] = [];
  for (const item of items) {
    const before = result.at(-1);
    const isPlain = before?.kind === "number" && before.sub === undefined && before.sup === undefined;
    if (item.kind === "number" && isPlain) result[result.length - 1] = { ...item, text: before.text + item.text };
    else result.push(item);
  }
  return result;
}

function plainText(node: TreeNode): string {
  if (node.text !== undefined) return node.text === "~" ? " " : node.text.replace(/^\\(?=[a-z]+$)/, "");
  if (node.type === "supsub" || node.type === "kern") return "";
  return (list(node.body) as readonly TreeNode[]).map(plainText).join("");
}
