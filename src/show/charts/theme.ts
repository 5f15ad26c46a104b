/**
 * How all charts look: one theme, which reads on a laptop and on a phone, in light and in dark.
 *
 * A front end that is dark has vega draw on a dark ground, and says so by the chart's background. Colours are therefore expressions
 * of vega's, which look at that ground; so are widths, which look at the window. An image that vega draws without a window has
 * a white ground and the full width.
 */

/** A value that vega computes when it draws. */
export type Expression = { readonly expr: string };

/** Each colour on a light and on a dark ground; bright ones after Okabe and Ito (2008), told apart with any kind of colour vision. */
const shades = {
  blue: ["#0072B2", "#5BB0EC"],
  orange: ["#E69F00", "#FFC145"],
  green: ["#009E73", "#2CC79A"],
  vermillion: ["#D55E00", "#FF8351"],
  purple: ["#CC79A7", "#E5A0C8"],
  sky: ["#56B4E9", "#A8DCFF"],
  black: ["#000000", "#FFFFFF"],
  ink: ["#1f2328", "#ffffff"],
  quiet: ["#59636e", "#bcc4cc"],
  middle: ["#8c959f", "#9aa3ac"],
  faint: ["#d1d9e0", "#5d646b"],
  grid: ["#e9edf1", "#464b51"],
  wash: ["#f3f5f7", "#41464c"],
  yellowWash: ["#F0E442", "#7a7018"],
  blueWash: ["#e3eff7", "#1f4259"],
  orangeWash: ["#fdf1da", "#574319"],
  greenWash: ["#d8f0e8", "#1c4a3d"],
  vermillionWash: ["#fbe6d8", "#5c3420"],
} as const;

/** The name of a colour. */
export type Shade = keyof typeof shades | "paper";

/** All colours by name. */
export const palette = Object.fromEntries(
  [...Object.keys(shades), "paper"].map((name) => [name, { expr: `theme_${name}` }]),
) as unknown as Readonly<Record<Shade, Expression>>;

/** What a colour stands for, wherever it is used. */
export const colours = {
  training: palette.blue,
  test: palette.vermillion,
  W1: palette.blue,
  b1: palette.sky,
  W2: palette.vermillion,
  b2: palette.orange,
  backward: palette.vermillion,
  right: palette.green,
  wrong: palette.vermillion,
  ink: palette.ink,
  quiet: palette.quiet,
  faint: palette.faint,
  paper: palette.paper,
} as const;

/** Colours for series in the order in which they come. */
export const seriesColours: readonly Expression[] = [
  palette.blue,
  palette.vermillion,
  palette.green,
  palette.purple,
  palette.orange,
  palette.sky,
  palette.black,
];

/** The ground is nothing, further from it is more; read in order also without colour. */
const SEQUENTIAL = [
  ["#ffffff", "#d3e7f4", "#8fc1e0", "#3d90c4", "#0072B2", "#003a5c"],
  ["#333333", "#234a66", "#22699a", "#3a93cf", "#7cc0ea", "#d8effc"],
] as const;
/** Orange is below zero, the ground is zero, blue is above: told apart with any kind of colour vision. */
const DIVERGING = [
  ["#a34700", "#D55E00", "#eeb28a", "#ffffff", "#8fc1e0", "#0072B2", "#00456b"],
  ["#ffc9a3", "#ff8b4d", "#8f4a20", "#333333", "#20587f", "#4ba7e8", "#b9dff9"],
] as const;

/** The colours from nothing to much, for a scale's range. */
export const sequential: readonly Expression[] = SEQUENTIAL[0].map((_, k) => ({ expr: `theme_sequential[${k}]` }));
/** The colours from below zero to above, for a scale's range. */
export const diverging: readonly Expression[] = DIVERGING[0].map((_, k) => ({ expr: `theme_diverging[${k}]` }));

/** A chart's plot is at most this wide, so that with its axes it fits a notebook on a laptop. */
export const WIDTH = 560;
/** What a page needs beside a plot: margins, and the labels of an axis. */
const BESIDE = 136;
/** The narrowest plot. */
const LEAST = 180;

/** A window narrower than this is a phone's. */
export const isNarrow = "theme_page < 700";

/** A length that is smaller where the window is: `most`, or what remains beside `beside` pixels of something else. */
export function fitted(most: number, beside: number = BESIDE): string {
  return `clamp(theme_page - ${beside}, ${Math.min(LEAST, most)}, ${most})`;
}

const either = (dark: unknown, light: unknown) => `theme_dark ? ${JSON.stringify(dark)} : ${JSON.stringify(light)}`;

/** What the expressions are made of, in the order in which vega has to compute it. */
const definitions: readonly { readonly name: string; readonly expr: string }[] = [
  { name: "theme_page", expr: "isFinite(windowSize()[0]) ? windowSize()[0] : 1280" },
  { name: "theme_dark", expr: "luminance(background) < 0.3" },
  { name: "theme_paper", expr: "theme_dark ? background : '#ffffff'" },
  ...Object.entries(shades).map(([name, [light, dark]]) => ({ name: `theme_${name}`, expr: either(dark, light) })),
  { name: "theme_sequential", expr: either(SEQUENTIAL[1], SEQUENTIAL[0]) },
  { name: "theme_diverging", expr: either(DIVERGING[1], DIVERGING[0]) },
];

/** The parameters that a specification's expressions use. */
export function themeParameters(specification: object): { name: string; expr: string }[] {
  const text = JSON.stringify(specification);
  const used = new Set(
    definitions.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(text)).map(({ name }) => name),
  );
  if ([...used].some((name) => name !== "theme_page")) used.add("theme_dark");
  return definitions.filter(({ name }) => used.has(name));
}

/** For numbers that line up. */
export const MONOSPACE = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

const FONT = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif";

/** The part of a specification that is the same in every chart. */
export const theme = {
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
      gridColor: palette.grid,
      domainColor: palette.middle,
      tickColor: palette.middle,
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
    mark: { color: palette.blue },
    line: { strokeWidth: 2.25 },
    text: { color: colours.ink, fontSize: 12 },
    rect: { aria: false },
    bar: { aria: false },
  },
} as const;
