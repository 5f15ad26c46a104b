/** Histograms over the epochs: how the values of a matrix are spread, with a slider and as a heat map over time. */
import type { History } from "../../train";
import { checkTexts } from "./arguments";
import { extent, fittedAxis } from "./axis";
import { binFrames, checkEntries, entriesOf, type Frame, type Histogram, namesIn, spreadOf } from "./bins";
import { Chart, type Part, spoken } from "./chart";
import { tooltipTitle } from "./names";
import { packed, unpacked } from "./packed";
import { PANEL, panel, panelTitle, panelWidth, sideBySide } from "./panels";
import { evenly, shareOf, snapshotsIn } from "./snapshots";
import { colours, sequential } from "./theme";

export type { Frame } from "./bins";

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
  /** Whether exact zeros are left out of the bins, and their share is written in the plot. */
  readonly leaveOutZeros?: boolean;
}

const WEIGHTS = { value: "weight", counted: "weights" } as const;
/** Positions of a slider. */
const MOST_FRAMES = 40;
/** Columns of a heat map. */
const MOST_COLUMNS = 100;
const HEIGHT = 220;

/**
 * How the entries of W1 and of W2 are spread, with a slider for the epoch; the grey outline is the start.
 *
 * @param history from `train`, with weight snapshots
 * @throws if it is no array of records, none has a weight snapshot, or a weight is NaN or infinite
 */
export function weightHistograms(history: History): Chart {
  return histograms(weightFrames("weightHistograms", history), {
    title: "How the weights are spread",
    subtitle: "Blue: after the epoch of the slider. Grey outline: at first.",
    ...WEIGHTS,
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
    ...WEIGHTS,
  });
}

/**
 * Histograms of any matrices, with a slider for the epoch: activations, gradients, weights. Of more than 40 frames, 40 are shown.
 *
 * @param frames one per epoch, in order
 * @param words title and axes
 * @throws if there is no frame, a frame has not the names of the first one, a matrix is neither a Matrix nor numbers or has none, an
 *   entry is NaN or infinite, or a word is missing
 */
export function histograms(frames: readonly Frame[], words: HistogramWords): Chart {
  checkTexts("histograms", "words", words, ["title", "value", "counted"]);
  const all = binFrames("histograms", frames, 40, words.leaveOutZeros);
  const names = namesIn(frames);
  const shown = evenly(frames, MOST_FRAMES);
  const binned = all.filter(({ epoch }) => shown.some((frame) => frame.epoch === epoch));
  const total = Object.fromEntries(names.map((name) => [name, entriesOf(frames[0].values[name]).length]));
  const panels = names.map((name, index) => {
    const rows = binned.filter((row) => row.name === name);
    const { start, width, counts } = rows[0];
    const x = fittedAxis({ title: words.value }, start, start + width * counts.length);
    const [, most] = extent(rows.flatMap((row) => row.counts));
    const select = (frame: string) => [
      { filter: `datum.panel === ${index} && datum.frame === ${frame}` },
      ...unfoldBins,
    ];
    const xEncoding = {
      type: "quantitative",
      title: x.title,
      // all frames have the same bins: the axis stays while the slider moves
      scale: {
        ...x.scale,
        domain: [start - x.base, start - x.base + width * counts.length],
        nice: false,
        ...{ range: panel.range },
      },
      axis: { grid: false, ...x.axis, tickCount: { expr: `ceil(${PANEL} / 70)` } },
    };
    const y = {
      field: "count",
      type: "quantitative",
      title: index === 0 ? `number of ${words.counted}` : null,
      // room above the bars for words
      scale: { domain: [0, 1.3 * Math.max(most, 1)], nice: true },
      axis: { tickCount: 5 },
    };
    const view: Part = {
      width: panel.width,
      height: HEIGHT,
      layer: [
        panelTitle(name),
        {
          transform: select("frame"),
          mark: { type: "bar", color: colours.W1, opacity: 0.75, binSpacing: 0.5 },
          encoding: { x: { field: "from", bin: "binned", ...xEncoding }, x2: { field: "to" }, y },
        },
        {
          transform: select("0"),
          mark: { type: "line", interpolate: "step-after", color: colours.quiet, strokeWidth: 1.25, aria: false },
          encoding: { x: { field: "from", ...xEncoding }, y },
        },
        {
          transform: [{ filter: `datum.panel === ${index} && datum.frame === frame` }],
          mark: { type: "text", align: "right", baseline: "top", color: colours.W1, fontWeight: 600, lineBreak: "\n" },
          encoding: { x: { value: { expr: PANEL } }, y: { value: 4 }, text: { field: "label", type: "nominal" } },
        },
        // nothing to see: pointing anywhere above a bin reads it
        {
          transform: select("frame"),
          mark: { type: "rect", color: "transparent" },
          encoding: {
            x: { field: "from", ...xEncoding },
            x2: { field: "to" },
            y: { value: 0 },
            y2: { value: HEIGHT },
            tooltip: [
              { field: "from", type: "quantitative", title: "from", format: ".3~g" },
              { field: "to", type: "quantitative", title: "to", format: ".3~g" },
              { field: "count", type: "quantitative", title: tooltipTitle(words.counted) },
              { field: "epoch", type: "quantitative", title: "epoch" },
            ],
          },
        },
      ],
    };
    const values = rows.map((row, frame) => ({
      panel: index,
      frame,
      epoch: row.epoch,
      start: row.start - x.base,
      width: row.width,
      count: packed(row.counts),
      label: labelOf(row, total[name], words.leaveOutZeros),
    }));
    return { view, values };
  });
  const last = shown.length - 1;
  return new Chart({
    title: words.title,
    subtitle: words.subtitle,
    description: `Histograms of ${names.join(" and ")} with a slider for the epoch, ${shown[0].epoch} to ${shown[last].epoch}${shareOf(
      shown.length,
      frames.length,
      "snapshots",
    )}. ${spreads(frames, words.leaveOutZeros)}`,
    spec: {
      data: { values: panels.flatMap(({ values }) => values) },
      params: [panelWidth(names.length), { name: "frame", value: last, ...(last > 0 && slider(last)) }],
      ...sideBySide(panels.map(({ view }) => view)),
    },
  });
}

/** A slider over the frames; epochs need not be evenly spaced, and each plot says which it shows. */
function slider(last: number): Part {
  return { bind: { input: "range", min: 0, max: last, step: 1, name: "snapshot " } };
}

/** `epoch 30`, and how many values are exactly 0 where those are left out. */
function labelOf({ epoch, zeros }: Histogram, total: number, leaveOutZeros = false): string {
  return leaveOutZeros ? `epoch ${epoch}\n${spoken((100 * zeros) / total)} % are 0` : `epoch ${epoch}`;
}

/**
 * Histograms of any matrices over all epochs at once, as a heat map. Of more than 100 frames, 100 are shown.
 *
 * @param frames one per epoch, in order
 * @param words title and axes
 * @throws if there is no frame, a frame has not the names of the first one, a matrix is neither a Matrix nor numbers or has none, an
 *   entry is NaN or infinite, or a word is missing
 */
export function histogramHeatMap(frames: readonly Frame[], words: HistogramWords): Chart {
  checkTexts("histogramHeatMap", "words", words, ["title", "value", "counted"]);
  const all = binFrames("histogramHeatMap", frames, 30);
  const names = namesIn(frames);
  const shown = evenly(frames, MOST_COLUMNS);
  const epochs = shown.map(({ epoch }) => epoch);
  const edges = edgesBetween(epochs);
  const panels = names.map((name, index) => {
    const rows = all.filter((row) => row.name === name && epochs.includes(row.epoch));
    const { start, width, counts } = rows[0];
    const y = fittedAxis({ title: words.value }, start, start + width * counts.length);
    const x = fittedAxis({ title: "epoch", whole: true }, epochs[0], epochs[epochs.length - 1]);
    const view: Part = {
      width: panel.width,
      height: 240,
      layer: [
        panelTitle(name),
        {
          transform: [{ filter: `datum.panel === ${index}` }, ...unfoldBins, { filter: "datum.count > 0" }],
          mark: { type: "rect", aria: false },
          encoding: {
            x: {
              field: "left",
              type: "quantitative",
              title: x.title,
              axis: { grid: false, ...x.axis, tickCount: { expr: `ceil(${PANEL} / 60)` } },
              scale: {
                domain: [edges[0], edges[edges.length - 1]],
                nice: false,
                zero: false,
                ...{ range: panel.range },
              },
            },
            x2: { field: "right" },
            y: {
              field: "from",
              type: "quantitative",
              title: y.title,
              axis: { grid: false, ...y.axis, tickCount: 6 },
              scale: { ...y.scale, nice: false },
            },
            y2: { field: "to" },
            color: {
              field: "count",
              type: "quantitative",
              title: `number of ${words.counted}`,
              scale: { type: "sqrt", range: sequential, domainMin: 0 },
              legend: { orient: "bottom", gradientLength: { expr: PANEL }, direction: "horizontal", tickCount: 4 },
            },
            tooltip: [
              { field: "epoch", type: "quantitative", title: "epoch" },
              { field: "from", type: "quantitative", title: "from", format: ".3~g" },
              { field: "to", type: "quantitative", title: "to", format: ".3~g" },
              { field: "count", type: "quantitative", title: tooltipTitle(words.counted) },
            ],
          },
        },
      ],
    };
    const values = rows.map((row, frame) => ({
      panel: index,
      frame,
      epoch: row.epoch,
      left: edges[frame],
      right: edges[frame + 1],
      start: row.start - y.base,
      width: row.width,
      count: packed(row.counts),
    }));
    return { view, values };
  });
  return new Chart({
    title: words.title,
    subtitle: words.subtitle,
    description: `Histograms of ${names.join(" and ")} over the epochs ${epochs[0]} to ${epochs[epochs.length - 1]}, as a heat map${shareOf(
      shown.length,
      frames.length,
      "snapshots",
    )}. ${spreads(frames)}`,
    spec: {
      data: { values: panels.flatMap(({ values }) => values) },
      params: [panelWidth(names.length)],
      ...sideBySide(panels.map(({ view }) => view)),
      resolve: { scale: { color: "independent" } },
    },
  });
}

/** Where the column of each epoch begins and ends: halfway to its neighbours. */
function edgesBetween(epochs: readonly number[]): number[] {
  const middles = epochs.slice(1).map((epoch, k) => (epoch + epochs[k]) / 2);
  const [first, last] = [epochs[0], epochs[epochs.length - 1]];
  if (middles.length === 0) return [first - 0.5, first + 0.5];
  return [2 * first - middles[0], ...middles, 2 * last - middles[middles.length - 1]];
}

/** The weights of a run's snapshots, as frames for `histograms`. */
function weightFrames(fn: string, history: History): Frame[] {
  return snapshotsIn(fn, history).map(({ epoch, weights: { W1, W2 } }) => {
    const place = `history[${history.findIndex((record) => record.epoch === epoch)}].weights`;
    checkEntries(fn, `${place}.W1`, W1);
    checkEntries(fn, `${place}.W2`, W2);
    return { epoch, values: { W1, W2 } };
  });
}

/** From a row with all counts of a histogram to one row per bin. */
const unfoldBins = [
  ...unpacked(["count"]),
  { window: [{ op: "row_number", as: "bin" }], groupby: ["frame", "panel"] },
  { calculate: "datum.start + (datum.bin - 1) * datum.width", as: "from" },
  { calculate: "datum.start + datum.bin * datum.width", as: "to" },
];

/** `W1: standard deviation 0.18 at first, 0.35 at last.` */
function spreads(frames: readonly Frame[], leaveOutZeros = false): string {
  const [first, last] = [frames[0].values, frames[frames.length - 1].values];
  return namesIn(frames)
    .map((name) => {
      const [before, after] = [first, last].map((values) => entriesOf(values[name]));
      const [zerosBefore, zerosAfter] = [before, after].map(
        (values) => `${spoken((100 * values.filter((value) => value === 0).length) / values.length)} %`,
      );
      const zeros = leaveOutZeros ? `; exactly 0 are ${zerosBefore} at first, ${zerosAfter} at last` : "";
      return `${name}: standard deviation ${spoken(spreadOf(before).deviation)} at first, ${spoken(spreadOf(after).deviation)} at last${zeros}.`;
    })
    .join(" ");
}
