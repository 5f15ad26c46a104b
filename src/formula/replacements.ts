/** Changes that put something else in the place of a node: sums of other matrices, other labels, a number that is in scope. */
import { type Found, isMatrix, type Spot, unit } from "./change";
import { functions } from "./functions";
import { text } from "./print";
import {
  binary,
  call,
  type Entry,
  type Index,
  type Node,
  nodes,
  number,
  type Over,
  type Shape,
  type Step,
} from "./tree";

/** A matrix whose rows, or columns, are as long, and that has more or fewer of them. */
export function otherSums({ formula: { shapes }, node, step, replaced, scope }: Spot): Found[] {
  if (node.kind !== "over" || node.how !== "Σ") return [];
  if (node.of.kind === "entry") return summed(node, node.of);
  const { of } = node;
  if (of.kind !== "binary" || of.op !== "·" || of.left.kind !== "entry" || of.right.kind !== "entry") return [];
  const [left, right] = [of.left, of.right];
  return [
    ...factored(left, (entry) => binary("·", entry, right)),
    ...factored(right, (entry) => binary("·", left, entry)),
  ];

  /** Σ_i M[i,h] of another M: as many columns, other rows. */
  function summed(sum: Over, entry: Entry): Found[] {
    const side = entry.at[0].letter === sum.index ? 0 : 1;
    return others(entry, side).map((name) => ({
      ...said(name, entry.name),
      body: replaced({ ...sum, index: "q", of: withIndex({ ...entry, name }, side, { letter: "q" }) }),
      step: { ranges: { ...step.ranges, q: shapes[name][side] } },
    }));
  }

  /** A factor with as long a row or column to be summed over, and another size where the result's own index is. */
  function factored(entry: Entry, product: (other: Entry) => Node): Found[] {
    if (node !== step.body) return [];
    const side = entry.at[0].letter === (node as Over).index ? 1 : 0;
    const letter = entry.at[side].letter;
    if (letter === undefined || !step.at.includes(letter)) return [];
    return others(entry, side).map((name) => {
      const size = shapes[name][side];
      const [row, col] = step.at.map((at, k) => (at === letter ? size : step.shape[k]));
      return {
        ...said(name, entry.name),
        body: replaced({ ...(node as Over), of: product({ ...entry, name }) }),
        step: { shape: [row, col] as Shape, ranges: { ...step.ranges, [letter]: size } },
      };
    });
  }

  /** Those of the same size on the side that is not looked at, and of another on this one. */
  function others(entry: Entry, side: 0 | 1): string[] {
    const own = shapes[entry.name];
    return scope.filter((name) => {
      const shape = shapes[name];
      return isMatrix(shape) && shape[1 - side] === own?.[1 - side] && shape[side] !== own[side];
    });
  }
}

function said(name: string, instead: string) {
  return {
    id: `${name}-instead-of-${instead}`,
    said: `${name} stands where ${instead} belongs.`,
    hint: `Which matrix does the equation ask for there? Write the shapes below.`,
    cost: 3,
  };
}

function withIndex(entry: Entry, side: 0 | 1, index: Index): Entry {
  return { ...entry, at: side === 0 ? [index, entry.at[1]] : [entry.at[0], index] };
}

/** The class that another matrix prefers, in the place of a label. */
export function predictedLabels({ formula: { shapes }, node, replaced, scope }: Spot): Found[] {
  if (node.kind !== "entry" || node.name !== "Y") return [];
  const [row, col] = node.at;
  const shape = shapes.Y;
  return scope
    .filter((name) => name !== "Y" && shapes[name]?.join() === shape.join())
    .map((name) => {
      const largest: Node = {
        kind: "over",
        how: "max",
        index: "q",
        of: { kind: "entry", name, at: [row, { letter: "q" }] },
      };
      const own: Entry = { kind: "entry", name, at: [row, col] };
      const other: Entry = { kind: "entry", name, at: [row, { letter: "r" }] };
      // Where several are the largest, they share the label.
      const ties: Node = { kind: "over", how: "Σ", index: "r", of: call("off", binary("−", largest, other)) };
      const before: Step = {
        name: "label new",
        at: [row.letter, col.letter],
        shape,
        ranges: { [row.letter as string]: shape[0], [col.letter as string]: shape[1], q: shape[1], r: shape[1] },
        body: binary("/", call("off", binary("−", largest, own)), ties),
      };
      return {
        id: `largest-of-${name}-instead-of-Y`,
        said: `The class where ${name} is largest stands where the label belongs.`,
        hint: "Who says which class is the true one: the network, or Y?",
        cost: 3,
        body: replaced({ ...node, name: before.name }),
        before,
      };
    });
}

/** A number among the arguments, as a factor where it is none, or below the bar. */
export function numbersInScope({ formula: { shapes }, node, replaced, scope }: Spot): Found[] {
  if (node.kind === "number" || node.kind === "size" || node.kind === "equal") return [];
  if (node.kind === "entry" && !isMatrix(shapes[node.name])) return [];
  const what = text(node, 3);
  if (what.length > 40) return [];
  return scope
    .filter((name) => shapes[name]?.join() === "1,1")
    .flatMap((name): Found[] => {
      const p: Entry = { kind: "entry", name, at: [{ fixed: 0 }, { fixed: 0 }] };
      const rest = binary("−", number(1), p);
      const ways: readonly [string, string, Node][] = [
        [`times-${name}`, `${what} is multiplied by ${name}`, binary("·", node, p)],
        [`over-${name}`, `${what} is divided by ${name}`, binary("/", node, p)],
        [`times-1−${name}`, `${what} is multiplied by 1 − ${name}`, binary("·", node, rest)],
        [`over-1−${name}`, `${what} is divided by 1 − ${name}`, binary("/", node, rest)],
        [`plus-${name}`, `${name} is added to ${what}`, binary("+", node, p)],
        [`minus-${name}`, `${name} is subtracted from ${what}`, binary("−", node, p)],
      ];
      return ways.map(([id, way, body], k) => ({
        id: `${what}-${id}`,
        said: `The same as where ${way}.`,
        hint: `Where does ${name} come in, and where not?`,
        cost: 3 + k / 100,
        body: replaced(body),
      }));
    });
}

/** A share that is dealt out among the classes, in the ways that are confused: to all, to the others, C or C − 1 of them. */
export function sharedOut({ node, step, replaced }: Spot): Found[] {
  if (node.kind !== "binary" || node.op !== "/" || node.right.kind !== "size" || node.left.kind !== "entry") return [];
  const { left: share, right: size } = node;
  const label = nodes(step.body).find((other): other is Entry => other.kind === "entry" && other.name === "Y");
  const fewer = binary("−", size, number(1));
  const what = share.name;
  const C = size.letter;
  const ways: [id: string, said: string, body: Node][] = [
    ["whole-share", `${what} itself`, share],
    ["share-of-fewer", `${what}/(${C} − 1)`, binary("/", share, fewer)],
  ];
  if (label !== undefined) {
    const others = binary("−", number(1), label);
    ways.push(
      ["whole-share-of-others", `${what} for each class but the true one`, binary("·", share, others)],
      ["share-of-others", `${what}/${C} for each class but the true one`, binary("·", node, others)],
      [
        "share-of-fewer-others",
        `${what}/(${C} − 1) for each class but the true one`,
        binary("·", binary("/", share, fewer), others),
      ],
    );
  }
  return ways.map(([id, words, body]) => ({
    id,
    said: `The same as with ${words} where ${what}/${C} belongs.`,
    hint: `How is ${what} dealt out among the ${unit[C] ?? "row"}${C === "C" ? "es" : "s"}? What do the shares sum to?`,
    cost: 3,
    body: replaced(body),
  }));
}

/** A function of a difference, a product or a sum that goes on without one. */
export function expressions({ node, replaced }: Spot): Found[] {
  if (node.kind !== "binary" && node.kind !== "over") return [];
  const what = text(node, 3);
  if (what.length > 60) return [];
  return (["abs", "square", "ReLU", "sign", "exp", "ln", "sqrt", "sigmoid", "tanh"] as const).map((f, k) => ({
    id: `${f}-of-expression`,
    said: `${functions[f].text} is taken of ${what}.`.replace(/^./, (c) => c.toUpperCase()),
    hint: "What is done to the numbers on their way?",
    cost: 3 + k / 100,
    body: replaced(call(f, node)),
  }));
}
