/**
 * The inputs on which an implementation is tried: random ones of four different sizes, and the edges where mistakes
 * hide or show. Every symbol is drawn on its own, so each equation is checked alone, under a random upstream gradient.
 */
import { computed } from "../formula/evaluate";
import { notes } from "../formula/notes";
import { Matrix } from "../matrix";
import golden from "../oracles/golden.json";
import type { Random } from "../random";

/** Matrices by the names of the notes: X, W1, b1, Z1, A1, W2, b2, Z2, A2, Y, a, dZ2, dZ1. */
export type Symbols = Readonly<Record<string, Matrix>>;

/** N samples, D inputs, H hidden units, C classes. */
export interface Sizes {
  readonly N: number;
  readonly D: number;
  readonly H: number;
  readonly C: number;
}

/** A kind of input: `name` stands in verdicts, after "on". */
export interface Situation {
  readonly name: string;
  readonly draw: (random: Random) => Symbols;
}

/** Four different sizes, so that no transpose goes unnoticed and N is not mistaken for C. */
function differentSizes(random: Random): Sizes {
  const [N, D, H, C] = random.permutation(5).map((k) => k + 3);
  return { N, D, H, C };
}

/** Random matrices for every symbol. Z2 has the spread `logits`; A2 and a are its probabilities; Y is one-hot. */
function drawSymbols(random: Random, { N, D, H, C }: Sizes, spread = { inputs: 1, logits: 1.5 }): Symbols {
  const normal = (rows: number, cols: number) => random.normalMatrix(rows, cols, spread.inputs);
  return fromLogits(random, random.normalMatrix(N, C, spread.logits), {
    X: normal(N, D),
    W1: normal(D, H),
    b1: normal(1, H),
    Z1: normal(N, H),
    // Activations as ReLU leaves them: none below 0, some exactly 0.
    A1: normal(N, H).map((z) => (random.uniform() < 0.2 ? 0 : Math.abs(z))),
    W2: normal(H, C),
    b2: normal(1, C),
    dZ2: normal(N, C),
    dZ1: normal(N, H),
  });
}

/** Adds the logits, their probabilities and labels; `choose` picks the true class of a row, at random when left out. */
function fromLogits(
  random: Random,
  Z2: Matrix,
  others: Symbols,
  choose: (a: readonly number[]) => number = (a) => random.integer(0, a.length - 1),
): Symbols {
  const A2 = computed(notes.E4[0], { Z2 });
  const trueClass = A2.toRows().map(choose);
  const Y = Z2.map((_, i, j) => (trueClass[i] === j ? 1 : 0));
  return { ...others, Z2, A2, Y, a: A2.row(0) };
}

const leastLikely = (a: readonly number[]) => a.indexOf(Math.min(...a));
const mostLikely = (a: readonly number[]) => a.indexOf(Math.max(...a));

/** Ordinary random numbers, four different sizes. */
export const ordinary: Situation = {
  name: "random inputs",
  draw: (random) => drawSymbols(random, differentSizes(random)),
};

/** 9 to 12 samples, and less of all else: what depends on N or C shows in how two draws differ, and what ends after eight. */
export const manySamples: Situation = {
  name: "many samples",
  draw: (random) => {
    const [D, H, C] = random.permutation(3).map((k) => k + 3);
    return drawSymbols(random, { N: random.integer(9, 12), D, H, C });
  },
};

/** Two samples, and 9 to 12 of all else. */
export const wide: Situation = {
  name: "wide layers",
  draw: (random) => {
    const [D, H, C] = random.permutation(4).map((k) => k + 9);
    return drawSymbols(random, { N: 2, D, H, C });
  },
};

/** Sizes to 40, one at a time: what was unrolled, or written for sizes that one sees, ends before. */
export const large: readonly Situation[] = (["N", "H", "C"] as const).map((size) => ({
  name: { N: "a large batch", H: "a large hidden layer", C: "many classes" }[size],
  draw: (random) => {
    const [N, D, H, C] = random.permutation(4).map((k) => k + 2);
    return drawSymbols(random, { N, D, H, C, [size]: random.integer(31, 40) });
  },
}));

/**
 * The same samples in reverse order: other numbers in matrices of the same sizes, which shows what lives on between calls.
 * The number of samples must differ from all other sizes.
 */
export function reversed(symbols: Symbols): Symbols {
  const samples = symbols.Y ?? symbols.Z2 ?? symbols.X;
  if (samples === undefined) return symbols;
  const turned = (name: string): Matrix => {
    if (name === "a") return turned("A2").row(0);
    const M = symbols[name];
    return M.rows === samples.rows && M.rows > 1 ? Matrix.fromRows(M.toRows().reverse()) : M;
  };
  // Some symbols are computed when they are asked for, so these are turned then.
  const all: Record<string, Matrix> = {};
  for (const name of Object.keys(symbols)) {
    let value: Matrix | undefined;
    const get = () => {
      value ??= turned(name);
      return value;
    };
    Object.defineProperty(all, name, { get, enumerable: true });
  }
  return all;
}

/** A single sample, where the mean and the sum are the same. */
export const oneSample: Situation = {
  name: "a single sample",
  draw: (random) => drawSymbols(random, { ...differentSizes(random), N: 1 }),
};

/** Two classes, where one probability is 1 minus the other. */
export const twoClasses: Situation = {
  name: "two classes",
  draw: (random) => drawSymbols(random, { ...differentSizes(random), C: 2 }),
};

/** Entries from about 0.001 to 1000. */
export const wideMagnitudes: Situation = {
  name: "numbers of very different size",
  draw: (random) => {
    const { Z2, A2, Y, a, ...others } = drawSymbols(random, differentSizes(random));
    const spread = (M: Matrix) => M.map((x) => x * 10 ** (6 * random.uniform() - 3));
    const wide = Object.fromEntries(Object.entries(others).map(([name, M]) => [name, spread(M)]));
    return { ...wide, Z2, A2, Y, a };
  },
};

/** So near to 0 that a threshold would take them for it, and still on one side. */
const ALMOST_ZERO = [
  [1e-9, -1e-9, 1e-12],
  [5e-324, -5e-324, -1e-12],
];

/** Pre-activations that are exactly 0, where ReLU has its kink and the convention decides, and some that are almost. */
export const exactZeros: Situation = {
  name: "pre-activations of exactly 0 and next to it",
  draw: (random) => {
    const symbols = drawSymbols(random, differentSizes(random));
    const Z1 = symbols.Z1.map((z, i, j) => {
      if ((i === 1 || i === 2) && j < 3) return ALMOST_ZERO[i - 1][j];
      return (i === 0 && j < 2) || random.uniform() < 0.2 ? 0 : z;
    });
    return { ...symbols, Z1 };
  },
};

/** Logits of ±1000, whose exponentials overflow or underflow; the true class is the most likely one. */
export const hugeLogits: Situation = {
  name: "logits of ±1000",
  draw: (random) => {
    const symbols = drawSymbols(random, differentSizes(random));
    return fromLogits(random, hugeLogitsLike(symbols.Z2, random), symbols, mostLikely);
  },
};

/** Logits of ±1000 where the true class has a probability of exactly 0. */
export const lostTrueClass: Situation = {
  name: "a true class whose probability has underflowed to 0",
  draw: (random) => {
    const symbols = drawSymbols(random, differentSizes(random));
    return fromLogits(random, hugeLogitsLike(symbols.Z2, random), symbols, leastLikely);
  },
};

/** Logits that are equal: all of the first sample's, which are 0, and the two largest of the second. */
export const equalLogits: Situation = {
  name: "equal logits",
  draw: (random) => {
    const symbols = drawSymbols(random, differentSizes(random));
    const { Z2 } = symbols;
    const largest = Math.max(...Z2.row(1).data);
    const twice = random.permutation(Z2.cols).slice(0, 2);
    const equal = Z2.map((z, i, j) => {
      if (i === 0) return 0;
      return i === 1 && twice.includes(j) ? largest : z;
    });
    return fromLogits(random, equal, symbols);
  },
};

/** Even rows have one logit near 1000 and one near −1000; odd rows lie near −1000 as a whole. */
function hugeLogitsLike(Z2: Matrix, random: Random): Matrix {
  const [high, low] = random.permutation(Z2.cols);
  return Z2.map((z, i, j) => {
    if (i % 2 === 1) return z - 1000;
    const place = (j + i) % Z2.cols;
    return z + (place === high ? 1000 : place === low ? -1000 : 1000 * random.integer(-1, 0));
  });
}

/** A network whose biases make logits of ±1000. */
export const hugeBiases: Situation = {
  name: "biases of ±1000",
  draw: (random) => {
    const symbols = drawSymbols(random, differentSizes(random));
    const [high, low] = random.permutation(symbols.b2.cols);
    const b2 = symbols.b2.map((b, _, j) => b + (j === high ? 1000 : j === low ? -1000 : 0));
    return { ...symbols, b2 };
  },
};

/** A softmax that is almost sure of itself, and wrong half of the time: probabilities down to 1e-40. */
export const saturated: Situation = {
  name: "a saturated softmax",
  draw: (random) => {
    const symbols = drawSymbols(random, differentSizes(random));
    const Z2 = symbols.Z2.map((z, i, j) => z + (j === i % symbols.Z2.cols ? 45 : -40 * random.integer(0, 1)));
    let wrong = false;
    return fromLogits(random, Z2, symbols, (a) => {
      wrong = !wrong;
      return wrong ? leastLikely(a) : mostLikely(a);
    });
  },
};

/** Probabilities t/64 with whole t, which float64 holds exactly, as it does 1/N for the four samples. */
export const rationalProbabilities: Situation = {
  name: "probabilities that are fractions",
  draw: (random) => {
    const symbols = drawSymbols(random, { ...differentSizes(random), N: 4 });
    const counts = symbols.Z2.toRows().map((row) => {
      const cuts = random
        .permutation(63)
        .slice(1, row.length)
        .map((cut) => cut + 1)
        .sort((a, b) => a - b);
      return row.map((_, j) => (cuts[j] ?? 64) - (cuts[j - 1] ?? 0));
    });
    const drawn = fromLogits(random, Matrix.fromRows(counts).map(Math.log), symbols);
    const A2 = Matrix.fromRows(counts).scale(1 / 64);
    return { ...drawn, A2, a: A2.row(0), counts: Matrix.fromRows(counts) };
  },
};

/** Ordinary random numbers: a few of everything, many samples, wide layers. */
export const ordinaryOfAllSizes: readonly Situation[] = [ordinary, manySamples, wide];

/** What logits, probabilities and labels are like. */
export const probabilities: readonly Situation[] = [
  ...ordinaryOfAllSizes,
  oneSample,
  twoClasses,
  equalLogits,
  saturated,
];

/** All sizes equal: here a product that should have failed by its shapes goes through, and its numbers can be read. */
export const square: Situation = {
  name: "square matrices",
  draw: (random) => drawSymbols(random, { N: 4, D: 4, H: 4, C: 4 }),
};

/** The networks that PyTorch ran; they come with every symbol of the notes. */
export const pytorch: readonly Situation[] = golden.networks.map(({ name, symbols }) => ({
  name: `PyTorch's network “${name}”`,
  draw: () => Object.fromEntries(Object.entries(symbols).map(([key, rows]) => [key, Matrix.fromRows(rows)])),
}));

/** The names of the situations in which the answers of PyTorch are known. */
export const pytorchNames: ReadonlySet<string> = new Set(pytorch.map(({ name }) => name));
