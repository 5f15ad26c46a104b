/**
 * How all charts look: one theme, so that they read the same on a laptop, in light and in dark.
 *
 * A chart stands on a white card of its own. A transparent one would need colours that work on black and on white, and the
 * image of a chart can't know on which of the two it will be shown.
 */

/** The colours of Okabe and Ito (2008), which people with any kind of colour vision can tell apart. */
export const palette = {
  blue: "#0072B2",
  orange: "#E69F00",
  green: "#009E73",
  vermillion: "#D55E00",
  purple: "#CC79A7",
  sky: "#56B4E9",
  yellow: "#F0E442",
  black: "#000000",
} as const;

/** What a colour stands for, wherever it is used. */
export const colours = {
  training: palette.blue,
  test: palette.vermillion,
  W1: palette.blue,
  b1: palette.sky,
  W2: palette.vermillion,
  b2: palette.orange,
  forward: palette.blue,
  backward: palette.vermillion,
  right: palette.green,
  wrong: palette.vermillion,
  ink: "#1f2328",
  quiet: "#59636e",
  faint: "#d1d9e0",
  paper: "#ffffff",
} as const;

/** Colours for series in the order in which they come. */
export const seriesColours = [
  palette.blue,
  palette.vermillion,
  palette.green,
  palette.purple,
  palette.orange,
  palette.sky,
  palette.black,
] as const;

/** White is nothing, darker is more; read in order also without colour. */
export const sequential = ["#ffffff", "#d3e7f4", "#8fc1e0", "#3d90c4", "#0072B2", "#003a5c"] as const;

/** Orange is below zero, white is zero, blue is above: told apart with any kind of colour vision. */
export const diverging = ["#a34700", "#D55E00", "#eeb28a", "#ffffff", "#8fc1e0", "#0072B2", "#00456b"] as const;

/** A chart's plot is at most this wide, so that with its axes it fits a notebook on a laptop. */
export const WIDTH = 560;

/** For numbers that line up. */
export const MONOSPACE = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

const FONT = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif";

/** The part of a specification that is the same in every chart. */
export const theme = {
  background: colours.paper,
  padding: 14,
  config: {
    font: FONT,
    view: { stroke: null },
    title: {
      anchor: "start",
      frame: "group",
      color: colours.ink,
      fontSize: 16,
      fontWeight: 600,
      offset: 12,
      subtitleColor: colours.quiet,
      subtitleFontSize: 12.5,
      subtitleLineHeight: 17,
      subtitlePadding: 5,
    },
    axis: {
      labelColor: colours.ink,
      labelFontSize: 12,
      titleColor: colours.ink,
      titleFontSize: 13,
      titleFontWeight: 500,
      titlePadding: 8,
      gridColor: "#e9edf1",
      domainColor: "#8c959f",
      tickColor: "#8c959f",
      labelFlush: false,
      labelLimit: 0,
    },
    legend: {
      labelColor: colours.ink,
      labelFontSize: 12.5,
      titleColor: colours.ink,
      titleFontSize: 12.5,
      titleFontWeight: 500,
      symbolStrokeWidth: 3,
      symbolSize: 160,
      symbolOpacity: 1,
      labelLimit: 0,
    },
    header: { labelColor: colours.ink, labelFontSize: 13, labelFontWeight: 600, titleColor: colours.ink },
    line: { strokeWidth: 2.25 },
    text: { color: colours.ink, fontSize: 12 },
    rect: { aria: false },
    bar: { aria: false },
  },
} as const;
