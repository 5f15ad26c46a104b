/** The network drawn. */
import { checkWhole } from "../../shapes";
import { Chart } from "./chart";
import { type Arrow, arrows, between, boxes, type Words, words } from "./diagram";
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

/** The indices that are drawn of a layer; `undefined` for the ellipsis. */
function placesOf(size: number): (number | undefined)[] {
  const all = Array.from({ length: size }, (_, k) => k);
  return size <= MOST_NODES ? all : [...all.slice(0, MOST_NODES - 2), undefined, size - 1];
}

/** @throws if a size is not a whole number of at least 1 */
export function checkSizes(fn: string, sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) checkWhole(fn, name, size, 1);
}
