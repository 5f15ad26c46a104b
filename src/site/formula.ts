/** Formulas, typeset while the book is made: a page needs KaTeX's style sheet and fonts, and no program. */
import { createRequire } from "node:module";
import katex from "katex";
import { BookProblem } from "./book-problem";

/** Where KaTeX keeps its style sheet and its fonts. */
export const katexStyles = createRequire(import.meta.url).resolve("katex/dist/katex.min.css");

/** A formula between dollar signs at the start of a text; two of them put it on a line of its own. */
const BLOCK = /^\$\$((?:\\[\s\S]|[^\\$])+?)\$\$/;
const INLINE = /^\$(?![\s$])((?:\\[\s\S]|[^\\$])*?(?:\\[\s\S]|[^\\$\s]))\$(?!\d)/;

/** What `formulaAt` finds. */
export interface Formula {
  /** The text with its dollar signs. */
  readonly raw: string;
  readonly latex: string;
  readonly display: boolean;
}

/** The formula with which `text` begins, if it does. */
export function formulaAt(text: string): Formula | undefined {
  const block = BLOCK.exec(text);
  if (block) return { raw: block[0], latex: block[1], display: true };
  const inline = INLINE.exec(text);
  return inline ? { raw: inline[0], latex: inline[1], display: false } : undefined;
}

/** Replaces every formula in a text by what `write` makes of it. */
export function replaceFormulas(text: string, write: (formula: Formula) => string): string {
  let result = "";
  let rest = text;
  while (rest !== "") {
    const plain = /^(?:\\[\s\S]|[^\\$])+/.exec(rest)?.[0] ?? "";
    const formula = formulaAt(rest.slice(plain.length));
    // A dollar sign without a second one is just that.
    const next = plain.length + (formula?.raw.length ?? 1);
    result += plain + (formula ? write(formula) : rest.slice(plain.length, next));
    rest = rest.slice(next);
  }
  return result;
}

/**
 * A formula as HTML, with MathML for those who listen.
 *
 * @param place what the error message names
 * @throws {BookProblem} if it is not LaTeX that KaTeX knows
 */
export function typeset({ latex, display, raw }: Formula, place: string): string {
  try {
    return katex.renderToString(latex, { displayMode: display, strict: false });
  } catch (error) {
    const reason = (error as Error).message.replace(/^KaTeX parse error: /, "").split("\n")[0];
    throw new BookProblem(`${place}: the formula ${raw} can't be typeset: ${reason}.`);
  }
}
