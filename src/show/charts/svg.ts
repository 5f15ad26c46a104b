/**
 * The image of a chart, drawn by vega itself without a browser: for GitHub, nbviewer, VS Code and `nbconvert`, which draw no
 * Vega-Lite.
 */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { asText } from "../html-text";
import type { Chart, VegaLiteSpec } from "./chart";
import { textWidth } from "./text-width";

/** The kernel, the tests and the commands all start at the project's root. */
const ROOT = process.cwd();

/** The little of vega and vega-lite that is used here; naming their own types would cost half a second of type checking. */
interface Vega {
  parse(spec: unknown): unknown;
  View: new (runtime: unknown, options: { renderer: "none"; logger: unknown }) => View;
  SVGStringRenderer: new () => Renderer;
  logger(level: number): unknown;
  resetSVGDefIds(): void;
  readonly textMetrics: { width: (item: { readonly fontSize?: number }, text: unknown) => number };
  readonly Warn: number;
}

interface View {
  run(): View;
  finalize(): void;
  background(): string;
  padding(): Readonly<Record<"left" | "right" | "top" | "bottom", number>>;
  readonly _viewWidth: number;
  readonly _viewHeight: number;
  origin(): readonly [number, number];
  scenegraph(): { readonly root: unknown };
}

interface Renderer {
  initialize(element: null, width: number, height: number, origin: readonly [number, number]): Renderer;
  background(colour: string): Renderer;
  render(scene: unknown): Renderer;
  svg(): string;
}

/**
 * A chart as SVG. The same chart gives the same text, to the letter.
 *
 * vega's own `toSVG` is asynchronous since it may have to load data over the network. Here all data is in the specification, so
 * one run of the data flow does, and the image is there when the cell asks for it.
 *
 * @returns an `<svg>` element as text
 * @throws what vega-lite says of a specification that it can't compile
 */
export function chartImage(chart: Chart): string {
  const require = createRequire(join(ROOT, "package.json"));
  const vega: Vega = require("vega");
  vega.textMetrics.width = ({ fontSize = 11 }, text) => Math.ceil(fontSize * textWidth(String(text ?? "")));
  const { compile }: { compile(spec: VegaLiteSpec): { spec: unknown } } = require("vega-lite");
  const view = new vega.View(vega.parse(compile(chart.spec).spec), {
    renderer: "none",
    logger: vega.logger(vega.Warn),
  }).run();
  vega.resetSVGDefIds();
  const { left, right, top, bottom } = view.padding();
  const [x, y] = view.origin();
  const svg = new vega.SVGStringRenderer()
    .initialize(null, view._viewWidth + left + right, view._viewHeight + top + bottom, [x + left, y + top])
    .background(view.background())
    .render(view.scenegraph().root)
    .svg();
  view.finalize();
  return withOwnIds(withAltText(compact(svg), chart.description));
}

/**
 * Says the same in half the letters: invisible elements and attributes that only a live chart needs are left out (as an image, the
 * chart has one alternative text), coordinates have two decimals, colours are hexadecimal.
 */
function compact(svg: string): string {
  return svg
    .replace(/<(path|line|rect)\b[^>]* (display="none"|opacity="0")[^>]*\/>/g, "")
    .replace(/(?<!<clipPath[^>]*>)<(path|line)\b(?![^>]* (fill|stroke)=)[^>]*\/>/g, "")
    .replace(/<path [^>]*class="background"[^>]*\/>/g, (path) => (/ (fill|stroke)="/.test(path) ? path : ""))
    .replace(/<[a-z][^>]*>/g, (tag) =>
      tag
        .replace(/ (class|role|aria-[a-z]+|pointer-events)="[^"]*"/g, "")
        .replace(/\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))))
        .replace(/rgb\((\d+), (\d+), (\d+)\)/g, (_, ...rgb: string[]) => `#${rgb.slice(0, 3).map(hex).join("")}`),
    );
}

function hex(level: string): string {
  return Number(level).toString(16).padStart(2, "0");
}

function withAltText(svg: string, description: string): string {
  return svg.replace("<svg ", `<svg role="img" aria-label="${asText(description)}" `);
}

/** vega numbers clip paths from 0 in every image; two images in one page must not share them. */
function withOwnIds(svg: string): string {
  const own = createHash("sha256").update(svg).digest("hex").slice(0, 8);
  return svg.replace(/\b(id="|url\(#)(clip|gradient)/g, `$1c${own}-$2`);
}
