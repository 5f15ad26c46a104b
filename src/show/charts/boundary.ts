/** Two-dimensional data, and the border that the network draws between the classes while it learns. */

import { predict } from "../../data/labels";
import type { Samples } from "../../data/samples";
import { forward } from "../../forward";
import { Matrix } from "../../matrix";
import { checkMatrices, checkOneHot, checkShapes } from "../../shapes";
import { type EpochRecord, type History, parametersOf } from "../../train";
import { checkDifferent, checkNames } from "./arguments";
import { extent } from "./axis";
import { Chart, type Part, spoken } from "./chart";
import { colourOf } from "./lines";
import { packed, unpacked } from "./packed";
import { evenly, shareOf, snapshotsIn } from "./snapshots";
import { colours, fitted, seriesColours } from "./theme";

/** Cells along each side of the plane. */
const CELLS = 60;
/** Enough to see it move; more would make notebooks large. */
const MOST_FRAMES = 16;
/** Of more samples than one can tell apart, so many are drawn. */
const MOST_DOTS = 2000;
const SIZE = 420;
/** Of about the same size, which vega's triangles are not. */
const SHAPES = ["circle", "square", "diamond", "cross", "triangle-up", "triangle-down", "triangle-right"];

/**
 * The samples in the plane, and the class that the network would give to each place, with a slider for the epoch.
 *
 * @param history from `train`, with weight snapshots of a network with two inputs
 * @param samples X N×2 and Y N×C; C at most 7
 * @param options `classNames`, C names
 * @throws if X or Y is not a Matrix or has an entry that is NaN or infinite, X has not two columns, Y is not one-hot with a row per
 *   sample, there are too many classes, the names are not one per class, history is no array of records, or none has a weight snapshot
 */
export function decisionBoundary(
  history: History,
  samples: Samples,
  { classNames }: { classNames?: readonly string[] } = {},
): Chart {
  checkMatrices("decisionBoundary", "samples", samples, ["X", "Y"]);
  const { X, Y } = samples;
  checkShapes("decisionBoundary(X: N×2, Y)", X, Y);
  checkOneHot("decisionBoundary", "Y", Y);
  if (Y.cols > seriesColours.length) {
    throw new RangeError(`decisionBoundary: Y is ${Y.shape}; expected at most ${seriesColours.length} classes`);
  }
  checkNames("decisionBoundary", "classNames", classNames, Y.cols, "class");
  const snapshots = snapshotsIn("decisionBoundary", history);
  const frames = evenly(snapshots, MOST_FRAMES);
  const names = classNames ?? Array.from({ length: Y.cols }, (_, k) => `class ${k}`);
  checkDifferent("decisionBoundary", "classNames", names);
  const labels = predict(Y);
  const dots = evenly(
    labels.map((label, i) => ({ x: X.get(i, 0), y: X.get(i, 1), name: names[label], series: label })),
    MOST_DOTS,
  );
  const plane = planeAround(X);
  const last = frames[frames.length - 1];
  const numbered = colourOf(names);
  const color = { ...numbered, legend: { ...numbered.legend, orient: "bottom", symbolType: undefined } };
  const height = Math.min(2, plane.rows / CELLS);
  const x = {
    type: "quantitative",
    title: "x₀, the first input",
    scale: { domain: [plane.left, plane.right], nice: false },
    axis: { grid: false },
  };
  const y = {
    type: "quantitative",
    title: "x₁, the second input",
    scale: { domain: [plane.bottom, plane.top], nice: false },
    axis: { grid: false },
  };
  return new Chart({
    title: "Where the network draws the border",
    subtitle: "Dots: the samples, by their true class. Ground: the class that the network would give to each place.",
    description: `${X.rows} samples of ${Y.cols} classes in the plane and the network's decision at every place, with a slider from epoch ${frames[0].epoch} to ${last.epoch}${shareOf(frames.length, snapshots.length, "snapshots")}; accuracy goes from ${spoken(100 * frames[0].training.accuracy)} to ${spoken(100 * last.training.accuracy)} %${shareOf(dots.length, X.rows, "samples are drawn")}.`,
    spec: {
      width: SIZE,
      height: Math.round(SIZE * height),
      params: [
        { name: "width", expr: fitted(SIZE) },
        { name: "height", expr: `round(width * ${height})` },
        {
          name: "frame",
          value: frames.length - 1,
          ...(frames.length > 1 && {
            bind: { input: "range", min: 0, max: frames.length - 1, step: 1, name: "snapshot " },
          }),
        },
      ],
      layer: [
        {
          data: { values: frames.map((record, frame) => ({ frame, ...runsOf(record, plane) })) },
          transform: [
            { filter: "datum.frame === frame" },
            ...unpacked(["row", "from", "to", "class"]),
            { calculate: `${plane.left} + datum.from * ${plane.cell}`, as: "x" },
            { calculate: `${plane.left} + datum.to * ${plane.cell}`, as: "x2" },
            { calculate: `${plane.bottom} + datum.row * ${plane.cellHeight}`, as: "y" },
            { calculate: `datum.y + ${plane.cellHeight}`, as: "y2" },
            { calculate: `[${seriesColours.map(({ expr }) => expr).join(", ")}][datum.class]`, as: "ground" },
          ],
          mark: { type: "rect", opacity: 0.3, clip: true },
          encoding: {
            x: { field: "x", ...x },
            x2: { field: "x2" },
            y: { field: "y", ...y },
            y2: { field: "y2" },
            fill: { field: "ground", type: "nominal", scale: null, legend: null },
          },
        },
        {
          data: {
            values: dots,
          },
          mark: {
            type: "point",
            filled: true,
            size: 42,
            opacity: 1,
            stroke: colours.paper,
            strokeWidth: 0.8,
            aria: false,
          },
          encoding: {
            x: { field: "x", ...x },
            y: { field: "y", ...y },
            color,
            shape: { ...color, scale: { domain: color.scale.domain, range: SHAPES } },
            tooltip: [
              { field: "name", type: "nominal", title: "true class" },
              { field: "x", type: "quantitative", title: "x₀", format: ".3~f" },
              { field: "y", type: "quantitative", title: "x₁", format: ".3~f" },
            ],
          },
        },
        {
          data: {
            values: frames.map(({ epoch, training }, frame) => ({
              frame,
              text: `epoch ${epoch}: ${spoken(100 * training.accuracy)} % right, loss ${spoken(training.loss)}`,
            })),
          },
          transform: [{ filter: "datum.frame === frame" }],
          mark: { type: "text", align: "left", baseline: "bottom", fontWeight: 600, fontSize: 13 },
          encoding: { x: { value: 0 }, y: { value: -6 }, text: { field: "text", type: "nominal" } },
        },
      ],
    },
  });
}

/** The part of the plane that is drawn: the samples and a margin; its cells are square if its sides are not all too different. */
interface Plane {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  readonly cell: number;
  readonly cellHeight: number;
  readonly rows: number;
}

function planeAround(X: Matrix): Plane {
  const range = (j: number) => {
    const [low, high] = extent(Array.from({ length: X.rows }, (_, i) => X.get(i, j)));
    const margin = high - low < 1e-290 ? 0.5 : 0.08 * (high - low);
    return [low - margin, high + margin] as const;
  };
  const [left, right] = range(0);
  const [bottom, top] = range(1);
  // a plane much higher than wide, or the other way round, is squeezed
  const cell = (right - left) / CELLS;
  const cellHeight = Math.min(Math.max(cell, (top - bottom) / (2 * CELLS)), (top - bottom) / 12);
  const rows = Math.max(1, Math.ceil((top - bottom) / cellHeight));
  return { left, right, bottom, top: bottom + rows * cellHeight, cell, cellHeight, rows };
}

/** The decisions at the middles of all cells; neighbours in a row with the same class are one run. */
function runsOf(record: EpochRecord, { left, bottom, cell, cellHeight, rows }: Plane): Part {
  const middles = Matrix.generate(rows * CELLS, 2, (k, j) =>
    j === 0 ? left + ((k % CELLS) + 0.5) * cell : bottom + (Math.floor(k / CELLS) + 0.5) * cellHeight,
  );
  const decided = predict(forward(middles, parametersOf(record)).A2);
  const runs = { row: [] as number[], from: [] as number[], to: [] as number[], class: [] as number[] };
  decided.forEach((label, k) => {
    const column = k % CELLS;
    const last = runs.class.length - 1;
    if (column > 0 && runs.class[last] === label) {
      runs.to[last]++;
      return;
    }
    runs.row.push(Math.floor(k / CELLS));
    runs.from.push(column);
    runs.to.push(column + 1);
    runs.class.push(label);
  });
  return { row: packed(runs.row), from: packed(runs.from), to: packed(runs.to), class: packed(runs.class) };
}
