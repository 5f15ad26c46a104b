/** Snapshots of a run, as many as a slider or a picture can hold. */
import type { History } from "../../train";
import { checkHistory } from "./arguments";

/** A record of a history that has the weights. */
export type Snapshot = History[number] & { readonly weights: NonNullable<History[number]["weights"]> };

/**
 * The records of a history that have weights.
 *
 * @param fn the function's name, for messages
 * @param history from `train`
 * @throws if it is no array of records, or none has weights
 */
export function snapshotsIn(fn: string, history: History): Snapshot[] {
  checkHistory(fn, "history", history);
  const all = history.filter((record): record is Snapshot => record.weights !== undefined);
  if (all.length > 0) return all;
  throw new RangeError(`${fn}: no record of history has weights; expected a run with snapshotEvery: 1`);
}

/** At most so many, evenly chosen, the first and the last among them. */
export function evenly<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, k) => all[Math.round((k * (all.length - 1)) / (most - 1))]);
}

/** `, 40 of 5000 snapshots`; nothing where all are shown. */
export function shareOf(shown: number, all: number, what: string): string {
  return shown < all ? `, ${shown} of ${all} ${what}` : "";
}
