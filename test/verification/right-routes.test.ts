import { describe, expect, it } from "vitest";
import { verify as verifyExercise } from "../../src/course";
import type { Implementation } from "../../src/equations/equation";
import type { Matrix } from "../../src/matrix";
import { verify } from "../../src/verify";
import { type RightRoute, rightRoutes } from "./right-routes";

const isExercise = (id: string) => /^[FOHT]\d/.test(id);

const check = ({ id, f }: Pick<RightRoute, "id" | "f">, seed: number) =>
  (isExercise(id) ? verifyExercise : verify)(id, f as Implementation, { seed });

/** The route with every number of its answer put through a function. */
const through =
  (f: RightRoute["f"], digits: (x: number) => number): RightRoute["f"] =>
  (...args) => {
    const answer = f(...args);
    return typeof answer === "number" ? digits(answer) : (answer as Matrix).map(digits);
  };

it("there are more than 60 of them", () => {
  expect(rightRoutes.length).toBeGreaterThan(60);
});

/** The routes of each equation together: what takes long is to draw its questions. */
const routesOf = new Map<string, RightRoute[]>();
for (const route of rightRoutes) routesOf.set(route.id, [...(routesOf.get(route.id) ?? []), route]);

/** The questions of an exercise, of sizes to 40, take ten times as long. */
const some = (id: string, seeds: readonly number[]) => (isExercise(id) ? seeds.slice(0, 40) : seeds);

describe.each([
  ["1 seed", [], [11]],
  ["200 seeds, an exercise's on 40,", ["slow"], Array.from({ length: 200 }, (_, k) => k + 1)],
] as const)("right answers by other routes are accepted on %s", (_, tags, seeds) => {
  it.each([...routesOf])("%s", { tags: [...tags], timeout: 1_200_000 }, (id, routes) => {
    for (const seed of some(id, seeds)) {
      for (const route of routes) {
        const verdict = check(route, seed);
        if (!verdict.passed) expect.fail(`${route.how}, seed ${seed}: ${verdict}`);
      }
    }
  });
});

describe("the same routes in single precision, or rounded to 6 digits, are refused", () => {
  // What is 0 or 1, or only passed on, is exact in single precision, too.
  const others = rightRoutes.filter(({ id }) => !["E14", "T2"].includes(id));
  it.each(others.filter((_, k) => k % 4 === 0).map((route) => [`${route.id} ${route.how}`, route] as const))(
    "%s",
    (_, { id, f }) => {
      expect(check({ id, f: through(f, Math.fround) }, 11).passed).toBe(false);
      expect(check({ id, f: through(f, (x) => Number(x.toPrecision(6))) }, 11).passed).toBe(false);
    },
  );
});
