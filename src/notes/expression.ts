/** What a formula in notes says: a tree of matrices, entries, sums and derivatives, and how it is written as LaTeX again. */

/** A place in a row or column: a letter, or a number. */
export type Place = { readonly letter: string } | { readonly number: number };

/** A letter with what is written below and above it: a matrix, a number, or with places an entry of one. */
export interface Noted {
  readonly kind: "symbol";
  /** The letter, or the word. */
  readonly base: string;
  /** A number below it, which says the layer if there is a matrix of that name: the 2 of A_2. */
  readonly digits?: string;
  /** A number in brackets above it: the 2 of A^{(2)}. */
  readonly layer?: string;
  readonly at: readonly Place[];
  /** How many primes it has. */
  readonly primes?: number;
}

/** What has to hold for a case. */
export interface Condition {
  readonly left: Expression;
  readonly is: "=" | "≠" | "<" | ">" | "≤" | "≥";
  readonly right: Expression;
}

/** A sum, a product, a maximum over an index, or over all samples. */
export interface Over {
  readonly kind: "over";
  readonly how: "Σ" | "Π" | "max" | "min";
  /** The letter, or "samples". */
  readonly index: string;
  /** An index whose place is left out. */
  readonly not?: string;
  /** How far it is said to run. */
  readonly to?: Expression;
  readonly of: Expression;
}

/** How two expressions are joined; "·" is the product that shapes decide, "" the same with no dot. */
export type Operation = "+" | "−" | "·" | "" | "⊙" | "/";

/** A formula's tree. */
export type Expression =
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "infinity" }
  | Noted
  | Over
  | { readonly kind: "binary"; readonly op: Operation; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "negative" | "transposed" | "absolute"; readonly of: Expression }
  | { readonly kind: "power"; readonly of: Expression; readonly exponent: Expression }
  | { readonly kind: "apply"; readonly name: string; readonly primes: number; readonly args: readonly Expression[] }
  | { readonly kind: "entry"; readonly of: Expression; readonly at: readonly Place[] }
  | { readonly kind: "derivative"; readonly of: Expression; readonly by: Noted }
  | { readonly kind: "delta"; readonly left: Place; readonly right: Place }
  | { readonly kind: "indicator"; readonly when: Condition }
  | { readonly kind: "cases"; readonly rows: readonly { readonly value: Expression; readonly when?: Condition }[] }
  | { readonly kind: "ones" }
  | { readonly kind: "tuple"; readonly items: readonly Expression[] };

/** The expressions right below one. */
export function below(of: Expression): readonly Expression[] {
  switch (of.kind) {
    case "over":
      return [of.of];
    case "binary":
      return [of.left, of.right];
    case "negative":
    case "transposed":
    case "absolute":
    case "entry":
      return [of.of];
    case "power":
      return [of.of, of.exponent];
    case "apply":
      return of.args;
    case "derivative":
      return [of.of, of.by];
    case "indicator":
      return [of.when.left, of.when.right];
    case "cases":
      return of.rows.flatMap(({ value, when }) => (when === undefined ? [value] : [value, when.left, when.right]));
    case "tuple":
      return of.items;
    default:
      return [];
  }
}

/** The expression with others right below it, as many as before. */
export function withBelow(of: Expression, others: readonly Expression[]): Expression {
  switch (of.kind) {
    case "over":
    case "negative":
    case "transposed":
    case "absolute":
    case "entry":
      return { ...of, of: others[0] };
    case "binary":
      return { ...of, left: others[0], right: others[1] };
    case "power":
      return { ...of, of: others[0], exponent: others[1] };
    case "apply":
      return { ...of, args: others };
    case "derivative":
      return others[1].kind === "symbol" ? { ...of, of: others[0], by: others[1] } : of;
    case "indicator":
      return { ...of, when: { ...of.when, left: others[0], right: others[1] } };
    case "cases": {
      let k = 0;
      const rows = of.rows.map(({ when }) => ({
        value: others[k++],
        ...(when === undefined ? {} : { when: { ...when, left: others[k++], right: others[k++] } }),
      }));
      return { ...of, rows };
    }
    case "tuple":
      return { ...of, items: others };
    default:
      return of;
  }
}

/** Every expression of a tree, the root first. */
export function all(root: Expression): Expression[] {
  return [root, ...below(root).flatMap(all)];
}

/** Every expression of a tree, each with what the tree is when another one stands in its place. */
export function spots(
  root: Expression,
): { readonly at: Expression; readonly replaced: (by: Expression) => Expression }[] {
  return [
    { at: root, replaced: (by: Expression) => by },
    ...below(root).flatMap((child, k) =>
      spots(child).map(({ at, replaced }) => ({
        at,
        replaced: (by: Expression) =>
          withBelow(
            root,
            below(root).map((other, o) => (o === k ? replaced(by) : other)),
          ),
      })),
    ),
  ];
}

/** A tree with every expression, from below, put through a function. */
export function changed(root: Expression, change: (of: Expression) => Expression): Expression {
  return change(
    withBelow(
      root,
      below(root).map((child) => changed(child, change)),
    ),
  );
}

/** The index letters of a tree that no sum in it binds. */
export function freeLetters(root: Expression): Set<string> {
  const own = (places: readonly Place[]) => places.flatMap((place) => ("letter" in place ? [place.letter] : []));
  const letters = new Set<string>();
  const walk = (of: Expression, bound: ReadonlySet<string>) => {
    const places = of.kind === "symbol" || of.kind === "entry" ? of.at : of.kind === "delta" ? [of.left, of.right] : [];
    for (const letter of own(places)) if (!bound.has(letter)) letters.add(letter);
    if (of.kind === "over" && of.not !== undefined && !bound.has(of.not)) letters.add(of.not);
    const within = of.kind === "over" ? new Set([...bound, of.index]) : bound;
    for (const child of below(of)) walk(child, within);
  };
  walk(root, new Set());
  return letters;
}

const LEVEL: Readonly<Record<Operation, number>> = { "+": 1, "−": 1, "⊙": 2, "·": 3, "": 3, "/": 5 };

const LETTERS: Readonly<Record<string, string>> = {
  α: "\\alpha",
  β: "\\beta",
  γ: "\\gamma",
  δ: "\\delta",
  ϵ: "\\epsilon",
  ε: "\\varepsilon",
  η: "\\eta",
  θ: "\\theta",
  λ: "\\lambda",
  μ: "\\mu",
  π: "\\pi",
  σ: "\\sigma",
  φ: "\\varphi",
  Δ: "\\Delta",
  ℓ: "\\ell",
};

const placeLatex = (place: Place) =>
  "letter" in place ? (LETTERS[place.letter] ?? place.letter.replace(/\u200b/g, "")) : String(place.number);
const placesLatex = (at: readonly Place[]) => {
  const written = at.map(placeLatex);
  return written.join(at.some((place) => "number" in place) ? "," : "");
};

const MARKS: Readonly<Record<string, string>> = { "\u0302": "\\hat", "\u0303": "\\tilde", "\u0304": "\\bar" };

/** A letter or a word as LaTeX. */
function nameLatex(base: string): string {
  const command = MARKS[base.at(-1) ?? ""];
  const letter = command === undefined ? base : base.slice(0, -1);
  const plain = LETTERS[letter] ?? (letter.length > 1 ? `\\text{${letter}}` : letter);
  return command === undefined ? plain : `${command}{${plain}}`;
}

function conditionLatex({ left, is, right }: Condition): string {
  const sign = { "=": "=", "≠": "\\neq", "<": "<", ">": ">", "≤": "\\le", "≥": "\\ge" }[is];
  return `${latexOf(left)} ${sign} ${latexOf(right)}`;
}

/** What something may stand above. */
function based(of: Expression): string {
  const isPlain = of.kind === "symbol" && of.layer === undefined && of.primes === undefined;
  const text = latexOf(of, 6);
  return isPlain || text.startsWith("\\left(") ? text : `{${text}}`;
}

/** An expression as LaTeX. */
export function latexOf(of: Expression, level = 0): string {
  const bracketed = (text: string, needed: boolean) => (needed ? `\\left(${text}\\right)` : text);
  switch (of.kind) {
    case "number":
      return of.text;
    case "infinity":
      return "\\infty";
    case "ones":
      return "\\mathbf{1}";
    case "symbol": {
      const layer = of.digits ?? "";
      const sub = layer !== "" && of.at.length > 0 ? `${layer},${placesLatex(of.at)}` : layer + placesLatex(of.at);
      const sup = of.layer === undefined ? "" : `^{(${of.layer})}`;
      return `${nameLatex(of.base)}${"'".repeat(of.primes ?? 0)}${sup}${sub === "" ? "" : `_{${sub}}`}`;
    }
    case "over": {
      const sign = { Σ: "\\sum", Π: "\\prod", max: "\\max", min: "\\min" }[of.how];
      const index = of.index === "samples" ? "\\text{samples}" : placeLatex({ letter: of.index });
      return bracketed(
        `${sign}_{${index}${of.not === undefined ? "" : ` \\neq ${of.not}`}} ${latexOf(of.of, 2)}`,
        level > 2,
      );
    }
    case "binary": {
      const own = LEVEL[of.op];
      if (of.op === "/") return `\\frac{${latexOf(of.left)}}{${latexOf(of.right)}}`;
      const sign = { "+": "+", "−": "-", "·": "\\cdot", "": "", "⊙": "\\odot" }[of.op];
      // What comes after a sum over an index would be taken into it.
      const left = of.left.kind === "over" && own > 1 ? `\\left(${latexOf(of.left)}\\right)` : latexOf(of.left, own);
      return bracketed(`${left} ${sign} ${latexOf(of.right, own === 1 && of.op === "+" ? 1 : own + 1)}`, level > own);
    }
    case "negative":
      return bracketed(`-${latexOf(of.of, 2)}`, level > 1);
    case "transposed":
      return `${based(of.of)}^{\\top}`;
    case "absolute":
      return `\\left|${latexOf(of.of)}\\right|`;
    case "power":
      return `${based(of.of)}^{${latexOf(of.exponent)}}`;
    case "apply": {
      if (of.name === "exp" && of.primes === 0) return `e^{${latexOf(of.args[0])}}`;
      const name =
        { ln: "\\ln", max: "\\max", tanh: "\\tanh" }[of.name] ??
        (of.name.length > 1 ? `\\mathrm{${of.name}}` : nameLatex(of.name));
      return `${name}${"'".repeat(of.primes)}\\left(${of.args.map((arg) => latexOf(arg)).join(", ")}\\right)`;
    }
    case "entry":
      return `${latexOf(of.of, 6)}_{${placesLatex(of.at)}}`;
    case "derivative": {
      const top = of.of.kind === "symbol" ? `\\partial ${latexOf(of.of)}` : "\\partial";
      const operated = of.of.kind === "symbol" ? "" : `\\left(${latexOf(of.of)}\\right)`;
      return `\\frac{${top}}{\\partial ${latexOf(of.by)}}${operated}`;
    }
    case "delta":
      return `\\delta_{${placesLatex([of.left, of.right])}}`;
    case "indicator":
      return `[${conditionLatex(of.when)}]`;
    case "cases":
      return `\\begin{cases} ${of.rows
        .map(
          ({ value, when }) => `${latexOf(value)} & ${when === undefined ? "\\text{otherwise}" : conditionLatex(when)}`,
        )
        .join(" \\\\ ")} \\end{cases}`;
    case "tuple":
      return `(${of.items.map((item) => latexOf(item)).join(",\\ ")})`;
  }
}
