/**
 * A matrix as a table of numbers that line up, as text and as HTML. Long ones are abridged: the first rows and columns, an
 * ellipsis, the last ones.
 */
import type { Matrix } from "../matrix";
import type { Forms } from "./present";

const MOST_ROWS = 12;
const MOST_COLS = 12;
/** How many of the rows and columns that are shown come after the ellipsis. */
const LAST = 2;

const ELLIPSIS = "…";

/** A matrix as a notebook shows it. */
export function matrixForms(A: Matrix): Forms {
  return { "text/html": matrixHtml(A), "text/plain": matrixText(A) };
}

/**
 * A matrix as lines of text: its shape, then a row a line.
 *
 * @returns `Matrix 2×2` and two lines of two numbers
 */
export function matrixText(A: Matrix): string {
  const cells = table(A);
  const widths = cells[0].map((_, j) => Math.max(...cells.map((row) => row[j].length)));
  const lines = cells.map((row) => `  ${row.map((cell, j) => cell.padStart(widths[j])).join("  ")}`);
  return [`Matrix ${A.shape}`, ...lines].join("\n");
}

/**
 * A matrix as an HTML table with its shape below. Colours are those of the page, so that it reads in light and in dark.
 *
 * @param caption what to write before the shape, such as a name
 */
export function matrixHtml(A: Matrix, caption = "Matrix"): string {
  const cell = 'style="text-align: right; padding: 2px 8px; font-variant-numeric: tabular-nums; white-space: nowrap"';
  const rows = table(A).map((row) => `<tr>${row.map((text) => `<td ${cell}>${text}</td>`).join("")}</tr>`);
  const frame = "border-collapse: collapse; border-left: 1.5px solid; border-right: 1.5px solid; margin: 0";
  const shape = `${caption} ${A.shape} (rows × columns)`;
  return [
    `<table style="${frame}" aria-label="${shape}"><tbody>`,
    ...rows,
    "</tbody></table>",
    `<div style="opacity: 0.75; font-size: 90%; margin-top: 3px">${shape}</div>`,
  ].join("\n");
}

/** The entries as text, abridged. */
function table(A: Matrix): string[][] {
  const write = writer(A);
  const rows = shown(A.rows, MOST_ROWS);
  const cols = shown(A.cols, MOST_COLS);
  return rows.map((i) =>
    cols.map((j) => {
      if (j === undefined) return ELLIPSIS;
      return i === undefined ? "⋮" : write(A.data[i * A.cols + j]);
    }),
  );
}

/** The numbers 0 … n−1, or the first and the last ones with `undefined` for those between. */
function shown(n: number, most: number): (number | undefined)[] {
  const all = Array.from({ length: n }, (_, k) => k);
  return n <= most ? all : [...all.slice(0, most - LAST - 1), undefined, ...all.slice(-LAST)];
}

/**
 * How to write the entries of one matrix: all with the same number of decimals, four significant digits for the largest. An
 * exact 0 is `0`, and a number too small for those decimals is written with its power of ten: only a zero looks like one.
 */
function writer(A: Matrix): (value: number) => string {
  let largest = 0;
  let whole = true;
  for (const value of A.data) {
    if (!Number.isFinite(value)) continue;
    largest = Math.max(largest, Math.abs(value));
    whole &&= Number.isInteger(value);
  }
  const decimals = whole ? 0 : Math.min(Math.max(3 - Math.floor(Math.log10(largest)), 1), 6);
  const plain = largest < 1e7 && largest >= 1e-4;
  return (value) => {
    if (Number.isNaN(value)) return "NaN";
    if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
    if (value === 0) return "0";
    const fixed = plain && Math.abs(value) >= 0.5 * 10 ** -decimals;
    return (fixed ? value.toFixed(decimals) : value.toExponential(2)).replaceAll("-", "−");
  };
}
