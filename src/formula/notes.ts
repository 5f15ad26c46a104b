/** The equations of the notes, each stated once, entry by entry, and the other ways to write some of them. */
import { shapes } from "../shapes";
import { formula } from "./parse";
import type { Formula } from "./tree";

/** A formula in the symbols of the notes. */
export function inNotes(...lines: string[]): Formula {
  return formula(lines, shapes);
}

const m = "m[i] = max_k Z2[i,k]";
const e = "e[i,j] = exp(Z2[i,j] − m[i])";
const dA1 = "dA1[i,h] = Σ_c dZ2[i,c] · W2[h,c]";

/** Every equation in its right spellings, the notes' own first. */
export const notes = {
  E1: [inNotes("Z1[i,h] = Σ_d X[i,d] · W1[d,h] + b1[h]")],
  E2: [inNotes("A1[i,h] = ReLU(Z1[i,h])")],
  E3: [inNotes("Z2[i,c] = Σ_h A1[i,h] · W2[h,c] + b2[c]")],
  E4: [inNotes(m, e, "A2[i,j] = e[i,j] / Σ_k e[i,k]")],
  E5: [inNotes("L[i] = Σ_j −Y[i,j] · ln(A2[i,j])")],
  E6: [inNotes("loss = Σ_i Σ_j −Y[i,j] · ln(A2[i,j]) / N")],
  E7: [inNotes("dA2[i,j] = −Y[i,j] / A2[i,j] / N")],
  E8: [inNotes("J[j,k] = a[j] · ([j = k] − a[k])"), inNotes("J[j,k] = [j = k] · a[j] − a[j] · a[k]")],
  E9: [
    inNotes("dZ2[i,k] = Σ_j −Y[i,j] / A2[i,j] / N · A2[i,j] · ([j = k] − A2[i,k])"),
    inNotes("dZ2[i,k] = A2[i,k] / N − Y[i,k] / N"),
  ],
  E10: [inNotes("dZ2[i,k] = (A2[i,k] − Y[i,k]) / N"), inNotes("dZ2[i,k] = A2[i,k] / N − Y[i,k] / N")],
  E11: [inNotes("dW2[h,c] = Σ_i A1[i,h] · dZ2[i,c]")],
  E12: [inNotes("db2[c] = Σ_i dZ2[i,c]")],
  E13: [inNotes(dA1)],
  E14: [inNotes("reluPrime[i,h] = ReLU′(Z1[i,h])")],
  E15: [inNotes(dA1, "dZ1[i,h] = dA1[i,h] · ReLU′(Z1[i,h])")],
  E16: [inNotes("dW1[d,h] = Σ_i X[i,d] · dZ1[i,h]")],
  E17: [inNotes("db1[h] = Σ_i dZ1[i,h]")],
} as const satisfies Record<string, readonly Formula[]>;

/** What is right on paper only: E4 with nothing subtracted, which overflows. */
export const onPaper: Partial<Record<keyof typeof notes, readonly Formula[]>> = {
  E4: [inNotes("A2[i,j] = exp(Z2[i,j]) / Σ_k exp(Z2[i,k])")],
};

/** E6 from the logits, by log-sum-exp: finite for all finite logits. */
export const lossFromLogits = inNotes(
  m,
  e,
  "s[i] = Σ_j e[i,j]",
  "loss = Σ_i Σ_j Y[i,j] · (ln(s[i]) − (Z2[i,j] − m[i])) / N",
);

/** One formula after the other, as one: what a step finds, the later ones read. */
export function chain(...formulas: readonly Formula[]): Formula {
  return {
    steps: formulas.flatMap(({ steps }) => steps),
    shapes: Object.assign({}, ...formulas.map((part) => part.shapes)),
  };
}
