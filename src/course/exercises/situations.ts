/** The registry's situations with what the exercises add: a temperature, a slope, smoothing, class weights, penalties. */
import { large, type Situation, type Symbols } from "../../equations/situations";
import { computed } from "../../formula/evaluate";
import { Matrix } from "../../matrix";
import type { Random } from "../../random";
import { softmaxWithTemperature } from "./formulas";

/** A plain number among the symbols. */
export function scalar(x: number): Matrix {
  return new Matrix(1, 1, Float64Array.of(x));
}

/** The same situation with more symbols, which may replace some. */
export function extended(situation: Situation, more: (random: Random, symbols: Symbols) => Symbols): Situation {
  return {
    name: situation.name,
    draw: (random) => {
      const symbols = situation.draw(random);
      return { ...symbols, ...more(random, symbols) };
    },
  };
}

/** With a temperature T, between 0.4 and 3 and not near 1, and the probabilities A2 and a that belong to it. */
export function tempered(situation: Situation): Situation {
  return withTemperature(situation, (random) =>
    random.uniform() < 0.5 ? 0.4 + 0.4 * random.uniform() : 1.5 + 1.5 * random.uniform(),
  );
}

/** With a temperature below ½, at which logits of 1000 are out of reach of every exponential. */
export function cold(situation: Situation): Situation {
  return withTemperature(situation, (random) => 0.3 + 0.2 * random.uniform());
}

/** With a temperature above 5, at which logits of 1000 are hardly larger than others. */
export function hot(situation: Situation): Situation {
  return withTemperature(situation, (random) => 5 + 3 * random.uniform());
}

function withTemperature(situation: Situation, drawTemperature: (random: Random) => number): Situation {
  return extended(situation, (random, { Z2 }) => {
    const T = scalar(drawTemperature(random));
    const A2 = computed(softmaxWithTemperature[0], { Z2, T });
    return { T, A2, a: A2.row(0) };
  });
}

/** With the slope of a leaky ReLU, between 0.02 and 0.4. */
export function leaky(situation: Situation): Situation {
  return extended(situation, (random) => ({ slope: scalar(0.02 + 0.38 * random.uniform()) }));
}

/** With a slope between 1.2 and 4, with which the leaky ReLU is no maximum any more. */
export function steep(situation: Situation): Situation {
  return extended(situation, (random) => ({ slope: scalar(1.2 + 2.8 * random.uniform()) }));
}

/** With a share ε of label smoothing, between 0.05 and 0.3 (0.5 and 0.95 where sizes are large), and class weights w, between 0.3 and 3. */
export function smoothed(situation: Situation): Situation {
  return extended(situation, (random, { Z2 }) => ({
    epsilon: scalar(large.includes(situation) ? 0.5 + 0.45 * random.uniform() : 0.05 + 0.25 * random.uniform()),
    w: Matrix.generate(1, Z2.cols, () => 0.3 * 10 ** random.uniform()),
  }));
}

/** With the strength λ of an L2 penalty, between 0.01 and 0.9. */
export function penalised(situation: Situation): Situation {
  return extended(situation, (random) => ({ lambda: scalar(0.01 * 90 ** random.uniform()) }));
}
