/** Somebody's notes as a notebook shows them: the text with its formulas typeset, a mark in the margin, and the reason below. */
import type { Judged, NotesVerdict } from "../notes/document";
import type { Mark } from "../notes/judge";
import { type Html, html } from "./html-text";
import type { Forms } from "./present";

const COLOURS = { "✓": "#009e73", "✗": "#d55e00", "–": "#0072b2", "": "inherit" } as const;

/** Notes with marks, as a notebook shows them. */
export function notesForms(verdict: NotesVerdict): Forms {
  return { "text/html": String(notesHtml(verdict)), "text/plain": verdict.toString() };
}

/** A paragraph of the notes, with the formulas in it. */
interface Paragraph {
  text: string;
  readonly formulas: Judged[];
}

function notesHtml(verdict: NotesVerdict): Html {
  const rows = paragraphs(verdict).map(({ text, formulas }) => {
    const marks = formulas.flatMap(({ marks: own, aside }) => own.map((mark) => ({ mark, aside })));
    const signs = marks.filter(({ mark }) => mark.mark !== "").map(({ mark }) => sign(mark));
    const told = marks.filter(({ mark }) => mark.mark === "✗" || mark.mark === "–" || mark.remarks.length > 0);
    return html`<tr>
<td style="vertical-align: top; text-align: right; white-space: nowrap; padding: 4px 10px; border-right: 3px solid rgba(128, 128, 128, 0.4)">${signs}</td>
<td style="vertical-align: top; text-align: left; padding: 4px 12px; max-width: 52em; white-space: pre-line">${text}${told.map(({ mark, aside }) => reason(mark, aside))}</td>
</tr>`;
  });
  return html`<div><table style="border-collapse: collapse">${rows}</table><div style="margin-top: 6px"><b>${verdict.summary}</b></div></div>`;
}

function sign({ mark }: Mark): Html {
  return html`<span style="color: ${COLOURS[mark]}; font-weight: bold; font-size: 115%">${mark}</span>`;
}

/** Why a formula got its mark, and what would be true. */
function reason(mark: Mark, aside: string | undefined): Html {
  const { latex, said, remarks, instead } = mark;
  const formula = latex === "" ? "" : `$${latex}$`;
  const instruction = instead === undefined ? undefined : html`<div><b>True is</b> ${`$${instead}$`}</div>`;
  return html`<div style="border-left: 4px solid ${COLOURS[mark.mark]}; padding: 2px 10px; margin: 6px 0; line-height: 1.45; white-space: normal">
<div>${sign(mark)} ${formula}${aside === undefined ? undefined : ` (${aside})`}</div>
<div>${said}</div>${remarks.map((remark) => html`<div>${remark}</div>`)}${instruction}</div>`;
}

/** The paragraphs in which there is something to read. */
function paragraphs({ pieces }: NotesVerdict): Paragraph[] {
  const found: Paragraph[] = [{ text: "", formulas: [] }];
  const last = () => found[found.length - 1];
  for (const piece of pieces) {
    if (typeof piece !== "string") {
      const dollars = piece.display ? "$$" : "$";
      last().text += `${dollars}${piece.latex}${dollars}`;
      last().formulas.push(piece);
      continue;
    }
    const [first, ...others] = plain(piece).split(/\n\s*\n/);
    last().text += first;
    for (const text of others) found.push({ text, formulas: [] });
  }
  return found.map(({ text, formulas }) => ({ text: text.trim(), formulas })).filter(({ text }) => text !== "");
}

/** Markdown without its signs, which the page would show as they are. */
function plain(markdown: string): string {
  return markdown
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<\/?\w[^>]*>/g, "")
    .replace(/^#+ /gm, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\*\*|__/g, "");
}
