/** The grammar of formulas in notes: from the things of a formula to statements. docs/notes.md tells it with examples. */
import { type Item, itemsOf, Unreadable } from "../formula/latex";
import { all, type Condition, changed, type Expression, type Noted, type Over, type Place } from "./expression";

/** What one reads as one: a chain of equal expressions, a condition, the shape of a matrix, or none of these. */
export type Statement =
  | {
      readonly kind: "chain";
      /** At least two, or one where the chain goes on from the one before. */
      readonly parts: readonly Expression[];
      readonly continues: boolean;
      /** Conditions on indices that stand beside it. */
      readonly where: readonly Condition[];
    }
  | { readonly kind: "condition"; readonly condition: Condition }
  | { readonly kind: "shape"; readonly of: Noted; readonly rows: string; readonly cols: string }
  /** (2 × 5)(5 × 4) = 2 × 4: sizes of matrices. */
  | {
      readonly kind: "sizes";
      readonly factors: readonly (readonly [string, string])[];
      readonly result: readonly [string, string];
    }
  | { readonly kind: "unread"; readonly why: string }
  /** An equation of which a part is left out, as dots. */
  | { readonly kind: "dots" }
  /** An expression by itself, or a relation that is no equation. */
  | { readonly kind: "other" };

const LONGEST_CHAIN = 40;
/** Of how many numbers, letters and operations a chain may be made. */
const MOST_PARTS = 800;

/** The statements of one formula, in its order. */
export function statementsOf(latex: string): Statement[] {
  let items: readonly Item[];
  try {
    items = itemsOf(latex);
  } catch (error) {
    return [unread(error)];
  }
  const statements: Statement[] = [];
  for (const piece of pieces(items)) {
    const next = statementOf(piece);
    const before = statements.at(-1);
    if (next.kind === "condition" && before?.kind === "chain" && isOnIndices(next.condition)) {
      statements[statements.length - 1] = { ...before, where: [...before.where, next.condition] };
    } else statements.push(next);
  }
  return statements;
}

function unread(error: unknown): Statement {
  if (error instanceof Unreadable) return { kind: "unread", why: error.message };
  if (error instanceof RangeError) return { kind: "unread", why: "the formula is nested too deeply" };
  throw error;
}

/** Whether a condition compares two index letters, or one with a number. */
export function isOnIndices({ left, is, right }: Condition): boolean {
  const letter = (of: Expression) =>
    of.kind === "symbol" && /^[a-z]$/.test(of.base) && of.digits === undefined && of.at.length === 0;
  return (is === "=" || is === "≠") && letter(left) && letter(right);
}

/** Words that stand for a number or a function rather than for prose. */
const WORDS =
  /^(loss|cost|total|relu|leaky ?relu|softmax|sigmoid|tanh|log|ln|exp|logits|ce|mse|bce|input|output|max)$/i;

/** Cuts where one statement ends and the next begins: at words, wide spaces, commas, arrows and new lines. */
function pieces(items: readonly Item[]): Item[][] {
  const found: Item[][] = [[]];
  const cut = () => {
    if (found[found.length - 1].length > 0) found.push([]);
  };
  let depth = 0;
  for (const [k, item] of items.entries()) {
    if (item.kind === "open") depth++;
    if (item.kind === "close") depth = Math.max(0, depth - 1);
    if (item.kind === "rows" && item.how === "lines" && depth === 0) {
      cut();
      for (const row of item.rows) {
        for (let c = 0; c < row.length; c += 2) {
          found.push(...pieces([...row[c], ...(row[c + 1] ?? [])]));
        }
      }
      found.push([]);
    } else if (item.kind === "text" && !WORDS.test(item.text.trim())) {
      if (item.text.trim() !== "") cut();
    } else if (depth === 0 && (item.kind === "space" || item.kind === "comma")) {
      // A wide space before a sign, or after one, is within a formula.
      const isJoined = item.kind === "space" && isInner(items[k - 1], items[k + 1]);
      if (!isJoined) cut();
    } else if (depth === 0 && item.kind === "relation" && /^[→⇒⇔]$/.test(item.text)) cut();
    else
      found[found.length - 1].push(item.kind === "text" ? { ...item, kind: "letter", text: item.text.trim() } : item);
  }
  return found.filter((piece) => piece.length > 0);
}

function isInner(before: Item | undefined, after: Item | undefined): boolean {
  const joins = (item: Item | undefined) => item?.kind === "sign" && /^[+−·×⊙/]$/.test(item.text);
  return joins(before) || (joins(after) && after?.kind === "sign" && after.text !== "−");
}

function statementOf(piece: readonly Item[]): Statement {
  const parts: Item[][] = [[]];
  const relations: string[] = [];
  let depth = 0;
  for (const item of piece) {
    if (item.kind === "open") depth++;
    if (item.kind === "close") depth--;
    if (depth === 0 && item.kind === "relation") {
      relations.push(item.text);
      parts.push([]);
    } else parts[parts.length - 1].push(item);
  }
  if (relations.length === 0) return { kind: "other" };
  if (piece.some((item, k) => isSign(item, "…") && piece[k - 1]?.kind !== "number")) return { kind: "dots" };
  if (relations.length > LONGEST_CHAIN) return { kind: "unread", why: "the chain is too long" };
  try {
    if (relations[0] === "∈") return shapeOf(parts);
    const sizes = sizesOf(parts);
    if (sizes !== undefined) return sizes;
    const [relation] = relations;
    if (relations.every((sign) => sign === "=")) {
      const continues = parts[0].length === 0;
      const read = withoutCalls(parts.filter((part) => part.length > 0).map((part) => expressionOf(part)));
      if (read.flatMap(all).length > MOST_PARTS) return { kind: "unread", why: "the formula is too long" };
      if (read.length === 0 || (read.length === 1 && !continues)) return { kind: "other" };
      const [left, right] = read;
      if (read.length === 2 && !continues && isOnIndices({ left, is: "=", right })) {
        return { kind: "condition", condition: { left, is: "=", right } };
      }
      return { kind: "chain", parts: read, continues, where: [] };
    }
    if (relations.length === 1 && /^[≠<>≤≥]$/.test(relation)) {
      const [left, right] = parts.map((part) => expressionOf(part));
      return { kind: "condition", condition: { left, is: relation as Condition["is"], right } };
    }
    return { kind: "other" };
  } catch (error) {
    // A relation that is no equation is nothing to check, read or not.
    return relations.every((sign) => sign === "=") ? unread(error) : { kind: "other" };
  }
}

/** Where σ stands by itself as well, σ(1 − σ) is a product. */
function withoutCalls(parts: readonly Expression[]): Expression[] {
  const bare = new Set(
    parts.flatMap(all).flatMap((of) => (of.kind === "symbol" && of.primes === undefined ? [of.base] : [])),
  );
  return parts.map((part) =>
    changed(part, (of) =>
      of.kind === "apply" &&
      FUNCTION_LETTERS.has(of.name) &&
      bare.has(of.name) &&
      of.primes === 0 &&
      of.args.length === 1
        ? { kind: "binary", op: "", left: { kind: "symbol", base: of.name, at: [] }, right: of.args[0] }
        : of,
    ),
  );
}

/** `(2 \times 5)(5 \times 4) = 2 \times 4` */
function sizesOf(parts: readonly (readonly Item[])[]): Statement | undefined {
  const text = parts.map((part) => part.map((item) => ("text" in item ? item.text : "?")).join("")).join("=");
  const [, product, rows, cols] = /^((?:\(\d+×\d+\))+)=(\d+)×(\d+)$/.exec(text) ?? [];
  if (product === undefined) return undefined;
  const factors = [...product.matchAll(/\((\d+)×(\d+)\)/g)].map(([, r, c]): [string, string] => [r, c]);
  return { kind: "sizes", factors, result: [rows, cols] };
}

/** `X \in \mathbb{R}^{N \times D}` */
function shapeOf(parts: readonly (readonly Item[])[]): Statement {
  const [of, space] = [expressionOf(parts[0]), parts[1]?.[0]];
  if (of.kind !== "symbol" || space?.kind !== "letter" || space.text !== "𝔹R" || parts.length > 2)
    return { kind: "other" };
  const sizes = (space.sup ?? []).map((item) => ("text" in item ? item.text : "?"));
  if (sizes.length === 1) return { kind: "shape", of, rows: sizes[0], cols: "1" };
  if (sizes.length === 3 && sizes[1] === "×") return { kind: "shape", of, rows: sizes[0], cols: sizes[2] };
  return { kind: "other" };
}

function expressionOf(items: readonly Item[]): Expression {
  return new Reader(items).whole();
}

/** Letters that are called like functions: what they are, the notes say. */
const FUNCTION_LETTERS = new Set(["σ", "φ", "ψ", "f", "g"]);

/** The functions by the names that people give them. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  exp: "exp",
  ln: "ln",
  log: "ln",
  relu: "ReLU",
  leakyrelu: "leaky",
  lrelu: "leaky",
  softmax: "softmax",
  sigmoid: "sigmoid",
  tanh: "tanh",
  softplus: "softplus",
  sqrt: "sqrt",
  gelu: "gelu",
  silu: "silu",
  swish: "silu",
  elu: "elu",
};

const functionOf = (text: string): string | undefined => FUNCTIONS[text.toLowerCase().replace(/[ -]/g, "")];

const isSign = (item: Item | undefined, text: string) => item?.kind === "sign" && item.text === text;
const isD = (item: Item | undefined) =>
  isSign(item, "∂") ||
  (item?.kind === "letter" && item.text === "d" && item.sub === undefined && item.sup === undefined);

/** Reads one expression, item by item. */
class Reader {
  readonly #items: readonly Item[];
  #at = 0;

  constructor(items: readonly Item[]) {
    // Wide spaces within an expression say nothing; a word in it is a name.
    this.#items = items
      .filter((item) => item.kind !== "space")
      .map((item) =>
        item.kind === "text" && WORDS.test(item.text.trim())
          ? { ...item, kind: "letter", text: item.text.trim() }
          : item,
      );
  }

  whole(): Expression {
    const read = this.#sum();
    if (this.#peek() !== undefined)
      throw new Unreadable(`after ${this.#before()} comes ${described(this.#peek())}, which is not read there`);
    return read;
  }

  #before(): string {
    return described(this.#items[this.#at - 1]);
  }

  #peek(): Item | undefined {
    return this.#items[this.#at];
  }

  #next(): Item {
    const item = this.#items[this.#at++];
    if (item === undefined)
      throw new Unreadable(`after ${described(this.#items[this.#items.length - 1])} something is missing`);
    return item;
  }

  #takes(text: string): boolean {
    if (!isSign(this.#peek(), text)) return false;
    this.#at++;
    return true;
  }

  #sum(): Expression {
    this.#takes("+");
    let left = this.#takes("−") ? negative(this.#term()) : this.#term();
    while (isSign(this.#peek(), "+") || isSign(this.#peek(), "−")) {
      const op = this.#takes("+") ? "+" : "−";
      if (op === "−") this.#next();
      left = { kind: "binary", op, left, right: this.#takes("−") ? negative(this.#term()) : this.#term() };
    }
    return left;
  }

  /** Elementwise products bind less than others: dZ W^T ⊙ M is (dZ W^T) ⊙ M. */
  #term(): Expression {
    let left = this.#product();
    while (this.#takes("⊙") || this.#takes("*")) left = { kind: "binary", op: "⊙", left, right: this.#product() };
    return left;
  }

  #product(): Expression {
    let left = this.#factor();
    while (true) {
      const op = ["·", "×"].some((sign) => this.#takes(sign))
        ? "·"
        : this.#takes("/")
          ? "/"
          : this.#begins()
            ? ""
            : undefined;
      if (op === undefined) return left;
      const right = this.#factor();
      left = { kind: "binary", op, left, right };
    }
  }

  /** Whether a factor begins here. */
  #begins(): boolean {
    const item = this.#peek();
    if (item === undefined) return false;
    if (item.kind === "sign") return /^(Σ|Π|max|min|∂|∇|∞)$/.test(item.text);
    return !["close", "comma", "relation", "space", "text"].includes(item.kind);
  }

  #factor(): Expression {
    const item = this.#next();
    switch (item.kind) {
      case "number":
        // 2.718… has more digits than are written.
        this.#takes("…");
        return this.#scripted({ kind: "number", text: item.text.replace(/\.$/, "") }, item);
      case "letter":
        return this.#letter(item);
      case "sign":
        return this.#sign(item);
      case "open":
        return this.#brackets(item);
      case "fraction":
        return this.#fraction(item);
      case "root":
        return this.#scripted({ kind: "apply", name: "sqrt", primes: 0, args: [new Reader(item.of).whole()] }, item);
      case "rows":
        return casesOf(item.rows, item.how);
      default:
        throw new Unreadable(`${described(item)} is not read here`);
    }
  }

  #sign(item: Item & { readonly text: string }): Expression {
    switch (item.text) {
      case "−":
        return negative(this.#factor());
      case "∞":
        return { kind: "infinity" };
      case "Σ":
      case "Π":
      case "max":
      case "min": {
        if (item.sub === undefined && item.text.startsWith("m")) {
          return { kind: "apply", name: item.text, primes: 0, args: this.#arguments() };
        }
        return overOf(item.text as Over["how"], item, () => this.#term());
      }
      case "∂": {
        if (item.sup !== undefined) throw new Unreadable("second derivatives are not read");
        const of = this.#factor();
        if (!this.#takes("/") || !this.#takes("∂")) throw new Unreadable("∂ without a second ∂ below it");
        return derivative(of, this.#factor());
      }
      case "∇": {
        if (item.sub === undefined) throw new Unreadable("∇ without what the derivative is taken by");
        const by = new Reader(item.sub).whole();
        return derivative(this.#factor(), by);
      }
      case "|": {
        const inner: Item[] = [];
        while (!isSign(this.#peek(), "|")) inner.push(this.#next());
        const end = this.#next();
        return this.#scripted({ kind: "absolute", of: new Reader(inner).whole() }, end);
      }
      default:
        throw new Unreadable(`${item.text} is not read here`);
    }
  }

  #letter(item: Item & { readonly kind: string; readonly text: string }): Expression {
    const { text } = item;
    const name = functionOf(text);
    if (name !== undefined && item.sub === undefined) return this.#call(name, item);
    if (text === "e" && item.sup !== undefined && item.sub === undefined) {
      return { kind: "apply", name: "exp", primes: 0, args: [new Reader(item.sup).whole()] };
    }
    if (text === "𝟙") return this.#ones(item);
    if (text === "δ" && item.sup === undefined && item.sub !== undefined) {
      const places = placesOf(item.sub).places;
      if (places.length === 2) return { kind: "delta", left: places[0], right: places[1] };
    }
    const next = this.#peek();
    if (FUNCTION_LETTERS.has(text) && next?.kind === "open" && item.sub === undefined) return this.#call(text, item);
    if (
      text === "d" &&
      item.sub === undefined &&
      item.sup === undefined &&
      next?.kind === "letter" &&
      functionOf(next.text) === undefined
    ) {
      return derivative({ kind: "symbol", base: "loss", at: [] }, this.#factor());
    }
    return symbolOf(item);
  }

  #call(name: string, item: Item): Expression {
    const primes = item.primes ?? 0;
    const args = this.#peek()?.kind === "open" ? this.#arguments() : [this.#factor()];
    const call: Expression = { kind: "apply", name, primes, args };
    const scripts = this.#callScripts;
    this.#callScripts = undefined;
    const whole = scripts === undefined ? call : this.#scripted(call, scripts);
    return item.sup === undefined ? whole : this.#scripted(whole, { kind: "space", sup: item.sup });
  }

  /** What stands below and above the bracket that closed the arguments. */
  #callScripts: Item | undefined;

  /** What stands in brackets, between commas. */
  #arguments(): Expression[] {
    this.#next();
    const { parts, end } = this.#upToClose();
    this.#callScripts = end;
    return parts.map((part) => new Reader(part).whole());
  }

  #upToClose(): { parts: Item[][]; end: Item } {
    const parts: Item[][] = [[]];
    let depth = 0;
    while (true) {
      const item = this.#next();
      if (item.kind === "close" && depth === 0) return { parts, end: item };
      if (item.kind === "open") depth++;
      if (item.kind === "close") depth--;
      if (item.kind === "comma" && depth === 0) parts.push([]);
      else parts[parts.length - 1].push(item);
    }
  }

  #brackets(open: Item & { readonly text: string }): Expression {
    const { parts, end } = this.#upToClose();
    if (parts.length === 1 && parts[0].some(({ kind }) => kind === "relation")) {
      if (open.text !== "[") throw new Unreadable("a relation in round brackets is not read");
      return { kind: "indicator", when: conditionOf(parts[0]) };
    }
    const items = parts.map((part) => new Reader(part).whole());
    return this.#scripted(items.length === 1 ? items[0] : { kind: "tuple", items }, end);
  }

  #ones(item: Item): Expression {
    if (item.sub?.some(({ kind }) => kind === "relation")) {
      return { kind: "indicator", when: conditionOf(item.sub) };
    }
    if (this.#peek()?.kind === "open") {
      this.#next();
      const { parts } = this.#upToClose();
      return { kind: "indicator", when: conditionOf(parts[0]) };
    }
    return this.#scripted({ kind: "ones" }, { ...item, sub: undefined });
  }

  #fraction(item: Item & { readonly kind: "fraction" }): Expression {
    const [top, bottom] = [item.over[0], item.under[0]];
    if (isD(top) && isD(bottom) && item.under.length > 1) {
      if (top?.sup !== undefined) throw new Unreadable("second derivatives are not read");
      const by = new Reader(item.under.slice(1)).whole();
      const above = item.over.slice(1);
      return derivative(above.length > 0 ? new Reader(above).whole() : this.#factor(), by);
    }
    const quotient: Expression = {
      kind: "binary",
      op: "/",
      left: new Reader(item.over).whole(),
      right: new Reader(item.under).whole(),
    };
    return this.#scripted(quotient, item);
  }

  /** What stands above and below brackets, a number or a fraction. */
  #scripted(of: Expression, { sub, sup }: Item): Expression {
    const entry: Expression = sub === undefined ? of : { kind: "entry", of, at: placesOf(sub).places };
    if (sup === undefined) return entry;
    if (isTransposed(sup)) return { kind: "transposed", of: entry };
    return { kind: "power", of: entry, exponent: new Reader(sup).whole() };
  }
}

const negative = (of: Expression): Expression => ({ kind: "negative", of });

function derivative(of: Expression, by: Expression): Expression {
  // ∂L/∂Wᵀ is the transposed derivative.
  if (by.kind === "transposed" && by.of.kind === "symbol") {
    return { kind: "transposed", of: { kind: "derivative", of, by: by.of } };
  }
  if (by.kind !== "symbol") throw new Unreadable("a derivative is taken by something that is no letter");
  return { kind: "derivative", of, by };
}

function isTransposed(sup: readonly Item[]): boolean {
  const [only] = sup;
  return (
    sup.length === 1 &&
    (isSign(only, "⊤") || (only.kind === "letter" && only.text === "T") || (only.kind === "text" && only.text === "T"))
  );
}

function conditionOf(items: readonly Item[]): Condition {
  const k = items.findIndex(({ kind }) => kind === "relation");
  const relation = items[k];
  if (k < 0 || relation.kind !== "relation" || !/^[=≠<>≤≥]$/.test(relation.text)) {
    throw new Unreadable("a condition that is not of the form j = k or Z > 0");
  }
  return {
    left: new Reader(items.slice(0, k)).whole(),
    is: relation.text as Condition["is"],
    right: new Reader(items.slice(k + 1)).whole(),
  };
}

function casesOf(rows: readonly (readonly (readonly Item[])[])[], how: "cases" | "lines"): Expression {
  if (how !== "cases") throw new Unreadable("a matrix that is written out entry by entry is not read");
  return {
    kind: "cases",
    rows: rows.map(([value, when = []]) => {
      const condition = when.filter((item) => !["text", "space", "comma"].includes(item.kind));
      const told = new Reader(value.filter(({ kind }) => kind !== "comma")).whole();
      return condition.length === 0 ? { value: told } : { value: told, when: conditionOf(condition) };
    }),
  };
}

function overOf(how: Over["how"], item: Item, body: () => Expression): Expression {
  const { sub = [], sup } = item;
  const words = sub.map((part) => ("text" in part ? part.text : part.kind === "comma" ? "," : "?"));
  const to = sup === undefined ? undefined : new Reader(sup).whole();
  if (words.length === 0) throw new Unreadable(`${how} without an index`);
  const isWord = sub.length === 1 && /^(samples?|examples?|batch|data|rows)$/.test(words[0].trim());
  if (isWord) return { kind: "over", how, index: "samples", of: body() };
  if (words.length === 3 && /^[≠=∈]$/.test(words[1])) {
    const [index, relation, other] = words;
    const bounds = relation === "≠" ? { not: other } : to === undefined ? {} : { to };
    return { kind: "over", how, index, ...bounds, of: body() };
  }
  const letters = words.filter((word) => word !== ",");
  if (letters.some((letter) => !/^\p{L}$/u.test(letter)))
    throw new Unreadable(`${how} over ${words.join("")} is not read`);
  const of = body();
  return letters.reduceRight<Expression>(
    (inner, index) => ({ kind: "over", how, index, ...(to === undefined ? {} : { to }), of: inner }),
    of,
  );
}

/** What stands below a letter: a number for the layer, words that belong to the name, and places. */
function placesOf(sub: readonly Item[]): { digits?: string; words: string; places: Place[] } {
  const places: Place[] = [];
  let digits: string | undefined;
  let words = "";
  for (const [k, item] of sub.entries()) {
    if (item.kind === "comma") continue;
    if (item.sub !== undefined || item.sup !== undefined) throw new Unreadable("an index that has an index itself");
    if (item.kind === "number" && k === 0) digits = item.text;
    else if (item.kind === "number") places.push({ number: Number(item.text) });
    else if (item.kind === "letter" && item.text.length === 1) places.push({ letter: item.text });
    else if (item.kind === "text" || item.kind === "letter") words += item.text.trim();
    else throw new Unreadable(`${described(item)} in an index is not read`);
  }
  return { ...(digits === undefined ? {} : { digits }), words, places };
}

function symbolOf(item: Item & { readonly text: string }): Expression {
  const { digits, words, places } =
    item.sub === undefined ? { digits: undefined, words: "", places: [] } : placesOf(item.sub);
  const base = words === "" ? item.text : `${item.text}_${words}`;
  const own: { layer?: string } = {};
  const at: Place[] = [...places];
  let sup = item.sup ?? [];
  const open = sup[0];
  const close = sup.findIndex(({ kind }) => kind === "close");
  if (open?.kind === "open" && close > 0) {
    const inner = sup.slice(1, close);
    const [only] = inner;
    if (inner.length === 1 && only.kind === "number") own.layer = only.text;
    else {
      const more = placesOf(inner).places;
      // A letter alone counts samples, as in x^{(i)}, and comes first.
      if (more.length === 1) at.unshift(...more);
      else at.push(...more);
    }
    sup = sup.slice(close + 1);
  }
  const primes = item.primes === undefined ? {} : { primes: item.primes };
  const symbol: Noted = { kind: "symbol", base, ...(digits === undefined ? {} : { digits }), ...own, at, ...primes };
  if (sup.length === 0) return symbol;
  if (isTransposed(sup)) return { kind: "transposed", of: symbol };
  if (sup.some(({ kind }) => kind === "letter")) {
    throw new Unreadable(
      `what stands above ${item.text} is a power or a layer: write layers as numbers in brackets, like W^{(2)}`,
    );
  }
  return { kind: "power", of: symbol, exponent: new Reader(sup).whole() };
}

function described(item: Item | undefined): string {
  if (item === undefined) return "the end";
  if ("text" in item) return `“${item.text}”`;
  return { space: "a space", comma: "a comma", fraction: "a fraction", root: "a root", rows: "rows of formulas" }[
    item.kind
  ];
}
