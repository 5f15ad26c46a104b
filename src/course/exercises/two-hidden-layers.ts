/** The network of the assignment on hidden layers, with two of them, as the oracles see it. */
import type { Situation, Symbols } from "../../equations/situations";
import { computed } from "../../formula/evaluate";
import { chain } from "../../formula/notes";
import type { Formula } from "../../formula/tree";
import { Matrix } from "../../matrix";
import { type Expectation, gradientExpectations, roundingErrors } from "../../oracles/expectation";
import type { Random } from "../../random";
import { inDeeper } from "./formulas";
import { scalar } from "./situations";

const forwards = {
  Z1: inDeeper("Z1[i,h] = Σ_d X[i,d] · W1[d,h] + b1[h]"),
  A1: inDeeper("A1[i,h] = tanh(Z1[i,h])"),
  Z2: inDeeper("Z2[i,g] = Σ_h A1[i,h] · W2[h,g] + b2[g]"),
  A2: inDeeper("A2[i,g] = leaky(Z2[i,g], slope)"),
  Z3: inDeeper("Z3[i,c] = Σ_g A2[i,g] · W3[g,c] + b3[c]"),
  A3: inDeeper("m[i] = max_k Z3[i,k]", "e[i,j] = exp(Z3[i,j] − m[i])", "A3[i,j] = e[i,j] / Σ_k e[i,k]"),
};

const loss = inDeeper(
  "m[i] = max_k Z3[i,k]",
  "s[i] = Σ_j exp(Z3[i,j] − m[i])",
  "loss = Σ_i Σ_j Y[i,j] · (ln(s[i]) − (Z3[i,j] − m[i])) / N",
);

/** N samples, D inputs, H and G units in the hidden layers, C classes. */
interface Sizes {
  readonly N: number;
  readonly D: number;
  readonly H: number;
  readonly G: number;
  readonly C: number;
}

/** The gradients in the order in which a backward pass finds them: the symbol that each is the gradient of, and its formula. */
export const gradients = {
  dZ3: { of: "Z3", formula: inDeeper("dZ3[i,k] = (A3[i,k] − Y[i,k]) / N") },
  dW3: { of: "W3", formula: inDeeper("dW3[g,c] = Σ_i A2[i,g] · dZ3[i,c]") },
  db3: { of: "b3", formula: inDeeper("db3[c] = Σ_i dZ3[i,c]") },
  dA2: { of: "A2", formula: inDeeper("dA2[i,g] = Σ_c dZ3[i,c] · W3[g,c]") },
  dZ2: { of: "Z2", formula: inDeeper("dZ2[i,g] = dA2[i,g] · leaky′(Z2[i,g], slope)") },
  dW2: { of: "W2", formula: inDeeper("dW2[h,g] = Σ_i A1[i,h] · dZ2[i,g]") },
  db2: { of: "b2", formula: inDeeper("db2[g] = Σ_i dZ2[i,g]") },
  dA1: { of: "A1", formula: inDeeper("dA1[i,h] = Σ_g dZ2[i,g] · W2[h,g]") },
  dZ1: { of: "Z1", formula: inDeeper("dZ1[i,h] = dA1[i,h] · tanh′(Z1[i,h])") },
  dW1: { of: "W1", formula: inDeeper("dW1[d,h] = Σ_i X[i,d] · dZ1[i,h]") },
  db1: { of: "b1", formula: inDeeper("db1[h] = Σ_i dZ1[i,h]") },
} as const;

/** The name of a gradient. */
export type Gradient = keyof typeof gradients;

/** Five different sizes, so that no transpose goes unnoticed. */
function differentSizes(random: Random): Sizes {
  const [N, D, H, G, C] = random.permutation(5).map((k) => k + 2);
  return { N, D, H, G, C: Math.max(C, 2) };
}

/** A network whose symbols hang together; a gradient is computed when it is asked for. */
function draw(random: Random, { N, D, H, G, C }: Sizes, bias = 0.5, steep = false): Symbols {
  const weights = (rows: number, cols: number) => random.normalMatrix(rows, cols, Math.sqrt(1.5 / rows));
  const X = random.normalMatrix(N, D);
  const [W1, W2, W3] = [weights(D, H), weights(H, G), weights(G, C)];
  const [b1, b2, b3] = [H, G, C].map((units) => random.normalMatrix(1, units, bias));
  const slope = scalar(steep ? 1.2 + random.uniform() : 0.02 + 0.38 * random.uniform());
  const trueClass = Array.from({ length: N }, () => random.integer(0, C - 1));
  const Y = Matrix.generate(N, C, (i, j) => (trueClass[i] === j ? 1 : 0));
  const symbols: Record<string, Matrix> = { X, Y, W1, b1, W2, b2, W3, b3, slope };
  for (const [name, formula] of Object.entries(forwards)) symbols[name] = computed(formula, symbols);
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

/** A large batch, and a slope above 1. */
export const largeNetwork: Situation = {
  name: "a large batch",
  draw: (random) => {
    const [D, H, G, C] = random.permutation(4).map((k) => k + 2);
    return draw(random, { N: random.integer(31, 40), D, H, G, C }, 0.5, true);
  },
};

/** All sizes equal. */
export const squareNetwork: Situation = {
  name: "square matrices",
  draw: (random) => draw(random, { N: 4, D: 4, H: 4, G: 4, C: 4 }),
};

/** What the oracles say about one gradient: the loss of the whole network is differentiated. */
export function gradientOf(symbols: Symbols, name: Gradient): Expectation[] {
  const variable = gradients[name].of;
  const values = Object.entries(forwards);
  const layer = Number(variable[1]);
  const readers = values.slice(
    values.findIndex(([value]) => value === (/[Wb]/.test(variable) ? `Z${layer}` : variable)),
  );
  const after = (/[Wb]/.test(variable) ? readers : readers.slice(1)).map(([, formula]) => formula);
  const back: Formula[] = [];
  for (const [gradient, { formula }] of Object.entries(gradients)) {
    back.push(formula);
    if (gradient === name) break;
  }
  const objective = chain(...after.slice(0, -1), loss);
  const errors = roundingErrors([chain(...(after.length === 0 ? [forwards.A3] : after), ...back)], symbols);
  return gradientExpectations({ objective, variable }, symbols, errors);
}
