/**
 * How values show themselves in a notebook: a matrix as a table, a chart as a chart.
 *
 * The maths knows nothing of this. Here `Matrix` and `Chart` get the method that the kernel looks for,
 * `[Symbol.for("Jupyter.display")]()`, which returns a MIME bundle: the same thing in several forms, of which a front end
 * shows the best that it can.
 */
import { inspect } from "node:util";
import { Matrix, Transpose } from "../matrix";
import { Verdict } from "../verification/verdict";
import { Chart } from "./charts/chart";
import { chartImage } from "./charts/image";
import { matrixHtml, matrixText } from "./matrix-table";
import { verdictHtml } from "./verdict-html";

/** One thing in several forms, by MIME type. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** The method that the kernel calls on a cell's last expression. */
const DISPLAY = Symbol.for("Jupyter.display");

/** What a notebook's kernel sends to the front end; the kernel puts it there. */
const BROADCAST = Symbol.for("Jupyter.broadcast");

type Broadcast = (messageType: "display_data" | "update_display_data" | "clear_output", content: object) => void;

function matrixBundle(A: Matrix): MimeBundle {
  return { "text/html": matrixHtml(A), "text/plain": matrixText(A) };
}

/** The chart for JupyterLab, its image for those who can't draw it, and its words for those who show neither. */
function chartBundle(chart: Chart): MimeBundle {
  return {
    "application/vnd.vegalite.v5+json": chart.spec,
    "image/svg+xml": chartImage(chart),
    "text/plain": chart.toString(),
  };
}

teach(Matrix.prototype, matrixBundle, matrixText);
teach(
  Transpose.prototype,
  (view) => matrixBundle(view.toMatrix()),
  (view) => matrixText(view.toMatrix()),
);
teach(Chart.prototype, chartBundle, (chart) => chart.toString());
teach(
  Verdict.prototype,
  (verdict) => ({ "text/html": verdictHtml(verdict), "text/plain": verdict.toString() }),
  (verdict) => verdict.toString(),
);

/** Gives all values of a class the methods by which notebooks and terminals show them. */
function teach<T extends object>(prototype: T, bundle: (value: T) => MimeBundle, text: (value: T) => string): void {
  const method = (value: (this: T) => unknown) => ({ value, configurable: true, writable: true });
  Object.defineProperty(
    prototype,
    DISPLAY,
    method(function () {
      return bundle(this);
    }),
  );
  Object.defineProperty(
    prototype,
    inspect.custom,
    method(function () {
      return text(this);
    }),
  );
}

/**
 * A value as a MIME bundle: what it says of itself, or what Node would print.
 *
 * @param value anything; one with a `[Symbol.for("Jupyter.display")]` method is asked
 * @returns its forms by MIME type; only `text/plain` if it says nothing of itself
 */
export function mimeBundle(value: unknown): MimeBundle {
  const method = (value as { [DISPLAY]?: unknown } | null | undefined)?.[DISPLAY];
  if (typeof method === "function") return method.call(value) as MimeBundle;
  return { "text/plain": typeof value === "string" ? value : inspect(value) };
}

/**
 * Shows a value in the middle of a cell. The last expression of a cell needs no such call.
 *
 * Outside a notebook the value's text goes to the console.
 *
 * @param value a Matrix, a Chart, a verdict, a table, a string, anything
 */
export function display(value: unknown): void {
  send("display_data", value, {});
}

/** An output that can be replaced. */
export interface LiveDisplay {
  /** Shows `value` in place of what was shown before; the first time, in a new output. */
  update(value: unknown): void;
}

let liveDisplays = 0;

/**
 * An output whose content is replaced by each `update`: for what grows while a cell runs.
 *
 * @returns the output, which is empty: nothing is shown before the first `update`
 */
export function liveDisplay(): LiveDisplay {
  liveDisplays++;
  // front ends keep outputs of earlier kernels, whose ids must not come again; the id is not saved with the notebook
  const transient = { display_id: `live-${process.pid}-${liveDisplays}` };
  let shown = false;
  return {
    update(value) {
      send(shown ? "update_display_data" : "display_data", value, transient);
      shown = true;
    },
  };
}

function send(messageType: "display_data" | "update_display_data", value: unknown, transient: object): void {
  const data = mimeBundle(value);
  const broadcast = (globalThis as { [BROADCAST]?: Broadcast })[BROADCAST];
  if (broadcast === undefined) console.log(data["text/plain"]);
  else broadcast(messageType, { data, metadata: {}, transient });
}
