/** The inputs of leakyRelu in the notebook's own check, which everybody may see, and what is right for them. */
import { exerciseOf } from "../../../src/course/exercises";
import type { Matrix } from "../../../src/matrix";
import type { WeakInput, WeakOrder } from "./harness";

/** As `verify("F1", …)` draws them. */
export function publicInputs(): WeakInput[] {
  return inputsOf(1);
}

/** Those of another seed. */
export function inputsOf(seed: number): WeakInput[] {
  return exerciseOf("F1")
    .questions(seed)
    .map(([first, second]) => {
      const { Z, slope } = {
        Z: first.kind === "matrix" && first.value,
        slope: second.kind === "number" && second.value,
      };
      if (Z === false || slope === false) throw new Error("inputsOf: leakyRelu takes a Matrix and a number");
      return { Z, slope, expected: right(Z, slope) };
    });
}

/** Inputs as they are sent. */
export function sent(inputs: readonly WeakInput[]): WeakOrder["inputs"] {
  return inputs.map(({ Z, slope, expected }) => ({ rows: Z.toRows(), slope, expected: [...expected] }));
}

function right(Z: Matrix, slope: number): number[] {
  return [...Z.data].map((z) => (z > 0 ? z : slope * z));
}
