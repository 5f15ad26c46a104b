/** Formulas in index notation as trees: `Z1[i,h] = Σ_k X[i,k] · W1[k,h] + b1[h]`. */
import type { FunctionName } from "./functions";

/** One index of an entry: `i`, the one after it, or a fixed place. */
export interface Index {
  /** The letter; none where the place is fixed. */
  readonly letter?: string;
  /** How many places further on: 1 in X[i+1,k]. Beyond the end it starts anew, */
  readonly shift?: number;
  /** or there is nothing, which counts as 0. */
  readonly edge?: "nothing";
  /** The place itself, counted from 0, or from the end if negative: −1 is the last one. */
  readonly fixed?: number;
}

/** An entry of a matrix, or a number that goes by a name. */
export interface Entry {
  readonly kind: "entry";
  readonly name: string;
  readonly at: readonly [Index, Index];
  /**
   * The size that row · size + column is counted with, where that is not the matrix's own number of columns: what comes of
   * `data[i * size + k]`.
   */
  readonly stride?: string;
}

/** A sum, a mean, a maximum … over an index. */
export interface Over {
  readonly kind: "over";
  readonly how: "Σ" | "mean" | "max" | "min" | "Π";
  readonly index: string;
  readonly of: Node;
  /** The places left out: the first, the last, all but the first or the last, or those from the size of that name on. */
  readonly without?: "first" | "last" | "all but the first" | "all but the last" | "the first two" | "the last two";
  /** Another size's letter as the loop's bound. */
  readonly until?: string;
}

/** A formula's tree. */
export type Node =
  | { readonly kind: "number"; readonly value: number }
  /** A size by its letter, as a number: N. */
  | { readonly kind: "size"; readonly letter: string }
  | Entry
  | Over
  /** `×` is a product that does not count 0 · ∞ as 0, as floating point does not; `:` is such a quotient. */
  | {
      readonly kind: "binary";
      readonly op: "+" | "−" | "·" | "/" | "×" | ":";
      readonly left: Node;
      readonly right: Node;
    }
  | { readonly kind: "negative"; readonly of: Node }
  | { readonly kind: "call"; readonly name: FunctionName; readonly args: readonly Node[] }
  /** [j = k]: 1 where two indices are equal, 0 elsewhere. */
  | { readonly kind: "equal"; readonly left: string; readonly right: string };

/** A matrix's shape in letters; "1" stands for a single row or column. */
export type Shape = readonly [rows: string, cols: string];

/** A named step: the entries of one matrix, stated for every pair of its indices. */
export interface Step {
  readonly name: string;
  /** The letters of its row and its column; none where there is only one. */
  readonly at: readonly [string | undefined, string | undefined];
  readonly shape: Shape;
  /** The size that each index runs through. */
  readonly ranges: Readonly<Record<string, string>>;
  readonly body: Node;
}

/** A formula: named steps, the last of which is the result. */
export interface Formula {
  readonly steps: readonly Step[];
  /** The shapes of what it is computed from, and of its steps. */
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** A number as a node. */
export const number = (value: number): Node => ({ kind: "number", value });

/** A function of one node. */
export const call = (name: FunctionName, ...args: Node[]): Node => ({ kind: "call", name, args });

/** Two nodes joined by an operation. */
export function binary(op: "+" | "−" | "·" | "/" | "×" | ":", left: Node, right: Node): Node {
  return { kind: "binary", op, left, right };
}

/** The nodes right below one. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case "over":
    case "negative":
      return [node.of];
    case "binary":
      return [node.left, node.right];
    case "call":
      return node.args;
    default:
      return [];
  }
}

/** The node with other ones right below it, as many as before. */
export function withChildren(node: Node, below: readonly Node[]): Node {
  switch (node.kind) {
    case "over":
    case "negative":
      return { ...node, of: below[0] };
    case "binary":
      return { ...node, left: below[0], right: below[1] };
    case "call":
      return { ...node, args: below };
    default:
      return node;
  }
}

/** Every node of a tree, each with what the tree is when another one stands in its place. */
export function places(root: Node): { readonly node: Node; readonly replaced: (by: Node) => Node }[] {
  const found = [{ node: root, replaced: (by: Node) => by }];
  for (const [k, child] of children(root).entries()) {
    for (const { node, replaced } of places(child)) {
      found.push({
        node,
        replaced: (by) =>
          withChildren(
            root,
            children(root).map((other, o) => (o === k ? replaced(by) : other)),
          ),
      });
    }
  }
  return found;
}

/** Every node of a tree, the root first. */
export function nodes(root: Node): Node[] {
  return [root, ...children(root).flatMap(nodes)];
}

/** A tree with every node, from below, put through a function. */
export function mapped(root: Node, change: (node: Node) => Node): Node {
  return change(
    withChildren(
      root,
      children(root).map((child) => mapped(child, change)),
    ),
  );
}

/** A tree with one letter in place of another. */
export function renamed(root: Node, letters: Readonly<Record<string, string>>): Node {
  const other = (letter: string) => letters[letter] ?? letter;
  return mapped(root, (node) => {
    if (node.kind === "entry") {
      const [row, col] = node.at.map((at) => (at.letter === undefined ? at : { ...at, letter: other(at.letter) }));
      return { ...node, at: [row, col] };
    }
    if (node.kind === "over") return { ...node, index: other(node.index) };
    if (node.kind === "equal") return { ...node, left: other(node.left), right: other(node.right) };
    return node;
  });
}

/** The matrices and numbers that a tree reads. */
export function namesIn(root: Node): Set<string> {
  return new Set(nodes(root).flatMap((node) => (node.kind === "entry" ? [node.name] : [])));
}
