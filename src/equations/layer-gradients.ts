/** What E11 and E16, and E12 and E17, have in common: the gradients of an affine layer's weights and biases. */
import { chain, inNotes, notes } from "../formula/notes";
import type { Formula } from "../formula/tree";
import { type Equation, gradientOf } from "./equation";
import { biasGradientMistakes, weightGradientMistakes } from "./mistakes";
import { oneSample, ordinaryOfAllSizes, twoClasses, wideMagnitudes } from "./situations";

/** The situations on which the linear equations are tried. */
export const linearSituations = [...ordinaryOfAllSizes, oneSample, twoClasses, wideMagnitudes];

/** ⟨dZ2, Z2⟩, through E3: under a given upstream gradient, what E11, E12 and E13 differentiate. */
export const throughOutputLayer = chain(notes.E3[0], inNotes("passed = Σ_i Σ_c dZ2[i,c] · Z2[i,c]"));

/** ⟨dZ1, Z1⟩, through E1: what E16 and E17 differentiate. */
export const throughHiddenLayer = chain(notes.E1[0], inNotes("passed = Σ_i Σ_h dZ1[i,h] · Z1[i,h]"));

type Entry = Pick<Equation, "id" | "title" | "latex" | "functionName" | "notebook" | "reference" | "formulas">;

/** ∂loss/∂W = inputᵀ · upstream. */
export function weightGradient(
  entry: Entry,
  names: { input: string; upstream: string; result: string; inputs: string; units: string; objective: Formula },
): Equation {
  const { input, upstream, result, inputs, units, objective } = names;
  return {
    ...entry,
    parameters: [
      { name: input, rows: "N", cols: inputs },
      { name: upstream, rows: "N", cols: units },
    ],
    result: { name: result, rows: inputs, cols: units },
    situations: linearSituations,
    ...gradientOf({ objective, variable: result.slice(1) }, entry.formulas),
    misconceptions: weightGradientMistakes(input, upstream),
  };
}

/** ∂loss/∂b = Σ_samples upstream. */
export function biasGradient(
  entry: Entry,
  names: { upstream: string; result: string; units: string; objective: Formula },
): Equation {
  const { upstream, result, units, objective } = names;
  return {
    ...entry,
    parameters: [{ name: upstream, rows: "N", cols: units }],
    result: { name: result, rows: "1", cols: units },
    situations: linearSituations,
    ...gradientOf({ objective, variable: result.slice(1) }, entry.formulas),
    misconceptions: biasGradientMistakes(upstream),
  };
}
