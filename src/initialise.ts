/** Where training starts: the weights before the first step. */
import type { Parameters } from "./forward";
import { Matrix } from "./matrix";
import { checkRandom, type Random } from "./random";
import { checkOneOf, checkWhole } from "./shapes";

/** How large the first weights are, as a multiple of He's standard deviation. */
const FACTORS = { zeros: 0, small: 0.01, he: 1, large: 10 } as const;

/** A way to draw the first weights: `"he"` is the one to use, the others are there to see what goes wrong. */
export type InitialisationScheme = keyof typeof FACTORS;

/** The schemes by name, from the smallest weights to the largest. */
export const initialisationSchemes = Object.keys(FACTORS) as InitialisationScheme[];

/** The sizes of the network and where its first weights come from. */
export interface InitialiseOptions {
  /** D, the number of inputs. */
  readonly inputs: number;
  /** H, the number of hidden units. */
  readonly hidden: number;
  /** C, the number of classes. */
  readonly classes: number;
  /** Where the weights are drawn from. */
  readonly random: Random;
  /** `"he"` when left out. */
  readonly scheme?: InitialisationScheme;
}

/**
 * The first parameters: W1_ij ~ N(0, 2/D), W2_ij ~ N(0, 2/H), b1 = 0, b2 = 0.
 *
 * A sum of D products w·x with independent weights has D · Var(w) times the mean square of x. ReLU drops the negative half, so the
 * mean square of A1 is half of Z1's. With Var(w) = 2/D, two times one half is 1: signals keep their size on the way forward, and
 * gradients on the way back. W2 follows the same rule with the H units that go into it.
 *
 * The other schemes scale the very same draws: `"small"` by 1/100 (signals and gradients fade), `"large"` by 10 (the first
 * probabilities are all but 0 or 1, and mostly wrong), `"zeros"` by 0 (A1 and W2 are 0, so no weight ever gets a gradient: only b2 learns).
 *
 * Source: He, Zhang, Ren and Sun (2015), Delving deep into rectifiers, equation 10.
 *
 * @returns W1 D×H, b1 1×H, W2 H×C, b2 1×C
 * @throws if a size is not a whole number of at least 1, the scheme is unknown, or there is no Random
 */
export function initialise({ inputs, hidden, classes, random, scheme = "he" }: InitialiseOptions): Parameters {
  checkWhole("initialise", "inputs", inputs, 1);
  checkWhole("initialise", "hidden", hidden, 1);
  checkWhole("initialise", "classes", classes, 1);
  checkOneOf("initialise", "scheme", scheme, initialisationSchemes);
  checkRandom("initialise", random);
  return {
    W1: random.normalMatrix(inputs, hidden, FACTORS[scheme] * Math.sqrt(2 / inputs)),
    b1: Matrix.zeros(1, hidden),
    W2: random.normalMatrix(hidden, classes, FACTORS[scheme] * Math.sqrt(2 / hidden)),
    b2: Matrix.zeros(1, classes),
  };
}
