/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** Charts are drawn shortly before they come into view, and what draws them is loaded then. */
import type { DrawChart } from "../draw-charts";
import { loaded } from "./loaded";

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      loaded<DrawChart>("book.js", "drawChart")
        .then((draw) => draw(target as HTMLElement))
        .catch((error) => console.error(error));
    }
  },
  { rootMargin: "800px" },
);

/** Has the charts in a part of the page drawn, but for those that are. */
export function watchCharts(part: ParentNode): void {
  for (const figure of part.querySelectorAll("figure.chart:not(:has(> div))")) watcher.observe(figure);
}
