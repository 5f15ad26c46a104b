/** What the learner has done, as a few lines with links; at the head of each notebook. */
import { equations } from "../equations";
import { readRecord, recordPath } from "../progress/record";
import { doneSoFar, isDone, nextStep, steps } from "../progress/steps";
import type { Forms } from "./present";

/** A few lines that a notebook shows as Markdown. */
export class Progress {
  constructor(
    /** The lines in Markdown. */
    readonly markdown: string,
  ) {}

  /** The Markdown. */
  toString(): string {
    return this.markdown;
  }
}

/** What a notebook shows of it. */
export function progressForms({ markdown }: Progress): Forms {
  return { "text/markdown": markdown, "text/plain": markdown };
}

/** The ids of the equations that the learner has written and had verified, for the map. */
export function written(): string[] {
  return Object.keys(doneSoFar().written);
}

/**
 * Every equation with ✓ if the learner has written it, and ✎ if the pencil was used; the finales; and the next thing to do.
 *
 * It comes from the learner's own file, my-notebooks/progress.json.
 */
export function progress(): Progress {
  const record = readRecord(recordPath());
  if ("unreadable" in record) return new Progress(`**Your progress:** ${record.unreadable}.\n`);
  const { done } = record;
  const mark = (id: string) => (done.written[id] ? "✓" : done.pencil[id] ? "✎" : "·");
  const line = (from: number, to: number) =>
    equations
      .slice(from, to)
      .map(({ id, notebook }) => `[${id}](${notebook}.ipynb#cell-id=${id}) ${mark(id)}`)
      .join(" → ");
  const finales = steps.slice(2 * equations.length).map((step) => `${step.words} ${isDone(done, step) ? "✓" : "·"}`);
  const next = nextStep(done);
  return new Progress(
    [
      `**Your progress** (✓ written and verified, ✎ worked out with a pencil)`,
      `- forward: ${line(0, 6)}`,
      `- back: ${line(6, 17)}`,
      `- and then: ${finales.join(", ")}`,
      "",
      next === undefined
        ? "**All done.** There is nothing left to do here but to use it."
        : `**Next:** [${next.words}](${next.notebook}.ipynb#cell-id=${next.cell})`,
      "",
    ].join("\n"),
  );
}
