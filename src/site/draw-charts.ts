/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** Runs in the reader's browser: puts each chart in the place of its image, shortly before it comes into view. */
import embed, { type EmbedOptions } from "vega-embed";

/** Data and images are in the charts themselves; nothing is loaded. */
const nothing = () => Promise.reject(new Error("this book loads nothing"));

/** Charts look at the ground they are drawn on: in the dark, the page's own. */
const isDark = matchMedia("(prefers-color-scheme: dark)").matches;

const options: EmbedOptions = {
  renderer: "svg",
  ...(isDark && { config: { background: getComputedStyle(document.body).backgroundColor } }),
  actions: false,
  // Expressions are read and not made into programs, so that the page may forbid all but its own.
  ast: true,
  loader: { load: nothing, sanitize: nothing } as unknown as EmbedOptions["loader"],
};

async function draw(figure: HTMLElement): Promise<void> {
  const spec = JSON.parse(figure.querySelector("script")?.textContent ?? "");
  const place = document.createElement("div");
  place.hidden = true;
  figure.append(place);
  // The image stays where it is if its chart can't be drawn.
  await embed(place, spec, options);
  for (const fallback of figure.querySelectorAll(":scope > img, :scope > figcaption")) fallback.remove();
  place.hidden = false;
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      draw(target as HTMLElement).catch((error) => console.error(error));
    }
  },
  { rootMargin: "800px" },
);
for (const figure of document.querySelectorAll("figure.chart")) watcher.observe(figure);
