/** Looks for one change that makes a wrong equation true. */
import { type Comparison, compare, type Draws } from "./compare";
import {
  type Condition,
  type Expression,
  freeLetters,
  latexOf,
  type Noted,
  type Operation,
  type Place,
  spots,
} from "./expression";
import { type Network, nameOf, type Shape } from "./network";

/** A changed equation, with what the change is. */
export interface Repair {
  readonly left: Expression;
  readonly right: Expression;
  readonly said: string;
  /** Whether only the way of writing changes. */
  readonly isNotation: boolean;
}

interface Candidate {
  readonly to: Expression;
  readonly said: string;
  readonly isNotation?: boolean;
}

/** The first change, the likeliest first, with which the equation is true on every draw. */
export function repaired(
  network: Network,
  draws: Draws,
  left: Expression,
  right: Expression,
  where: readonly Condition[],
): Repair | undefined {
  const holds = (l: Expression, r: Expression) =>
    draws.usual.every((draw) => compare(network, draw, l, r, where).kind === "equal");
  const tried = (candidates: readonly Candidate[], side: "left" | "right", other: Expression) => {
    // What stands there already is no change, and what stands on the other side says nothing.
    const before = [left, right].map((of) => JSON.stringify(of));
    for (const { to, said, isNotation = false } of candidates) {
      if (before.includes(JSON.stringify(to))) continue;
      const [l, r] = side === "right" ? [other, to] : [to, other];
      if (holds(l, r)) return { left: l, right: r, said: side === "left" ? `${said}, on the left` : said, isNotation };
    }
    return undefined;
  };
  const written = [...notation(network, right)];
  // A slip of notation hides what else there is: it is mended first.
  for (const clean of written) {
    const loose = [...freeLetters(clean.to)].filter((letter) => !freeLetters(left).has(letter));
    const entry = loose.length > 0 ? withPlaces(left, loose) : undefined;
    if (entry !== undefined && holds(entry, clean.to)) {
      return {
        left: entry,
        right: clean.to,
        said: `${clean.said}, and the left side has the index ${loose.join(", ")} as well`,
        isNotation: true,
      };
    }
  }
  return (
    tried(written, "right", left) ??
    tried(notation(network, left), "left", right) ??
    factor(network, draws, left, right, where) ??
    tried(singles(network, right, left), "right", left) ??
    tried(singles(network, left, right), "left", right) ??
    tried(pairsOf(network, right), "right", left)
  );
}

/** A symbol without a layer that it does not have, or without an index too many. */
function notation(network: Network, side: Expression): Candidate[] {
  const found: Candidate[] = [];
  const clean = (symbol: Noted): Noted | undefined => {
    try {
      const known = network.find(symbol);
      if (known !== undefined && known.at.length > 2) return undefined;
      return undefined;
    } catch {
      return { kind: "symbol", base: symbol.base, at: symbol.at };
    }
  };
  const without = (symbol: Noted): Candidate[] => {
    const places = spots(side).filter(({ at }) => at === symbol);
    const [place] = places;
    const cleaned = clean(symbol);
    if (cleaned !== undefined)
      return [
        {
          to: place.replaced(cleaned),
          said: `${symbol.base} belongs to no layer: ${inText(cleaned)} rather than ${inText(symbol)} is meant`,
          isNotation: true,
        },
      ];
    if (symbol.at.length > 2) {
      return symbol.at.map((_, k) => {
        const fewer: Noted = { ...symbol, at: symbol.at.filter((__, p) => p !== k) };
        return {
          to: place.replaced(fewer),
          said: `${nameOf(symbol)} has a row and a column, so it takes two indices and not ${symbol.at.length}: ${inText(fewer)}`,
          isNotation: true,
        };
      });
    }
    return [];
  };
  for (const { at } of spots(side)) if (at.kind === "symbol") found.push(...without(at));
  return found;
}

const inText = (of: Expression) => `$${latexOf(of)}$`;

/** A symbol, or a derivative by one, with more indices. */
function withPlaces(of: Expression, letters: readonly string[]): Expression | undefined {
  const more: Place[] = letters.map((letter) => ({ letter }));
  if (of.kind === "symbol") return { ...of, at: [...of.at, ...more] };
  if (of.kind === "derivative") return { ...of, by: { ...of.by, at: [...of.by.at, ...more] } };
  return undefined;
}

/** A factor that all of one side lacks: 1/N, −1, 2. */
function factor(
  network: Network,
  draws: Draws,
  left: Expression,
  right: Expression,
  where: readonly Condition[],
): Repair | undefined {
  const ratios = draws.usual.map((draw) => {
    const result: Comparison = compare(network, draw, left, right, where);
    return result.kind === "different" ? result.ratio : undefined;
  });
  const [first, second] = ratios;
  if (first === undefined || second === undefined) return undefined;
  const same = (a: number, b: number) => Math.abs(a - b) <= 1e-7 * Math.abs(a);
  const num = (text: string): Expression => ({ kind: "number", text });
  const size = (letter: string): Expression => ({ kind: "symbol", base: letter, at: [] });
  const times = (by: Expression): Expression => ({ kind: "binary", op: "", left: by, right });
  const over = (by: Expression): Expression => times({ kind: "binary", op: "/", left: num("1"), right: by });
  const repair = (to: Expression, said: string): Repair => ({ left, right: to, said, isNotation: false });
  for (const letter of network.sizes.filter((name) => /^[A-Z]$/.test(name))) {
    const sizes = draws.usual.map((draw) => draw.sizes[letter]);
    if (same(first * sizes[0], second * sizes[1]) && same(Math.abs(first * sizes[0]), 1)) {
      const sign = first < 0 ? ", and the sign is the wrong way round" : "";
      const to = over(size(letter));
      return repair(
        first < 0 ? { kind: "negative", of: to } : to,
        `the 1/${letter} is missing: the right side is ${letter} times too large${sign}`,
      );
    }
    if (same(first / sizes[0], second / sizes[1]) && same(Math.abs(first / sizes[0]), 1)) {
      const to = times(size(letter));
      return repair(
        first < 0 ? { kind: "negative", of: to } : to,
        `a 1/${letter} is too much: the right side is ${letter} times too small${first < 0 ? ", and the sign is the wrong way round" : ""}`,
      );
    }
  }
  if (!same(first, second)) return undefined;
  if (same(first, -1))
    return repair({ kind: "negative", of: right }, "the sign of the whole right side is the wrong way round");
  const text = String(Number(first.toPrecision(6)));
  return repair(times(num(text)), `the right side is right but for a factor: times ${text} it is true`);
}

const OPPOSITE: Partial<Record<Operation, Operation>> = { "+": "−", "−": "+" };

/** One change at one place. */
function singles(network: Network, side: Expression, other: Expression): Candidate[] {
  const missing = [...freeLetters(side)].filter((letter) => !freeLetters(other).has(letter));
  const found: Candidate[] = missing.map((index) => ({
    to: { kind: "over", how: "Σ", index, of: side },
    said: `a Σ over ${index} is missing`,
  }));
  if (missing.length === 0) {
    found.push({ to: { kind: "over", how: "Σ", index: "samples", of: side }, said: "a Σ over the samples is missing" });
  }
  const at = spots(side);
  for (const { at: of, replaced } of at.slice(1)) {
    for (const index of missing.filter((letter) => freeLetters(of).has(letter))) {
      if (of.kind !== "number" && of.kind !== "symbol")
        found.push({ to: replaced({ kind: "over", how: "Σ", index, of }), said: `a Σ over ${index} is missing` });
    }
  }
  for (const { at: of, replaced } of at) {
    if (of.kind === "binary") {
      const opposite = OPPOSITE[of.op];
      if (opposite !== undefined)
        found.push({
          to: replaced({ ...of, op: opposite }),
          said: `${opposite === "−" ? "a minus" : "a plus"} belongs before ${inText(of.right)}`,
        });
    }
    if (of.kind === "negative") found.push({ to: replaced(of.of), said: `no minus belongs before ${inText(of.of)}` });
    if (of.kind === "cases") {
      for (const [k, row] of of.rows.entries()) {
        const rows = of.rows.map((one, o) => (o === k ? { ...one, value: negated(one.value) } : one));
        const when =
          row.when === undefined
            ? "in the last case"
            : `where ${inText(row.when.left)} ${row.when.is} ${inText(row.when.right)}`;
        found.push({
          to: replaced({ ...of, rows }),
          said: `${row.value.kind === "negative" ? "no minus" : "a minus"} belongs before ${inText(row.value)} ${when}`,
        });
      }
    }
  }
  for (const { at: of, replaced } of at) {
    if (of.kind === "transposed") found.push({ to: replaced(of.of), said: `${inText(of.of)} is not to be transposed` });
    else if (isWhole(of))
      found.push({
        to: replaced({ kind: "transposed", of }),
        said: `a transpose is missing: ${inText({ kind: "transposed", of })}`,
      });
    if (of.kind === "binary" && (of.op === "·" || of.op === "")) {
      found.push({
        to: replaced({ ...of, left: of.right, right: of.left }),
        said: `${inText(of.left)} and ${inText(of.right)} stand the wrong way round`,
      });
      found.push({ to: replaced({ ...of, op: "⊙" }), said: "the product is entry by entry: ⊙" });
    }
    if (of.kind === "binary" && of.op === "⊙")
      found.push({ to: replaced({ ...of, op: "·" }), said: "the product is one of matrices, not entry by entry" });
  }
  found.push(...turnedPairs(at));
  const letters = [
    ...new Set([
      ...freeLetters(side),
      ...freeLetters(other),
      ...at.flatMap(({ at: of }) => (of.kind === "over" && of.index !== "samples" ? [of.index] : [])),
    ]),
  ];
  for (const { at: of, replaced } of at) {
    if (of.kind === "over" && of.how === "Σ") {
      found.push({ to: replaced(of.of), said: `no Σ over ${of.index} belongs there` });
      if (of.not !== undefined)
        found.push({
          to: replaced({ ...of, not: undefined } as Expression),
          said: `the Σ leaves out ${of.not}, and should not`,
        });
    }
    if (of.kind === "symbol") {
      for (const [k, place] of of.at.entries()) {
        for (const letter of letters) {
          if ("letter" in place && place.letter !== letter) {
            const to: Noted = { ...of, at: of.at.map((old, p) => (p === k ? { letter } : old)) };
            found.push({ to: replaced(to), said: `an index is another: ${inText(to)} in place of ${inText(of)}` });
          }
        }
      }
      if (of.at.length === 2) {
        const to: Noted = { ...of, at: [of.at[1], of.at[0]] };
        found.push({ to: replaced(to), said: `two indices are swapped: ${inText(to)} in place of ${inText(of)}` });
      }
      for (const name of othersFor(network, of)) {
        found.push({ to: replaced(name), said: `${inText(name)} belongs where ${inText(of)} stands` });
      }
    }
    if (of.kind === "apply" && !/^(max|min)$/.test(of.name)) {
      const primes = of.primes === 0 ? 1 : 0;
      found.push({
        to: replaced({ ...of, primes }),
        said:
          primes === 1
            ? `the derivative of the function belongs there: ${inText({ ...of, primes })}`
            : `the function itself belongs there, not its derivative`,
      });
      for (const name of ["ReLU", "sigmoid", "tanh"])
        if (name !== of.name)
          found.push({ to: replaced({ ...of, name }), said: `${name} belongs where ${of.name} stands` });
    }
    if (of.kind === "delta" || of.kind === "number") continue;
    if (of.kind === "power" && of.exponent.kind === "number")
      found.push({ to: replaced(of.of), said: `no power of ${of.exponent.text} belongs there` });
    if (of.kind === "binary" && (of.op === "+" || of.op === "−")) {
      found.push({ to: replaced(of.left), said: `${inText(of.right)} is too much` });
      found.push({
        to: replaced({ ...of, left: of.right, right: of.left }),
        said: `${inText(of.left)} and ${inText(of.right)} stand the wrong way round`,
      });
    }
    if (of.kind === "binary" && (of.op === "·" || of.op === "" || of.op === "⊙")) {
      found.push({ to: replaced(of.left), said: `the factor ${inText(of.right)} is too much` });
      found.push({ to: replaced(of.right), said: `the factor ${inText(of.left)} is too much` });
    }
  }
  return found;
}

const negated = (of: Expression): Expression => (of.kind === "negative" ? of.of : { kind: "negative", of });

/** Whether it is a whole matrix by itself. */
function isWhole(of: Expression): boolean {
  return (of.kind === "symbol" && of.at.length === 0) || (of.kind === "derivative" && of.by.at.length === 0);
}

/** In a product: both sides swapped, and one of them transposed. */
function turnedPairs(
  at: readonly { readonly at: Expression; readonly replaced: (by: Expression) => Expression }[],
): Candidate[] {
  const turn = (of: Expression): Expression => (of.kind === "transposed" ? of.of : { kind: "transposed", of });
  return at.flatMap(({ at: of, replaced }) => {
    if (of.kind !== "binary" || (of.op !== "·" && of.op !== "")) return [];
    const { left, right } = of;
    const forms: Expression[] = [
      { ...of, left: turn(right), right: left },
      { ...of, left: right, right: turn(left) },
      { ...of, left: turn(left), right: turn(right) },
      { ...of, left: turn(right), right: turn(left) },
    ];
    return forms.map((to) => ({ to: replaced(to), said: `the sides and the transposes are others: ${inText(to)}` }));
  });
}

/** Other symbols that might have been meant: those of the same shape, and those of the same letter. */
function othersFor(network: Network, of: Noted): Noted[] {
  let shape: Shape | undefined;
  try {
    shape = network.find(of)?.shape;
  } catch {
    return [];
  }
  const found: Noted[] = [];
  for (const [name, other] of network.shapes) {
    if (name === nameOf(of)) continue;
    const [, base, digits] = /^(.*?)(\d*)$/u.exec(name) as unknown as [string, string, string];
    const isLike = base === of.base || (shape !== undefined && (other[0] === shape[0] || other[1] === shape[1]));
    if (isLike || shape === undefined)
      found.push({
        kind: "symbol",
        base,
        ...(digits === "" ? {} : of.layer === undefined ? { digits } : { layer: digits }),
        at: of.at,
      });
  }
  return found;
}

/** Two changes of kinds that come together: a transpose here and there, a swap and a sign. */
function pairsOf(network: Network, right: Expression): Candidate[] {
  const small = (side: Expression) =>
    spots(side).flatMap(({ at: of, replaced }): Candidate[] => {
      if (of.kind === "transposed") return [{ to: replaced(of.of), said: `${inText(of.of)} is not to be transposed` }];
      if (isWhole(of))
        return [
          {
            to: replaced({ kind: "transposed", of }),
            said: `a transpose is missing: ${inText({ kind: "transposed", of })}`,
          },
        ];
      if (of.kind === "binary" && (of.op === "·" || of.op === ""))
        return [
          {
            to: replaced({ ...of, left: of.right, right: of.left }),
            said: `${inText(of.left)} and ${inText(of.right)} stand the wrong way round`,
          },
        ];
      return [];
    });
  void network;
  return small(right)
    .slice(0, 12)
    .flatMap((first) =>
      small(first.to)
        .slice(0, 12)
        .map((second) => ({ to: second.to, said: `${first.said}; ${second.said}` })),
    );
}
