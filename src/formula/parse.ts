/**
 * Reads formulas as one writes them: `Z1[i,h] = Σ_k X[i,k] · W1[k,h] + b1[h]`.
 *
 * A sum takes in the product that follows it, up to the next + or −. Indices are single letters, and an index runs through
 * the size of the row or column that it stands for. A name without brackets is a number, or a size: N. There are functions,
 * `exp(Z2[i,k] − m[i])`, squares, `(A2[i,j] − Y[i,j])²`, and `[j = k]`, which is 1 where two indices are equal, else 0.
 */
import { type FunctionName, functions } from "./functions";
import { binary, type Formula, type Index, type Node, nodes, number, type Shape, type Step } from "./tree";

/**
 * A formula out of its steps, one a line.
 *
 * @param lines the steps in the order in which they are computed; the last is the result
 * @param shapes the shape, in letters, of every matrix that it is computed from; ["1", "1"] for a number
 * @throws if a line is not such a step: it says where, and what was expected
 */
export function formula(lines: readonly string[], shapes: Readonly<Record<string, Shape>>): Formula {
  const known: Record<string, Shape> = { ...shapes };
  const steps = lines.map((line) => {
    const step = new Reader(line, known).step();
    known[step.name] = step.shape;
    return step;
  });
  return { steps, shapes: known };
}

const TOKEN = /\s*(Σ_|max_|mean_|min_|[A-Za-z][A-Za-z0-9]*′?|\d+(?:\.\d+)?|[+−·/×:()[\],=²-])/uy;

/** Reads one step, token by token. */
class Reader {
  readonly #tokens: string[] = [];
  #at = 0;
  readonly #ranges: Record<string, string> = {};

  readonly #line: string;
  readonly #shapes: Readonly<Record<string, Shape>>;

  constructor(line: string, shapes: Readonly<Record<string, Shape>>) {
    this.#line = line;
    this.#shapes = shapes;

    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < line.trimEnd().length) {
      const start = TOKEN.lastIndex;
      const token = TOKEN.exec(line);
      if (token === null) throw new SyntaxError(`formula: cannot read “${line.slice(start)}” in “${line}”`);
      this.#tokens.push(token[1]);
    }
  }

  step(): Step {
    const name = this.#next();
    const at = this.#peek() === "[" ? this.#brackets() : [];
    this.#expect("=");
    const body = this.#sum();
    if (this.#peek() !== undefined) this.#fail("the end");
    const range = (letter: string | undefined) => (letter === undefined ? "1" : this.#rangeOf(letter));
    // A single index is a column, like b1[h], unless it counts samples: one number for each is a column of numbers.
    const isColumn = at.length === 1 && range(at[0]) === "N";
    const [row, col] = at.length === 2 ? at : isColumn ? [at[0], undefined] : [undefined, at[0]];
    for (const node of nodes(body)) if (node.kind === "over") this.#rangeOf(node.index);
    return { name, at: [row, col], shape: [range(row), range(col)], ranges: this.#ranges, body };
  }

  #sum(): Node {
    let left = this.#product();
    while (this.#peek() === "+" || this.#peek() === "−" || this.#peek() === "-") {
      const op = this.#next() === "+" ? "+" : "−";
      left = binary(op, left, this.#product());
    }
    return left;
  }

  #product(): Node {
    let left = this.#factor();
    while (["·", "/", "×", ":"].includes(this.#peek() ?? "")) left = binary(this.#next() as "·", left, this.#factor());
    return left;
  }

  #factor(): Node {
    if (this.#peek() === "−" || this.#peek() === "-") {
      this.#next();
      return { kind: "negative", of: this.#factor() };
    }
    const base = this.#atom();
    if (this.#peek() !== "²") return base;
    this.#next();
    return { kind: "call", name: "square", args: [base] };
  }

  #atom(): Node {
    const token = this.#next();
    if (token === "(") {
      const inside = this.#sum();
      this.#expect(")");
      return inside;
    }
    if (token === "[") {
      const left = this.#next();
      this.#expect("=");
      const right = this.#next();
      this.#expect("]");
      return { kind: "equal", left, right };
    }
    if (token.endsWith("_")) {
      const how = token.slice(0, -1) as "Σ" | "max" | "mean" | "min";
      return { kind: "over", how, index: this.#next(), of: this.#product() };
    }
    if (/^\d/.test(token)) return number(Number(token));
    if (!/^[A-Za-z]/.test(token)) this.#fail("a name, a number or a bracket", token);
    if (this.#peek() === "(") return this.#functionOf(token);
    if (this.#shapes[token] !== undefined) return this.#entry(token);
    const isSize = Object.values(this.#shapes).some((shape) => shape.includes(token));
    if (!isSize) this.#fail("a matrix, a number or a size", token);
    return { kind: "size", letter: token };
  }

  #functionOf(name: string): Node {
    if (!Object.hasOwn(functions, name)) this.#fail("a function", name);
    this.#expect("(");
    const args = [this.#sum()];
    while (this.#peek() === ",") {
      this.#next();
      args.push(this.#sum());
    }
    this.#expect(")");
    return { kind: "call", name: name as FunctionName, args };
  }

  #entry(name: string): Node {
    const shape = this.#shapes[name];
    const letters = this.#peek() === "[" ? this.#brackets() : [];
    const free = shape.filter((size) => size !== "1").length;
    if (letters.length !== free && letters.length !== 2) {
      throw new SyntaxError(
        `formula: ${name} is ${shape.join("×")} and has ${letters.length} indices in “${this.#line}”`,
      );
    }
    let k = 0;
    const [row, col] = shape.map((size): Index => {
      if (size === "1" && letters.length < 2) return { fixed: 0 };
      const letter = letters[k++];
      const before = this.#ranges[letter];
      if (before !== undefined && before !== size) {
        throw new SyntaxError(`formula: ${letter} runs through ${before} and through ${size} in “${this.#line}”`);
      }
      this.#ranges[letter] = size;
      return { letter };
    });
    return { kind: "entry", name, at: [row, col] };
  }

  #brackets(): string[] {
    this.#expect("[");
    const letters = [this.#next()];
    while (this.#peek() === ",") {
      this.#next();
      letters.push(this.#next());
    }
    this.#expect("]");
    return letters;
  }

  #rangeOf(letter: string): string {
    const size = this.#ranges[letter];
    if (size === undefined) throw new SyntaxError(`formula: nothing says how far ${letter} runs in “${this.#line}”`);
    return size;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    if (this.#at >= this.#tokens.length) this.#fail("more", "the end");
    return this.#tokens[this.#at++];
  }

  #expect(token: string): void {
    if (this.#peek() !== token) this.#fail(`“${token}”`);
    this.#at++;
  }

  #fail(expected: string, got = this.#peek() ?? "the end"): never {
    throw new SyntaxError(`formula: expected ${expected}, got “${got}” in “${this.#line}”`);
  }
}
