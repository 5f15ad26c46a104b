/** The whole backward pass as a chain of steps, each with the equation it stands for, in dependency order. */
import { computed } from "../formula/evaluate";
import { chain, lossFromLogits, notes } from "../formula/notes";
import type { Formula } from "../formula/tree";
import type { Matrix } from "../matrix";
import { type Expectation, gradientExpectations, roundingErrors } from "../oracles/expectation";
import type { Equation, Misconception } from "./equation";
import { E13, E15, E16, E17 } from "./hidden-layer";
import { E10, E11, E12 } from "./output-layer";
import { exactZeros, hugeBiases, oneSample, ordinaryOfAllSizes, type Symbols, square, twoClasses } from "./situations";

/** One gradient that `backward` returns. */
export interface Step {
  /** Its name in the result: dZ2, dW2, … */
  readonly name: string;
  /** The equation that it stands for. */
  readonly equation: Equation;
  /** The symbol that the gradient is taken of, and whose shape it has. */
  readonly of: string;
  /** What it is computed from: the equation's own arguments, then what misconceptions may have taken instead. */
  readonly from: readonly string[];
  /** Another way from gradients found before to this one: dZ1 is also dA1 ⊙ ReLU′(Z1). */
  readonly alsoFrom?: (found: Symbols) => Matrix;
  /** The equation's misconceptions, and those that show only in the whole. */
  readonly misconceptions: readonly Misconception[];
}

const Z1InsteadOfA1: Misconception = {
  id: "Z1-instead-of-A1",
  name: "Z1 stands where A1 belongs",
  hint: "W2 multiplies what comes out of the ReLU, not what goes in.",
  wrong: (_, __, dZ2, Z1) => Z1.T.times(dZ2),
};

const maskLost: Misconception = {
  id: "dA1-instead-of-dZ1",
  name: "∂loss/∂A1 stands where ∂loss/∂Z1 belongs",
  hint: "Between A1 and Z1 there is the ReLU. Which gradient reaches the weights before it?",
  wrong: (_, input, __, dA1) => input.T.times(dA1),
};

const biasMaskLost: Misconception = {
  id: "dA1-instead-of-dZ1",
  name: "∂loss/∂A1 stands where ∂loss/∂Z1 belongs",
  hint: "Between A1 and Z1 there is the ReLU. Which gradient reaches the biases before it?",
  wrong: (_, __, dA1) => dA1.columnSums(),
};

/** dZ2, dW2, db2, dA1, dZ1, dW1, db1. */
export const steps: readonly Step[] = [
  step("dZ2", E10, "Z2", ["A2", "Y"]),
  step("dW2", E11, "W2", ["A1", "dZ2", "Z1"], [Z1InsteadOfA1]),
  step("db2", E12, "b2", ["dZ2"]),
  step("dA1", E13, "A1", ["dZ2", "W2"]),
  {
    ...step("dZ1", E15, "Z1", ["dZ2", "W2", "Z1"]),
    alsoFrom: ({ dA1, Z1 }) => dA1.hadamard(Z1.map((z) => (z > 0 ? 1 : 0))),
  },
  step("dW1", E16, "W1", ["X", "dZ1", "dA1"], [maskLost]),
  step("db1", E17, "b1", ["dZ1", "dA1"], [biasMaskLost]),
];

function step(
  name: string,
  equation: Equation,
  of: string,
  from: readonly string[],
  ofTheWhole: readonly Misconception[] = [],
): Step {
  return { name, equation, of, from, misconceptions: [...ofTheWhole, ...equation.misconceptions] };
}

/** The inputs on which a whole `backward` is tried. */
export const backwardSituations = [
  ...ordinaryOfAllSizes,
  oneSample,
  twoClasses,
  exactZeros,
  hugeBiases,
  square,
  square,
];

/**
 * A network whose symbols hang together: Z1, A1, Z2 and A2 are those of X and the parameters. Where the situation has
 * pre-activations of exactly 0, the biases are set such that sample 0 has one in unit 0, and sample 1 in unit 1. No
 * weight moves two of them at once, so a kink always has the convention's slope on one of its sides.
 */
export function consistentNetwork(symbols: Symbols): Symbols {
  const { X, W1, W2, b2, Y } = symbols;
  const products = computed(notes.E1[0], { X, W1, b1: symbols.b1.scale(0) });
  const exactly0 = symbols.Z1.data.some((z) => z === 0);
  const b1 = exactly0 ? symbols.b1.map((b, _, h) => (h < 2 ? -products.get(h, h) : b)) : symbols.b1;
  const Z1 = computed(notes.E1[0], { X, W1, b1 });
  const A1 = computed(notes.E2[0], { Z1 });
  const Z2 = computed(notes.E3[0], { A1, W2, b2 });
  const A2 = computed(notes.E4[0], { Z2 });
  return { X, Y, W1, b1, W2, b2, Z1, A1, Z2, A2 };
}

/**
 * What the oracles say about every gradient: the loss of the whole network is differentiated with respect to each
 * symbol by itself.
 */
export function backwardExpectations(symbols: Symbols): ReadonlyMap<string, Expectation[]> {
  return new Map(
    steps.map(({ name, of }) => {
      const { forwards, backwards } = routes[of];
      const objective = chain(...forwards, lossFromLogits);
      const spelling = chain(...forwards, notes.E4[0], ...backwards);
      return [name, gradientExpectations({ objective, variable: of }, symbols, roundingErrors([spelling], symbols))];
    }),
  );
}

/** For each symbol, the way from it to the logits, and the way back from the probabilities to its gradient. */
const routes: Readonly<
  Record<string, { readonly forwards: readonly Formula[]; readonly backwards: readonly Formula[] }>
> = (() => {
  const { E1, E2, E3, E10, E11, E12, E13, E15, E16, E17 } = notes;
  const [fromA1, fromZ1, fromX] = [[E3[0]], [E2[0], E3[0]], [E1[0], E2[0], E3[0]]];
  return {
    Z2: { forwards: [], backwards: [E10[0]] },
    W2: { forwards: fromA1, backwards: [E10[0], E11[0]] },
    b2: { forwards: fromA1, backwards: [E10[0], E12[0]] },
    A1: { forwards: fromA1, backwards: [E10[0], E13[0]] },
    Z1: { forwards: fromZ1, backwards: [E10[0], E15[0]] },
    W1: { forwards: fromX, backwards: [E10[0], E15[0], E16[0]] },
    b1: { forwards: fromX, backwards: [E10[0], E15[0], E17[0]] },
  };
})();
