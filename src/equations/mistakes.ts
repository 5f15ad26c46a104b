/** Mistakes that several equations share: factors, signs, and the ways to get a sum or a product wrong. */
import type { Matrix } from "../matrix";
import type { Misconception } from "./equation";

/** The sign is the wrong way round. */
export const signFlipped: Misconception = {
  id: "sign-flipped",
  name: "the sign is the wrong way round",
  hint: "Every entry has the opposite sign. Ask of one entry: if this variable grows a little, does the loss grow or shrink?",
  wrong: (right) => right.scale(-1),
  onTopOfOthers: true,
};

/** The mean's 1/N, left out, applied twice, or taken over something else. `where` says where 1/N belongs. */
export function meanFactors(where: string): Misconception[] {
  return [
    {
      id: "missing-1/N",
      name: "the mean's 1/N is missing",
      hint: `Each sample's own gradient is right, but the loss is their mean. ${where}`,
      wrong: (right, A2) => right.scale(A2.rows),
      onTopOfOthers: true,
    },
    {
      id: "1/N-twice",
      name: "the mean's 1/N is applied twice",
      hint: `The loss divides by N once. ${where} Where else did you divide?`,
      wrong: (right, A2) => right.scale(1 / A2.rows),
      onTopOfOthers: true,
    },
    {
      id: "1/C-instead-of-1/N",
      name: "divided by the number of classes, C, instead of the number of samples, N",
      hint: "The loss is a mean over something, but not over the classes. Over what does its outer sum run?",
      wrong: (right, A2) => right.scale(A2.rows / A2.cols),
      onTopOfOthers: true,
    },
    {
      id: "1/(N·C)-instead-of-1/N",
      name: "divided by N·C, the number of entries, instead of N",
      hint: "A mean over all entries divides by N·C. The loss adds up the classes, and is a mean over the samples only.",
      wrong: (right, A2) => right.scale(1 / A2.cols),
      onTopOfOthers: true,
    },
  ];
}

/** ∂loss/∂W = inputᵀ · upstream, got wrong. `input` and `upstream` are the names of the two factors. */
export function weightGradientMistakes(input: string, upstream: string): Misconception[] {
  return [
    {
      id: "1/N-again",
      name: "divided by N once more",
      hint: `${upstream} already carries the mean's 1/N. Each sample's outer product is added up, not averaged.`,
      wrong: (right, A) => right.scale(1 / A.rows),
      onTopOfOthers: true,
    },
    {
      id: "1/N-undone",
      name: "multiplied by N",
      hint: `The 1/N of the mean came in with ${upstream} and stays in. Did you take it out again?`,
      wrong: (right, A) => right.scale(A.rows),
      onTopOfOthers: true,
    },
    signFlipped,
    {
      id: "result-transposed",
      name: "the result is transposed",
      hint: "The numbers are right and lie the wrong way. A gradient has the shape of what it is the gradient of.",
      wrong: (right) => right.T.toMatrix(),
      onTopOfOthers: true,
      twins: ["factors-swapped"],
    },
    {
      id: "factors-swapped",
      name: "the factors are swapped",
      hint: `Which of ${input} and ${upstream} stands on the left, and which one is transposed? Write the shapes below them.`,
      wrong: (_, A, dZ) => dZ.T.times(A),
      twins: ["result-transposed"],
    },
    {
      id: "transpose-missing",
      name: "no factor is transposed",
      hint: `${input} and ${upstream} both have one row per sample. The sum runs over the samples, so these rows must meet.`,
      wrong: (_, A, dZ) => A.times(dZ),
      square: true,
    },
    {
      id: "other-factor-transposed",
      name: "the transpose is on the other factor",
      hint: `As it stands, the sum runs over columns of ${input} and ${upstream}. It has to run over the samples: where are they?`,
      wrong: (_, A, dZ) => A.times(dZ.T),
      square: true,
    },
    {
      id: "element-wise",
      name: "an element-wise product where a matrix product belongs",
      hint: "Every weight meets every sample. That is a sum of products, not one product per entry.",
      wrong: (_, A, dZ) => A.hadamard(dZ),
      square: true,
    },
    {
      id: "transposed-element-wise",
      name: "an element-wise product with the transpose where a matrix product belongs",
      hint: "Every weight meets every sample. That is a sum of products, not one product per entry.",
      wrong: (_, A, dZ) => A.T.toMatrix().hadamard(dZ),
      square: true,
    },
    {
      id: "last-sample-only",
      name: "only the last sample counts",
      hint: "This is the outer product of one sample, the last. Does your loop add to the result, or write over it?",
      wrong: (_, A, dZ) => A.row(A.rows - 1).T.times(dZ.row(dZ.rows - 1)),
    },
    {
      id: "first-sample-only",
      name: "only the first sample counts",
      hint: "This is the outer product of one sample, the first. What about the others?",
      wrong: (_, A, dZ) => A.row(0).T.times(dZ.row(0)),
    },
    {
      id: "first-sample-missing",
      name: "the first sample is left out",
      hint: "All samples but one are there. With which index does your loop start?",
      wrong: (right, A, dZ) => right.minus(A.row(0).T.times(dZ.row(0))),
    },
    {
      id: "product-of-sums",
      name: "the samples are summed before they are multiplied",
      hint: "A sum of products is not the product of the sums. Each sample's input belongs to its own upstream gradient.",
      wrong: (_, A, dZ) => A.columnSums().T.times(dZ.columnSums()),
    },
  ];
}

/** ∂loss/∂b = Σ_samples upstream, got wrong. */
export function biasGradientMistakes(upstream: string): Misconception[] {
  return [
    {
      id: "mean-instead-of-sum",
      name: "the mean over the samples",
      hint: `${upstream} already carries the mean's 1/N; the bias collects what all samples say.`,
      wrong: (_, dZ) => dZ.columnSums().scale(1 / dZ.rows),
    },
    {
      id: "maximum-instead-of-sum",
      name: "the maximum over the samples",
      hint: "One bias is added to every sample. Adding up the paths, as the chain rule says, leaves none of them out.",
      wrong: (_, dZ) => columnMaxima(dZ),
    },
    {
      id: "sum-over-the-wrong-axis",
      name: "the sum runs over the columns",
      hint: "There is one bias per column. Which index must be gone after the sum?",
      wrong: (_, dZ) => dZ.rowSums(),
    },
    {
      id: "wrong-axis-as-a-row",
      name: "the sum runs over the columns",
      hint: "There is one bias per column. Which index must be gone after the sum?",
      wrong: (_, dZ) => dZ.rowSums().T.toMatrix(),
    },
    {
      id: "mean-over-the-wrong-axis",
      name: "a mean over the columns",
      hint: "There is one bias per column. Which index must be gone, and is anything left to divide by?",
      wrong: (_, dZ) => dZ.rowSums().scale(1 / dZ.cols),
    },
    {
      id: "result-transposed",
      name: "the result is a column",
      hint: "A gradient has the shape of what it is the gradient of: the bias is 1 row.",
      wrong: (right) => right.T.toMatrix(),
      onTopOfOthers: true,
    },
    {
      id: "no-sum",
      name: "the samples are not summed",
      hint: "∂loss/∂b = ∂loss/∂Z holds for one sample. The same bias is added to every sample; what does that do to its gradient?",
      wrong: (_, dZ) => dZ.copy(),
    },
    {
      id: "first-sample-only",
      name: "only the first sample counts",
      hint: "One bias is added to every sample. What do the other samples say?",
      wrong: (_, dZ) => dZ.row(0),
    },
    {
      id: "last-sample-only",
      name: "only the last sample counts",
      hint: "One bias is added to every sample. Does your loop add to the result, or write over it?",
      wrong: (_, dZ) => dZ.row(dZ.rows - 1),
    },
    {
      id: "first-sample-missing",
      name: "the first sample is left out",
      hint: "All samples but one are there. With which index does your loop start?",
      wrong: (right, dZ) => right.minus(dZ.row(0)),
    },
    {
      id: "grand-total",
      name: "everything is added up",
      hint: "Each bias has a column of its own. Which of the two sums is too many?",
      wrong: (right, dZ) => right.map(() => dZ.sum()),
    },
    {
      id: "multiplied-by-N",
      name: "multiplied by N",
      hint: `The 1/N of the mean came in with ${upstream} and stays in. Did you take it out again?`,
      wrong: (right, dZ) => right.scale(dZ.rows),
      onTopOfOthers: true,
    },
    signFlipped,
  ];
}

/** The largest entry of each column, 1×cols. */
function columnMaxima(M: Matrix): Matrix {
  return M.row(0).map((_, __, j) => M.toRows().reduce((max, row) => Math.max(max, row[j]), -Infinity));
}
