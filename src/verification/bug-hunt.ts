/**
 * A `backward` in which one to three steps are changed, to be found and mended. The changes are made by the rules that
 * recognise mistakes, so every hunt is another one, and every one is a mistake that somebody makes.
 */
import { consistentNetwork } from "../equations/whole-backward";
import type { Change, Rule } from "../formula/change";
import { stepCode } from "../formula/code";
import { computed } from "../formula/evaluate";
import { inNotes, lossFromLogits, notes } from "../formula/notes";
import { changes } from "../formula/rules";
import type { Formula } from "../formula/tree";
import { Matrix } from "../matrix";
import { Random } from "../random";
import { checkSeed } from "../shapes";
import { verifyBackward } from "./backward";
import { describe } from "./outcome";
import { Verdict } from "./verdict";

/** How many steps are changed, and how well hidden the changes are. */
export type Level = 1 | 2 | 3;

/** Everything that a step may read: the samples, the parameters, what the forward pass left, N, and the gradients found before. */
// biome-ignore lint/suspicious/noExplicitAny: matrices by their names, and the number N
export type InScope = Record<string, any>;

/** What is put in a step's place: `({ A1, dZ2 }) => A1.T.times(dZ2)`. */
export type Mend = (inScope: InScope) => unknown;

/** The steps of a `backward`, in the order of dependence. */
const right: Readonly<Record<string, Formula>> = {
  dZ2: notes.E10[0],
  dW2: notes.E11[0],
  db2: notes.E12[0],
  dA1: notes.E13[0],
  dZ1: inNotes("dZ1[i,h] = dA1[i,h] · ReLU′(Z1[i,h])"),
  dW1: notes.E16[0],
  db1: notes.E17[0],
};
const STEPS = Object.keys(right);

/** Who plants at which level. */
const planters: Readonly<Record<Level, readonly Rule[]>> = {
  1: ["operand", "operation", "function"],
  2: ["operand", "operation", "function", "range", "factor"],
  3: ["operand", "operation", "function", "range", "factor", "index", "extra step"],
};

/** Changes that nobody reads over. */
const STRIKING = /-of-expression$|^(abs|square|ReLU)-in-|^(exp|ln|sigmoid|z\(1−z\)|softplus|expm1)/;

/** How many hunts are drawn before one is found in which the loss falls. */
const MOST_DRAWS = 60;

/** A hunt: the code with the bugs in it, and a judge. */
export class BugHunt {
  readonly seed: number;
  readonly level: Level;
  /** The `backward` as TypeScript. It is what `backward` computes. */
  readonly code: string;
  readonly #planted: ReadonlyMap<string, Change>;
  readonly #solved: () => void;

  constructor(seed: number, level: Level, planted: ReadonlyMap<string, Change>, solved: () => void) {
    this.seed = seed;
    this.level = level;
    this.#planted = planted;
    this.#solved = solved;
    this.code = codeOf(planted);
  }

  /** The function with the bugs in it. */
  readonly backward = (
    X: Matrix,
    Y: Matrix,
    parameters: Readonly<Record<string, Matrix>>,
    cache: Readonly<Record<string, Matrix>>,
  ): Record<string, Matrix> => gradients({ X, Y, ...parameters, ...cache }, this.#planted);

  /**
   * Judges what was found: each changed step by its name, with what belongs there.
   *
   * @param mends such as `{ dW2: ({ A1, dZ2 }) => A1.T.times(dZ2) }`
   * @returns a ✓ when every changed step is named and mended, and no other
   */
  judge(mends: Readonly<Record<string, Mend>>): Verdict {
    if (typeof mends !== "object" || mends === null || Array.isArray(mends))
      return this.#verdict(false, `expected an object like { dW2: ({ A1, dZ2 }) => … }, got ${describe(mends)}.`);
    const names = Object.keys(mends);
    const unknown = names.find((name) => !STEPS.includes(name));
    if (unknown !== undefined)
      return this.#verdict(false, `There is no step ${unknown}; the steps are ${STEPS.join(", ")}.`);
    const inOrder = STEPS.filter((name) => names.includes(name));
    const said: string[] = [];
    let found = 0;
    for (const name of inOrder) {
      if (!this.#planted.has(name)) {
        said.push(`${name} was right as it stood.`);
        continue;
      }
      const verdict = verifyBackward(mendedOnly(name, mends[name]), 1);
      if (verdict.passed) found++;
      said.push(
        verdict.passed
          ? `${name} is mended: ${lowered(this.#planted.get(name)?.said ?? "")}`
          : `${name} is one of them; the mend is not right yet. ${verdict.message}`,
      );
    }
    const left = this.#planted.size - found;
    const wrong = inOrder.filter((name) => !this.#planted.has(name)).length;
    const passed = left === 0 && wrong === 0;
    if (passed) this.#solved();
    else if (left > 0) said.push(`${count(left)} left.`);
    return this.#verdict(passed, said.join(" "));
  }

  #verdict(passed: boolean, explanation: string): Verdict {
    const size = passed ? 0 : Infinity;
    return new Verdict({
      passed,
      equation: `bugHunt(${this.seed})`,
      functionName: `bugHunt(${this.seed})`,
      latex: "\\frac{\\partial\\,\\text{loss}}{\\partial\\,(Z_2, W_2, b_2, A_1, Z_1, W_1, b_1)}",
      maxAbsError: size,
      maxRelError: size,
      tolerance: { absolute: 0, relative: 0 },
      oracles: [],
      inputs: 0,
      seed: this.seed,
      explanation,
    });
  }

  /** What is asked. */
  get question(): string {
    const many = this.#planted.size === 1 ? "one step is" : `${count(this.#planted.size).toLowerCase()} steps are`;
    return `In this backward ${many} changed. Every shape is right, and the loss falls. Which, and what belongs there?`;
  }

  toString(): string {
    return `${this.question}\n\n${this.code}`;
  }
}

/**
 * A `backward` with one to three changed steps. The same seed gives the same hunt.
 *
 * @param seed a whole number of at most 32 bits
 * @param level 1, 2 or 3: how many steps are changed, and how well the changes are hidden
 * @param solved is called when everything is found and mended
 * @throws if the seed is no such number, or the level is not 1, 2 or 3
 */
export function bugHunt(seed: number, level: Level = 1, solved: () => void = () => {}): BugHunt {
  checkSeed("bugHunt", seed);
  if (![1, 2, 3].includes(level)) throw new RangeError(`bugHunt: expected a level of 1, 2 or 3, got ${String(level)}`);
  const random = new Random(seed);
  const place = drawSamples(random);
  for (let draw = 0; draw < MOST_DRAWS; draw++) {
    const names = random.permutation(STEPS.length).slice(0, level);
    const planted = new Map<string, Change>();
    for (const k of Array.from(names).sort()) {
      const change = drawChange(STEPS[k], level, random, place);
      if (change !== undefined) planted.set(STEPS[k], change);
    }
    if (planted.size === level && lossFalls(place, planted)) return new BugHunt(seed, level, planted, solved);
  }
  throw new Error(`bugHunt: no hunt was found for seed ${seed}; take another one`);
}

/** A change of one step that shows in its numbers, keeps its shape, and can be written down. */
function drawChange(
  name: string,
  level: Level,
  random: Random,
  place: Readonly<Record<string, Matrix>>,
): Change | undefined {
  const known = { ...place, ...gradients(place, new Map()) };
  const formula = right[name];
  const scope = ["X", "Y", "W1", "b1", "W2", "b2", "Z1", "A1", "Z2", "A2", ...STEPS.slice(0, STEPS.indexOf(name))];
  const own = known[name];
  const possible = changes(formula, scope).filter(({ id, rule, formula: changed, cost }) => {
    if (!planters[level].includes(rule) || cost > 4 || STRIKING.test(id)) return false;
    const code = changed.steps.length > 1 ? undefined : stepCode(changed.steps[0], changed.shapes);
    if (code === undefined || code.includes("sum(0, 1,")) return false;
    try {
      const value = computed(changed, known);
      const size = own.norm();
      const off = value.shape === own.shape ? value.minus(own).norm() : 0;
      return value.isFinite() && off > 0.02 * size && off < 20 * size;
    } catch {
      return false;
    }
  });
  // Each rule is as likely as any other, however many places it finds.
  const rules = [...new Set(possible.map(({ rule }) => rule))];
  if (rules.length === 0) return undefined;
  const rule = rules[random.integer(0, rules.length - 1)];
  const ofRule = possible.filter((change) => change.rule === rule);
  return ofRule[random.integer(0, ofRule.length - 1)];
}

/** All gradients, some of them as they are changed. */
function gradients(
  inputs: Readonly<Record<string, Matrix>>,
  planted: ReadonlyMap<string, Change>,
): Record<string, Matrix> {
  const known: Record<string, Matrix> = { ...inputs };
  const found: Record<string, Matrix> = {};
  for (const name of STEPS) {
    known[name] = computed(planted.get(name)?.formula ?? right[name], known);
    found[name] = known[name];
  }
  return found;
}

/** A right `backward` but for one step, which is what somebody has put there. */
function mendedOnly(name: string, mend: Mend) {
  return (X: Matrix, Y: Matrix, parameters: Record<string, Matrix>, cache: Record<string, Matrix>) => {
    const known: Record<string, Matrix> = { X, Y, ...parameters, ...cache };
    const found: Record<string, unknown> = {};
    for (const step of STEPS) {
      if (step === name) {
        found[step] = mend({ ...known, N: X.rows });
        if (Matrix.isMatrix(found[step])) known[step] = found[step];
      } else {
        found[step] = computed(right[step], known);
        known[step] = found[step] as Matrix;
      }
    }
    return found;
  };
}

/** Samples that can be learned, and the weights from which learning starts. */
function drawSamples(random: Random): Record<string, Matrix> {
  const [N, D, H, C] = [12, 4, 5, 3];
  const X = random.normalMatrix(N, D);
  const truth = X.times(random.normalMatrix(D, C));
  const Y = truth.map((z, i) => (z === Math.max(...truth.row(i).data) ? 1 : 0));
  const weights = {
    W1: random.normalMatrix(D, H, 0.7),
    b1: random.normalMatrix(1, H, 0.1),
    W2: random.normalMatrix(H, C, 0.6),
    b2: random.normalMatrix(1, C, 0.1),
  };
  return { ...consistentNetwork({ X, Y, ...weights, Z1: Matrix.zeros(N, H).map(() => 1) }) };
}

/** Whether the loss goes down when one trains with these gradients. */
function lossFalls(place: Readonly<Record<string, Matrix>>, planted: ReadonlyMap<string, Change>): boolean {
  const lossOf = (known: Readonly<Record<string, Matrix>>) => computed(lossFromLogits, known).data[0];
  let now = place;
  for (let step = 0; step < 30; step++) {
    const found = gradients(now, planted);
    const stepped = Object.fromEntries(
      ["W1", "b1", "W2", "b2"].map((name) => [name, now[name].minus(found[`d${name}`].scale(0.3))]),
    );
    if (Object.values(stepped).some((M) => !M.isFinite())) return false;
    now = consistentNetwork({ ...now, ...stepped, Z1: now.Z1.map(() => 1) });
  }
  return lossOf(now) < 0.85 * lossOf(place);
}

/** The whole function, the changed steps among the others. */
function codeOf(planted: ReadonlyMap<string, Change>): string {
  const lines = STEPS.map((name) => {
    const { steps, shapes } = planted.get(name)?.formula ?? right[name];
    return `  ${stepCode(steps[0], shapes)}`;
  });
  return [
    "function backward(X, Y, { W1, b1, W2, b2 }, { Z1, A1, Z2, A2 }) {",
    "  const [N, D, H, C] = [X.rows, X.cols, W1.cols, Y.cols];",
    "  const sum = (from, to, f) => (from < to ? f(from) + sum(from + 1, to, f) : 0);",
    ...lines,
    `  return { ${STEPS.join(", ")} };`,
    "}",
  ].join("\n");
}

function count(n: number): string {
  return ["None", "One", "Two", "Three"][n];
}

function lowered(sentence: string): string {
  return /^[A-Z][a-z]/.test(sentence) ? `${sentence[0].toLowerCase()}${sentence.slice(1)}` : sentence;
}
