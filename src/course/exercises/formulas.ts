/** The exercises' equations, each stated once, entry by entry, with the other ways to write some of them. */
import { inNotes } from "../../formula/notes";
import { formula } from "../../formula/parse";
import type { Formula } from "../../formula/tree";
import { shapes as notesShapes } from "../../shapes";

const number = ["1", "1"] as const;

/** The shapes of the notes' symbols, and of what the exercises add. */
const shapes = {
  ...notesShapes,
  slope: number,
  T: number,
  epsilon: number,
  lambda: number,
  learningRate: number,
  momentum: number,
  w: ["1", "C"],
  Z: ["N", "H"],
  dA: ["N", "H"],
} as const;

/** A formula in the symbols of the notes and of the exercises. */
function stated(...lines: string[]): Formula {
  return formula(lines, shapes);
}

const leakyThrice = (result: string, Z: string) => [
  stated(`${result} = leaky(${Z}, slope)`),
  stated(`${result} = (1 + slope) / 2 · ${Z} + (1 − slope) / 2 · abs(${Z})`),
  stated(`${result} = ${Z} − (1 − slope) · min0(${Z})`),
];

/** F1. */
export const leakySpellings = leakyThrice("A1[i,h]", "Z1[i,h]");

/** F2. */
export const softmaxWithTemperature = [
  stated("m[i] = max_k Z2[i,k] / T", "e[i,j] = exp(Z2[i,j] / T − m[i])", "A2[i,j] = e[i,j] / Σ_k e[i,k]"),
];

const logarithms = [
  "m[i] = max_k Z2[i,k]",
  "e[i,j] = exp(Z2[i,j] − m[i])",
  "s[i] = Σ_k e[i,k]",
  "lnA[i,j] = Z2[i,j] − m[i] − ln(s[i])",
];

/** F3. */
export const smoothedLoss = [
  stated(...logarithms, "loss = Σ_i Σ_j −((1 − epsilon) · Y[i,j] + epsilon / C) · lnA[i,j] / N"),
];

/** The loss of O2: E6 under a temperature. */
export const lossWithTemperature = stated(
  "m[i] = max_k Z2[i,k] / T",
  "s[i] = Σ_k exp(Z2[i,k] / T − m[i])",
  "loss = Σ_i Σ_j Y[i,j] · (ln(s[i]) − (Z2[i,j] / T − m[i])) / N",
);

/** O1. */
export const temperatureJacobian = [stated("J[j,k] = a[j] · ([j = k] − a[k]) / T")];

/** O2. */
export const gradZ2WithTemperature = [
  stated("dZ2[i,k] = (A2[i,k] − Y[i,k]) / N / T"),
  stated("dZ2[i,k] = A2[i,k] / N / T − Y[i,k] / N / T"),
];

/** The loss of O3: smoothed labels and weighted classes. */
export const weightedLoss = stated(
  ...logarithms,
  "loss = Σ_i Σ_j −w[j] · ((1 − epsilon) · Y[i,j] + epsilon / C) · lnA[i,j] / N",
);

const targets = "t[i,j] = w[j] · ((1 − epsilon) · Y[i,j] + epsilon / C)";

/** O3. */
export const gradZ2Weighted = [
  stated(targets, "dZ2[i,k] = (A2[i,k] · Σ_j t[i,j] − t[i,k]) / N"),
  stated(targets, "dZ2[i,k] = Σ_j t[i,j] · (A2[i,k] − [j = k]) / N"),
];

/** The softmax that O2 and O3 are handed the probabilities of. */
export const softmax = inNotes("m[i] = max_k Z2[i,k]", "e[i,j] = exp(Z2[i,j] − m[i])", "A2[i,j] = e[i,j] / Σ_k e[i,k]");

/** What O4 differentiates: the loss under a given upstream gradient, and the penalty. */
export const penalisedWeights = stated(
  "Z2[i,c] = Σ_h A1[i,h] · W2[h,c]",
  "loss = Σ_i Σ_c dZ2[i,c] · Z2[i,c] + Σ_h Σ_c lambda / 2 · W2[h,c]²",
);

/** O4. */
export const gradW2WithPenalty = [stated("dW2[h,c] = Σ_i A1[i,h] · dZ2[i,c] + lambda · W2[h,c]")];

/** What O5 differentiates. */
export const penalisedBiases = stated("loss = Σ_i Σ_c dZ2[i,c] · b2[c] + Σ_c lambda / 2 · b2[c]²");

/** O5. */
export const gradB2WithPenalty = [stated("db2[c] = Σ_i dZ2[i,c] + lambda · b2[c]")];

/** What H1 and H2 differentiate. */
export const throughTanh = stated("passed = Σ_i Σ_h dA[i,h] · tanh(Z[i,h])");
export const throughLeaky = stated("passed = Σ_i Σ_h dA[i,h] · leaky(Z[i,h], slope)");

/** H1. */
export const gradThroughTanh = [stated("dZ[i,h] = dA[i,h] · tanh′(Z[i,h])")];

/** H2. */
export const gradThroughLeaky = [
  stated("dZ[i,h] = dA[i,h] · leaky′(Z[i,h], slope)"),
  stated("dZ[i,h] = dA[i,h] · ((1 + slope) / 2 + (1 − slope) / 2 · sign(Z[i,h]))"),
];

/** The losses of T1, under one of which a gradient is checked, in the order of `penalties`. */
export const missLossFormulas = [
  "0.5 · miss[i,j]² + 0.25 · miss[i,j]² · miss[i,j]²",
  "ln(1 + exp(miss[i,j]))",
  "miss[i,j] · tanh(miss[i,j])",
].map((penalty) =>
  formula(["miss[i,j] = Σ_d X[i,d] · W[d,j] − Y[i,j]", `loss = Σ_i Σ_j (${penalty}) / N`], {
    X: ["N", "D"],
    W: ["D", "C"],
    Y: ["N", "C"],
  }),
);

const stepShapes = { W: ["H", "C"], V: ["H", "C"], dW: ["H", "C"], learningRate: number, momentum: number } as const;

/** T2: the new velocity, and the new weights. */
export const momentumStep = {
  V: [formula(["V[h,c] = momentum · V[h,c] + dW[h,c]"], stepShapes)],
  W: [formula(["v[h,c] = momentum · V[h,c] + dW[h,c]", "W[h,c] = W[h,c] − learningRate · v[h,c]"], stepShapes)],
};

const deeper = {
  X: ["N", "D"],
  Y: ["N", "C"],
  W1: ["D", "H"],
  b1: ["1", "H"],
  W2: ["H", "G"],
  b2: ["1", "G"],
  W3: ["G", "C"],
  b3: ["1", "C"],
  Z1: ["N", "H"],
  A1: ["N", "H"],
  Z2: ["N", "G"],
  A2: ["N", "G"],
  Z3: ["N", "C"],
  A3: ["N", "C"],
  slope: number,
  dZ3: ["N", "C"],
  dW3: ["G", "C"],
  db3: ["1", "C"],
  dA2: ["N", "G"],
  dZ2: ["N", "G"],
  dW2: ["H", "G"],
  db2: ["1", "G"],
  dA1: ["N", "H"],
  dZ1: ["N", "H"],
  dW1: ["D", "H"],
  db1: ["1", "H"],
} as const;

/** The shapes of the network with two hidden layers. */
export const deeperShapes: Readonly<Record<string, readonly [string, string]>> = deeper;

/** A formula in the symbols of the network with two hidden layers. */
export function inDeeper(...lines: string[]): Formula {
  return formula(lines, deeper);
}
