/** What E11 and E16, and E12 and E17, have in common: the gradients of an affine layer's weights and biases. */
import { Matrix } from "../matrix";
import type { Arithmetic } from "../oracles/arithmetic";
import { gradientExpectations } from "../oracles/expectation";
import { affineRows, lift, type Rows, upstreamTerms } from "../oracles/scalar-network";
import type { Equation } from "./equation";
import { biasGradientMistakes, weightGradientMistakes } from "./mistakes";
import { oneSample, ordinaryOfAllSizes, twoClasses, wideMagnitudes } from "./situations";

/** The situations on which the linear equations are tried. */
export const linearSituations = [...ordinaryOfAllSizes, oneSample, twoClasses, wideMagnitudes];

type Entry = Pick<Equation, "id" | "title" | "latex" | "functionName" | "notebook" | "reference">;

/** ∂loss/∂W = inputᵀ · upstream: the oracles differentiate ⟨upstream, input·W⟩ with respect to W. */
export function weightGradient(
  entry: Entry,
  names: { input: string; upstream: string; result: string; inputs: string; units: string },
): Equation {
  const { input, upstream, result, inputs, units } = names;
  return {
    ...entry,
    parameters: [
      { name: input, rows: "N", cols: inputs },
      { name: upstream, rows: "N", cols: units },
    ],
    result: { name: result, rows: inputs, cols: units },
    situations: linearSituations,
    expectations: (symbols) => {
      const [A, G] = [symbols[input], symbols[upstream]];
      const [a, g] = [A.toRows(), G.toRows()];
      const output = <T>(ar: Arithmetic<T>) => {
        const [samples, gradients, noBias] = [lift(ar, a), lift(ar, g), g[0].map(() => ar.of(0))];
        return (W: Rows<T>) => upstreamTerms(ar, gradients, affineRows(ar, samples, W, noBias));
      };
      return gradientExpectations(output, Matrix.zeros(A.cols, G.cols), A.rows);
    },
    misconceptions: weightGradientMistakes(input, upstream),
  };
}

/** ∂loss/∂b = Σ_samples upstream: the oracles differentiate ⟨upstream, b on every row⟩ with respect to b. */
export function biasGradient(entry: Entry, names: { upstream: string; result: string; units: string }): Equation {
  const { upstream, result, units } = names;
  return {
    ...entry,
    parameters: [{ name: upstream, rows: "N", cols: units }],
    result: { name: result, rows: "1", cols: units },
    situations: linearSituations,
    expectations: (symbols) => {
      const g = symbols[upstream].toRows();
      const output = <T>(ar: Arithmetic<T>) => {
        const gradients = lift(ar, g);
        return (b: Rows<T>) => {
          const everyRow = g.map(() => b[0]);
          return upstreamTerms(ar, gradients, everyRow);
        };
      };
      return gradientExpectations(output, Matrix.zeros(1, g[0].length), g.length);
    },
    misconceptions: biasGradientMistakes(upstream),
  };
}
