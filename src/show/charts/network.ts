/** The network drawn: a circle a unit, a line a weight. */
import { checkWhole } from "../../shapes";
import { Chart } from "./chart";
import { arrows, between, boxes, type Node, plane, words } from "./diagram";
import type { Shade } from "./theme";

/** The sizes of a network. */
export interface Sizes {
  /** D, the number of inputs. */
  readonly D: number;
  /** H, the number of hidden units. */
  readonly H: number;
  /** C, the number of classes. */
  readonly C: number;
}

/** A layer of units, from top to bottom. */
interface Layer {
  readonly x: number;
  readonly size: number;
  readonly fill: Shade;
  readonly stroke: Shade;
  readonly heading: string;
  readonly formula: string;
}

/** Of a larger layer the first units and the last one are drawn. */
const MOST_UNITS = 6;
const RADIUS = 18;
const STEP = 42;
const WIDTH = 640;
/** Above the units: headings, and the shapes of the weights. */
const TOP = 52;

/**
 * The network with its one hidden layer: D inputs, H hidden units, C classes. Of a layer with more than six units the first
 * ones and the last one are drawn.
 *
 * @param sizes D, H and C
 * @throws if a size is not a whole number of at least 1
 */
export function networkDiagram({ D, H, C }: Sizes): Chart {
  checkSizes("networkDiagram", { D, H, C });
  const layers: Layer[] = [
    {
      x: 70,
      size: D,
      fill: "blueWash",
      stroke: "blue",
      heading: count(D, "input", "D"),
      formula: "X: one sample a row",
    },
    {
      x: 320,
      size: H,
      fill: "orangeWash",
      stroke: "orange",
      heading: count(H, "hidden unit", "H"),
      formula: "Z1 = X W1 + b1\nA1 = ReLU(Z1)",
    },
    {
      x: 570,
      size: C,
      fill: "greenWash",
      stroke: "green",
      heading: count(C, "class", "C"),
      formula: "Z2 = A1 W2 + b2\nA2 = softmax(Z2)",
    },
  ];
  const most = Math.max(...layers.map(({ size }) => Math.min(size, MOST_UNITS)));
  const bottom = TOP + STEP * most;
  const units = layers.map((layer) => unitsOf(layer, (TOP + bottom) / 2));
  const drawn = units.map((list) => list.filter(({ text }) => text !== "⋮"));
  const weights = [0, 1].flatMap((k) =>
    drawn[k].flatMap((from) =>
      drawn[k + 1].map((to) => ({ ...between(from, to, RADIUS), head: false, colour: "faint" as const, width: 1 })),
    ),
  );
  return new Chart({
    title: "The network: one hidden layer",
    subtitle:
      "Every line is a weight. Each hidden unit adds up all inputs, each class all hidden units, and then a bias.",
    description: `A network of ${D} inputs, ${H} hidden units with ReLU and ${C} classes with softmax. W1 is ${D}×${H}, b1 1×${H}, W2 ${H}×${C}, b2 1×${C}.`,
    spec: plane(WIDTH, bottom + 52, [
      arrows(weights),
      boxes(units.flat(), { width: 2 * RADIUS, height: 2 * RADIUS, radius: RADIUS, fontSize: 11, fixed: true }),
      words(
        layers.map(({ x, heading }) => ({ x, y: 12, text: heading })),
        { bold: true, fontSize: 13 },
      ),
      words(
        [
          { x: 195, y: 32, text: `W1 ${D}×${H}, b1 1×${H}`, colour: "quiet" },
          { x: 445, y: 32, text: `W2 ${H}×${C}, b2 1×${C}`, colour: "quiet" },
        ],
        { halo: true, fontSize: 12.5 },
      ),
      words(
        layers.map(({ x, formula }) => ({ x, y: bottom + 22, text: formula })),
        { fontSize: 13 },
      ),
    ]),
  });
}

/** `64 inputs (D)` */
function count(size: number, what: string, letter: string): string {
  const plural = what.endsWith("s") ? `${what}es` : `${what}s`;
  return `${size} ${size === 1 ? what : plural} (${letter})`;
}

/** The units of a layer around a height, each with its number; ⋮ stands for those that are not drawn. */
function unitsOf({ x, size, fill, stroke }: Layer, middle: number): Node[] {
  const numbers = Array.from({ length: size }, (_, unit) => String(unit));
  const shown = size <= MOST_UNITS ? numbers : [...numbers.slice(0, MOST_UNITS - 2), "⋮", numbers[size - 1]];
  return shown.map((text, row) => ({
    x,
    y: middle + (row - (shown.length - 1) / 2) * STEP,
    text,
    fill: text === "⋮" ? undefined : fill,
    stroke: text === "⋮" ? ("paper" as Shade) : stroke,
  }));
}

/** Checks that all sizes are whole numbers of at least 1. */
export function checkSizes(fn: string, sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) checkWhole(fn, name, size, 1);
}
