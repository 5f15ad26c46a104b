/**
 * A chart is a value: a Vega-Lite 5 specification, and a sentence that says what it shows.
 *
 * JupyterLab draws the specification; for places where no JavaScript runs, vega makes an image of it here.
 */
import { DISPLAY, type Forms, INSPECT } from "../present";
import { label } from "./names";
import { chartImage } from "./svg";
import { wrapped } from "./text-width";
import { fitted, isNarrow, theme, themeParameters, WIDTH } from "./theme";

/** What JSON can hold; a property that is `undefined` is left out. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [property: string]: Json | undefined };

/** A part of a Vega-Lite specification: a layer, an encoding, a transform … */
export interface Part {
  readonly [property: string]: Json | undefined;
}

/** A whole Vega-Lite 5 specification. vega-lite's own type names hundreds of others, and takes a cell half a second to check. */
export interface VegaLiteSpec extends Part {
  readonly $schema: string;
  /** The alternative text. */
  readonly description: string;
}

/** What a chart is made from. */
export interface ChartParts {
  /** What the chart shows, a few words: the heading. */
  readonly title: string;
  /** How to read it; broken into lines where it is too long for one. */
  readonly subtitle?: string;
  /** What there is to see, in a sentence, with numbers: the alternative text, and all that a terminal shows. */
  readonly description: string;
  /** The rest of the specification: data, params, and a mark, `layer`, `hconcat` or `vconcat`. */
  readonly spec: Part;
  /** Whether numbers keep all their digits. */
  readonly exact?: boolean;
}

/** A heading may be a little wider than the plot, on a laptop and on a phone; in pixels. */
const HEADING_WIDTHS = { wide: 1.12 * WIDTH, narrow: 262 } as const;

/**
 * JupyterLab makes an image of every chart that it draws and puts it into the notebook, so that one is asked to save what one has
 * only looked at; where there is a PNG already, it does not. This one is a single transparent pixel: those who show images
 * show the SVG.
 */
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNgYAAAAAMAASsJTYQAAAAASUVORK5CYII=";

/** A `Chart` made before `src` was edited and reloaded is of another class; this mark still tells that it is one. */
const BRAND = Symbol.for("backprop.Chart");

/** A chart, to be shown as the last expression of a cell or by `display`. */
export class Chart {
  /** The Vega-Lite 5 specification. */
  readonly spec: VegaLiteSpec;
  /** What the chart shows, a few words. */
  readonly title: string;
  /** What there is to see, in a sentence. */
  readonly description: string;

  /**
   * Adds the theme, and has a width that is given in pixels shrink with the window.
   *
   * Numbers are rounded to six digits, so that notebooks stay small; what needs more of them is drawn from where it begins.
   */
  constructor({ title, subtitle, description, spec, exact = false }: ChartParts) {
    this.title = title;
    this.description = description;
    const digits = exact ? 17 : 6;
    const { params = [], config = {}, ...rest } = spec;
    const whole = {
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      description,
      title: {
        text: heading(title, theme.config.title.fontSize),
        ...(subtitle !== undefined && { subtitle: heading(subtitle, theme.config.title.subtitleFontSize) }),
      },
      ...theme,
      config: { ...theme.config, ...(config as Part) },
      ...(rounded(rest, digits) as Part),
    };
    const own = [
      // vega's signal of that name, which it would else set to the number alone
      ...(typeof spec.width === "number" && !(params as Part[]).some(({ name }) => name === "width")
        ? [{ name: "width", expr: fitted(spec.width) }]
        : []),
      ...(rounded(params, digits) as Part[]),
    ];
    this.spec = { ...whole, params: [...themeParameters({ whole, own }), ...own] };
  }

  /** @internal */
  get [BRAND](): true {
    return true;
  }

  /** Whether `value` is a `Chart`, also one made before `src` was edited and reloaded. */
  static isChart(value: unknown): value is Chart {
    return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  /** The chart for JupyterLab, its image for those who can't draw it, and its words for those who show neither. */
  [DISPLAY](): Forms {
    return {
      "application/vnd.vegalite.v5+json": this.spec,
      "image/svg+xml": chartImage(this),
      "image/png": PIXEL,
      "text/plain": this.toString(),
    };
  }

  /** What a terminal prints. */
  [INSPECT](): string {
    return this.toString();
  }

  /** The title and what there is to see. */
  toString(): string {
    return `${this.title}. ${this.description}`;
  }
}

/** A heading in lines that fit, fewer where the window is wide. */
function heading(text: string, fontSize: number): Json {
  const [wide, narrow] = [HEADING_WIDTHS.wide, HEADING_WIDTHS.narrow].map((width) => wrapped(text, width / fontSize));
  if (narrow.length === 1) return label(text);
  return { expr: `${isNarrow} ? ${JSON.stringify(narrow)} : ${JSON.stringify(wide)}` };
}

/** Six significant digits are more than a screen can show; titles are words that vega can have. JSON has no NaN and no infinity: those become null. */
function rounded(value: Json | undefined, digits: number): Json | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? Number(value.toPrecision(digits)) : null;
  if (Array.isArray(value)) return value.map((entry) => rounded(entry, digits) as Json);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as Part).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(
    entries.map(([name, entry]) => {
      const isWords = typeof entry === "string" && (name === "title" || name === "text");
      return [name, isWords ? label(entry) : (rounded(entry, digits) as Json)];
    }),
  );
}

/** A number for a sentence or a label: three significant digits, with a proper minus sign. */
export function spoken(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e5)
      ? value.toExponential(1).replace(".0e", "e")
      : String(Number(value.toPrecision(3)));
  return text.replaceAll("-", "−");
}
