/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** What is wider than its place can be scrolled by the keyboard, too. */

/** Lets the keyboard reach the wide things in a part of the page. */
export function reachable(part: ParentNode): void {
  for (const element of part.querySelectorAll<HTMLElement>("pre, .output, .output .html, table")) {
    if (element.scrollWidth > element.clientWidth && getComputedStyle(element).overflowX !== "visible") {
      element.tabIndex = 0;
    }
  }
}
