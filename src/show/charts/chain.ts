/** The map: what depends on what, forward and back, with the equation of each arrow. */
import { Chart, type Part } from "./chart";
import { type Arrow, arrows, boxes, type Node, type Words, words } from "./diagram";
import { checkSizes, type Sizes } from "./network";
import { colours, palette } from "./theme";

/** The size of the map in pixels. */
export const CHAIN = { width: 686, height: 384 } as const;

const BOX = { width: 68, height: 44, fontSize: 12 } as const;
const COLUMN = { X: 36, Z1: 138, A1: 240, Z2: 342, A2: 444, L: 546, loss: 648 } as const;
const ROW = { weights: 50, forward: 140, backward: 258, weightGradients: 348 } as const;
/** How far W and b stand to the left and right of the column of their Z. */
const ASIDE = 39;

/** An arrow of the map, its equation, and whether that is written above or below it. */
interface Way {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
  readonly equation: string;
  readonly below?: string;
}

/** Everything on the map. */
export interface Chain {
  /** The quantities, by name: X, Z1, …, L_i, loss, dA2, … The loss has a second box where the way back starts, "start". */
  readonly forwardNodes: Readonly<Record<string, Node>>;
  readonly backwardNodes: Readonly<Record<string, Node>>;
  readonly forwardWays: readonly Way[];
  readonly backwardWays: readonly Way[];
}

/** The map of a network of these sizes. */
export function chainOf({ N, D, H, C }: Sizes & { readonly N: number }): Chain {
  const at = (x: number, y: number, name: string, shape: string): Node => ({ x, y, text: `${name}\n${shape}` });
  const nodes = (list: readonly [x: number, y: number, name: string, shape: string][]) =>
    Object.fromEntries(list.map(([x, y, name, shape]) => [name, at(x, y, name, shape)]));
  const forwardNodes = nodes([
    [COLUMN.X, ROW.forward, "X", `${N}×${D}`],
    [COLUMN.Z1, ROW.forward, "Z1", `${N}×${H}`],
    [COLUMN.A1, ROW.forward, "A1", `${N}×${H}`],
    [COLUMN.Z2, ROW.forward, "Z2", `${N}×${C}`],
    [COLUMN.A2, ROW.forward, "A2", `${N}×${C}`],
    [COLUMN.L, ROW.forward, "L_i", `${N}×1`],
    [COLUMN.loss, ROW.forward, "loss", "1 number"],
    [COLUMN.Z1 - ASIDE, ROW.weights, "W1", `${D}×${H}`],
    [COLUMN.Z1 + ASIDE, ROW.weights, "b1", `1×${H}`],
    [COLUMN.Z2 - ASIDE, ROW.weights, "W2", `${H}×${C}`],
    [COLUMN.Z2 + ASIDE, ROW.weights, "b2", `1×${C}`],
  ]);
  const backwardNodes = {
    ...nodes([
      [COLUMN.Z1, ROW.backward, "dZ1", `${N}×${H}`],
      [COLUMN.A1, ROW.backward, "dA1", `${N}×${H}`],
      [COLUMN.Z2, ROW.backward, "dZ2", `${N}×${C}`],
      [COLUMN.A2, ROW.backward, "dA2", `${N}×${C}`],
      [COLUMN.Z1 - ASIDE, ROW.weightGradients, "dW1", `${D}×${H}`],
      [COLUMN.Z1 + ASIDE, ROW.weightGradients, "db1", `1×${H}`],
      [COLUMN.Z2 - ASIDE, ROW.weightGradients, "dW2", `${H}×${C}`],
      [COLUMN.Z2 + ASIDE, ROW.weightGradients, "db2", `1×${C}`],
    ]),
    start: at(COLUMN.loss, ROW.backward, "start", "slope 1"),
  };
  const half = BOX.width / 2 + 2;
  const across = (y: number, from: number, to: number, equation: string, below?: string): Way => {
    const way = Math.sign(to - from);
    return { x: from + way * half, y, x2: to - way * half, y2: y, equation, below };
  };
  const down = (from: number, y: number, to: number, y2: number, equation: string): Way => ({
    x: from,
    y: y + BOX.height / 2 + 2,
    x2: to,
    y2: y2 - BOX.height / 2 - 2,
    equation,
  });
  return {
    forwardNodes,
    backwardNodes,
    forwardWays: [
      across(ROW.forward, COLUMN.X, COLUMN.Z1, "E1"),
      across(ROW.forward, COLUMN.Z1, COLUMN.A1, "E2"),
      across(ROW.forward, COLUMN.A1, COLUMN.Z2, "E3"),
      across(ROW.forward, COLUMN.Z2, COLUMN.A2, "E4"),
      across(ROW.forward, COLUMN.A2, COLUMN.L, "E5"),
      across(ROW.forward, COLUMN.L, COLUMN.loss, "E6"),
      down(COLUMN.Z1 - ASIDE, ROW.weights, COLUMN.Z1 - 14, ROW.forward, ""),
      down(COLUMN.Z1 + ASIDE, ROW.weights, COLUMN.Z1 + 14, ROW.forward, ""),
      down(COLUMN.Z2 - ASIDE, ROW.weights, COLUMN.Z2 - 14, ROW.forward, ""),
      down(COLUMN.Z2 + ASIDE, ROW.weights, COLUMN.Z2 + 14, ROW.forward, ""),
    ],
    backwardWays: [
      across(ROW.backward, COLUMN.loss, COLUMN.A2, "E7"),
      across(ROW.backward, COLUMN.A2, COLUMN.Z2, "E9", "E8"),
      across(ROW.backward, COLUMN.Z2, COLUMN.A1, "E13"),
      across(ROW.backward, COLUMN.A1, COLUMN.Z1, "E15", "E14"),
      down(COLUMN.Z2 - 14, ROW.backward, COLUMN.Z2 - ASIDE, ROW.weightGradients, "E11"),
      down(COLUMN.Z2 + 14, ROW.backward, COLUMN.Z2 + ASIDE, ROW.weightGradients, "E12"),
      down(COLUMN.Z1 - 14, ROW.backward, COLUMN.Z1 - ASIDE, ROW.weightGradients, "E16"),
      down(COLUMN.Z1 + 14, ROW.backward, COLUMN.Z1 + ASIDE, ROW.weightGradients, "E17"),
    ],
  };
}

/**
 * The layers of a Vega-Lite specification that draw the map.
 *
 * @param done the equations that get a ✓
 */
export function chainLayers(
  { forwardNodes, backwardNodes, forwardWays, backwardWays }: Chain,
  done: readonly string[] = [],
): Part[] {
  const coloured = (list: readonly Way[], colour: string): Arrow[] =>
    list.map(({ x, y, x2, y2 }) => ({ x, y, x2, y2, colour, width: 2 }));
  const ticked = (equation: string) => (done.includes(equation) ? `✓ ${equation}` : equation);
  const colourOf = (equation: string, colour: string) => (done.includes(equation) ? palette.green : colour);
  const named = (list: readonly Way[], colour: string): Words[] =>
    list.flatMap(({ x, y, x2, y2, equation, below }) => {
      const level = y === y2;
      const place = { x: (x + x2) / 2 + (level ? 0 : Math.sign(x2 - x) * 22), y: (y + y2) / 2 };
      const above = {
        ...place,
        y: place.y - (level ? 11 : 0),
        text: ticked(equation),
        colour: colourOf(equation, colour),
      };
      if (below === undefined) return [above];
      return [above, { ...place, y: place.y + 12, text: ticked(below), colour: colourOf(below, colour) }];
    });
  // E10 goes from the loss to dZ2 at once: up, across and down again
  const above = ROW.backward - 48;
  const boxTop = ROW.backward - BOX.height / 2 - 2;
  const shortcut: Arrow[] = [
    { x: COLUMN.loss, y: boxTop, x2: COLUMN.loss, y2: above, head: false },
    { x: COLUMN.loss, y: above, x2: COLUMN.Z2, y2: above, head: false },
    { x: COLUMN.Z2, y: above, x2: COLUMN.Z2, y2: boxTop },
  ].map((arrow) => ({ ...arrow, colour: colours.backward, width: 1.5, dashed: true }));
  const painted = (list: Readonly<Record<string, Node>>, fill: string, stroke: string) =>
    Object.values(list).map((node) => ({ ...node, fill, stroke }));
  return [
    arrows(coloured(forwardWays, colours.forward)),
    arrows(coloured(backwardWays, colours.backward)),
    arrows(shortcut),
    words(named(forwardWays, colours.forward), { bold: true, fontSize: 11.5 }),
    words(named(backwardWays, colours.backward), { bold: true, fontSize: 11.5 }),
    words(
      [
        {
          x: (COLUMN.loss + COLUMN.Z2) / 2,
          y: above - 11,
          text: `${ticked("E10")}: E7, E8 and E9 at once, A2 − Y`,
          colour: colourOf("E10", colours.backward),
        },
      ],
      { fontSize: 11.5 },
    ),
    boxes(painted(forwardNodes, "#e3eff7", colours.forward), BOX),
    boxes(painted(backwardNodes, "#fbe6d8", colours.backward), BOX),
    words(
      [
        { x: COLUMN.X, y: ROW.forward - 40, text: "forward", colour: colours.forward },
        { x: COLUMN.X, y: ROW.backward, text: "gradients", colour: colours.backward },
      ],
      { bold: true, fontSize: 13.5 },
    ),
  ];
}

/** Boxes of the map in the colour of what is looked at, to lay over it. */
export function marked(nodes: readonly Node[], transform: readonly Part[]): Part {
  return boxes(
    nodes.map((node) => ({ ...node, fill: palette.yellow })),
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
    description: `The dependency chain: X, W1, b1 → Z1 → A1, with W2, b2 → Z2 → A2 → L_i → loss, and back: dA2, dZ2, then dW2, db2 and dA1, dZ1, then dW1, db1. Shapes for N = ${N}, D = ${D}, H = ${H}, C = ${C}.${ticks}`,
    spec: { ...CHAIN, layer: chainLayers(chainOf({ N, D, H, C }), done) },
  });
}
