/** Words of students in what the grader says: always between quotation marks, so that nobody speaks in its voice. */

/** No name and no message needs more. */
const LONGEST = 300;

/**
 * A text that a student wrote, or a name that a student gave, as a quotation: without what could disturb a terminal or turn
 * the direction of a line, and without the marks that would end it.
 */
export function shown(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, " ").replace(/[“”]/g, '"');
  return `“${plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain}”`;
}
