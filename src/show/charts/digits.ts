/** Rows of pixels as pictures: digits with what the network made of them, and weights as what a hidden unit looks for. */

import { takeRows } from "../../data/samples";
import type { Matrix } from "../../matrix";
import { checkProbabilities, checkShapes, checkWhole } from "../../shapes";
import { checkClassIds } from "./arguments";
import { Chart, type Part, spoken } from "./chart";
import { packed, unpacked } from "./packed";
import { colours, diverging, WIDTH } from "./theme";

/** What stands around the pictures. */
export interface DigitOptions {
  /** The true class of each picture, N class ids. */
  readonly labels?: ArrayLike<number>;
  /** The probabilities of each picture, N×C: shown as bars, and the most probable class is named. */
  readonly A2?: Matrix;
  /** What the chart shows. */
  readonly title?: string;
  readonly subtitle?: string;
  /** Pictures per line. */
  readonly columns?: number;
}

/** One picture needs a square number of pixels; a unit of length is the side of one pixel. */
const TILE = { width: 11.6, caption: 2, gap: 0.7, bars: 3.2, classes: 1.4, below: 1.6 } as const;

/**
 * Digits as pictures, with their labels and, if given, the probabilities of all classes as bars.
 *
 * @param X N×D with D a square number (64: 8×8), a picture a row, 0 is no ink; a dozen or two are enough
 * @param options labels, probabilities and words
 * @throws if X or A2 is not a Matrix or has an entry that is NaN or infinite, D is not a square number, the labels are not one class id
 *   per picture (below C if there are probabilities), the probabilities are none or not one row per picture, or `columns` is not a
 *   whole number of at least 1
 */
export function digitImages(X: Matrix, options: DigitOptions = {}): Chart {
  const { labels, A2, title = "Handwritten digits", subtitle, columns = 6 } = options;
  checkShapes("digitImages", { X: [X, "N", "D"], ...(A2 !== undefined && { A2: [A2, "N", "C"] as const }) });
  const side = sideOf("digitImages", X, "X", X.cols);
  if (A2 !== undefined) checkProbabilities("digitImages", "A2", A2);
  if (labels !== undefined) checkLabels("digitImages", labels, X, A2?.cols);
  checkWhole("digitImages", "columns", columns, 1);
  const tiles = Array.from({ length: X.rows }, (_, i) => {
    const row = Array.from(X.row(i).data);
    const probabilities = A2 && Array.from(A2.row(i).data);
    const read = probabilities?.indexOf(Math.max(...probabilities));
    const is = labels?.[i];
    return { ...placeOf(i, columns, side, A2 !== undefined), row, probabilities, read, is };
  });
  const lines = Math.ceil(X.rows / columns);
  const height = lines * tileHeight(side, A2 !== undefined) - TILE.below;
  const mistakes = tiles.filter(({ is, read }) => is !== undefined && read !== undefined && is !== read).length;
  return new Chart({
    title,
    subtitle,
    description: `${X.rows} pictures of ${side}×${side} pixels${
      labels && A2 ? `, ${mistakes} of them read wrongly` : ""
    }${labels ? `; true classes: ${Array.from(labels).join(", ")}` : ""}${
      A2 ? `; most probable classes: ${tiles.map(({ read }) => read).join(", ")}` : ""
    }.`,
    spec: {
      ...canvas(columns, side, height),
      layer: [
        {
          data: { values: tiles.map(({ x, y }) => ({ x, y, x2: x + side, y2: y + side })) },
          mark: { type: "rect", color: "#f3f5f7" },
          encoding: {
            x: { field: "x", type: "quantitative" },
            x2: { field: "x2" },
            y: { field: "y", type: "quantitative" },
            y2: { field: "y2" },
          },
        },
        pixels(
          tiles.map(({ x, y, row }) => ({ x, y, row })),
          side,
          { domain: [0, maxOf(X)], range: ["#f3f5f7", "#111111"] },
        ),
        {
          data: {
            values: tiles.map(({ x, y, is, read }, i) => ({
              x,
              y: y - 0.5,
              text: captionOf(is, read) ?? `row ${i}`,
              wrong: is !== undefined && read !== undefined && is !== read,
            })),
          },
          mark: { type: "text", align: "left", baseline: "bottom", fontSize: 12, fontWeight: 600 },
          encoding: {
            x: { field: "x", type: "quantitative" },
            y: { field: "y", type: "quantitative" },
            text: { field: "text", type: "nominal" },
            color: { condition: { test: "datum.wrong", value: colours.wrong }, value: colours.ink },
          },
        },
        ...(A2 === undefined ? [] : probabilityBars(tiles as BarTile[], side)),
      ],
    },
  });
}

/**
 * The samples that the network is most wrong about: those with the largest loss −ln A2_true, worst first.
 *
 * @param X N×D, pictures
 * @param labels N class ids, the true ones
 * @param A2 N×C, probabilities
 * @param options how many to show, 12 by default, and how many of them in a line, 6 by default
 * @throws if X or A2 is not a Matrix or has an entry that is NaN or infinite, shapes do not fit, D is not a square number, A2 holds no
 *   probabilities, the labels are not one class id from 0 to C − 1 per row, or `count` or `columns` is not a whole number of at least 1
 */
export function worstMistakes(
  X: Matrix,
  labels: ArrayLike<number>,
  A2: Matrix,
  { count = 12, columns = 6 }: { count?: number; columns?: number } = {},
): Chart {
  checkShapes("worstMistakes", { X: [X, "N", "D"], A2: [A2, "N", "C"] });
  sideOf("worstMistakes", X, "X", X.cols);
  checkProbabilities("worstMistakes", "A2", A2);
  checkLabels("worstMistakes", labels, X, A2.cols);
  checkWhole("worstMistakes", "count", count, 1);
  checkWhole("worstMistakes", "columns", columns, 1);
  const order = Array.from({ length: X.rows }, (_, i) => i)
    .sort((a, b) => A2.data[a * A2.cols + labels[a]] - A2.data[b * A2.cols + labels[b]])
    .slice(0, count);
  return digitImages(takeRows(X, order), {
    labels: order.map((i) => labels[i]),
    A2: takeRows(A2, order),
    columns,
    title: "The digits that cost the most",
    subtitle:
      "Those with the largest loss −ln A2_true, worst first. Bars: the probability of each class; green is the true one.",
  });
}

/**
 * The weights into each hidden unit as a picture: blue pixels speak for the unit, orange ones against it.
 *
 * @param W1 D×H with D a square number
 * @param options how many units to show (the first 32), how many of them in a line, and words
 * @throws if W1 is not a Matrix or has an entry that is NaN or infinite, D is not a square number, or `count` or `columns` is not a
 *   whole number of at least 1
 */
export function weightImages(
  W1: Matrix,
  {
    count = 32,
    columns = 8,
    title = "What each hidden unit looks for",
    subtitle = "Column h of W1 as a picture. Blue: ink here turns the unit on. Orange: ink here turns it off.",
  }: { count?: number; columns?: number; title?: string; subtitle?: string } = {},
): Chart {
  checkShapes("weightImages", { W1: [W1, "D", "H"] });
  const side = sideOf("weightImages", W1, "W1", W1.rows);
  checkWhole("weightImages", "count", count, 1);
  checkWhole("weightImages", "columns", columns, 1);
  const units = Math.min(count, W1.cols);
  const most = W1.data.reduce((max, value) => Math.max(max, Math.abs(value)), 0) || 1;
  const tiles = Array.from({ length: units }, (_, h) => ({
    ...placeOf(h, columns, side, false),
    row: Array.from({ length: W1.rows }, (__, i) => Number(W1.data[i * W1.cols + h].toPrecision(3))),
    text: `unit ${h}`,
  }));
  const height = Math.ceil(units / columns) * tileHeight(side, false) - TILE.below;
  return new Chart({
    title,
    subtitle,
    description: `The weights into ${units} of ${W1.cols} hidden units as pictures of ${side}×${side} pixels; weights reach from −${spoken(most)} to ${spoken(most)}.`,
    spec: {
      ...canvas(columns, side, height),
      layer: [
        pixels(tiles, side, { domain: [-most, most], range: diverging, title: "weight" }),
        {
          data: { values: tiles.map(({ x, y, text }) => ({ x, y: y - 0.4, text })) },
          mark: { type: "text", align: "left", baseline: "bottom", fontSize: 11, color: colours.quiet },
          encoding: {
            x: { field: "x", type: "quantitative" },
            y: { field: "y", type: "quantitative" },
            text: { field: "text", type: "nominal" },
          },
        },
      ],
    },
  });
}

interface BarTile {
  readonly x: number;
  readonly y: number;
  readonly probabilities: readonly number[];
  readonly read: number;
  readonly is?: number;
}

/** A bar per class below each picture, and the class ids below the bars. */
function probabilityBars(tiles: readonly BarTile[], side: number): Part[] {
  const bars = tiles.flatMap(({ x, y, probabilities, is, read }) => {
    const width = (side + 2) / probabilities.length;
    const foot = y + side + TILE.gap + TILE.bars;
    return probabilities.map((p, j) => ({
      x: x + j * width + 0.1 * width,
      x2: x + (j + 1) * width - 0.1 * width,
      middle: x + (j + 0.5) * width,
      y: foot,
      y2: foot - Math.max(p, 0.012) * TILE.bars,
      class: String(j),
      probability: p,
      kind: j === is ? "true" : j === read ? "read" : "other",
    }));
  });
  const color = {
    condition: [
      { test: "datum.kind === 'true'", value: colours.right },
      { test: "datum.kind === 'read'", value: colours.wrong },
    ],
    value: "#8c959f",
  };
  const tooltip = [
    { field: "class", type: "nominal", title: "class" },
    { field: "probability", type: "quantitative", title: "probability A2", format: ".2~%" },
  ];
  return [
    {
      data: { values: bars },
      layer: [
        {
          mark: { type: "rect" },
          encoding: {
            x: { field: "x", type: "quantitative" },
            x2: { field: "x2" },
            y: { field: "y", type: "quantitative" },
            y2: { field: "y2" },
            color,
            tooltip,
          },
        },
        {
          mark: { type: "text", baseline: "top", dy: 2, fontSize: 8.5 },
          encoding: {
            x: { field: "middle", type: "quantitative" },
            y: { field: "y", type: "quantitative" },
            text: { field: "class", type: "nominal" },
            color,
          },
        },
      ],
    },
  ];
}

/** Pixels as little squares; one row of data holds a whole picture. */
function pixels(
  tiles: readonly { readonly x: number; readonly y: number; readonly row: readonly number[] }[],
  side: number,
  scale: { readonly domain: readonly number[]; readonly range: readonly string[]; readonly title?: string },
): Part {
  return {
    data: { values: tiles.map(({ x, y, row }, tile) => ({ tile, x, y, value: packed(row) })) },
    transform: [
      ...unpacked(["value"]),
      { window: [{ op: "row_number", as: "pixel" }], groupby: ["tile"] },
      { filter: "datum.value !== 0" },
      { calculate: `datum.x + (datum.pixel - 1) % ${side}`, as: "left" },
      { calculate: `datum.y + floor((datum.pixel - 1) / ${side})`, as: "top" },
      { calculate: "datum.left + 1", as: "right" },
      { calculate: "datum.top + 1", as: "bottom" },
    ],
    mark: { type: "rect" },
    encoding: {
      x: { field: "left", type: "quantitative" },
      x2: { field: "right" },
      y: { field: "top", type: "quantitative" },
      y2: { field: "bottom" },
      color: {
        field: "value",
        type: "quantitative",
        scale: { domain: scale.domain, range: scale.range, interpolate: "rgb" },
        legend:
          scale.title === undefined
            ? null
            : { title: scale.title, orient: "bottom", direction: "horizontal", gradientLength: 220, tickCount: 5 },
      },
      tooltip: [{ field: "value", type: "quantitative", title: scale.title ?? "ink", format: ".3~g" }],
    },
  };
}

/** The plane on which the pictures lie: a unit is a pixel of a picture, y goes down. */
function canvas(columns: number, side: number, height: number): Part {
  const unitsAcross = columns * (side + TILE.width - 8) - (TILE.width - 10);
  const unit = Math.min(WIDTH / unitsAcross, 11);
  return {
    width: Math.round(unit * unitsAcross),
    height: Math.round(unit * (height + TILE.caption)),
    encoding: {
      x: { type: "quantitative", axis: null, scale: { domain: [0, unitsAcross], nice: false, zero: false } },
      y: {
        type: "quantitative",
        axis: null,
        scale: { domain: [height + TILE.caption, 0], nice: false, zero: false },
      },
    },
  };
}

function placeOf(k: number, columns: number, side: number, bars: boolean): { x: number; y: number } {
  return {
    x: (k % columns) * (side + TILE.width - 8),
    y: Math.floor(k / columns) * tileHeight(side, bars) + TILE.caption,
  };
}

function tileHeight(side: number, bars: boolean): number {
  return TILE.caption + side + TILE.below + (bars ? TILE.gap + TILE.bars + TILE.classes : 0);
}

function captionOf(is: number | undefined, read: number | undefined): string | undefined {
  if (is === undefined) return read === undefined ? undefined : `read ${read}`;
  return read === undefined || read === is ? `is ${is}` : `is ${is}, read ${read}`;
}

/** Checks that there is a class id for each row of X, below `classes` where their number is known. */
function checkLabels(fn: string, labels: ArrayLike<number>, X: Matrix, classes?: number): void {
  checkClassIds(fn, "labels", labels, classes);
  if (labels.length !== X.rows) {
    throw new RangeError(`${fn}: labels has ${labels.length} entries and X ${X.rows} rows; expected one per row`);
  }
}

function sideOf(fn: string, A: Matrix, name: string, size: number): number {
  const side = Math.round(Math.sqrt(size));
  if (side * side !== size) {
    throw new RangeError(
      `${fn}: ${name} is ${A.shape}; expected a square number of pixels, like 64 for 8×8, got ${size}`,
    );
  }
  return side;
}

function maxOf(A: Matrix): number {
  return A.data.reduce((max, value) => Math.max(max, value), 0) || 1;
}
