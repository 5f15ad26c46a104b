/** The network drawn, and the chain of what depends on what. */
import { checkWhole } from "../../shapes";
import { Chart } from "./chart";
import { type Arrow, arrows, between, boxes, type Node, type Words, words } from "./diagram";
import { colours, palette } from "./theme";

/** The sizes of a network; N, the number of samples, where it matters. */
export interface Sizes {
  /** D, the number of inputs. */
  readonly D: number;
  /** H, the number of hidden units. */
  readonly H: number;
  /** C, the number of classes. */
  readonly C: number;
}

const MOST_NODES = 6;

/**
 * The network with its one hidden layer: D inputs, H hidden units, C classes. Of a layer with more than six units the first
 * ones and the last one are drawn.
 *
 * @param sizes D, H and C
 * @throws if a size is not a whole number of at least 1
 */
export function networkDiagram({ D, H, C }: Sizes): Chart {
  checkSizes("networkDiagram", { D, H, C });
  const layers = [
    { x: 70, size: D, letter: "x", index: "D", fill: "#e3eff7", stroke: palette.blue },
    { x: 320, size: H, letter: "A1", index: "H", fill: "#fdf1da", stroke: palette.orange },
    { x: 570, size: C, letter: "A2", index: "C", fill: "#d8f0e8", stroke: palette.green },
  ].map((layer) => ({ ...layer, places: placesOf(layer.size) }));
  const step = 42;
  const height = 60 + step * Math.max(...layers.map(({ places }) => places.length));
  const middle = height / 2 + 22;
  const nodes = layers.map(({ x, places, letter, fill, stroke }) =>
    places.map((index, row) => ({
      x,
      y: middle + (row - (places.length - 1) / 2) * step,
      text: index === undefined ? "⋮" : `${letter}_${index}`,
      fill: index === undefined ? colours.paper : fill,
      stroke: index === undefined ? colours.paper : stroke,
    })),
  );
  const radius = 18;
  const edges: Arrow[] = [0, 1].flatMap((layer) =>
    nodes[layer].flatMap((from) =>
      nodes[layer + 1]
        .filter((to) => from.text !== "⋮" && to.text !== "⋮")
        .map((to) => ({ ...between(from, to, radius, radius), head: false, colour: "#c3ccd5", width: 1 })),
    ),
  );
  const top: Words[] = [
    { x: 70, y: 12, text: `${D} input${D === 1 ? "" : "s"} (D)` },
    { x: 320, y: 12, text: `${H} hidden unit${H === 1 ? "" : "s"} (H)` },
    { x: 570, y: 12, text: `${C} class${C === 1 ? "" : "es"} (C)` },
  ];
  const shapes: Words[] = [
    { x: 195, y: 30, text: `W1 ${D}×${H}, b1 1×${H}`, colour: colours.quiet },
    { x: 445, y: 30, text: `W2 ${H}×${C}, b2 1×${C}`, colour: colours.quiet },
  ];
  const formulas: Words[] = [
    { x: 70, y: height + 14, text: `X: one sample a row` },
    { x: 320, y: height + 14, text: "Z1 = X W1 + b1\nA1 = ReLU(Z1)" },
    { x: 570, y: height + 14, text: "Z2 = A1 W2 + b2\nA2 = softmax(Z2)" },
  ];
  return new Chart({
    title: "The network: one hidden layer",
    subtitle:
      "Every line is a weight. Each hidden unit adds up all inputs, each class all hidden units, and then a bias.",
    description: `A network of ${D} inputs, ${H} hidden units with ReLU and ${C} classes with softmax. W1 is ${D}×${H}, b1 1×${H}, W2 ${H}×${C}, b2 1×${C}.`,
    spec: {
      width: 640,
      height: height + 40,
      layer: [
        arrows(edges),
        boxes(nodes.flat(), { width: 2 * radius, height: 2 * radius, radius, fontSize: 10.5 }),
        words(top, { bold: true, fontSize: 13 }),
        words(shapes, { halo: true, fontSize: 12.5 }),
        words(formulas, { fontSize: 13 }),
      ],
    },
  });
}

/**
 * What depends on what, forward in blue and gradients backward in orange, each quantity with its shape and each arrow with the
 * equation that it stands for.
 *
 * @param sizes N, D, H and C
 * @throws if a size is not a whole number of at least 1
 */
export function dependencyChain({ N, D, H, C }: Sizes & { readonly N: number }): Chart {
  checkSizes("dependencyChain", { N, D, H, C });
  const box = { width: 74, height: 44, fontSize: 12 };
  const column = { X: 40, Z1: 165, A1: 285, Z2: 405, A2: 517, loss: 625 };
  const rowOf = { weights: 50, forward: 140, backward: 255, weightGradients: 345 };
  const at = (x: number, y: number, name: string, shape: string) => ({ x, y, text: `${name}\n${shape}` });
  const forwardNodes = [
    at(column.X, rowOf.forward, "X", `${N}×${D}`),
    at(column.Z1, rowOf.forward, "Z1", `${N}×${H}`),
    at(column.A1, rowOf.forward, "A1", `${N}×${H}`),
    at(column.Z2, rowOf.forward, "Z2", `${N}×${C}`),
    at(column.A2, rowOf.forward, "A2", `${N}×${C}`),
    at(column.loss, rowOf.forward, "loss", "1 number"),
    at(column.Z1 - 42, rowOf.weights, "W1", `${D}×${H}`),
    at(column.Z1 + 42, rowOf.weights, "b1", `1×${H}`),
    at(column.Z2 - 42, rowOf.weights, "W2", `${H}×${C}`),
    at(column.Z2 + 42, rowOf.weights, "b2", `1×${C}`),
  ];
  const backwardNodes = [
    at(column.Z1, rowOf.backward, "dZ1", `${N}×${H}`),
    at(column.A1, rowOf.backward, "dA1", `${N}×${H}`),
    at(column.Z2, rowOf.backward, "dZ2", `${N}×${C}`),
    at(column.A2, rowOf.backward, "dA2", `${N}×${C}`),
    at(column.loss, rowOf.backward, "loss", "∂loss/∂loss = 1"),
    at(column.Z1 - 42, rowOf.weightGradients, "dW1", `${D}×${H}`),
    at(column.Z1 + 42, rowOf.weightGradients, "db1", `1×${H}`),
    at(column.Z2 - 42, rowOf.weightGradients, "dW2", `${H}×${C}`),
    at(column.Z2 + 42, rowOf.weightGradients, "db2", `1×${C}`),
  ];
  const half = box.width / 2 + 2;
  const across = (y: number, from: number, to: number, equation: string) => {
    const way = Math.sign(to - from);
    return { x: from + way * half, y, x2: to - way * half, y2: y, equation };
  };
  const down = (from: number, y: number, to: number, y2: number, equation: string) => ({
    x: from,
    y: y + box.height / 2 + 2,
    x2: to,
    y2: y2 - box.height / 2 - 2,
    equation,
  });
  const forwardArrows = [
    across(rowOf.forward, column.X, column.Z1, "E1"),
    across(rowOf.forward, column.Z1, column.A1, "E2"),
    across(rowOf.forward, column.A1, column.Z2, "E3"),
    across(rowOf.forward, column.Z2, column.A2, "E4"),
    across(rowOf.forward, column.A2, column.loss, "E6"),
    down(column.Z1 - 42, rowOf.weights, column.Z1 - 14, rowOf.forward, ""),
    down(column.Z1 + 42, rowOf.weights, column.Z1 + 14, rowOf.forward, ""),
    down(column.Z2 - 42, rowOf.weights, column.Z2 - 14, rowOf.forward, ""),
    down(column.Z2 + 42, rowOf.weights, column.Z2 + 14, rowOf.forward, ""),
  ];
  const backwardArrows = [
    across(rowOf.backward, column.loss, column.A2, "E7"),
    across(rowOf.backward, column.A2, column.Z2, "E9"),
    across(rowOf.backward, column.Z2, column.A1, "E13"),
    across(rowOf.backward, column.A1, column.Z1, "E15"),
    down(column.Z2 - 14, rowOf.backward, column.Z2 - 42, rowOf.weightGradients, "E11"),
    down(column.Z2 + 14, rowOf.backward, column.Z2 + 42, rowOf.weightGradients, "E12"),
    down(column.Z1 - 14, rowOf.backward, column.Z1 - 42, rowOf.weightGradients, "E16"),
    down(column.Z1 + 14, rowOf.backward, column.Z1 + 42, rowOf.weightGradients, "E17"),
  ];
  const coloured = (list: typeof forwardArrows, colour: string): Arrow[] =>
    list.map((arrow) => ({ ...arrow, colour, width: 2 }));
  const named = (list: typeof forwardArrows, colour: string): Words[] =>
    list.map(({ x, y, x2, y2, equation }) => {
      const level = y === y2;
      return {
        x: (x + x2) / 2 + (level ? 0 : Math.sign(x2 - x) * 20),
        y: (y + y2) / 2 - (level ? 11 : 0),
        text: equation,
        colour,
      };
    });
  // E10 goes from the loss to dZ2 at once: up, across and down again
  const above = rowOf.backward - 48;
  const boxTop = rowOf.backward - box.height / 2 - 2;
  const shortcut: Arrow[] = [
    { x: column.loss, y: boxTop, x2: column.loss, y2: above, head: false },
    { x: column.loss, y: above, x2: column.Z2, y2: above, head: false },
    { x: column.Z2, y: above, x2: column.Z2, y2: boxTop },
  ].map((arrow) => ({ ...arrow, colour: colours.backward, width: 1.5, dashed: true }));
  const painted = (list: readonly Node[], fill: string, stroke: string) =>
    list.map((node) => ({ ...node, fill, stroke }));
  return new Chart({
    title: "Forward one way, gradients back the other",
    subtitle:
      "Blue: each quantity is made from what its arrows bring. Orange: its gradient, in the same shape; most need blue numbers, too.",
    description: `The dependency chain: X, W1, b1 → Z1 → A1, with W2, b2 → Z2 → A2 → loss, and back: dA2, dZ2, then dW2, db2 and dA1, dZ1, then dW1, db1. Shapes for N = ${N}, D = ${D}, H = ${H}, C = ${C}.`,
    spec: {
      width: 664,
      height: 380,
      layer: [
        arrows(coloured(forwardArrows, colours.forward)),
        arrows(coloured(backwardArrows, colours.backward)),
        arrows(shortcut),
        words(named(forwardArrows, colours.forward), { bold: true, fontSize: 11.5 }),
        words(named(backwardArrows, colours.backward), { bold: true, fontSize: 11.5 }),
        words(
          [
            {
              x: (column.loss + column.Z2) / 2,
              y: above - 11,
              text: "E10: E7 and E9 at once, A2 − Y",
              colour: colours.backward,
            },
          ],
          { fontSize: 11.5 },
        ),
        boxes(painted(forwardNodes, "#e3eff7", colours.forward), box),
        boxes(painted(backwardNodes, "#fbe6d8", colours.backward), box),
        words(
          [
            { x: column.X, y: rowOf.forward - 40, text: "forward", colour: colours.forward },
            { x: column.X, y: rowOf.backward, text: "gradients", colour: colours.backward },
          ],
          { bold: true, fontSize: 13.5 },
        ),
      ],
    },
  });
}

/** The indices that are drawn of a layer; `undefined` for the ellipsis. */
function placesOf(size: number): (number | undefined)[] {
  const all = Array.from({ length: size }, (_, k) => k);
  return size <= MOST_NODES ? all : [...all.slice(0, MOST_NODES - 2), undefined, size - 1];
}

function checkSizes(fn: string, sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) checkWhole(fn, name, size, 1);
}
