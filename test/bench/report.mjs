import { label, onThreads, US } from "./contestants.mjs";
import { floatingPointOperations, median, medianRatio } from "./statistics.mjs";

/**
 * All that a run has measured. Parts that were not asked for are missing.
 *
 * @typedef {object} Figures
 * @property {string} when
 * @property {ReturnType<typeof import("./machine.mjs").machine>} machine
 * @property {Record<string, string>} nodes on which Node this project took training steps, by how it is called there
 * @property {Record<string, import("./limit.mjs").Limit>} limits of those Nodes, by the same names
 * @property {Record<string, import("./steps.mjs").Series[]>} [steps] by the name of the size
 * @property {Record<string, import("./steps.mjs").Series[]>} [sweeps] by the letter that grows
 * @property {import("./kernels.mjs").KernelTimes[]} [kernels]
 * @property {{ name: string, seconds: number[] }[]} [notebooks]
 * @property {import("./learning.mjs").Run[]} [learning]
 */

/**
 * The figures as Markdown.
 *
 * @param {Figures} figures
 * @returns {string}
 */
export function report(figures) {
  const { machine, sweeps, kernels, notebooks, learning } = figures;
  const parts = stepParts(figures);
  for (const [letter, series] of Object.entries(sweeps ?? {})) parts.push(sweepTable(letter, series));
  if (kernels) parts.push(kernelTable(kernels, machine.node));
  if (notebooks) parts.push(notebookTable(notebooks, machine.node));
  if (learning && learning.length > 0) parts.push(learningTable(learning));
  return `${parts.join("\n\n")}\n`;
}

/**
 * On which machine it was measured, and what a training step takes.
 *
 * @param {Figures} figures
 * @returns {string[]} paragraphs and tables in Markdown
 */
export function stepParts({ machine, nodes, limits, steps }) {
  const gigabytes = Math.round(machine.memory / 2 ** 30);
  const ofNodes = Object.entries(nodes).map(([name, version]) => {
    const { lanes, perSecond } = limits[name];
    return `${(median(perSecond) / 1e9).toFixed(1)} GFLOP/s on Node ${version}, with ${lanes} lanes`;
  });
  const where = `${machine.processor}, ${machine.cores} cores, ${gigabytes} GiB; ${machine.system}. The limit of WebAssembly's float64 SIMD on one core, measured: ${ofNodes.join("; ")}.`;
  return steps ? [where, stepTable(steps, nodes), shares(steps, limits)] : [where];
}

/**
 * A Markdown table, the first column to the left, the others to the right.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(head), `|---|${"---:|".repeat(head.length - 1)}`, ...rows.map(line)].join("\n");
}

/**
 * @param {Record<string, import("./steps.mjs").Series[]>} steps
 * @param {Record<string, string>} nodes
 */
function stepTable(steps, nodes) {
  const names = Object.keys(steps);
  const rows = steps[names[0]].map((series) => label(/** @type {any} */ (series)));
  const titles = names.map((name) => `${name}: ${sizeInWords(steps[name][0].size)}`);
  const find = (/** @type {string} */ name, /** @type {string} */ row) =>
    steps[name].find((series) => label(/** @type {any} */ (series)) === row);
  const cells = rows.map((row) => [
    row,
    ...names.map((name) => {
      const series = find(name, row);
      if (!series) return "–";
      const ours = oursBeside(steps[name], series.threads);
      const time = Math.round(median(series.microseconds)).toLocaleString("en");
      return series === ours
        ? `**${time}**`
        : `${time} (${medianRatio(ours.microseconds, series.microseconds).toFixed(2)})`;
    }),
  ]);
  return `One training step (forward, all gradients, update; the loss, too, but for \`train\`, which computes it after each epoch) in microseconds, and in brackets the time of \`train\`, on as many threads, as a multiple of it; medians of ${steps[names[0]][0].microseconds.length} rounds. “This project” is the steps as \`train\` takes them; “the functions in a loop” are \`forward\`, \`crossEntropyFromLogits\`, \`backward\` and \`sgdStep\` called one after the other, “in a scope” the same in \`scope\`. JavaScript ran on Node ${nodes[US]} where no other is said. NumPy and PyTorch keep their memory between steps. Inputs are dense random numbers, but those of F: all digits, half of whose pixels are 0; this project skips them in a scope.\n\n${table(["", ...titles], cells)}`;
}

/** @param {import("./problem.mjs").Size} size */
function sizeInWords({ N, D, H, C, inputs }) {
  return `${N}×${D}-${H}-${C}, ${inputs ?? "random"}`;
}

/**
 * This project on so many threads, on the newest Node, or on one thread if it was not measured on more.
 *
 * @param {import("./steps.mjs").Series[]} series all contestants, this project first
 * @param {number} threads
 */
function oursBeside(series, threads) {
  return series.find((one) => one.name === US && one.threads === threads) ?? series[0];
}

/**
 * How near a step is to what is possible: its products' speed, and its time beside that of the best float64 peers, on as many
 * threads and on any number.
 *
 * @param {import("./steps.mjs").Series[]} series all contestants
 * @param {import("./steps.mjs").Series} ours this project among them
 * @param {import("./limit.mjs").Limit} limit of one core
 */
function standing(series, ours, limit) {
  const speed = floatingPointOperations(ours.size) / (median(ours.microseconds) / 1e6);
  const peers = series
    .filter(({ name, precision }) => !name.startsWith(US) && precision === "float64")
    .sort((a, b) => median(a.microseconds) - median(b.microseconds));
  const ratio = (/** @type {import("./steps.mjs").Series} */ peer) =>
    medianRatio(ours.microseconds, peer.microseconds).toFixed(2);
  const equal = peers.find(({ threads }) => threads === ours.threads);
  return {
    speed: (speed / 1e9).toFixed(1),
    share: `${Math.round((100 * speed) / (median(limit.perSecond) * ours.threads))} %`,
    ratio: equal ? ratio(equal) : "–",
    equal: equal ? `${equal.name} (${ratio(equal)})` : "–",
    best: peers[0] ? `${peers[0].name}${onThreads(peers[0])} (${ratio(peers[0])})` : "–",
  };
}

/**
 * @param {Record<string, import("./steps.mjs").Series[]>} steps
 * @param {Record<string, import("./limit.mjs").Limit>} limits
 */
function shares(steps, limits) {
  const rows = Object.entries(steps).flatMap(([size, series]) =>
    series
      .filter(({ name }) => name in limits)
      .map((ours) => {
        const { speed, share, equal, best } = standing(series, ours, limits[ours.name]);
        return [`${size}${ours.name.slice(US.length)}${onThreads(ours)}`, speed, share, equal, best];
      }),
  );
  return `This project's matrix products as GFLOP/s of the whole step (what it skips counted, too), as a share of the limit of as many cores; and beside which float64 peers, the best on as many threads and the best of all, its time is which multiple.\n\n${table(["", "GFLOP/s", "of the limit", "best on as many threads", "best of all"], rows)}`;
}

/**
 * The same for a learner: each library once, on one thread, in float64 where it has that, in microseconds.
 *
 * @param {Figures} figures
 * @returns {string} a table in Markdown
 */
export function speedTable({ steps = {}, limits }) {
  const names = Object.keys(steps);
  const libraries = [...new Set(steps[names[0]].map(({ name }) => name))];
  const chosen = (/** @type {string} */ size, /** @type {string} */ library) => {
    const series = steps[size].filter(({ name, threads }) => name === library && threads === 1);
    return series.find(({ precision }) => precision === "float64") ?? series[0];
  };
  const times = libraries.map((library) => {
    const { precision } = chosen(names[0], library);
    const cells = names.map((size) => Math.round(median(chosen(size, library).microseconds)).toLocaleString("en"));
    return [precision === "float64" ? library : `${library} (${precision})`, ...cells];
  });
  const all = names.map((size) => standing(steps[size], steps[size][0], limits[US]));
  return table(
    ["N×D-H-C, inputs", ...names.map((size) => sizeInWords(steps[size][0].size))],
    [
      ...times,
      ["this project, as a multiple of the best float64 peer", ...all.map(({ ratio }) => ratio)],
      ["its products, as a share of the machine's limit", ...all.map(({ share }) => share)],
    ],
  );
}

/**
 * @param {string} letter
 * @param {import("./steps.mjs").Series[]} series
 */
function sweepTable(letter, series) {
  const names = [...new Set(series.map((one) => label(/** @type {any} */ (one))))];
  const grown = (/** @type {import("./steps.mjs").Series} */ { size }) => size[/** @type {"N"} */ (letter)];
  const rows = [...new Set(series.map(grown))].map((value) => [
    `${letter} = ${value}`,
    ...names.map((name) => {
      const one = series.find((other) => grown(other) === value && label(/** @type {any} */ (other)) === name);
      if (!one) return "–";
      return `${Math.round(median(one.microseconds)).toLocaleString("en")} µs, ${Math.round((one.bytes ?? 0) / 2 ** 20)} MiB`;
    }),
  ]);
  const { N, D, H, C } = series[0].size;
  const fixed = Object.entries({ N, D, H, C }).filter(([name]) => name !== letter);
  const others = fixed.map(([name, value]) => `${name} = ${value}`).join(", ");
  return `How a step grows with ${letter} (${others}): its time, and by how much the process has grown.\n\n${table(["", ...names], rows)}`;
}

/**
 * @param {import("./kernels.mjs").KernelTimes[]} kernels
 * @param {string} node its version
 */
function kernelTable(kernels, node) {
  const stock = kernels.find(({ name }) => name === "stock tslab");
  const ratio = (/** @type {number[]} */ values, /** @type {number[] | undefined} */ others) =>
    others && values !== others ? ` (${medianRatio(values, others).toFixed(2)})` : "";
  const rows = kernels.map(({ name, ready, firstResult, cell, bytes, ...more }) => [
    name,
    `${median(ready).toFixed(2)} s${ratio(ready, stock?.ready)}`,
    `${median(firstResult).toFixed(2)} s${ratio(firstResult, stock?.firstResult)}`,
    `${median(cell).toFixed(1)} ms${ratio(cell, stock?.cell)}`,
    mebibytes(bytes),
    mebibytes(more.idleBytes),
    mebibytes(more.idleShare),
    ofKnown(more.import, (seconds) => `${seconds.toFixed(2)} s`),
    mebibytes(more.importedBytes),
    mebibytes(more.importedIdleBytes),
    ofKnown(more.early, (ms) => `${ms.toFixed(1)} ms`),
    ofKnown(more.late, (ms) => `${ms.toFixed(1)} ms`),
  ]);
  return `Kernels, on Node ${node}; in brackets, as a multiple of stock tslab; medians of ${kernels[0].ready.length} starts. Memory is resident (RSS) after 30 small cells, and when the kernel has been idle; its share counts what processes have in common in equal parts (PSS). Then comes a cell that imports all of \`./src\`: its time, and the memory after it. The last two columns are the processor's time for a cell that uses the one before it, about the 30th and about the 2,000th of a session.\n\n${table(["", "ready", "first result", "a small cell", "memory", "idle", "share, idle", "import", "memory", "idle", "30th cell", "2,000th"], rows)}`;
}

/** @param {(number | null)[]} [values] */
function mebibytes(values) {
  return ofKnown(values, (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`);
}

/**
 * Their median as text, or a dash if they are not known.
 *
 * @param {(number | null)[] | undefined} values
 * @param {(value: number) => string} text
 */
function ofKnown(values = [], text) {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? text(median(known)) : "–";
}

/**
 * @param {{ name: string, seconds: number[] }[]} notebooks
 * @param {string} node its version
 */
function notebookTable(notebooks, node) {
  const rows = notebooks.map(({ name, seconds }) => [name, `${median(seconds).toFixed(1)} s`]);
  const total = notebooks.reduce((sum, { seconds }) => sum + median(seconds), 0);
  return `The notebooks, from top to bottom, the kernel's start included, on Node ${node}.\n\n${table(["", "time"], [...rows, ["all", `${total.toFixed(1)} s`]])}`;
}

/** @param {number} seconds */
function time(seconds) {
  return seconds < 0.1 ? `${(1000 * seconds).toFixed(1)} ms` : `${seconds.toFixed(2)} s`;
}

/** @param {import("./learning.mjs").Run[]} runs */
function learningTable(runs) {
  const rows = [];
  for (const task of new Set(runs.map((run) => run.task))) {
    const ofTask = runs.filter((run) => run.task === task);
    const names = [...new Set(ofTask.map((run) => label(/** @type {any} */ (run))))];
    const of = (/** @type {string} */ name) => ofTask.filter((run) => label(/** @type {any} */ (run)) === name);
    const ours = of(names[0]);
    for (const name of names) {
      const seconds = median(of(name).map((run) => run.seconds));
      const ratio = median(ours.map((run) => run.seconds)) / seconds;
      const perEpoch = median(of(name).map((run) => run.seconds / run.epochs));
      rows.push([
        `${task}: ${name}`,
        `${time(seconds)}${name === names[0] ? "" : ` (${ratio.toFixed(2)})`}`,
        String(median(of(name).map((run) => run.epochs))),
        time(perEpoch),
        String(of(name).length),
      ]);
    }
  }
  return `Time until so many test samples are right, medians over the seeds; in brackets this project's time as a multiple of it.\n\n${table(["", "time", "epochs", "an epoch", "seeds"], rows)}`;
}
