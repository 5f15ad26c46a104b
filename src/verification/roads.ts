/** Exercises that exclude a road: whether a function took it, seen while it runs. */
import type { Implementation } from "../equations/equation";
import { Matrix } from "../matrix";
import { Verdict } from "./verdict";

/** A method of Matrix, like `minus`, or `T`. */
export type Road = Exclude<keyof Matrix, "rows" | "cols" | "data" | "shape">;

/** The same function, and which of the methods it has called so far. */
export function watched(
  implementation: Implementation,
  roads: readonly Road[],
): { f: Implementation; taken: ReadonlySet<Road> } {
  const taken = new Set<Road>();
  const f: Implementation = (...args) => {
    const own = roads.flatMap((road) => {
      const property = Object.getOwnPropertyDescriptor(Matrix.prototype, road);
      return property === undefined ? [] : [[road, property] as const];
    });
    for (const [road, property] of own) {
      const noted = (original: Implementation) =>
        function (this: Matrix, ...rest: unknown[]) {
          taken.add(road);
          return original.apply(this, rest);
        };
      const { get, value } = property;
      Object.defineProperty(Matrix.prototype, road, {
        ...property,
        ...(get === undefined ? { value: noted(value) } : { get: noted(get) }),
      });
    }
    try {
      return implementation(...args);
    } finally {
      for (const [road, property] of own) Object.defineProperty(Matrix.prototype, road, property);
    }
  };
  return { f, taken };
}

/** A ✓ with what was to be avoided; a ✗ stays what it is. */
export function withRoads(verdict: Verdict, taken: ReadonlySet<Road>): Verdict {
  if (!verdict.passed || taken.size === 0) return verdict;
  const names = [...taken].map((road) => `\`${String(road)}\``).join(" and ");
  const { explanation } = verdict;
  return new Verdict({
    ...verdict,
    explanation: `right, but this was to be done without ${names}. The answers are ${explanation}`,
  });
}
