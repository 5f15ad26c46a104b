/** Everything there is to do in the tutorial, in its order. */
import { equations } from "../equations";
import type { Done, Kind } from "./record";
import { readRecord, recordPath } from "./record";

/** Something to do. */
export interface Step {
  readonly kind: Kind;
  /** An equation's id, "backward", "sgdStep", "trainingStep" or "hunt". */
  readonly id: string;
  /** What to do, in a few words. */
  readonly words: string;
  /** The notebook, without its ending, and the cell to go to. */
  readonly notebook: string;
  readonly cell: string;
}

/** Two steps per equation, and the finales. */
export const steps: readonly Step[] = [
  ...equations.flatMap(({ id, notebook }): Step[] => [
    { kind: "pencil", id, words: `${id} with a pencil`, notebook, cell: id },
    { kind: "written", id, words: `write ${id}`, notebook, cell: id },
  ]),
  { kind: "written", id: "backward", words: "write a whole backward", notebook: "04-hidden-layer", cell: "04-finale" },
  { kind: "bugs", id: "any", words: "hunt a bug", notebook: "05-gradient-checking", cell: "05-48" },
  {
    kind: "written",
    id: "sgdStep",
    words: "write the step of gradient descent",
    notebook: "06-training",
    cell: "06-45",
  },
  {
    kind: "written",
    id: "trainingStep",
    words: "write a step that trains",
    notebook: "06-training",
    cell: "06-finale",
  },
];

/** What was done so far, as the learner's file says; nothing if there is none, or it can't be read. */
export function doneSoFar(): Done {
  const record = readRecord(recordPath());
  return "unreadable" in record ? { pencil: {}, written: {}, bugs: {} } : record.done;
}

/** Whether a step is done. */
export function isDone(done: Done, { kind, id }: Step): boolean {
  return kind === "bugs" ? Object.keys(done.bugs).length > 0 : done[kind][id] !== undefined;
}

/** The first step that is not done; `undefined` when all are. */
export function nextStep(done: Done): Step | undefined {
  return steps.find((step) => !isDone(done, step));
}
