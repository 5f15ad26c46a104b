/** The figures of classes as a table in Markdown. */

/** @type {[string, (figures: import("./measure.mjs").Figures) => string][]} */
const rows = [
  ["from logging in to the notebooks", ({ server }) => spread(server, "s")],
  ["from opening a notebook to its first result", ({ kernel }) => spread(kernel, "s")],
  [
    "every other cell",
    ({ cell }) => `${quantile(cell, 0.5).toFixed(2)} s (95 %: ${quantile(cell, 0.95).toFixed(1)} s)`,
  ],
  ["all notebooks of one who only works", ({ lesson }) => spread(lesson, "s")],
  ["the whole class", ({ whole }) => `${whole.toFixed(0)} s`],
  ["processor time of one learner", ({ processor }) => spread(processor, "s")],
  ["a server's memory", ({ peak }) => spread(peak.servers.map(megabytes), "MB")],
  ["a kernel's memory", ({ peak }) => spread(peak.kernels.map(megabytes), "MB")],
  ["the Hub and its proxy", ({ peak }) => `${megabytes(peak.hub).toFixed(0)} MB`],
  ["everything at its most", ({ peak }) => `${megabytes(peak.total).toFixed(0)} MB`],
  ["  a learner", ({ peak, learners }) => `${(megabytes(peak.total - peak.hub) / learners).toFixed(0)} MB`],
  ["servers that had to be started again", ({ again }) => String(again)],
  ["ended for their memory", ({ ended }) => String(ended.length)],
  ["what should not have been", ({ problems }) => String(problems.length)],
];

/**
 * @param {import("./measure.mjs").Figures[]} classes
 * @returns {string}
 */
export function report(classes) {
  const lines = [
    ["learners", ...classes.map(({ learners }) => String(learners))],
    Array(classes.length + 1).fill("---"),
    ...rows.map(([title, cell]) => [title, ...classes.map(cell)]),
  ];
  const problems = classes.flatMap(({ problems }) => problems);
  return [...lines.map((cells) => `| ${cells.join(" | ")} |`), "", ...problems].join("\n");
}

/** @param {number[]} values @param {string} unit */
function spread(values, unit) {
  if (values.length === 0) return "–";
  return `${quantile(values, 0.5).toFixed(0)} ${unit} (at most ${Math.max(...values).toFixed(0)})`;
}

/** @param {number[]} values @param {number} share */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** @param {number} bytes */
function megabytes(bytes) {
  return bytes / 1e6;
}
