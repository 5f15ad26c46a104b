/** Calls a whole `backward`, and judges the steps that it consists of. */
import type { Implementation } from "../equations/equation";
import { pytorchNames, type Situation, type Symbols } from "../equations/situations";
import { backwardExpectations, consistentNetwork, type Step, steps } from "../equations/whole-backward";
import { Matrix } from "../matrix";
import type { Expectation } from "../oracles/expectation";
import type { Random } from "../random";
import { type Judged, judge } from "./judge";
import { describe, type Failure, type Outcome, plainData, run, sameBits } from "./outcome";

const ARGUMENTS = ["X", "Y", "W1", "b1", "W2", "b2", "Z1", "A1", "Z2", "A2"].map((name) => ({ name }));
const NAMES = steps.map(({ name }) => name).join(", ");

/** One call of a whole `backward`: the network, and the outcome of every step. */
export interface BackwardTrial {
  readonly situation: Situation;
  readonly symbols: Symbols;
  /** The symbols and the right gradients: what a step is computed from. */
  readonly known: Symbols;
  readonly expectations: ReadonlyMap<string, Expectation[]>;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Why the call as a whole brought nothing. */
  readonly stopped?: Failure;
  /** Two gradients that are one Matrix. */
  readonly alias?: readonly [string, string];
}

/** A network, and what the oracles say about its gradients. */
export type Network = Pick<BackwardTrial, "situation" | "symbols" | "known" | "expectations">;

/** Draws a network and asks the oracles. */
export function drawNetwork(situation: Situation, random: Random): Network {
  const drawn = situation.draw(random);
  const symbols = pytorchNames.has(situation.name) ? drawn : consistentNetwork(drawn);
  const expectations = backwardExpectations(symbols);
  const right = Object.fromEntries([...expectations].map(([name, [exact]]) => [name, exact.expected]));
  return { situation, symbols, known: { ...symbols, ...right }, expectations };
}

/** Runs a whole `backward` on copies of a network, and takes the gradients out of what it returns. */
export function tryBackward(implementation: Implementation, network: Network): BackwardTrial {
  const { symbols } = network;
  const outcomes = new Map<string, Outcome>();
  let replaced: Failure | undefined;
  let alias: BackwardTrial["alias"];
  const whole = (X: Matrix, Y: Matrix, W1: Matrix, b1: Matrix, W2: Matrix, b2: Matrix, ...cache: Matrix[]) => {
    const [Z1, A1, Z2, A2] = cache;
    const handed = { parameters: { W1, b1, W2, b2 }, cache: { Z1, A1, Z2, A2 } };
    const before = { parameters: { ...handed.parameters }, cache: { ...handed.cache } };
    const gradients: unknown = implementation(X, Y, handed.parameters, handed.cache);
    replaced = replacedIn("parameters", before, handed) ?? replacedIn("cache", before, handed);
    if (
      typeof gradients !== "object" ||
      gradients === null ||
      Array.isArray(gradients) ||
      gradients instanceof Promise
    ) {
      throw new TypeError(`a result that is ${describe(gradients)}; expected { ${NAMES} }`);
    }
    alias = aliasIn(gradients as Record<string, unknown>);
    for (const { name } of steps) outcomes.set(name, gradientOf(gradients as Record<string, unknown>, name));
    return X;
  };
  const args = ARGUMENTS.map(({ name }) => symbols[name]);
  const outcome = run({ parameters: ARGUMENTS, result: { name: "X" } }, whole, args);
  const stopped = outcome.kind === "failure" ? outcome : replaced;
  return { ...network, outcomes, stopped, alias };
}

/** The first two gradients that are one object, or share their numbers. */
function aliasIn(gradients: Record<string, unknown>): readonly [string, string] | undefined {
  const matrices = steps.filter(({ name }) => Matrix.isMatrix(gradients[name]));
  const data = (name: string) => (gradients[name] as Matrix).data;
  for (const [k, { name }] of matrices.entries()) {
    const other = matrices.slice(0, k).find((earlier) => data(earlier.name) === data(name));
    if (other !== undefined) return [other.name, name];
  }
  return undefined;
}

type Handed = Readonly<Record<"parameters" | "cache", Readonly<Record<string, Matrix>>>>;

/** What is wrong if a matrix of an argument has been replaced by another. */
function replacedIn(argument: keyof Handed, before: Handed, after: Handed): Failure | undefined {
  const isStill = (now: unknown, then: Matrix) => Matrix.isMatrix(now) && sameBits(then, now);
  const name = Object.keys(before[argument]).find((key) => !isStill(after[argument][key], before[argument][key]));
  if (name === undefined) return undefined;
  const why = `Your function changed its argument ${argument}: ${argument}.${name} is another one afterwards; leave it as it is, and return the gradients`;
  return { kind: "failure", why };
}

function gradientOf(gradients: Record<string, unknown>, name: string): Outcome {
  if (gradients[name] === undefined) {
    const found = Object.keys(gradients).filter((key) => gradients[key] !== undefined);
    return {
      kind: "failure",
      why: `The result has no ${name}; it has ${found.join(", ") || "nothing"}`,
      missing: true,
    };
  }
  return plainData({ whose: `Your function's ${name}`, parameters: [], result: { name } }, gradients[name]);
}

/** The verdict on one step of a call: it is held against the gradient of the whole. */
export function judgeStep(step: Step, { situation, symbols, known, expectations, outcomes }: BackwardTrial): Judged {
  const args = step.from.map((name) => known[name]);
  const question = { situation, symbols, args, expectations: expectations.get(step.name) as Expectation[] };
  return { ...judge(step.equation, question, outcomes.get(step.name) as Outcome), symbols: known };
}

/**
 * The verdict on one step by itself: it is held against what its equation makes of the gradients that the
 * implementation itself found before. Nothing if it cannot be computed from them.
 */
export function judgeByItself({ name, equation, from }: Step, trial: BackwardTrial): Judged | undefined {
  const found = foundIn(trial);
  const situation = { name: "its own inputs", draw: () => found };
  const args = from.map((symbol) => found[symbol]);
  try {
    const question = { situation, symbols: found, args, expectations: equation.expectations(found) };
    return judge(equation, question, trial.outcomes.get(name) as Outcome);
  } catch {
    return undefined; // a gradient before it is missing, or no such matrix as can be computed with
  }
}

/** The network, and the gradients that the implementation found. */
export function foundIn({ symbols, outcomes }: Pick<BackwardTrial, "symbols" | "outcomes">): Symbols {
  const found: Record<string, Matrix> = { ...symbols };
  for (const [name, outcome] of outcomes) if (outcome.kind === "matrix") found[name] = outcome.value;
  return found;
}
