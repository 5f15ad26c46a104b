/** Lines over a common x axis, where pointing at one x reads all lines at once. */
import { Chart, type Part } from "./chart";
import { colours, seriesColours, WIDTH } from "./theme";

/** One line. */
export interface Series {
  /** The property of a row that holds the line's values. */
  readonly field: string;
  /** What the legend and the tooltip call it. */
  readonly name: string;
  /** One of the theme's colours; the next in order when left out. */
  readonly colour?: string;
  /** Whether the line is dashed: told apart also in black and white. */
  readonly dashed?: boolean;
}

/** An axis. */
export interface Axis {
  /** Symbol and meaning. */
  readonly title: string;
  /** Logarithmic; values of 0 and below are left out. */
  readonly log?: boolean;
  /** The first and the last value; chosen by the data when left out. */
  readonly domain?: readonly [number, number];
  /** How d3 writes the numbers, like `.0%`. */
  readonly format?: string;
  /** Whether the axis, a logarithmic one, is labelled with powers of ten. */
  readonly powers?: boolean;
  /** Whether the axis must reach 0; true when left out. */
  readonly zero?: boolean;
}

/** What a chart of lines is made from. */
export interface LinesParts {
  readonly title: string;
  readonly subtitle?: string;
  readonly description: string;
  /** One row per x: the x and a value for each line, null where there is none. */
  readonly rows: readonly Part[];
  readonly x: Axis & { readonly field: string; readonly whole?: boolean };
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Dashed lines across the chart, each with a few words. */
  readonly guides?: readonly { readonly y: number; readonly label: string }[];
  /** Whether each value gets a dot. */
  readonly points?: boolean;
  /** How many columns the legend has; all in one line when left out. */
  readonly legendColumns?: number;
  /** Height of the plot. */
  readonly height?: number;
}

/** A chart of lines; pointing at it shows a rule and the values of all lines at that x. */
export function lines(parts: LinesParts): Chart {
  const {
    title,
    subtitle,
    description,
    rows,
    x,
    y,
    series,
    guides = [],
    points = false,
    legendColumns,
    height = 260,
  } = parts;
  const xEncoding = {
    field: x.field,
    type: "quantitative",
    title: x.title,
    scale: scaleOf({ ...x, zero: x.zero ?? false }),
    axis: {
      grid: false,
      ...labelsOf(x),
      ...(x.whole && { tickMinStep: 1, format: "d" }),
    },
  };
  const yEncoding = {
    type: "quantitative",
    title: y.title,
    // where the axis need not start at 0, no line and no guide lies on its edge
    scale: { ...scaleOf(y), ...(y.zero === false && { padding: 6 }) },
    axis: { ...labelsOf(y), tickCount: 6 },
  };
  const names = series.map(({ name }) => name);
  const range = series.map(({ colour }, k) => colour ?? seriesColours[k % seriesColours.length]);
  const dashes = series.map(({ dashed }) => (dashed ? [6, 4] : [1, 0]));
  const legend = {
    title: null,
    orient: "top",
    direction: "horizontal",
    offset: 6,
    columnPadding: 18,
    ...(legendColumns !== undefined && { columns: legendColumns }),
    symbolType: "stroke",
  };
  const nameOf = series.reduceRight(
    (rest, { field, name }) => `datum.line === ${JSON.stringify(field)} ? ${JSON.stringify(name)} : ${rest}`,
    "datum.line",
  );
  const tooltip = [
    { field: x.field, type: "quantitative", title: x.title, ...(x.whole && { format: "d" }) },
    ...series.map(({ field, name }) => ({ field, type: "quantitative", title: name, format: y.format ?? ".4~g" })),
  ];
  return new Chart({
    title,
    subtitle,
    description,
    spec: {
      width: WIDTH,
      height,
      data: { values: rows },
      layer: [
        ...guides.map((guide) => ({
          data: { values: [{ y: guide.y, label: guide.label }] },
          layer: [
            {
              mark: { type: "rule", color: colours.quiet, strokeDash: [3, 3] },
              encoding: { y: { field: "y", ...yEncoding } },
            },
            {
              mark: { type: "text", align: "right", baseline: "bottom", dx: -4, dy: -3, color: colours.quiet },
              encoding: {
                x: { value: "width" },
                y: { field: "y", type: "quantitative" },
                text: { field: "label", type: "nominal" },
              },
            },
          ],
        })),
        {
          transform: [
            { fold: series.map(({ field }) => field), as: ["line", "value"] },
            ...(y.log ? [{ filter: "isValid(datum.value) && datum.value > 0" }] : []),
            ...(x.log ? [{ filter: `datum[${JSON.stringify(x.field)}] > 0` }] : []),
            { calculate: nameOf, as: "name" },
          ],
          mark: { type: "line", clip: true, ...(points && { point: { filled: true, size: 34 } }) },
          encoding: {
            x: xEncoding,
            y: { field: "value", ...yEncoding },
            color: { field: "name", type: "nominal", scale: { domain: names, range }, legend },
            strokeDash: { field: "name", type: "nominal", scale: { domain: names, range: dashes }, legend },
          },
        },
        {
          params: [
            {
              name: "hover",
              select: { type: "point", fields: [x.field], nearest: true, on: "mouseover", clear: "mouseout" },
            },
          ],
          mark: { type: "rule", color: colours.ink, strokeWidth: 1, aria: false },
          encoding: {
            x: { field: x.field, type: "quantitative" },
            opacity: { condition: { param: "hover", empty: false, value: 0.55 }, value: 0 },
            tooltip,
          },
        },
      ],
    },
  });
}

function scaleOf({ log, domain, zero }: Axis): Part {
  if (log) return { type: "log", nice: true, ...(domain && { domain, nice: false }) };
  return { zero: zero ?? true, nice: true, ...(domain && { domain, nice: false }) };
}

function labelsOf({ format, powers }: Axis): Part {
  if (powers) return { labelExpr: POWER_OF_TEN };
  return format === undefined ? {} : { format };
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 10⁻⁶ rather than 1e-6; ticks between powers have no label. */
const POWER_OF_TEN = (() => {
  const [least, most] = [-20, 20];
  const exponents = Array.from({ length: most - least + 1 }, (_, k) => String(least + k));
  const labels = exponents.map((exponent) => {
    if (exponent === "0") return "1";
    return `10${exponent.replace("-", "⁻").replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)])}`;
  });
  const exponent = "log(datum.value) / LN10";
  return `abs(${exponent} - round(${exponent})) > 1e-6 ? '' : ${JSON.stringify(labels)}[round(${exponent}) + ${-least}]`;
})();
