/**
 * Boxes, arrows and words on a plane, as Vega-Lite layers: for pictures of the network and of how its quantities depend on each
 * other. x and y are pixels of a plane as wide as a laptop shows it; on a phone everything moves together sideways.
 */
import type { Part } from "./chart";
import { textWidth } from "./text-width";
import { colours, type Expression, fitted, MONOSPACE, palette, type Shade } from "./theme";

/** A point of the plane. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A box or a circle around a point, with words in it. */
export interface Node extends Place {
  /** One to three lines. */
  readonly text: string;
  readonly fill?: Shade;
  readonly stroke?: Shade;
  /** What pointing at it tells. */
  readonly tip?: string;
  /** Whatever a layer's filter asks for. */
  readonly [property: string]: string | number | boolean | undefined;
}

/** A straight arrow from one point to another. */
export interface Arrow extends Place {
  readonly x2: number;
  readonly y2: number;
  readonly colour?: Shade;
  readonly width?: number;
  readonly dashed?: boolean;
  /** Whether it has a head; a line without one ends exactly at its end. */
  readonly head?: boolean;
  readonly tip?: string;
  readonly [property: string]: string | number | boolean | undefined;
}

/** Words at a point. */
export interface Words extends Place {
  readonly text: string;
  readonly colour?: Shade;
  readonly [property: string]: string | number | boolean | undefined;
}

/** What a laptop's page has beside a diagram: margins alone. */
const BESIDE = 66;

/**
 * A plane with layers on it.
 *
 * @param width of the plane, and of the picture on a laptop
 * @param height of the picture
 * @param layers from `boxes`, `arrows` and `words`
 * @param params what a learner can change
 */
export function plane(width: number, height: number, layers: readonly Part[], params: readonly Part[] = []): Part {
  return {
    width,
    height,
    params: [
      { name: "width", expr: fitted(width, BESIDE) },
      { name: "unit", expr: `width / ${width}` },
      {
        name: "shades",
        expr: `{${Object.entries(palette)
          .map(([name, { expr }]) => `${name}: ${expr}`)
          .join(", ")}}`,
      },
      ...params,
    ],
    layer: layers,
  };
}

/** Where on the screen a point of the plane is. */
const onScreen = (x: string, y: string, suffix = "") => [
  { calculate: `datum.${x} * unit`, as: `px${suffix}` },
  { calculate: `datum.${y}`, as: `py${suffix}` },
];

/** Text is smaller on a phone, but can be read. */
function fontOf(size: number): Expression {
  return { expr: `max(${Math.min(size, 9)}, ${size} * sqrt(unit))` };
}

/** A property of the data that is a position, a width or an angle as it stands. */
function own(field: string): Part {
  return { field, type: "quantitative", scale: null, axis: null };
}

/** A property of the data that is a colour. */
function painted(field: string): Part {
  return { field, type: "nominal", scale: null, legend: null };
}

/** From the names of colours to the colours. */
const paint = (field: string) => ({ calculate: `shades[datum.${field}]`, as: `${field} painted` });

/** Boxes of one size with their words. */
export function boxes(
  nodes: readonly Node[],
  size: { width: number; height: number; radius?: number; fontSize?: number; fixed?: boolean },
  transform: readonly Part[] = [],
): Part {
  const { width, height, radius = 8, fontSize = 13, fixed = false } = size;
  const half = fixed ? String(width / 2) : `${width / 2} * unit`;
  return {
    data: { values: nodes.map((node) => ({ fill: "paper", stroke: "ink", ...node })) },
    transform: [
      ...transform,
      ...onScreen("x", "y"),
      { calculate: `datum.px - ${half}`, as: "left" },
      { calculate: `datum.px + ${half}`, as: "right" },
      { calculate: `datum.py - ${height / 2}`, as: "top" },
      { calculate: `datum.py + ${height / 2}`, as: "bottom" },
      paint("fill"),
      paint("stroke"),
    ],
    layer: [
      {
        mark: { type: "rect", cornerRadius: radius, strokeWidth: 1.5, aria: false },
        encoding: {
          x: own("left"),
          y: own("top"),
          x2: { field: "right" },
          y2: { field: "bottom" },
          fill: painted("fill painted"),
          stroke: painted("stroke painted"),
          ...tooltip(nodes),
        },
      },
      {
        mark: {
          type: "text",
          fontSize: fontOf(fontSize),
          lineBreak: "\n",
          lineHeight: fontSize + 4,
          baseline: "middle",
          // several lines hang from the first one: lift them by half of what hangs below it
          dy: { expr: `-(length(split(datum.text, '\\n')) - 1) * ${(fontSize + 4) / 2}` },
          aria: false,
        },
        encoding: { x: own("px"), y: own("py"), text: { field: "text", type: "nominal" } },
      },
    ],
  };
}

/** Arrows with their heads. */
export function arrows(list: readonly Arrow[], transform: readonly Part[] = []): Part {
  return {
    data: {
      values: list.map(({ dashed, ...arrow }) => ({
        colour: "quiet",
        width: 1.5,
        ...arrow,
        length: arrow.head === false ? 0 : 5,
        dash: dashed ? "dashed" : "solid",
      })),
    },
    transform: [
      ...transform,
      ...onScreen("x", "y"),
      ...onScreen("x2", "y2", "2"),
      { calculate: "atan2(datum.py2 - datum.py, datum.px2 - datum.px)", as: "direction" },
      // the line ends where the head begins, the head's tip is the end
      { calculate: "datum.px2 - 2 * datum.length * cos(datum.direction)", as: "lineX" },
      { calculate: "datum.py2 - 2 * datum.length * sin(datum.direction)", as: "lineY" },
      { calculate: "datum.px2 - datum.length * cos(datum.direction)", as: "headX" },
      { calculate: "datum.py2 - datum.length * sin(datum.direction)", as: "headY" },
      { calculate: "datum.direction * 180 / PI", as: "angle" },
      paint("colour"),
    ],
    layer: [
      {
        mark: { type: "rule", aria: false },
        encoding: {
          x: own("px"),
          y: own("py"),
          x2: { field: "lineX" },
          y2: { field: "lineY" },
          color: painted("colour painted"),
          strokeWidth: { field: "width", type: "quantitative", scale: null, legend: null },
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
        transform: [{ filter: "datum.length > 0" }],
        mark: { type: "point", shape: "triangle-right", filled: true, opacity: 1, size: 90, aria: false },
        encoding: {
          x: own("headX"),
          y: own("headY"),
          color: painted("colour painted"),
          angle: { field: "angle", type: "quantitative", scale: null },
        },
      },
      // nothing to see: pointing near an arrow is enough to read it
      ...(list.some(({ tip }) => tip !== undefined)
        ? [
            {
              mark: { type: "rule", color: "transparent", strokeWidth: 12, aria: false },
              encoding: { x: own("px"), y: own("py"), x2: { field: "px2" }, y2: { field: "py2" }, ...tooltip(list) },
            },
          ]
        : []),
    ],
  };
}

/** Words; with a halo, a line behind them does not cross them out. Words around a point stay on the plane, however narrow it is. */
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
    fontSize: fontOf(fontSize),
    baseline: "middle",
    fontWeight: bold ? 600 : 400,
    ...(mono && { font: MONOSPACE }),
    lineBreak: "\n",
    lineHeight: fontSize + 4,
    aria: false,
  };
  const encoding = { x: own("px"), y: own("py"), text: { field: "text", type: "nominal" } };
  const ground = { ...mark, stroke: colours.paper, strokeWidth: 5, strokeJoin: "round" };
  const half = (text: string) => Math.max(...text.split("\n").map(textWidth)) / 2;
  const isAround = align === "center";
  const room = `datum.half * ${fontOf(fontSize).expr}`;
  return {
    data: {
      values: list.map((entry) => ({ colour: "ink", ...entry, ...(isAround && { half: half(entry.text) }) })),
    },
    transform: [
      ...transform,
      ...onScreen("x", "y"),
      ...(isAround ? [{ calculate: `clamp(datum.px, ${room}, width - ${room})`, as: "px" }] : []),
      paint("colour"),
    ],
    layer: [
      ...(halo ? [{ mark: ground, encoding }] : []),
      { mark, encoding: { ...encoding, color: painted("colour painted") } },
    ],
  };
}

/** Where an arrow between two points starts and ends, if it keeps a distance from each. */
export function between(from: Place, to: Place, gapFrom: number, gapTo = gapFrom): Place & { x2: number; y2: number } {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  return { x: from.x + gapFrom * dx, y: from.y + gapFrom * dy, x2: to.x - gapTo * dx, y2: to.y - gapTo * dy };
}

/** A point on the way along an arrow: 0 is its start, 1 its end. */
export function along({ x, y, x2, y2 }: Arrow, share: number): Place {
  return { x: x + share * (x2 - x), y: y + share * (y2 - y) };
}

function tooltip(list: readonly { readonly tip?: string }[]): Part {
  return list.some(({ tip }) => tip !== undefined) ? { tooltip: { field: "tip", type: "nominal" } } : {};
}
