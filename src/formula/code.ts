/** Prints a step as TypeScript, entry by entry, as somebody would write it who has read the formula. */
import type { FunctionName } from "./functions";
import type { Entry, Index, Node, Over, Shape, Step } from "./tree";

const LEVEL = { "+": 1, "−": 1, "·": 2, "×": 2, "/": 2, ":": 2 } as const;

/** The functions that are common in code, on code for their argument. */
const calls: Partial<Record<FunctionName, (x: string) => string>> = {
  "ReLU′": (x) => `(${x} > 0 ? 1 : 0)`,
  "1 at 0": (x) => `(${x} >= 0 ? 1 : 0)`,
  off: (x) => `(${x} > 0 ? 0 : 1)`,
  "leaky001′": (x) => `(${x} > 0 ? 1 : 0.01)`,
  "leaky01′": (x) => `(${x} > 0 ? 1 : 0.1)`,
  sign: (x) => `Math.sign(${x})`,
  ReLU: (x) => `Math.max(0, ${x})`,
  abs: (x) => `Math.abs(${x})`,
  tanh: (x) => `Math.tanh(${x})`,
  exp: (x) => `Math.exp(${x})`,
  ln: (x) => `Math.log(${x})`,
  square: (x) => `(${x}) ** 2`,
};

/**
 * A step as a statement, like `const dW2 = Matrix.generate(H, C, (h, c) => sum(0, N, (i) => A1.get(i, h) * dZ2.get(i, c)));`,
 * where `sum(from, to, f)` adds f(from), …, f(to − 1), and every size is there by its letter.
 *
 * @returns nothing if it holds something that is not written so
 */
export function stepCode(step: Step, shapes: Readonly<Record<string, Shape>>): string | undefined {
  try {
    const letters = step.at.map((letter, k) => letter ?? (k === 0 ? "_" : "__"));
    const args = step.at[1] === undefined && step.at[0] === undefined ? "()" : `(${letters.join(", ")})`;
    const body = new Printer(step, shapes).code(step.body);
    return `const ${step.name} = Matrix.generate(${step.shape.join(", ")}, ${args} => ${body});`;
  } catch (error) {
    if (error instanceof NotWritten) return undefined;
    throw error;
  }
}

/** Something that nobody would write in this way. */
class NotWritten extends Error {}

class Printer {
  readonly #step: Step;
  readonly #shapes: Readonly<Record<string, Shape>>;

  constructor(step: Step, shapes: Readonly<Record<string, Shape>>) {
    this.#step = step;
    this.#shapes = shapes;
  }

  code(node: Node, level = 0): string {
    switch (node.kind) {
      case "number":
        return String(node.value);
      case "size":
        return node.letter;
      case "equal":
        return `(${node.left} === ${node.right} ? 1 : 0)`;
      case "entry":
        return this.#entry(node);
      case "negative":
        return `-${this.code(node.of, 3)}`;
      case "call": {
        const call = node.args.length === 1 ? calls[node.name] : undefined;
        if (call === undefined) throw new NotWritten();
        return call(this.code(node.args[0]));
      }
      case "over":
        return this.#over(node);
      case "binary": {
        const own = LEVEL[node.op];
        const op = { "+": "+", "−": "-", "·": "*", "×": "*", "/": "/", ":": "/" }[node.op];
        const right = this.code(node.right, own + (op === "+" || op === "*" ? 0 : 1));
        const both = `${this.code(node.left, own)} ${op} ${right}`;
        return own < level ? `(${both})` : both;
      }
    }
  }

  #entry({ name, at, stride }: Entry): string {
    const shape = this.#shapes[name];
    if (stride !== undefined || shape === undefined) throw new NotWritten();
    return `${name}.get(${at.map((index, k) => this.#index(index, shape[k])).join(", ")})`;
  }

  #index({ letter, shift = 0, edge, fixed }: Index, size: string): string {
    if (fixed !== undefined) return fixed < 0 ? `${size} - 1` : String(fixed);
    if (letter === undefined || edge !== undefined) throw new NotWritten();
    if (shift === 0) return letter;
    return `(${letter} + ${shift > 0 ? shift : `${size} - ${-shift}`}) % ${size}`;
  }

  #over({ how, index, of, without, until }: Over): string {
    if (until !== undefined) throw new NotWritten();
    const size = this.#step.ranges[index];
    const bounds: Record<string, readonly [string, string]> = {
      all: ["0", size],
      first: ["1", size],
      last: ["0", `${size} - 1`],
      "all but the first": ["0", "1"],
      "all but the last": [`${size} - 1`, size],
    };
    const found = bounds[without ?? "all"];
    if (found === undefined) throw new NotWritten();
    const sum = `sum(${found.join(", ")}, (${index}) => ${this.code(of)})`;
    if (how === "Σ") return sum;
    if (how === "mean" && without === undefined) return `${sum} / ${size}`;
    throw new NotWritten();
  }
}
