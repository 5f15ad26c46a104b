/**
 * Boxes, arrows and words on a plane of pixels, as Vega-Lite layers: for pictures of the network and of how its quantities depend on
 * each other.
 */
import type { Part } from "./chart";
import { colours, MONOSPACE } from "./theme";

/** A box or a circle around a point, with words in it. */
export interface Node {
  readonly x: number;
  readonly y: number;
  /** One to three lines. */
  readonly text: string;
  readonly fill?: string;
  readonly stroke?: string;
  readonly ink?: string;
  /** What pointing at it tells. */
  readonly tip?: string;
  /** Whatever a layer's filter asks for. */
  readonly [property: string]: string | number | boolean | undefined;
}

/** A straight arrow from one point to another. */
export interface Arrow {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
  readonly colour?: string;
  readonly width?: number;
  readonly dashed?: boolean;
  /** Whether it has a head; a line without one ends exactly at its end. */
  readonly head?: boolean;
  readonly tip?: string;
  readonly [property: string]: string | number | boolean | undefined;
}

/** Words at a point. */
export interface Words {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly colour?: string;
  readonly [property: string]: string | number | boolean | undefined;
}

/** x and y are pixels: no scale, no axis. */
function at(x: string, y: string): Part {
  return { x: plane(x), y: plane(y) };
}

function plane(field: string): Part {
  return { field, type: "quantitative", scale: null, axis: null };
}

/** A property of the data that is a colour, a width or an angle as it stands. */
function own(field: string, type = "nominal"): Part {
  return { field, type, scale: null, legend: null };
}

/** Boxes of one size with their words. */
export function boxes(
  nodes: readonly Node[],
  { width, height, radius = 8, fontSize = 13 }: { width: number; height: number; radius?: number; fontSize?: number },
  transform: readonly Part[] = [],
): Part {
  const values = nodes.map((node) => ({
    fill: colours.paper,
    stroke: colours.ink,
    ink: colours.ink,
    ...node,
    left: node.x - width / 2,
    right: node.x + width / 2,
    top: node.y - height / 2,
    bottom: node.y + height / 2,
  }));
  return {
    data: { values },
    transform,
    layer: [
      {
        mark: { type: "rect", cornerRadius: radius, strokeWidth: 1.5, aria: false },
        encoding: {
          ...at("left", "top"),
          x2: { field: "right" },
          y2: { field: "bottom" },
          fill: own("fill"),
          stroke: own("stroke"),
          ...tooltip(nodes),
        },
      },
      {
        mark: {
          type: "text",
          fontSize,
          lineBreak: "\n",
          lineHeight: fontSize + 4,
          baseline: "middle",
          // several lines hang from the first one: lift them by half of what hangs below it
          dy: { expr: `-(length(split(datum.text, '\\n')) - 1) * ${(fontSize + 4) / 2}` },
          aria: false,
        },
        encoding: { ...at("x", "y"), text: { field: "text", type: "nominal" }, color: own("ink") },
      },
    ],
  };
}

/** Arrows with their heads. */
export function arrows(list: readonly Arrow[], transform: readonly Part[] = []): Part {
  const values = list.map((arrow) => {
    const angle = Math.atan2(arrow.y2 - arrow.y, arrow.x2 - arrow.x);
    const head = arrow.head === false ? 0 : 5;
    return {
      colour: colours.quiet,
      width: 1.5,
      ...arrow,
      // the line ends where the head begins, the head's tip is the end
      lineX: arrow.x2 - 2 * head * Math.cos(angle),
      lineY: arrow.y2 - 2 * head * Math.sin(angle),
      headX: arrow.x2 - head * Math.cos(angle),
      headY: arrow.y2 - head * Math.sin(angle),
      angle: (angle * 180) / Math.PI,
      dash: arrow.dashed ? "dashed" : "solid",
    };
  });
  return {
    data: { values },
    transform,
    layer: [
      {
        mark: { type: "rule", aria: false },
        encoding: {
          ...at("x", "y"),
          x2: { field: "lineX" },
          y2: { field: "lineY" },
          color: own("colour"),
          strokeWidth: own("width", "quantitative"),
          strokeDash: {
            field: "dash",
            type: "nominal",
            scale: {
              domain: ["solid", "dashed"],
              range: [
                [1, 0],
                [4, 4],
              ],
            },
            legend: null,
          },
        },
      },
      {
        transform: [{ filter: "datum.head !== false" }],
        mark: { type: "point", shape: "triangle-right", filled: true, opacity: 1, size: 90, aria: false },
        encoding: { ...at("headX", "headY"), color: own("colour"), angle: own("angle", "quantitative") },
      },
      // nothing to see: pointing near an arrow is enough to read it
      ...(list.some(({ tip }) => tip !== undefined)
        ? [
            {
              mark: { type: "rule", color: "transparent", strokeWidth: 12, aria: false },
              encoding: { ...at("x", "y"), x2: { field: "x2" }, y2: { field: "y2" }, ...tooltip(list) },
            },
          ]
        : []),
    ],
  };
}

/** Words, on a light ground so that a line behind them does not cross them out. */
export function words(
  list: readonly Words[],
  {
    align = "center",
    fontSize = 12,
    bold = false,
    halo = false,
    mono = false,
  }: { align?: "left" | "center" | "right"; fontSize?: number; bold?: boolean; halo?: boolean; mono?: boolean } = {},
  transform: readonly Part[] = [],
): Part {
  const mark = {
    type: "text",
    align,
    fontSize,
    baseline: "middle",
    fontWeight: bold ? 600 : 400,
    ...(mono && { font: MONOSPACE }),
    lineBreak: "\n",
    lineHeight: fontSize + 4,
    aria: false,
  };
  const encoding = { ...at("x", "y"), text: { field: "text", type: "nominal" } };
  return {
    data: { values: list.map((entry) => ({ colour: colours.ink, ...entry })) },
    transform,
    layer: [
      ...(halo ? [{ mark: { ...mark, stroke: colours.paper, strokeWidth: 5, strokeJoin: "round" }, encoding }] : []),
      { mark, encoding: { ...encoding, color: own("colour") } },
    ],
  };
}

/** Where an arrow between two points starts and ends, if it keeps a distance from each. */
export function between(
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
  gapFrom: number,
  gapTo: number,
): { x: number; y: number; x2: number; y2: number } {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  return { x: from.x + gapFrom * dx, y: from.y + gapFrom * dy, x2: to.x - gapTo * dx, y2: to.y - gapTo * dy };
}

function tooltip(list: readonly { readonly tip?: string }[]): Part {
  return list.some(({ tip }) => tip !== undefined) ? { tooltip: { field: "tip", type: "nominal" } } : {};
}
