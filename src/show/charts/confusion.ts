/** What is taken for what. */
import { kindOf } from "../../matrix";
import { checkClassIds, checkDifferent } from "./arguments";
import { Chart, type Part, spoken } from "./chart";
import { label } from "./names";
import { shareOf } from "./snapshots";
import { colours, palette } from "./theme";

/** Of more classes, the counts are told by pointing at them: there is no room for numbers. */
const MOST_WITH_NUMBERS = 20;
/** Of more cells that are not 0, the largest are drawn. */
const MOST_CELLS = 3000;

/** A cell of the matrix that is not 0. */
interface Cell {
  readonly row: number;
  readonly col: number;
  readonly count: number;
  readonly share: number;
}

/**
 * The confusion matrix: how many samples of the true class (row) are read as the predicted class (column). What is right stands
 * on the diagonal.
 *
 * @param labels N class ids, the true ones
 * @param predicted N class ids, from `predict(A2)`
 * @param classNames C different names; class ids from 0 to the largest when left out
 * @throws if one of the two is no list of class ids, they differ in length or are empty, an id is not a class, or `classNames` is no
 *   array, empty or has a name twice
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classNames?: readonly string[],
): Chart {
  if (classNames !== undefined && !Array.isArray(classNames)) {
    throw new TypeError(`confusionMatrix: classNames is ${kindOf(classNames)}; expected an array, a name per class`);
  }
  if (classNames?.length === 0) throw new RangeError("confusionMatrix: classNames is empty; expected a name per class");
  checkDifferent("confusionMatrix", "classNames", classNames ?? []);
  checkClassIds("confusionMatrix", "labels", labels, classNames?.length);
  checkClassIds("confusionMatrix", "predicted", predicted, classNames?.length);
  if (labels.length !== predicted.length || labels.length === 0) {
    throw new RangeError(
      `confusionMatrix: labels has ${labels.length} entries and predicted ${predicted.length}; expected as many, and some`,
    );
  }
  const largest = [labels, predicted].reduce((most, ids) => Array.from(ids).reduce((a, b) => Math.max(a, b), most), 0);
  const names = classNames ?? Array.from({ length: largest + 1 }, (_, k) => String(k));
  const cells = cellsOf(labels, predicted);
  const right = cells.filter(({ row, col }) => row === col).reduce((sum, { count }) => sum + count, 0);
  const mistakes = cells.filter(({ row, col }) => row !== col);
  const worst = mistakes.reduce((a, b) => (b.count > a.count ? b : a), { row: 0, col: 0, count: 0, share: 0 });
  const shown = [...cells].sort((a, b) => b.count - a.count).slice(0, MOST_CELLS);
  const withNumbers = names.length <= MOST_WITH_NUMBERS;
  const size = Math.min(420, Math.max(200, 42 * names.length));
  return new Chart({
    title: "What is taken for what",
    subtitle: "Rows: the true class. Right answers stand on the diagonal; colour is the share of the row.",
    description: `Confusion matrix of ${labels.length} samples: ${right} right (${spoken((100 * right) / labels.length)} %)${
      worst.count > 0
        ? `; most often ${names[worst.row]} is taken for ${names[worst.col]}, ${worst.count} ${worst.count === 1 ? "time" : "times"}`
        : ""
    }${shareOf(shown.length, cells.length, "cells that are not 0 are drawn")}.`,
    spec: {
      width: size,
      height: size,
      data: { values: shown.map((cell) => ({ ...cell, true: names[cell.row], predicted: names[cell.col] })) },
      encoding: {
        x: axisOf("col", "predicted class: argmax of A₂", names, "top"),
        y: axisOf("row", "true class: y", names, "left"),
      },
      layer: [
        {
          mark: { type: "rect" },
          encoding: {
            opacity: {
              field: "share",
              type: "quantitative",
              scale: { domain: [0, 1], range: [0.18, 1] },
              legend: null,
            },
            color: { condition: { test: "datum.row === datum.col", value: palette.blue }, value: colours.wrong },
            tooltip: [
              { field: "true", type: "nominal", title: "true class" },
              { field: "predicted", type: "nominal", title: "predicted class" },
              { field: "count", type: "quantitative", title: "samples" },
              { field: "share", type: "quantitative", title: "share of the true class", format: ".1~%" },
            ],
          },
        },
        ...(withNumbers ? [zeros(cells, names.length), numbers] : []),
      ],
    },
  });
}

/** The cells that are not 0. */
function cellsOf(labels: ArrayLike<number>, predicted: ArrayLike<number>): Cell[] {
  const counts = new Map<string, { row: number; col: number; count: number }>();
  const totals = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) {
    const [row, col] = [labels[i], predicted[i]];
    const key = `${row},${col}`;
    counts.set(key, { row, col, count: (counts.get(key)?.count ?? 0) + 1 });
    totals.set(row, (totals.get(row) ?? 0) + 1);
  }
  return [...counts.values()].map((cell) => ({ ...cell, share: cell.count / totals.get(cell.row)! }));
}

/** An axis of all classes, by their positions; names may be any text. */
function axisOf(field: string, title: string, names: readonly string[], orient: string): Part {
  const every = Math.ceil(names.length / 24);
  return {
    field,
    type: "ordinal",
    title,
    scale: { domain: names.map((_, k) => k), paddingInner: names.length <= MOST_WITH_NUMBERS ? 0.04 : 0 },
    axis: {
      orient,
      labelAngle: orient === "top" && names.some((name) => name.length > 4) ? -40 : 0,
      labelLimit: 120,
      domain: false,
      ticks: false,
      labelExpr: `${JSON.stringify(names.map(label))}[datum.value]`,
      values: names.flatMap((_, k) => (k % every === 0 ? [k] : [])),
    },
  };
}

const numbers: Part = {
  mark: { type: "text", fontSize: 13 },
  encoding: {
    text: { field: "count", type: "quantitative", format: "d" },
    color: { condition: { test: "datum.share > 0.5", value: colours.paper }, value: colours.ink },
  },
};

/** A faint 0 where nothing is. */
function zeros(cells: readonly Cell[], classes: number): Part {
  const taken = new Set(cells.map(({ row, col }) => row * classes + col));
  const free = Array.from({ length: classes * classes }, (_, k) => k).filter((k) => !taken.has(k));
  return {
    data: { values: free.map((k) => ({ row: Math.floor(k / classes), col: k % classes })) },
    mark: { type: "text", fontSize: 13, color: colours.faint, text: "0" },
  };
}
