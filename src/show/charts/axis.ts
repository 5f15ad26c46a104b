/** Axes for whatever numbers there are: one, equal ones, tiny and huge ones, ones that differ by little. */
import { type Part, spoken } from "./chart";

/** What an axis shows. */
export interface Axis {
  /** Symbol and meaning. */
  readonly title: string;
  /** Logarithmic; values of 0 and below have no place on it. */
  readonly log?: boolean;
  /** The first and the last value; chosen by the data when left out. */
  readonly domain?: readonly [number, number];
  /** How d3 writes the numbers, like `.0%`. */
  readonly format?: string;
  /** Whether the axis, a logarithmic one, is labelled with powers of ten. */
  readonly powers?: boolean;
  /** Whether the axis must reach 0; false when left out. */
  readonly zero?: boolean;
  /** Whether the numbers are whole, like epochs. */
  readonly whole?: boolean;
}

/** An axis that fits its numbers. */
export interface FittedAxis {
  /** What is subtracted from all numbers before they are drawn; the title says so. */
  readonly base: number;
  readonly title: string;
  readonly scale: Part;
  readonly axis: Part;
}

/** Numbers closer together than this, relative to their size, are drawn from where they begin. */
const CLOSE = 1e-4;

/** The least and the greatest of some numbers; 0 and 0 if there are none. */
export function extent(values: Iterable<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

/** Axes can't be divided where differences of numbers over- or underflow. */
const MOST = 1e300;

/** The size of the largest number, for a scale of colours; 1 if all are as good as 0. */
export function largestSize(values: Iterable<number>): number {
  const [low, high] = extent(values);
  const size = Math.max(-low, high);
  return size < 1 / MOST ? 1 : size;
}

/** Whether a number has a place on an axis. */
export function hasPlace(value: number | null | undefined, { log }: Pick<Axis, "log">): value is number {
  if (typeof value !== "number" || Number.isNaN(value) || Math.abs(value) > MOST) return false;
  return log ? value >= 1 / MOST : value === 0 || Math.abs(value) >= 1 / MOST;
}

/**
 * Scale and labels for numbers from `low` to `high`.
 *
 * @param axis what it shows
 * @param low the least number that is drawn
 * @param high the greatest
 */
export function fittedAxis(axis: Axis, low: number, high: number): FittedAxis {
  const { title, log = false, domain, zero = false } = axis;
  const close = high > low && high - low < CLOSE * Math.max(Math.abs(low), Math.abs(high));
  const base = close && !log && !zero && domain === undefined ? low : 0;
  return {
    base,
    title: base === 0 ? title : `${title}, minus ${String(base).replaceAll("-", "−")}`,
    scale: {
      ...(log && { type: "log" }),
      ...(domain || low === high ? { domain: domain ?? around(low, axis), nice: false } : { nice: true }),
      ...(!log && { zero }),
    },
    axis: labels(axis, low - base, high - base),
  };
}

/** A domain for a single value. */
function around(value: number, { log, zero, whole }: Axis): [number, number] {
  if (log) return [value / 3, value * 3];
  const reach = whole ? 0.5 : Math.abs(value) / 10 || 1;
  if (!zero || value === 0) return zero ? [0, reach] : [value - reach, value + reach];
  return value > 0 ? [0, 1.1 * value] : [1.1 * value, 0];
}

function labels({ format, powers, whole }: Axis, low: number, high: number): Part {
  if (powers) return { labelExpr: POWER_OF_TEN };
  if (format !== undefined) return { format };
  if (!whole) return Math.max(Math.abs(low), Math.abs(high)) < 1e6 ? {} : { format: "~g" };
  const few = high - low <= 8;
  return {
    format: "d",
    tickMinStep: 1,
    ...(few && { values: Array.from({ length: high - low + 1 }, (_, k) => low + k) }),
  };
}

/** `3 values that are 0 or below` and the like, for what has no place on an axis; undefined if there is nothing. */
export function leftOut(values: Iterable<number | null | undefined>, { log }: Pick<Axis, "log">): string | undefined {
  let [zeros, strange] = [0, 0];
  for (const value of values) {
    if (typeof value !== "number" || hasPlace(value, { log })) continue;
    if (log && value <= 0 && value >= -MOST) zeros++;
    else strange++;
  }
  const count = (n: number) => `${n} ${n === 1 ? "value that is" : "values that are"}`;
  const told = [
    ...(zeros > 0 ? [`${count(zeros)} 0 or below, for which there is no logarithm`] : []),
    ...(strange > 0 ? [`${count(strange)} NaN, infinite or beyond 10^±300`] : []),
  ];
  return told.length === 0 ? undefined : `Left out: ${told.join("; ")}.`;
}

/** `from 1 to 0.2`, or what there is to say of one value or of none. */
export function course(values: readonly number[], say: (value: number) => string = spoken): string {
  if (values.length === 0) return "has no value that can be drawn";
  if (values.length === 1) return `is ${say(values[0])}`;
  return `goes from ${say(values[0])} to ${say(values[values.length - 1])}`;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 10⁻⁶ rather than 1e-6; ticks between powers have no label. */
const POWER_OF_TEN = (() => {
  const [least, most] = [-20, 20];
  const exponents = Array.from({ length: most - least + 1 }, (_, k) => String(least + k));
  const written = exponents.map((exponent) => {
    if (exponent === "0") return "1";
    return `10${exponent.replace("-", "⁻").replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)])}`;
  });
  const exponent = "log(datum.value) / LN10";
  return `abs(${exponent} - round(${exponent})) > 1e-6 ? '' : (${JSON.stringify(written)}[round(${exponent}) + ${-least}] || datum.label)`;
})();
