/** The assignment on training: a gradient check that finds planted bugs, and a step with momentum. */
import { statedValue } from "../../equations/equation";
import type { Situation, Symbols } from "../../equations/situations";
import { Matrix } from "../../matrix";
import { type Expectation, gradientExpectations } from "../../oracles/expectation";
import type { Random } from "../../random";
import { compositeExercise } from "./exercise";
import { missLossFormulas, momentumStep } from "./formulas";
import { scalar } from "./situations";
import { gradientCheckMistakes, velocityMistakes, weightStepMistakes } from "./train-it-mistakes";

const assignment = "train-it";

/** No true entry is smaller than this but those that are exactly 0, so that every sensible step size will do. */
const SMALLEST_ENTRY = 0.02;

/** A bug that is planted in a gradient: what becomes of an entry. */
type Bug = (right: number, random: Random) => number;

const bugs: Readonly<Record<string, Bug>> = {
  "flipped signs": (d) => -d,
  "entries that are a few per cent off": (d) => d * 1.03,
  "entries of 0": () => 0,
  "entries that are twice too large": (d) => 2 * d,
};

/** A loss, and a gradient of it with a bug in about a third of its entries. */
function planted(name: string, bug: Bug | undefined, everywhere = false): Situation {
  return {
    name: bug === undefined ? name : `a gradient with ${name}`,
    draw: (random) => {
      for (;;) {
        const symbols = drawLoss(random);
        const truth = trueGradient(symbols);
        if (truth.data.some((d) => d !== 0 && Math.abs(d) < SMALLEST_ENTRY)) continue;
        const marks = truth.map((d) =>
          bug !== undefined && d !== 0 && (everywhere || random.uniform() < 0.35) ? 1 : 0,
        );
        const handed = truth.map((d, i, j) => (bug && marks.get(i, j) === 1 ? bug(d, random) : d));
        if (bug !== undefined && (marks.sum() < 2 || (!everywhere && marks.sum() === marks.data.length))) continue;
        return { ...symbols, gradient: handed, truth, marks };
      }
    },
  };
}

/** Entries that should be exactly 0, because their input is 0 in every sample, and are not. */
const notZero: Situation = {
  name: "a gradient with entries that should be 0 and are not",
  draw: (random) => {
    for (;;) {
      const { X: drawn, ...others } = drawLoss(random);
      const symbols = { ...others, X: drawn.map((x, _, j) => (j === 0 ? 0 : x)) };
      const truth = trueGradient(symbols);
      if (truth.data.some((d) => d !== 0 && Math.abs(d) < SMALLEST_ENTRY)) continue;
      const marks = truth.map((_, i, j) => (i === 0 && j > 0 ? 1 : 0));
      const handed = truth.map((d, i, j) => (marks.get(i, j) === 1 ? 0.05 : d));
      return { ...symbols, gradient: handed, truth, marks };
    }
  },
};

function drawLoss(random: Random): Symbols {
  const [N, D, C] = random.permutation(3).map((k) => k + 3);
  return {
    X: random.normalMatrix(N, D),
    Y: random.normalMatrix(N, C),
    W: random.normalMatrix(D, C, 0.5),
    penalty: scalar(random.integer(0, missLossFormulas.length - 1)),
  };
}

function trueGradient(symbols: Symbols): Matrix {
  const zeroInputs = symbols.X.columnSums().data;
  const found = lossGradient(symbols)[0].expected;
  return found.map((d, i) => (zeroInputs[i] === 0 ? 0 : d));
}

function lossGradient(symbols: Symbols): Expectation[] {
  const { W, penalty } = symbols;
  return gradientExpectations(
    { objective: missLossFormulas[penalty.data[0]], variable: "W" },
    symbols,
    Matrix.zeros(W.rows, W.cols),
  );
}

/** findWrongEntries(loss, W, gradient). */
export const T1 = compositeExercise(
  {
    id: "T1",
    assignment,
    title: "A gradient check of your own",
    latex:
      "\\text{mark}_{ij} = \\begin{cases} 1 & \\text{gradient}_{ij} \\ne \\partial\\,\\text{loss} / \\partial W_{ij} \\\\ 0 & \\text{otherwise} \\end{cases}",
    functionName: "findWrongEntries",
    points: 8,
  },
  {
    situations: [
      planted("a gradient that is right", undefined),
      ...Object.entries(bugs).map(([name, bug]) => planted(name, bug)),
      planted("a sign that is wrong everywhere", (d) => -d, true),
      notZero,
    ],
    square: planted("another gradient that is right", undefined),
    pack: ({ X, Y, W, gradient, penalty }) => [
      { kind: "loss", X, Y, penalty: penalty.data[0] },
      { kind: "matrix", value: W },
      { kind: "matrix", value: gradient },
    ],
    record: false,
    parts: [
      {
        parameters: ["W", "gradient", "truth"].map((name) => ({ name, rows: "D", cols: "C" })),
        result: { name: "marks", rows: "D", cols: "C" },
        formulas: [],
        expectations: ({ marks }) => [{ oracle: "dual numbers", expected: marks, low: marks, high: marks }],
        misconceptions: gradientCheckMistakes,
      },
    ],
  },
);

/** Weights in the middle of a training run. */
const midway = (name: string): Situation => ({
  name,
  draw: (random) => {
    const [rows, cols] = random.permutation(4).map((k) => k + 2);
    return stepSymbols(random, rows, cols);
  },
});

function stepSymbols(random: Random, rows: number, cols: number): Symbols {
  return {
    W: random.normalMatrix(rows, cols),
    V: random.normalMatrix(rows, cols),
    dW: random.normalMatrix(rows, cols),
    learningRate: scalar(0.02 + 0.5 * random.uniform()),
    momentum: scalar(0.3 + 0.65 * random.uniform()),
  };
}

const stepParameters = [
  { name: "W", rows: "H", cols: "C" },
  { name: "V", rows: "H", cols: "C" },
  { name: "dW", rows: "H", cols: "C" },
  { name: "learningRate", rows: "1", cols: "1", number: true },
  { name: "momentum", rows: "1", cols: "1", number: true },
] as const;

/** momentumStep(W, V, dW, learningRate, momentum). */
export const T2 = compositeExercise(
  {
    id: "T2",
    assignment,
    title: "A step with momentum",
    latex: "V \\leftarrow \\mu V + \\frac{\\partial\\,\\text{loss}}{\\partial W} \\qquad W \\leftarrow W - \\eta V",
    functionName: "momentumStep",
    points: 4,
  },
  {
    situations: ["a step in the middle of training", "another step", "a third step"].map(midway),
    square: { name: "square weights", draw: (random) => stepSymbols(random, 3, 3) },
    pack: ({ W, V, dW, learningRate, momentum }) => [
      { kind: "matrix", value: W },
      { kind: "matrix", value: V },
      { kind: "matrix", value: dW },
      { kind: "number", value: learningRate.data[0] },
      { kind: "number", value: momentum.data[0] },
    ],
    record: true,
    parts: (["V", "W"] as const).map((name) => ({
      parameters: stepParameters,
      result: { name, rows: "H", cols: "C" },
      ...statedValue(momentumStep[name]),
      misconceptions: name === "V" ? velocityMistakes : weightStepMistakes,
    })),
  },
);
