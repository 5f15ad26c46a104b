/** The assignment on the forward pass: three variations of what notebook 01 derives. */

import { statedValue } from "../../equations/equation";
import {
  exactZeros,
  hugeLogits,
  large,
  lostTrueClass,
  oneSample,
  ordinaryOfAllSizes,
  saturated,
  square,
  twoClasses,
  wideMagnitudes,
} from "../../equations/situations";
import { exercise } from "./exercise";
import { leakySpellings, smoothedLoss, softmaxWithTemperature } from "./formulas";
import { leakyReluMistakes, smoothingMistakes, temperatureMistakes } from "./forward-pass-mistakes";
import { cold, hot, leaky, smoothed, steep, tempered } from "./situations";

const assignment = "forward-pass";
const Z2 = { name: "Z2", rows: "N", cols: "C" } as const;

/** leakyRelu(Z1, slope). */
export const F1 = exercise(
  {
    id: "F1",
    assignment,
    title: "A ReLU that leaks",
    latex: "A_1 = \\begin{cases} Z_1 & Z_1 > 0 \\\\ s\\,Z_1 & Z_1 \\le 0 \\end{cases}",
    functionName: "leakyRelu",
    points: 4,
  },
  {
    parameters: [
      { name: "Z1", rows: "N", cols: "H" },
      { name: "slope", rows: "1", cols: "1", number: true },
    ],
    result: { name: "A1", rows: "N", cols: "H" },
    situations: [...ordinaryOfAllSizes, oneSample, wideMagnitudes, exactZeros].map(leaky).concat(large.map(steep)),
    square: leaky(square),
    ...statedValue(leakySpellings),
    misconceptions: leakyReluMistakes,
  },
);

/** softmaxWithTemperature(Z2, T). */
export const F2 = exercise(
  {
    id: "F2",
    assignment,
    title: "A softmax with a temperature",
    latex: "A_{2j} = \\frac{e^{Z_{2j}/T}}{\\sum_k e^{Z_{2k}/T}}",
    functionName: "softmaxWithTemperature",
    points: 7,
  },
  {
    parameters: [Z2, { name: "T", rows: "1", cols: "1", number: true }],
    result: { name: "A2", rows: "N", cols: "C" },
    situations: [
      ...[...ordinaryOfAllSizes, oneSample, twoClasses, saturated, ...large].map(tempered),
      cold(hugeLogits),
      hot(hugeLogits),
    ],
    square: tempered(square),
    ...statedValue(softmaxWithTemperature),
    misconceptions: temperatureMistakes,
  },
);

/** smoothedCrossEntropy(Z2, Y, epsilon). */
export const F3 = exercise(
  {
    id: "F3",
    assignment,
    title: "Cross-entropy with smoothed labels",
    latex:
      "\\text{loss} = -\\frac1N \\sum_i \\sum_j \\left( (1-\\varepsilon)\\, y_{ij} + \\frac{\\varepsilon}{C} \\right) \\ln \\mathrm{softmax}(Z_2)_{ij}",
    functionName: "smoothedCrossEntropy",
    points: 9,
  },
  {
    parameters: [Z2, { name: "Y", rows: "N", cols: "C" }, { name: "epsilon", rows: "1", cols: "1", number: true }],
    result: { name: "loss", rows: "1", cols: "1", number: true },
    situations: [...ordinaryOfAllSizes, oneSample, twoClasses, saturated, hugeLogits, lostTrueClass, ...large].map(
      smoothed,
    ),
    square: smoothed(square),
    ...statedValue(smoothedLoss),
    misconceptions: smoothingMistakes,
  },
);
