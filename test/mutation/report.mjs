import { readFileSync } from "node:fs";

/**
 * A mutant of Stryker's JSON report. Lines and columns count from 1, and the end is exclusive.
 *
 * @typedef {object} Mutant
 * @property {string} status
 * @property {string} [replacement]
 * @property {{ start: Position, end: Position }} location
 *
 * @typedef {{ line: number, column: number }} Position
 *
 * @typedef {object} Results
 * @property {Record<string, { source: string, mutants: Mutant[] }>} files by path
 */

/**
 * A change of the source: the lines that a mutant touches, before and after, with white space evened out.
 *
 * @typedef {object} Change
 * @property {string} file
 * @property {string} before
 * @property {string} after
 */

/**
 * Whether every mutant was noticed or is listed as equivalent with a proof, told on the console.
 *
 * @param {string} resultsFile Stryker's JSON report
 * @param {string} equivalentFile the list of equivalent mutants, in Markdown
 * @returns {number} the exit code
 */
export function report(resultsFile, equivalentFile) {
  const results = JSON.parse(readFileSync(resultsFile, "utf8"));
  const { text, passed } = judge(results, readFileSync(equivalentFile, "utf8"));
  console.log(text);
  return passed ? 0 : 1;
}

/**
 * @param {Results} results
 * @param {string} list the list of equivalent mutants
 * @returns {{ text: string, passed: boolean }}
 */
export function judge(results, list) {
  const listed = equivalents(list);
  const key = (/** @type {Change} */ { file, before, after }) => [file, before, after].join("\n");
  // Each entry stands for one mutant: where two lines read the same, one entry does not excuse both.
  const proved = listed.filter(({ proof }) => proof);
  const lines = [];
  /** @type {Change[]} */
  const unexplained = [];
  /** @type {Set<Change>} */
  const used = new Set();
  const total = { noticed: 0, equivalent: 0, alive: 0 };
  for (const [file, { source, mutants }] of Object.entries(results.files)) {
    const here = { noticed: 0, equivalent: 0, alive: 0 };
    for (const mutant of mutants) {
      const change = changeOf(file, source, mutant);
      const survives = unnoticed.has(mutant.status);
      // On a slow machine a mutant that changes nothing may run out of time instead.
      const entry = proved.find((listing) => key(listing) === key(change) && !used.has(listing));
      if (entry && (survives || mutant.status === "Timeout")) {
        here.equivalent += 1;
        used.add(entry);
      } else if (survives) {
        here.alive += 1;
        unexplained.push(change);
      } else if (noticed.has(mutant.status)) here.noticed += 1;
    }
    lines.push(`${score(here).padStart(8)}  ${file}  ${counts(here)}`);
    for (const name of /** @type {const} */ (["noticed", "equivalent", "alive"])) total[name] += here[name];
  }
  lines.push(`${score(total).padStart(8)}  all of it  ${counts(total)}`);
  for (const change of unexplained)
    lines.push("", "Neither noticed by a test nor listed as equivalent:", ...diff(change));
  const stale = listed.filter((change) => change.proof && change.file in results.files && !used.has(change));
  for (const change of stale) lines.push("", "Listed as equivalent, but not among the survivors:", ...diff(change));
  const proofless = listed.filter(({ proof }) => !proof);
  for (const change of proofless) lines.push("", "Listed as equivalent without a proof:", ...diff(change));
  return { text: lines.join("\n"), passed: [unexplained, stale, proofless].every(({ length }) => length === 0) };
}

// Mutants that don't compile or are left out by the configuration have neither status.
const noticed = new Set(["Killed", "Timeout", "RuntimeError"]);
const unnoticed = new Set(["Survived", "NoCoverage"]);

/**
 * The list's entries: below a heading with the file's path, a `diff` block, and then the proof in words.
 *
 * @param {string} list
 * @returns {(Change & { proof: string })[]}
 */
function equivalents(list) {
  return list
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const file = section.slice(0, section.indexOf("\n")).trim();
      return section
        .split(/^```diff\n/m)
        .slice(1)
        .map((entry) => {
          const [block, proof] = entry.split(/^```\n?/m);
          const side = (/** @type {string} */ sign) =>
            even(
              block
                .split("\n")
                .filter((line) => line.startsWith(sign))
                .map((line) => line.slice(1))
                .join("\n"),
            );
          return { file, before: side("-"), after: side("+"), proof: (proof ?? "").trim() };
        });
    });
}

/**
 * @param {string} file
 * @param {string} source
 * @param {Mutant} mutant
 * @returns {Change}
 */
function changeOf(file, source, { location: { start, end }, replacement = "" }) {
  const lines = source.split("\n");
  const head = lines[start.line - 1].slice(0, start.column - 1);
  const tail = lines[end.line - 1].slice(end.column - 1);
  return {
    file,
    before: even(lines.slice(start.line - 1, end.line).join("\n")),
    after: even(head + replacement + tail),
  };
}

/** @param {string} code */
function even(code) {
  return code.replace(/\s+/g, " ").trim();
}

/** @param {Change} change */
function diff({ file, before, after }) {
  return [`  ${file}`, `  - ${before}`, `  + ${after}`];
}

/** @param {{ noticed: number, equivalent: number, alive: number }} here */
function score({ noticed, alive }) {
  return noticed + alive === 0 ? "–" : `${((100 * noticed) / (noticed + alive)).toFixed(1)} %`;
}

/** @param {{ noticed: number, equivalent: number, alive: number }} here */
function counts({ noticed, equivalent, alive }) {
  return `(${noticed} noticed, ${alive} not, ${equivalent} equivalent)`;
}
