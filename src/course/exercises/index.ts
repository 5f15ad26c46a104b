/** The exercises' registry: every exercise of every assignment, once. The checks, the grading and the feedback read it. */
import type { Exercise } from "./exercise";
import { F1, F2, F3 } from "./forward-pass";
import { H1, H2, H3, H4, H5 } from "./hidden-layers";
import { O1, O2, O3, O4, O5 } from "./output-layer";
import { T1, T2 } from "./train-it";
import { T3 } from "./train-on-digits";

/** All exercises, in the order of the assignments. An exercise of your own is one more entry. */
export const exercises: readonly Exercise[] = [F1, F2, F3, O1, O2, O3, O4, O5, H1, H2, H3, H4, H5, T1, T2, T3];

/**
 * The exercise of that id.
 * @throws `exerciseOf: there is no exercise "F9"; expected one of F1, F2, …`
 */
export function exerciseOf(id: string): Exercise {
  const found = exercises.find((exercise) => exercise.id === id);
  if (found === undefined) {
    const known = exercises.map((exercise) => exercise.id).join(", ");
    throw new RangeError(`exerciseOf: there is no exercise "${id}"; expected one of ${known}`);
  }
  return found;
}
