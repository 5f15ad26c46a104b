/** What an exercise is, and how most of them are made: from one or several equations that can be checked. */
import { type Checkable, type Misconception, statedValue } from "../../equations/equation";
import type { Symbols } from "../../equations/situations";
import { formula } from "../../formula/parse";
import { Matrix } from "../../matrix";
import { referenceExpectation } from "../../oracles/expectation";
import { drawnFor, perSeed, questionsOf, verdictOn } from "../../verification/equation";
import type { Outcome } from "../../verification/outcome";
import { Verdict } from "../../verification/verdict";
import type { Answer, Argument } from "../plain-data";

/** The assignments, in the order in which they are given out; each is a notebook. */
export const assignments = ["forward-pass", "output-layer", "hidden-layers", "train-it"] as const;

/** The name of an assignment. */
export type Assignment = (typeof assignments)[number];

/** One exercise: a function that a student writes, how it is tried, and how the answers are judged. */
export interface Exercise {
  /** Unique, like `F1`; also the grade id of the notebook's cell that checks it. */
  readonly id: string;
  /** The notebook that it is an exercise of. */
  readonly assignment: string;
  /** The heading under which the notebook sets it. */
  readonly title: string;
  /** What is to be computed, in LaTeX without dollar signs. */
  readonly latex: string;
  /** The name of the function that the student writes. */
  readonly functionName: string;
  /** What it is worth. */
  readonly points: number;
  /** How long all calls together may take, in seconds; 10 when left out. */
  readonly seconds?: number;
  /**
   * Whether a whole class is graded on the same inputs. Otherwise other code gets others; where chance has a say in what is
   * right, that would be an invitation to hand in again until it is.
   */
  readonly oneDrawForAll?: true;
  /** The wrong answers that are known by name. */
  readonly misconceptions: readonly Pick<Misconception, "id" | "name" | "hint">[];
  /** What is judged: each result, what it is computed from, and the wrong answers, for exercises made of equations. */
  readonly parts?: readonly Pick<Checkable, "parameters" | "result" | "misconceptions">[];
  /** The sets of arguments that the function is called with. Another seed gives others. */
  readonly questions: (seed: number) => (readonly Argument[])[];
  /**
   * The verdict on the function's answers.
   * @param answer what it made of the arguments at this place of `questions(seed)`
   */
  readonly judge: (seed: number, answer: (index: number) => Answer) => Verdict;
}

/** What the entries of all exercises have in common. */
type Entry = Pick<Exercise, "id" | "title" | "latex" | "functionName" | "points" | "seconds"> & {
  readonly assignment: Assignment | (string & {});
};

/** What a function is to compute: stated in steps, or done by a reference, or with oracles of its own. */
type Claim =
  | {
      /** The steps, as one writes them on paper: `["E[i,j] = (A2[i,j] − Y[i,j])²"]`; see src/formula/parse.ts. */
      readonly steps: readonly string[];
    }
  | {
      /** A function that does it right. It is good to 9 digits, and what is wrong with others is told less exactly. */
      readonly reference: (...args: Matrix[]) => Matrix | number;
    }
  | Pick<Checkable, "formulas" | "expectations">;

type Asked = Pick<Checkable, "parameters" | "result" | "situations"> &
  Required<Pick<Checkable, "square">> & { readonly misconceptions?: readonly Misconception[] };

/** An exercise with one result, a Matrix or a number. Its arguments are the equation's parameters, in their order. */
export function exercise(entry: Entry, equation: Asked & Claim): Exercise {
  const checkable: Checkable = {
    ...entry,
    misconceptions: [],
    ...equation,
    ...oracleOf(equation, equation.parameters),
  };
  return {
    ...entry,
    misconceptions: checkable.misconceptions,
    parts: [checkable],
    questions: (seed) =>
      questionsOf(checkable, seed).map((args) =>
        args.map((value, k): Argument => {
          if (checkable.parameters[k].number) return { kind: "number", value: value.data[0] };
          return { kind: "matrix", value };
        }),
      ),
    judge: (seed, answer) => verdictOn(checkable, seed, (_, index) => singleOutcome(checkable.result, answer(index))),
  };
}

/** Who knows what is right. */
function oracleOf(
  claim: Claim,
  parameters: Checkable["parameters"],
): Pick<Checkable, "formulas" | "expectations" | "rightOf"> {
  if ("expectations" in claim) return claim;
  if ("steps" in claim) {
    const shapes = Object.fromEntries(parameters.map(({ name, rows, cols }) => [name, [rows, cols] as const]));
    return statedValue([formula(claim.steps, shapes)]);
  }
  const called = (symbols: Symbols) => {
    const args = parameters.map(({ name, number }) => (number ? symbols[name].data[0] : symbols[name]));
    return claim.reference(...(args as Matrix[]));
  };
  return {
    formulas: [],
    rightOf: (symbols) => {
      const right = called(symbols);
      return typeof right === "number" ? new Matrix(1, 1, Float64Array.of(right)) : right;
    },
    expectations: (symbols) => [referenceExpectation(called(symbols))],
  };
}

/** One of several results that a function returns together. */
export type Part = Omit<Checkable, "id" | "functionName" | "title" | "latex" | "situations" | "square">;

/** An exercise whose function is called in its own way, or returns a record: `{ dW3, db3 }`. */
export interface CompositeOptions {
  readonly situations: Checkable["situations"];
  readonly square: Required<Checkable>["square"];
  /** The function's arguments, made of a situation's matrices. */
  readonly pack: (symbols: Symbols) => Argument[];
  /** Whether the result is a record whose fields are named as the parts; otherwise it is the one part itself. */
  readonly record: boolean;
  /** The results in dependency order: the first wrong one is the one that a student is told about. */
  readonly parts: readonly Part[];
}

/** An exercise with several results, or with arguments that are no matrices. */
export function compositeExercise(entry: Entry, options: CompositeOptions): Exercise {
  const { situations, square, pack, record, parts } = options;
  const checkables = parts.map((part): Checkable => ({ ...entry, ...part, situations, square }));
  // The situations draw the same symbols for every part, since each part starts from the same seed.
  const inputs: Checkable = { ...checkables[0], parameters: [], expectations: () => [] };
  const questions = perSeed((seed) => drawnFor(inputs, seed).map(pack));
  return {
    ...entry,
    misconceptions: parts.flatMap(({ misconceptions }) => misconceptions),
    parts,
    questions,
    judge: (seed, ask) => {
      const answers = new Map<number, Answer>();
      const answer = (index: number) => {
        const known = answers.get(index) ?? ask(index);
        answers.set(index, known);
        return known;
      };
      const outcome = (part: Part) => (_: unknown, index: number) =>
        record ? fieldOutcome(parts, part, answer(index)) : singleOutcome(part.result, answer(index));
      const verdicts = checkables.map((checkable, k) => verdictOn(checkable, seed, outcome(parts[k]), false));
      const wrong = verdicts.findIndex(({ passed }) => !passed);
      if (wrong < 0) return verdicts.reduce(combined);
      if (verdicts[wrong].worst === undefined) {
        // Nothing came back, say because two shapes did not fit. Which result it was shows on square inputs.
        return verdicts.find(({ misconception }) => misconception !== undefined) ?? verdicts[wrong];
      }
      if (!record) return verdicts[wrong];
      const later = verdicts.slice(wrong + 1).filter(({ passed }) => !passed).length;
      const rest = later === 0 ? "Everything else is right." : "What comes after it may be wrong only because of it.";
      const name = parts[wrong].result.name;
      const explanation = `The first wrong result is ${name}. ${verdicts[wrong].explanation} ${rest}`;
      return new Verdict({ ...verdicts[wrong], explanation, step: { name, equation: entry.id } });
    },
  };
}

/** Two verdicts that are both a ✓ as one. */
function combined(a: Verdict, b: Verdict): Verdict {
  const worse = a.maxAbsError >= b.maxAbsError ? a : b;
  return new Verdict({ ...worse, oracles: [...new Set([...a.oracles, ...b.oracles])] });
}

/** The one result that a function returned. */
function singleOutcome(result: Checkable["result"], answer: Answer): Outcome {
  if (answer.kind === "failure") return answer;
  const wanted = result.number ? "a number" : "a Matrix";
  if (answer.kind === "record") {
    const names = Object.keys(answer.fields).join(", ") || "nothing in it";
    return failure(`Your function returned an object with ${names}; expected ${wanted}`);
  }
  return numbers("Your function returned", result, answer.value);
}

/** One field of the record that a function returned. */
function fieldOutcome(parts: readonly Part[], { result }: Part, answer: Answer): Outcome {
  const names = parts.map((part) => part.result.name).join(", ");
  if (answer.kind === "failure") {
    return /^Your function returned an array$/.test(answer.why)
      ? failure(`${answer.why}; expected an object: { ${names} }`)
      : answer;
  }
  if (answer.kind !== "record") {
    return failure(`Your function returned a ${answer.kind}; expected an object with ${names}`);
  }
  const value = Object.hasOwn(answer.fields, result.name) ? answer.fields[result.name] : undefined;
  if (value === undefined) {
    return failure(`Your function returned no Matrix named ${result.name}; expected an object with ${names}`);
  }
  return numbers(`Your function's ${result.name} is`, result, value);
}

function numbers(what: string, result: Checkable["result"], value: Matrix | number): Outcome {
  if (typeof value !== "number" && result.number) {
    const form = `in a ${value.shape} Matrix`;
    return {
      kind: "failure",
      why: `${what} a ${value.shape} Matrix; expected a number`,
      inAnotherForm: { form, value },
    };
  }
  if (typeof value === "number") {
    const M = new Matrix(1, 1, Float64Array.of(value));
    return result.number ? { kind: "matrix", value: M } : failure(`${what} the number ${value}; expected a Matrix`);
  }
  return { kind: "matrix", value };
}

function failure(why: string): Outcome {
  return { kind: "failure", why };
}
