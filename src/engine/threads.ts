/** How many threads may compute here. */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

/** Where Linux shows a process in a container its own control group, and any other process that of the whole system. */
const CONTROL_GROUP = "/sys/fs/cgroup";

/**
 * Two where this process may use two processors, and else one.
 *
 * @param setting `BACKPROP_THREADS` of the environment: the most there shall be; nothing or an empty text says nothing
 * @param group the folder of the control group
 * @throws if the setting is no number of threads: `BACKPROP_THREADS is "all"; expected a whole number from 1`
 */
export function threadsHere(setting = process.env.BACKPROP_THREADS, group = CONTROL_GROUP): 1 | 2 {
  const most = Number(setting || 2);
  if (!Number.isInteger(most) || most < 1) {
    throw new RangeError(`BACKPROP_THREADS is "${setting}"; expected a whole number from 1`);
  }
  if (most === 1) return 1;
  return Math.min(availableParallelism(), processorsGranted(group)) >= 2 ? 2 : 1;
}

/**
 * How many processors' time a control group, of version 2 or 1, is granted; Infinity where nothing is said.
 *
 * @param group its folder
 */
export function processorsGranted(group: string): number {
  const [limit, period] = numbersIn(join(group, "cpu.max")) ?? [
    numbersIn(join(group, "cpu", "cpu.cfs_quota_us"))?.[0] ?? -1,
    numbersIn(join(group, "cpu", "cpu.cfs_period_us"))?.[0] ?? -1,
  ];
  return limit > 0 && period > 0 ? limit / period : Number.POSITIVE_INFINITY;
}

function numbersIn(file: string): number[] | undefined {
  try {
    return readFileSync(file, "utf8").trim().split(" ").map(Number);
  } catch {
    return undefined;
  }
}
