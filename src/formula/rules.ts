/**
 * Changes of a formula, one at a time: another matrix, a shifted or swapped index, a term left out, another operation or
 * function. What people get wrong is mostly one of these. Each says what is known of it, and nothing of how it came about.
 */
import { type Change, type Found, isMatrix, type Rule, type Spot, unit } from "./change";
import { type FunctionName, functions } from "./functions";
import { inWords, stepText, text } from "./print";
import { expressions, numbersInScope, otherSums, predictedLabels, sharedOut } from "./replacements";
import {
  binary,
  call,
  type Entry,
  type Formula,
  type Index,
  mapped,
  type Node,
  nodes,
  number,
  type Over,
  places,
  type Step,
} from "./tree";

/** Every change of a formula, each rule at each place. */
export function changes(formula: Formula, scope: readonly string[]): Change[] {
  const sizes = [
    ...new Set([
      ...scope.flatMap((name) => formula.shapes[name] ?? []),
      ...formula.steps.flatMap(({ shape }) => shape),
    ]),
  ].filter((letter) => letter !== "1");
  const atOnePlace = formula.steps.flatMap((step, at) =>
    places(step.body).flatMap(({ node, replaced }) => {
      const spot: Spot = { formula, step, at, node, replaced, scope, sizes };
      return rules.flatMap(([rule, find]) =>
        find(spot).map(({ body, step: more, before, ...change }) => {
          const changed = withStep(spot, { ...step, ...more, body }, before);
          return { ...change, said: written(rule, change.said, changed, step.name), rule, formula: changed };
        }),
      );
    }),
  );
  return [...atOnePlace, ...everywhere(formula, scope, sizes), ...functionsEverywhere(formula, scope)];
}

/** A sentence, with the changed step in a few words where that says more. */
function written(rule: Rule, said: string, changed: Formula, step: string): string {
  if (rule !== "operation" && rule !== "factor" && rule !== "operand") return said;
  const short = inShort(changed, step);
  return short.length > 48 || short.includes(" new") || said.includes(short)
    ? said
    : `${said.replace(/\.$/, "")}: the same numbers as ${short}.`;
}

/** The changes of a matrix that is read in several places, made in all of them. */
function everywhere(formula: Formula, scope: readonly string[], sizes: readonly string[]): Change[] {
  return scope.flatMap((name) => {
    const reads = formula.steps
      .flatMap(({ body }) => nodes(body))
      .filter((node) => node.kind === "entry" && node.name === name);
    const first = formula.steps.findIndex(({ body }) =>
      nodes(body).some((node) => node.kind === "entry" && node.name === name),
    );
    if (reads.length < 2) return [];
    const step = formula.steps[first];
    const entry = reads[0] as Entry;
    const spot: Spot = { formula, step, at: first, node: entry, replaced: (by) => by, scope, sizes };
    const made =
      (rule: Rule) =>
      (found: Found): Change => {
        // What stands for the entry at one place is a step of its own, and every place reads that step.
        const own: Step = found.before ?? {
          name: `${name} new`,
          at: letters(entry),
          shape: formula.shapes[name],
          ranges: { ...step.ranges, ...found.step?.ranges },
          body: found.body,
        };
        const read = (body: Node) =>
          mapped(body, (node) => (node.kind === "entry" && node.name === name ? { ...node, name: own.name } : node));
        const steps = formula.steps.map((other) => ({ ...other, body: read(other.body) }));
        const { body: _, step: __, before: ___, ...change } = found;
        return {
          ...change,
          rule,
          formula: { steps: [own, ...steps], shapes: { ...formula.shapes, [own.name]: own.shape } },
        };
      };
    return [
      ...operands(spot).map(made("operand")),
      ...extraSteps(spot).map(made("extra step")),
      ...numbersInScope(spot).map(made("factor")),
    ];
  });
}

/** Another function in all places where one is called: squares above and below the bar. */
function functionsEverywhere(formula: Formula, scope: readonly string[]): Change[] {
  const all = formula.steps.flatMap(({ body }) => nodes(body)).filter((node) => node.kind === "call");
  return [...new Set(all.map(({ name }) => name))].flatMap((name) => {
    const same = all.filter((node) => node.name === name);
    const step = formula.steps[formula.steps.length - 1];
    if (same.length < 2) return [];
    const spot: Spot = { formula, step, at: 0, node: same[0], replaced: (by) => by, scope, sizes: [] };
    return otherFunctions(spot).map(({ body, step: _, before: __, ...change }) => {
      const changed = (node: Node): Node => {
        if (node.kind !== "call" || node.name !== name) return node;
        return body.kind === "call" ? { ...body, args: [node.args[0], ...body.args.slice(1)] } : node.args[0];
      };
      const steps = formula.steps.map((other) => ({ ...other, body: mapped(other.body, changed) }));
      return { ...change, rule: "function" as const, formula: { ...formula, steps } };
    });
  });
}

function letters({ at }: Entry): Step["at"] {
  return [at[0].letter, at[1].letter];
}

function withStep({ formula, at }: Spot, changed: Step, before?: Step): Formula {
  const steps = formula.steps.flatMap((step, k) =>
    k !== at ? [step] : before === undefined ? [changed] : [before, changed],
  );
  const shapes = { ...formula.shapes, [changed.name]: changed.shape };
  return { steps, shapes: before === undefined ? shapes : { ...shapes, [before.name]: before.shape } };
}

/** What a changed formula computes, in a few words. */
export function inShort({ steps, shapes }: Formula, changedAt?: string): string {
  const step = steps.find(({ name }) => name === changedAt) ?? steps[steps.length - 1];
  return inWords(step, shapes) ?? text(step.body);
}

/** Another matrix of the same shape. */
function operands({ formula: { shapes }, node, replaced, scope }: Spot): Found[] {
  if (node.kind !== "entry" || node.stride !== undefined) return [];
  const shape = shapes[node.name];
  if (!isMatrix(shape)) return [];
  return scope
    .filter((name) => name !== node.name && shapes[name]?.join() === shape.join())
    .map((name) => ({
      id: `${name}-instead-of-${node.name}`,
      said: `${name} stands where ${node.name} belongs.`,
      hint: `Which matrix does the equation ask for there, and what does ${node.name} know that ${name} does not?`,
      cost: 2,
      body: replaced({ ...node, name }),
    }));
}

/** One row or column further on, one for all, the other way round, or read as if it had another width. */
function indices({ formula: { shapes }, step, node, replaced, sizes }: Spot): Found[] {
  if (node.kind !== "entry" || node.stride !== undefined) return [];
  const found: Found[] = [];
  const shape = shapes[node.name];
  for (const side of [0, 1] as const) {
    const index = node.at[side];
    if (index.letter === undefined) continue;
    const what = unit[shape[side]] ?? (side === 0 ? "row" : "column");
    const as = (other: Index): Entry => ({ ...node, at: side === 0 ? [other, node.at[1]] : [node.at[0], other] });
    const axis = side === 0 ? "row" : "column";
    for (const [letter, size] of Object.entries(step.ranges)) {
      if (letter === index.letter || size !== shape[side] || node.at[1 - side].letter === letter) continue;
      found.push({
        id: `${node.name}-at-${letter}`,
        said: `${node.name} is read at ${letter} where ${index.letter} belongs.`,
        hint: `Which of the two indices does each factor have?`,
        cost: 3,
        body: replaced(as({ letter })),
      });
    }
    for (const shift of [1, -1]) {
      for (const edge of [undefined, "nothing"] as const) {
        found.push({
          id: `${node.name}-one-${what}-${shift > 0 ? "on" : "back"}`,
          said: `${node.name} is read one ${axis} ${shift > 0 ? "further on" : "before"}: each ${what} gets its neighbour's.`,
          hint: `Which ${axis} of ${node.name} belongs to ${axis} 0 of the rest?`,
          cost: 4,
          body: replaced(as({ letter: index.letter, shift, edge })),
        });
      }
    }
    for (const fixed of [0, -1]) {
      found.push({
        id: `${fixed === 0 ? "first" : "last"}-${what}-of-${node.name}-for-all`,
        said: `${axis[0].toUpperCase()}${axis.slice(1)} ${fixed === 0 ? "0" : "last"} of ${node.name} is used for every ${what}.`
          .replace("Row last", "The last row")
          .replace("Column last", "The last column"),
        hint: `Does the index of ${node.name} move with your loop?`,
        cost: 4,
        body: replaced(as({ fixed })),
      });
    }
  }
  const [row, col] = node.at;
  if (row.letter !== undefined && col.letter !== undefined) {
    const turned: Entry = { ...node, at: [col, row] };
    found.push({
      id: `${node.name}-transposed`,
      said: `${node.name} is transposed.`,
      hint: `What is a row of ${node.name}, and what a column? Write the shapes below the factors.`,
      cost: 3,
      body: replaced(turned),
    });
    for (const stride of sizes) {
      if (stride !== shape[1]) {
        found.push({
          id: `${node.name}-stride`,
          said: `${node.name} is read as data[row · ${stride} + column], and it has ${shape[1]} columns.`,
          hint: `How many numbers lie between one row of ${node.name} and the next?`,
          cost: 4,
          body: replaced({ ...node, stride }),
        });
      }
      found.push({
        id: stride === shape[0] ? `${node.name}-reshaped` : `${node.name}-flat-transposed`,
        said:
          stride === shape[0]
            ? `${node.name} is reshaped where it should be transposed: its numbers are read in the old order, as ${shape[1]}×${shape[0]}.`
            : `${node.name} is read as data[column · ${stride} + row]: row and column have changed places.`,
        hint: `Where in ${node.name}.data does the entry of row 1, column 0 lie?`,
        cost: 4,
        body: replaced({ ...turned, stride }),
      });
    }
  }
  return found;
}

const whole: Readonly<
  Record<NonNullable<Over["without"]>, readonly [id: string, said: (what: string) => string, hint: string]>
> = {
  first: [
    "first-missing",
    (what) => `The first ${what} is left out of the sum.`,
    "With which index does your loop start?",
  ],
  last: ["last-missing", (what) => `The last ${what} is left out of the sum.`, "Where does your loop end?"],
  "the first two": [
    "first-two-missing",
    (what) => `The first two ${what}s are left out of the sum.`,
    "With which index does your loop start?",
  ],
  "the last two": [
    "last-two-missing",
    (what) => `The last two ${what}s are left out of the sum.`,
    "Where does your loop end?",
  ],
  "all but the first": [
    "first-only",
    (what) => `Only the first ${what} counts.`,
    "What becomes of the others? Does something end your loop in its first round?",
  ],
  "all but the last": [
    "last-only",
    (what) => `Only the last ${what} counts.`,
    "Does your loop add to the result, or write over it?",
  ],
};

/** A sum with terms left out, or with another bound. */
function ranges({ node, step, replaced, sizes }: Spot): Found[] {
  if (node.kind !== "over") return [];
  const what = (unit[step.ranges[node.index]] ?? "term").replace(/s$/, "s");
  const plural = (sentence: string) => sentence.replace("classs", "classes");
  const found: Found[] = (Object.keys(whole) as (keyof typeof whole)[]).map((without) => {
    const [id, said, hint] = whole[without];
    const the = node.how === "Σ" ? "the sum" : `the ${node.how}`;
    return {
      id:
        id === "first-missing" ? `first-${what}-missing` : id.replace(/^(first|last)-(only|missing)/, `$1-${what}-$2`),
      said: plural(said(what).replace("the sum", the)),
      hint,
      cost: without.startsWith("the ") ? 5 : 3,
      body: replaced({ ...node, without }),
    };
  });
  for (const until of sizes) {
    if (until === step.ranges[node.index]) continue;
    found.push({
      id: `until-${until}`,
      said: `The sum over the ${unit[step.ranges[node.index]] ?? "term"}s runs up to ${until}, not up to ${step.ranges[node.index]}.`.replace(
        "classs",
        "classes",
      ),
      hint: "Which size ends that loop?",
      cost: 4,
      body: replaced({ ...node, until }),
    });
  }
  return found;
}

const how: Readonly<Record<Over["how"], string>> = {
  Σ: "sum",
  mean: "mean",
  max: "maximum",
  min: "minimum",
  Π: "product",
};

/** Another operation: of a sum, between two numbers, or none. */
function operations({ node, step, replaced }: Spot): Found[] {
  const found: Found[] = [];
  if (node.kind === "over") {
    const what = `${unit[step.ranges[node.index]] ?? "term"}s`.replace("classs", "classes");
    for (const other of Object.keys(how) as Over["how"][]) {
      if (other === node.how) continue;
      found.push({
        id: `${how[other]}-instead-of-${how[node.how]}`,
        said: `The ${how[other]} over the ${what} is taken, not the ${how[node.how]}.`,
        hint: `What does the equation do with the ${what}?`,
        cost: 3,
        body: replaced({ ...node, how: other }),
      });
    }
    if (node.how === "max" && step.body === node) {
      found.push({
        id: "nothing-subtracted",
        said: "No maximum is subtracted.",
        hint: "What keeps the exponentials finite?",
        cost: 4,
        body: replaced(number(0)),
      });
    }
    for (const f of ["abs", "square", "ReLU"] as const) {
      found.push({
        id: `${f}-in-the-${how[node.how]}`,
        said: `The ${how[node.how]} is taken of ${f === "abs" ? "absolute values" : f === "square" ? "squares" : "what is above 0"}.`,
        hint: "What happens to each term before it is added?",
        cost: 4,
        body: replaced({ ...node, of: call(f, node.of) }),
      });
    }
    if (node.how === "Σ" && node.of.kind === "binary" && node.of.op === "·") {
      const of = node.of;
      found.push({
        id: "product-of-sums",
        said: `The ${what} are summed before they are multiplied.`,
        hint: "A sum of products is not the product of the sums. Which number belongs to which?",
        cost: 3,
        body: replaced(binary("·", { ...node, of: of.left }, { ...node, of: of.right })),
      });
      found.push({
        id: "sum-instead-of-product",
        said: "The factors are added where they should be multiplied.",
        hint: "Between the two stands a product.",
        cost: 4,
        body: replaced({ ...node, of: binary("+", of.left, of.right) }),
      });
    }
    // One term in the place of the whole sum: the one whose index is the result's own.
    for (const letter of step.at) {
      if (letter === undefined || step.ranges[letter] !== step.ranges[node.index]) continue;
      found.push({
        id: "one-term-instead-of-the-sum",
        said: `Only the term with ${node.index} = ${letter} is there: the ${what} are not summed.`,
        hint: `Over which ${what} does the sum run?`,
        cost: 3,
        body: replaced(substituted(node.of, node.index, letter)),
      });
    }
  }
  if (node.kind === "negative") {
    found.push({
      id: "minus-missing",
      said: `The minus before ${text(node.of, 3)} is missing.`,
      hint: "Look at the signs.",
      cost: 2,
      body: replaced(node.of),
    });
  }
  if (node.kind !== "binary") return found;
  const [left, right] = [text(node.left), text(node.right)];
  const others = { "+": ["−", "·"], "−": ["+", "·"], "·": ["/", "+"], "/": ["·"], "×": [], ":": [] } as const;
  for (const op of others[node.op]) {
    found.push({
      id: `${op}-instead-of-${node.op}`,
      said: `${verb[op]} ${right}, where ${gerund[node.op]} ${right} is asked for.`.replace(/^./, (c) =>
        c.toUpperCase(),
      ),
      hint: `Look at the operation between ${short(left)} and ${short(right)}.`,
      cost: 2,
      body: replaced(binary(op, node.left, node.right)),
    });
  }
  if (node.op === "−" || node.op === "/") {
    found.push({
      id: "order-swapped",
      said: `${node.op === "−" ? `${right} − ${left}` : `${right} over ${left}`}: the two have changed places.`,
      hint: "Which of the two comes first?",
      cost: 2,
      body: replaced(binary(node.op, node.right, node.left)),
    });
  }
  const scale = node.right.kind === "size" || node.right.kind === "number";
  found.push({
    id: node.op === "/" && node.right.kind === "size" ? `missing-1/${node.right.letter}` : `${short(right)}-missing`,
    said:
      node.op === "/"
        ? node === step.body
          ? `The division by ${right} is missing.`
          : `${left} is not divided by ${right}.`
        : node.op === "·"
          ? `The factor ${right} is missing.`
          : `${right} is missing.`,
    hint: scale
      ? `Where does ${node.op === "/" ? "1/" : ""}${right} come in?`
      : `What does ${short(right)} do in the equation?`,
    cost: 1,
    body: replaced(node.left),
  });
  found.push({
    id: `${short(left)}-missing`,
    said: `${left} is missing.`,
    hint: `What does ${short(left)} do in the equation?`,
    cost: 2,
    body: replaced(
      node.op === "−"
        ? { kind: "negative", of: node.right }
        : node.op === "/"
          ? binary("/", number(1), node.right)
          : node.right,
    ),
  });
  return found;
}

const verb = {
  "+": "adding",
  "−": "subtracting",
  "·": "multiplying by",
  "/": "dividing by",
  "×": "",
  ":": "",
} as const;
const gerund = {
  "+": "adding",
  "−": "subtracting",
  "·": "multiplying by",
  "/": "dividing by",
  "×": "",
  ":": "",
} as const;

function short(expression: string): string {
  return expression.length > 24 ? "it" : expression;
}

function substituted(node: Node, from: string, to: string): Node {
  if (node.kind === "entry") {
    const [row, col] = node.at.map((index) => (index.letter === from ? { ...index, letter: to } : index));
    return { ...node, at: [row, col] };
  }
  if (node.kind === "equal")
    return { ...node, left: node.left === from ? to : node.left, right: node.right === from ? to : node.right };
  if (node.kind === "binary")
    return { ...node, left: substituted(node.left, from, to), right: substituted(node.right, from, to) };
  if (node.kind === "over" || node.kind === "negative") return { ...node, of: substituted(node.of, from, to) };
  if (node.kind === "call") return { ...node, args: node.args.map((arg) => substituted(arg, from, to)) };
  return node;
}

/** A sum along the other axis, or over everything. */
function axes({ formula: { shapes }, node, step, replaced }: Spot): Found[] {
  if (node.kind !== "over" || node.of.kind !== "entry" || node.of.stride !== undefined) return [];
  const { of } = node;
  const side = of.at[0].letter === node.index ? 0 : 1;
  const free = of.at[1 - side];
  const shape = shapes[of.name];
  if (free.letter === undefined || shape === undefined) return [];
  const found: Found[] = [];
  const total: Over = {
    ...node,
    of: {
      ...node,
      index: "q",
      of: { ...of, at: side === 0 ? [of.at[0], { letter: "q" }] : [{ letter: "q" }, of.at[1]] },
    },
  };
  const ranges = { ...step.ranges, q: shape[1 - side] };
  found.push({
    id: "over-everything",
    said: `The ${how[node.how]} is taken of all of ${of.name}, rows and columns.`,
    hint: "Which of the two sums is one too many?",
    cost: 3,
    body: replaced(total),
    step: { ranges },
  });
  const other = `The ${how[node.how]} runs over the ${side === 0 ? "columns" : "rows"} of ${of.name}, not over its ${side === 0 ? "rows" : "columns"}.`;
  const hint = "Which index must be gone afterwards?";
  if (step.body === node && step.at.filter((letter) => letter !== undefined).length === 1) {
    // The result of its own has the other index then: a column, or a row.
    for (const asRow of [true, false]) {
      for (const taken of [node.how, "mean"] as const) {
        found.push({
          id: "sum-over-the-wrong-axis",
          said:
            taken === node.how ? other : `A mean is taken over the ${side === 0 ? "columns" : "rows"} of ${of.name}.`,
          hint,
          cost: taken === node.how ? 3 : 5,
          body: { ...node, how: taken, index: free.letter },
          step: {
            at: asRow ? [undefined, node.index] : [node.index, undefined],
            shape: asRow ? ["1", shape[side]] : [shape[side], "1"],
            ranges: { [node.index]: shape[side], [free.letter]: shape[1 - side] },
          },
        });
      }
    }
  }
  // Where the result has an index of the other kind, the sum may be over the one that is left.
  const own = step.at.find(
    (letter) => letter !== undefined && letter !== free.letter && step.ranges[letter] === shape[side],
  );
  if (own !== undefined) {
    found.push({
      id: "sum-over-the-wrong-axis",
      said: other,
      hint,
      cost: 3,
      body: replaced({
        ...node,
        index: "q",
        of: { ...of, at: side === 0 ? [{ letter: own }, { letter: "q" }] : [{ letter: "q" }, { letter: own }] },
      }),
      step: { ranges },
    });
  }
  return found;
}

/** Another size, or none, or twice, where a size stands. */
function factors({ node, replaced, sizes }: Spot): Found[] {
  if (node.kind !== "size") return [];
  return sizes.flatMap((letter): Found[] => [
    ...(letter === node.letter
      ? []
      : [
          {
            id: `1/${letter}-instead-of-1/${node.letter}`,
            said: `${letter}, the number of ${unit[letter] ?? "rows"}s, stands where ${node.letter}, the number of ${unit[node.letter] ?? "rows"}s, belongs.`.replaceAll(
              "classs",
              "classes",
            ),
            hint: `Over what is the mean taken?`,
            cost: 3,
            body: replaced({ kind: "size" as const, letter }),
          },
        ]),
  ]);
}

const families: readonly (readonly FunctionName[])[] = [
  [
    "ReLU",
    "abs",
    "min0",
    "sigmoid",
    "tanh",
    "softplus",
    "gelu",
    "silu",
    "elu",
    "leaky001",
    "leaky01",
    "leaky02",
    "relu1",
    "relu6",
    "softsign",
    "square",
    "ReLU′",
  ],
  [
    "ReLU′",
    "1 at 0",
    "½ at 0",
    "one",
    "sign",
    "off",
    "below",
    "not0",
    "leaky001′",
    "leaky01′",
    "leaky02′",
    "ReLU",
    "sigmoid",
    "sigmoid′",
    "tanh",
    "tanh′",
    "abs",
    "z(1−z)",
    "square",
    "exp",
  ],
  [
    "leaky",
    "ReLU",
    "abs",
    "leaky001",
    "leaky01",
    "leaky02",
    "leaky′",
    "slope above",
    "leaky above",
    "slope below",
    "−slope below",
    "slope·elu",
    "slope·abs",
    "elu",
    "tanh",
  ],
  [
    "leaky′",
    "ReLU′",
    "1 at 0",
    "one",
    "leaky",
    "slope above",
    "slope",
    "−slope",
    "sign",
    "leaky001′",
    "leaky01′",
    "tanh′",
    "sigmoid′",
  ],
  ["tanh", "sigmoid", "ReLU", "leaky", "abs", "tanh′", "softsign"],
  ["tanh′", "tanh", "1−tanh", "1−z²", "1−tanh²tanh", "ReLU′", "sigmoid′", "tanh·(1−tanh)", "one", "z(1−z)", "leaky′"],
  ["ln", "log2", "log10", "log1p", "ln abs1", "exp", "sqrt", "square"],
  ["exp", "expm1", "exp2", "exp10", "exp−", "square", "abs", "ReLU", "sigmoid", "softplus", "ln", "tanh"],
  ["square", "abs", "exp"],
];

const thresholds = [0.5, 1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12];

/** Another function, or none. */
function otherFunctions({ formula, node, replaced, scope }: Spot): Found[] {
  if (node.kind !== "call") return [];
  const family = families.find(([name]) => name === node.name) ?? [];
  const [x, slope] = node.args;
  const slopes =
    slope ??
    (scope.includes("slope") && formula.shapes.slope !== undefined
      ? ({ kind: "entry", name: "slope", at: [{ fixed: 0 }, { fixed: 0 }] } as const)
      : number(0.01));
  const found: Found[] = family.slice(1).map((name, k) => ({
    id: `${name}-instead-of-${node.name}`,
    said: `${wordsOf(name)} stands where ${wordsOf(node.name)} belongs.`.replace(/^./, (c) => c.toUpperCase()),
    hint: `Compare both at 2, at 0 and at −3.`,
    cost: 2 + k / 100,
    body: replaced(call(name, x, slopes)),
  }));
  found.push({
    id: `${node.name}-missing`,
    said: `${wordsOf(node.name)} is missing: ${text(x)} passes as it is.`.replace(/^./, (c) => c.toUpperCase()),
    hint: `What does ${wordsOf(node.name)} do to a number below 0?`,
    cost: 1,
    body: replaced(x),
  });
  if (node.name === "ReLU′" || node.name === "ReLU") {
    const name = node.name === "ReLU" ? "cutBelow" : "above";
    for (const t of thresholds) {
      found.push({
        id: "threshold",
        said: `The threshold is ${figureText(t)}, not 0.`,
        hint: "What is compared with what?",
        cost: 3,
        body: replaced(call(name, x, number(t))),
      });
    }
  }
  return found;
}

function wordsOf(name: FunctionName): string {
  return functions[name].text;
}

function figureText(x: number): string {
  return String(x).replaceAll("-", "−");
}

const extras: readonly FunctionName[] = [
  "ReLU",
  "ReLU′",
  "abs",
  "square",
  "sigmoid",
  "sigmoid′",
  "tanh",
  "tanh′",
  "exp",
  "ln",
  "sign",
  "z(1−z)",
  "softplus",
  "expm1",
  "leaky001",
];

/** A function that something goes through first; a softmax, all or nothing, or a division by the sum. */
function extraSteps({ formula: { shapes }, node, step, replaced }: Spot): Found[] {
  if (node.kind !== "entry" || node.stride !== undefined || !isMatrix(shapes[node.name])) return [];
  const { name } = node;
  const found: Found[] = extras.map((f, k) => ({
    id: `${f}-of-${name}`,
    said: `${wordsOf(f)} of ${name} stands where ${name} itself belongs.`.replace(/^./, (c) => c.toUpperCase()),
    hint: `What is done to ${name} before it is used?`,
    cost: 3 + k / 100,
    body: replaced(call(f, node)),
  }));
  const [row, col] = node.at;
  const [i, k] = [row.letter, col.letter];
  if (k === undefined) return found;
  const at = (letter: string): Entry => ({ ...node, at: [row, { letter }] });
  const over = (kind: Over["how"], of: Node): Node => ({ kind: "over", how: kind, index: "q", of });
  const own = `${name} new`;
  const ranges = { ...(i === undefined ? {} : { [i]: shapes[name][0] }), [k]: shapes[name][1], q: shapes[name][1] };
  const made = (body: Node): Step => ({ name: own, at: [i, k], shape: shapes[name], ranges, body });
  const steps: readonly [id: string, said: string, hint: string, body: Node][] = [
    [
      "softmax-again",
      `A softmax is taken of ${name}${/^[Aa]/.test(name) ? " once more" : ""}.`,
      `Is ${name} made of logits or of probabilities?`,
      binary(
        "/",
        call("exp", binary("−", node, over("max", at("q")))),
        over("Σ", call("exp", binary("−", at("q"), { kind: "over", how: "max", index: "r", of: at("r") }))),
      ),
    ],
    [
      "all-or-nothing",
      `The largest entry of each row of ${name} counts as 1, all others as 0.`,
      `Is the arg max what belongs there?`,
      call("off", binary("−", over("max", node.kind === "entry" ? at("q") : node), node)),
    ],
    [
      "divided-by-row-sum",
      `Each row of ${name} is divided by its sum.`,
      `What should the rows of ${name} sum to?`,
      binary("/", node, over("Σ", at("q"))),
    ],
    [
      "divided-by-row-maximum",
      `Each row of ${name} is divided by its maximum.`,
      `What is done to ${name} before it is used?`,
      binary("/", node, over("max", at("q"))),
    ],
    [
      "row-mean-subtracted",
      `Each row of ${name} has its mean subtracted.`,
      `What is done to ${name} before it is used?`,
      binary("−", node, over("mean", at("q"))),
    ],
    [
      "row-maximum-subtracted",
      `Each row of ${name} has its maximum subtracted.`,
      `What is done to ${name} before it is used?`,
      binary("−", node, over("max", at("q"))),
    ],
  ];
  for (const [id, said, hint, body] of steps) {
    found.push({
      id: `${id}-${name}`,
      said,
      hint,
      cost: 3,
      body: replaced({ ...node, name: own }),
      before: { ...made(body), ranges: { ...ranges, r: shapes[name][1] } },
    });
  }
  return found.map((change) => ({
    ...change,
    step: { ranges: { ...step.ranges, q: shapes[name][1], r: shapes[name][1] } },
  }));
}

/** What floating point makes of 0 · ∞ and of 0/0. */
function conventions({ step, node, replaced }: Spot): Found[] {
  if (node.kind !== "binary" || (node.op !== "·" && node.op !== "/")) return [];
  if (![...nodes(step.body)].some((other) => other === node)) return [];
  const eager = (inner: Node): Node =>
    inner.kind === "binary"
      ? {
          ...inner,
          op: inner.op === "·" ? "×" : inner.op === "/" ? ":" : inner.op,
          left: eager(inner.left),
          right: eager(inner.right),
        }
      : inner;
  return [
    {
      id: node.op === "·" ? "zero-times-infinity" : "zero-over-zero",
      said: node.op === "·" ? "0 · ln 0 became NaN." : "0/0, or 0 · ∞, became NaN.",
      hint: "Where y is 0 the term counts as 0, whatever it meets. Floating point disagrees: 0 · ∞ is NaN.",
      cost: 2,
      body: replaced(eager(node)),
    },
  ];
}

/** A matrix product with its factors in another order, transposed otherwise, or entry by entry. */
function products({ formula: { shapes }, node, step, replaced }: Spot): Found[] {
  if (node.kind !== "over" || node.how !== "Σ" || node.of.kind !== "binary" || node.of.op !== "·") return [];
  const { left, right } = node.of;
  if (left.kind !== "entry" || right.kind !== "entry") return [];
  const [o1, o2] = step.at;
  if (o1 === undefined || o2 === undefined) return [];
  const s = node.index;
  const found: Found[] = [];
  const entry = (name: string, row: string, col: string): Entry => ({
    kind: "entry",
    name,
    at: [{ letter: row }, { letter: col }],
  });
  const named = (P: string, turnedP: boolean, sign: string, Q: string, turnedQ: boolean) =>
    `${P}${turnedP ? "ᵀ" : ""} ${sign} ${Q}${turnedQ ? "ᵀ" : ""}`;
  const key = (P: Entry, Q: Entry) =>
    [P, Q]
      .map((one) => `${one.name}${one.at.map(({ letter }) => letter)}`)
      .sort()
      .join();
  const right0 = key(left, right);
  const size = (name: string) => shapes[name] ?? ["1", "1"];
  for (const [P, Q] of [
    [left.name, right.name],
    [right.name, left.name],
  ]) {
    for (const turnedP of [false, true]) {
      for (const turnedQ of [false, true]) {
        const A = turnedP ? entry(P, s, o1) : entry(P, o1, s);
        const B = turnedQ ? entry(Q, o2, s) : entry(Q, s, o2);
        if (key(A, B) !== right0) {
          // The loop's length is that of the first factor's row or column, as it is in a product that goes through.
          const inner = size(P)[turnedP ? 0 : 1];
          const rows = size(P)[turnedP ? 1 : 0];
          const cols = size(Q)[turnedQ ? 0 : 1];
          found.push({
            id: productId(P === left.name, turnedP, turnedQ, left, s),
            said: `The same numbers as ${named(P, turnedP, "·", Q, turnedQ)}.`,
            hint: `Write the shapes below the two factors. The sum runs over the ${unit[step.ranges[s]] ?? "row"}s: where are they in each?`.replace(
              "classs",
              "classes",
            ),
            cost: P === left.name ? 2 : 3,
            body: replaced({ ...node, of: binary("·", A, B) }),
            step: { shape: [rows, cols], ranges: { ...step.ranges, [s]: inner, [o1]: rows, [o2]: cols } },
          });
        }
        if (P !== left.name) continue;
        const [C, D] = [turnedP ? entry(P, o2, o1) : entry(P, o1, o2), turnedQ ? entry(Q, o2, o1) : entry(Q, o1, o2)];
        found.push({
          id: "element-wise",
          said: `The same numbers as ${named(P, turnedP, "⊙", Q, turnedQ)}: an element-wise product where a matrix product belongs.`,
          hint: "That is a sum of products, not one product per entry.",
          cost: turnedP && turnedQ ? 5 : 3,
          body: replaced(binary("·", C, D)),
          step: {
            shape: turnedP ? [size(P)[1], size(P)[0]] : size(P),
            ranges: { ...step.ranges, [o1]: size(P)[turnedP ? 1 : 0], [o2]: size(P)[turnedP ? 0 : 1] },
          },
        });
      }
    }
  }
  return found;
}

function productId(inOrder: boolean, turnedP: boolean, turnedQ: boolean, left: Entry, s: string): string {
  const leftTurned = left.at[0].letter === s;
  if (!inOrder) return turnedP || turnedQ ? "factors-swapped" : "swapped-without-transpose";
  if (!turnedP && !turnedQ) return "transpose-missing";
  return leftTurned === turnedP ? "other-factor-transposed" : "other-factor-transposed";
}

const rules: readonly (readonly [Rule, (spot: Spot) => Found[]])[] = [
  ["operation", operations],
  ["operand", operands],
  ["function", otherFunctions],
  ["range", ranges],
  ["axis", axes],
  ["factor", factors],
  ["product", products],
  ["index", indices],
  ["convention", conventions],
  ["extra step", extraSteps],
  ["operand", otherSums],
  ["operand", predictedLabels],
  ["factor", numbersInScope],
  ["factor", sharedOut],
  ["function", expressions],
];

/** A change of what another change has left, for pairs: those that change a function, where an operand was changed, or the other way round. */
export function pairsWith(first: Change, scope: readonly string[]): Change[] {
  if (first.rule !== "operand" && first.rule !== "function") return [];
  const wanted = first.rule === "operand" ? "function" : "operand";
  return changes(first.formula, scope)
    .filter(({ rule }) => rule === wanted)
    .map((second) => ({
      ...second,
      id: `${first.id} + ${second.id}`,
      said: `${first.said} And: ${second.said}`,
      hint: first.hint,
      cost: first.cost + second.cost + 2,
    }));
}

/** A formula with one number in it to be found. */
export interface Family {
  readonly id: string;
  /** The step that it changes. */
  readonly step: string;
  readonly said: (p: string) => string;
  readonly hint: string;
  readonly cost: number;
  readonly with: (p: number) => Formula;
}

/** Formulas with a number to be solved for: something added, scaled, cut off, a slope, a share of smoothing. */
export function solvable(formula: Formula, scope: readonly string[]): Family[] {
  return formula.steps.flatMap((step, at) =>
    places(step.body).flatMap(({ node, replaced }): Family[] => {
      const spot: Spot = { formula, step, at, node, replaced, scope, sizes: [] };
      const made = (
        id: string,
        said: (p: string) => string,
        hint: string,
        cost: number,
        by: (p: Node) => Node,
      ): Family => ({
        id,
        step: step.name,
        said,
        hint,
        cost,
        with: (p) => withStep(spot, { ...step, body: replaced(by(number(p))) }),
      });
      const what =
        node.kind === "entry" && formula.steps.some(({ name }) => name === node.name)
          ? nameOfStep(formula, node.name)
          : text(node, 3);
      const found: Family[] = [];
      if (node.kind === "entry" || node.kind === "over" || (node.kind === "call" && node.name !== "ReLU′")) {
        found.push(
          made(
            "number-added",
            (p) => `The same as with ${p} added to ${what}.`,
            "What is the small number for, and what does it change?",
            3,
            (p) => binary("+", node, p),
          ),
          made(
            "clipped",
            (p) => `The same as with ${what} cut off below ${p}.`,
            "Where a number is cut off, what becomes of its derivative?",
            3.1,
            (p) => call("atLeast", node, p),
          ),
          made(
            "clipped-above",
            (p) => `The same as with ${what} cut off above ${p}.`,
            "Where a number is cut off, what becomes of its derivative?",
            3.1,
            (p) => call("atMost", node, p),
          ),
        );
      }
      if (node.kind === "entry" && isMatrix(formula.shapes[node.name])) {
        found.push(
          made(
            "scaled",
            (p) => `The same as with ${node.name} times ${p}.`,
            `Is ${node.name} scaled before it is used?`,
            3,
            (p) => binary("·", node, p),
          ),
        );
      }
      if (node.kind === "entry" && scope.includes(`d${node.name}`)) {
        const gradient: Entry = { ...node, name: `d${node.name}` };
        found.push(
          made(
            "stepped",
            (p) =>
              `The same as with ${`${node.name} + ${p}`.replace("+ −", "− ")} · d${node.name} in the place of ${node.name}.`,
            `Which ${node.name} did the forward pass use?`,
            3,
            (p) => binary("+", node, binary("·", gradient, p)),
          ),
        );
      }
      if (node.kind === "call") {
        const [x] = node.args;
        if (node.name === "ReLU")
          found.push(
            made(
              "leaky",
              (p) => `The same as a leaky ReLU with slope ${p}.`,
              "What does ReLU let through below 0?",
              2.5,
              (p) => call("leaky", x, p),
            ),
          );
        if (node.name === "ReLU′")
          found.push(
            made(
              "leaky",
              (p) => `The same as the derivative of a leaky ReLU, ${p} below 0.`,
              "How steep is ReLU below 0?",
              2.5,
              (p) => call("leaky′", x, p),
            ),
          );
      }
      if (node.kind === "entry" && node.name === "Y") {
        found.push(
          made(
            "labels-smoothed",
            (p) => `The same as with smoothed labels: ${p} of each label is shared among all classes.`,
            "Which labels does the equation ask for?",
            3,
            (p) =>
              binary("+", binary("·", node, binary("−", number(1), p)), binary("/", p, { kind: "size", letter: "C" })),
          ),
        );
      }
      return found;
    }),
  );
}

function nameOfStep(formula: Formula, name: string): string {
  const step = formula.steps.find((other) => other.name === name) as Step;
  return step.body.kind === "over" ? text(step.body) : stepText(step).split(" = ")[1];
}
