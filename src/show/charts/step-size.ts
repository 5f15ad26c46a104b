/** How good a difference quotient is, by the size of its step. */
import { type Chart, type Part, spoken } from "./chart";
import { lines } from "./lines";

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
  const rows = new Map<number, Record<string, number>>();
  series.forEach(({ name, points }, k) => {
    for (const { h, error } of points) {
      if (!Number.isFinite(h) || h <= 0) {
        throw new RangeError(`errorAgainstStep: "${name}" has the step size ${String(h)}; expected a positive number`);
      }
      rows.set(h, { ...rows.get(h), h, [`s${k}`]: error });
    }
  });
  const best = series.map(({ name, points }) => {
    const seen = points.filter(({ error }) => Number.isFinite(error) && error > 0);
    const least = seen.reduce((a, b) => (b.error < a.error ? b : a), seen[0]);
    return least === undefined
      ? `${name} has no error at all`
      : `${name} is best at h = ${spoken(least.h)}, with an error of ${spoken(least.error)}`;
  });
  return lines({
    title: options.title ?? "Error of a difference quotient against its step",
    subtitle:
      options.subtitle ??
      "From the right, a smaller step h means a smaller error; from the left, rounding is divided by an ever smaller h.",
    description: `Error against step size h on logarithmic axes: ${best.join("; ")}.`,
    rows: [...rows.values()].sort((a, b) => a.h - b.h) as Part[],
    x: { field: "h", title: "step size h", log: true, powers: true },
    y: { title: "relative error |numerical − exact| / |exact|", log: true, powers: true, format: ".1e" },
    series: series.map(({ name }, k) => ({ field: `s${k}`, name })),
    points: true,
    height: 320,
  });
}
