/**
 * Plots side by side that share the width of the page, and one below the other on a phone.
 *
 * Vega-Lite gives plots in a row fixed widths. Here only their scales are as wide as they are to be, by an expression; what a
 * plot covers follows from its axes.
 */
import type { Part } from "./chart";
import { fitted, isNarrow, WIDTH } from "./theme";

/** What axes need between two plots. */
const GAP = 60;

/** The name of the parameter that holds a panel's width. */
export const PANEL = "theme_panel";

/** The parameter that holds the width of each of so many panels. */
export function panelWidth(panels: number): Part {
  const most = Math.floor((WIDTH - (panels - 1) * GAP) / panels);
  return { name: PANEL, expr: `${isNarrow} ? ${fitted(WIDTH)} : ${most}` };
}

/** The panels in a row, or in a column where the window is narrow. Vega takes an expression for the number of columns; Vega-Lite hands it on. */
export function sideBySide(panels: readonly Part[]): Part {
  return { concat: panels, columns: { signal: `${isNarrow} ? 1 : ${panels.length}` } };
}

/** A panel: with this width, and the range for the scale of its x. */
export const panel = { width: 1, range: [0, { expr: PANEL }] } as const;

/** A panel's title, in line with those of the others whatever their axes need. */
export function panelTitle(name: string): Part {
  return {
    data: { values: [{}] },
    mark: { type: "text", align: "left", baseline: "bottom", fontSize: 13, fontWeight: 600, text: name },
    encoding: { x: { value: 0 }, y: { value: -8 } },
  };
}
