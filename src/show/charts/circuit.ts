/** A formula as a circuit of gates, through which values go forward and slopes come back, one gate at a time. */
import { Chart, spoken } from "./chart";
import { arrows, between, boxes, type Node, plane, type Words, words } from "./diagram";
import type { Shade } from "./theme";

/** What a gate does: its value, and its own slopes, one for each input. */
interface Gate {
  readonly value: (...inputs: number[]) => number;
  readonly slopes: (...inputs: number[]) => number[];
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

const GATES: Readonly<Record<string, Gate>> = {
  "+": { value: (a, b) => a + b, slopes: () => [1, 1] },
  "−": { value: (a, b) => a - b, slopes: () => [1, -1] },
  "×": { value: (a, b) => a * b, slopes: (a, b) => [b, a] },
  "−1 ×": { value: (a) => -a, slopes: () => [-1] },
  ReLU: { value: (a) => Math.max(0, a), slopes: (a) => [a > 0 ? 1 : 0] },
  σ: { value: sigmoid, slopes: (a) => [sigmoid(a) * (1 - sigmoid(a))] },
  exp: { value: Math.exp, slopes: (a) => [Math.exp(a)] },
  ln: { value: Math.log, slopes: (a) => [1 / a] },
  "−ln": { value: (a) => -Math.log(a), slopes: (a) => [-1 / a] },
};

/** How functions may be written, and the gate that is meant. */
const FUNCTIONS: Readonly<Record<string, string>> = { relu: "ReLU", sigma: "σ", σ: "σ", exp: "exp", ln: "ln" };

/** A variable, a number, or a gate with the nodes that go into it, which come earlier in the list. */
interface CircuitNode {
  readonly gate?: string;
  readonly inputs: readonly number[];
  readonly label: string;
  readonly value: number;
}

/** A node on the plane; `forward` and `back` are the steps from which its value and its slope are known. */
interface Placed extends CircuitNode {
  readonly x: number;
  readonly y: number;
  readonly forward: number;
  readonly back: number;
  readonly slope: number;
}

const BOX = { width: 62, height: 34 } as const;
const COLUMN = 104;
const ROW = 78;
const MOST_GATES = 8;

/**
 * A circuit to step through. First the values go forward, a gate a step; then the slopes ∂f/∂… come back, again a gate a step: each
 * gate multiplies what arrives by its own slopes. What reaches a variable by several ways is added.
 *
 * @param formula such as `"(x + y) * z"`; operations +, − and *, functions relu, sigma, exp and ln, and brackets
 * @param inputs a number for each variable of the formula
 * @throws if the formula can't be read, has no gate or more than eight, or a variable has no finite number
 */
export function circuit(formula: string, inputs: Readonly<Record<string, number>>): Chart {
  const nodes = new Parser(formula, inputs).nodes();
  const gates = nodes.flatMap(({ gate }, k) => (gate === undefined ? [] : [k]));
  if (gates.length === 0 || gates.length > MOST_GATES) {
    throw new RangeError(
      `circuit: ${formula} has ${gates.length} gates; expected 1 to ${MOST_GATES}, to have room for them`,
    );
  }
  const placed = place(nodes, gates);
  const f = placed[placed.length - 1];
  const bottom = Math.max(...placed.map(({ y }) => y)) + 56;
  const boxOf = ({ x, y, gate, label }: Placed): Node => ({
    x,
    y,
    text: gate === undefined ? label : gate,
    fill: gate === undefined ? "wash" : "paper",
  });
  const turns = gates.map((k) => ({
    ...boxOf(placed[k]),
    fill: "yellowWash" as const,
    turn: placed[k].forward,
    turnBack: backStep(gates, k),
  }));
  const wires = placed.flatMap((node) =>
    node.inputs.map((input) => ({
      ...between(placed[input], node, BOX.width / 2 + 4, BOX.width / 2 + 4),
      colour: "quiet" as const,
    })),
  );
  const numbers = (dy: number, colour: Shade, pick: "value" | "slope", since: "forward" | "back"): Words[] =>
    placed.map((node) => ({ x: node.x, y: node.y + dy, text: spoken(node[pick]), colour, since: node[since] }));
  const known = [{ filter: "datum.since <= step" }];
  const said = sentences(placed, gates).map((text, step) => ({ x: 4, y: bottom, text, at: step }));
  return new Chart({
    title: `f = ${written(formula)}`,
    subtitle:
      "Move the slider, step by step. Blue, above a box: its value, going forward. Orange, below: the slope of f with respect to it, coming back.",
    description: `A circuit of ${gates.length} gate${gates.length === 1 ? "" : "s"} for f = ${written(formula)}, which is ${spoken(f.value)} here. Its slopes: ${placed
      .filter(({ gate, label }) => gate === undefined && Number.isNaN(Number(label)))
      .map(({ label, slope }) => `${spoken(slope)} for ${label}`)
      .join(", ")}.`,
    spec: plane(
      Math.max(480, f.x + BOX.width / 2 + 30),
      bottom + 26,
      [
        arrows(wires),
        boxes(placed.map(boxOf), BOX),
        boxes(turns, BOX, [{ filter: "datum.turn === step || datum.turnBack === step" }]),
        words(numbers(-28, "blue", "value", "forward"), { bold: true, halo: true, fontSize: 13 }, known),
        words(numbers(29, "vermillion", "slope", "back"), { bold: true, halo: true, fontSize: 13 }, known),
        words(said, { align: "left", fontSize: 13 }, [{ filter: "datum.at === step" }]),
      ],
      [{ name: "step", value: 0, bind: { input: "range", min: 0, max: 2 * gates.length + 1, step: 1, name: "step " } }],
    ),
  });
}

/** The step in which a gate hands its slopes to its inputs. */
function backStep(gates: readonly number[], gate: number): number {
  return gates.length + 2 + (gates.length - 1 - gates.indexOf(gate));
}

/** Each gate's own slopes at its inputs' values. */
function ownSlopes(nodes: readonly CircuitNode[], { gate, inputs }: CircuitNode): number[] {
  return gate === undefined ? [] : GATES[gate].slopes(...inputs.map((input) => nodes[input].value));
}

/** Columns by distance from the inputs, rows by what goes in; and everything that the chain rule says. */
function place(nodes: readonly CircuitNode[], gates: readonly number[]): Placed[] {
  const column: number[] = [];
  const y: number[] = [];
  let leaves = 0;
  for (const [k, { inputs }] of nodes.entries()) {
    column[k] = 1 + Math.max(-1, ...inputs.map((input) => column[input]));
    const above = inputs.map((input) => y[input]);
    if (inputs.length === 0) y[k] = 46 + ROW * leaves++;
    else y[k] = above.reduce((sum, there) => sum + there, 0) / above.length;
    // a wire that goes on past this gate should not be hidden behind it
    if (inputs.length === 2 && above[0] === above[1]) y[k] += ROW / 2;
  }
  const slope = nodes.map((_, k) => (k === nodes.length - 1 ? 1 : 0));
  const back = nodes.map((_, k) => (k === nodes.length - 1 ? gates.length + 1 : 0));
  for (const k of [...gates].reverse()) {
    const own = ownSlopes(nodes, nodes[k]);
    for (const [at, input] of nodes[k].inputs.entries()) {
      slope[input] += slope[k] * own[at];
      back[input] = Math.max(back[input], backStep(gates, k));
    }
  }
  return nodes.map((node, k) => ({
    ...node,
    x: 40 + COLUMN * column[k],
    y: y[k],
    forward: gates.indexOf(k) + 1,
    back: back[k],
    slope: slope[k],
  }));
}

/** What happens in each step, in numbers. */
function sentences(placed: readonly Placed[], gates: readonly number[]): string[] {
  const forward = gates.map((k) => {
    const { gate, inputs, value } = placed[k];
    const [a, b] = inputs.map((input) => inBrackets(placed[input].value));
    return `Forward through ${gate}:  ${b === undefined ? `${gate}(${spoken(placed[inputs[0]].value)})` : `${a} ${gate} ${b}`} = ${spoken(value)}`;
  });
  const backward = [...gates].reverse().map((k) => {
    const node = placed[k];
    const own = ownSlopes(placed, node);
    const shares = node.inputs.map((input, at) => {
      const share = `${inBrackets(node.slope)} · ${inBrackets(own[at])} = ${spoken(node.slope * own[at])}`;
      return `${shortName(placed[input])} gets ${share}`;
    });
    return `Back through ${node.gate}:  ${spoken(node.slope)} arrives.\n${shares.join(";  ")}`;
  });
  return [
    "The inputs. What will each gate make of them?",
    ...forward,
    "Turn around. The slope of f with respect to f itself is 1.",
    ...backward,
  ];
}

function shortName({ label, gate }: CircuitNode): string {
  return label.length <= 9 ? label : `${gate}`;
}

function inBrackets(value: number): string {
  return value < 0 ? `(${spoken(value)})` : spoken(value);
}

function written(formula: string): string {
  return formula.replaceAll("*", "·").replaceAll("-", "−").replaceAll("sigma", "σ").replaceAll("relu", "ReLU");
}

/** Reads a formula: sums of products of signed numbers, variables, brackets and functions. A variable is one node, however often it comes. */
class Parser {
  readonly #tokens: readonly string[];
  #at = 0;
  readonly #list: CircuitNode[] = [];

  readonly #formula: string;
  readonly #inputs: Readonly<Record<string, number>>;

  constructor(formula: string, inputs: Readonly<Record<string, number>>) {
    this.#formula = formula;
    this.#inputs = inputs;

    this.#tokens = formula.match(/\d+(?:\.\d+)?|[\p{L}_]\w*|\S/gu) ?? [];
  }

  /** The nodes, those that go into a gate before it, the result last. */
  nodes(): readonly CircuitNode[] {
    this.#sum();
    if (this.#at < this.#tokens.length) this.#fail();
    return this.#list;
  }

  #sum(): number {
    let left = this.#product();
    for (;;) {
      if (this.#took("+")) left = this.#gate("+", left, this.#product());
      else if (this.#took("-", "−")) left = this.#gate("−", left, this.#product());
      else return left;
    }
  }

  #product(): number {
    let left = this.#signed();
    while (this.#took("*", "·", "×")) left = this.#gate("×", left, this.#signed());
    return left;
  }

  #signed(): number {
    if (!this.#took("-", "−")) return this.#factor();
    if (!this.#took("ln")) return this.#gate("−1 ×", this.#signed());
    return this.#gate("−ln", this.#factor());
  }

  #factor(): number {
    const token = this.#tokens[this.#at++];
    if (token === "(") {
      const inside = this.#sum();
      if (!this.#took(")")) this.#fail();
      return inside;
    }
    if (token !== undefined && token in FUNCTIONS) return this.#gate(FUNCTIONS[token], this.#factor());
    if (token !== undefined && /^\d/.test(token)) return this.#add({ label: token, inputs: [], value: Number(token) });
    if (token === undefined || !/^[\p{L}_]/u.test(token)) {
      this.#at--;
      this.#fail();
    }
    const known = this.#list.findIndex(({ label, gate }) => gate === undefined && label === token);
    if (known >= 0) return known;
    const value = this.#inputs?.[token];
    if (!Number.isFinite(value)) {
      throw new RangeError(
        `circuit: ${token} is ${String(value)}; expected a finite number for each variable of ${this.#formula}`,
      );
    }
    return this.#add({ label: token, inputs: [], value });
  }

  #gate(gate: string, ...inputs: number[]): number {
    const [a, b] = inputs.map((input) => this.#list[input].label);
    const label = b === undefined ? `${gate}(${a})` : `${a} ${gate} ${b}`;
    return this.#add({
      gate,
      inputs,
      label,
      value: GATES[gate].value(...inputs.map((input) => this.#list[input].value)),
    });
  }

  #add(node: CircuitNode): number {
    return this.#list.push(node) - 1;
  }

  #took(...tokens: readonly string[]): boolean {
    const found = tokens.includes(this.#tokens[this.#at]);
    if (found) this.#at++;
    return found;
  }

  #fail(): never {
    const there = this.#tokens[this.#at];
    throw new SyntaxError(
      `circuit: ${this.#formula} can't be read at ${there === undefined ? "its end" : `“${there}”`}`,
    );
  }
}
