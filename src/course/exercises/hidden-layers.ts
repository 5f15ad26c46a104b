/** The assignment on hidden layers: two activation functions, and the backward pass through both. */
import { gradientOf as gradientFrom, type Misconception } from "../../equations/equation";
import {
  exactZeros,
  large,
  oneSample,
  ordinaryOfAllSizes,
  type Situation,
  type Symbols,
  square,
  wideMagnitudes,
} from "../../equations/situations";
import type { Argument } from "../plain-data";
import { compositeExercise, type Exercise, exercise, type Part } from "./exercise";
import { gradThroughLeaky, gradThroughTanh, deeperShapes as shapes, throughLeaky, throughTanh } from "./formulas";
import {
  activationMistakes,
  biasMistakes,
  firstLayerMistakes,
  gradThroughLeakyReluMistakes,
  gradThroughTanhMistakes,
  logitMistakes,
  secondLayerMistakes,
  weightMistakes,
} from "./hidden-layers-mistakes";
import { extended, leaky, steep } from "./situations";
import {
  anotherNetwork,
  type Gradient,
  gradientOf,
  gradients,
  largeNetwork,
  network,
  networkWithLargeBiases,
  networkWithOneSample,
  squareNetwork,
} from "./two-hidden-layers";

const assignment = "hidden-layers";
const dA = { name: "dA", rows: "N", cols: "H" } as const;
const Z = { name: "Z", rows: "N", cols: "H" } as const;

/** One layer's pre-activations and the gradient of its activations. */
const oneLayer = (situation: Situation) => extended(situation, (_, { Z1, dZ1 }) => ({ Z: Z1, dA: dZ1 }));

/** gradThroughTanh(dA, Z). */
export const H1 = exercise(
  {
    id: "H1",
    assignment,
    title: "Back through a tanh",
    latex: "\\frac{\\partial\\,\\text{loss}}{\\partial Z} \\quad\\text{where}\\quad A = \\tanh(Z)",
    functionName: "gradThroughTanh",
    points: 3,
  },
  {
    parameters: [dA, Z],
    result: { name: "dZ", rows: "N", cols: "H" },
    situations: [...ordinaryOfAllSizes, oneSample, ...large].map(oneLayer),
    square: oneLayer(square),
    ...gradientFrom({ objective: throughTanh, variable: "Z" }, gradThroughTanh),
    misconceptions: gradThroughTanhMistakes,
  },
);

/** gradThroughLeakyRelu(dA, Z, slope). */
export const H2 = exercise(
  {
    id: "H2",
    assignment,
    title: "Back through a leaky ReLU",
    latex:
      "\\frac{\\partial\\,\\text{loss}}{\\partial Z} \\quad\\text{where}\\quad A = \\begin{cases} Z & Z > 0 \\\\ s\\,Z & Z \\le 0 \\end{cases}",
    functionName: "gradThroughLeakyRelu",
    points: 3,
  },
  {
    parameters: [dA, Z, { name: "slope", rows: "1", cols: "1", number: true }],
    result: { name: "dZ", rows: "N", cols: "H" },
    situations: [...ordinaryOfAllSizes, oneSample, wideMagnitudes, exactZeros]
      .map(oneLayer)
      .map(leaky)
      .concat(large.map(oneLayer).map(steep)),
    square: leaky(oneLayer(square)),
    ...gradientFrom({ objective: throughLeaky, variable: "Z" }, gradThroughLeaky),
    misconceptions: gradThroughLeakyReluMistakes,
  },
);

/** One gradient of `backward`: what it is computed from, and how that goes wrong. */
function part(name: Gradient, from: readonly string[], misconceptions: readonly Misconception[]): Part {
  const shaped = (symbol: string) => ({ name: symbol, rows: shapes[symbol][0], cols: shapes[symbol][1] });
  return {
    parameters: from.map((symbol) => ({ ...shaped(symbol), ...(symbol === "slope" && { number: true as const }) })),
    result: shaped(name),
    formulas: [gradients[name].formula],
    expectations: (symbols) => gradientOf(symbols, name),
    misconceptions,
  };
}

/** backward(X, Y, parameters, cache, slope). */
function packNetwork(symbols: Symbols): Argument[] {
  const record = (...names: string[]): Argument => ({
    kind: "record",
    fields: Object.fromEntries(names.map((name) => [name, symbols[name]])),
  });
  return [
    { kind: "matrix", value: symbols.X },
    { kind: "matrix", value: symbols.Y },
    record("W1", "b1", "W2", "b2", "W3", "b3"),
    record("Z1", "A1", "Z2", "A2", "Z3", "A3"),
    { kind: "number", value: symbols.slope.data[0] },
  ];
}

function backwardExercise(
  entry: Pick<Exercise, "id" | "title" | "points">,
  parts: readonly (readonly [Gradient, readonly string[], readonly Misconception[]])[],
): Exercise {
  const symbols = parts.map(([name]) => gradients[name].of.replace(/(\d)/, "_$1")).join(", ");
  return compositeExercise(
    {
      ...entry,
      assignment,
      functionName: "backward",
      latex: `\\frac{\\partial\\,\\text{loss}}{\\partial\\,(${symbols})}`,
    },
    {
      situations: [network, anotherNetwork, networkWithOneSample, networkWithLargeBiases, largeNetwork],
      square: squareNetwork,
      pack: packNetwork,
      record: true,
      parts: parts.map(([name, from, misconceptions]) => part(name, from, misconceptions)),
    },
  );
}

/** dZ3, dW3 and db3 of `backward`. */
export const H3 = backwardExercise({ id: "H3", title: "The output layer of the deeper network", points: 3 }, [
  ["dZ3", ["A3", "Y"], logitMistakes],
  ["dW3", ["A2", "dZ3", "Z2"], weightMistakes({ input: "A2", wrongInput: "Z2" })],
  ["db3", ["dZ3"], biasMistakes],
]);

/** dA2, dZ2, dW2 and db2 of `backward`. */
export const H4 = backwardExercise({ id: "H4", title: "The second hidden layer", points: 5 }, [
  ["dA2", ["dZ3", "W3"], activationMistakes],
  ["dZ2", ["dA2", "Z2", "slope"], secondLayerMistakes],
  ["dW2", ["A1", "dZ2", "Z1", "dA2"], weightMistakes({ input: "A1", wrongInput: "Z1", wrongUpstream: "dA2" })],
  ["db2", ["dZ2"], biasMistakes],
]);

/** dA1, dZ1, dW1 and db1 of `backward`. */
export const H5 = backwardExercise({ id: "H5", title: "The first hidden layer", points: 6 }, [
  ["dA1", ["dZ2", "W2"], activationMistakes],
  ["dZ1", ["dA1", "Z1", "slope"], firstLayerMistakes],
  ["dW1", ["X", "dZ1", "dA1"], weightMistakes({ input: "X", wrongUpstream: "dA1" })],
  ["db1", ["dZ1"], biasMistakes],
]);
