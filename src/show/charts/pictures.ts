/** Rows of pixels as pictures: digits with what the network made of them, and weights as what a hidden unit looks for. */

import { takeRows } from "../../data/samples";
import type { Matrix } from "../../matrix";
import { checkProbabilities, checkShapes, checkWhole } from "../../shapes";
import { checkClassIds } from "./arguments";
import { largestSize } from "./axis";
import { Chart, type Part, spoken } from "./chart";
import { packed, unpacked } from "./packed";
import { colours, diverging, type Expression, fitted, isNarrow, palette, WIDTH } from "./theme";

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

/** In pixels of the pictures, whose side is the unit of length: what stands around one. */
const TILE = { beside: 3.6, caption: 2.2, gap: 0.7, bars: 3.2, classes: 1.6, below: 1.4 } as const;
/** More would be too small or too many to look at. */
const MOST_PICTURES = 60;

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
  if (A2 === undefined) checkShapes("digitImages(X)", X);
  else checkShapes("digitImages(X, A2)", X, A2);
  const side = sideOf("digitImages", X, "X", X.cols);
  if (A2 !== undefined) checkProbabilities("digitImages", "A2", A2);
  if (labels !== undefined) checkLabels("digitImages", labels, X, A2?.cols);
  checkWhole("digitImages", "columns", columns, 1);
  const count = Math.min(X.rows, MOST_PICTURES);
  const tiles = Array.from({ length: count }, (_, i) => {
    const probabilities = A2 && Array.from(A2.row(i).data);
    const read = probabilities?.indexOf(probabilities.reduce((a, b) => Math.max(a, b)));
    return { row: Array.from(X.row(i).data), probabilities, read, is: labels?.[i] };
  });
  const isWrong = ({ is, read }: { is?: number; read?: number }) =>
    is !== undefined && read !== undefined && is !== read;
  const grid = gridOf(columns, side, A2 !== undefined);
  return new Chart({
    title,
    subtitle,
    description: `${count < X.rows ? `The first ${count} of ${X.rows}` : X.rows} pictures of ${side}×${side} pixels${
      labels && A2 ? `, ${tiles.filter(isWrong).length} of them read wrongly` : ""
    }${labels ? `; true classes: ${tiles.map(({ is }) => is).join(", ")}` : ""}${
      A2 ? `; most probable classes: ${tiles.map(({ read }) => read).join(", ")}` : ""
    }.`,
    spec: {
      ...canvas(grid, count),
      layer: [
        {
          data: { values: tiles.map((_, tile) => ({ tile })) },
          transform: [
            ...placed(grid),
            { calculate: `datum.x + ${side}`, as: "right" },
            { calculate: `datum.y + ${side}`, as: "bottom" },
          ],
          mark: { type: "rect", color: palette.wash },
          encoding: rectangle("x", "y"),
        },
        pixels(
          tiles.map(({ row }) => row),
          grid,
          { domain: [0, largestSize(X.data)], range: [palette.wash, palette.ink], title: "ink" },
        ),
        captions(
          tiles.map(({ is, read }, i) => ({
            text: captionOf(is, read) ?? `row ${i}`,
            wrong: isWrong({ is, read }),
          })),
          grid,
        ),
        ...(A2 === undefined ? [] : [probabilityBars(tiles as BarTile[], grid)]),
      ],
    },
  });
}

/**
 * The samples that the network is most wrong about: those with the largest loss −ln A₂ of the true class, worst first.
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
  checkShapes("worstMistakes(X, A2)", X, A2);
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
      "Those with the largest loss −ln A₂ of the true class, worst first. Bars: the probability of each class; green is the true one.",
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
  checkShapes("weightImages(W1)", W1);
  const side = sideOf("weightImages", W1, "W1", W1.rows);
  checkWhole("weightImages", "count", count, 1);
  checkWhole("weightImages", "columns", columns, 1);
  const units = Math.min(count, W1.cols, MOST_PICTURES);
  const most = largestSize(W1.data);
  const grid = gridOf(columns, side, false);
  const tiles = Array.from({ length: units }, (_, h) =>
    Array.from({ length: W1.rows }, (__, i) => Number(W1.get(i, h).toPrecision(3))),
  );
  const captionsOfUnits = tiles.map((_, h) => ({ text: `unit ${h}`, wrong: false }));
  return new Chart({
    title,
    subtitle,
    description: `The weights into ${units} of ${W1.cols} hidden units as pictures of ${side}×${side} pixels; weights reach from −${spoken(most)} to ${spoken(most)}.`,
    spec: {
      ...canvas(grid, units),
      layer: [
        pixels(tiles, grid, { domain: [-most, most], range: diverging, title: "weight", legend: true }),
        captions(captionsOfUnits, grid),
      ],
    },
  });
}

/** Where pictures stand: in lines, fewer in a line on a phone. A unit is a pixel of a picture; y goes down. */
interface Grid {
  readonly columns: number;
  readonly side: number;
  /** From a picture to the one below it. */
  readonly pitch: number;
}

function gridOf(columns: number, side: number, bars: boolean): Grid {
  const below = TILE.below + (bars ? TILE.gap + TILE.bars + TILE.classes : 0);
  return { columns, side, pitch: TILE.caption + side + below };
}

/** How many pictures stand in a line, on this screen. */
const IN_LINE = "theme_columns";

function canvas({ columns, side, pitch }: Grid, count: number): Part {
  const onPhone = Math.min(columns, 4);
  const lines = `ceil(${count} / ${IN_LINE})`;
  const across = `(${IN_LINE} * ${side + TILE.beside})`;
  const scale = { nice: false, zero: false };
  return {
    width: WIDTH,
    height: Math.round((WIDTH / (columns * (side + TILE.beside))) * Math.ceil(count / columns) * pitch),
    params: [
      { name: IN_LINE, expr: `${isNarrow} ? ${onPhone} : ${columns}` },
      { name: "width", expr: `round(min(${fitted(WIDTH + 70, 60)}, 24 * ${across}))` },
      { name: "height", expr: `round(width / ${across} * ${lines} * ${pitch})` },
    ],
    encoding: {
      x: { type: "quantitative", axis: null, scale: { ...scale, domain: [0, { expr: across }] } },
      y: { type: "quantitative", axis: null, scale: { ...scale, domain: [{ expr: `${lines} * ${pitch}` }, 0] } },
    },
  };
}

/** The upper left corner of a picture, by its number. */
function placed({ side, pitch }: Grid): Part[] {
  return [
    { calculate: `(datum.tile % ${IN_LINE}) * ${side + TILE.beside}`, as: "x" },
    { calculate: `floor(datum.tile / ${IN_LINE}) * ${pitch} + ${TILE.caption}`, as: "y" },
  ];
}

/** Rectangles from a left and upper edge to `right` and `bottom`. */
function rectangle(left: string, top: string): Part {
  return {
    x: { field: left, type: "quantitative" },
    x2: { field: "right" },
    y: { field: top, type: "quantitative" },
    y2: { field: "bottom" },
  };
}

/** Pixels as little squares; one row of data holds a whole picture. */
function pixels(
  pictures: readonly (readonly number[])[],
  grid: Grid,
  ink: { domain: readonly number[]; range: readonly Expression[]; title: string; legend?: boolean },
): Part {
  const { side } = grid;
  return {
    data: { values: pictures.map((row, tile) => ({ tile, value: packed(row) })) },
    transform: [
      ...unpacked(["value"]),
      { window: [{ op: "row_number", as: "pixel" }], groupby: ["tile"] },
      { filter: "datum.value !== 0" },
      ...placed(grid),
      { calculate: `datum.x + (datum.pixel - 1) % ${side}`, as: "left" },
      { calculate: `datum.y + floor((datum.pixel - 1) / ${side})`, as: "top" },
      { calculate: "datum.left + 1", as: "right" },
      { calculate: "datum.top + 1", as: "bottom" },
    ],
    mark: { type: "rect" },
    encoding: {
      ...rectangle("left", "top"),
      color: {
        field: "value",
        type: "quantitative",
        scale: { domain: ink.domain, range: ink.range, interpolate: "rgb" },
        legend: ink.legend
          ? { title: ink.title, orient: "bottom", direction: "horizontal", gradientLength: 220, tickCount: 5 }
          : null,
      },
      tooltip: [{ field: "value", type: "quantitative", title: ink.title, format: ".3~g" }],
    },
  };
}

/** Words above each picture. */
function captions(texts: readonly { text: string; wrong: boolean }[], grid: Grid): Part {
  return {
    data: { values: texts.map((caption, tile) => ({ ...caption, tile })) },
    transform: [...placed(grid), { calculate: "datum.y - 0.3", as: "foot" }],
    mark: {
      type: "text",
      align: "left",
      baseline: "bottom",
      fontWeight: 600,
      // as large as a picture is wide, for the longest
      fontSize: { expr: `min(12, width / ${IN_LINE} / 7.2)` },
    },
    encoding: {
      x: { field: "x", type: "quantitative" },
      y: { field: "foot", type: "quantitative" },
      text: { field: "text", type: "nominal" },
      color: { condition: { test: "datum.wrong", value: colours.wrong }, value: colours.ink },
    },
  };
}

interface BarTile {
  readonly probabilities: readonly number[];
  readonly read: number;
  readonly is?: number;
}

/** A bar per class below each picture, and the class ids below the bars. */
function probabilityBars(tiles: readonly BarTile[], grid: Grid): Part {
  const { side } = grid;
  const bars = tiles.flatMap(({ probabilities, is, read }, tile) =>
    probabilities.map((p, j) => ({
      tile,
      j,
      probability: p,
      kind: j === is ? "true" : j === read ? "read" : "other",
    })),
  );
  const width = (side + 2) / tiles[0].probabilities.length;
  const foot = side + TILE.gap + TILE.bars;
  const color = {
    condition: [
      { test: "datum.kind === 'true'", value: colours.right },
      { test: "datum.kind === 'read'", value: colours.wrong },
    ],
    value: palette.middle,
  };
  return {
    data: { values: bars },
    transform: [
      ...placed(grid),
      { calculate: `datum.x + (datum.j + 0.1) * ${width}`, as: "left" },
      { calculate: `datum.left + ${0.8 * width}`, as: "right" },
      { calculate: `datum.left + ${0.4 * width}`, as: "middle" },
      { calculate: `datum.y + ${foot}`, as: "bottom" },
      { calculate: `datum.bottom - max(datum.probability, 0.012) * ${TILE.bars}`, as: "top" },
    ],
    layer: [
      {
        mark: { type: "rect" },
        encoding: {
          ...rectangle("left", "top"),
          color,
          tooltip: [
            { field: "j", type: "nominal", title: "class" },
            { field: "probability", type: "quantitative", title: "probability A₂", format: ".2~%" },
          ],
        },
      },
      {
        mark: { type: "text", baseline: "top", dy: 2, fontSize: { expr: "max(6, min(9, width / 62))" } },
        encoding: {
          x: { field: "middle", type: "quantitative" },
          y: { field: "bottom", type: "quantitative" },
          text: { field: "j", type: "nominal" },
          color,
        },
      },
    ],
  };
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
