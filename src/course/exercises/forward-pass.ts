/** The assignment on the forward pass: three variations of what notebook 01 derives. */
import {
  exactZeros,
  hugeLogits,
  lostTrueClass,
  oneSample,
  ordinaryOfAllSizes,
  saturated,
  square,
  twoClasses,
  wideMagnitudes,
} from "../../equations/situations";
import { Matrix } from "../../matrix";
import type { Arithmetic } from "../../oracles/arithmetic";
import { valueExpectation } from "../../oracles/expectation";
import { lift, softmaxRow, sum } from "../../oracles/scalar-network";
import { exercise } from "./exercise";
import { leakyReluMistakes, smoothingMistakes, temperatureMistakes } from "./forward-pass-mistakes";
import { dividedBy, leakyRows, targetTerms } from "./numerics";
import { cold, hot, leaky, smoothed, tempered } from "./situations";

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
    situations: [...ordinaryOfAllSizes, oneSample, wideMagnitudes, exactZeros].map(leaky),
    square: leaky(square),
    expectations: ({ Z1, slope }) => [
      valueExpectation(
        <T>(ar: Arithmetic<T>) => leakyRows(ar, lift(ar, Z1.toRows()), ar.of(slope.data[0])),
        (values) => values.map(Math.abs),
        1,
      ),
    ],
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
      ...[...ordinaryOfAllSizes, oneSample, twoClasses, saturated].map(tempered),
      cold(hugeLogits),
      hot(hugeLogits),
    ],
    square: tempered(square),
    expectations: ({ Z2, T }) => {
      const t = T.data[0];
      // A rounding error in an exponent is as large as z/T is, and the exponential hands it on as a relative one.
      const size = Z2.toRows().map((z) => 1 + z.reduce((max, x) => Math.max(max, Math.abs(x)), 0) * (1 + 3 / t));
      return [
        valueExpectation(
          <T>(ar: Arithmetic<T>) => lift(ar, Z2.toRows()).map((z) => softmaxRow(ar, dividedBy(ar, z, ar.of(t)))),
          (probabilities) => probabilities.map((a, i) => a * size[i]),
          Z2.cols,
        ),
      ];
    },
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
    situations: [...ordinaryOfAllSizes, oneSample, twoClasses, saturated, hugeLogits, lostTrueClass].map(smoothed),
    square: smoothed(square),
    expectations: ({ Z2, Y, epsilon }) => {
      const e = epsilon.data[0];
      const targets = Y.map((y) => (1 - e) * y + e / Y.cols);
      // Each row's logits and logarithm come in with their own rounding errors.
      const largest = Z2.toRows().map((z) => 1 + Math.log(z.length) + 3 * Math.max(...z.map(Math.abs)));
      const terms = largest.reduce((total, x) => total + x, 0) / Z2.rows;
      return [
        valueExpectation(
          <T>(ar: Arithmetic<T>) => [[sum(ar, targetTerms(ar, lift(ar, Z2.toRows()), targets.toRows()))]],
          () => new Matrix(1, 1, Float64Array.of(terms)),
          Z2.rows + Z2.cols,
        ),
      ];
    },
    misconceptions: smoothingMistakes,
  },
);
