/**
 * Seeded random numbers. Nothing here is drawn from the clock: the same seed gives the same numbers, on every
 * machine (`normal` but for the last digit, where engines may round a logarithm or a cosine differently).
 *
 * The bits come from the Mersenne Twister (Matsumoto and Nishimura, 1998; package `pure-rand`), whose seeding mixes
 * well: neighbouring seeds give streams that have nothing to do with each other.
 */
import { mersenne, type RandomGenerator, unsafeUniformIntDistribution } from "pure-rand";
import { kindOf, Matrix } from "./matrix";
import { checkSeed } from "./shapes";

/** A stream of random numbers that is handed to whatever draws from it: `new Random(1)`. */
export class Random {
  readonly #bits: RandomGenerator;

  /**
   * @param seed a whole number of 32 bits, from −2147483648 to 2147483647; another seed gives another stream
   * @throws if the seed is not such a number
   */
  constructor(seed: number) {
    checkSeed("Random", seed);
    this.#bits = mersenne(seed);
  }

  /** A number from the uniform distribution on [0, 1), of 53 random bits. */
  uniform(): number {
    const high = this.#bits.unsafeNext() >>> 5;
    const low = this.#bits.unsafeNext() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** A number from the normal distribution with mean 0 and standard deviation 1 (Box and Muller, 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /**
   * A whole number from `low` to `high`, both included, each as likely as the others.
   * @throws if the bounds are not whole numbers or `high` is below `low`
   */
  integer(low: number, high: number): number {
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || high < low) {
      throw new RangeError(`Random.integer: low is ${low} and high is ${high}; expected whole numbers, low ≤ high`);
    }
    return unsafeUniformIntDistribution(low, high, this.#bits);
  }

  /**
   * A `rows`×`cols` matrix of independent normal numbers with mean 0 and the given standard deviation (1 by default).
   * @throws if a size is not a whole number ≥ 1, or the standard deviation is not a number of at least 0
   */
  normalMatrix(rows: number, cols: number, standardDeviation = 1): Matrix {
    if (!Number.isFinite(standardDeviation) || standardDeviation < 0) {
      throw new RangeError(
        `Random.normalMatrix: standardDeviation is ${String(standardDeviation)}; expected a number of at least 0`,
      );
    }
    return Matrix.generate(rows, cols, () => standardDeviation * this.normal());
  }

  /**
   * The numbers 0 … n−1 in random order (Fisher and Yates).
   * @throws if n is not a whole number of at least 0
   */
  permutation(n: number): number[] {
    if (!Number.isSafeInteger(n) || n < 0) {
      throw new RangeError(`Random.permutation: n is ${n}; expected a whole number of at least 0`);
    }
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}

/**
 * Checks that `random` is a stream of random numbers.
 *
 * @param fn the function's name, for the message
 * @throws TypeError `train: random is undefined; expected a Random, like new Random(1)`
 */
export function checkRandom(fn: string, random: Random): void {
  // Not `instanceof`: one made before `src` was edited and reloaded is of another class.
  if (typeof random?.permutation !== "function" || typeof random.normalMatrix !== "function") {
    throw new TypeError(`${fn}: random is ${kindOf(random)}; expected a Random, like new Random(1)`);
  }
}
