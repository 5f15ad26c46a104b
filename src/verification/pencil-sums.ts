/**
 * Every equation on the numbers of `paperNetwork`, one entry at a time, as the sum that somebody with a pencil adds up.
 *
 * Each matrix is made from the sums of the equations before it, so nothing here rests on `forward` or `backward`.
 */
import { paperNetwork } from "../data/paper-network";
import { Matrix } from "../matrix";
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

/** A symbol of the notes and its matrix. */
type Symbol = readonly [name: string, matrix: Matrix];

const { X, Y, parameters } = paperNetwork;
const { W1, b1, W2, b2 } = parameters;
const [N, D, H, C] = [X.rows, X.cols, W1.cols, W2.cols];

const upTo = (n: number) => Array.from({ length: n }, (_, k) => k);
const total = (terms: readonly Term[]) => terms.reduce((sum, { value }) => sum + value, 0);
const inBrackets = (x: number) => (x < 0 ? `(${figure(x)})` : figure(x));

function product([a, A]: Symbol, i: number, j: number, [b, B]: Symbol, k: number, l: number): Term {
  const [x, y] = [A.get(i, j), B.get(k, l)];
  return {
    name: `${a}[${i}, ${j}] · ${b}[${k}, ${l}]`,
    numbers: `${inBrackets(x)} · ${inBrackets(y)}`,
    value: x * y,
  };
}

function entry([a, A]: Symbol, i: number, j: number, sign: 1 | -1 = 1): Term {
  const value = sign * A.get(i, j);
  return { name: `${sign < 0 ? "−" : ""}${a}[${i}, ${j}]`, numbers: inBrackets(value), value };
}

const plain = (terms: readonly Term[]): PencilSum => ({ terms, finish: (sum) => sum });
const mean = (terms: readonly Term[]): PencilSum => ({
  terms,
  finish: (sum) => sum / N,
  ending: `, divided by N = ${N}`,
  slips: [[total(terms), `that is without the mean's 1/N, and N is ${N} here.`]],
});

const pages: Record<string, PencilPage> = {};

/** Adds an equation, and makes the matrix of its entries. */
function page(id: string, name: string, rows: number, cols: number, sum: PencilPage["sum"]): Symbol {
  pages[id] = { name, rows, cols, sum };
  const matrix = Matrix.generate(rows, cols, (i, j) => {
    const { terms, finish } = sum(i, j);
    return finish(total(terms));
  });
  return [name, matrix];
}

const symbols = { X: ["X", X], Y: ["Y", Y], W1: ["W1", W1], b1: ["b1", b1], W2: ["W2", W2], b2: ["b2", b2] } as const;

const Z1 = page("E1", "Z1", N, H, (i, h) =>
  plain([...upTo(D).map((d) => product(symbols.X, i, d, symbols.W1, d, h)), entry(symbols.b1, 0, h)]),
);
const A1 = page("E2", "A1", N, H, (i, h) => ({
  terms: [entry(Z1, i, h)],
  finish: (z) => Math.max(0, z),
  ending: ", or 0 if that is negative",
  slips: [[Z1[1].get(i, h), "that is the pre-activation. What does ReLU make of a negative number?"]],
}));
const Z2 = page("E3", "Z2", N, C, (i, k) =>
  plain([...upTo(H).map((h) => product(A1, i, h, symbols.W2, h, k)), entry(symbols.b2, 0, k)]),
);
const exp = ["exp(Z2)", Z2[1].map((z) => Math.exp(z))] as const;
const A2 = page("E4", "A2", N, C, (i, j) => ({
  terms: upTo(C).map((k) => entry(exp, i, k)),
  finish: (sum) => exp[1].get(i, j) / sum,
  ending: `, which goes under ${figure(exp[1].get(i, j))}`,
  slips: [[exp[1].get(i, j), "that is the exponential. What is it divided by?"]],
}));
const minusLog = ["(−ln A2)", A2[1].map((a) => -Math.log(a))] as const;
const L = page("E5", "L", N, 1, (i) => plain(upTo(C).map((j) => product(symbols.Y, i, j, minusLog, i, j))));
page("E6", "loss", 1, 1, () => mean(upTo(N).map((i) => entry(L, i, 0))));
const dA2 = page("E7", "dA2", N, C, (i, j) => {
  const [y, a] = [Y.get(i, j), A2[1].get(i, j)];
  return mean([
    { name: `−Y[${i}, ${j}] / A2[${i}, ${j}]`, numbers: `−${figure(y)} / ${figure(a)}`, value: y === 0 ? 0 : -y / a },
  ]);
});
/** J of a sample: A2_j (δ_jk − A2_k). */
const jacobianSum = (i: number, j: number, k: number): PencilSum => {
  const [aj, ak] = [A2[1].get(i, j), A2[1].get(i, k)];
  const one: Term = { name: `A2[${i}, ${j}]`, numbers: figure(aj), value: aj };
  const both: Term = {
    name: `−A2[${i}, ${j}] · A2[${i}, ${k}]`,
    numbers: `(−${figure(aj)} · ${figure(ak)})`,
    value: -aj * ak,
  };
  return plain(j === k ? [one, both] : [both]);
};
page("E8", "J", C, C, (j, k) => jacobianSum(0, j, k));
const jacobians = upTo(N).map((i): Symbol => [`J`, Matrix.generate(C, C, (j, k) => total(jacobianSum(i, j, k).terms))]);
page("E9", "dZ2", N, C, (i, k) => plain(upTo(C).map((j) => product(dA2, i, j, jacobians[i], j, k))));
const dZ2 = page("E10", "dZ2", N, C, (i, k) => mean([entry(A2, i, k), entry(symbols.Y, i, k, -1)]));
page("E11", "dW2", H, C, (h, k) => plain(upTo(N).map((i) => product(A1, i, h, dZ2, i, k))));
page("E12", "db2", 1, C, (_, k) => plain(upTo(N).map((i) => entry(dZ2, i, k))));
const dA1 = page("E13", "dA1", N, H, (i, h) => plain(upTo(C).map((k) => product(dZ2, i, k, symbols.W2, h, k))));
const on = (z: number) => (z > 0 ? 1 : 0);
page("E14", "ReLU′(Z1)", N, H, (i, h) => ({
  terms: [entry(Z1, i, h)],
  finish: on,
  ending: ": 1 if that is above 0, otherwise 0",
  slips: [[0.5, "that is what a central difference sees at 0. What does the convention say?"]],
}));
const dZ1 = page("E15", "dZ1", N, H, (i, h) => {
  const mask = on(Z1[1].get(i, h));
  return {
    terms: upTo(C).map((k) => product(dZ2, i, k, symbols.W2, h, k)),
    finish: (sum) => mask * sum,
    ending: `, times ReLU′(Z1[${i}, ${h}]) = ${mask}`,
    slips: [[dA1[1].get(i, h), `that is dA1[${i}, ${h}]. Is the unit on for this sample?`]],
  };
});
page("E16", "dW1", D, H, (d, h) => plain(upTo(N).map((i) => product(symbols.X, i, d, dZ1, i, h))));
page("E17", "db1", 1, H, (_, h) => plain(upTo(N).map((i) => entry(dZ1, i, h))));

/** What there is to work out with a pencil, by the equation's id. */
export const pencilPages: Readonly<Record<string, PencilPage>> = pages;
