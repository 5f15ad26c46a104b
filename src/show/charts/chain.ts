/** The map: what depends on what, forward and back, with the equation of each arrow. */
import { Chart, type Part } from "./chart";
import { type Arrow, along, arrows, boxes, type Node, type Place, plane, type Words, words } from "./diagram";
import { checkSizes, type Sizes } from "./network";
import type { Shade } from "./theme";

/** The size of the map in pixels. */
export const CHAIN = { width: 686, height: 384 } as const;

const BOX = { width: 60, height: 44, fontSize: 12 } as const;
/** Between a box and an arrow. */
const GAP = 2;

/** Where quantities stand; W and b are to the left and right of the Z that they lead to. */
const COLUMN = { X: 36, Z1: 138, A1: 240, Z2: 342, A2: 444, L: 546, loss: 648 } as const;
const ROW = { weights: 50, forward: 140, backward: 258, weightGradients: 348 } as const;
const ASIDE = { W: -39, b: 39 } as const;

/** An arrow from one quantity to another, with the equation above it, and another one below. */
type Step = readonly [from: string, to: string, equation?: string, below?: string];

/** One way through the map. */
interface Way {
  /** The quantities by name. */
  readonly boxes: Readonly<Record<string, Node>>;
  readonly steps: readonly Step[];
  readonly colour: Shade;
  readonly fill: Shade;
}

/** Everything on the map. The loss has a second box where the way back starts, "start". */
export interface Chain {
  readonly forward: Way;
  readonly backward: Way;
}

/** The map of a network of these sizes. */
export function chainOf({ N, D, H, C }: Sizes & { readonly N: number }): Chain {
  const box = (column: keyof typeof COLUMN, row: keyof typeof ROW, name: string, shape: string, aside = 0) => [
    name,
    { x: COLUMN[column] + aside, y: ROW[row], text: `${name}\n${shape}` },
  ];
  return {
    forward: {
      boxes: Object.fromEntries([
        box("X", "forward", "X", `${N}×${D}`),
        box("Z1", "forward", "Z1", `${N}×${H}`),
        box("A1", "forward", "A1", `${N}×${H}`),
        box("Z2", "forward", "Z2", `${N}×${C}`),
        box("A2", "forward", "A2", `${N}×${C}`),
        box("L", "forward", "Lᵢ", `${N}×1`),
        box("loss", "forward", "loss", "1×1"),
        box("Z1", "weights", "W1", `${D}×${H}`, ASIDE.W),
        box("Z1", "weights", "b1", `1×${H}`, ASIDE.b),
        box("Z2", "weights", "W2", `${H}×${C}`, ASIDE.W),
        box("Z2", "weights", "b2", `1×${C}`, ASIDE.b),
      ]),
      steps: [
        ["X", "Z1", "E1"],
        ["Z1", "A1", "E2"],
        ["A1", "Z2", "E3"],
        ["Z2", "A2", "E4"],
        ["A2", "Lᵢ", "E5"],
        ["Lᵢ", "loss", "E6"],
        ["W1", "Z1"],
        ["b1", "Z1"],
        ["W2", "Z2"],
        ["b2", "Z2"],
      ],
      colour: "blue",
      fill: "blueWash",
    },
    backward: {
      boxes: Object.fromEntries([
        box("Z1", "backward", "dZ1", `${N}×${H}`),
        box("A1", "backward", "dA1", `${N}×${H}`),
        box("Z2", "backward", "dZ2", `${N}×${C}`),
        box("A2", "backward", "dA2", `${N}×${C}`),
        box("loss", "backward", "start", "1"),
        box("Z1", "weightGradients", "dW1", `${D}×${H}`, ASIDE.W),
        box("Z1", "weightGradients", "db1", `1×${H}`, ASIDE.b),
        box("Z2", "weightGradients", "dW2", `${H}×${C}`, ASIDE.W),
        box("Z2", "weightGradients", "db2", `1×${C}`, ASIDE.b),
      ]),
      steps: [
        ["start", "dA2", "E7"],
        ["dA2", "dZ2", "E9", "E8"],
        ["dZ2", "dA1", "E13"],
        ["dA1", "dZ1", "E15", "E14"],
        ["dZ2", "dW2", "E11"],
        ["dZ2", "db2", "E12"],
        ["dZ1", "dW1", "E16"],
        ["dZ1", "db1", "E17"],
      ],
      colour: "vermillion",
      fill: "vermillionWash",
    },
  };
}

/**
 * The layers of a Vega-Lite specification that draw the map.
 *
 * @param done the equations that get a ✓
 */
export function chainLayers({ forward, backward }: Chain, done: readonly string[] = []): Part[] {
  const shortcut = shortcutAbove(backward.boxes.start, backward.boxes.dZ2);
  const named = {
    ...along(shortcut[1], 0.5),
    y: shortcut[1].y - 11,
    text: `${ticked("E10", done)}: E7, E8 and E9 at once, A2 − Y`,
    colour: inkOf("E10", "vermillion", done),
  };
  const ways: Words[] = [
    { x: COLUMN.X, y: ROW.forward - 40, text: "forward", colour: "blue" },
    { x: COLUMN.X, y: ROW.backward, text: "gradients", colour: "vermillion" },
  ];
  return [
    ...drawn(forward, done),
    ...drawn(backward, done),
    arrows(shortcut),
    words([named], { fontSize: 11.5 }),
    words(ways, { bold: true, fontSize: 13.5 }),
  ];
}

/** Arrows, their equations and the boxes of one way. */
function drawn({ boxes: places, steps, colour, fill }: Way, done: readonly string[]): Part[] {
  const lines = steps.map(([from, to, above, below]) => ({ line: edgeToEdge(places[from], places[to]), above, below }));
  const labels = lines.flatMap(({ line, above, below }): Words[] => {
    const { x, y } = along(line, 0.5);
    const isLevel = line.y === line.y2;
    const label = (equation: string | undefined, dy: number) =>
      equation === undefined
        ? []
        : [
            {
              // beside an arrow that goes down, above or below one that goes across
              x: isLevel ? x : x + 22 * Math.sign(line.x2 - line.x),
              y: isLevel ? y + dy : y,
              text: ticked(equation, done),
              colour: inkOf(equation, colour, done),
            },
          ];
    return [...label(above, -11), ...label(below, 12)];
  });
  return [
    arrows(lines.map(({ line }) => ({ ...line, colour, width: 2 }))),
    words(labels, { bold: true, fontSize: 11.5 }),
    boxes(
      Object.values(places).map((node) => ({ ...node, fill, stroke: colour })),
      BOX,
    ),
  ];
}

function ticked(equation: string, done: readonly string[]): string {
  return done.includes(equation) ? `✓ ${equation}` : equation;
}

function inkOf(equation: string, colour: Shade, done: readonly string[]): Shade {
  return done.includes(equation) ? "green" : colour;
}

/** From one box's edge to another's: across if they are level, else down, a little inwards at the box in the middle. */
function edgeToEdge(from: Place, to: Place): Arrow {
  if (from.y === to.y) {
    const half = Math.sign(to.x - from.x) * (BOX.width / 2 + GAP);
    return { x: from.x + half, y: from.y, x2: to.x - half, y2: to.y };
  }
  const half = BOX.height / 2 + GAP;
  const inwards = 14 * Math.sign(to.x - from.x);
  const isIntoMiddle = from.y === ROW.weights;
  return {
    x: from.x + (isIntoMiddle ? 0 : inwards),
    y: from.y + half,
    x2: to.x - (isIntoMiddle ? inwards : 0),
    y2: to.y - half,
  };
}

/** E10 goes from the loss to dZ2 at once: up, across and down again. */
function shortcutAbove(from: Place, to: Place): Arrow[] {
  const boxTop = from.y - BOX.height / 2 - GAP;
  const above = from.y - 48;
  const corners = [
    { x: from.x, y: boxTop, x2: from.x, y2: above, head: false },
    { x: from.x, y: above, x2: to.x, y2: above, head: false },
    { x: to.x, y: above, x2: to.x, y2: boxTop },
  ];
  return corners.map((corner) => ({ ...corner, colour: "vermillion" as const, width: 1.5, dashed: true }));
}

/** Boxes of the map in the colour of what is looked at, to lay over it. */
export function marked(nodes: readonly Node[], transform: readonly Part[]): Part {
  return boxes(
    nodes.map((node) => ({ ...node, fill: "yellowWash" as const })),
    BOX,
    transform,
  );
}

/**
 * What depends on what, forward in blue and gradients backward in orange, each quantity with its shape and each arrow with the
 * equation that it stands for.
 *
 * @param sizes N, D, H and C; and `done`, the ids of equations that get a ✓, such as `written()`
 * @throws if a size is not a whole number of at least 1
 */
export function dependencyChain({
  N,
  D,
  H,
  C,
  done = [],
}: Sizes & { readonly N: number; readonly done?: readonly string[] }): Chart {
  checkSizes("dependencyChain", { N, D, H, C });
  const ticks = done.length === 0 ? "" : ` Written and verified: ${done.join(", ")}.`;
  return new Chart({
    title: "Forward one way, gradients back the other",
    subtitle:
      "Blue: each quantity is made from what its arrows bring. Orange: its gradient, in the same shape; most need blue numbers, too.",
    description: `The dependency chain: X, W1, b1 → Z1 → A1, with W2, b2 → Z2 → A2 → Lᵢ → loss, and back: dA2, dZ2, then dW2, db2 and dA1, dZ1, then dW1, db1. Shapes for N = ${N}, D = ${D}, H = ${H}, C = ${C}.${ticks}`,
    spec: plane(CHAIN.width, CHAIN.height, chainLayers(chainOf({ N, D, H, C }), done)),
  });
}
