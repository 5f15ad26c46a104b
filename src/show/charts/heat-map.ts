/** A small matrix as coloured squares with its numbers written in, and the softmax Jacobian with either sign. */
import { softmaxJacobian } from "../../backward";
import type { Matrix } from "../../matrix";
import { checkProbabilities, checkShapes } from "../../shapes";
import { checkNames, checkTexts } from "./arguments";
import { extent, largestSize } from "./axis";
import { Chart, type Json, type Part, spoken } from "./chart";
import { label, tooltipTitle } from "./names";
import { PANEL, panel, sideBySide } from "./panels";
import { colours, diverging, type Expression, fitted, isNarrow, WIDTH } from "./theme";

/** What stands around a matrix. */
export interface HeatMapOptions {
  /** What the chart shows. */
  readonly title: string;
  readonly subtitle?: string;
  /** What a row is: `"j: probability A₂ⱼ"`. */
  readonly rowTitle?: string;
  /** What a column is. */
  readonly colTitle?: string;
  /** The rows' names; row numbers when left out. */
  readonly rowNames?: readonly string[];
  /** The columns' names; column numbers when left out. */
  readonly colNames?: readonly string[];
  /** Whether each row's sum is written beside it. */
  readonly rowSums?: boolean;
}

const CELL = 58;
const MOST_CELLS = 400;

/**
 * A matrix as coloured squares: blue is above 0, orange below, white is 0.
 *
 * @param A a matrix of at most 400 entries
 * @param options words, names, row sums
 * @throws if A is not a Matrix, is larger or has an entry that is NaN or infinite, there is no title, or the names are not one per row
 *   or column: `matrixHeatMap: A has NaN at row 0, column 1; expected finite numbers`
 */
export function matrixHeatMap(A: Matrix, options: HeatMapOptions): Chart {
  checkShapes("matrixHeatMap(A: rows×columns)", A);
  checkTexts("matrixHeatMap", "options", options, ["title"]);
  if (A.data.length > MOST_CELLS) {
    throw new RangeError(
      `matrixHeatMap: A is ${A.shape}; expected at most ${MOST_CELLS} entries, to have room for numbers`,
    );
  }
  checkNames("matrixHeatMap", "rowNames", options.rowNames, A.rows, "row");
  checkNames("matrixHeatMap", "colNames", options.colNames, A.cols, "column");
  const most = largestSize(A.data);
  const columns = A.cols + (options.rowSums ? 1 : 0);
  const cell = Math.min(CELL, Math.floor(WIDTH / columns));
  return new Chart({
    title: options.title,
    subtitle: options.subtitle,
    description: `A ${A.shape} matrix with entries from ${extent(A.data).map(spoken).join(" to ")}${
      options.rowSums ? `; its rows sum to ${sumsOf(A).map(spoken).join(", ")}` : ""
    }.`,
    spec: squares(A, { ...options, most, width: cell * columns, height: cell * A.rows, across: "width" }),
  });
}

/**
 * The softmax Jacobian ∂A₂ⱼ/∂Z₂ₖ (E8) of one sample twice: with a plus sign off the diagonal, as it is easily written, and with the
 * minus sign that belongs there; beside each row its sum. Probabilities sum to 1 whatever the logits, so the entries of a column, and of a
 * row, must sum to 0.
 *
 * @param a 1×C, the probabilities of one sample; C at most 8
 * @param classNames C names
 * @throws if `a` is not a Matrix, not 1×C, holds no probabilities or C is above 8, or the names are not one per class
 */
export function jacobianSigns(a: Matrix, classNames?: readonly string[]): Chart {
  checkShapes("jacobianSigns(a)", a);
  checkProbabilities("jacobianSigns", "a", a);
  const right = softmaxJacobian(a);
  const C = right.rows;
  if (C > 8)
    throw new RangeError(`jacobianSigns: a is ${a.shape}; expected at most 8 classes, to have room for numbers`);
  checkNames("jacobianSigns", "classNames", classNames, C, "class");
  const wrong = right.map((value, j, k) => (j === k ? value : -value));
  const most = largestSize(right.data);
  const names = classNames ?? Array.from({ length: C }, (_, k) => String(k));
  const cell = Math.min(CELL, Math.floor(250 / (C + 1)));
  const both = 2 * cell * (C + 1);
  const across = `(${isNarrow} ? ${fitted(both / 2)} : ${both / 2})`;
  const view = (A: Matrix, verdict: string, color: Expression): Part => ({
    title: { text: verdict, color, fontSize: 13, offset: 6 },
    ...squares(A, {
      title: "",
      most,
      width: panel.width,
      height: cell * C,
      across: PANEL,
      range: panel.range,
      rowSums: true,
      rowNames: names,
      colNames: names,
      rowTitle: "probability A₂ⱼ",
      colTitle: "logit Z₂ₖ",
    }),
  });
  return new Chart({
    title: "The softmax Jacobian ∂A₂ⱼ/∂Z₂ₖ, with either sign",
    subtitle: "Adding the same to all logits changes no probability, so each row must sum to 0 (Σ, beside it).",
    description: `Two ${C}×${C} heat maps. With plus off the diagonal the rows sum to ${sumsOf(wrong).map(spoken).join(", ")}; with minus they sum to ${sumsOf(right).map(spoken).join(", ")}.`,
    spec: {
      spacing: 24,
      params: [{ name: PANEL, expr: across }],
      ...sideBySide([
        view(wrong, "+A₂ⱼ A₂ₖ off the diagonal: wrong", colours.wrong),
        view(right, "−A₂ⱼ A₂ₖ off the diagonal: right", colours.right),
      ]),
    },
  });
}

/** Where the squares are drawn. */
interface Ground {
  /** The entry that has the strongest colour. */
  readonly most: number;
  readonly width: number;
  readonly height: number;
  /** How wide it is on the screen, as an expression. */
  readonly across: string;
  /** What the squares cover where that is not the view's width. */
  readonly range?: readonly Json[];
}

/** The squares, their numbers and the row sums, as a view. */
function squares(A: Matrix, options: HeatMapOptions & Ground): Part {
  const { most, width, height, across, range, rowTitle = "row", colTitle = "column", rowSums = false } = options;
  const rowNames = options.rowNames ?? Array.from({ length: A.rows }, (_, i) => String(i));
  const colNames = options.colNames ?? Array.from({ length: A.cols }, (_, j) => String(j));
  const sums = sumsOf(A);
  // positions, not names: two rows may have the same name
  const values = Array.from(A.data, (value, k) => ({
    row: Math.floor(k / A.cols),
    col: k % A.cols,
    value,
    text: spoken(Number(value.toFixed(12))),
  }));
  const domain = Array.from({ length: A.cols + (rowSums ? 1 : 0) }, (_, j) => j);
  const labels = (names: readonly string[]) => `${JSON.stringify([...names.map(label), "Σ"])}[datum.value]`;
  const fontSize = { expr: `max(8, min(13, ${across} / ${domain.length} / 4.8))` };
  // Vega-Lite puts an axis's title into what it tells screen readers, between quotation marks, without looking at what is in it.
  const inQuotes = (title: string) => title && tooltipTitle(title);
  const x = {
    field: "col",
    type: "ordinal",
    title: inQuotes(colTitle),
    scale: { domain, paddingInner: 0.04, ...(range && { range }) },
    axis: { orient: "top", labelAngle: 0, domain: false, ticks: false, labelPadding: 6, labelExpr: labels(colNames) },
  };
  const y = {
    field: "row",
    type: "ordinal",
    title: inQuotes(rowTitle),
    scale: { paddingInner: 0.04 },
    axis: { domain: false, ticks: false, labelPadding: 6, labelExpr: labels(rowNames) },
  };
  return {
    width,
    height,
    layer: [
      {
        data: { values },
        mark: { type: "rect", stroke: colours.faint, strokeWidth: 0.5 },
        encoding: {
          x,
          y,
          color: {
            field: "value",
            type: "quantitative",
            scale: { domain: [-most, most], range: diverging, interpolate: "rgb" },
            legend: null,
          },
          tooltip: [
            { field: "row", type: "ordinal", title: tooltipTitle(rowTitle) },
            { field: "col", type: "ordinal", title: tooltipTitle(colTitle) },
            { field: "value", type: "quantitative", title: "entry", format: ".5~g" },
          ],
        },
      },
      {
        data: { values },
        mark: { type: "text", fontSize },
        encoding: {
          x,
          y,
          text: { field: "text", type: "nominal" },
          color: { condition: { test: `abs(datum.value) > ${0.55 * most}`, value: colours.paper }, value: colours.ink },
        },
      },
      ...(rowSums
        ? [
            {
              data: {
                values: sums.map((sum, row) => ({ row, col: A.cols, text: spoken(sum), zero: sum === 0 })),
              },
              mark: { type: "text", fontSize, fontWeight: 700 },
              encoding: {
                x,
                y,
                text: { field: "text", type: "nominal" },
                color: { condition: { test: "datum.zero", value: colours.right }, value: colours.wrong },
              },
            },
          ]
        : []),
    ],
  };
}

/** Row sums without the last bits, which are rounding. */
function sumsOf(A: Matrix): number[] {
  return Array.from(A.rowSums().data, (sum) => Number(sum.toFixed(12)) || 0);
}
