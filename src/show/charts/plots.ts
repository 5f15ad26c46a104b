/** Lines and dots of a learner's own numbers. */
import { kindOf, Matrix } from "../../matrix";
import { checkDifferent, checkNames } from "./arguments";
import { type Axis, extent, fittedAxis, hasPlace, leftOut } from "./axis";
import { Chart, type Part, spoken } from "./chart";
import { colourOf, type Line, lineChartOf } from "./lines";
import { tooltipTitle } from "./names";
import { evenly } from "./snapshots";
import { WIDTH } from "./theme";
import { checkScale, type Scale } from "./training";

/** The words around a plot, and its scales. */
export interface PlotOptions {
  readonly title?: string;
  readonly subtitle?: string;
  /** What x and y are. */
  readonly xTitle?: string;
  readonly yTitle?: string;
  /** "log" shows small values apart; those of 0 and below are left out, and told. */
  readonly xScale?: Scale;
  readonly yScale?: Scale;
}

/** How lines are drawn. */
export interface LineOptions extends PlotOptions {
  /** Where the values stand; 0, 1, 2, … when left out. */
  readonly x?: ArrayLike<number>;
}

/** How dots are drawn. */
export interface ScatterOptions extends PlotOptions {
  /** Of which class each dot is, by names or class ids: a colour each. */
  readonly labels?: ArrayLike<string | number>;
}

/** As many dots as one can see, and a notebook can hold. */
const MOST_DOTS = 2000;
const MOST_CLASSES = 40;
const HEIGHT = 320;

/**
 * Values as a line, or several by name: `lineChart({ mine: a, theirs: b }, { xTitle: "step" })`. Pointing at it reads all lines.
 *
 * @param values numbers, or several lists by name; NaN and infinities leave a gap, and are told
 * @param options words, scales, and where the values stand
 * @throws if there is no value, x has not one for each, or a scale is none: `lineChart: x has 3 entries; expected 4, one per value`
 */
export function lineChart(
  values: ArrayLike<number> | Readonly<Record<string, ArrayLike<number>>>,
  options: LineOptions = {},
): Chart {
  const { title = "The values, one after the other", subtitle, xTitle = "number", yTitle = "value" } = options;
  const { xScale = "linear", yScale = "linear", x } = options;
  checkScale("lineChart", xScale);
  checkScale("lineChart", yScale);
  const named = isList(values) ? [["the line", values] as const] : Object.entries(values ?? {});
  if (named.length === 0)
    throw new RangeError(`lineChart: values is ${kindOf(values)} without a list; expected numbers`);
  const lines = named.map(([name, list]): Line => {
    if (!isList(list)) {
      throw new TypeError(
        `lineChart: values[${JSON.stringify(name)}] is ${kindOf(list)}; expected an array of numbers`,
      );
    }
    if (list.length === 0) throw new RangeError("lineChart: values is empty; expected at least one number");
    if (x !== undefined) checkNames("lineChart", "x", Array.from(x, String), list.length, "value");
    return { name, points: Array.from(list, (y, k) => ({ x: x === undefined ? k : x[k], y })) };
  });
  const count = lines.reduce((sum, { points }) => sum + points.length, 0);
  return lineChartOf({
    title,
    subtitle,
    what: `${count} ${count === 1 ? "value" : "values"}`,
    x: { title: xTitle, log: xScale === "log", whole: x === undefined },
    y: { title: yTitle, log: yScale === "log" },
    lines,
  });
}

/**
 * Dots in the plane, with a colour for each class if there are labels.
 *
 * @param points N×2, a dot a row: `scatter(moons().X, { labels: moons().labels })`; or an array of pairs
 * @param options words, scales, labels
 * @throws if the points are not N pairs of numbers, the labels are not one per point or of more than 40 classes, or a scale is none
 */
export function scatter(points: Matrix | readonly (readonly number[])[], options: ScatterOptions = {}): Chart {
  const { title = "Dots in the plane", subtitle, xTitle = "x₀", yTitle = "x₁", labels } = options;
  const { xScale = "linear", yScale = "linear" } = options;
  checkScale("scatter", xScale);
  checkScale("scatter", yScale);
  const pairs = pairsOf(points);
  if (labels !== undefined) checkNames("scatter", "labels", Array.from(labels, String), pairs.length, "point");
  const names = labels === undefined ? [""] : [...new Set(Array.from(labels, String))];
  if (names.length > MOST_CLASSES) {
    throw new RangeError(`scatter: labels has ${names.length} different ones; expected at most ${MOST_CLASSES}`);
  }
  checkDifferent("scatter", "labels", names);
  const [xAxis, yAxis]: Axis[] = [
    { title: xTitle, log: xScale === "log" },
    { title: yTitle, log: yScale === "log" },
  ];
  const seen = pairs
    .map(([x, y], i) => ({ x, y, name: labels === undefined ? "" : String(labels[i]) }))
    .filter(({ x, y }) => hasPlace(x, xAxis) && hasPlace(y, yAxis));
  const dots = evenly(seen, MOST_DOTS);
  const [x, y] = [
    fittedAxis(xAxis, ...extent(seen.map((dot) => dot.x))),
    fittedAxis(yAxis, ...extent(seen.map((dot) => dot.y))),
  ];
  const notes = [
    leftOut(
      pairs.map((pair) => pair[0]),
      xAxis,
    ),
    leftOut(
      pairs.map((pair) => pair[1]),
      yAxis,
    ),
    dots.length < seen.length ? `${dots.length} of ${seen.length} dots are drawn, evenly chosen.` : undefined,
  ].filter((note) => note !== undefined);
  const told = [subtitle, ...new Set(notes)].filter((text) => text !== undefined).join(" ");
  const range = (axis: "x" | "y") =>
    extent(seen.map((dot) => dot[axis]))
      .map(spoken)
      .join(" to ");
  const { legend, ...numbered } = colourOf(names);
  const color = { ...numbered, legend: legend && { ...legend, symbolType: "circle" } };
  const encoding = (field: "x" | "y", fitted: typeof x): Part => ({
    field,
    type: "quantitative",
    title: fitted.title,
    scale: fitted.scale,
    axis: fitted.axis,
  });
  return new Chart({
    title,
    subtitle: told === "" ? undefined : told,
    description: [
      seen.length === 0
        ? `None of ${pairs.length} dots can be drawn.`
        : `${seen.length} ${seen.length === 1 ? "dot" : "dots"}${labels === undefined ? "" : ` of ${names.length} ${names.length === 1 ? "class" : "classes"}`}, x from ${range("x")}, y from ${range("y")}.`,
      ...new Set(notes),
    ].join(" "),
    spec: {
      width: WIDTH,
      height: HEIGHT,
      data: {
        values: dots.map((dot) => ({
          x: dot.x - x.base,
          y: dot.y - y.base,
          name: dot.name,
          series: names.indexOf(dot.name),
        })),
      },
      mark: { type: "point", filled: true, size: dots.length > 300 ? 20 : 42, opacity: 0.8, aria: false },
      encoding: {
        x: encoding("x", x),
        y: encoding("y", y),
        ...(labels !== undefined && { color }),
        tooltip: [
          { field: "x", type: "quantitative", title: tooltipTitle(x.title), format: ".4~g" },
          { field: "y", type: "quantitative", title: tooltipTitle(y.title), format: ".4~g" },
          ...(labels === undefined ? [] : [{ field: "name", type: "nominal", title: "class" }]),
        ],
      },
    },
  });
}

function isList(value: unknown): value is ArrayLike<number> {
  return typeof value === "object" && value !== null && Number.isSafeInteger((value as ArrayLike<number>).length);
}

function pairsOf(points: Matrix | readonly (readonly number[])[]): readonly (readonly number[])[] {
  if (Matrix.isMatrix(points)) {
    if (points.cols === 2) return points.toRows();
    throw new RangeError(`scatter: points is ${points.shape}; expected N×2, a dot a row`);
  }
  if (!Array.isArray(points))
    throw new TypeError(`scatter: points is ${kindOf(points)}; expected a Matrix or an array of pairs`);
  if (points.length === 0) throw new RangeError("scatter: points is empty; expected at least one pair");
  const wrong = points.findIndex((pair) => !Array.isArray(pair) || pair.length !== 2);
  if (wrong < 0) return points;
  throw new TypeError(`scatter: points[${wrong}] is ${kindOf(points[wrong])}; expected a pair of numbers`);
}
