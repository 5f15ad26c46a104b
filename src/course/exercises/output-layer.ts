/** The assignment on the output layer: gradients of losses that the notes do not have. */
import { gradientOf } from "../../equations/equation";
import { linearSituations } from "../../equations/layer-gradients";
import { large, oneSample, ordinaryOfAllSizes, saturated, square, twoClasses } from "../../equations/situations";
import { jacobianExpectations, roundingErrors } from "../../oracles/expectation";
import { exercise } from "./exercise";
import {
  gradB2WithPenalty,
  gradW2WithPenalty,
  gradZ2Weighted,
  gradZ2WithTemperature,
  lossWithTemperature,
  penalisedBiases,
  penalisedWeights,
  softmax,
  softmaxWithTemperature,
  temperatureJacobian,
  weightedLoss,
} from "./formulas";
import {
  penalisedBiasMistakes,
  penalisedWeightMistakes,
  temperatureGradientMistakes,
  temperatureJacobianMistakes,
  weightedGradientMistakes,
} from "./output-layer-mistakes";
import { penalised, smoothed, tempered } from "./situations";

const assignment = "output-layer";
const A2 = { name: "A2", rows: "N", cols: "C" } as const;
const Y = { name: "Y", rows: "N", cols: "C" } as const;
const T = { name: "T", rows: "1", cols: "1", number: true } as const;
const dZ2 = { name: "dZ2", rows: "N", cols: "C" } as const;
const lambda = { name: "lambda", rows: "1", cols: "1", number: true } as const;
const situations = [...ordinaryOfAllSizes, oneSample, twoClasses, saturated, ...large];

/** temperatureJacobian(a, T). */
export const O1 = exercise(
  {
    id: "O1",
    assignment,
    title: "The Jacobian under a temperature",
    latex: "\\frac{\\partial A_{2j}}{\\partial Z_{2k}} \\quad\\text{where}\\quad A_2 = \\mathrm{softmax}(Z_2 / T)",
    functionName: "temperatureJacobian",
    points: 5,
  },
  {
    parameters: [{ name: "a", rows: "1", cols: "C" }, T],
    result: { name: "J", rows: "C", cols: "C" },
    situations: [...ordinaryOfAllSizes, twoClasses, saturated, ...large].map(tempered),
    square: tempered(square),
    formulas: temperatureJacobian,
    expectations: (symbols) =>
      jacobianExpectations(softmaxWithTemperature[0], "Z2", symbols, roundingErrors(temperatureJacobian, symbols)),
    misconceptions: temperatureJacobianMistakes,
  },
);

/** gradZ2WithTemperature(A2, Y, T). */
export const O2 = exercise(
  {
    id: "O2",
    assignment,
    title: "The logits' gradient under a temperature",
    latex:
      "\\frac{\\partial\\,\\text{loss}}{\\partial Z_2} \\quad\\text{where}\\quad \\text{loss} = -\\frac1N \\sum_{ij} y_{ij} \\ln \\mathrm{softmax}(Z_2/T)_{ij}",
    functionName: "gradZ2WithTemperature",
    points: 5,
  },
  {
    parameters: [A2, Y, T],
    result: dZ2,
    situations: situations.map(tempered),
    square: tempered(square),
    ...gradientOf({ objective: lossWithTemperature, variable: "Z2" }, gradZ2WithTemperature, [
      softmaxWithTemperature[0],
    ]),
    misconceptions: temperatureGradientMistakes,
  },
);

/** gradZ2Weighted(A2, Y, epsilon, w). */
export const O3 = exercise(
  {
    id: "O3",
    assignment,
    title: "Smoothed labels and weighted classes",
    latex:
      "\\frac{\\partial\\,\\text{loss}}{\\partial Z_2} \\quad\\text{where}\\quad \\text{loss} = -\\frac1N \\sum_{ij} w_j \\left( (1-\\varepsilon)\\, y_{ij} + \\frac{\\varepsilon}{C} \\right) \\ln \\mathrm{softmax}(Z_2)_{ij}",
    functionName: "gradZ2Weighted",
    points: 8,
  },
  {
    parameters: [A2, Y, { name: "epsilon", rows: "1", cols: "1", number: true }, { name: "w", rows: "1", cols: "C" }],
    result: dZ2,
    situations: situations.map(smoothed),
    square: smoothed(square),
    ...gradientOf({ objective: weightedLoss, variable: "Z2" }, gradZ2Weighted, [softmax]),
    misconceptions: weightedGradientMistakes,
  },
);

/** gradW2WithPenalty(A1, dZ2, W2, lambda). */
export const O4 = exercise(
  {
    id: "O4",
    assignment,
    title: "The weights under an L2 penalty",
    latex: "\\frac{\\partial}{\\partial W_2} \\left( \\text{loss} + \\frac{\\lambda}{2} \\sum_{hk} W_{2,hk}^2 \\right)",
    functionName: "gradW2WithPenalty",
    points: 4,
  },
  {
    parameters: [{ name: "A1", rows: "N", cols: "H" }, dZ2, { name: "W2", rows: "H", cols: "C" }, lambda],
    result: { name: "dW2", rows: "H", cols: "C" },
    situations: [...linearSituations, ...large].map(penalised),
    square: penalised(square),
    ...gradientOf({ objective: penalisedWeights, variable: "W2" }, gradW2WithPenalty),
    misconceptions: penalisedWeightMistakes,
  },
);

/** gradB2WithPenalty(dZ2, b2, lambda). */
export const O5 = exercise(
  {
    id: "O5",
    assignment,
    title: "The biases under an L2 penalty",
    latex: "\\frac{\\partial}{\\partial b_2} \\left( \\text{loss} + \\frac{\\lambda}{2} \\sum_{k} b_{2,k}^2 \\right)",
    functionName: "gradB2WithPenalty",
    points: 3,
  },
  {
    parameters: [dZ2, { name: "b2", rows: "1", cols: "C" }, lambda],
    result: { name: "db2", rows: "1", cols: "C" },
    situations: [...linearSituations, ...large].map(penalised),
    square: penalised(square),
    ...gradientOf({ objective: penalisedBiases, variable: "b2" }, gradB2WithPenalty),
    misconceptions: penalisedBiasMistakes,
  },
);
