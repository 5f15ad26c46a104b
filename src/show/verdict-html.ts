/**
 * A verdict as HTML: one compact block with the equation typeset, the errors, and, where the answer is wrong, the worst
 * entry, where it differs, and the hint. Text has the page's colour, so that it reads in light and in dark.
 */

import type { BugHunt } from "../verification/bug-hunt";
import { figure } from "../verification/number-text";
import type { PencilVerdict } from "../verification/pencil";
import type { Verdict } from "../verification/verdict";
import { asText } from "./html-text";
import type { Forms } from "./present";

const GREEN = "#009e73";
const RED = "#d55e00";
const PENCIL = "#0072b2";

/** A verdict as a notebook shows it. */
export function verdictForms(verdict: Verdict): Forms {
  return { "text/html": verdictHtml(verdict), "text/plain": verdict.toString() };
}

/** What became of a number that was worked out by hand, as a notebook shows it. */
export function pencilForms(verdict: PencilVerdict): Forms {
  const { passed, mark, equation, entry, message } = verdict;
  const colour = passed === undefined ? PENCIL : passed ? GREEN : RED;
  const head = `<span style="color: ${colour}; font-weight: bold; font-size: 115%">${mark}</span> <b>${equation}</b> <code>${asText(entry)}</code>`;
  return {
    "text/html": framed(colour, `<div>${head} &emsp; ${asText(message)}</div>`),
    "text/plain": verdict.toString(),
  };
}

/** A bug hunt as a notebook shows it: the question, and the code. */
export function huntForms(hunt: BugHunt): Forms {
  const code = `<pre style="margin: 4px 0; overflow-x: auto"><code>${asText(hunt.code)}</code></pre>`;
  return {
    "text/html": framed(PENCIL, `<div>${asText(hunt.question)}</div>${code}`),
    "text/plain": hunt.toString(),
  };
}

function framed(colour: string, html: string): string {
  return `<div style="border-left: 4px solid ${colour}; padding: 4px 12px; margin: 2px 0">${html}</div>`;
}

/** The verdict as a block of HTML. A notebook typesets what stands between dollar signs. */
export function verdictHtml(verdict: Verdict): string {
  const colour = verdict.passed ? GREEN : RED;
  const label = verdict.equation === verdict.functionName ? "" : `<b>${verdict.equation}</b> `;
  const head =
    `<div><span style="color: ${colour}; font-weight: bold; font-size: 115%">${verdict.passed ? "✓" : "✗"}</span> ` +
    `${label}<code>${asText(verdict.functionName)}</code> &emsp; $${asText(verdict.latex)}$</div>`;
  const said = `<div style="margin-top: 4px; max-width: 60em; line-height: 1.45">${asText(verdict.explanation)}</div>`;
  const hint = verdict.misconception
    ? `<div style="margin-top: 4px; max-width: 60em; line-height: 1.45"><b>Hint.</b> ${asText(verdict.misconception.hint)}</div>`
    : "";
  const body = verdict.passed ? said : `${said}${hint}${differences(verdict)}`;
  return framed(colour, `${head}${body}`);
}

/** The entries that were returned, the darker the further off, with what was expected in each one's tooltip. */
function differences({ comparison, worst }: Verdict): string {
  if (comparison === undefined || worst === undefined || comparison.expected.data.length < 2) return "";
  const { expected, got } = comparison;
  if (expected.rows > 8 || expected.cols > 8) return "";
  const off = (i: number, j: number) => Math.abs(got.get(i, j) - expected.get(i, j));
  const largest = off(worst.row, worst.col);
  const cell = (i: number, j: number) => {
    const share = off(i, j) === 0 ? 0 : Number.isFinite(off(i, j) / largest) ? off(i, j) / largest : 1;
    const ring = i === worst.row && j === worst.col ? `outline: 2px solid ${RED}; outline-offset: -2px; ` : "";
    const style = `${ring}background: rgba(213, 94, 0, ${(0.75 * share).toFixed(2)}); padding: 2px 8px; text-align: right; font-variant-numeric: tabular-nums`;
    return `<td style="${style}" title="row ${i}, column ${j}: expected ${figure(expected.get(i, j))}, got ${figure(got.get(i, j))}">${figure(got.get(i, j))}</td>`;
  };
  const rows = expected.toRows().map((row, i) => `<tr>${row.map((_, j) => cell(i, j)).join("")}</tr>`);
  return (
    `<div style="margin-top: 6px">What came back on ${asText(comparison.situation)}; the stronger the colour, the further off ` +
    `(the framed entry should be ${figure(worst.expected)}):</div>` +
    `<table style="border-collapse: collapse; margin: 4px 0">${rows.join("")}</table>`
  );
}
