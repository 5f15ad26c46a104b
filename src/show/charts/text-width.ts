/**
 * How wide a text will be, where there is no canvas to measure it on.
 *
 * vega lays a chart out around its texts. In Node it takes each character for 0.8 of the font's size, which leaves large gaps;
 * here narrow and wide characters are told apart, by the widths of common sans-serif fonts, a little on the generous side.
 */

const NARROW = /[ijl.,:;'|!()[\]ftrI\s·−\-/]/;
const WIDE = /[mwMWOQG@%—…∂Σ]/;
const CAPITAL = /[A-ZΑ-Ω]/;

/** Width of `text` in units of the font's size. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (NARROW.test(character)) width += 0.38;
    else if (WIDE.test(character)) width += 0.9;
    else if (CAPITAL.test(character)) width += 0.69;
    else width += 0.59;
  }
  return width;
}

/**
 * Breaks a text between words into as few lines as are needed for each to be at most `most` units of the font's size wide; the
 * lines are then made about equally long, so that no word is left alone on the last.
 */
export function wrapped(text: string, most: number): string[] {
  let lines = filled(text, most);
  for (let narrower = most - 1; narrower > 0; narrower--) {
    const balanced = filled(text, narrower);
    if (balanced.length > lines.length || balanced.some((line) => textWidth(line) > most)) break;
    lines = balanced;
  }
  return lines;
}

/** As many words into each line as there is room for. */
function filled(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line !== undefined && textWidth(`${line} ${word}`) <= most) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
