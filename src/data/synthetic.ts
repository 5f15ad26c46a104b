/** Made-up data in the plane, where one can see the border that the network draws. */

import { Matrix } from "../matrix";
import { Random } from "../random";
import { checkSeed, checkWhole } from "../shapes";
import { oneHot } from "./labels";
import type { Samples } from "./samples";

/** Samples in the plane (X is N×2) and their class ids. */
export interface PlaneSamples extends Samples {
  /** N class ids. */
  readonly labels: readonly number[];
}

/** What both shapes are made with. */
export interface PlaneOptions {
  /** How many samples each class has; 100 by default. */
  readonly perClass?: number;
  /** Standard deviation of the noise that is added to every coordinate. */
  readonly noise?: number;
  /** The same seed, the same samples; 1 by default. */
  readonly seed?: number;
}

/**
 * Spirals, one arm a class, wound around the origin: sample t of arm c, t from 0 to 1, lies at radius t and at the angle
 * 2π c / classes + 4 t. No straight line separates them.
 *
 * Source: the spiral data of cs231n and of TensorFlow Playground, drawn anew.
 *
 * @param options `classes` arms, 3 by default; noise 0.05 by default
 * @returns X N×2, Y N×classes, class after class
 * @throws if a number is out of range
 */
export function spirals(options: PlaneOptions & { readonly classes?: number } = {}): PlaneSamples {
  const { classes = 3, perClass = 100, noise = 0.05, seed = 1 } = options;
  return plane("spirals", { classes, perClass, noise, seed }, (t, c) => {
    const angle = (2 * Math.PI * c) / classes + 4 * t;
    return [t * Math.cos(angle), t * Math.sin(angle)];
  });
}

/**
 * Two half moons that reach into each other: (cos πt, sin πt) and (1 − cos πt, ½ − sin πt), t from 0 to 1.
 *
 * Source: the two moons of scikit-learn (`make_moons`), drawn anew.
 *
 * @param options noise 0.1 by default
 * @returns X N×2, Y N×2, class after class
 * @throws if a number is out of range
 */
export function moons(options: PlaneOptions = {}): PlaneSamples {
  const { perClass = 100, noise = 0.1, seed = 1 } = options;
  return plane("moons", { classes: 2, perClass, noise, seed }, (t, c) => {
    const [x, y] = [Math.cos(Math.PI * t), Math.sin(Math.PI * t)];
    return c === 0 ? [x, y] : [1 - x, 0.5 - y];
  });
}

function plane(
  fn: string,
  { classes, perClass, noise, seed }: { classes: number; perClass: number; noise: number; seed: number },
  place: (t: number, c: number) => readonly [number, number],
): PlaneSamples {
  checkWhole(fn, "classes", classes, 2);
  checkWhole(fn, "perClass", perClass, 2);
  if (!Number.isFinite(noise) || noise < 0) {
    throw new RangeError(`${fn}: noise is ${String(noise)}; expected a number of at least 0`);
  }
  checkSeed(fn, seed);
  const random = new Random(seed);
  const labels = Array.from({ length: classes * perClass }, (_, i) => Math.floor(i / perClass));
  const points = labels.map((c, i) =>
    place((i % perClass) / (perClass - 1), c).map((value) => value + noise * random.normal()),
  );
  return { X: Matrix.fromRows(points), Y: oneHot(labels, classes), labels };
}
