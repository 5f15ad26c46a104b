/** Histograms over the epochs: how the values of a matrix are spread, with an epoch slider and as a heat map over time. */
import { kindOf, Matrix, numberOrKind } from "../../matrix";
import { checkFinite, checkWhole } from "../../shapes";
import type { History } from "../../train";
import { checkHistory, checkTexts } from "./arguments";
import { Chart, type Part, spoken } from "./chart";
import { packed, unpacked } from "./packed";
import { colours, sequential, WIDTH } from "./theme";

/** The values of one or more matrices after an epoch. */
export interface Frame {
  readonly epoch: number;
  /** A matrix's entries, by the matrix's name; the same names in every frame. */
  readonly values: Readonly<Record<string, Matrix | ArrayLike<number>>>;
}

/** The words around a chart of histograms. */
export interface HistogramWords {
  /** What the chart shows. */
  readonly title: string;
  /** How to read it. */
  readonly subtitle?: string;
  /** What a value is, for the axis: `"weight"`. */
  readonly value: string;
  /** What is counted, for the axis: `"weights"`. */
  readonly counted: string;
}

/** Counts per bin, after one epoch, of one matrix. */
export interface Histogram {
  readonly epoch: number;
  readonly name: string;
  /** Where the first bin starts. */
  readonly start: number;
  /** How wide each bin is. */
  readonly width: number;
  readonly counts: readonly number[];
}

/**
 * How the entries of W1 and of W2 are spread, with a slider for the epoch; the grey outline is the start.
 *
 * @param history from `train`, with weight snapshots
 * @throws if it is no array of records, none has a weight snapshot, or a weight is NaN or infinite
 */
export function weightHistograms(history: History): Chart {
  return histograms(weightFrames("weightHistograms", history), {
    title: "How the weights are spread",
    subtitle: "Blue: after the epoch of the slider. Grey outline: before the first step.",
    value: "weight",
    counted: "weights",
  });
}

/**
 * How the entries of W1 and of W2 are spread, over all epochs at once: each column is a histogram, seen from above.
 *
 * @param history from `train`, with weight snapshots
 * @throws if it is no array of records, none has a weight snapshot, or a weight is NaN or infinite
 */
export function weightHeatMap(history: History): Chart {
  return histogramHeatMap(weightFrames("weightHeatMap", history), {
    title: "How the weights spread over the epochs",
    subtitle: "Each column is a histogram seen from above: the darker, the more weights.",
    value: "weight",
    counted: "weights",
  });
}

/**
 * Histograms of any matrices, with a slider for the epoch: activations, gradients, weights.
 *
 * @param frames one per epoch, in order
 * @param words title and axes
 * @throws if there is no frame, a frame has not the names of the first one, a matrix is neither a Matrix nor numbers or has none, an
 *   entry is NaN or infinite, or a word is missing
 */
export function histograms(frames: readonly Frame[], words: HistogramWords): Chart {
  checkTexts("histograms", "words", words, ["title", "value", "counted"]);
  const binned = binFrames("histograms", frames, 40);
  const names = namesIn(frames);
  const epochs = frames.map(({ epoch }) => epoch);
  const last = epochs[epochs.length - 1];
  const panel = (name: string): Part => {
    const rows = binned.filter((row) => row.name === name);
    const most = Math.max(...rows.flatMap(({ counts }) => counts));
    const { start, width, counts } = rows[0];
    const x = {
      type: "quantitative",
      title: `${words.value} (an entry of ${name})`,
      // all frames have the same bins: the axis stays while the slider moves
      scale: { domain: [start, start + width * counts.length], nice: true },
      axis: { grid: false, tickCount: names.length > 2 ? 3 : 6 },
    };
    const y = {
      field: "count",
      type: "quantitative",
      title: `number of ${words.counted}`,
      scale: { domain: [0, most], nice: true },
      axis: { tickCount: 5 },
    };
    return {
      title: { text: name, fontSize: 13, anchor: "middle", offset: 4 },
      width: panelWidth(names.length),
      height: 220,
      layer: [
        {
          transform: [{ filter: `datum.name === '${name}' && datum.epoch === nearest` }, ...unfoldBins],
          mark: { type: "bar", color: colours.W1, opacity: 0.75, binSpacing: 0.5 },
          encoding: {
            x: { field: "from", bin: "binned", ...x },
            x2: { field: "to" },
            y,
          },
        },
        {
          transform: [{ filter: `datum.name === '${name}' && datum.epoch === ${epochs[0]}` }, ...unfoldBins],
          mark: { type: "line", interpolate: "step-after", color: colours.quiet, strokeWidth: 1.25, aria: false },
          encoding: { x: { field: "from", ...x }, y },
        },
        {
          data: { values: [{}] },
          mark: {
            type: "text",
            align: "right",
            baseline: "top",
            color: colours.W1,
            fontWeight: 600,
            text: { expr: "'epoch ' + nearest" },
          },
          encoding: { x: { value: "width" }, y: { value: 4 } },
        },
        // nothing to see: pointing anywhere above a bin reads it
        {
          transform: [{ filter: `datum.name === '${name}' && datum.epoch === nearest` }, ...unfoldBins],
          mark: { type: "rect", color: "transparent" },
          encoding: {
            x: { field: "from", ...x },
            x2: { field: "to" },
            y: { value: 0 },
            y2: { value: 220 },
            tooltip: [
              { field: "from", type: "quantitative", title: "from", format: ".3~g" },
              { field: "to", type: "quantitative", title: "to", format: ".3~g" },
              { field: "count", type: "quantitative", title: words.counted },
              { field: "epoch", type: "quantitative", title: "epoch" },
            ],
          },
        },
      ],
    };
  };
  return new Chart({
    title: words.title,
    subtitle: words.subtitle,
    description: `Histograms of ${names.join(" and ")} with a slider for the epoch, ${epochs[0]} to ${last}. ${spreads(frames)}`,
    spec: {
      data: { values: rowsOf(binned) },
      params: [
        {
          name: "epoch",
          value: last,
          ...(last > epochs[0] && {
            bind: { input: "range", min: epochs[0], max: last, step: stepOf(epochs), name: "epoch " },
          }),
        },
        // a snapshot need not be there for every position of the slider
        {
          name: "nearest",
          expr: `${epochs[0]} + ${stepOf(epochs)} * round((epoch - ${epochs[0]}) / ${stepOf(epochs)})`,
        },
      ],
      hconcat: names.map(panel),
    },
  });
}

/**
 * Histograms of any matrices over all epochs at once, as a heat map.
 *
 * @param frames one per epoch, in order
 * @param words title and axes
 * @throws if there is no frame, a frame has not the names of the first one, a matrix is neither a Matrix nor numbers or has none, an
 *   entry is NaN or infinite, or a word is missing
 */
export function histogramHeatMap(frames: readonly Frame[], words: HistogramWords): Chart {
  checkTexts("histogramHeatMap", "words", words, ["title", "value", "counted"]);
  const binned = binFrames("histogramHeatMap", frames, 30);
  const names = namesIn(frames);
  const epochs = frames.map(({ epoch }) => epoch);
  const panel = (name: string): Part => ({
    title: { text: name, fontSize: 13, anchor: "middle", offset: 4 },
    width: panelWidth(names.length),
    height: 240,
    transform: [{ filter: `datum.name === '${name}'` }, ...unfoldBins, { filter: "datum.count > 0" }],
    mark: { type: "rect", aria: false },
    encoding: {
      x: {
        field: "epoch",
        type: "ordinal",
        title: "epoch",
        axis: { labelAngle: 0, labelOverlap: true, values: ticks(epochs) },
        scale: { padding: 0 },
      },
      y: {
        field: "from",
        type: "quantitative",
        title: `${words.value} (an entry of ${name})`,
        axis: { grid: false, tickCount: 6 },
        scale: { nice: false },
      },
      y2: { field: "to" },
      color: {
        field: "count",
        type: "quantitative",
        title: `number of ${words.counted}`,
        scale: { type: "sqrt", range: sequential },
        legend: { orient: "bottom", gradientLength: panelWidth(names.length), direction: "horizontal", tickCount: 5 },
      },
      tooltip: [
        { field: "epoch", type: "quantitative", title: "epoch" },
        { field: "from", type: "quantitative", title: "from", format: ".3~g" },
        { field: "to", type: "quantitative", title: "to", format: ".3~g" },
        { field: "count", type: "quantitative", title: words.counted },
      ],
    },
  });
  return new Chart({
    title: words.title,
    subtitle: words.subtitle,
    description: `Histograms of ${names.join(" and ")} over the epochs ${epochs[0]} to ${epochs[epochs.length - 1]}, as a heat map. ${spreads(frames)}`,
    spec: {
      data: { values: rowsOf(binned) },
      hconcat: names.map(panel),
      resolve: { scale: { color: "independent" } },
    },
  });
}

/** The weights of a run's snapshots, as frames for `histograms`. */
function weightFrames(fn: string, history: History): Frame[] {
  checkHistory(fn, "history", history);
  const frames = history.flatMap(({ epoch, weights }, k) => {
    if (weights === undefined) return [];
    const { W1, W2 } = weights;
    checkEntries(fn, `history[${k}].weights.W1`, W1);
    checkEntries(fn, `history[${k}].weights.W2`, W2);
    return [{ epoch, values: { W1, W2 } }];
  });
  if (frames.length === 0) {
    throw new RangeError(`${fn}: no record of history has weights; expected a run with snapshotEvery: 1`);
  }
  return frames;
}

/**
 * Counts the values of each frame in `bins` bins of equal width. The bins of one matrix are the same in all frames, from its
 * least to its greatest value; a value on a border counts in the bin above, the greatest of all in the last one.
 *
 * @param fn the function's name, for messages
 * @param frames one per epoch, in order; at least one
 * @param bins how many bins each matrix gets
 * @returns for each matrix a histogram per frame
 * @throws if there is no frame, a frame has not the names of the first one, a matrix is neither a Matrix nor numbers or has none, an
 *   entry is NaN or infinite, or `bins` is not a whole number of at least 1: `histograms: frames[1] has no B; expected the names of
 *   frames[0]: A, B`
 */
export function binFrames(fn: string, frames: readonly Frame[], bins: number): Histogram[] {
  checkFrames(fn, frames);
  checkWhole(fn, "bins", bins, 1);
  return namesIn(frames).flatMap((name) => {
    const all = frames.map(({ values }) => entriesOf(values[name]));
    const low = all.reduce((min, values) => values.reduce((a, b) => Math.min(a, b), min), Number.POSITIVE_INFINITY);
    const high = all.reduce((max, values) => values.reduce((a, b) => Math.max(a, b), max), Number.NEGATIVE_INFINITY);
    const width = high > low ? (high - low) / bins : 1 / bins;
    const start = high > low ? low : low - 0.5;
    return frames.map(({ epoch }, k) => {
      const counts = new Array<number>(bins).fill(0);
      for (const value of all[k]) counts[Math.min(Math.floor((value - start) / width), bins - 1)]++;
      return { epoch, name, start, width, counts };
    });
  });
}

/** Checks that there are frames, all with the same names, and only finite numbers in them. */
function checkFrames(fn: string, frames: readonly Frame[]): void {
  if (!Array.isArray(frames)) throw new TypeError(`${fn}: frames is ${kindOf(frames)}; expected an array of frames`);
  if (frames.length === 0) throw new RangeError(`${fn}: frames is empty; expected at least one`);
  for (const [k, frame] of frames.entries()) {
    const values: unknown = frame?.values;
    if (typeof values !== "object" || values === null) {
      const got = frame == null ? `frames[${k}] is ${kindOf(frame)}` : `frames[${k}].values is ${kindOf(values)}`;
      throw new TypeError(`${fn}: ${got}; expected { epoch, values }, the values by name`);
    }
    checkSameNames(fn, namesIn(frames), k, Object.keys(values));
    for (const [name, entries] of Object.entries(values)) checkEntries(fn, `frames[${k}].values.${name}`, entries);
  }
}

function checkSameNames(fn: string, names: readonly string[], k: number, own: readonly string[]): void {
  if (names.length === 0) throw new RangeError(`${fn}: frames[0].values is empty; expected at least one name`);
  const expected = `expected the names of frames[0]: ${names.join(", ")}`;
  const missing = names.find((name) => !own.includes(name));
  if (missing !== undefined) throw new RangeError(`${fn}: frames[${k}] has no ${missing}; ${expected}`);
  const more = own.find((name) => !names.includes(name));
  if (more !== undefined) throw new RangeError(`${fn}: frames[${k}] has ${more}, too; ${expected}`);
}

/** Checks that these are the entries of a matrix or a list of numbers, some and all of them finite. */
function checkEntries(fn: string, what: string, entries: Matrix | ArrayLike<number>): void {
  if (Matrix.isMatrix(entries)) {
    checkFinite(fn, what, entries);
    return;
  }
  if (typeof entries !== "object" || entries === null || !Number.isSafeInteger(entries.length)) {
    throw new TypeError(`${fn}: ${what} is ${kindOf(entries)}; expected a Matrix or an array of numbers`);
  }
  if (entries.length === 0) throw new RangeError(`${fn}: ${what} is empty; expected at least one number`);
  for (let i = 0; i < entries.length; i++) {
    if (Number.isFinite(entries[i])) continue;
    throw new RangeError(`${fn}: ${what} has ${numberOrKind(entries[i])} at entry ${i}; expected finite numbers`);
  }
}

function rowsOf(binned: readonly Histogram[]): Part[] {
  return binned.map(({ counts, ...row }) => ({ ...row, count: packed(counts) }));
}

/** From a row with all counts of a histogram to one row per bin. */
const unfoldBins = [
  ...unpacked(["count"]),
  { window: [{ op: "row_number", as: "bin" }], groupby: ["epoch", "name"] },
  { calculate: "datum.start + (datum.bin - 1) * datum.width", as: "from" },
  { calculate: "datum.start + datum.bin * datum.width", as: "to" },
];

function namesIn(frames: readonly Frame[]): string[] {
  return Object.keys(frames[0].values);
}

function entriesOf(values: Matrix | ArrayLike<number>): Float64Array {
  return Float64Array.from(Matrix.isMatrix(values) ? values.data : values);
}

function panelWidth(panels: number): number {
  return Math.floor((WIDTH - (panels - 1) * 60) / panels);
}

/** How far apart the epochs are. */
function stepOf(epochs: readonly number[]): number {
  return epochs.length > 1 ? epochs[1] - epochs[0] : 1;
}

/** About seven of the epochs, for the axis. */
function ticks(epochs: readonly number[]): number[] {
  const every = Math.max(1, Math.round(epochs.length / 6));
  return epochs.filter((_, k) => k % every === 0);
}

/** `W1: standard deviation 0.18 at first, 0.35 at last.` */
function spreads(frames: readonly Frame[]): string {
  const deviation = (values: Float64Array) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  };
  const first = frames[0].values;
  const last = frames[frames.length - 1].values;
  return namesIn(frames)
    .map(
      (name) =>
        `${name}: standard deviation ${spoken(deviation(entriesOf(first[name])))} at first, ${spoken(deviation(entriesOf(last[name])))} at last.`,
    )
    .join(" ");
}
