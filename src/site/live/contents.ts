/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** The contents page, with what the learner has done so far. */
import { notebookKept, progressKept } from "./kept";

/** Says beside each chapter how many of its cells were run, and above all what was done by oneself. */
export function showProgress(): void {
  const chapters = document.querySelectorAll<HTMLElement>("[data-cells]");
  for (const chapter of chapters) {
    const { done, edits } = notebookKept(chapter.dataset.chapter ?? "");
    const [ran, changed] = [Object.keys(done).length, Object.keys(edits).length];
    if (ran === 0 && changed === 0) continue;
    const words = [`${ran} of ${chapter.dataset.cells} cells run`, ...(changed > 0 ? [`${changed} changed`] : [])];
    const note = document.createElement("p");
    note.className = "progress";
    note.textContent = words.join(", ");
    chapter.querySelector("h2")?.after(note);
  }
  const { pencil, written, bugs } = progressKept();
  const parts = [
    ...(pencil.length > 0 ? [`worked out with a pencil: ${pencil.join(", ")}`] : []),
    ...(written.length > 0 ? [`written and verified: ${written.join(", ")}`] : []),
    ...(bugs.length > 0 ? [`bugs hunted down: ${bugs.length}`] : []),
  ];
  if (parts.length === 0) return;
  const summary = document.createElement("p");
  summary.className = "progress";
  summary.textContent = `Yours so far, kept in this browser: ${parts.join("; ")}.`;
  document.querySelector("ol.contents")?.before(summary);
}
