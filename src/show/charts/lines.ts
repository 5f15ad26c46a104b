/** Lines over a common x axis, where pointing at one x reads all lines at once. */
import { type Axis, course, extent, type FittedAxis, fittedAxis, hasPlace, leftOut } from "./axis";
import { Chart, type Part } from "./chart";
import { label, tooltipTitle } from "./names";
import { textWidth } from "./text-width";
import { colours, type Expression, isNarrow, seriesColours, WIDTH } from "./theme";

/** A point of a line; a y that is null or NaN leaves a gap. */
export interface Point {
  readonly x: number;
  readonly y: number | null | undefined;
}

/** One line. */
export interface Line {
  /** What legend, tooltip and text call it. */
  readonly name: string;
  readonly points: readonly Point[];
  /** One of the theme's colours; the next in order when left out. */
  readonly colour?: Expression;
  /** Whether the line is dashed: told apart also in black and white. */
  readonly dashed?: boolean;
}

/** What a chart of lines is made from. */
export interface LinesParts {
  readonly title: string;
  readonly subtitle?: string;
  /** What the lines show, for the text: `Loss over 30 epochs`. */
  readonly what: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** Dashed lines across the chart, each with a few words. */
  readonly guides?: readonly { readonly y: number; readonly label: string }[];
  /** Whether each value gets a dot. */
  readonly dots?: boolean;
  /** How a value is written in the text. */
  readonly say?: (value: number) => string;
  /** What the text says instead of where each line begins and ends. */
  readonly told?: string;
  /** Height of the plot. */
  readonly height?: number;
}

/** As many points as one can see; of more, those that matter to the shape are drawn. */
const MOST_POINTS = 2400;

/** A chart of lines; pointing at it shows a rule and the values of all lines at that x. */
export function lineChartOf(parts: LinesParts): Chart {
  const { title, what, lines, guides = [], dots = false, height = 260, say } = parts;
  const drawn = lines.map((line) => ({ ...line, points: line.points.filter(({ x }) => hasPlace(x, parts.x)) }));
  const most = Math.max(8, Math.floor(MOST_POINTS / lines.length));
  const thinned = drawn.map((line) => ({ ...line, points: thin(line.points, most) }));
  const seen = thinned.map(({ points }) => points.filter(({ y }) => hasPlace(y, parts.y)));
  const [x, y] = fittedAxes(parts, seen);
  const notes = notesOn(parts, drawn, thinned);
  const subtitle = [...(parts.subtitle === undefined ? [] : [parts.subtitle]), ...notes].join(" ");
  const courses = lines
    .map(
      ({ name }, k) =>
        `${name} ${course(
          seen[k].map((point) => point.y!),
          say,
        )}`,
    )
    .join(", ");
  const xEncoding = { type: "quantitative", title: x.title, scale: x.scale, axis: { grid: false, ...x.axis } };
  const yEncoding = { type: "quantitative", title: y.title, scale: y.scale, axis: { ...y.axis, tickCount: 6 } };
  const names = lines.map(({ name }) => name);
  const range = lines.map(({ colour }, k) => colour ?? seriesColours[k % seriesColours.length]);
  const color = colourOf(names, range);
  const nothing = seen.every((points) => points.length === 0);
  return new Chart({
    title,
    subtitle: subtitle === "" ? undefined : subtitle,
    description: [`${what}: ${parts.told ?? courses}.`, ...notes].join(" "),
    spec: {
      width: WIDTH,
      height,
      data: { values: rowsOf(thinned, parts.y, x.base, y.base) },
      layer: [
        ...guides.map((guide) => guideAt(guide.y - y.base, guide.label, yEncoding)),
        {
          transform: [
            { fold: lines.map((_, k) => `s${k}`), as: ["line", "value"] },
            { filter: "isDefined(datum.value)" },
            { calculate: "toNumber(slice(datum.line, 1))", as: "series" },
          ],
          mark: { type: "line", clip: true, ...(dots && { point: { filled: true, size: 34 } }) },
          encoding: {
            x: { field: "x", ...xEncoding },
            y: { field: "value", ...yEncoding },
            color,
            strokeDash: {
              ...color,
              scale: { domain: color.scale.domain, range: lines.map(({ dashed }) => (dashed ? [6, 4] : [1, 0])) },
            },
          },
        },
        ...loneDots(thinned, parts.y, x.base, y.base, color),
        ...(nothing ? [sentence(height)] : []),
        pointer(parts, names),
      ],
    },
  });
}

/** Keeps the first and the last point, and of each stretch between them the lowest and the highest. */
export function thin(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points];
  const sorted = points.map((_, k) => k).sort((a, b) => points[a].x - points[b].x);
  const stretches = Math.floor((most - 2) / 2);
  const kept = new Set([sorted[0], sorted[sorted.length - 1]]);
  for (let s = 0; s < stretches; s++) {
    const stretch = sorted.slice(
      Math.floor((s * sorted.length) / stretches),
      Math.floor(((s + 1) * sorted.length) / stretches),
    );
    const size = (k: number) => points[k].y ?? Number.NaN;
    kept.add(stretch.reduce((a, b) => (size(b) < size(a) || Number.isNaN(size(a)) ? b : a)));
    kept.add(stretch.reduce((a, b) => (size(b) > size(a) || Number.isNaN(size(a)) ? b : a)));
  }
  return points.filter((_, k) => kept.has(k));
}

function fittedAxes({ x, y, guides = [] }: LinesParts, seen: readonly (readonly Point[])[]): FittedAxis[] {
  const values = seen.flat();
  const [left, right] = extent(values.map((point) => point.x));
  const [low, high] = extent(values.map((point) => point.y!));
  const ofY = fittedAxis(y, low, high);
  const known = guides.map((guide) => guide.y);
  // a guide must be seen, and keep clear of the edge
  const withGuides = ofY.base === 0 && guides.length > 0 ? fittedAxis(y, ...extent([low, high, ...known])) : ofY;
  const scale = y.zero || y.domain || y.log ? withGuides.scale : { ...withGuides.scale, padding: 6 };
  return [fittedAxis(x, left, right), { ...withGuides, scale }];
}

/** What is not drawn, in sentences. */
function notesOn({ x, y, lines }: LinesParts, drawn: readonly Line[], thinned: readonly Line[]): string[] {
  const ofX = leftOut(
    lines.flatMap(({ points }) => points.map((point) => point.x)),
    x,
  );
  const ofY = leftOut(
    drawn.flatMap(({ points }) => points.map((point) => point.y)),
    y,
  );
  const [all, some] = [drawn, thinned].map((list) => list.reduce((sum, { points }) => sum + points.length, 0));
  return [
    ...new Set([ofX, ofY]),
    ...(some < all
      ? [`${some} of ${all} points are drawn: the ends, and the lowest and highest of each stretch.`]
      : []),
  ].filter((note) => note !== undefined);
}

/** One row per x, with a value for each line that has one there; null where its value has no place. */
function rowsOf(lines: readonly Line[], y: Axis, xBase: number, yBase: number): Part[] {
  const rows = new Map<number, Record<string, number | null>>();
  lines.forEach(({ points }, k) => {
    for (const point of points) {
      const row = rows.get(point.x) ?? { x: point.x - xBase };
      row[`s${k}`] = hasPlace(point.y, y) ? point.y - yBase : null;
      rows.set(point.x, row);
    }
  });
  return [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
}

/** A dot for each value that no line can show, since it has no neighbour. */
function loneDots(lines: readonly Line[], axis: Axis, xBase: number, yBase: number, color: Part): Part[] {
  const values = lines.flatMap(({ points }, series) => {
    const sorted = [...points].sort((a, b) => a.x - b.x);
    const isThere = sorted.map(({ y }) => hasPlace(y, axis));
    return sorted.flatMap(({ x, y }, k) =>
      isThere[k] && !isThere[k - 1] && !isThere[k + 1] ? [{ x: x - xBase, y: y! - yBase, series }] : [],
    );
  });
  if (values.length === 0) return [];
  return [
    {
      data: { values },
      mark: { type: "point", filled: true, size: 60, opacity: 1, aria: false },
      encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" }, color },
    },
  ];
}

/**
 * The colour of what is numbered by the field `series`, and its legend: none for one name; in one line, or in columns where names are
 * many or long. Vega finds groups by their values in an object that has properties of its own, so names are no values here.
 */
export function colourOf(names: readonly string[], range: readonly Expression[] = seriesRange(names)) {
  const longest = names.reduce((most, name) => Math.max(most, textWidth(name)), 0);
  const fitting = (width: number) => Math.min(names.length, Math.max(1, Math.floor(width / (48 + 12.5 * longest))));
  // four in two lines of two rather than three and one
  const columns = (width: number) => Math.ceil(names.length / Math.ceil(names.length / fitting(width)));
  const legend = {
    title: null,
    orient: "top",
    direction: "horizontal",
    offset: 6,
    columnPadding: 18,
    columns: { expr: `${isNarrow} ? ${columns(300)} : ${columns(WIDTH)}` },
    labelExpr: `${JSON.stringify(names.map(label))}[datum.value]`,
    symbolType: "stroke",
  };
  return {
    field: "series",
    type: "nominal",
    scale: { domain: names.map((_, k) => k), range },
    legend: names.length === 1 ? null : legend,
  };
}

function seriesRange(names: readonly string[]): Expression[] {
  return names.map((_, k) => seriesColours[k % seriesColours.length]);
}

function guideAt(y: number, words: string, encoding: Part): Part {
  return {
    data: { values: [{ y, words }] },
    layer: [
      {
        mark: { type: "rule", color: colours.quiet, strokeDash: [3, 3] },
        encoding: { y: { field: "y", ...encoding } },
      },
      {
        // above its line, or below where that would leave the plot
        mark: {
          type: "text",
          align: "right",
          baseline: "middle",
          dx: -4,
          dy: { expr: `scale('y', ${y}) < 20 ? 10 : -10` },
          color: colours.quiet,
        },
        encoding: {
          x: { value: "width" },
          y: { field: "y", type: "quantitative" },
          text: { field: "words", type: "nominal" },
        },
      },
    ],
  };
}

/** Words where there is nothing to draw. */
function sentence(height: number): Part {
  return {
    data: { values: [{}] },
    mark: { type: "text", color: colours.quiet, fontSize: 14, text: "There is no value that can be drawn." },
    encoding: { x: { value: { expr: "width / 2" } }, y: { value: height / 2 } },
  };
}

/** A rule at the x that is pointed at, and the values of all lines there. */
function pointer({ x, y, lines }: LinesParts, names: readonly string[]): Part {
  return {
    params: [
      {
        name: "hover",
        select: { type: "point", fields: ["x"], nearest: true, on: "mouseover", clear: "mouseout" },
      },
    ],
    mark: { type: "rule", color: colours.ink, strokeWidth: 1, aria: false },
    encoding: {
      x: { field: "x", type: "quantitative" },
      opacity: { condition: { param: "hover", empty: false, value: 0.55 }, value: 0 },
      tooltip: [
        { field: "x", type: "quantitative", title: tooltipTitle(x.title), ...(x.whole && { format: "d" }) },
        ...lines.map((_, k) => ({
          field: `s${k}`,
          type: "quantitative",
          title: tooltipTitle(names[k]),
          format: y.format ?? ".4~g",
        })),
      ],
    },
  };
}
