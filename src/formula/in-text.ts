/** Finds the formulas in a text: what stands between dollar signs, as JupyterLab takes it. */

/** A formula between dollar signs at the start of a text; two of them put it on a line of its own. */
const BLOCK = /^\$\$((?:\\[\s\S]|[^\\$])+?)\$\$/;
const INLINE = /^\$(?![\s$])((?:\\[\s\S]|[^\\$])*?(?:\\[\s\S]|[^\\$\s]))\$(?!\d)/;

/** A formula in a text. */
export interface FormulaInText {
  /** The text with its dollar signs. */
  readonly raw: string;
  readonly latex: string;
  readonly display: boolean;
}

/** The formula with which `text` begins, if it does. */
export function formulaAt(text: string): FormulaInText | undefined {
  const block = BLOCK.exec(text);
  if (block) return { raw: block[0], latex: block[1], display: true };
  const inline = INLINE.exec(text);
  return inline ? { raw: inline[0], latex: inline[1], display: false } : undefined;
}

/** A text as the formulas and the plain texts that it is made of. */
export function textAndFormulas(text: string): (string | FormulaInText)[] {
  const parts: (string | FormulaInText)[] = [];
  let plain = "";
  let rest = text;
  while (rest !== "") {
    const before = /^(?:\\[\s\S]|[^\\$])+/.exec(rest)?.[0] ?? "";
    const formula = formulaAt(rest.slice(before.length));
    // A dollar sign without a second one is just that.
    const next = before.length + (formula?.raw.length ?? 1);
    plain += formula ? before : rest.slice(0, next);
    if (formula) {
      if (plain !== "") parts.push(plain);
      parts.push(formula);
      plain = "";
    }
    rest = rest.slice(next);
  }
  return plain === "" ? parts : [...parts, plain];
}
