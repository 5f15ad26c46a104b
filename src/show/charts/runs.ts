/** Training runs as charts are given them: one history, or several by name. */
import { kindOf } from "../../matrix";
import type { EpochRecord, History } from "../../train";
import { checkHistory } from "./arguments";
import type { Line, Point } from "./lines";
import { type Expression, seriesColours } from "./theme";

/** The history of one run, or several by name: `{ "η = 0.1": a.history, "η = 1": b.history }`. */
export type Runs = History | Readonly<Record<string, History>>;

/** A run with its name; the name of a run that is alone is "". */
export interface NamedRun {
  readonly name: string;
  readonly history: History;
}

/**
 * The runs that a chart is given.
 *
 * @param fn the function's name, for messages
 * @param runs one history, or several by name
 * @param least how many records each must have
 * @throws if it is neither, there is none, or a history has too few records
 */
export function namedRuns(fn: string, runs: Runs, least = 1): NamedRun[] {
  const several = typeof runs === "object" && runs !== null && !Array.isArray(runs);
  if (!several) {
    checkHistory(fn, "history", runs as History, least);
    return [{ name: "", history: runs as History }];
  }
  const named = Object.entries(runs as Readonly<Record<string, History>>).map(([name, history]) => ({ name, history }));
  if (named.length === 0) {
    throw new RangeError(`${fn}: history is ${kindOf(runs)} without a run; expected a history, or histories by name`);
  }
  for (const { name, history } of named) checkHistory(fn, `history[${JSON.stringify(name)}]`, history, least);
  return named;
}

/** What is drawn of each run. */
export interface Measure {
  /** What it is called beside a run's name. */
  readonly name: string;
  readonly of: (record: EpochRecord) => number | null | undefined;
  readonly colour?: Expression;
  readonly dashed?: boolean;
}

/** A line for each measure of each run; of several runs, each has its colour. */
export function linesOf(runs: readonly NamedRun[], measures: readonly Measure[]): Line[] {
  return runs.flatMap((run, k) =>
    measures
      .map(({ name, of, colour, dashed }) => ({
        name: [run.name, name].filter((part) => part !== "").join(" · ") || "run",
        points: run.history.flatMap((record): Point[] => {
          const y = of(record);
          return y === undefined ? [] : [{ x: record.epoch, y }];
        }),
        colour: runs.length > 1 ? seriesColours[k % seriesColours.length] : colour,
        dashed,
      }))
      .filter(({ points }, m) => m === 0 || points.length > 0),
  );
}

/** `30 epochs`, the longest of the runs. */
export function epochsOf(runs: readonly NamedRun[]): string {
  const last = runs.reduce((most, { history }) => Math.max(most, history[history.length - 1].epoch), 0);
  return last === 1 ? "1 epoch" : `${last} epochs`;
}
