/** Formulas, typeset while the book is made: a page needs KaTeX's style sheet and fonts, and no program. */
import { createRequire } from "node:module";
import katex from "katex";
import { type FormulaInText, textAndFormulas } from "../formula/in-text";
import { BookProblem } from "./book-problem";

/** Where KaTeX keeps its style sheet and its fonts. */
export const katexStyles = createRequire(import.meta.url).resolve("katex/dist/katex.min.css");

/** Replaces every formula in a text by what `write` makes of it. */
export function replaceFormulas(text: string, write: (formula: FormulaInText) => string): string {
  return textAndFormulas(text)
    .map((part) => (typeof part === "string" ? part : write(part)))
    .join("");
}

/**
 * A formula as HTML, with MathML for those who listen.
 *
 * @param place what the error message names
 * @throws {BookProblem} if it is not LaTeX that KaTeX knows
 */
export function typeset({ latex, display, raw }: FormulaInText, place: string): string {
  try {
    return katex.renderToString(latex, { displayMode: display, strict: false });
  } catch (error) {
    const reason = (error as Error).message.replace(/^KaTeX parse error: /, "").split("\n")[0];
    throw new BookProblem(`${place}: the formula ${raw} can't be typeset: ${reason}.`);
  }
}
