/**
 * Every equation on the numbers of `paperNetwork`, one entry at a time, as the sum that somebody with a pencil adds up.
 *
 * The terms are those of the equations' formulas, and each matrix is computed by the formulas before it, so nothing here rests on
 * `forward` or `backward`.
 */
import { paperNetwork } from "../data/paper-network";
import { float64 } from "../formula/arithmetic";
import { computed } from "../formula/evaluate";
import { functions } from "../formula/functions";
import { notes, onPaper } from "../formula/notes";
import { formula } from "../formula/parse";
import type { Formula, Index, Node } from "../formula/tree";
import type { Matrix } from "../matrix";
import { shapes } from "../shapes";
import { figure } from "./number-text";

/** One term of a sum. */
export interface Term {
  /** What it is: `A1[0, 2] · dZ2[0, 1]`. */
  readonly name: string;
  /** The same in numbers: `2 · (−0.3776)`. */
  readonly numbers: string;
  readonly value: number;
}

/** An entry: its terms, and what is done with their sum. */
export interface PencilSum {
  readonly terms: readonly Term[];
  /** From the sum of the terms to the entry, such as `(sum) => sum / N`. */
  readonly finish: (sum: number) => number;
  /** What `finish` does, in words to stand after the sum, such as `, divided by 2`; nothing if the sum is the entry. */
  readonly ending?: string;
  /** Numbers that one may well end up with instead, each with a sentence about it. */
  readonly slips?: readonly (readonly [value: number, sentence: string])[];
}

/** An equation's result on the paper network. */
export interface PencilPage {
  /** The result's name: `dW2`. */
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  readonly sum: (row: number, col: number) => PencilSum;
}

const { X, Y, parameters } = paperNetwork;
/** Every matrix of the notes on this network, by name; each equation adds its own. */
const known: Record<string, Matrix> = { X, Y, ...parameters };
const sizes: Readonly<Record<string, number>> = { N: X.rows, D: X.cols, H: parameters.W1.cols, C: Y.cols };

/** What stands in the place of an index. */
type Places = Readonly<Record<string, number>>;

const inBrackets = (x: number) => (x < 0 ? `(${figure(x)})` : figure(x));
const total = (terms: readonly Term[]) => terms.reduce((sum, { value }) => sum + value, 0);
const isZero = (node: Node, at: Places) => node.kind === "equal" && at[node.left] !== at[node.right];

/** A node without a sum in it, written out for these places. */
function written(node: Node, at: Places): Term {
  switch (node.kind) {
    case "entry": {
      const [row, col] = node.at.map(({ letter, fixed = 0 }: Index) => (letter === undefined ? fixed : at[letter]));
      const value = known[node.name].get(row, col);
      return { name: `${node.name}[${row}, ${col}]`, numbers: inBrackets(value), value };
    }
    case "negative": {
      const of = written(node.of, at);
      const value = -of.value || 0;
      const numbers = node.of.kind === "entry" ? inBrackets(value) : `(−${of.numbers})`;
      return { name: `−${of.name}`, numbers, value };
    }
    case "call": {
      const of = written(node.args[0], at);
      const { text, on } = functions[node.name];
      return { name: `${text}(${of.name})`, numbers: `${text}(${of.numbers})`, value: on(float64, of.value, 0) };
    }
    case "binary": {
      const [left, right] = [written(node.left, at), written(node.right, at)];
      const joined = (what: "name" | "numbers") => `${left[what]} ${node.op} ${right[what]}`;
      if (node.op === "−") {
        return { name: `(${joined("name")})`, numbers: `(${joined("numbers")})`, value: left.value - right.value };
      }
      // What a 0 meets is not looked at, as in every formula.
      const value = left.value === 0 ? 0 : node.op === "/" ? left.value / right.value : left.value * right.value;
      return { name: joined("name"), numbers: joined("numbers"), value };
    }
    case "equal":
      return {
        name: `[${at[node.left]} = ${at[node.right]}]`,
        numbers: isZero(node, at) ? "0" : "1",
        value: isZero(node, at) ? 0 : 1,
      };
    default:
      throw new Error(`a pencil does not write out a node of kind ${node.kind}`);
  }
}

/** The terms of a sum, written out; a term with [j = k] is there only where j is k. */
function termsOf(node: Node, at: Places, ranges: Readonly<Record<string, string>>): Term[] {
  const of = (inner: Node, places = at) => termsOf(inner, places, ranges);
  if (node.kind === "over") {
    return Array.from({ length: sizes[ranges[node.index]] }, (_, k) => of(node.of, { ...at, [node.index]: k })).flat();
  }
  if (node.kind === "binary") {
    const { op, left, right } = node;
    if (op === "+") return [...of(left), ...of(right)];
    if (op === "−") return [...of(left), ...of({ kind: "negative", of: right })];
    if (op === "·" && left.kind === "equal") return isZero(left, at) ? [] : of(right);
  }
  return [written(node, at)];
}

/** What is divided by N at the end, and the rest. */
function withoutMean(node: Node): { readonly body: Node; readonly isMean: boolean } {
  if (node.kind === "over") {
    const { body, isMean } = withoutMean(node.of);
    return { body: { ...node, of: body }, isMean };
  }
  const isMean = node.kind === "binary" && node.op === "/" && node.right.kind === "size";
  return isMean ? { body: node.left, isMean } : { body: node, isMean };
}

const pages: Record<string, PencilPage> = {};

/** What is done with a sum by hand, where that is more than to add it up. */
type Ending = (sum: PencilSum, row: number, col: number) => PencilSum;

/**
 * Adds an equation, and the matrix of its entries.
 *
 * @param id the equation
 * @param stated its formula
 * @param name what the result is called
 * @param added what is added up; the formula's own right side when left out
 */
function page(id: string, stated: Formula, name?: string, added?: Node, ending: Ending = (sum) => sum): void {
  const step = stated.steps[stated.steps.length - 1];
  const { body, isMean } = withoutMean(added ?? step.body);
  const result = computed(stated, known);
  const [rowLetter, colLetter] = step.at;
  const sum = (row: number, col: number): PencilSum => {
    const at = { ...(rowLetter && { [rowLetter]: row }), ...(colLetter && { [colLetter]: col }) };
    const terms = termsOf(body, at, Object.assign({}, ...stated.steps.map(({ ranges }) => ranges)));
    return ending(isMean ? mean(terms) : { terms, finish: (sum) => sum }, row, col);
  };
  pages[id] = { name: name ?? step.name, rows: result.rows, cols: result.cols, sum };
  known[step.name] = result;
}

function mean(terms: readonly Term[]): PencilSum {
  const { N } = sizes;
  return {
    terms,
    finish: (sum) => sum / N,
    ending: `, divided by N = ${N}`,
    slips: [[total(terms), `that is without the mean's 1/N, and N is ${N} here.`]],
  };
}

/** The argument of a function of one entry. */
const argument = ({ steps: [{ body }] }: Formula) => (body as Extract<Node, { kind: "call" }>).args[0];

page("E1", notes.E1[0]);
page("E2", notes.E2[0], undefined, argument(notes.E2[0]), (sum) => ({
  ...sum,
  finish: (z) => Math.max(0, z),
  ending: ", or 0 if that is negative",
  slips: [[total(sum.terms), "that is the pre-activation. What does ReLU make of a negative number?"]],
}));
page("E3", notes.E3[0]);
const [softmax] = onPaper.E4!;
const quotient = softmax.steps[0].body as Extract<Node, { kind: "binary" }>;
page("E4", softmax, undefined, quotient.right, (sum, i, j) => {
  const { value } = written(quotient.left, { i, j });
  return {
    ...sum,
    finish: (all) => value / all,
    ending: `, which goes under ${figure(value)}`,
    slips: [[value, "that is the exponential. What is it divided by?"]],
  };
});
page("E5", notes.E5[0]);
// By hand one goes on from what one has: E6 from the samples' losses, and E9 from E7.
page("E6", formula(["loss = Σ_i L[i] / N"], { ...shapes, L: ["N", "1"] }));
page("E7", notes.E7[0]);
known.a = known.A2.row(0);
page("E8", notes.E8[1], "J");
page("E9", formula(["dZ2[i,k] = Σ_j dA2[i,j] · A2[i,j] · ([j = k] − A2[i,k])"], shapes));
page("E10", notes.E10[0]);
page("E11", notes.E11[0]);
page("E12", notes.E12[0]);
page("E13", notes.E13[0]);
page("E14", notes.E14[0], "ReLU′(Z1)", argument(notes.E14[0]), (sum) => ({
  ...sum,
  finish: (z) => (z > 0 ? 1 : 0),
  ending: ": 1 if that is above 0, otherwise 0",
  slips: [[0.5, "that is what a central difference sees at 0. What does the convention say?"]],
}));
page("E15", notes.E15[0], undefined, notes.E15[0].steps[0].body, (sum, i, h) => {
  const mask = known.reluPrime.get(i, h);
  return {
    ...sum,
    finish: (all) => mask * all,
    ending: `, times ReLU′(Z1[${i}, ${h}]) = ${mask}`,
    slips: [[total(sum.terms), `that is dA1[${i}, ${h}]. Is the unit on for this sample?`]],
  };
});
page("E16", notes.E16[0]);
page("E17", notes.E17[0]);

/** What there is to work out with a pencil, by the equation's id. */
export const pencilPages: Readonly<Record<string, PencilPage>> = pages;
