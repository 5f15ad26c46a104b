/** Text as HTML. */

/**
 * Text that HTML does not take for markup, in an element and in an attribute.
 *
 * @param text any text
 */
export function asText(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? "&#39;");
}
