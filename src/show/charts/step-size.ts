/** How good a difference quotient is, by the size of its step. */
import { checkDifferent } from "./arguments";
import { type Chart, spoken } from "./chart";
import { lineChartOf } from "./lines";

/** The errors of one way to approximate a derivative. */
export interface StepErrors {
  /** What the way is called. */
  readonly name: string;
  /** The error at each step size h; an error of exactly 0 has no place on a logarithmic axis and is left out. */
  readonly points: readonly { readonly h: number; readonly error: number }[];
}

/**
 * Error against step size, both axes logarithmic, a line for each way to approximate the derivative.
 *
 * @param series one or more ways, each with its errors
 * @param options words
 * @throws if there is nothing to draw, or a step size is not a positive number
 */
export function errorAgainstStep(
  series: readonly StepErrors[],
  options: { title?: string; subtitle?: string } = {},
): Chart {
  if (series.length === 0 || series.some(({ points }) => points.length === 0)) {
    throw new RangeError("errorAgainstStep: series is empty or one has no points; expected at least one point in each");
  }
  checkDifferent(
    "errorAgainstStep",
    "series",
    series.map(({ name }) => name),
  );
  for (const { name, points } of series) {
    const wrong = points.find(({ h }) => !Number.isFinite(h) || h <= 0);
    if (wrong === undefined) continue;
    throw new RangeError(
      `errorAgainstStep: "${name}" has the step size ${String(wrong.h)}; expected a positive number`,
    );
  }
  const best = series.map(({ name, points }) => {
    const seen = points.filter(({ error }) => Number.isFinite(error) && error > 0);
    if (seen.length === 0) return `${name} has no error that can be drawn`;
    const least = seen.reduce((a, b) => (b.error < a.error ? b : a));
    if (points.length > 1 && points.every(({ error }) => error === least.error))
      return `${name} has an error of ${spoken(least.error)} at every step`;
    return `${name} is best at h = ${spoken(least.h)}, with an error of ${spoken(least.error)}`;
  });
  return lineChartOf({
    title: options.title ?? "Error of a difference quotient against its step",
    subtitle:
      options.subtitle ??
      "From the right, a smaller step h means a smaller error; from the left, rounding is divided by an ever smaller h.",
    what: "Error against step size h on logarithmic axes",
    told: best.join("; "),
    x: { title: "step size h", log: true, powers: true },
    y: { title: "relative error |numerical − exact| / |exact|", log: true, powers: true, format: ".1e" },
    lines: series.map(({ name, points }) => ({ name, points: points.map(({ h, error }) => ({ x: h, y: error })) })),
    dots: true,
    height: 320,
  });
}
