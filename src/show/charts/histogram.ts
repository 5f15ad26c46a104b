/** How a learner's own numbers are spread. */
import { Matrix } from "../../matrix";
import { checkWhole } from "../../shapes";
import { extent, fittedAxis, hasPlace, leftOut } from "./axis";
import { type Bins, binsBetween, checkEntries, countsIn, entriesOf, spreadOf } from "./bins";
import { Chart, spoken } from "./chart";
import { colourOf } from "./lines";
import { packed, unpacked } from "./packed";
import { WIDTH } from "./theme";

const HEIGHT = 220;

/** Numbers of a learner's own. */
export type Values = Matrix | ArrayLike<number>;

/** How a histogram of one's own is drawn. */
export interface HistogramOptions {
  readonly title?: string;
  readonly subtitle?: string;
  /** What a value is, for the axis. */
  readonly value?: string;
  /** How many bins, 40 by default; whole numbers that are close together get one each. */
  readonly bins?: number;
}

/**
 * How numbers are spread: bars for one list or matrix, outlines in one plot for several by name.
 *
 * @param values numbers, or several by name: `histogram({ before: W1, after: run.parameters.W1 })`; NaN and infinities are left out,
 *   and told
 * @param options words, and the number of bins
 * @throws if there are no numbers, or `bins` is not a whole number of at least 1
 */
export function histogram(values: Values | Readonly<Record<string, Values>>, options: HistogramOptions = {}): Chart {
  const { title = "How the values are spread", value = "value", bins: count } = options;
  const isAlone = Matrix.isMatrix(values) || typeof values !== "object" || values === null || "length" in values;
  const named = isAlone ? [["", values as Values] as const] : Object.entries(values as Record<string, Values>);
  if (named.length === 0)
    throw new RangeError("histogram: values is empty; expected numbers, or lists of them by name");
  const all = named.map(([name, list]) => {
    const finite = entriesOf(Array.isArray(list) || isList(list) ? list : []).filter((entry) => hasPlace(entry, {}));
    checkEntries("histogram", name === "" ? "values" : `values[${JSON.stringify(name)}]`, isList(list) ? finite : list);
    return { name, finite };
  });
  if (count !== undefined) checkWhole("histogram", "bins", count, 1);
  const bins = binsFor(
    all.map(({ finite }) => finite),
    count,
  );
  const x = fittedAxis({ title: value }, bins.start, bins.start + bins.width * bins.count);
  const names = all.map(({ name }) => name);
  const note = leftOut(
    named.flatMap(([, list]) => Array.from(entriesOf(list))),
    {},
  );
  const told = all.map(({ name, finite }) => {
    const { mean, deviation } = spreadOf(finite);
    const [low, high] = extent(finite);
    return `${name === "" ? "" : `${name}: `}${finite.length} ${finite.length === 1 ? "value" : "values"} from ${spoken(low)} to ${spoken(high)}, mean ${spoken(mean)}, standard deviation ${spoken(deviation)}`;
  });
  const rows = all.map(({ name, finite }, series) => ({
    series,
    name,
    // the last bin's right edge ends the outline
    counts: packed([...countsIn(bins, finite), 0]),
  }));
  const encoding = {
    x: {
      field: "from",
      type: "quantitative",
      title: x.title,
      scale: { ...x.scale, nice: false },
      axis: { grid: false, ...x.axis },
    },
    y: { field: "counts", type: "quantitative", title: "how many", scale: { zero: true }, axis: { tickMinStep: 1 } },
  };
  const subtitle = [options.subtitle, note].filter((text) => text !== undefined).join(" ");
  return new Chart({
    title,
    subtitle: subtitle === "" ? undefined : subtitle,
    description: [`Histogram. ${told.join("; ")}.`, ...(note ? [note] : [])].join(" "),
    spec: {
      width: WIDTH,
      height: HEIGHT,
      data: { values: rows },
      transform: [
        ...unpacked(["counts"]),
        { window: [{ op: "row_number", as: "bin" }], groupby: ["series"] },
        { calculate: `${bins.start - x.base} + (datum.bin - 1) * ${bins.width}`, as: "from" },
        { calculate: `datum.from + ${bins.width}`, as: "to" },
      ],
      layer: [
        {
          mark: {
            type: "area",
            interpolate: "step-after",
            fillOpacity: isAlone ? 0.7 : 0.12,
            line: { strokeWidth: 1.75 },
          },
          encoding: {
            ...encoding,
            color: colourOf(names),
          },
        },
        {
          transform: [{ filter: `datum.bin <= ${bins.count}` }],
          mark: { type: "rect", color: "transparent" },
          encoding: {
            x: encoding.x,
            x2: { field: "to" },
            y: { value: 0 },
            y2: { value: HEIGHT },
            tooltip: [
              { field: "from", type: "quantitative", title: "from", format: ".4~g" },
              { field: "to", type: "quantitative", title: "to", format: ".4~g" },
              { field: "counts", type: "quantitative", title: "how many" },
              ...(isAlone ? [] : [{ field: "name", type: "nominal", title: "of" }]),
            ],
          },
        },
      ],
    },
  });
}

function isList(value: unknown): value is Values {
  return Matrix.isMatrix(value) || (typeof value === "object" && value !== null && "length" in value);
}

/** Common bins; whole numbers that are close together get one each. */
function binsFor(lists: readonly Float64Array[], count: number | undefined): Bins {
  const [low, high] = extent(lists.flatMap((list) => extent(list)));
  const whole = lists.every((list) => list.every((value) => Number.isInteger(value)));
  if (count === undefined && whole && high - low <= 60) return { start: low - 0.5, width: 1, count: high - low + 1 };
  return binsBetween([low, high], count ?? 40);
}
