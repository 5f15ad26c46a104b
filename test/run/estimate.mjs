/**
 * How long the tests will still take: shared among the workers, but no less than the longest file. Files that nobody has
 * timed count as much as the middle one of the others.
 *
 * @param {object} run all times in ms
 * @param {Map<string, number | undefined>} run.files those that have not ended, and when they started
 * @param {Record<string, number>} run.last what each file took the last time
 * @param {Record<string, number>} run.now what each file took that has ended
 * @param {number} run.workers
 * @param {number} [run.clock] the time now
 * @returns {number}
 */
export function timeLeft({ files, last, now, workers, clock = performance.now() }) {
  const timed = Object.values(last).sort((a, b) => a - b);
  const middle = timed[Math.floor(timed.length / 2)] ?? 0;
  const pace = paceOf(last, now);
  const left = [...files].map(([file, started]) =>
    Math.max(0, pace * (last[file] ?? middle) - (started === undefined ? 0 : clock - started)),
  );
  const sum = left.reduce((total, ms) => total + ms, 0);
  return Math.max(sum / workers, ...left);
}

/**
 * How much slower this machine is today: what has ended took so many times as long as the last time.
 *
 * @param {Record<string, number>} last
 * @param {Record<string, number>} now
 */
function paceOf(last, now) {
  const both = Object.keys(now).filter((file) => file in last);
  const sum = (/** @type {Record<string, number>} */ times) => both.reduce((total, file) => total + times[file], 0);
  // A few seconds say nothing.
  return sum(last) < 10_000 ? 1 : sum(now) / sum(last);
}

/**
 * @param {number} ms
 * @returns {string} such as "4:07 min"
 */
export function minutes(ms) {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} min`;
}
