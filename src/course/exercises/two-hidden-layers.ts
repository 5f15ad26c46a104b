/** The network of the assignment on hidden layers, with two of them, as the oracles see it. */
import type { Situation, Symbols } from "../../equations/situations";
import { Matrix } from "../../matrix";
import { type Arithmetic, float64 } from "../../oracles/arithmetic";
import { type Expectation, gradientExpectations } from "../../oracles/expectation";
import { affineRows, lift, type Rows, softmaxRow } from "../../oracles/scalar-network";
import type { Random } from "../../random";
import { leakyRows, tanhRows, targetTerms } from "./numerics";
import { scalar } from "./situations";

/** N samples, D inputs, H and G units in the hidden layers, C classes. */
interface Sizes {
  readonly N: number;
  readonly D: number;
  readonly H: number;
  readonly G: number;
  readonly C: number;
}

/** The gradients in the order in which a backward pass finds them, each with the symbol that it is the gradient of. */
export const gradients = {
  dZ3: "Z3",
  dW3: "W3",
  db3: "b3",
  dA2: "A2",
  dZ2: "Z2",
  dW2: "W2",
  db2: "b2",
  dA1: "A1",
  dZ1: "Z1",
  dW1: "W1",
  db1: "b1",
} as const;

/** The name of a gradient. */
export type Gradient = keyof typeof gradients;

/** The name of a symbol that has a gradient. */
type Variable = (typeof gradients)[Gradient];

/** Five different sizes, so that no transpose goes unnoticed. */
function differentSizes(random: Random): Sizes {
  const [N, D, H, G, C] = random.permutation(5).map((k) => k + 2);
  return { N, D, H, G, C: Math.max(C, 2) };
}

/** A network whose symbols hang together; a gradient is computed when it is asked for. */
function draw(random: Random, { N, D, H, G, C }: Sizes, bias = 0.5): Symbols {
  const weights = (rows: number, cols: number) => random.normalMatrix(rows, cols, Math.sqrt(1.5 / rows));
  const X = random.normalMatrix(N, D);
  const [W1, W2, W3] = [weights(D, H), weights(H, G), weights(G, C)];
  const [b1, b2, b3] = [H, G, C].map((units) => random.normalMatrix(1, units, bias));
  const slope = scalar(0.02 + 0.38 * random.uniform());
  const trueClass = Array.from({ length: N }, () => random.integer(0, C - 1));
  const Y = Matrix.generate(N, C, (i, j) => (trueClass[i] === j ? 1 : 0));
  const rows = (M: Matrix) => M.toRows();
  const Z1 = affineRows(float64, rows(X), rows(W1), rows(b1)[0]);
  const A1 = tanhRows(float64, Z1);
  const Z2 = affineRows(float64, A1, rows(W2), rows(b2)[0]);
  const A2 = leakyRows(float64, Z2, slope.data[0]);
  const Z3 = affineRows(float64, A2, rows(W3), rows(b3)[0]);
  const A3 = Z3.map((z) => softmaxRow(float64, z));
  const cache = Object.fromEntries(
    Object.entries({ Z1, A1, Z2, A2, Z3, A3 }).map(([name, values]) => [name, Matrix.fromRows(values)]),
  );
  const symbols = { X, Y, W1, b1, W2, b2, W3, b3, slope, ...cache };
  const known = new Map<Gradient, Matrix>();
  for (const name of Object.keys(gradients) as Gradient[]) {
    const get = () => {
      const value = known.get(name) ?? gradientOf(symbols, name)[0].expected;
      known.set(name, value);
      return value;
    };
    Object.defineProperty(symbols, name, { get, enumerable: true });
  }
  return symbols;
}

/** Random networks with five different sizes. */
export const network: Situation = { name: "a random network", draw: (random) => draw(random, differentSizes(random)) };

/** The same once more. */
export const anotherNetwork: Situation = { ...network, name: "another random network" };

/** A single sample, where the mean and the sum are the same. */
export const networkWithOneSample: Situation = {
  name: "a network with a single sample",
  draw: (random) => draw(random, { ...differentSizes(random), N: 1 }),
};

/** Larger biases, so that more units are far from 0. */
export const networkWithLargeBiases: Situation = {
  name: "a network with large biases",
  draw: (random) => draw(random, differentSizes(random), 2),
};

/** All sizes equal. */
export const squareNetwork: Situation = {
  name: "square matrices",
  draw: (random) => draw(random, { N: 4, D: 4, H: 4, G: 4, C: 4 }),
};

/** What the oracles say about one gradient: the loss of the whole network is differentiated. */
export function gradientOf(symbols: Symbols, name: Gradient): Expectation[] {
  const targets = symbols.Y.toRows();
  const objective = <T>(ar: Arithmetic<T>) => {
    const [X, W1, b1, A1, W2, b2, A2, W3, b3] = ["X", "W1", "b1", "A1", "W2", "b2", "A2", "W3", "b3"].map((symbol) =>
      lift(ar, symbols[symbol].toRows()),
    );
    const slope = ar.of(symbols.slope.data[0]);
    const fromZ3 = (Z3: Rows<T>) => targetTerms(ar, Z3, targets);
    const fromA2 = (A2: Rows<T>) => fromZ3(affineRows(ar, A2, W3, b3[0]));
    const fromZ2 = (Z2: Rows<T>) => fromA2(leakyRows(ar, Z2, slope));
    const fromA1 = (A1: Rows<T>) => fromZ2(affineRows(ar, A1, W2, b2[0]));
    const fromZ1 = (Z1: Rows<T>) => fromA1(tanhRows(ar, Z1));
    const lossOf: Record<Variable, (at: Rows<T>) => T[]> = {
      Z3: fromZ3,
      W3: (W) => fromZ3(affineRows(ar, A2, W, b3[0])),
      b3: (b) => fromZ3(affineRows(ar, A2, W3, b[0])),
      A2: fromA2,
      Z2: fromZ2,
      W2: (W) => fromZ2(affineRows(ar, A1, W, b2[0])),
      b2: (b) => fromZ2(affineRows(ar, A1, W2, b[0])),
      A1: fromA1,
      Z1: fromZ1,
      W1: (W) => fromZ1(affineRows(ar, X, W, b1[0])),
      b1: (b) => fromZ1(affineRows(ar, X, W1, b[0])),
    };
    return lossOf[gradients[name]];
  };
  // Rounding is handed on from layer to layer, and a saturated tanh makes a small number of two large ones.
  const terms = 64 * symbols.X.rows * symbols.Y.cols;
  return gradientExpectations(objective, symbols[gradients[name]], terms);
}
