/** The registry: every equation of the notes, once. The tutorial, the checks, the feedback and the tests read it. */
import type { Equation } from "./equation";
import { E1, E2, E3, E4, E5, E6 } from "./forward-pass";
import { E13, E14, E15, E16, E17 } from "./hidden-layer";
import { E7, E8, E9, E10, E11, E12 } from "./output-layer";

/** E1 … E17, in the order of the notes. */
export const equations: readonly Equation[] = [
  E1,
  E2,
  E3,
  E4,
  E5,
  E6,
  E7,
  E8,
  E9,
  E10,
  E11,
  E12,
  E13,
  E14,
  E15,
  E16,
  E17,
];
